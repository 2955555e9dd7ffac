//! What a file says of itself, read before anything of it is compiled or run.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};
use wasmparser::{Encoding, Parser, Payload, ProducersSectionReader};

use crate::error::{Code, Problem};

/// Largest plugin, in bytes: what compiling it costs grows with it.
pub(super) const LARGEST: usize = 16 << 20;

/// So many names are kept of a file; a longer list is of no use to a reader.
const MOST_NAMES: usize = 100;

/// The contract of this program.
const CONTRACT: &str = include_str!("../../../wasm-component/wit/sla.wit");

/// The package that a plugin exports an interface of, without its version.
const PACKAGE: &str = "slaclock:sla/";

/// What a component is, as far as it can be told without running it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Size of the file in bytes.
    pub bytes: usize,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// The WIT package that it exports an interface of, with its version, if that is a version of this contract.
    pub contract: Option<String>,
    /// Names of what it asks for from outside; a plugin asks for nothing.
    pub imports: Vec<String>,
    /// Names of what it offers.
    pub exports: Vec<String>,
    /// What it was made with, by its own account.
    pub producers: Vec<Producer>,
}

/// A program or language that a component was made with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Facts {
    /// Reads what a file says of itself; `place` names the file.
    ///
    /// # Errors
    /// It is not a component, or too large.
    pub fn of(bytes: &[u8], place: &str) -> Result<Self, Problem> {
        let no_component = |message: String| Problem::new(Code::NotAComponent, message, place);
        if bytes.len() > LARGEST {
            let message = format!("the plugin has {} bytes, more than {} MiB", bytes.len(), LARGEST >> 20);
            return Err(no_component(message).with_mend("build it for size, without debug information"));
        }
        if !bytes.starts_with(b"\0asm") {
            return Err(no_component("this is not WebAssembly".to_owned()));
        }
        let mut facts = Self {
            bytes: bytes.len(),
            sha256: hex(&Sha256::digest(bytes)),
            contract: None,
            imports: Vec::new(),
            exports: Vec::new(),
            producers: Vec::new(),
        };
        let mut depth = 0_u32;
        for payload in Parser::new(0).parse_all(bytes) {
            let broken = |error: wasmparser::BinaryReaderError| {
                no_component(format!("the plugin cannot be loaded: {}", shown(&error.to_string())))
            };
            match payload.map_err(broken)? {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                    return Err(no_component("this is a core module, not a component".to_owned())
                        .with_mend("wrap it into a component, as `cargo xtask build` does"));
                }
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                // Those of inner components are between the parts of the file.
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        keep(&mut facts.imports, import.map_err(broken)?.name.name);
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section {
                        keep(&mut facts.exports, export.map_err(broken)?.name.name);
                    }
                }
                Payload::CustomSection(section) if section.name() == "producers" => {
                    // It is for information alone, so a damaged one says nothing.
                    let reader = wasmparser::BinaryReader::new(section.data(), section.data_offset());
                    facts.producers.extend(producers(reader).unwrap_or_default());
                }
                _ => {}
            }
        }
        facts.producers.sort();
        facts.producers.dedup();
        facts.producers.truncate(MOST_NAMES);
        let versions = facts.exports.iter().filter_map(|name| name.strip_prefix(PACKAGE)?.split_once('@'));
        facts.contract = versions.map(|(_, version)| format!("slaclock:sla@{version}")).next();
        Ok(facts)
    }

    /// Whether it can be a plugin of this program: it imports nothing, and exports this contract.
    ///
    /// # Errors
    /// What it imports, or what it exports instead.
    pub fn check(&self, place: &str) -> Result<(), Problem> {
        let quoted =
            |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if !self.imports.is_empty() {
            let message = format!("the plugin imports {}; a plugin imports nothing", quoted(&self.imports));
            return Err(Problem::new(Code::PluginImports, message, place));
        }
        let ours = contract();
        let lacks = match &self.contract {
            Some(theirs) if theirs == ours => return Ok(()),
            Some(theirs) => format!("the plugin keeps {theirs}, and this program {ours}"),
            None if self.exports.is_empty() => {
                format!("the plugin exports nothing, and no {PACKAGE}engine of {ours}")
            }
            None => format!("the plugin exports {}, and no {PACKAGE}engine of {ours}", quoted(&self.exports)),
        };
        Err(Problem::new(Code::PluginExports, lacks, place))
    }
}

/// The WIT package of this program with its version: `slaclock:sla@…`.
#[must_use]
pub fn contract() -> &'static str {
    let declared = CONTRACT.lines().find_map(|line| line.strip_prefix("package "));
    declared.unwrap_or_default().trim_end_matches(';')
}

fn producers(reader: wasmparser::BinaryReader<'_>) -> wasmparser::Result<Vec<Producer>> {
    let mut found = Vec::new();
    for field in ProducersSectionReader::new(reader)? {
        let field = field?;
        for value in field.values.into_iter().take(MOST_NAMES) {
            let value = value?;
            found.push(Producer {
                role: shown(field.name),
                name: shown(value.name),
                version: shown(value.version),
            });
        }
    }
    Ok(found)
}

fn keep(names: &mut Vec<String>, name: &str) {
    if names.len() < MOST_NAMES {
        names.push(shown(name));
    }
}

/// A text of a stranger's file as it may be shown: no control characters, and not for ever.
fn shown(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}

/// Hexadecimal digits of bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        Facts::of(&wat::parse_str(text).unwrap(), "a.wasm").unwrap()
    }

    #[test]
    fn the_contract_is_that_of_the_wit() {
        assert!(contract().starts_with("slaclock:sla@0."), "{}", contract());
    }

    #[test]
    fn only_what_the_whole_component_asks_for_and_offers_is_told() {
        let nested = facts(
            r#"(component
                (component $inner (import "wasi:cli/environment@0.2.0" (instance)))
                (import "a:b/c@1.0.0" (instance))
                (instance $none)
                (export "slaclock:sla/engine@0.1.0" (instance $none)))"#,
        );
        assert_eq!(nested.imports, ["a:b/c@1.0.0"]);
        assert_eq!(nested.exports, ["slaclock:sla/engine@0.1.0"]);
        assert_eq!(nested.contract.as_deref(), Some("slaclock:sla@0.1.0"));
        assert_eq!(nested.sha256.len(), 64);
    }

    #[test]
    fn another_version_of_the_contract_is_named() {
        let text = r#"(component (instance $none) (export "slaclock:sla/engine@0.1.0" (instance $none)))"#;
        let problem = facts(text).check("a.wasm").unwrap_err();
        assert!(problem.is(Code::PluginExports), "{problem}");
        assert!(problem.message.starts_with("the plugin keeps slaclock:sla@0.1.0, and this program "));
    }

    #[test]
    fn names_have_no_control_characters_and_an_end() {
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(shown(&"x".repeat(1000)).len(), 200);
    }
}
