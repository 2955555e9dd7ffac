//! All automation of this repository: `cargo xtask TASK`.

mod arrange;
mod audit;
mod bench;
mod build;
mod codegen;
mod conform;
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
  build [--debug|--web|--static]  the component, the npm package and the binary that carries both; the npm package alone; or
                     the binary so that it needs no library of the system
  bench [--write]    core, component and npm package against yardstick and peers (--write renews docs/benchmarks.md)
  bench edge         what a request costs at the edge, beside servers that do nothing (edge/README.md); Linux only
  soak SEARCH        searches that take hours; `cargo xtask soak` lists them with their options
  conform [--check] [--times] [--write] [TARGET…]  the shared cases on every target, in one table (--write renews the docs)
  size [--check] [--write]  what the npm package weighs (--write renews its size table, --check fails beyond it)
  codegen [--check]  files generated from core's types
  tzdb [--check] [--from DIR] [--version V]  the packed time zone table
  audit [--advisories]  licences, sources and duplicates of all crates, by deny.toml, with cargo-deny, which it installs;
                     and with the network's database known vulnerabilities";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((task, args)) if task != "help" && !args.iter().any(|arg| arg == "--help") => {
            match perform(task, args) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            }
        }
        _ => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
    }
}

fn perform(task: &str, args: &[String]) -> run::Result {
    let all = || args.iter().cloned();
    match task {
        "demo" => demo::run_demo(all()),
        "test" => only(&[], args).and_then(|_| test::run_all()),
        "bench" if args.first().is_some_and(|arg| arg == "edge") => bench::edge(),
        "bench" => only(&["--write"], args).and_then(|[write]| bench::run_all(write)),
        "soak" => soak::run(all()),
        "build" => match only(&["--debug", "--web", "--trap", "--static"], args)? {
            [_, true, ..] => build::web(),
            [.., true] => build::static_binary().map(|binary| println!("{}", binary.display())),
            [_, _, true, _] => build::web_that_traps().map(|folder| println!("{}", folder.display())),
            [debug, ..] => build::all(!debug),
        },
        "codegen" => only(&["--check"], args).and_then(|[check]| codegen::run(check)),
        "tzdb" => tzdb::run(all()),
        "conform" => conform::run(all()),
        "size" => size::run(all()),
        "audit" => only(&["--advisories"], args).and_then(|[advisories]| audit::run_all(advisories)),
        _ => Err(format!("there is no task `{task}`\n{USAGE}").into()),
    }
}

/// Which of these flags are there; any other argument is a mistake.
fn only<const N: usize>(flags: &[&str; N], args: &[String]) -> run::Result<[bool; N]> {
    match args.iter().find(|arg| !flags.contains(&arg.as_str())) {
        Some(unknown) => Err(format!("there is no `{unknown}` here\n{USAGE}").into()),
        None => Ok(flags.map(|flag| args.iter().any(|arg| arg == flag))),
    }
}
