//! All automation of this repository: `cargo xtask TASK`.

mod arrange;
mod bench;
mod build;
mod codegen;
mod demo;
mod demo_data;
mod postgres;
mod run;
mod setup;
mod size;
mod soak;
mod test;
mod tidy;
mod tzdb;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask TASK
  demo [ARG…]        sets everything up, makes a month of tickets and serves the board (ARG goes to `slaclock serve`)
  test               sets everything up and runs all tests
  build [--debug|--web]  the component, the npm package and the binary that carries both; or the npm package alone
  bench [--write]    core, component and npm package against yardstick and peers (--write renews docs/benchmarks.md)
  soak SEARCH        searches that take hours: differential, fuzz, plugin (`cargo xtask soak` tells their options)
  size [--check] [--write]  what the npm package weighs (--write renews its size table, --check fails beyond it)
  codegen [--check]  files generated from core's types
  tzdb [--check] [--from DIR] [--version V]  the packed time zone table
  deps               whether core depends on nothing new, and every crate keeps deny.toml (with cargo-deny)";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let done = match task.as_str() {
        "demo" => demo::run_demo(args),
        "test" => test::run_all(),
        "bench" => bench::run_all(args.any(|arg| arg == "--write")),
        "soak" => soak::run(args),
        "build" => match args.next().as_deref() {
            Some("--web") => build::web(),
            Some("--trap") => build::web_that_traps().map(|folder| println!("{}", folder.display())),
            debug => build::all(debug != Some("--debug")),
        },
        "codegen" => codegen::run(args.any(|arg| arg == "--check")),
        "tzdb" => tzdb::run(args),
        "size" => size::run(args),
        "deps" => tidy::deps(),
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
