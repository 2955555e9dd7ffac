//! Dates whose hours differ from those of their weekday: holidays, special days, and what these spill over.

use crate::document::{At, Problems};
use crate::error::Code;
use crate::interval::Gather as _;
use crate::interval::{merged, sort};
use crate::timetable::Minutes;

use super::date::{Date, Year};
use super::rule::{DayOfWeek, Observed};
use super::{CalendarDocument, Holiday, HourRange};

/// Days from 1970-01-01, half-open.
pub(super) type Days = (i64, i64);

fn after(date: Date) -> i64 {
    date.plus(1).day()
}

/// The dates of holidays and special days.
pub(super) struct Exceptions {
    /// Dates whose hours differ from those of their weekday, sorted, with their hours.
    pub(super) hours: Vec<(i64, Vec<Minutes>)>,
    /// Special days, sorted, each with its position in the document.
    pub(super) special: Vec<(Days, usize)>,
    /// Holidays, observed days among them, sorted.
    pub(super) holidays: Vec<Occurrence>,
}

/// The first day of a holiday's occurrence, and what [`Cause`] packs.
pub(super) type Occurrence = (i64, i64);

/// What an occurrence of a holiday says beside its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cause {
    /// So many days.
    pub(super) days: i64,
    /// Closed in place of, and beside, the date itself.
    pub(super) observed: bool,
    /// Its position in the document.
    pub(super) index: usize,
}

impl Cause {
    /// In one number, so that occurrences are sorted and held as pairs of numbers.
    fn packed(self) -> i64 {
        let index = i64::try_from(self.index).unwrap_or(i64::MAX) & 0x7fff_ffff;
        self.days << 32 | i64::from(self.observed) << 31 | index
    }

    pub(super) fn of(packed: i64) -> Self {
        let index = usize::try_from(packed & 0x7fff_ffff).unwrap_or(usize::MAX);
        Self { days: packed >> 32, observed: packed >> 31 & 1 == 1, index }
    }
}

/// The dates of a document's holidays and special days, and the hours that these give to theirs.
pub(super) fn of(document: &CalendarDocument, at: &At<'_>, problems: &mut Problems) -> Option<Exceptions> {
    let special = special_days(document, at, problems)?;
    let special_hours = |day: i64| {
        let place = special.partition_point(|((_, until), _)| *until <= day);
        let (_, index) = special.get(place).filter(|((from, _), _)| *from <= day)?;
        document.special_days.get(*index).map(|day| day.hours.as_slice())
    };
    let (holidays, occurrences) = holidays(&document.holidays);
    let week = document.hours.days();
    let mut closed = holidays.as_slice();
    // Asked of one day after the other.
    let mut hours_of = |day: i64, regular: &[Minutes]| -> Vec<Minutes> {
        if let Some(hours) = special_hours(day) {
            return merged(hours.iter().map(|range: &HourRange| range.own()).gather());
        }
        while let Some((_, later)) = closed.split_first().filter(|((_, until), _)| *until <= day) {
            closed = later;
        }
        if closed.first().is_some_and(|(from, _)| *from <= day) {
            return Vec::new();
        }
        let spilled = special_hours(day.wrapping_sub(1)).unwrap_or_default().iter();
        merged(regular.iter().copied().chain(spilled.map(|range| range.tail())).gather())
    };
    // A special day concerns its own date and, by its tail, the next one.
    let around_special = special.iter().map(|((from, until), _)| (*from, until.wrapping_add(1)));
    let concerned = merged(holidays.iter().copied().chain(around_special).gather());
    let differing = concerned.into_iter().flat_map(|(from, until)| from..until).filter_map(|day| {
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from(day.wrapping_add(3).rem_euclid(7)).ok()?;
        let regular = week.get(weekday)?;
        let hours = hours_of(day, regular);
        (hours != *regular).then_some((day, hours))
    });
    let hours = differing.gather();
    Some(Exceptions { hours, special, holidays: occurrences })
}

/// Whether `day` lies in one of the sorted, disjoint stretches.
fn contains(stretches: &[Days], day: i64) -> bool {
    let place = stretches.partition_point(|(_, until)| *until <= day);
    stretches.get(place).is_some_and(|(from, _)| *from <= day)
}

