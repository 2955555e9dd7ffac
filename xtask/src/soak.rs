//! `cargo xtask soak`: searches that take hours. They live here and never in continuous integration, which replays
//! what they found.

mod api;
mod differential;
mod fuzz;
mod page;
mod plugin;
mod seeds;
mod service;
mod spark;
mod watch;

use std::path::PathBuf;

use crate::conform;
use crate::run::Result;

const USAGE: &str = "usage: cargo xtask soak SEARCH
  differential [--cases 1000000] [--jobs 2]  random agreements and tickets: the engine against the slow reference, and the laws
  fuzz [--minutes 60] [--jobs 1] [--write]   documents that nobody meant, guided by coverage; needs a C++ compiler
                                             (--write renews tests/corpus)
  plugin [--minutes 60]                      hostile plugins beside a good one: latencies, memory, what each was told
  page [--minutes 10]                        a board of 10,000 tickets in Chromium: first clocks, ticks, scrolling, memory
  kill [--cases 100]                         kill -9 of the service under load, on both databases, so often each
  load [--cases 100000]                      figures of the service under load, with so many tickets, on both databases
  api [--minutes 10]                         the service's API asked at random from its description (Schemathesis, by pip)
  conform                                    every shared case on every target, as `cargo xtask conform`
  spark --data FOLDER [--cases 1000000]      tickets made of the real logs, which lie in FOLDER/uci and FOLDER/bpic2013:
                                             Spark on two cores against the command line; Linux only";

pub(crate) fn run(mut args: impl Iterator<Item = String>) -> Result {
    let search = args.next().unwrap_or_default();
    let options = Options::read(args)?;
    match search.as_str() {
        "differential" => differential::run(&options),
        "fuzz" => fuzz::run(&options),
        "plugin" => plugin::run(&options),
        "page" => page::run(&options),
        "kill" => service::kill(&options),
        "load" => service::load(&options),
        "conform" => conform::run(std::iter::empty()),
        "spark" => spark::run(&options),
        "api" => api::run(&options),
        _ => Err(USAGE.into()),
    }
}

/// What was asked for; what was not is the search's own.
#[derive(Default)]
struct Options {
    cases: Option<u32>,
    minutes: Option<u64>,
    jobs: Option<u32>,
    write: bool,
    data: Option<PathBuf>,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        while let Some(option) = args.next() {
            let mut number = || {
                let text = args.next().unwrap_or_default();
                let number = text.parse::<u32>().ok().filter(|number| *number > 0);
                number.ok_or_else(|| format!("`{option}` takes a number from 1, found `{text}`\n{USAGE}"))
            };
            match option.as_str() {
                "--cases" => options.cases = Some(number()?),
                "--minutes" => options.minutes = Some(number()?.into()),
                "--jobs" => options.jobs = Some(number()?),
                "--data" => options.data = args.next().map(PathBuf::from),
                "--write" => options.write = true,
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}
