//! Documents: agreements and mappings, read from YAML 1.2 or JSON and handed on as JSON.
//!
//! Keys and lists keep their places, so a JSON pointer into the result is one into the file as well.

mod places;

use std::io::Read;
use std::path::Path;

use serde_json::Value;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};

use crate::error::{Code, Problem};
use crate::input::Source;

/// Largest document, in bytes.
pub(crate) const LARGEST: usize = 1 << 20;

/// A document and the file that it came from.
#[derive(Debug, Clone)]
pub struct Document {
    /// Name of the file, for messages.
    pub name: String,
    /// The document as JSON text.
    pub json: String,
    text: String,
}

impl Document {
    /// Reads a file, or standard input for `-`.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, too large, or not YAML.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let source = Source::open(path)?;
        let name = source.name.clone();
        let mut bytes = Vec::new();
        source
            .reader
            .take(LARGEST as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| source.fault.explain(&error))?;
        if bytes.len() > LARGEST {
            return Err(Problem::new(Code::DocumentTooLarge, "the document has more than 1 MiB", name));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line =
                1 + memchr::memchr_iter(b'\n', &error.as_bytes()[..error.utf8_error().valid_up_to()]).count();
            Problem::new(Code::NotUtf8, "the document is not UTF-8", format!("{name}, line {line}"))
        })?;
        // The engine reads JSON itself, so that its own words about duplicate keys and depth hold.
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let json = if is_json { text.clone() } else { yaml_to_json(&text, &name)? };
        Ok(Self { name, json, text })
    }

    /// A document that is JSON already.
    #[must_use]
    pub fn of_json(name: &str, json: &str) -> Self {
        Self { name: name.to_owned(), json: json.to_owned(), text: json.to_owned() }
    }

    /// A document that was sent, in YAML or JSON, as JSON text.
    ///
    /// # Errors
    /// It is not UTF-8, too large, or not YAML.
    pub fn sent(bytes: &[u8], is_json: bool) -> Result<String, Problem> {
        if bytes.len() > LARGEST {
            return Err(Problem::new(Code::DocumentTooLarge, "the document has more than 1 MiB", ""));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Problem::new(Code::NotUtf8, "the document is not UTF-8", ""))?;
        if is_json { Ok(text.to_owned()) } else { yaml_to_json(text, "the document") }
    }

    /// The line, from 1, of what a JSON pointer points at, or of the nearest part around it.
    #[must_use]
    pub fn line_of(&self, pointer: &str) -> Option<u64> {
        places::line_of(&self.text, pointer)
    }

    /// A problem with this document, placed in its file and on its line.
    #[must_use]
    pub fn place(&self, problem: Problem) -> Problem {
        let line = places::line_of(&self.text, &problem.place);
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        let pointer =
            if problem.place.is_empty() { String::new() } else { format!(", at {}", problem.place) };
        Problem { place: format!("{}{line}{pointer}", self.name), ..problem }
    }

    /// The document as a value.
    ///
    /// # Errors
    /// It is not JSON.
    pub fn value(&self) -> Result<Value, Problem> {
        serde_json::from_str(&self.json).map_err(|error| {
            let place = format!("{}, line {} column {}", self.name, error.line(), error.column());
            Problem::new(Code::NotYaml, format!("not JSON: {error}"), place)
        })
    }
}

/// YAML 1.2, with no way to make a small text large.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_documents: 1,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_nodes: 200_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 100_000,
            max_replay_stack_depth: 16,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn yaml_to_json(text: &str, name: &str) -> Result<String, Problem> {
    let value: Value = serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let place = match error.location() {
            Some(at) => format!("{name}, line {} column {}", at.line(), at.column()),
            None => name.to_owned(),
        };
        let message = error.without_snippet().to_string();
        Problem::new(Code::NotYaml, message.lines().next().unwrap_or("not YAML"), place)
    })?;
    Ok(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(yaml: &str) -> String {
        yaml_to_json(yaml, "a.yaml").unwrap_or_else(|problem| format!("{}: {problem}", problem.place))
    }

    #[test]
    fn scalars_are_those_of_yaml_1_2() {
        assert_eq!(
            json("a: yes\nb: 2026-12-25\nc: 22:00\nd: true"),
            r#"{"a":"yes","b":"2026-12-25","c":"22:00","d":true}"#
        );
        assert_eq!(json("1: {on: open}\n-100: closed"), r#"{"-100":"closed","1":{"on":"open"}}"#);
        assert_eq!(json("a: 0045"), r#"{"a":"0045"}"#);
    }

    #[test]
    fn duplicate_keys_and_alias_bombs_are_refused_with_their_line() {
        let twice = json("a: 1\nb: 2\na: 3\n");
        assert!(twice.starts_with("a.yaml, line 3 column 1: SLA-H0007: "), "{twice}");
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
        assert!(json(bomb).contains("SLA-H0007"), "{}", json(bomb));
    }
}
