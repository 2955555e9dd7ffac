//! What became of the events: the lost ones with their lines, and the sums.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::Serialize;

use crate::error::{Code, Problem};
use crate::loss::{LossFile, MOST_SHOWN};

/// Why an event, or a part of it, is not in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    NotUtf8,
    TooLong,
    NotEnded,
    NoStart,
    BadStart,
    BadEnd,
    BadRule,
    OtherScale,
    ExRule,
    BadException,
    ThisAndFuture,
    UnknownZone,
    OutOfRange,
    TooMany,
    Timed,
    NoLength,
    TurnedClock,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::NotUtf8 => "not UTF-8",
            Self::TooLong => "a line longer than 1 MiB",
            Self::NotEnded => "the event has no end line",
            Self::NoStart => "no DTSTART",
            Self::BadStart => "a DTSTART that is no date or time",
            Self::BadEnd => "a DTEND or DURATION that is none, or ends before the start",
            Self::BadRule => "an RRULE that is not one of RFC 5545",
            Self::OtherScale => "a rule by another calendar than the Gregorian",
            Self::ExRule => "an EXRULE, which RFC 5545 has not; the dates that it takes away stay",
            Self::BadException => "an EXDATE, RDATE or RECURRENCE-ID that is no date or time",
            Self::ThisAndFuture => "RANGE=THISANDFUTURE; only the one occurrence was changed",
            Self::UnknownZone => "an unknown time zone",
            Self::OutOfRange => "outside 1970 to 2199",
            Self::TooMany => "more than 100,000 occurrences of one event, or 2,000,000 of all",
            Self::Timed => "part of a day: a holiday closes whole days",
            Self::NoLength => "no length: neither DTEND nor DURATION",
            Self::TurnedClock => {
                "only one of two equal wall-clock times when the clock is turned back; both are open"
            }
        }
    }
}

/// Something that was not carried over.
#[derive(Debug, Serialize)]
struct Lost<'a> {
    file: &'a str,
    line: u64,
    uid: &'a str,
    name: &'a str,
    reason: Reason,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

/// The sums of an import.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Events read.
    pub events: u64,
    /// Holidays made.
    pub holidays: u64,
    /// Days of the week with hours.
    pub weekdays: u64,
    /// Special days made.
    pub special_days: u64,
    /// Events, or parts of them, that could not be carried over.
    pub lost: u64,
    /// The same by reason.
    lost_by_reason: BTreeMap<Reason, u64>,
    /// Events that are marked as cancelled.
    pub cancelled: u64,
    /// Events that `--without` leaves out.
    pub left_out: u64,
    /// Dates that were there already under the same name.
    pub duplicates: u64,
    /// Dates outside the years asked for.
    pub outside: u64,
    /// Components that are no events, such as tasks.
    pub others: u64,
    /// Endless rules that were written date by date, up to a year.
    pub endless: u64,
    /// Times that were rounded to whole minutes.
    pub rounded: u64,
    /// Starts that do not fit their own rule; they count as well.
    pub odd_starts: u64,
    /// Weekly hours that hold for the time before their first date as well.
    pub extended: u64,
    /// Ends on the day of the start; they count as one day.
    pub empty_days: u64,
}

/// Where an event is, for the report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    pub(super) uid: &'a str,
    pub(super) name: &'a str,
}

/// Collects what became of the events.
pub(super) struct Report<'a> {
    pub(super) summary: Summary,
    file: LossFile<'a>,
    pub(super) shown: Vec<Problem>,
    /// The patterns, by their number, that left something out.
    pub(super) patterns: BTreeSet<usize>,
    /// Occurrences found so far; an event that repeats counts for a hundred at least.
    pub(super) occurrences: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: Option<Box<dyn Write + 'a>>) -> Self {
        Self {
            summary: Summary::default(),
            file: LossFile::new(file),
            shown: Vec::new(),
            patterns: BTreeSet::new(),
            occurrences: 0,
        }
    }

    pub(super) fn lost(&mut self, place: Place<'_>, reason: Reason, value: Option<&str>) {
        self.summary.lost += 1;
        *self.summary.lost_by_reason.entry(reason).or_default() += 1;
        let Place { file, line, uid, name } = place;
        self.file.write(&Lost { file, line, uid, name, reason, message: reason.text(), value });
        if self.summary.lost <= MOST_SHOWN {
            let value = value.map(|value| format!(": `{}`", shortened(value))).unwrap_or_default();
            let name = if name.is_empty() { String::new() } else { format!(", `{}`", shortened(name)) };
            let uid = if uid.is_empty() { String::new() } else { format!(", UID `{}`", shortened(uid)) };
            let place = format!("{file}, line {line}{name}{uid}");
            self.shown.push(Problem::new(Code::LostEvents, format!("{}{value}", reason.text()), place));
        }
    }

    /// Ends the report; gives the sums and what to show.
    pub(super) fn finish(self) -> Result<(Summary, Vec<Problem>), Problem> {
        self.file.finish(&self.summary)?;
        Ok((self.summary, self.shown))
    }
}

/// A text that fits on a line.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let line: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}

impl Summary {
    /// How many lost events are not among the problems.
    #[must_use]
    pub fn not_shown(&self) -> u64 {
        self.lost.saturating_sub(MOST_SHOWN)
    }

    /// The sums for a person, a line each; what is zero and exceptional is left out.
    #[must_use]
    pub fn lines(&self) -> Vec<(u64, String)> {
        let mut lines = vec![(self.events, "events".to_owned()), (self.holidays, "holidays".to_owned())];
        let made = [(self.weekdays, "days of the week with hours"), (self.special_days, "special days")];
        let rare = [
            (self.cancelled, "cancelled events"),
            (self.left_out, "events left out by --without"),
            (self.duplicates, "dates that were there already under the same name"),
            (self.outside, "dates outside the years asked for"),
            (self.others, "components that are not events"),
            (self.endless, "endless rules written date by date; --until says how far"),
            (self.rounded, "times rounded to whole minutes"),
            (self.odd_starts, "starts that their own rule does not give; they count as well"),
            (self.extended, "weekly hours that hold before their first date as well"),
            (self.empty_days, "ends on the day of the start, read as one day"),
        ];
        let some = |(count, what): (u64, &str)| (count > 0).then(|| (count, what.to_owned()));
        lines.extend(made.into_iter().filter_map(some));
        let lost = &self.lost_by_reason;
        lines.extend(lost.iter().map(|(reason, count)| (*count, format!("lost: {}", reason.text()))));
        lines.extend(rare.into_iter().filter_map(some));
        lines
    }
}
