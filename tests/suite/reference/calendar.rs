//! Is a calendar open at an instant? By looking at the wall clock, and at nothing else.

use std::cell::{Cell, RefCell};

use serde_json::Value;

use super::dates::{self, Days};
use super::wall::Wall;
use super::{DAY, MINUTE};

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `from` and `to` of one line of hours, in milliseconds of the day; `to < from` runs past midnight.
type Line = (i64, i64);

/// A calendar read straight from its document.
pub(crate) struct SlowCalendar {
    pub(crate) wall: Wall,
    week: [Vec<Line>; 7],
    /// Holidays as written, by date or by rule.
    holidays: Vec<Value>,
    special_days: Vec<(Days, Vec<Line>)>,
    /// Calendars of which any, or all, must be open instead of hours of its own.
    any_of: Vec<SlowCalendar>,
    all_of: Vec<SlowCalendar>,
    /// Calendars during which it is closed all the same.
    except: Vec<SlowCalendar>,
    /// The date asked about last and its hours.
    last_day: Cell<i64>,
    last_hours: RefCell<Vec<Line>>,
}

impl SlowCalendar {
    /// Reads `{"time_zone", "hours", "holidays", "special_days"}`.
    pub(crate) fn of(document: &Value) -> Self {
        Self::in_zone(document, document["time_zone"].as_str().expect("a calendar with its zone"))
    }

    /// As [`SlowCalendar::of`] where the zone comes from elsewhere.
    pub(crate) fn in_zone(document: &Value, zone: &str) -> Self {
        let special = list(&document["special_days"])
            .iter()
            .map(|day| (dates::explicit(day["date"].as_str().expect("a date")), lines(&day["hours"])));
        Self {
            wall: Wall::of(zone),
            week: week(&document["hours"]),
            holidays: list(&document["holidays"]).to_vec(),
            special_days: special.collect(),
            any_of: vec![],
            all_of: vec![],
            except: vec![],
            last_day: Cell::new(i64::MIN),
            last_hours: RefCell::default(),
        }
    }

    /// The calendar of this name among `calendars`; `zone` is for those that name none.
    pub(crate) fn named(name: &str, calendars: &Value, zone: &str) -> Self {
        Self::built_in(name).unwrap_or_else(|| {
            let document = &calendars[name];
            let parts = |key: &str| {
                let names = list(&document[key]).iter().map(|name| name.as_str().expect("a name"));
                names.map(|name| Self::named(name, calendars, zone)).collect()
            };
            let mut calendar = Self::in_zone(document, document["time_zone"].as_str().unwrap_or(zone));
            calendar.any_of = parts("any_of");
            calendar.all_of = parts("all_of");
            calendar.except = parts("except");
            calendar
        })
    }

    /// Open all the time, or never.
    pub(crate) fn built_in(name: &str) -> Option<Self> {
        let hours = match name {
            "always" => "00:00-24:00",
            "never" => return Some(Self::in_zone(&Value::Null, "UTC")),
            _ => return None,
        };
        Some(Self::in_zone(&serde_json::json!({"hours": {"mon-sun": [hours]}}), "UTC"))
    }

    /// Whether the wall clock, at this instant, reads an open time of its date.
    pub(crate) fn is_open(&self, ms: i64) -> bool {
        let open = if !self.any_of.is_empty() {
            self.any_of.iter().any(|part| part.is_open(ms))
        } else if !self.all_of.is_empty() {
            self.all_of.iter().all(|part| part.is_open(ms))
        } else {
            self.own_hours_hold(ms)
        };
        open && !self.except.iter().any(|part| part.is_open(ms))
    }

    fn own_hours_hold(&self, ms: i64) -> bool {
        let (day, time) = self.wall.reads(ms);
        if self.last_day.replace(day) != day {
            *self.last_hours.borrow_mut() = self.hours_of(day);
        }
        self.last_hours.borrow().iter().any(|line| line.0 <= time && time < line.1)
    }

    /// The open times of one date, none of them past its midnight.
    fn hours_of(&self, day: i64) -> Vec<Line> {
        let own = |line: &Line| (line.0, if line.1 < line.0 { DAY } else { line.1 });
        let tail = |line: &Line| (line.1 < line.0).then_some((0, line.1));
        if let Some(hours) = self.special_day(day) {
            return hours.iter().map(own).collect();
        }
        if self.holidays.iter().any(|holiday| dates::falls_on(holiday, day)) {
            return vec![];
        }
        let tails = self.weekly(day - 1).iter().chain(self.special_day(day - 1).unwrap_or_default());
        self.weekly(day).iter().map(own).chain(tails.filter_map(tail)).collect()
    }

    /// Whether the day (from 1970-01-01) is a special day, and whether it is a holiday.
    pub(crate) fn exception(&self, day: i64) -> (bool, bool) {
        (self.special_day(day).is_some(), self.holidays.iter().any(|holiday| dates::falls_on(holiday, day)))
    }

    fn special_day(&self, day: i64) -> Option<&[Line]> {
        self.special_days
            .iter()
            .find(|(days, _)| dates::contains(*days, day))
            .map(|(_, hours)| hours.as_slice())
    }

    fn weekly(&self, day: i64) -> &[Line] {
        // 1970-01-01 was a Thursday.
        &self.week[(day + 3).rem_euclid(7) as usize]
    }
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
