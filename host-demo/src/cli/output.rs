//! Answers on standard output: JSON Lines for machines, tables for people.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use clap::Args;
use serde_json::Value;

use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::pipeline::{Sink, Tally};
use crate::render::{Cell, Table, complain, plain, wants_colour};

use super::{Outcome, Result};

/// Arguments that choose the form of the output.
#[derive(Debug, Args)]
pub(super) struct OutputArguments {
    /// Write JSON Lines, also to a terminal
    #[arg(long, conflicts_with = "table")]
    json: bool,
    /// Write a table, or words where there is no table, also to a pipe
    #[arg(long)]
    table: bool,
}

/// How a line of answer becomes rows of a table.
pub(super) type Rows = fn(&Value, &mut Vec<Vec<Cell>>);

impl OutputArguments {
    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        self.table || (io::stdout().is_terminal() && !self.json)
    }

    /// Standard output for answers that say themselves in plain words, an empty line between two.
    pub(super) fn words_sink(&self) -> Box<dyn Sink> {
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        if self.is_table() { Box::new(Words { out, begun: false }) } else { Box::new(Json { out }) }
    }

    /// Standard output, in the form that was asked for or fits.
    pub(super) fn sink(&self, names: &'static [&'static str], rows: Rows) -> Box<dyn Sink> {
        let terminal = io::stdout().is_terminal();
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        if self.is_table() {
            Box::new(Tabular { out, table: Table::new(names, terminal && wants_colour()), rows })
        } else {
            Box::new(Json { out })
        }
    }
}

struct Words {
    out: BufWriter<StdoutLock<'static>>,
    begun: bool,
}

impl Sink for Words {
    fn take(&mut self, answers: &[u8]) -> io::Result<()> {
        for line in lines_of(answers) {
            let answer: Value = serde_json::from_slice(line)?;
            if std::mem::replace(&mut self.begun, true) {
                self.out.write_all(b"\n")?;
            }
            if let Some(error) = answer.get("error") {
                let (ticket, code) = (shown(answer.get("ticket")), shown(error.get("code")));
                let line = format!("{ticket} ✗ {code} {}", shown(error.get("message")));
                writeln!(self.out, "{}", plain(&line))?;
            }
            for line in answer.get("words").and_then(Value::as_array).into_iter().flatten() {
                writeln!(self.out, "{}", plain(&shown(Some(line))))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

struct Json {
    out: BufWriter<StdoutLock<'static>>,
}

impl Sink for Json {
    fn take(&mut self, answers: &[u8]) -> io::Result<()> {
        self.out.write_all(answers)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

struct Tabular {
    out: BufWriter<StdoutLock<'static>>,
    table: Table,
    rows: Rows,
}

impl Sink for Tabular {
    fn take(&mut self, answers: &[u8]) -> io::Result<()> {
        let mut rows = Vec::new();
        for line in lines_of(answers) {
            (self.rows)(&serde_json::from_slice(line)?, &mut rows);
        }
        self.table.write(&rows, &mut self.out)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The text of a value in an answer.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The end of a command that answered files.
pub(super) fn ended(tally: io::Result<Tally>) -> Result {
    match tally {
        Ok(tally) => {
            complain(&tally.problems);
            Ok(Outcome::found(tally.refused > 0 || !tally.problems.is_empty()))
        }
        // Who reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Done),
        Err(error) => {
            Err(vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")])
        }
    }
}
