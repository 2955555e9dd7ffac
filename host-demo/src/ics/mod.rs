//! iCalendar (RFC 5545): feeds of holidays and opening hours read into a calendar document, and calendars and
//! deadlines written as feeds.
//!
//! What a feed says and a calendar document cannot say is counted and named with its line. Wall-clock times
//! stay wall-clock times: a rule of a feed is expanded on the clock of its zone, never in UTC.

mod alike;
mod calendar;
mod deadlines;
mod event;
mod expand;
mod export;
mod feed;
mod guard;
mod holidays;
mod hours;
mod lines;
mod pattern;
mod reader;
mod report;
mod rule;
mod turned;
mod write;
mod zones;

use std::io::Write;
use std::path::PathBuf;

use slaclock_core::zone::Zone;

use crate::error::{Code, Problem};
pub use alike::Alike;
use calendar::{Calendar, Holiday};
pub use deadlines::{Deadlines, Form};
pub use export::{Span, calendar as export_calendar};
use feed::Feed;
pub use pattern::Pattern;
use report::Report;
pub use report::Summary;
use zones::Zones;

/// What the timed events of a feed are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing that a calendar can say: only all-day events count, each a holiday.
    Holidays,
    /// Opening hours; all-day events are holidays.
    Hours,
}

/// How feeds are to be read.
#[derive(Debug)]
pub struct Options {
    /// What its timed events are.
    pub kind: Kind,
    /// The zone of the calendar.
    pub zone: Option<Zone>,
    /// First year of dates that are listed one by one.
    pub from: Option<i32>,
    /// Last year of them.
    pub until: Option<i32>,
    /// Where an endless rule that cannot be kept as a rule ends, if `until` does not say.
    pub horizon: i32,
    /// Entries to leave out.
    pub without: Vec<Pattern>,
    /// The name under which an agreement lists the calendar.
    pub name: Option<String>,
    /// Write one line of JSON instead of YAML.
    pub json: bool,
}

/// First and last year of the engine's range.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

impl Options {
    fn first_year(&self) -> i32 {
        self.from.unwrap_or(*YEARS.start())
    }

    fn last_year(&self) -> i32 {
        self.until.unwrap_or(*YEARS.end())
    }

    /// The last year in which an endless rule is written date by date.
    fn end_of_endless(&self) -> i32 {
        self.until.unwrap_or(self.horizon)
    }
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The calendar document.
    pub text: String,
    /// The sums.
    pub summary: Summary,
    /// The first events that were lost, and what broke the reading off.
    pub problems: Vec<Problem>,
    holidays: Vec<Holiday>,
}

impl Imported {
    /// Shipped sets that close the same days.
    #[must_use]
    pub fn alike(&self) -> Option<Alike> {
        alike::alike(&self.holidays)
    }
}

/// Reads feeds into one calendar document.
///
/// `report` gets every lost event and the sums as JSON Lines.
///
/// # Errors
/// A file cannot be read or is not iCalendar, or the calendar would be too large.
pub fn import(
    files: &[PathBuf],
    options: &Options,
    report: Option<Box<dyn Write + '_>>,
) -> Result<Imported, Vec<Problem>> {
    let mut report = Report::new(report);
    let mut zones = Zones::default();
    let mut feeds = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        match Feed::read(file, &mut zones, options, &mut report) {
            Ok(feed) => feeds.push(feed),
            Err(problem) => wrong.push(problem),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let calendar = Calendar::of(&feeds, &mut zones, options, &mut report).map_err(|problem| vec![problem])?;
    let text = if options.json { calendar.json() } else { calendar.yaml() };
    if text.len() > crate::document::LARGEST {
        let message = format!("the calendar would have {} bytes, more than a document may have", text.len());
        let mend = "ask for fewer years with --from and --until";
        return Err(vec![Problem::new(Code::FeedTooLarge, message, "").with_mend(mend)]);
    }
    let unused = options.without.iter().enumerate().filter(|(index, _)| !report.patterns.contains(index));
    let unused: Vec<&Pattern> = unused.map(|(_, pattern)| pattern).collect();
    for pattern in unused {
        let message = format!("nothing is called `{}`", pattern.text());
        report.shown.push(Problem::new(Code::UnusedPattern, message, "--without"));
    }
    let (summary, problems) = report.finish().map_err(|problem| vec![problem])?;
    Ok(Imported { text, summary, problems, holidays: calendar.holidays })
}
