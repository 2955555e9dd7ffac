//! What became of the rows: the bad ones with their lines, and the sums.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use crate::error::{Code, Problem};
use crate::loss::{LossFile, MOST_SHOWN};

/// Why a row, or what it says, was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    Columns,
    TooLong,
    NotUtf8,
    NoCase,
    NoInstant,
    BadInstant,
    OutOfRange,
    AmbiguousTime,
    SkippedTime,
    BadValue,
    BeforeCreation,
    NoCreation,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Columns => "more or fewer columns than the first line",
            Self::TooLong => "longer than 16 MiB or 10,000 columns",
            Self::NotUtf8 => "not UTF-8",
            Self::NoCase => "no case id",
            Self::NoInstant => "no instant",
            Self::BadInstant => "not an instant of these formats",
            Self::OutOfRange => "outside 1970 to 2199",
            Self::AmbiguousTime => "a local time that occurs twice",
            Self::SkippedTime => "a local time that does not occur",
            Self::BadValue => "a value that the mapping calls bad",
            Self::BeforeCreation => "before the ticket was created",
            Self::NoCreation => "no row says when the ticket was created",
        }
    }
}

/// A row that was not used.
#[derive(Debug, Serialize)]
struct Bad<'a> {
    line: u64,
    reason: Reason,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

/// The sums of an import.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows read, without the first line.
    pub rows: u64,
    /// Tickets made.
    pub tickets: u64,
    /// Events made.
    pub events: u64,
    /// Rows, or what some of them say, that could not be used.
    pub bad: u64,
    /// The same by reason.
    bad_by_reason: BTreeMap<Reason, u64>,
    /// Rows that the mapping leaves out.
    pub left_out: u64,
    /// Rows that change nothing, dropped as the mapping says.
    pub unchanged: u64,
    /// Local times that occur twice and were read as the mapping says.
    pub ambiguous: u64,
    /// Local times that do not occur and were read as the end of the gap.
    pub skipped: u64,
    /// Instants whose digits beyond milliseconds were cut.
    pub digits_cut: u64,
    /// Events before their ticket's creation, moved to it.
    pub moved: u64,
}

/// Collects what became of the rows.
pub(super) struct Report<'a> {
    pub(super) summary: Summary,
    log: &'a str,
    file: LossFile<'a>,
    shown: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(log: &'a str, file: Option<Box<dyn Write + 'a>>) -> Self {
        Self { summary: Summary::default(), log, file: LossFile::new(file), shown: Vec::new() }
    }

    pub(super) fn bad(&mut self, line: u64, reason: Reason, column: Option<&str>, value: Option<&str>) {
        self.summary.bad += 1;
        *self.summary.bad_by_reason.entry(reason).or_default() += 1;
        self.file.write(&Bad { line, reason, message: reason.text(), column, value });
        if self.summary.bad <= MOST_SHOWN {
            let column = column.map(|column| format!(", column `{column}`")).unwrap_or_default();
            let value = value.map(|value| format!(": `{value}`")).unwrap_or_default();
            let code = if reason == Reason::NoCreation { Code::BadTickets } else { Code::BadRows };
            let place = format!("{}, line {line}{column}", self.log);
            self.shown.push(Problem::new(code, format!("{}{value}", reason.text()), place));
        }
    }

    /// Ends the report; gives the sums and the bad rows to show.
    pub(super) fn finish(self) -> Result<(Summary, Vec<Problem>), Problem> {
        self.file.finish(&self.summary)?;
        Ok((self.summary, self.shown))
    }
}

impl Summary {
    /// The sums for a person, a line each; what is zero and exceptional is left out.
    #[must_use]
    pub fn lines(&self) -> Vec<(u64, String)> {
        let mut lines = vec![
            (self.rows, "rows".to_owned()),
            (self.tickets, "tickets".to_owned()),
            (self.events, "events".to_owned()),
        ];
        let bad =
            self.bad_by_reason.iter().map(|(reason, count)| (*count, format!("bad: {}", reason.text())));
        lines.extend(bad);
        let rare = [
            (self.left_out, "rows left out by the mapping"),
            (self.unchanged, "rows that change nothing, dropped"),
            (self.ambiguous, "local times that occur twice"),
            (self.skipped, "local times that do not occur, moved to the end of the gap"),
            (self.digits_cut, "instants cut to milliseconds"),
            (self.moved, "events before their ticket, moved to its creation"),
        ];
        lines.extend(
            rare.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| (count, what.to_owned())),
        );
        lines
    }
}
