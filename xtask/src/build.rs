//! Builds what ships: the component, the npm package, and the binary that carries both.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha384};

use crate::arrange::arrange;
use crate::run::{Result, cargo, command, root};
use crate::setup;

/// Where the component lies once built.
pub(crate) fn component_path() -> PathBuf {
    target().join("slaclock/slaclock.wasm")
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Adds the wasm target where rustup is there to do it.
fn ensure_target() -> Result {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = command("rustc").args(["--print", "sysroot"]).current_dir(root()).output()?;
    let sysroot = PathBuf::from(String::from_utf8(sysroot.stdout)?.trim());
    if sysroot.join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    crate::run::run(command("rustup").args(["target", "add", TARGET]))
}

/// Builds these packages in one go, so that what they share is compiled once; answers where the modules lie. With flags for
/// its last step, where all is in sight, it may be one package only.
fn cargo_wasm(packages: &[&str], profile: &str, last: &[&str]) -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo.arg(if last.is_empty() { "build" } else { "rustc" });
    cargo.args(["--profile", profile, "--target", "wasm32-unknown-unknown", "--lib"]);
    if profile == "dev" {
        cargo.args(["--features", "slaclock-web/trap"]);
    }
    for package in packages {
        cargo.args(["--package", package]);
    }
    // Panics name files of dependencies: where this machine keeps them is nobody's business, and takes room.
    if let Some(home) = cargo_home() {
        let flag = format!("'--remap-path-prefix={}='", home.join("registry/src").display());
        cargo.args(["--config", &format!("target.wasm32-unknown-unknown.rustflags=[{flag}]")]);
    }
    if !last.is_empty() {
        cargo.arg("--").args(last);
    }
    crate::run::run(&mut cargo)?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target().join("wasm32-unknown-unknown").join(folder))
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// The modules for hosts: the component, which imports nothing; the same as a plain module; and the edge function,
/// which imports what it needs of `wasi:http`.
pub(crate) fn component() -> Result {
    ensure_target()?;
    let modules = cargo_wasm(&["slaclock-abi", "slaclock-edge"], "plugin", &[])?;
    // A call costs more in a sandbox, which asks at each whether there is stack and time left. For the edge function that
    // would be bought too dearly: its start, while its code is not kept yet, takes a third longer.
    cargo_wasm(&["slaclock-component"], "plugin", &["-Cllvm-args=-inline-threshold=400"])?;
    let folder = target().join("slaclock");
    for (name, to) in
        [("slaclock_component", component_path()), ("slaclock_edge", folder.join("slaclock_edge.wasm"))]
    {
        let module = fs::read(modules.join(format!("{name}.wasm")))?;
        let component =
            wit_component::ComponentEncoder::default().validate(true).module(&module)?.encode()?;
        write_if_changed(&to, &component)?;
    }
    let abi = fs::read(modules.join("slaclock_abi.wasm"))?;
    write_if_changed(&folder.join("slaclock_abi.wasm"), &abi)
}

/// The npm package's generated parts.
pub(crate) fn web() -> Result {
    engines()?;
    setup::node()?;
    setup::npm_packages(setup::BUNDLER)?;
    crate::run::run(command("node").arg("bundle.mjs").current_dir(root().join(setup::BUNDLER)))?;
    integrity()
}

/// The npm package's modules, in `wasm-web/dist`, with their JavaScript, in `wasm-web/pkg`: the engine, and lint and the
/// adapters, which are loaded when they are used.
fn engines() -> Result {
    ensure_target()?;
    let modules = cargo_wasm(&["slaclock-web", "slaclock-lint"], "web", &[])?;
    // Apart: what the adapters ask of shared crates would else be in the engine.
    cargo_wasm(&["slaclock-web-adapters"], "web", &[])?;
    let package = root().join("wasm-web");
    for (name, file) in
        [("slaclock_web", "slaclock"), ("slaclock_lint", "lint"), ("slaclock_web_adapters", "adapters")]
    {
        let module = package.join(format!("dist/{file}.wasm"));
        bind(&modules, name, &package.join("pkg"), &module)?;
        inline(&module, &package.join(format!("pkg/{name}_inline.js")))?;
    }
    Ok(())
}

