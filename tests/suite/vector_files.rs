//! The files of cases: where they are, and how they are read.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// `tests/vectors` of this workspace.
fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The full sets, which are not part of the repository: `$SLACLOCK_SHARED/vectors`, or `../shared/vectors`
/// beside the workspace. `None` where there is no such folder.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("SLACLOCK_SHARED").map_or_else(beside, PathBuf::from).join("vectors");
    folder.is_dir().then_some(folder)
}

/// The text of a file of this repository's vectors, unpacked where its name ends in `.gz`.
pub(crate) fn own_text(name: &str) -> String {
    text(&own().join(name))
}

/// The text of a file, unpacked where its name ends in `.gz`.
pub(crate) fn text(path: &Path) -> String {
    String::from_utf8(bytes(path)).expect("UTF-8")
}

/// The bytes of a file, unpacked where its name ends in `.gz`.
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    let packed = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_none_or(|extension| extension != "gz") {
        return packed;
    }
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// One value a line; at least `least` of them, so that an emptied file does not pass.
pub(crate) fn lines(text: &str, least: usize) -> Vec<Value> {
    let lines: Vec<Value> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert!(lines.len() >= least, "only {} cases, expected {least}", lines.len());
    lines
}

/// Fails with every failure there is, not only the first.
#[track_caller]
pub(crate) fn none_of(failures: Vec<String>, cases: usize) {
    let shown = failures.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {cases} cases fail:\n{shown}", failures.len());
}
