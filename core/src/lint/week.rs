//! A week in which promises are compared, and when they would be due in it.

use core::cell::Cell;

use crate::agreement::{ANY_DAY, CalendarChoice, ClockDocument, DueDocument, Within};
use crate::calendar::{Calendar, DAY_NAMES, Date};
use crate::duration::Duration;
use crate::instant::{DAY_MS, Instant, MINUTE_MS};
use crate::policy::Fields;
use crate::zone::Zone;

use super::calendars::time;
use super::view::{Promise, View};

/// How many weeks from today are looked at for one that holidays spare.
const WEEKS: i64 = 12;
/// Days of a week.
const DAYS: i64 = 7;
/// Promises are compared for tickets of every quarter of an hour.
const STEP_MS: i64 = 15 * MINUTE_MS;

/// The reference week: of the next twelve the first with the most open time over all calendars.
pub(super) struct Week {
    monday: Date,
}

impl Week {
    pub(super) fn of(view: &View<'_>) -> Self {
        let days = i64::try_from(view.today.weekday()).unwrap_or_default();
        let first = view.today.plus(days.wrapping_neg());
        let calendars = view.document.calendars.0.iter().filter_map(|(name, _)| view.calendar(name));
        let calendars: Vec<_> = calendars.collect();
        let open_time = |monday: Date| {
            let (from, to) = (start_of(monday), start_of(monday.plus(DAYS)));
            calendars
                .iter()
                .map(|calendar| calendar.elapsed(from, to))
                .fold(Duration::ZERO, Duration::saturating_add)
        };
        let mut best = (open_time(first), first);
        for week in 1..WEEKS {
            let monday = first.plus(week.saturating_mul(DAYS));
            let open = open_time(monday);
            if open > best.0 {
                best = (open, monday);
            }
        }
        Self { monday: best.1 }
    }

    /// Starts of tickets, over the week.
    fn starts(&self) -> impl Iterator<Item = Instant> {
        let from = start_of(self.monday).ms();
        let to = from.saturating_add(DAY_MS.saturating_mul(DAYS));
        let step = usize::try_from(STEP_MS).unwrap_or(1);
        (from..to).step_by(step).map(Instant::clamped)
    }
}

/// The start of a date in UTC.
fn start_of(date: Date) -> Instant {
    Instant::clamped(date.day().saturating_mul(DAY_MS))
}

/// `fri 17:00`, as the wall clock of a zone shows it.
fn day_and_time(at: Instant, zone: &Zone) -> String {
    let day = DAY_NAMES.get(Date::of_day(zone.day_at(at)).weekday()).copied().unwrap_or_default();
    [day, " ", &time(zone.minute_at(at))].concat()
}

/// A day from Monday, and its open minutes.
pub(super) type DayHours = (usize, Vec<(i64, i64)>);

/// Open minutes of the week's days, for the days that have any; `None` for an unknown calendar.
pub(super) fn open_hours(view: &View<'_>, name: &str, week: &Week) -> Option<Vec<DayHours>> {
    let (calendar, zone) = (view.calendar(name)?, view.zone_of(name)?);
    let mut days = Vec::new();
    for (day, number) in (0..DAYS).zip(0_usize..) {
        let day = week.monday.plus(day).day();
        let (from, to) = (zone.start_of_day(day)?, zone.start_of_day(day.saturating_add(1))?);
        let minutes = |at: Instant| at.since(from).ms().div_euclid(MINUTE_MS);
        let open: Vec<_> =
            calendar.segments(from, to).map(|open| (minutes(open.from), minutes(open.until))).collect();
        if !open.is_empty() {
            days.push((number, open));
        }
    }
    Some(days)
}

/// A promise to a certain ticket: for each case the days of the week on which its clock starts, and the target.
pub(super) struct Promised<'v> {
    cases: Vec<(u8, Target<'v>)>,
    /// Whose weekdays count.
    zone: &'v Zone,
}

