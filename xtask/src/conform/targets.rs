//! Where the engine runs, and how each target is asked.

use std::path::PathBuf;
use std::process::Command;

use super::languages::{php, python, ruby, spark};
use crate::run::{Result, cargo, command, root, run};
use crate::{build, setup};

/// How a target is started, or why it cannot be had here.
pub(super) type Program = std::result::Result<Command, String>;

/// A place where people run the engine.
pub(super) struct Target {
    /// How the table calls it.
    pub(super) name: &'static str,
    /// What of ours runs there.
    pub(super) what: &'static str,
    /// Whether continuous integration asks it too.
    pub(super) lean: bool,
    /// Prepares it, built for speed where times are taken.
    pub(super) program: fn(times: bool) -> Result<Program>,
    /// The file whose size counts.
    pub(super) file: fn() -> PathBuf,
}

fn page() -> PathBuf {
    root().join("wasm-web/dist/slaclock.wasm")
}

fn abi() -> PathBuf {
    build::target().join("slaclock/slaclock_abi.wasm")
}

fn edge() -> PathBuf {
    build::target().join("slaclock/slaclock_edge.wasm")
}

const COMPONENT: fn() -> PathBuf = build::component_path;

/// Every target; which of them are asked in continuous integration is a matter of time.
pub(super) const ALL: &[Target] = &[
    Target { name: "Wasmtime", what: "component", lean: true, program: embed, file: COMPONENT },
    Target {
        name: "Wasmtime, Python",
        what: "component",
        lean: true,
        program: |_| python("component.py"),
        file: COMPONENT,
    },
    Target {
        name: "jco, Node",
        what: "component",
        lean: true,
        program: |_| script("node", "jco.mjs"),
        file: COMPONENT,
    },
    Target {
        name: "Wasmtime, `slaclock edge`",
        what: "wasi:http",
        lean: true,
        program: wasi_http,
        file: edge,
    },
    Target { name: "workerd", what: "Worker", lean: true, program: |_| workerd(), file: page },
    Target {
        name: "Node",
        what: "npm package",
        lean: true,
        program: |_| script("node", "npm.mjs"),
        file: page,
    },
    Target {
        name: "Deno",
        what: "npm package",
        lean: false,
        program: |_| script("deno", "npm.mjs"),
        file: page,
    },
    Target {
        name: "Bun",
        what: "npm package",
        lean: false,
        program: |_| script("bun", "npm.mjs"),
        file: page,
    },
    Target {
        name: "Chromium",
        what: "npm package",
        lean: false,
        program: |_| browser("chrome", &setup::CHROMIUM),
        file: page,
    },
    Target {
        name: "Firefox",
        what: "npm package",
        lean: false,
        program: |_| browser("firefox", &setup::FIREFOX),
        file: page,
    },
    Target {
        name: "Wasmtime, Python",
        what: "core module",
        lean: true,
        program: |_| python("abi.py"),
        file: abi,
    },
    Target {
        name: "V8, Node",
        what: "core module",
        lean: true,
        program: |_| script("node", "abi.mjs"),
        file: abi,
    },
    Target {
        name: "JavaScriptCore, Bun",
        what: "core module",
        lean: false,
        program: |_| script("bun", "abi.mjs"),
        file: abi,
    },
    Target { name: "Wasmtime, Ruby", what: "core module", lean: true, program: |_| ruby(), file: abi },
    Target { name: "Wasmtime, PHP", what: "core module", lean: true, program: |_| php(), file: abi },
    Target { name: "PySpark", what: "core module", lean: false, program: |_| spark("spark.py"), file: abi },
];

/// The host's program, and the component in a Rust program of its own, which is an example of the host's crate.
fn host(times: bool) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--bin", "slaclock", "--example", "embed"]);
    if times {
        run(build.args(["--package", "slaclock-host", "--release"]))?;
        return Ok(build::target().join("release"));
    }
    // As the tests build it, with the features of all packages: they have done it already.
    run(build.args(["--workspace", "--exclude", "xtask"]))?;
    Ok(build::target().join("debug"))
}

fn embed(times: bool) -> Result<Program> {
    let mut program = Command::new(host(times)?.join("examples/embed"));
    program.arg(build::component_path());
    Ok(Ok(program))
}

fn wasi_http(times: bool) -> Result<Program> {
    let slaclock = host(times)?.join("slaclock");
    Ok(script("node", "wasi_http.mjs")?.map(|mut program| {
        program.env("SLACLOCK_BIN", slaclock);
        program
    }))
}

fn workerd() -> Result<Program> {
    setup::npm_packages("edge/worker")?;
    script("node", "workerd.mjs")
}

/// A script of `tests/conform` under a JavaScript runtime.
fn script(runtime: &str, name: &str) -> Result<Program> {
    setup::npm_packages("tests/conform")?;
    let folder = root().join("tests/conform");
    let mut program = match runtime {
        "node" => command("node"),
        "deno" => {
            setup::npm_packages("tests/consumers")?;
            let mut deno = Command::new(root().join("tests/consumers/node_modules/.bin/deno"));
            deno.args(["run", "--quiet", "--allow-all", "--no-lock", "--node-modules-dir=manual"]);
            deno
        }
        _ => {
            setup::npm_packages("tests/consumers")?;
            // npm brings the one for this machine; its usual name needs a script after installation, which is not run.
            let builds = std::fs::read_dir(root().join("tests/consumers/node_modules/@oven"))?;
            let found = builds.flatten().map(|build| build.path().join("bin/bun")).find(|bun| bun.exists());
            let Some(bun) = found else { return Ok(Err("npm has no Bun for this machine".to_owned())) };
            Command::new(bun)
        }
    };
    program.arg(folder.join(name));
    Ok(Ok(program))
}

fn browser(which: &str, browser: &setup::Browser) -> Result<Program> {
    setup::npm_packages("tests/browser")?;
    let found = match browser.find() {
        Ok(found) => found,
        Err(why) => return Ok(Err(why.to_string())),
    };
    Ok(script("node", "browser.mjs")?.map(|mut program| {
        program.arg(which).env(browser.variable, found);
        program
    }))
}
