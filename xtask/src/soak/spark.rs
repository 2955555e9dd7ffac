//! A million tickets, made of real logs, judged by Spark and by the command line: the same bytes, and what each took.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use super::Options;
use super::watch::{Used, watch};
use crate::build;
use crate::conform::spark_python;
use crate::run::{Result, command, root, run as run_command};

/// A log that is not part of this repository, and what its example has for it.
struct Log {
    name: &'static str,
    /// How the name of its file begins.
    file: &'static str,
    mapping: &'static str,
    agreement: &'static str,
    now: &'static str,
    /// Its share of the tickets, in percent.
    share: u64,
}

const LOGS: [Log; 2] = [
    Log {
        name: "uci",
        file: "incident_event_log",
        mapping: "replay.mapping.yaml",
        agreement: "replay.agreement.yaml",
        now: "2016-06-01T12:00:00Z",
        share: 75,
    },
    Log {
        name: "bpic2013",
        file: "bpic2013_incidents",
        mapping: "mapping.yaml",
        agreement: "agreement.yaml",
        now: "2012-05-10T12:00:00Z",
        share: 25,
    },
];

const TICKETS: u32 = 1_000_000;

/// What Java may take in the driver, which is the executor as well.
const HEAP: &str = "1g";

pub(super) fn run(options: &Options) -> Result {
    let data = options
        .data
        .as_deref()
        .ok_or("say `--data FOLDER`, which holds the folders uci and bpic2013 with the logs")?;
    let python = spark_python()??;
    build::component()?;
    let slaclock = build::binary(true)?;
    let folder = build::target().join("slaclock/soak/spark");
    fs::create_dir_all(&folder)?;
    println!(
        "| log | tickets | MB in | judged by | seconds | of processors | tickets a second | peak MB | answers |"
    );
    println!("|---|--:|--:|---|--:|--:|--:|--:|---|");
    let mut different = 0;
    for log in &LOGS {
        let count = u64::from(options.cases.unwrap_or(TICKETS)) * log.share / 100;
        let work = Work::made(log, count, data, &folder, &slaclock, &python)?;
        let native = work.by_command(&slaclock, &["--native"])?;
        work.print("`slaclock clocks --native`", &native, "the measure");
        let plugin = work.by_command(&slaclock, &[])?;
        different += work.compare("`slaclock clocks`", &native, &plugin);
        let spark = work.by_spark(&python)?;
        different += work.compare("Spark, local[2]", &native, &spark);
        fs::remove_dir_all(&work.folder)?;
    }
    if different == 0 { Ok(()) } else { Err("the answers differ".into()) }
}

/// Tickets and an agreement, made ready.
struct Work {
    log: &'static Log,
    folder: PathBuf,
    tickets: PathBuf,
    agreement: PathBuf,
    count: u64,
}

/// What a side answered, and what it took.
struct Answered {
    used: Used,
    bytes: u64,
    digest: [u8; 32],
}

