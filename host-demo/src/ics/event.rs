//! An event as a feed says it.

use calcard::icalendar::{
    ICalendarComponent, ICalendarProperty as Property, ICalendarRecurrenceRule, ICalendarValue as Value,
};
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use super::report::Place;
use super::zones::{ZoneId, Zones};

/// A date, or a time on the wall clock of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// Midnight for a date.
    pub(super) local: NaiveDateTime,
    pub(super) on: On,
}

/// On which clock a time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// It is a date.
    Date,
    /// On the clock of who looks at it.
    Anywhere,
    /// On the clock of a zone.
    Zone(ZoneId),
}

/// An event.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) uid: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) categories: Vec<String>,
    pub(super) start: Time,
    /// On the wall clock of the start.
    pub(super) length: TimeDelta,
    pub(super) rules: Vec<ICalendarRecurrenceRule>,
    /// Occurrences beside those of the rules, some with a length of their own.
    pub(super) also: Vec<(Time, Option<TimeDelta>)>,
    pub(super) except: Vec<Time>,
    /// The occurrence of another event that this one stands for.
    pub(super) instead_of: Option<Time>,
    pub(super) cancelled: bool,
    /// Its start is an instant in UTC.
    pub(super) is_utc: bool,
}

impl Event {
    /// Whether it stands on the clock of a zone, be it UTC.
    pub(super) fn has_zone(&self) -> bool {
        matches!(self.start.on, On::Zone(_))
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place { file: &self.file, line: self.line, uid: &self.uid, name: &self.name }
    }

    pub(super) fn is_all_day(&self) -> bool {
        self.start.on == On::Date
    }

    /// Whether it happens once.
    pub(super) fn is_single(&self) -> bool {
        self.rules.is_empty() && self.also.is_empty()
    }

    /// Outlook marks events from midnight to midnight as all-day.
    pub(super) fn as_whole_days(&mut self, component: &ICalendarComponent) {
        let marked = component.entries.iter().any(|entry| {
            matches!(&entry.name, Property::Other(name) if name.eq_ignore_ascii_case("X-MICROSOFT-CDO-ALLDAYEVENT"))
                && entry.values.first().and_then(Value::as_text).is_some_and(|text| text.trim().eq_ignore_ascii_case("TRUE"))
        });
        if marked {
            self.make_whole_days();
        }
    }

    /// Puts an event that happens once on the clock of a zone.
    pub(super) fn move_to(&mut self, zone: ZoneId, zones: &Zones) {
        let On::Zone(own) = self.start.on else { return };
        let moved = |local| zones.local(zones.instant(local, own)?, zone);
        let end = self.start.local.checked_add_signed(self.length).and_then(moved);
        if let (Some(start), Some(end)) = (moved(self.start.local), end) {
            self.start = Time { local: start, on: On::Zone(zone) };
            self.length = end - start;
        }
    }

    /// Makes it all-day if it is a whole number of days from midnight.
    pub(super) fn make_whole_days(&mut self) {
        if let Some(length) = whole_days(self.start.local, self.length) {
            self.length = length;
            for time in self.also.iter_mut().map(|(time, _)| time).chain([&mut self.start]) {
                *time = Time { local: time.local.date().and_time(NaiveTime::MIN), on: On::Date };
            }
        }
    }
}

/// The length in whole days of what begins at midnight and ends at one, or up to a minute before.
pub(super) fn whole_days(start: NaiveDateTime, length: TimeDelta) -> Option<TimeDelta> {
    let rounded = TimeDelta::minutes(length.num_seconds().checked_add(59)?.div_euclid(60));
    let rounded =
        if (rounded.num_minutes() + 1) % 1440 == 0 { rounded + TimeDelta::minutes(1) } else { rounded };
    (start.time() == NaiveTime::MIN && rounded.num_minutes() > 0 && rounded.num_minutes() % 1440 == 0)
        .then_some(rounded)
}
