//! The service under load, whole and killed: its own tests, asked for more.

use super::Options;
use crate::postgres::Postgres;
use crate::run::{Result, cargo, run};

/// `kill -9` at random moments, so often on each database and with two hosts.
pub(super) fn kill(options: &Options) -> Result {
    tests(&["--test-threads=1", "--nocapture", "kill"], "SLACLOCK_KILLS", options.cases.unwrap_or(100))
}

/// Figures of a release build.
pub(super) fn load(options: &Options) -> Result {
    let arguments = ["--ignored", "--test-threads=1", "--nocapture", "load_of"];
    tests(&arguments, "SLACLOCK_TICKETS", options.cases.unwrap_or(100_000))
}

fn tests(arguments: &[&str], variable: &str, count: u32) -> Result {
    let postgres = Postgres::start();
    let mut test = cargo();
    test.args(["test", "--release", "--package", "slaclock-host", "--test", "service", "--"]).args(arguments);
    test.env(variable, count.to_string());
    run(test.envs(postgres.iter().map(|postgres| ("SLACLOCK_TEST_POSTGRES", &postgres.url))))
}
