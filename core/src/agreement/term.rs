//! Promises in the form in which clocks use them.

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::instant::Instant;
use crate::name::Name;
use crate::zone::Zone;

use super::clock::{OnChange, OnReopen, PausedFor, Unanswered};
use super::escalation::Point;

/// Position of a [`Term`] within its agreement.
pub(crate) type TermId = u32;

/// Position of a condition that is evaluated at every update of a ticket.
pub(crate) type WatchId = u32;

/// What is to be reached, and not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// So much counted time, and perhaps so much real time.
    Within { counted: i64, wall: Option<i64> },
    /// The n-th open date after the start, at this minute or its last closing.
    BusinessDays { days: u32, minute: Option<i64> },
    /// What the due field of this number says.
    Field { number: usize, pause_moves: bool },
}

/// One promise of one policy, under one of its overrides.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) policy: Name,
    pub(crate) calendar_name: Name,
    pub(crate) calendar: Calendar,
    /// Whose dates count for a calendar without a zone of its own: the agreement's.
    pub(crate) zone: Option<Arc<Zone>>,
    pub(crate) target: Target,
    pub(crate) on_reopen: OnReopen,
    pub(crate) on_change: OnChange,
    pub(crate) unanswered: Unanswered,
    pub(crate) pauses: PausedFor,
    /// A condition of its own that pauses.
    pub(crate) pause: Option<WatchId>,
    pub(crate) alerts: Vec<AlertSpec>,
    /// Some alert comes only where a condition holds.
    pub(crate) conditional: bool,
    /// The override behind it: its reason, or its position.
    pub(crate) override_: Option<Name>,
}

/// An alert to come.
#[derive(Debug, Clone)]
pub(crate) struct AlertSpec {
    /// What tells it from the clock's other alerts: the threshold, and whom to notify.
    pub(crate) key: Name,
    pub(crate) threshold: Name,
    pub(crate) point: Point,
    pub(crate) notify: Option<Name>,
    /// It only comes where this holds.
    pub(crate) when: Option<WatchId>,
    /// It is delivered within these hours.
    pub(crate) hold: Option<Calendar>,
}

/// A promise of a policy: a term for each case; the first that fits.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    pub(crate) choices: Vec<Choice>,
    /// The only term, where that is promised whatever the ticket's fields and the day of its start.
    pub(crate) plain: Option<TermId>,
}

/// One case of a promise.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// All must hold.
    pub(crate) watches: Vec<WatchId>,
    /// Days of the week, from Monday as bit 0, on which the cycle must have started.
    pub(crate) days: u8,
    /// The calendar whose days they are, where that is not the term's.
    pub(crate) week: Option<Calendar>,
    /// Of the choices of one override, the first whose conditions hold is the only one.
    pub(crate) case: usize,
    pub(crate) term: TermId,
}

/// Every day of the week.
pub(crate) const ANY_DAY: u8 = 0x7f;

impl Term {
    /// Whose dates count: the calendar's own zone, or the agreement's; UTC without one.
    pub(crate) fn dates<T>(&self, with: impl FnOnce(&Zone) -> Option<T>) -> Option<T> {
        self.dates_of(&self.calendar, with)
    }

    fn dates_of<T>(&self, calendar: &Calendar, with: impl FnOnce(&Zone) -> Option<T>) -> Option<T> {
        match calendar.zone().or(self.zone.as_deref()) {
            Some(zone) => with(zone),
            None => with(&Zone::named("Etc/UTC").ok()?),
        }
    }

    /// Day of the week from Monday, of the local date of an instant, as a calendar has it or the term's own.
    pub(crate) fn weekday(&self, at: Instant, week: Option<&Calendar>) -> u32 {
        let calendar = week.unwrap_or(&self.calendar);
        let day = self.dates_of(calendar, |zone| Some(zone.day_at(at))).unwrap_or_default();
        // 1970-01-01 was a Thursday.
        u32::try_from(day.wrapping_add(3).rem_euclid(7)).unwrap_or_default()
    }

    /// The end of a local date: the start of the next.
    pub(crate) fn end_of(&self, day: i64) -> Option<Instant> {
        self.dates(|zone| zone.start_of_day(day.saturating_add(1)))
    }

    /// See [`Calendar::business_days_due`].
    pub(crate) fn business_days_due(
        &self,
        started: Instant,
        days: u32,
        minute: Option<i64>,
    ) -> Option<Instant> {
        self.dates(|zone| self.calendar.business_days_due(zone, started, days, minute))
    }
}
