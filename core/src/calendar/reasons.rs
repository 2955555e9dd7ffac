//! Why a calendar is open or closed.

use crate::document::words;
use crate::instant::Instant;
use crate::name::Name;
use crate::timetable::Combination;
use crate::zone::Zone;

use super::plan::{Exception, OwnHours, Plan, PlanPart};
use super::rule::DayOfWeek;
use super::{Calendar, Date};

words! {
    /// What closes a calendar.
    pub enum ClosedKind as "a reason to be closed" {
        /// The hours of a special day.
        SpecialDay = "special_day",
        /// A holiday, or the day on which one is observed.
        Holiday = "holiday",
        /// The hours of the week.
        Weekday = "weekday",
        /// Another calendar that is open, by `except`.
        Except = "except",
        /// It never opens.
        Never = "never",
    }
}

/// Why a calendar is closed on a date, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedReason {
    /// What closes it.
    pub kind: ClosedKind,
    /// What the special day or holiday is called.
    pub name: Option<Name>,
    /// The calendar that closes the one asked about, where that is made of others: the nearest one with a name.
    pub part: Option<Name>,
    /// The holiday is observed on this date; its own is another.
    pub observed: bool,
    /// The day of the week; none for what never opens.
    pub weekday: Option<DayOfWeek>,
}

impl ClosedReason {
    /// A reason without names, on a date so many days after 1970-01-01.
    fn on(day: Option<i64>, kind: ClosedKind) -> Self {
        let weekday = day.and_then(|day| DayOfWeek::ALL.get(Date::of_day(day).weekday())).copied();
        Self { kind, name: None, part: None, observed: false, weekday }
    }

    /// The same reason, in a part.
    fn in_part(mut self, part: &PlanPart) -> Self {
        self.part = self.part.or_else(|| part.name.clone());
        self
    }

    /// Whether it tells of more than the hours of the week.
    fn is_special(&self) -> bool {
        matches!(self.kind, ClosedKind::SpecialDay | ClosedKind::Holiday | ClosedKind::Except)
    }
}

impl Calendar {
    /// Tells, in order, why the calendar is closed in `[from, until)`: first instant and end of each stretch with one
    /// reason. Open time is passed over.
    ///
    /// There is a reason for each local date: of the calendar's own zone, or of `zone` when it has none. Of
    /// `any_of`, the first part that a special day or a holiday closes says why, else it is the weekday; of `all_of`,
    /// the first closed part; `except`, the part taken away that is open. Parts go by their own dates. What never
    /// opens has one reason for the whole.
    ///
    /// ```
    /// use slaclock_core::{Calendar, Instant, calendar::ClosedKind};
    /// let office = Calendar::from_json(r#"{ "time_zone": "Europe/Rome", "hours": { "mon-fri": ["09:00-17:00"] },
    ///     "holidays": [{ "date": "2026-12-25", "name": "Christmas Day" }] }"#).unwrap();
    /// let [closes, opens] = ["2026-12-24T17:00:00+01:00", "2026-12-28T09:00:00+01:00"].map(|text| Instant::parse(text).unwrap());
    /// let mut names = Vec::new();
    /// office.closed_because(closes, opens, office.zone().unwrap(), &mut |_, _, reason| {
    ///     names.push((reason.kind, reason.name.map_or(String::new(), |name| name.to_string())));
    /// });
    /// assert_eq!(names.len(), 5); // Thursday's evening, Friday, Saturday, Sunday, Monday's morning
    /// assert_eq!(names[1], (ClosedKind::Holiday, "Christmas Day".to_owned()));
    /// ```
    pub fn closed_because(
        &self,
        from: Instant,
        until: Instant,
        zone: &Zone,
        each: &mut dyn FnMut(Instant, Instant, ClosedReason),
    ) {
        let mut told: Option<(Instant, Instant, ClosedReason)> = None;
        let mut at = from;
        while at < until {
            if self.is_open(at) {
                at = self.next_close(at).unwrap_or(until);
                continue;
            }
            let (reason, end) = self.reason_at(at, zone);
            let end = self.until_open(at, end).min(until);
            match &mut told {
                // Neighbouring dates differ in their weekday, so that they stay apart.
                Some((_, last, known)) if *last == at && *known == reason => *last = end,
                _ => {
                    if let Some((from, until, reason)) = told.replace((at, end, reason)) {
                        each(from, until, reason);
                    }
                }
            }
            at = end;
        }
        if let Some((from, until, reason)) = told {
            each(from, until, reason);
        }
    }

    /// The name of the special day to which it is due that the calendar is open at `at`: with any of its parts, when
    /// it is due to one for each that is open.
    #[must_use]
    pub fn open_because(&self, at: Instant) -> Option<Name> {
        match &*self.plan {
            Plan::Uniform => None,
            Plan::Own(_) if !self.is_open(at) => None,
            Plan::Own(own) => own.open_because(own.zone.day_at(at), own.zone.minute_at(at)),
            Plan::Made { how, parts, .. } => {
                let mut open = parts.iter().map(|part| &part.calendar).filter(|part| part.is_open(at));
                match how {
                    Combination::AnyOf => {
                        let first = open.next()?.open_because(at);
                        first.filter(|_| open.all(|part| part.open_because(at).is_some()))
                    }
                    Combination::AllOf => open.find_map(|part| part.open_because(at)),
                    Combination::Except => open.next()?.open_because(at),
                }
            }
        }
    }

