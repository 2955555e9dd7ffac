//! All-day events as holidays.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::calendar::Holiday;
use super::event::Event;
use super::expand::{Occurrence, Occurrences, Replaced};
use super::report::{Reason, Report};
use super::rule;
use super::zones::Zones;
use super::{Options, YEARS};

/// Makes holidays of all-day events.
pub(super) struct Holidays<'a, 'b> {
    pub(super) options: &'a Options,
    pub(super) zones: &'a Zones,
    pub(super) replaced: &'a Replaced<'a>,
    pub(super) report: &'a mut Report<'b>,
}

impl Holidays<'_, '_> {
    /// The holidays of some events: rules first, as they come, then dates in order.
    pub(super) fn of(&mut self, events: &[&Event]) -> Vec<Holiday> {
        let (mut rules, mut dates) = (Vec::new(), Vec::new());
        let mut known = HashSet::new();
        for event in events {
            if let Some(holiday) = self.kept(event) {
                self.add(holiday, &mut known, &mut rules);
            } else {
                for holiday in self.listed(event) {
                    self.add(holiday, &mut known, &mut dates);
                }
            }
        }
        dates.sort_by(|a, b| a.date.cmp(&b.date));
        rules.extend(dates);
        self.report.summary.holidays = rules.len() as u64;
        rules
    }

    fn add(&mut self, holiday: Holiday, known: &mut HashSet<Holiday>, list: &mut Vec<Holiday>) {
        if known.insert(holiday.clone()) {
            list.push(holiday);
        } else {
            self.report.summary.duplicates += 1;
        }
    }

    /// The event as a rule of ours, if that says exactly what its rule says.
    fn kept(&self, event: &Event) -> Option<Holiday> {
        let plain =
            event.also.is_empty() && event.except.is_empty() && self.replaced.by_others(event).is_empty();
        let date = rule::yearly(event).filter(|_| plain)?;
        let last = last_date(if event.is_endless() { event.start.local.year() + 8 } else { *YEARS.end() })?;
        let occurrences = event.occurrences(last, self.replaced, self.zones).ok()?;
        let (first, end) = (occurrences.all.first()?.0.year(), occurrences.all.last()?.0.year());
        if occurrences.odd_start || (!event.is_endless() && end < *YEARS.start()) {
            return None;
        }
        Some(Holiday {
            date,
            name: event.name.clone(),
            from: (first > *YEARS.start()).then_some(first),
            until: (!event.is_endless()).then_some(end),
        })
    }

    /// The event date by date.
    fn listed(&mut self, event: &Event) -> Vec<Holiday> {
        let endless = event.is_endless();
        self.report.summary.endless += u64::from(endless);
        let year = if endless { self.options.end_of_endless() } else { *YEARS.end() };
        let mut holidays = Vec::new();
        for (start, length) in occurrences(event, year, self.replaced, self.zones, self.report) {
            let first = start.date();
            let last = first.checked_add_signed(length - TimeDelta::days(1)).unwrap_or(first);
            if first.year() < *YEARS.start() || last.year() > *YEARS.end() {
                if event.is_single() {
                    self.report.lost(event.place(), Reason::OutOfRange, None);
                }
                continue;
            }
            if first.year() < self.options.first_year() || first.year() > self.options.last_year() {
                self.report.summary.outside += 1;
                continue;
            }
            let date = if first == last { first.to_string() } else { format!("{first}..{last}") };
            holidays.push(Holiday { date, name: event.name.clone(), from: None, until: None });
        }
        holidays
    }
}

/// The last date of a year.
pub(super) fn last_date(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

/// Most occurrences of all events.
const MOST: usize = 2_000_000;

/// The occurrences up to the end of a year; none if the event is lost.
pub(super) fn occurrences(
    event: &Event,
    year: i32,
    replaced: &Replaced<'_>,
    zones: &Zones,
    report: &mut Report<'_>,
) -> Vec<Occurrence> {
    let last = last_date(year).ok_or(Reason::OutOfRange);
    let read = last.and_then(|last| bounded(event, last, replaced, zones, report));
    match read {
        Ok(read) => {
            report.summary.odd_starts += u64::from(read.odd_start);
            read.all
        }
        Err(reason) => {
            report.lost(event.place(), reason, None);
            Vec::new()
        }
    }
}

/// The occurrences up to a date, unless there were too many before.
pub(super) fn bounded(
    event: &Event,
    last: NaiveDate,
    replaced: &Replaced<'_>,
    zones: &Zones,
    report: &mut Report<'_>,
) -> Result<Occurrences, Reason> {
    if report.occurrences > MOST {
        return Err(Reason::TooMany);
    }
    let occurrences = event.occurrences(last, replaced, zones)?;
    // To look for occurrences costs something where there are few as well.
    report.occurrences += occurrences.all.len().max(if event.is_single() { 1 } else { 100 });
    Ok(occurrences)
}
