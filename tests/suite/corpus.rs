//! What `cargo xtask soak fuzz` met: every branch that a search has taken, and every finding since mended.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use slaclock_tests::answers;
use slaclock_tests::case::{CASE_LINE, parts};

use crate::vector_files;

/// Packed files hold many cases; each other one is a case.
fn cases() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = fs::read_dir(&folder).expect("tests/corpus").map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_none_or(|end| end != "md")).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = vector_files::bytes(&file);
        for (number, case) in parts(&bytes, CASE_LINE).enumerate() {
            all.push((format!("{name} {number}"), case.to_vec()));
        }
    }
    all
}

#[test]
fn every_case_of_the_corpus_is_answered_by_the_laws() {
    let cases = cases();
    assert!(cases.len() > 200, "only {} cases", cases.len());
    let failed = Mutex::new(Vec::new());
    let share = cases.len().div_ceil(thread::available_parallelism().map_or(1, usize::from));
    thread::scope(|scope| {
        for cases in cases.chunks(share) {
            let failed = &failed;
            scope.spawn(move || {
                for (name, case) in cases {
                    if std::panic::catch_unwind(|| answers::check(case)).is_err() {
                        failed.lock().expect("a list").push(name.clone());
                    }
                }
            });
        }
    });
    vector_files::none_of(failed.into_inner().expect("a list"), cases.len());
}
