//! Languages that are not ours, each with what it needs to run the engine, or why that cannot be had here.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::targets::Program;
use crate::build;
use crate::run::{Result, root, run};
use crate::setup::{apt, installed};

/// A script of `tests/conform` under Python.
pub(super) fn python(name: &str) -> Result<Program> {
    Ok(environment("python", &root().join("tests/conform/requirements.txt"))?.map(|python| {
        let mut program = Command::new(python);
        program.arg(script(name));
        program
    }))
}

/// A script of `tests/conform` under Python with Spark.
pub(super) fn spark(name: &str) -> Result<Program> {
    Ok(spark_python()?.map(|python| {
        let mut program = Command::new(&python);
        // Executors are of the same Python; Spark speaks to itself over the loopback only.
        program.arg(script(name)).env("PYSPARK_PYTHON", python).env("SPARK_LOCAL_IP", "127.0.0.1");
        program
    }))
}

/// The Python of an environment with Spark, which needs Java.
pub(crate) fn spark_python() -> Result<std::result::Result<PathBuf, String>> {
    let Some(java) = installed(&["java"], "default-jre-headless") else {
        return Ok(Err("there is no Java: install the package `default-jre-headless`".to_owned()));
    };
    if java_version(&java).is_none_or(|version| version < 17) {
        return Ok(Err("Spark needs Java 17 or newer".to_owned()));
    }
    environment("spark", &root().join("docs/examples/spark/requirements.txt"))
}

/// The number after `version "` of what Java says about itself.
fn java_version(java: &Path) -> Option<u32> {
    let said = Command::new(java).arg("-version").output().ok()?;
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let (_, version) = said.split_once("version \"")?;
    version.split(['.', '"', '-']).next()?.parse().ok()
}

/// Ruby brings `fiddle`, which calls libraries of C.
pub(super) fn ruby() -> Result<Program> {
    library_caller(&["ruby"], "ruby", &["-rfiddle", "-e", ""], &[], "abi.rb")
}

/// PHP brings `ffi`, which calls libraries of C.
pub(super) fn php() -> Result<Program> {
    let probe = ["-r", "exit(extension_loaded('ffi') ? 0 : 1);"];
    library_caller(&["php"], "php-cli", &probe, &["-d", "ffi.enable=1"], "abi.php")
}

/// A script in a language that has no Wasmtime of its own and calls the library of its C interface.
fn library_caller(
    programs: &[&str],
    package: &str,
    probe: &[&str],
    options: &[&str],
    name: &str,
) -> Result<Program> {
    let Some(found) = installed(programs, package) else {
        return Ok(Err(format!("install the package `{package}`")));
    };
    if !Command::new(&found).args(probe).output().is_ok_and(|output| output.status.success()) {
        return Ok(Err(format!("`{}` cannot call libraries of C", found.display())));
    }
    Ok(environment("python", &root().join("tests/conform/requirements.txt"))?.and_then(|python| {
        let library = wasmtime_library(&python).ok_or("the Python package wasmtime brings no library")?;
        let mut program = Command::new(found);
        program.args(options).arg(script(name)).env("SLACLOCK_WASMTIME", library);
        Ok(program)
    }))
}

/// Wasmtime's C API as a library. Its releases have it; the registries have it in the Python package.
fn wasmtime_library(python: &Path) -> Option<PathBuf> {
    let print = "import wasmtime._ffi as ffi; print(ffi.filename)";
    let said = Command::new(python).args(["-c", print]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    path.exists().then_some(path)
}

fn script(name: &str) -> PathBuf {
    root().join("tests/conform").join(name)
}

/// The Python of an environment with these packages, made when it is first needed.
fn environment(name: &str, requirements: &Path) -> Result<std::result::Result<PathBuf, String>> {
    let Some(python) = installed(&["python3"], "python3-venv") else {
        return Ok(Err("there is no python3".to_owned()));
    };
    let home = build::target().join("slaclock").join(name);
    if !is_newer(&home.join("ready"), requirements) {
        let made = || run(Command::new(&python).args(["-m", "venv"]).arg(&home));
        // Debian has it in a package of its own.
        let made = made().or_else(|_| apt("python3-venv").and_then(|()| made())).and_then(|()| {
            let mut pip = Command::new(home.join("bin/pip"));
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
            run(pip.arg(requirements))
        });
        if let Err(why) = made {
            return Ok(Err(format!("python3 cannot install {}: {why}", requirements.display())));
        }
        std::fs::write(home.join("ready"), "")?;
    }
    Ok(Ok(home.join("bin/python")))
}

fn is_newer(one: &Path, other: &Path) -> bool {
    let changed = |path: &Path| path.metadata().ok()?.modified().ok();
    matches!((changed(one), changed(other)), (Some(one), Some(other)) if one >= other)
}
