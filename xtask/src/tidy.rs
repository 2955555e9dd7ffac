//! Checks of the tree itself: what core may depend on, and that the contract is documented.

use std::fs;

use crate::run::{Result, cargo, command, root};

/// Crates that core may use, itself included; every further one costs each page and plugin.
const CORE_MAY_USE: &[&str] = &[
    "autocfg",
    "block-buffer",
    "cfg-if",
    "chrono",
    "cpufeatures",
    "crypto-common",
    "digest",
    "generic-array",
    "itoa",
    "memchr",
    "num-traits",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "sha2",
    "slaclock-core",
    "smol_str",
    "syn",
    "typenum",
    "unicode-ident",
    "version_check",
    "zmij",
];

/// Items of the contract that must say what they are.
const WIT: &str = "wasm-component/wit/sla.wit";

pub(crate) fn check() -> Result {
    let mut faults = dependencies()?;
    faults.extend(undocumented_wit()?);
    faults.extend(stale_lock()?);
    name_long_files()?;
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// The fuzz target is no member of the workspace, so that nothing else notices when its lock file lacks a new dependency.
fn stale_lock() -> Result<Option<String>> {
    let manifest = "tests/fuzz/Cargo.toml";
    let fits = cargo().args(["update", "--workspace", "--locked", "--manifest-path", manifest]).output()?;
    let mend = format!("run `cargo update --workspace --manifest-path {manifest}`");
    let said = String::from_utf8_lossy(&fits.stderr);
    Ok((!fits.status.success())
        .then(|| format!("the lock file beside {manifest} is not right: {mend}\n{said}")))
}

/// The dependencies of core that are not listed.
pub(crate) fn dependencies() -> Result<Vec<String>> {
    let tree = cargo()
        .args([
            "tree",
            "--package",
            "slaclock-core",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .output()?;
    let tree = String::from_utf8(tree.stdout)?;
    let names = tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
    let mut count = 0;
    let mut faults: Vec<String> = Vec::new();
    for name in names {
        count += 1;
        if !CORE_MAY_USE.contains(&name) {
            faults
                .push(format!("slaclock-core depends on `{name}`, which is not listed in xtask/src/tidy.rs"));
        }
    }
    if count == 0 {
        faults.push("`cargo tree` listed nothing".to_owned());
    }
    faults.dedup();
    Ok(faults)
}

/// Lines of the WIT that declare something without a line of documentation above.
fn undocumented_wit() -> Result<Vec<String>> {
    let text = fs::read_to_string(root().join(WIT))?;
    let mut faults = Vec::new();
    let mut documented = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let declares = !line.is_empty()
            && !line.starts_with("//")
            && !line.starts_with('}')
            && !line.starts_with("package");
        if declares && !documented && !line.starts_with("export ") {
            faults.push(format!("{WIT}:{}: `{line}` is not documented", number + 1));
        }
        documented = line.starts_with("///");
    }
    Ok(faults)
}

/// Names files that are too long to hold in the head; they are not refused.
fn name_long_files() -> Result {
    let listed =
        command("git").args(["ls-files", "*.rs", "*.js", "*.mjs", "*.css"]).current_dir(root()).output();
    let Ok(listed) = listed else { return Ok(()) };
    for file in String::from_utf8(listed.stdout)?.lines() {
        let lines = fs::read_to_string(root().join(file)).map(|text| text.lines().count()).unwrap_or(0);
        if lines > 500 {
            eprintln!("note: {file} has {lines} lines");
        }
    }
    Ok(())
}
