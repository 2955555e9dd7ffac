//! What `packaging/` and the operator's guide tell an operator to run is what the program takes.

use std::path::Path;
use std::process::Command;

/// The words after the program's name, up to where a shell would end them.
fn commands(text: &str, before: &str) -> Vec<Vec<String>> {
    let ends = |word: &str| word.starts_with(['#', '>', '|', '&']);
    let words =
        |line: &str| line.split_whitespace().map(str::to_owned).take_while(|word| !ends(word)).collect();
    text.lines().filter_map(|line| Some(words(line.split_once(before)?.1))).collect()
}

/// A list in JSON after this key, which Dockerfiles and compose files write alike.
fn listed(text: &str, key: &str) -> Vec<Vec<String>> {
    let list = |line: &str| serde_json::from_str(line.trim().strip_prefix(key)?.trim()).ok();
    text.lines().filter_map(list).collect()
}

#[test]
fn packaging_runs_only_what_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (docker, compose) = (read("packaging/Dockerfile"), read("packaging/compose.yaml"));
    let all = [
        commands(&read("packaging/slaclock.service"), "ExecStart=/usr/local/bin/slaclock "),
        listed(&docker, "CMD "),
        listed(&compose, "command:"),
        commands(&compose, " slaclock slaclock "),
        commands(&read("docs/operating.md"), "-u slaclock slaclock "),
    ];
    assert!(all.iter().all(|found| !found.is_empty()), "{all:?}");
    for words in all.concat() {
        let is_name = |word: &&String| word.bytes().all(|byte| byte.is_ascii_lowercase());
        let names: Vec<&String> = words.iter().take_while(is_name).collect();
        let help = Command::new(env!("CARGO_BIN_EXE_slaclock")).args(&names).arg("--help").output().unwrap();
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(
                help.contains(&format!("{flag} ")),
                "`slaclock {}` has no {flag}:\n{help}",
                words.join(" ")
            );
        }
    }
    assert_eq!(listed(&docker, "ENTRYPOINT "), [["/usr/local/bin/slaclock"]]);
    // Variables of the environment that are set for it, too.
    let source = read("host-demo/src/cli/stores.rs") + &read("host-demo/src/plugin/cache.rs");
    for variable in ["SLACLOCK_CACHE", "SLACLOCK_DATABASE"] {
        assert!(source.contains(variable) && (docker.clone() + &compose).contains(variable), "{variable}");
    }
}
