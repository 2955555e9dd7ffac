//! Calendars made of others: `any_of`, `all_of`, `except`.

use crate::interval::Gather as _;
use std::sync::Arc;

use crate::document::{At, Problems, unknown};
use crate::error::Code;
use crate::name::Name;
use crate::near::nearest;
use crate::timetable::{Combination, Timetable};

use super::parts::{Part, Parts};
use super::plan::{Plan, PlanPart};
use super::{Calendar, CalendarDocument};

/// A calendar may be made of at most so many, the parts of its parts and itself counted.
pub(crate) const MOST_CALENDARS: usize = 100;

/// The names of the calendars that are built in.
pub(crate) const BUILT_IN: [&str; 2] = ["always", "never"];

/// The calendars that a document may call by name.
pub(crate) trait Others {
    /// The calendar of this name, named `at` a place so many calendars deep, or `None` when it has been noted
    /// why there is none.
    fn named(&mut self, name: &str, depth: usize, at: &At<'_>, problems: &mut Problems) -> Option<Calendar>;

    /// Notes that so many stretches of regular hours were compiled; `None` when there is no room for them, or for
    /// anything any more.
    fn take_room(&mut self, stretches: usize, at: &At<'_>, problems: &mut Problems) -> Option<()>;
}

/// No calendars but those that are built in.
pub(crate) struct BuiltIn;

impl Others for BuiltIn {
    fn take_room(&mut self, _: usize, _: &At<'_>, _: &mut Problems) -> Option<()> {
        Some(())
    }

    fn named(&mut self, name: &str, _: usize, at: &At<'_>, problems: &mut Problems) -> Option<Calendar> {
        match name {
            "always" => Some(Calendar::always()),
            "never" => Some(Calendar::never()),
            _ => {
                let near = nearest(name, BUILT_IN.iter().copied());
                unknown(Code::UnknownCalendar, "calendar", name, &near, &BUILT_IN, at, problems);
                None
            }
        }
    }
}

/// Where the documents of calendars get what they do not say themselves.
pub(crate) struct Around<'a> {
    /// Name of the zone of those that name none.
    pub(crate) zone: Option<&'a str>,
    pub(crate) others: &'a mut dyn Others,
    /// So many calendars this one is part of, one within the other.
    pub(crate) depth: usize,
}

impl Calendar {
    /// Compiles a document and, by what is `around`, its parts.
    pub(crate) fn compile(
        document: &CalendarDocument,
        around: &mut Around<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Self> {
        if around.depth >= MOST_CALENDARS {
            too_many(at, problems);
            return None;
        }
        refuse_mixed(document, at, problems)?;
        around.others.take_room(0, at, problems)?;
        let base = match (&document.any_of, &document.all_of) {
            (Some(parts), _) => {
                let parts = parts_of(parts, around, &At::Key(at, "any_of"), problems);
                Self::made_of(Combination::AnyOf, parts?, at, problems)
            }
            (None, Some(parts)) => {
                let parts = parts_of(parts, around, &At::Key(at, "all_of"), problems);
                Self::made_of(Combination::AllOf, parts?, at, problems)
            }
            (None, None) => Self::of_hours(document, around.zone, at, problems),
        };
        if let Some(base) = &base {
            around.others.take_room(base.timetable.stretches(), at, problems)?;
        }
        let Some(except) = &document.except else { return base };
        // A window that is written beside the hours is read on the same wall clock.
        let zone = document.time_zone.as_deref().or(around.zone);
        let mut around = Around { zone, others: &mut *around.others, depth: around.depth };
        let less = parts_of(except, &mut around, &At::Key(at, "except"), problems)?;
        let mut parts = vec![PlanPart { name: None, calendar: base? }];
        parts.extend(less);
        let made = Self::made_of(Combination::Except, parts, at, problems)?;
        around.others.take_room(made.timetable.stretches(), at, problems)?;
        Some(made)
    }

    fn made_of(how: Combination, parts: Vec<PlanPart>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let size = parts.iter().fold(1_usize, |size, part| size.saturating_add(part.calendar.plan.size()));
        if size > MOST_CALENDARS {
            too_many(at, problems);
            return None;
        }
        let tables: Vec<&Timetable> = parts.iter().map(|part| part.calendar.timetable()).gather();
        let timetable = Arc::new(Timetable::combine(how, &tables));
        Some(Self { timetable, plan: Arc::new(Plan::Made { how, parts, size }) })
    }
}

/// The parts, unless one of them has a problem.
fn parts_of(
    parts: &Parts,
    around: &mut Around<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<Vec<PlanPart>> {
    let list = match parts {
        Parts::List(list) => list.as_slice(),
        Parts::One(part) => return part_of(part, around, at, problems).map(|part| vec![part]),
    };
    if list.len() >= MOST_CALENDARS {
        too_many(at, problems);
        return None;
    }
    let mut found = Vec::with_capacity(list.len());
    for (index, part) in list.iter().enumerate() {
        found.extend(part_of(part, around, &At::Index(at, index), problems));
    }
    // All are read before they are judged, so that the problems of all are known.
    (!list.is_empty() && found.len() == list.len()).then_some(found)
}

fn part_of(part: &Part, around: &mut Around<'_>, at: &At<'_>, problems: &mut Problems) -> Option<PlanPart> {
    let depth = around.depth.saturating_add(1);
    match part {
        Part::Named(name) => {
            let calendar = around.others.named(name, depth, at, problems)?;
            Some(PlanPart { name: Some(Name::from(name.as_str())), calendar })
        }
        Part::Written(document) => {
            let mut around = Around { zone: around.zone, others: &mut *around.others, depth };
            let calendar = Calendar::compile(document, &mut around, at, problems)?;
            Some(PlanPart { name: None, calendar })
        }
    }
}

pub(crate) fn too_many(at: &At<'_>, problems: &mut Problems) {
    let message = format!("the calendar is made of more than {MOST_CALENDARS} calendars");
    problems.push_mend(at, Code::TooLarge, message, "make it of fewer");
}

/// A calendar has hours of its own, or `any_of`, or `all_of`; `except` takes away from one of these.
fn refuse_mixed(document: &CalendarDocument, at: &At<'_>, problems: &mut Problems) -> Option<()> {
    let CalendarDocument { time_zone, hours, holidays, special_days, any_of, all_of, except } = document;
    let opens = !hours.is_empty() || !special_days.is_empty();
    let own = opens || time_zone.is_some() || !holidays.is_empty();
    let made = any_of.is_some() || all_of.is_some();
    let (message, mend) = if any_of.is_some() && all_of.is_some() {
        ("the calendar has both `any_of` and `all_of`", "put one of them into a calendar of its own")
    } else if made && own {
        (
            "a calendar made of others has no hours, holidays, special days or time zone of its own",
            "put them into a calendar of their own and name that",
        )
    } else if except.is_some() && !made && !opens {
        ("`except` has nothing to take away from", "add `hours`, `any_of` or `all_of`")
    } else {
        return Some(());
    };
    problems.push_mend(at, Code::MixedCalendar, message, mend);
    None
}
