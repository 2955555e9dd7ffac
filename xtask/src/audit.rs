//! `cargo xtask audit`: licences, sources and duplicates of all crates, by `deny.toml`; and known vulnerabilities, which need
//! a database from the network.

use std::path::PathBuf;
use std::process::Command;

use crate::build::target;
use crate::run::{Result, cargo, root, run};
use crate::tidy;

/// The newest cargo-deny that the toolchain of this repository compiles.
const DENY: &str = "0.20.2";

/// Checks everything that needs no network, or with `advisories` everything.
pub(crate) fn run_all(advisories: bool) -> Result {
    tidy::check()?;
    let deny = cargo_deny()?;
    let checks: &[&str] = if advisories { &["all"] } else { &["licenses", "bans", "sources"] };
    let mut check = Command::new(&deny);
    check.args(["--locked", "--all-features", "check", "--hide-inclusion-graph"]).args(checks);
    run(check.current_dir(root()))?;
    if !advisories {
        eprintln!(
            "Known vulnerabilities were not looked for: `cargo xtask audit --advisories` does, where \
             github.com/rustsec can be reached."
        );
    }
    Ok(())
}

/// The program, compiled once and kept beside what else this repository builds. That takes some minutes.
fn cargo_deny() -> Result<PathBuf> {
    let tools = target().join("slaclock/tools");
    let program = tools.join("bin/cargo-deny");
    let version = Command::new(&program).arg("--version").output();
    if version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(DENY)) {
        return Ok(program);
    }
    let mut install = cargo();
    install.args(["install", "cargo-deny", "--version", DENY, "--locked", "--root"]).arg(&tools);
    run(&mut install)?;
    Ok(program)
}