/// All occurrences of special days, sorted, each with the position of its rule; two on one date are refused.
fn special_days(
    document: &CalendarDocument,
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<Vec<(Days, usize)>> {
    let rules = document.special_days.iter().enumerate();
    let mut found: Vec<Occurrence> = Vec::new();
    for (index, day) in rules {
        for (first, last) in day.date.occurrences(Year::FIRST, Year::LAST) {
            let days = after(last).wrapping_sub(first.day());
            found.push((first.day(), Cause { days, observed: false, index }.packed()));
        }
    }
    sort(&mut found);
    let mut special: Vec<(Days, usize)> = Vec::with_capacity(found.len());
    for (from, packed) in found {
        let Cause { days, index, .. } = Cause::of(packed);
        special.push(((from, from.wrapping_add(days)), index));
    }
    for pair in special.windows(2) {
        let [((_, until), first), ((from, _), second)] = pair else { continue };
        if from < until {
            let here = At::Key(at, "special_days");
            let message = format!("two special days fall on {}", Date::of_day(*from));
            let mend = "put all its hours into one";
            problems.push_mend(&At::Index(&here, *first.max(second)), Code::SpecialDayTwice, message, mend);
            return None;
        }
    }
    Some(special)
}

/// All closed stretches of the holidays, observed days included, and each occurrence, sorted.
fn holidays(document: &[Holiday]) -> (Vec<Days>, Vec<Occurrence>) {
    let mut occurrences: Vec<Occurrence> = Vec::new();
    // Dates on a weekend, with the position of their rule.
    let mut on_weekend: Vec<(i64, i64)> = Vec::new();
    for (index, holiday) in (0..).zip(document) {
        let (from, until) = holiday.years();
        for (first, last) in holiday.date.occurrences(from, until) {
            if !holiday.may_begin(first) {
                continue;
            }
            let days = after(last).wrapping_sub(first.day());
            let cause = Cause { days, observed: false, index: usize::try_from(index).unwrap_or(usize::MAX) };
            occurrences.push((first.day(), cause.packed()));
            if holiday.observed != Observed::None {
                let days = (first.day()..after(last)).filter(|day| is_weekend(holiday, Date::of_day(*day)));
                on_weekend.extend(days.map(|day| (day, index)));
            }
        }
    }
    sort(&mut occurrences);
    let days_of = |(first, packed): &Occurrence| (*first, first.wrapping_add(Cause::of(*packed).days));
    let closed = merged(occurrences.iter().map(days_of).gather());
    // In the order of the dates, so that of two holidays on one weekend the earlier takes the earlier free day.
    sort(&mut on_weekend);
    let mut substitutes: Vec<Days> = Vec::new();
    let mut moved = None;
    for (day, index) in on_weekend {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let Some(holiday) = document.get(index) else { continue };
        // One date moves to one free day, even where two entries name it.
        if holiday.observed == Observed::NextFreeWeekday && moved.replace(day) == Some(day) {
            continue;
        }
        let taken =
            |day: i64| contains(&closed, day) || recent(&substitutes, day).any(|(from, _)| *from == day);
        let substitute = observed_on(holiday, Date::of_day(day), taken).day();
        substitutes.push((substitute, substitute.wrapping_add(1)));
        occurrences.push((substitute, Cause { days: 1, observed: true, index }.packed()));
    }
    // Both are nearly sorted now.
    sort(&mut occurrences);
    (merged(occurrences.iter().map(days_of).gather()), occurrences)
}

/// The substitutes that a day can meet: none is further than a year and a week from its date.
fn recent(substitutes: &[Days], day: i64) -> impl Iterator<Item = &Days> {
    substitutes.iter().rev().take_while(move |(from, _)| from.saturating_add(400) > day)
}

fn is_weekend(holiday: &Holiday, date: Date) -> bool {
    DayOfWeek::ALL.get(date.weekday()).is_some_and(|day| holiday.weekend.contains(day))
}

/// The day that is closed as well for a holiday on a weekend.
fn observed_on(holiday: &Holiday, date: Date, taken: impl Fn(i64) -> bool) -> Date {
    let weekend = |date: Date| is_weekend(holiday, date);
    // A weekend of seven days has no day beside it: then nothing moves.
    let first = |mut days: core::ops::RangeInclusive<i64>, fits: &dyn Fn(Date) -> bool| {
        days.find(|days| fits(date.plus(*days))).map_or(date, |days| date.plus(days))
    };
    match holiday.observed {
        Observed::None => date,
        Observed::NextMonday => first(1..=7, &|date| date.weekday() == 0),
        Observed::NextFreeWeekday => first(1..=366, &|date| !weekend(date) && !taken(date.day())),
        Observed::NearestWeekday => {
            let (before, after) = (
                (1..=6_i64).find(|days| !weekend(date.plus(days.wrapping_neg()))),
                (1..=6_i64).find(|days| !weekend(date.plus(*days))),
            );
            match (before, after) {
                (Some(before), Some(after)) if before < after => date.plus(before.wrapping_neg()),
                (_, Some(after)) => date.plus(after),
                _ => date,
            }
        }
    }
}