struct Target<'v> {
    within: Option<Within>,
    due: Option<&'v DueDocument>,
    calendar: &'v Calendar,
    zone: &'v Zone,
    /// The last date of a start with its due instant: starts of one date have the same.
    last: Cell<Option<(i64, Option<Instant>)>>,
}

impl<'v> Promised<'v> {
    /// What a clock promises to a ticket with these fields.
    pub(super) fn of(view: &'v View<'_>, promise: &Promise<'v>, fields: &Fields) -> Option<Self> {
        let clock: &ClockDocument = promise.clock;
        let own = chosen(&clock.calendar, fields);
        let mut cases = Vec::new();
        let target = |within, due, name: &str| {
            let (calendar, zone) = (view.calendar(name)?, view.zone_of(name)?);
            Some(Target { within, due, calendar, zone, last: Cell::new(None) })
        };
        for case in &promise.clock.overrides {
            if view.compiled(&case.when.state).holds(fields) {
                let all = |days: &Vec<crate::calendar::DayOfWeek>| {
                    days.iter().fold(0, |mask, day| mask | day.bit())
                };
                let days = case.when.started_on.as_ref().map_or(ANY_DAY, all);
                let replaces = case.within.is_some() || case.due.is_some();
                let (within, due) = if replaces {
                    (case.within, case.due.as_ref())
                } else {
                    (clock.within, promise.clock.due.as_ref())
                };
                let name = case.calendar.as_ref().map_or(own, |choice| chosen(choice, fields));
                cases.push((days, target(within, due, name)?));
            }
        }
        cases.push((ANY_DAY, target(clock.within, promise.clock.due.as_ref(), own)?));
        Some(Self { cases, zone: view.zone_of(own)? })
    }

    /// When a clock that starts then is due; `None` where a field says so, or never.
    fn due(&self, start: Instant) -> Option<Instant> {
        let weekday = Date::of_day(self.zone.day_at(start)).weekday();
        let bit = 1_u8.checked_shl(u32::try_from(weekday).ok()?)?;
        let (_, target) = self.cases.iter().find(|(days, _)| days & bit != 0)?;
        match (target.within, target.due) {
            (Some(within), _) => {
                let counted = target.calendar.due(start, within.counted);
                let wall = within.wall.and_then(|wall| start.checked_add(wall));
                counted.into_iter().chain(wall).min()
            }
            (None, Some(DueDocument { business_days: Some(days), at, .. })) => {
                let day = target.zone.day_at(start);
                let known = target.last.get().filter(|(known, _)| *known == day);
                let due = known.map_or_else(
                    || {
                        let minute = at.map(|at| at.minute());
                        target.calendar.business_days_due(target.zone, start, days.count(), minute)
                    },
                    |(_, due)| due,
                );
                target.last.set(Some((day, due)));
                due
            }
            _ => None,
        }
    }
}

/// The calendar that a choice gives to a ticket.
fn chosen<'c>(choice: &'c CalendarChoice, fields: &Fields) -> &'c str {
    match choice {
        CalendarChoice::Named(name) => name,
        CalendarChoice::ByField { by, map, otherwise } => {
            let value = fields.get(by).and_then(serde_json::Value::as_str);
            map.iter().find(|(known, _)| Some(known.as_str()) == value).map_or(otherwise, |(_, name)| name)
        }
    }
}

/// Two promises compared over the week: the first start whose due instants are `wrong`, in words.
pub(super) fn first_wrong(
    week: &Week,
    one: &Promised<'_>,
    other: &Promised<'_>,
    wrong: fn(Instant, Instant) -> bool,
) -> Option<[String; 3]> {
    let (start, first, second) = week.starts().find_map(|start| {
        let (first, second) = (one.due(start)?, other.due(start)?);
        wrong(first, second).then_some((start, first, second))
    })?;
    let zone = one.zone;
    Some([start, first, second].map(|at| {
        let mut text = day_and_time(at, zone);
        if at.since(start).ms() >= DAY_MS.saturating_mul(DAYS) {
            text = [Date::of_day(zone.day_at(at)).to_string(), text.split_off(3)].concat();
        }
        text
    }))
}
