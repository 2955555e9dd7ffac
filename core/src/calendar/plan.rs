//! What a compiled calendar keeps beside its timetable: why it is open or closed, and whose dates it follows.

use crate::name::Name;
use crate::timetable::{Combination, Minutes};
use crate::zone::Zone;

use super::date::Date;
use super::exceptions::{Cause, Days, Exceptions, Occurrence};
use super::{Calendar, CalendarDocument};

/// How a calendar came about.
#[derive(Debug)]
pub(super) enum Plan {
    /// Always open, or never.
    Uniform,
    /// By hours of its own.
    Own(Box<OwnHours>),
    /// Of other calendars; `size` counts them with their parts and itself.
    Made { how: Combination, parts: Vec<PlanPart>, size: usize },
}

/// A calendar that another is made of.
#[derive(Debug)]
pub(super) struct PlanPart {
    /// `None` when it was written in its place.
    pub(super) name: Option<Name>,
    pub(super) calendar: Calendar,
}

impl Plan {
    /// How many calendars it takes, itself included.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Made { size, .. } => *size,
            _ => 1,
        }
    }
}

impl Calendar {
    /// The hours of its own, be they less those of others.
    pub(super) fn own_hours(&self) -> Option<&OwnHours> {
        match &*self.plan {
            Plan::Uniform => None,
            Plan::Own(own) => Some(own),
            Plan::Made { how: Combination::Except, parts, .. } => parts.first()?.calendar.own_hours(),
            Plan::Made { .. } => None,
        }
    }
}

/// Hours of its own, as dates and wall clock times.
#[derive(Debug)]
pub(super) struct OwnHours {
    pub(super) zone: Zone,
    /// Open minutes of each day of the regular week from Monday.
    week: [Vec<Minutes>; 7],
    special: Vec<(Days, usize)>,
    holidays: Vec<Occurrence>,
    /// Of the holidays, then of the special days, in the order of the document.
    names: Vec<Option<Name>>,
    count_of_holidays: usize,
    /// Days of the longest occurrence of a holiday.
    longest: i64,
}

/// Why a date has other hours than its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exception {
    /// A special day, by its position.
    Special(usize),
    /// A holiday.
    Holiday(Cause),
}

impl OwnHours {
    pub(super) fn new(
        document: &CalendarDocument,
        zone: Zone,
        week: [Vec<Minutes>; 7],
        exceptions: Exceptions,
    ) -> Self {
        let Exceptions { special, mut holidays, .. } = exceptions;
        holidays.shrink_to_fit();
        let mut longest = 0;
        for (_, cause) in &holidays {
            longest = Cause::of(*cause).days.max(longest);
        }
        let mut names = Vec::new();
        let mut keep = |name: &Option<String>| names.push(name.as_deref().map(Name::from));
        document.holidays.iter().for_each(|holiday| keep(&holiday.name));
        document.special_days.iter().for_each(|day| keep(&day.name));
        Self { zone, week, special, holidays, names, count_of_holidays: document.holidays.len(), longest }
    }

    /// What the date is: a special day rather than a holiday, and of several holidays the first one written
    /// whose own date it is, else the first one observed.
    pub(super) fn exception_on(&self, day: i64) -> Option<Exception> {
        let place = self.special.partition_point(|((_, until), _)| *until <= day);
        if let Some((_, index)) = self.special.get(place).filter(|((from, _), _)| *from <= day) {
            return Some(Exception::Special(*index));
        }
        let begun = self.holidays.partition_point(|(from, _)| *from <= day);
        let recent = self.holidays.get(..begun).unwrap_or_default().iter().rev();
        let near = recent.take_while(|(from, _)| from.saturating_add(self.longest) > day);
        let causes = near.map(|(from, cause)| (*from, Cause::of(*cause)));
        let covering = causes.filter(|(from, cause)| from.saturating_add(cause.days) > day);
        covering
            .map(|(_, cause)| cause)
            .min_by_key(|cause| (cause.observed, cause.index))
            .map(Exception::Holiday)
    }

    /// The name of what makes the date an exception.
    pub(super) fn name_of(&self, exception: Exception) -> Option<Name> {
        let place = match exception {
            Exception::Special(index) => self.count_of_holidays.saturating_add(index),
            Exception::Holiday(cause) => cause.index,
        };
        self.names.get(place)?.clone()
    }

    /// The name of the special day to which an open minute of a date is due: of the date itself, or of the day
    /// before when the minute lies in what that sends past midnight.
    pub(super) fn open_because(&self, day: i64, minute: i64) -> Option<Name> {
        if let Some(exception) = self.exception_on(day) {
            return self.name_of(exception);
        }
        let regular = self.week.get(Date::of_day(day).weekday())?;
        if regular.iter().any(|(from, to)| *from <= minute && minute < *to) {
            return None;
        }
        // Open beyond the hours of the week: by what came over midnight.
        let before =
            self.exception_on(day.wrapping_sub(1)).filter(|it| matches!(it, Exception::Special(_)))?;
        self.name_of(before)
    }
}
