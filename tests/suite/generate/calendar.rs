//! Random calendars, and instants near whatever is awkward about them.

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::reference::{DAY, HOUR, MINUTE, Wall, text_of};

/// Zones with an odd history, beside some plain ones.
const ZONES: [&str; 24] = [
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Monrovia",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Rome",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kwajalein",
    "UTC",
];

/// Minutes of the day at which offsets change or days begin and end, beside office hours.
const EDGES: [u32; 16] = [0, 1, 30, 60, 90, 120, 150, 180, 240, 540, 720, 1020, 1320, 1380, 1410, 1439];

/// The last instant of the range, exclusive.
pub(crate) const END_OF_TIME: i64 = 7_258_118_400_000;

/// How many dates one special day may cover.
const SPECIAL_RANGE: i64 = 2;

/// A calendar document, and the instant around which its holidays and special days lie.
#[derive(Clone)]
pub(crate) struct CalendarCase {
    pub(crate) document: Value,
    pub(crate) center: i64,
}

impl fmt::Debug for CalendarCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} around {}", self.document, text_of(self.center))
    }
}

impl CalendarCase {
    /// From some days before the center to some days after, within the range of instants.
    pub(crate) fn window(&self) -> (i64, i64) {
        ((self.center - 4 * DAY).max(0), (self.center + 8 * DAY).min(END_OF_TIME))
    }
}

/// An instant described by where it lies in a window, for the shrinker's sake.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// So many milliseconds from the center.
    Near(i64),
    /// So many milliseconds from the n-th edge (opening or closing) of the window.
    Edge(usize, i64),
}

impl Place {
    /// The instant, held within the window.
    pub(crate) fn resolve(&self, case: &CalendarCase, edges: &[i64]) -> i64 {
        let (first, last) = case.window();
        let at = match *self {
            Self::Edge(index, by) if !edges.is_empty() => edges[index % edges.len()] + by,
            Self::Near(by) | Self::Edge(_, by) => case.center + by,
        };
        at.clamp(first, last - 1)
    }
}

pub(crate) fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        3 => (any::<u16>(), -1i64..=1).prop_map(|(index, by)| Place::Edge(usize::from(index), by)),
        2 => (-240i64..240).prop_map(|minutes| Place::Near(minutes * MINUTE)),
        2 => (-4 * DAY..8 * DAY).prop_map(Place::Near),
        1 => (-96i64..192).prop_map(|hours| Place::Near(hours * HOUR)),
    ]
}

pub(crate) fn calendar_case() -> impl Strategy<Value = CalendarCase> {
    (center(), plan()).prop_map(|(center, plan)| {
        let center = center.resolve(&Wall::of(plan.zone));
        CalendarCase { document: plan.document(center), center }
    })
}

/// A calendar whose holidays and special days lie so many days from a center.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) zone: &'static str,
    hours: Value,
    /// First day, and how many more.
    holidays: Vec<(i64, i64)>,
    special: Vec<(i64, i64, Value)>,
}

pub(super) fn plan() -> impl Strategy<Value = Plan> {
    let holidays = vec((-4i64..9, 0i64..3), 0..4);
    let special = vec((-4i64..9, 0i64..SPECIAL_RANGE, lines()), 0..4);
    (select(&ZONES), week(), holidays, special).prop_map(|(zone, hours, holidays, special)| Plan {
        zone,
        hours,
        holidays,
        special,
    })
}

impl Plan {
    pub(super) fn document(&self, center: i64) -> Value {
        let Self { zone, hours, holidays, special } = self;
        let (today, _) = Wall::of(zone).reads(center);
        let named =
            |(day, more): &(i64, i64)| Some(json!({"date": dates(today + day, *more)?, "name": "closed"}));
        let holidays: Vec<Value> = holidays.iter().filter_map(named).collect();
        let mut taken: Vec<i64> = vec![];
        let mut special_days: Vec<Value> = vec![];
        for (day, more, hours) in special {
            let days = today + day..=today + day + more;
            if let Some(date) =
                dates(today + day, *more).filter(|_| days.clone().all(|day| !taken.contains(&day)))
            {
                taken.extend(days);
                special_days.push(json!({"date": date, "hours": hours, "name": "special"}));
            }
        }
        json!({"time_zone": zone, "hours": hours, "holidays": holidays, "special_days": special_days})
    }
}

/// Where the interesting days of a calendar lie.
#[derive(Debug, Clone)]
pub(super) enum Center {
    At(i64),
    /// At the first change of the zone's offset after this instant, plus some hours.
    ChangeAfter(i64, i64),
}

impl Center {
    pub(super) fn resolve(&self, wall: &Wall) -> i64 {
        match *self {
            Self::At(at) => at,
            Self::ChangeAfter(at, hours) => wall.next_change(at).map_or(at, |change| change + hours * HOUR),
        }
    }
}

pub(super) fn center() -> impl Strategy<Value = Center> {
    let last = END_OF_TIME - 400 * DAY;
    prop_oneof![
        6 => (10 * DAY..last, -30i64..6).prop_map(|(at, hours)| Center::ChangeAfter(at, hours)),
        // The years in which governments changed their minds most often.
        6 => (10 * DAY..60 * 365 * DAY, -30i64..6).prop_map(|(at, hours)| Center::ChangeAfter(at, hours)),
        3 => (10 * DAY..last).prop_map(Center::At),
        1 => (0..DAY).prop_map(Center::At),
        1 => (0..DAY).prop_map(|before| Center::At(END_OF_TIME - 1 - before)),
    ]
}

/// `2026-12-24`, or `2026-12-24..2026-12-26` for more than one day; `None` outside 1970 to 2199.
fn dates(first: i64, more: i64) -> Option<String> {
    let date = |day: i64| (0..END_OF_TIME / DAY).contains(&day).then(|| text_of(day * DAY)[..10].to_owned());
    let (first, last) = (date(first)?, date(first + more)?);
    Some(if more == 0 { first } else { format!("{first}..{last}") })
}

/// Hours by single days, or by ranges of days with a single day beside them.
fn week() -> impl Strategy<Value = Value> {
    let single = vec(option::weighted(0.7, lines()), 7).prop_map(|days| {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let days = names.into_iter().zip(days);
        Value::Object(days.filter_map(|(name, lines)| Some((name.to_owned(), lines?))).collect::<Map<_, _>>())
    });
    let ranges = (lines(), option::of(lines()), option::of((select(&["tue", "fri", "sun"]), lines())));
    let ranges = ranges.prop_map(|(weekdays, weekend, single)| {
        let mut hours = Map::from_iter([("mon-fri".to_owned(), weekdays)]);
        hours.extend(weekend.map(|lines| ("sat-sun".to_owned(), lines)));
        hours.extend(single.map(|(day, lines)| (day.to_owned(), lines)));
        Value::Object(hours)
    });
    prop_oneof![single, ranges]
}

/// No to three lines of hours, which may overlap, touch, or run past midnight.
fn lines() -> impl Strategy<Value = Value> {
    let minute = || prop_oneof![3 => select(&EDGES), 1 => 0u32..1440];
    let end = prop_oneof![5 => minute(), 1 => Just(1440u32)];
    let line = (minute(), end).prop_map(|(from, to)| {
        let to = if to == from { (from + 45) % 1440 } else { to };
        json!(format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60))
    });
    vec(line, 0..=3).prop_map(Value::Array)
}
