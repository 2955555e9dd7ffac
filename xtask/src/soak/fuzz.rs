//! Builds the fuzzer of `tests/fuzz`, lets it search, and packs what it found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Options, seeds};
use crate::build;
use crate::run::{Result, cargo, command, first_found, root, run as run_command};

/// What makes core tell which of its branches a case has taken: what `cargo fuzz` sets, on the stable toolchain.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Seconds for a case, bytes of one, and megabytes of the process; `tests/fuzz/src/memory.rs` limits a case.
const LIMITS: [&str; 4] = ["-timeout=10", "-report_slow_units=60", "-max_len=16384", "-rss_limit_mb=2048"];

pub(super) fn run(options: &Options) -> Result {
    let compilers = ["c++", "g++", "clang++"];
    first_found(&compilers).ok_or("`soak fuzz` needs a C++ compiler (for libFuzzer), on Linux or macOS")?;
    let fuzzer = Fuzzer::build()?;
    let until = Instant::now() + Duration::from_secs(60 * options.minutes.unwrap_or(60));
    let jobs = options.jobs.unwrap_or(1);
    let ran = std::thread::scope(|scope| -> Result<Vec<u64>> {
        let search = |job| fuzzer.search(job, until).map_err(|error| error.to_string());
        let jobs: Vec<_> = (0..jobs).map(|job| scope.spawn(move || search(job))).collect();
        jobs.into_iter().map(|job| Ok(job.join().map_err(|_| "a job panicked")??)).collect()
    })?;
    let executed: u64 = ran.iter().sum();
    let seconds = 60 * options.minutes.unwrap_or(60);
    println!("{executed} cases in {} minutes by {jobs} jobs, {} a second", seconds / 60, executed / seconds);
    let corpus = fuzzer.smallest()?;
    println!("{} cases take every branch that was met", fs::read_dir(&corpus)?.count());
    if options.write {
        println!("{}: {}", seeds::corpus().display(), seeds::pack(&corpus)?);
    }
    let findings: Vec<_> = fs::read_dir(fuzzer.folder("findings"))?.filter_map(|file| file.ok()).collect();
    if findings.is_empty() {
        println!("nothing found");
        return Ok(());
    }
    let mut names: Vec<String> = findings.iter().map(|file| file.path().display().to_string()).collect();
    names.sort();
    Err(format!("found:\n{}", names.join("\n")).into())
}

struct Fuzzer {
    program: PathBuf,
    work: PathBuf,
}

impl Fuzzer {
    /// The program, and its folders: the corpus and the findings stay from search to search.
    fn build() -> Result<Self> {
        let host = String::from_utf8(command("rustc").arg("-vV").current_dir(root()).output()?.stdout)?;
        let host = host.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
        let work = build::target().join("slaclock/fuzz");
        let target = build::target().join("fuzz");
        // With `--target`, the flags are not for build scripts and macros.
        let mut cargo = cargo();
        cargo.args(["build", "--release", "--locked", "--manifest-path", "tests/fuzz/Cargo.toml"]);
        cargo.args(["--target", host, "--target-dir"]).arg(&target).env("RUSTFLAGS", COVERAGE);
        run_command(&mut cargo)?;
        let fuzzer = Self { program: target.join(host).join("release/slaclock-fuzz"), work };
        fs::remove_dir_all(fuzzer.folder("seeds")).ok();
        for folder in ["corpus", "findings", "seeds"] {
            fs::create_dir_all(fuzzer.folder(folder))?;
        }
        seeds::write(&fuzzer.folder("seeds"))?;
        Ok(fuzzer)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    fn command(&self) -> Command {
        let mut fuzzer = command(&self.program.to_string_lossy());
        fuzzer.args(LIMITS).env("SLACLOCK_FINDINGS", self.folder("findings")).current_dir(&self.work);
        fuzzer
    }

    /// Searches until then, beginning again after a case that ends the process; answers how many cases it asked.
    fn search(&self, job: u32, until: Instant) -> Result<u64> {
        let log = self.folder(&format!("job-{job}.log"));
        let mut executed = 0;
        loop {
            let left = until.saturating_duration_since(Instant::now()).as_secs();
            if left == 0 {
                return Ok(executed);
            }
            let mut fuzzer = self.command();
            fuzzer.arg(format!("-max_total_time={left}")).args(["-print_final_stats=1", "-reload=30"]);
            fuzzer.arg("-artifact_prefix=findings/").args(["corpus", "seeds"]);
            let status = fuzzer.stdout(fs::File::create(&log)?).stderr(fs::File::create(&log)?).status()?;
            let text = fs::read_to_string(&log).unwrap_or_default();
            let count = text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
            executed += count.and_then(|count| count.trim().parse::<u64>().ok()).unwrap_or(0);
            let ended = match status.code() {
                Some(0) => continue,
                Some(70) => "a case without an answer in time",
                Some(71) => "a case with too much memory",
                Some(77) => "a case that ended the process",
                _ => return Err(format!("the fuzzer failed, {status}: see {}", log.display()).into()),
            };
            eprintln!("job {job}: {ended}, kept in {}", self.folder("findings").display());
        }
    }

    /// A folder with few cases that take every branch which the corpus takes.
    fn smallest(&self) -> Result<PathBuf> {
        let folder = self.folder("smallest");
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder)?;
        let mut merge = self.command();
        merge.args(["-set_cover_merge=1", "-use_counters=0", "-verbosity=0"]);
        merge.args([Path::new("smallest"), Path::new("corpus"), Path::new("seeds")]);
        let output = merge.output()?;
        if output.status.success() {
            return Ok(folder);
        }
        Err(format!("cannot merge the corpus: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