impl Work {
    fn made(
        log: &'static Log,
        count: u64,
        data: &Path,
        folder: &Path,
        slaclock: &Path,
        python: &Path,
    ) -> Result<Self> {
        let example = root().join("docs/examples").join(log.name);
        let folder = folder.join(log.name);
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder)?;
        let missing = || format!("there is no {}… in {}", log.file, data.join(log.name).display());
        let files = fs::read_dir(data.join(log.name)).map_err(|_| missing())?;
        let found = files
            .flatten()
            .map(|file| file.path())
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(log.file)));
        let (few, tickets) = (folder.join("few.jsonl"), folder.join("tickets.jsonl"));
        let mut import = command(&slaclock.to_string_lossy());
        import.args(["import", "csv", "--mapping"]).arg(example.join(log.mapping));
        import.arg(found.ok_or_else(missing)?).arg("-o").arg(&few).stderr(Stdio::null());
        // Rows that cannot be read, which one of the logs has, are reported and end it with 1.
        if !matches!(import.status()?.code(), Some(0 | 1)) {
            return Err(format!("the log {} cannot be imported", log.name).into());
        }
        let mut multiply = Command::new(python);
        multiply.arg(root().join("docs/examples/spark/multiply.py")).arg(&few).arg(count.to_string());
        run_command(multiply.stdout(File::create(&tickets)?))?;
        // Without the command line it is JSON.
        let yaml = fs::read_to_string(example.join(log.agreement))?;
        let agreement: serde_json::Value = serde_saphyr::from_str(&yaml)?;
        let path = folder.join("agreement.json");
        fs::write(&path, agreement.to_string())?;
        Ok(Self { log, folder, tickets, agreement: path, count })
    }

    fn by_command(&self, slaclock: &Path, options: &[&str]) -> Result<Answered> {
        let mut clocks = Command::new(slaclock);
        clocks.args(["clocks", "--now", self.log.now, "--jobs", "2", "-a"]).arg(&self.agreement);
        clocks.args(options).arg(&self.tickets).stdout(Stdio::piped());
        let mut child = clocks.spawn()?;
        let mut answers = child.stdout.take().ok_or("no standard output")?;
        let hashing = std::thread::spawn(move || {
            let mut hash = Hash::default();
            hash.take(&mut answers).map(|()| hash)
        });
        let used = watch(child)?;
        let hash = hashing.join().map_err(|_| "hashing failed")??;
        Ok(hash.answered(used))
    }

    fn by_spark(&self, python: &Path) -> Result<Answered> {
        let answers = self.folder.join("answers");
        let mut submit = Command::new(python.with_file_name("spark-submit"));
        submit.args(["--master", "local[2]", "--driver-memory", HEAP, "--conf", "spark.ui.enabled=false"]);
        submit.args(["--conf", "spark.ui.showConsoleProgress=false"]);
        submit.arg(root().join("docs/examples/spark/clocks.py"));
        submit.arg("--module").arg(build::target().join("slaclock/slaclock_abi.wasm"));
        submit.arg("--agreement").arg(&self.agreement).args(["--now", self.log.now]);
        submit.arg(&self.tickets).arg(&answers);
        submit
            .env("PYSPARK_PYTHON", python)
            .env("PYSPARK_DRIVER_PYTHON", python)
            .env("SPARK_LOCAL_IP", "127.0.0.1");
        let used = watch(submit.stderr(File::create(self.folder.join("spark.log"))?).spawn()?)?;
        let mut parts: Vec<PathBuf> = fs::read_dir(&answers)?.flatten().map(|part| part.path()).collect();
        parts.retain(|part| part.file_name().is_some_and(|name| name.to_string_lossy().starts_with("part-")));
        parts.sort();
        let mut hash = Hash::default();
        for part in parts {
            hash.take(&mut File::open(part)?)?;
        }
        Ok(hash.answered(used))
    }

    fn compare(&self, side: &str, wanted: &Answered, found: &Answered) -> usize {
        let same = wanted.bytes == found.bytes && wanted.digest == found.digest;
        self.print(side, found, if same { "the same bytes" } else { "DIFFERENT" });
        usize::from(!same)
    }

    fn print(&self, side: &str, answered: &Answered, answers: &str) {
        let Used { took, processor, peak } = &answered.used;
        let rate = u128::from(self.count) * 1000 / took.as_millis().max(1);
        let size = self.tickets.metadata().map(|file| file.len() / 1_000_000).unwrap_or_default();
        println!(
            "| {} | {} | {size} | {side} | {}.{} | {}.{} | {rate} | {} | {answers}, {} MB |",
            self.log.name,
            self.count,
            took.as_secs(),
            took.subsec_millis() / 100,
            processor.as_secs(),
            processor.subsec_millis() / 100,
            peak / 1_000_000,
            answered.bytes / 1_000_000,
        );
    }
}

#[derive(Default)]
struct Hash {
    hash: Sha256,
    bytes: u64,
}

impl Hash {
    fn take(&mut self, from: &mut impl io::Read) -> io::Result<()> {
        let mut piece = vec![0; 1 << 20];
        loop {
            match from.read(&mut piece)? {
                0 => return Ok(()),
                size => {
                    self.hash.update(&piece[..size]);
                    self.bytes += size as u64;
                }
            }
        }
    }

    fn answered(self, used: Used) -> Answered {
        Answered { used, bytes: self.bytes, digest: self.hash.finalize().into() }
    }
}
