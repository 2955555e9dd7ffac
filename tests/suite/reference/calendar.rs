//! Is a calendar open at an instant? By looking at the wall clock, and at nothing else.

use jiff::civil::Date;
use serde_json::Value;

use super::MINUTE;
use super::wall::Wall;

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `from` and `to` of one line of hours, in milliseconds of the day; `to < from` runs past midnight.
type Line = (i64, i64);

/// The days `first..=last`, counted from 1970-01-01.
type Days = (i64, i64);

/// A calendar read straight from its document.
pub(crate) struct SlowCalendar {
    pub(crate) wall: Wall,
    week: [Vec<Line>; 7],
    holidays: Vec<Days>,
    special_days: Vec<(Days, Vec<Line>)>,
}

impl SlowCalendar {
    /// Reads `{"time_zone", "hours", "holidays", "special_days"}`.
    pub(crate) fn of(document: &Value) -> Self {
        Self::in_zone(document, document["time_zone"].as_str().expect("a calendar with its zone"))
    }

    /// As [`SlowCalendar::of`] where the zone comes from elsewhere.
    pub(crate) fn in_zone(document: &Value, zone: &str) -> Self {
        let holidays = list(&document["holidays"]).iter().map(|holiday| days(&holiday["date"]));
        let special =
            list(&document["special_days"]).iter().map(|day| (days(&day["date"]), lines(&day["hours"])));
        Self {
            wall: Wall::of(zone),
            week: week(&document["hours"]),
            holidays: holidays.collect(),
            special_days: special.collect(),
        }
    }

    /// Open all the time, or never.
    pub(crate) fn built_in(name: &str) -> Option<Self> {
        let whole_day = match name {
            "always" => vec![(0, 24 * super::HOUR)],
            "never" => vec![],
            _ => return None,
        };
        let week = std::array::from_fn(|_| whole_day.clone());
        Some(Self { wall: Wall::of("UTC"), week, holidays: vec![], special_days: vec![] })
    }

    /// Whether the wall clock, at this instant, reads an open time of its date.
    pub(crate) fn is_open(&self, ms: i64) -> bool {
        let (day, time) = self.wall.reads(ms);
        let own = |line: &Line| line.0 <= time && (time < line.1 || line.1 < line.0);
        let tail = |line: &Line| line.1 < line.0 && time < line.1;
        if let Some(hours) = self.special_day(day) {
            return hours.iter().any(own);
        }
        if self.holidays.iter().any(|days| contains(*days, day)) {
            return false;
        }
        self.weekly(day).iter().any(own)
            || self.weekly(day - 1).iter().any(tail)
            || self.special_day(day - 1).is_some_and(|hours| hours.iter().any(tail))
    }

    /// Whether the day (from 1970-01-01) is a special day, and whether it is a holiday.
    pub(crate) fn exception(&self, day: i64) -> (bool, bool) {
        (self.special_day(day).is_some(), self.holidays.iter().any(|days| contains(*days, day)))
    }

    fn special_day(&self, day: i64) -> Option<&[Line]> {
        self.special_days.iter().find(|(days, _)| contains(*days, day)).map(|(_, hours)| hours.as_slice())
    }

    fn weekly(&self, day: i64) -> &[Line] {
        // 1970-01-01 was a Thursday.
        &self.week[(day + 3).rem_euclid(7) as usize]
    }
}

fn contains(days: Days, day: i64) -> bool {
    days.0 <= day && day <= days.1
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn week(hours: &Value) -> [Vec<Line>; 7] {
    let keys = hours.as_object();
    let place = |name: &str| WEEK.iter().position(|day| *day == name).expect("a weekday");
    std::array::from_fn(|day| {
        let own = keys.and_then(|keys| keys.get(WEEK[day]));
        let range = keys.into_iter().flatten().find(|(key, _)| {
            key.split_once('-').is_some_and(|(from, to)| place(from) <= day && day <= place(to))
        });
        own.or(range.map(|(_, hours)| hours)).map_or_else(Vec::new, lines)
    })
}

fn lines(hours: &Value) -> Vec<Line> {
    let time = |text: &str| {
        let (hour, minute) = text.split_once(':').expect("HH:MM");
        (hour.parse::<i64>().expect("hours") * 60 + minute.parse::<i64>().expect("minutes")) * MINUTE
    };
    let line = |text: &Value| {
        let (from, to) = text.as_str().and_then(|text| text.split_once('-')).expect("from-to");
        (time(from), time(to))
    };
    list(hours).iter().map(line).collect()
}

fn days(date: &Value) -> Days {
    let day = |text: &str| {
        let date: Date = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        i64::from((date - jiff::civil::date(1970, 1, 1)).get_days())
    };
    let text = date.as_str().expect("a date");
    text.split_once("..").map_or_else(|| (day(text), day(text)), |(first, last)| (day(first), day(last)))
}
