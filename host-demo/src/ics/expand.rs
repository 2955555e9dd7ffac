//! The occurrences of an event, on the wall clock of its start.

use std::collections::{HashMap, HashSet};

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::dates::TimeOrDelta;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::event::{Event, On, Time};
use super::feed::Feed;
use super::report::Reason;
use super::zones::Zones;

/// Most occurrences of one event.
const MOST: usize = 100_000;

/// An occurrence: when it begins, and how long it is.
pub(super) type Occurrence = (NaiveDateTime, TimeDelta);

/// The occurrences of an event.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    /// In order.
    pub(super) all: Vec<Occurrence>,
    /// The event's own start is not what its rule gives.
    pub(super) odd_start: bool,
}

/// For each file and UID the occurrences for which another event stands.
#[derive(Debug, Default)]
pub(super) struct Replaced<'a>(HashMap<&'a str, HashMap<&'a str, Vec<Time>>>);

impl<'a> Replaced<'a> {
    pub(super) fn of(feeds: &'a [Feed]) -> Self {
        let mut replaced: HashMap<&str, HashMap<&str, Vec<Time>>> = HashMap::new();
        for event in feeds.iter().flat_map(|feed| &feed.events) {
            if let Some(time) = event.instead_of {
                replaced.entry(&event.file).or_default().entry(&event.uid).or_default().push(time);
            }
        }
        Self(replaced)
    }

    /// The occurrences of an event that are not its own.
    pub(super) fn by_others(&self, event: &Event) -> &[Time] {
        let none = event.instead_of.is_some() || event.is_single();
        let found = if none { None } else { self.0.get(&*event.file).and_then(|file| file.get(&*event.uid)) };
        found.map_or(&[], |times| times)
    }
}

impl Event {
    /// Whether one of its rules has no end.
    pub(super) fn is_endless(&self) -> bool {
        self.rules.iter().any(|rule| rule.until.is_none() && rule.count.is_none())
    }

    /// The occurrences that begin up to the end of a date.
    pub(super) fn occurrences(
        &self,
        last: NaiveDate,
        replaced: &Replaced<'_>,
        zones: &Zones,
    ) -> Result<Occurrences, Reason> {
        let mut starts: Vec<Occurrence> = Vec::new();
        for rule in &self.rules {
            let mut rule = rule.clone();
            let end = last.and_hms_opt(23, 59, 59).ok_or(Reason::OutOfRange)?;
            let until =
                rule.until.as_ref().map(|until| self.end_of_rule(until, zones).ok_or(Reason::BadRule));
            rule.until = Some(partial(until.transpose()?.map_or(end, |until| until.min(end))));
            starts.extend(expanded(self.start.local, rule)?.into_iter().map(|start| (start, self.length)));
        }
        let odd_start = !self.rules.is_empty()
            && self.start.local.date() <= last
            && !starts.iter().any(|(start, _)| *start == self.start.local);
        if self.rules.is_empty() || odd_start {
            starts.push((self.start.local, self.length));
        }
        for (time, length) in &self.also {
            let local = self.on_own_clock(*time, zones).ok_or(Reason::OutOfRange)?;
            starts.push((local, length.unwrap_or(self.length)));
        }
        let except = self.except.iter().chain(replaced.by_others(self));
        let (mut times, mut dates) = (HashSet::new(), HashSet::new());
        for time in except {
            if time.on == On::Date || self.is_all_day() {
                dates.insert(time.local.date());
            } else {
                times.extend(self.on_own_clock(*time, zones));
            }
        }
        starts.retain(|(start, _)| {
            start.date() <= last && !times.contains(start) && !dates.contains(&start.date())
        });
        starts.sort_unstable();
        starts.dedup();
        Ok(Occurrences { all: starts, odd_start })
    }

    /// What the clock of its start shows at a time.
    pub(super) fn on_own_clock(&self, time: Time, zones: &Zones) -> Option<NaiveDateTime> {
        match (self.start.on, time.on) {
            (On::Date, _) => Some(time.local.date().and_time(NaiveTime::MIN)),
            (_, On::Date) => Some(time.local.date().and_time(self.start.local.time())),
            (On::Zone(own), On::Zone(other)) if own != other => {
                zones.local(zones.instant(time.local, other)?, own)
            }
            _ => Some(time.local),
        }
    }

    /// The last time at which an occurrence may begin.
    fn end_of_rule(&self, until: &PartialDateTime, zones: &Zones) -> Option<NaiveDateTime> {
        let read = until.to_date_time()?;
        if self.is_all_day() || !until.has_time() {
            return read.date_time.date().and_hms_opt(23, 59, 59);
        }
        match (read.offset, self.start.on) {
            (Some(_), On::Zone(own)) => {
                let at = slaclock_core::Instant::from_ms(read.date_time.and_utc().timestamp_millis());
                // An end beyond the range is as good as none.
                Some(at.and_then(|at| zones.local(at, own)).unwrap_or(read.date_time))
            }
            _ => Some(read.date_time),
        }
    }
}

/// A time on no particular clock, as the crate writes it.
fn partial(local: NaiveDateTime) -> PartialDateTime {
    let small = |number: u32| u8::try_from(number).ok();
    PartialDateTime {
        year: u16::try_from(local.year()).ok(),
        month: small(local.month()),
        day: small(local.day()),
        hour: small(local.hour()),
        minute: small(local.minute()),
        second: small(local.second()),
        ..PartialDateTime::default()
    }
}

/// The starts that a rule gives.
fn expanded(start: NaiveDateTime, rule: ICalendarRecurrenceRule) -> Result<Vec<NaiveDateTime>, Reason> {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    let entry = |name, value| ICalendarEntry::new(name).with_value(value);
    event.entries = vec![
        entry(ICalendarProperty::Dtstart, ICalendarValue::PartialDateTime(Box::new(partial(start)))),
        entry(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
    ];
    let expanded = ICalendar { components: vec![event] }.expand_dates(Tz::Floating, MOST + 1);
    if !expanded.errors.is_empty() {
        return Err(Reason::BadRule);
    }
    if expanded.events.len() > MOST {
        return Err(Reason::TooMany);
    }
    debug_assert!(expanded.events.iter().all(|event| matches!(event.end, TimeOrDelta::Delta(_))));
    Ok(expanded.events.into_iter().map(|event| event.start.naive_local()).collect())
}
