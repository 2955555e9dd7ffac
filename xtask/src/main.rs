//! All automation of this repository: `cargo xtask TASK`.

mod build;
mod codegen;
mod demo_data;
mod run;
mod tzdb;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask TASK
  build              the component, the npm package and the binary that carries both
  codegen [--check]  files generated from core's types
  tzdb [--check] [--from DIR] [--version V]  the packed time zone table";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let done = match task.as_str() {
        "build" => build_all(),
        "codegen" => codegen::run(args.any(|arg| arg == "--check")),
        "tzdb" => tzdb::run(args),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build_all() -> run::Result {
    build::component()?;
    build::web()?;
    build::binary(true).map(|_| ())
}
