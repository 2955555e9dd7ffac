//! `cargo xtask test`: sets everything up, then runs all tests. Continuous integration runs this and nothing else.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::postgres::Postgres;
use crate::run::{Result, cargo, command, root, run};
use crate::{build, codegen, conform, demo_data, setup, size, tidy, tzdb};

pub(crate) fn run_all() -> Result {
    let clock = Stages::new();
    setup::node()?;
    setup::rust_components()?;
    clock.stage("tidy", || {
        tidy::check()?;
        codegen::run(true)?;
        tzdb::run(["--check".to_owned()].into_iter())?;
        run(cargo().args(["fmt", "--all", "--check"]))
    })?;
    clock.stage("documentation", || {
        let mut doc = cargo();
        doc.args(["doc", "--package", "slaclock-core", "--no-deps", "--quiet"]);
        run(doc.env("RUSTDOCFLAGS", "--deny warnings"))
    })?;
    clock.stage("component and npm package", || {
        build::component()?;
        build::web()?;
        size::check()
    })?;
    // This task is built alone, and everything else together: cargo would else compile shared dependencies twice,
    // with two sets of features.
    clock.stage("clippy", || {
        let deny = ["--all-targets", "--quiet", "--", "--deny", "warnings"];
        run(cargo().args(["clippy", "--workspace", "--exclude", "xtask"]).args(deny))?;
        run(cargo().args(["clippy", "--package", "xtask"]).args(deny))?;
        // Pages and edge functions use the adapters as well.
        let page = ["--target", "wasm32-unknown-unknown", "--quiet"];
        run(cargo().args(["check", "--package", "slaclock-adapters"]).args(page))
    })?;
    clock.stage("Rust tests", || {
        let postgres = Postgres::start();
        let mut test = cargo();
        test.args(["test", "--workspace", "--exclude", "xtask", "--quiet"]);
        run(test.envs(postgres.iter().map(|postgres| ("SLACLOCK_TEST_POSTGRES", &postgres.url))))?;
        run(cargo().args(["test", "--package", "xtask", "--quiet"]))
    })?;
    // The tests of the host have built it.
    let slaclock = build::target().join("debug/slaclock");
    let trap = clock.stage("Node", || {
        let trap = build::web_that_traps()?;
        run(node_tests("tests/runtimes", &slaclock)?.env("SLACLOCK_TRAP", &trap))?;
        setup::npm_packages("edge/worker")?;
        // Deno and Bun, which serve the handler too.
        setup::npm_packages("tests/consumers")?;
        let mut edge = command("node");
        edge.args(["--test", "--test-reporter=spec"]).current_dir(root()).env("SLACLOCK_BIN", &slaclock);
        for name in ["handler", "worker", "helpdesk", "component"] {
            edge.arg(format!("edge/test/{name}.test.mjs"));
        }
        run(&mut edge)?;
        Ok(trap)
    })?;
    clock.stage("every target", conform::check)?;
    clock.stage("browsers", || {
        run(in_browsers(node_tests("tests/browser", &slaclock)?)?.env("SLACLOCK_TRAP", &trap))?;
        page_of_demo(&slaclock)
    })?;
    clock.stage("consumers of the npm package", || {
        run(&mut in_browsers(node_tests("tests/consumers", &slaclock)?)?)
    })
}

/// Tells tests where the browsers are.
fn in_browsers(mut node: Command) -> Result<Command> {
    for browser in [setup::CHROMIUM, setup::FIREFOX] {
        node.env(browser.variable, browser.find()?);
    }
    Ok(node)
}

/// Node's tests of a folder, ready to run.
fn node_tests(folder: &str, slaclock: &Path) -> Result<Command> {
    setup::npm_packages(folder)?;
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(root().join(folder))
        .env("SLACLOCK_BIN", slaclock);
    Ok(node)
}

/// The page once more, with the demo's tickets as they would stand at a fixed instant.
fn page_of_demo(slaclock: &Path) -> Result {
    const NOW: &str = "2026-11-20T15:00:00Z";
    let folder = build::target().join("slaclock/demo");
    demo_data::write(&folder, slaclock_core::Instant::parse(NOW)?.ms())?;
    let mut node = in_browsers(node_tests("tests/browser", slaclock)?)?;
    node.arg("page.test.mjs").env("SLACLOCK_NOW", NOW);
    node.env("SLACLOCK_AGREEMENT", folder.join("agreement.yaml"));
    run(node.env("SLACLOCK_TICKETS", folder.join("tickets.jsonl")))
}

/// Says how long each stage took.
struct Stages(Instant);

impl Stages {
    fn new() -> Self {
        Self(Instant::now())
    }

    fn stage<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("\n== {name}");
        let begun = Instant::now();
        let done = work()?;
        eprintln!("== {name}: {:.0?} ({:.0?} in all)", begun.elapsed(), self.0.elapsed());
        Ok(done)
    }
}
