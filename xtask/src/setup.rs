//! What a fresh machine lacks: fetched where the rights allow, else named in one clear line.

use std::path::{Path, PathBuf};

use crate::run::{Result, cargo, command, first_found, root, run};

/// Parts of the toolchain that a minimal installation leaves out.
pub(crate) fn rust_components() -> Result {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let there =
            cargo().args([subcommand, "--version"]).output().is_ok_and(|output| output.status.success());
        if !there {
            run(command("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Node 20 or newer, and npm.
pub(crate) fn node() -> Result {
    const NEEDED: &str = "Node 20 or newer with npm is needed: https://nodejs.org";
    let version = command("node").arg("--version").output().map_err(|_| NEEDED)?;
    let version = String::from_utf8(version.stdout)?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) || first_found(&["npm", "npm.cmd"]).is_none() {
        return Err(format!("{NEEDED} (found {})", version.trim()).into());
    }
    Ok(())
}

/// The folder that has esbuild, and what bundles by it.
pub(crate) const BUNDLER: &str = "tests/browser";

/// The npm packages of a folder, as its lock file has them.
pub(crate) fn npm_packages(folder: &str) -> Result {
    let folder = root().join(folder);
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    let newer =
        |a: &Path, b: &Path| Some(a.metadata().ok()?.modified().ok()? >= b.metadata().ok()?.modified().ok()?);
    if newer(&installed, &lock) == Some(true) {
        return Ok(());
    }
    run(command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder))
}

/// A browser to test pages with.
pub(crate) struct Browser {
    name: &'static str,
    /// The variable of the environment that says where it is.
    pub(crate) variable: &'static str,
    programs: &'static [&'static str],
    package: &'static str,
}

pub(crate) const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "CHROME_PATH",
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    package: "chromium",
};

pub(crate) const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FIREFOX_PATH",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    package: "firefox-esr",
};

impl Browser {
    /// Where it is: what its variable says, one on the machine, or one installed where root may.
    pub(crate) fn find(&self) -> Result<PathBuf> {
        if let Some(path) = std::env::var_os(self.variable) {
            return Ok(path.into());
        }
        if let Some(found) = installed(self.programs, self.package) {
            return Ok(found);
        }
        let Self { name, variable, package, .. } = self;
        Err(format!("no {name} found: install the package `{package}`, or set {variable}").into())
    }
}

/// The first of these programs, from this package where root may install it.
pub(crate) fn installed(programs: &[&str], package: &str) -> Option<PathBuf> {
    first_found(programs).or_else(|| {
        apt(package).ok()?;
        first_found(programs)
    })
}

/// Installs a package of Debian's, where it is Debian and root.
pub(crate) fn apt(package: &str) -> Result {
    let apt = first_found(&["apt-get"]).ok_or("there is no apt-get")?;
    let apt = || command(&apt.to_string_lossy());
    run(apt().arg("update"))?;
    let mut install = apt();
    install.args(["install", "-y", "--no-install-recommends", package]);
    run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}