    /// Whose hours these are while it is open: of `any_of`, the first part that is open at `at`, by its name; and until
    /// when at most that holds. None where the calendar has hours of its own.
    pub(crate) fn open_part(&self, at: Instant) -> (Option<Name>, Instant) {
        let mut end = Instant::MAX;
        match &*self.plan {
            Plan::Made { how: Combination::AnyOf, parts, .. } => {
                for part in parts {
                    if part.calendar.is_open(at) {
                        let end = part.calendar.until_closed(at, end);
                        let (inner, until) = match &part.name {
                            Some(name) => (Some(name.clone()), end),
                            None => part.calendar.open_part(at),
                        };
                        return (inner, until.min(end));
                    }
                    // One that stands before it would take over.
                    end = part.calendar.until_open(at, end);
                }
                (None, end)
            }
            Plan::Made { how: Combination::Except, parts, .. } => {
                parts.first().map_or((None, end), |base| base.calendar.open_part(at))
            }
            _ => (None, end),
        }
    }

    /// Why it is closed at `at`, and until when at most that is why; later than `at`, if it is closed then.
    fn reason_at(&self, at: Instant, zone: &Zone) -> (ClosedReason, Instant) {
        match &*self.plan {
            Plan::Uniform => (ClosedReason::on(None, ClosedKind::Never), Instant::MAX),
            Plan::Own(own) => (own.reason_on(own.zone.day_at(at)), own.zone.day_until(at)),
            Plan::Made { how: Combination::AnyOf, parts, .. } => any_closed(parts, at, zone),
            Plan::Made { how: Combination::AllOf, parts, .. } => all_closed(parts, at, zone),
            Plan::Made { how: Combination::Except, parts, .. } => {
                self.excepted(parts, at, self.zone().unwrap_or(zone))
            }
        }
    }

    /// The earlier of `end` and its next opening.
    fn until_open(&self, at: Instant, end: Instant) -> Instant {
        self.next_open(at).map_or(end, |opening| opening.min(end))
    }

    /// The earlier of `end` and its next closing.
    fn until_closed(&self, at: Instant, end: Instant) -> Instant {
        self.next_close(at).map_or(end, |closing| closing.min(end))
    }

    fn excepted(&self, parts: &[PlanPart], at: Instant, zone: &Zone) -> (ClosedReason, Instant) {
        let mut end = zone.day_until(at);
        let mut reason = ClosedReason::on(Some(zone.day_at(at)), ClosedKind::Except);
        let Some((base, others)) = parts.split_first() else { return (reason, end) };
        if !base.calendar.is_open(at) {
            let (reason, end) = base.calendar.reason_at(at, zone);
            return (reason, base.calendar.until_open(at, end));
        }
        end = base.calendar.until_closed(at, end);
        for other in others {
            if other.calendar.is_open(at) {
                reason = reason.in_part(other);
                return (reason, other.calendar.until_closed(at, end));
            }
            end = other.calendar.until_open(at, end);
        }
        (reason, end)
    }
}

fn any_closed(parts: &[PlanPart], at: Instant, zone: &Zone) -> (ClosedReason, Instant) {
    let mut end = Instant::MAX;
    let mut never = true;
    for part in parts {
        let (reason, part_end) = part.calendar.reason_at(at, zone);
        end = end.min(part_end);
        if reason.is_special() {
            return (reason.in_part(part), end);
        }
        never &= reason.kind == ClosedKind::Never;
    }
    if never {
        return (ClosedReason::on(None, ClosedKind::Never), end);
    }
    (ClosedReason::on(Some(zone.day_at(at)), ClosedKind::Weekday), end.min(zone.day_until(at)))
}

fn all_closed(parts: &[PlanPart], at: Instant, zone: &Zone) -> (ClosedReason, Instant) {
    let mut end = Instant::MAX;
    for part in parts {
        if !part.calendar.is_open(at) {
            let (reason, part_end) = part.calendar.reason_at(at, zone);
            return (reason.in_part(part), part.calendar.until_open(at, part_end.min(end)));
        }
        end = part.calendar.until_closed(at, end);
    }
    // Not reached while it is closed.
    (ClosedReason::on(None, ClosedKind::Never), end)
}

impl OwnHours {
    fn reason_on(&self, day: i64) -> ClosedReason {
        let exception = self.exception_on(day);
        let (kind, observed) = match exception {
            Some(Exception::Special(_)) => (ClosedKind::SpecialDay, false),
            Some(Exception::Holiday(cause)) => (ClosedKind::Holiday, cause.observed),
            None => (ClosedKind::Weekday, false),
        };
        let name = exception.and_then(|exception| self.name_of(exception));
        ClosedReason { name, observed, ..ClosedReason::on(Some(day), kind) }
    }
}
