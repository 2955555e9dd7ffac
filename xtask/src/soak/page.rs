//! The elements in a browser for as long as asked, with the package as it is built.

use super::Options;
use crate::run::{Result, command, root, run as run_command};
use crate::setup;

pub(super) fn run(options: &Options) -> Result {
    let folder = "tests/browser";
    setup::npm_packages(folder)?;
    let mut node = command("node");
    node.arg("soak_page.mjs").current_dir(root().join(folder));
    node.env(setup::CHROMIUM.variable, setup::CHROMIUM.find()?);
    run_command(node.env("SLACLOCK_SOAK_MINUTES", options.minutes.unwrap_or(10).to_string()))
}
