//! The host's codes, read from its source: this task does not build the host.

use std::fs;

use crate::run::{Result, root};

/// Where the codes are declared.
const SOURCE: &str = "host-demo/src/error.rs";

/// The part of the page that lists them.
pub(super) fn table() -> Result<String> {
    let text = fs::read_to_string(root().join(SOURCE))?;
    let mut page = String::from("\n## The host\n\n| code | meaning | what to do |\n|---|---|---|\n");
    let declared = text.split_once("\ncodes! {\n").and_then(|(_, rest)| rest.split_once("\n}\n"));
    let (declared, _) = declared.ok_or_else(|| format!("{SOURCE}: no `codes!`"))?;
    let mut meaning = String::new();
    for line in declared.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            meaning.push_str(doc);
        } else if !line.is_empty() {
            let texts: Vec<&str> = line.split('"').collect();
            // Name = "code", "mend";
            let [_, code, _, mend, ";"] = texts.as_slice() else {
                return Err(format!("{SOURCE}: `{line}` is not a code with its mend").into());
            };
            let cell = |text: &str| text.trim().replace('|', "\\|");
            page.push_str(&format!("| `{code}` | {} | {} |\n", cell(&meaning), cell(mend)));
            meaning.clear();
        }
    }
    Ok(page)
}