/// Subresource Integrity of every file of the package that a page may load.
fn integrity() -> Result {
    let package = root().join("wasm-web");
    let mut files = BTreeMap::new();
    let mut folders = ["dist", "element", "js", "pkg"].map(PathBuf::from).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(package.join(&folder))? {
            let path = folder.join(entry?.file_name());
            if package.join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "js" || kind == "wasm") {
                let digest = Sha384::digest(fs::read(package.join(&path))?);
                files.insert(
                    path.to_string_lossy().replace('\\', "/"),
                    format!("sha384-{}", BASE64_STANDARD.encode(digest)),
                );
            }
        }
    }
    write_if_changed(&package.join("pkg/integrity.json"), &serde_json::to_vec_pretty(&files)?)
}

/// The package once more with an engine that traps when it is asked to, for the tests of recovery; answers where.
pub(crate) fn web_that_traps() -> Result<PathBuf> {
    ensure_target()?;
    // Not optimised: this is built for one test, in a profile that shares nothing with what ships.
    let modules = cargo_wasm(&["slaclock-web"], "dev", &[])?;
    let (shipped, package) = (root().join("wasm-web"), target().join("slaclock/trap"));
    copy_files(&shipped, &package, &["dist", "js", "pkg"])?;
    bind(&modules, "slaclock_web", &package.join("pkg"), &package.join("dist/slaclock.wasm"))?;
    write_if_changed(&package.join("package.json"), &fs::read(shipped.join("package.json"))?)?;
    Ok(package)
}

/// The files of these folders.
fn copy_files(from: &Path, to: &Path, folders: &[&str]) -> Result {
    for folder in folders {
        for file in fs::read_dir(from.join(folder))? {
            let file = file?.path();
            let name = file.file_name().unwrap_or_default();
            write_if_changed(&to.join(folder).join(name), &fs::read(&file)?)?;
        }
    }
    Ok(())
}

/// Makes a module's JavaScript, in a folder, and its final form.
fn bind(modules: &Path, name: &str, scripts: &Path, to: &Path) -> Result {
    let input = modules.join(format!("{name}.wasm"));
    let fresh = target().join("slaclock/pkg");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(&input)
        .web(true)?
        .typescript(false)
        // Where the module lies is for the package's entries to say.
        .omit_default_module_path(true)
        // A trapped instance cannot be used again: the package makes a fresh one.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(&fresh)?;
    let script = format!("{name}.js");
    write_if_changed(&scripts.join(&script), &fs::read(fresh.join(&script))?)?;
    write_if_changed(to, &arrange(&fs::read(fresh.join(format!("{name}_bg.wasm")))?)?)
}

/// A module as a text in JavaScript: deflated first, so that it is not longer on the way than the module itself.
fn inline(module: &Path, to: &Path) -> Result {
    let module = fs::read(module)?;
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(&module)?;
    let text = BASE64_STANDARD.encode(deflated.finish()?);
    write_if_changed(to, format!("export default \"{text}\";\n").as_bytes())
}

/// Everything that ships.
pub(crate) fn all(release: bool) -> Result {
    component()?;
    web()?;
    binary(release).map(|_| ())
}

/// The `slaclock` binary, with the component, the package and the page inside; answers its path.
pub(crate) fn binary(release: bool) -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo.args(["build", "--package", "slaclock-host", "--bin", "slaclock"]);
    if release {
        cargo.arg("--release");
    }
    crate::run::run(&mut cargo)?;
    Ok(target().join(if release { "release" } else { "debug" }).join("slaclock"))
}

/// The same in one file that needs no library of the system, for the machine that this runs on; answers its path. With
/// glibc's static library names of hosts are found by `/etc/hosts` and DNS alone.
pub(crate) fn static_binary() -> Result<PathBuf> {
    component()?;
    // The binary has no bundles inside, and so needs no Node to be made.
    engines()?;
    let about = command("rustc").arg("-vV").current_dir(root()).output()?;
    let about = String::from_utf8(about.stdout)?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    let mut cargo = cargo();
    cargo.args(["build", "--package", "slaclock-host", "--bin", "slaclock", "--release", "--target", host]);
    // Only with a target of its own: macros and build scripts are loaded, and cannot be static.
    let mut flags = "'-Ctarget-feature=+crt-static'".to_owned();
    if host.contains("linux") {
        // Random numbers by the system call. Else they look it up as a dynamic symbol, which a static file has not, and
        // then need /dev/urandom.
        flags += ", '--cfg=getrandom_backend=\"linux_getrandom\"'";
    }
    cargo.args(["--config", &format!("target.{host}.rustflags=[{flags}]")]);
    crate::run::run(cargo.args(["--config", "profile.release.strip='symbols'"]))?;
    Ok(target().join(host).join("release/slaclock"))
}

/// Leaves an unchanged file alone, so that nothing is built again for it.
fn write_if_changed(path: &Path, content: &[u8]) -> Result {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, content)?)
}
