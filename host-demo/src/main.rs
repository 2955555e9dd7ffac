//! The slaclock command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    slaclock_host::cli::run(std::env::args_os())
}
