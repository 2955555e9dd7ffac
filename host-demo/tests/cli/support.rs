//! Runs the program as a user would.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The lines of output, as JSON.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code of the error on each line of output, empty where there is none.
    #[track_caller]
    pub(crate) fn error_codes(&self) -> Vec<String> {
        let code = |line: &Value| line["error"]["code"].as_str().unwrap_or_default().to_owned();
        self.lines().iter().map(code).collect()
    }
}

/// The program with some arguments.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaclock"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program on some input.
#[track_caller]
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Run {
    let mut child = program(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that does not read its input closes it.
        scope.spawn(move || drop(stdin.write_all(input)));
        ended(child)
    })
}

/// Waits for the program.
#[track_caller]
pub(crate) fn ended(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory for one test.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file; gives its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        text(&self.path(name))
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// An agreement that the tests share.
pub(crate) const AGREEMENT: &str = r#"
slaclock: "1"
id: test
time_zone: Europe/Rome
calendars:
  office: { hours: { mon-fri: ["09:00-17:00"] } }
statuses: { Waiting: { pause: customer }, Done: resolved }
policies:
  - id: all
    when: {}
    clocks:
      first_response: { within: 1h, calendar: office }
      resolution: { within: 8h, calendar: office }
"#;

/// A ticket created on a Friday at ten in Rome.
pub(crate) fn ticket(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"created_at\":\"2026-11-20T09:00:00Z\"}}\n")
}

/// Saturday noon.
pub(crate) const NOW: &str = "2026-11-21T11:00:00Z";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}
