//! Compiled code is loaded only where it is whole and nobody else can have written it.

use std::fs;
use std::path::{Path, PathBuf};

use slaclock_host::plugin::{Cache, Limits, Origin, Plugin, Runtime};
use tempfile::TempDir;

use crate::guest::guest;
use crate::support::LIMITS;

fn load(folder: &Path, limits: Limits) -> Plugin {
    let runtime = Runtime::new(limits, 1, Some(Cache::at(folder))).unwrap();
    runtime.load(&guest('A'), "a guest").unwrap()
}

/// Why the cache did not serve.
#[track_caller]
fn trouble(folder: &Path) -> String {
    match load(folder, LIMITS).origin() {
        Origin::Compiled { trouble: Some(problem) } => {
            assert_eq!(problem.code, "SLA-H0110", "{problem}");
            problem.message.clone()
        }
        other => panic!("{other:?}"),
    }
}

/// The file of the folder with this ending.
#[track_caller]
fn file(folder: &Path, ending: &str) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|is| is == ending)).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn a_plugin_is_compiled_once() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("a/b");
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Compiled { trouble: None });
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Kept);
    // What an instance may use is no part of the code.
    let plugin = load(&folder, Limits { memory: 32 << 20, ..LIMITS });
    assert_eq!(plugin.origin(), &Origin::Kept);
    assert_eq!(plugin.describe().unwrap(), ("9.9.9".to_owned(), "2026z".to_owned()));
}

#[test]
fn damaged_code_is_compiled_again_and_replaced() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("cache");
    load(&folder, LIMITS);
    let code = file(&folder, "cwasm");
    let mut bytes = fs::read(&code).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&code, bytes).unwrap();
    assert!(trouble(&folder).ends_with("is not what was written"));
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Kept);
    // A record of another entry, moved here, does not lend its name.
    let record = file(&folder, "json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replacen("\"key\":\"", "\"key\":\"0", 1)).unwrap();
    assert!(trouble(&folder).ends_with("is the record of another entry"));
    fs::write(&record, "{").unwrap();
    assert!(trouble(&folder).contains("is no record of an entry"));
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Kept);
    // A record whose code is gone is as if it were not there.
    fs::remove_file(file(&folder, "cwasm")).unwrap();
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Compiled { trouble: None });
}

#[cfg(unix)]
#[test]
fn what_others_can_write_is_not_loaded() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let home = TempDir::new().unwrap();
    let folder = home.path().join("cache");
    load(&folder, LIMITS);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    mode(&folder, 0o750);
    assert!(trouble(&folder).ends_with("is open to other users"));
    mode(&folder, 0o700);
    mode(&file(&folder, "cwasm"), 0o620);
    assert!(trouble(&folder).ends_with("is open to other users"));
    assert_eq!(load(&folder, LIMITS).origin(), &Origin::Kept);
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    symlink(&elsewhere, &folder).unwrap();
    assert!(trouble(&folder).ends_with("is not a folder"));
}
