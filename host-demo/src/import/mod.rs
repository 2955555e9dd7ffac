//! Import: an event log in CSV becomes tickets in JSON Lines, by a mapping.
//!
//! Nothing is lost in silence: each row makes events, or is left out as the mapping says and counted, or is
//! bad and reported with its line. Memory holds the tickets as numbers, not the log.

mod cells;
mod collect;
mod columns;
mod emit;
mod instants;
mod mapping;
mod read;
mod report;
mod rows;
mod said;
mod strict;

use std::io::Write;

use crate::document::Document;
use crate::error::{Code, Problem};
use crate::input::Source;
use collect::Collected;
use columns::Header;
use emit::Emitter;
use mapping::Mapping;
use report::Report;
use rows::{Next, Rows};

pub use report::Summary;

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The sums.
    pub summary: Summary,
    /// The first bad rows, and what broke the reading off.
    pub problems: Vec<Problem>,
}

/// Reads a log by a mapping and writes its tickets.
///
/// `report` gets every bad row and the sums as JSON Lines; `progress` is called after each row.
///
/// # Errors
/// The mapping is wrong, the log has no first line, or the output cannot be written.
pub fn csv(
    mapping: &Document,
    log: Source,
    out: &mut impl Write,
    report: Option<Box<dyn Write + '_>>,
    progress: impl FnMut(),
) -> Result<Imported, Vec<Problem>> {
    let in_mapping = |problems: Vec<Problem>| -> Vec<Problem> {
        problems.into_iter().map(|problem| mapping.place(problem)).collect()
    };
    let value = mapping.value().map_err(|problem| vec![problem])?;
    let read = Mapping::read(&value).map_err(in_mapping)?;
    let name = log.name.clone();
    let mut rows = Rows::of(log, read.delimiter);
    let header = header(&mut rows, &name).map_err(|problem| vec![problem])?;
    let mut report = Report::new(&name, report);
    let (collected, broken) =
        Collected::read(&read, &header, &mut rows, &mut report, progress).map_err(in_mapping)?;
    let mut emitter = Emitter { mapping: &read, symbols: &collected.symbols, report: &mut report };
    for ticket in collected.tickets {
        emitter.write(ticket, out).map_err(|error| vec![unwritable(&error)])?;
    }
    out.flush().map_err(|error| vec![unwritable(&error)])?;
    let (summary, mut problems) = report.finish().map_err(|problem| vec![problem])?;
    problems.extend(broken);
    Ok(Imported { summary, problems })
}

fn header(rows: &mut Rows, log: &str) -> Result<Header, Problem> {
    match rows.next()? {
        Next::Row(_) => {}
        Next::TooLong(_) | Next::End => {
            return Err(Problem::new(Code::EmptyLog, "the log has no first line", log));
        }
    }
    let name = |column| match std::str::from_utf8(rows.cell(column)) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(_) => Err(Problem::new(Code::NotUtf8, "the first line is not UTF-8", log)),
    };
    (0..rows.columns()).map(name).collect::<Result<_, _>>().map(Header::new)
}

fn unwritable(error: &std::io::Error) -> Problem {
    Problem::new(Code::Unwritable, format!("cannot write: {error}"), "")
}
