//! The engine against the slow reference, on as many random cases as asked, in processes side by side.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use serde_json::Value;

use super::Options;
use crate::build;
use crate::run::{Result, cargo, command};

/// Tests of one case each, and how many cases they get of a hundred that the first gets: laws ask a case often.
const SEARCHES: [(&str, u32); 4] = [
    ("ticket_reference::the_engine_agrees_on_everything_that_an_agreement_may_say", 100),
    ("machine_laws::of_engine", 20),
    ("ticket_laws", 20),
    ("explanations", 20),
];

/// Values of `SLACLOCK_SEED`.
const SEEDS: u32 = 256;

/// A process for each seed; a difference ends its process and is counted, and the other seeds go on.
pub(super) fn run(options: &Options) -> Result {
    let cases = options.cases.unwrap_or(1_000_000);
    let jobs = options.jobs.unwrap_or(2);
    let suite = suite()?;
    let folder = build::target().join("slaclock/soak");
    // Those of an earlier engine.
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder)?;
    // Many short runs: a test ends at its first difference, and the next run shows whether there are others.
    let seeds = (cases / 2000).clamp(jobs.min(SEEDS), SEEDS);
    let each = cases.div_ceil(seeds);
    let begun = Instant::now();
    for (name, percent) in SEARCHES {
        let each = (each * percent).div_ceil(100);
        let work = Search { name, each, suite: Path::new(&suite), folder: &folder };
        work.run(seeds, jobs)?;
    }
    eprintln!("{:.0?} in all", begun.elapsed());
    let kept = fs::read_dir(&folder)?.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let kept: Vec<String> = kept.filter(|name| name.starts_with("difference")).collect();
    if kept.is_empty() {
        return Ok(());
    }
    Err(format!("differences in {}: {}", folder.display(), kept.join(", ")).into())
}

/// Builds the suite and answers its program.
fn suite() -> Result<String> {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "slaclock-tests", "--release", "--test", "suite", "--no-run"]);
    let built = cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8(built.stdout)?;
    let program =
        messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
            let suite = message.pointer("/target/name")? == "suite";
            message.get("executable").filter(|_| suite)?.as_str().map(str::to_owned)
        });
    program.ok_or_else(|| format!("the test suite cannot be built: {}", built.status).into())
}

struct Search<'a> {
    name: &'static str,
    each: u32,
    suite: &'a Path,
    folder: &'a Path,
}

impl Search<'_> {
    fn run(&self, seeds: u32, jobs: u32) -> Result {
        let begun = Instant::now();
        let next = AtomicU32::new(0);
        let differing = Mutex::new(Vec::new());
        let ran: std::result::Result<(), String> = std::thread::scope(|scope| {
            let worker = || -> std::result::Result<(), String> {
                loop {
                    let seed = next.fetch_add(1, Relaxed);
                    if seed >= seeds {
                        return Ok(());
                    }
                    if !self.seed(seed).map_err(|error| error.to_string())? {
                        differing.lock().map_err(|error| error.to_string())?.push(seed);
                    }
                }
            };
            let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(worker)).collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().map_err(|_| "a worker panicked".to_owned())?)
        });
        ran?;
        let differing = differing.into_inner()?;
        let cases = u64::from(self.each) * (u64::from(seeds) - differing.len() as u64);
        let ms = begun.elapsed().as_millis().max(1);
        println!(
            "{}: {cases} cases of each test in {} s, {} a second; {} of {seeds} seeds differ {differing:?}",
            self.name,
            ms / 1000,
            u128::from(cases) * 1000 / ms,
            differing.len(),
        );
        Ok(())
    }

    /// Whether the engine agrees on all cases of a seed; what differs is kept.
    fn seed(&self, seed: u32) -> Result<bool> {
        let mut suite = command(&self.suite.to_string_lossy());
        suite.args([self.name, "--test-threads=1"]).env("SLACLOCK_SEED", seed.to_string());
        let run = suite.env("SLACLOCK_CASES", self.each.to_string()).output()?;
        let text = String::from_utf8_lossy(&run.stdout);
        if text.contains(" 0 passed; 0 failed") {
            return Err(format!("the suite has no test `{}`", self.name).into());
        }
        let file = self.folder.join(format!("difference-{}-{seed}.txt", self.name.replace("::", "-")));
        if !run.status.success() {
            fs::write(file, [run.stdout, run.stderr].concat())?;
        }
        Ok(run.status.success())
    }
}
