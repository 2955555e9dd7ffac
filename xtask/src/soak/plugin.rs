//! Hostile plugins beside a good one, for as long as asked.

use super::Options;
use crate::run::{Result, command, run as run_command};
use crate::{bench, build};

pub(super) fn run(options: &Options) -> Result {
    build::component()?;
    let program = bench::program("plugin")?;
    let minutes = options.minutes.unwrap_or(60);
    run_command(command(&program).env("SLACLOCK_SOAK_MINUTES", minutes.to_string()))
}
