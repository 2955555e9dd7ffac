//! Embeds what the other crates build: the plugin, the browser package, the schema; and the page.
//!
//! What is not there yet is left out, and the program says so when it is asked for it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let workspace = here.join("..");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../wasm-component/wit");
    println!("cargo::rerun-if-env-changed=SLACLOCK_PLUGIN");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_DIR");

    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let built = target.join("slaclock");
    let plugin = env::var_os("SLACLOCK_PLUGIN").map_or_else(|| built.join("slaclock.wasm"), PathBuf::from);
    let mut code = String::new();
    let plugin = optional(&plugin, &out.join("plugin.wasm"), "include_bytes")?;
    let edge = optional(&built.join("slaclock_edge.wasm"), &out.join("edge.wasm"), "include_bytes")?;
    let schema = workspace.join("wasm-web/agreement.schema.json");
    let schema = optional(&schema, &out.join("agreement.schema.json"), "include_str")?;
    let _ = writeln!(code, "/// The plugin.\npub static PLUGIN: Option<&[u8]> = {plugin};");
    let _ =
        writeln!(code, "/// The edge function, without settings.\npub static EDGE: Option<&[u8]> = {edge};");
    let _ = writeln!(code, "/// The JSON Schema of agreements.\npub static SCHEMA: Option<&str> = {schema};");
    let page = list(&here.join("page"), "")?;
    let _ = writeln!(code, "/// Files of the page, by name.\npub static PAGE: &[(&str, &[u8])] = &[{page}];");
    let package = ["dist", "element", "js", "pkg", "playground"]
        .iter()
        .map(|folder| list(&workspace.join("wasm-web").join(folder), &format!("{folder}/")));
    let package = package.collect::<io::Result<String>>()?;
    let _ = writeln!(
        code,
        "/// Files of the browser package.\npub static PACKAGE: &[(&str, &[u8])] = &[{package}];"
    );
    fs::write(out.join("embedded.rs"), code)
}

/// An expression for a file that may be missing. Cargo looks again at each build until it is there.
fn optional(file: &Path, copy: &Path, read: &str) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", file.display());
    if !file.is_file() {
        return Ok("None".to_owned());
    }
    fs::copy(file, copy)?;
    Ok(format!("Some({read}!({:?}))", copy.display().to_string()))
}

/// Whether a page of the host may ask for the file: they use modules, so that the bundles of `dist` are left out.
fn served(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bundle =
        name.ends_with(".js") && path.parent().is_some_and(|folder| folder.ends_with("wasm-web/dist"));
    !bundle && !name.ends_with(".d.ts") && !name.ends_with("_inline.js") && !name.contains("adapters")
}

/// Entries for all files of a directory, by their path below it, in order.
fn list(directory: &Path, prefix: &str) -> io::Result<String> {
    let mut entries = String::new();
    println!("cargo::rerun-if-changed={}", directory.display());
    if !directory.is_dir() {
        return Ok(entries);
    }
    let mut found: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    found.sort();
    for path in found {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            entries += &list(&path, &format!("{prefix}{name}/"))?;
        } else if served(&path) {
            let file = fs::canonicalize(&path)?;
            let _ = writeln!(
                entries,
                "({:?}, include_bytes!({:?})),",
                format!("{prefix}{name}"),
                file.display().to_string()
            );
        }
    }
    Ok(entries)
}
