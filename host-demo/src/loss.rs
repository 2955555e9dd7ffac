//! The file in which an import notes everything that it could not carry over, an entry a line, and the sums at the end.

use std::io::Write;

use serde::Serialize;

use crate::error::{Code, Problem};

/// Losses shown to a person; a file takes them all.
pub(crate) const MOST_SHOWN: u64 = 20;

/// Where `--report` says, or nowhere.
pub(crate) struct LossFile<'a> {
    file: Option<Box<dyn Write + 'a>>,
    fault: Option<std::io::Error>,
}

impl<'a> LossFile<'a> {
    pub(crate) fn new(file: Option<Box<dyn Write + 'a>>) -> Self {
        Self { file, fault: None }
    }

    /// Adds an entry; a fault is told at the end.
    pub(crate) fn write(&mut self, entry: &impl Serialize) {
        if let (Some(file), None) = (&mut self.file, &self.fault) {
            let written = serde_json::to_writer(&mut *file, entry).map_err(std::io::Error::from);
            self.fault = written.and_then(|()| file.write_all(b"\n")).err();
        }
    }

    /// Adds the sums and ends the file.
    pub(crate) fn finish(mut self, summary: &impl Serialize) -> Result<(), Problem> {
        self.write(&serde_json::json!({ "summary": summary }));
        let flushed = self.file.as_mut().map_or(Ok(()), |file| file.flush());
        self.fault.map_or(flushed, Err).map_err(|error| {
            Problem::new(Code::Unwritable, format!("cannot write the report: {error}"), "--report")
        })
    }
}
