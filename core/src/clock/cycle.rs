//! One run of a clock: what it has counted, under which term, and when it crossed its target.

use crate::agreement::{Agreement, Term, TermId};
use crate::duration::Duration;
use crate::instant::Instant;

use super::outcome::{StopCause, UndoneStop};

/// What a cycle is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Going {
    Running,
    /// Paused, for the cause of this number.
    Paused(u32),
    Stopped(Instant, StopCause),
    /// Ended without a stop.
    Ended(Instant),
}

/// The first crossing of a target, with the term in force there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub(super) at: Instant,
    pub(super) term: TermId,
}

/// One run of a clock, from its start to its stop.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub(super) number: u32,
    pub(super) started: Instant,
    pub(super) going: Going,
    /// The promise in force; none while no policy has the metric.
    pub(super) term: Option<TermId>,
    /// The last promise that was in force: the one that judges.
    pub(super) judge: Option<TermId>,
    pub(super) judged_since: Instant,
    /// What it waited for happened while it was stopped by something else.
    pub(super) answered: bool,
    /// When the last promise ceased to be in force, while none is.
    pub(super) left_at: Instant,
    /// Counted milliseconds up to `since`.
    pub(super) counted: i64,
    since: Instant,
    /// Running time before the first promise, to be counted on its calendar.
    uncounted: Vec<(Instant, Instant)>,
    /// The earliest instant at which the target in force was reached.
    pub(super) reached: Option<Instant>,
    pub(super) breach: Option<Crossing>,
    pub(super) original_due: Option<Instant>,
    pub(super) undone: Vec<UndoneStop>,
}

impl Cycle {
    pub(super) fn start(number: u32, at: Instant, term: Option<TermId>, agreement: &Agreement) -> Self {
        let mut cycle = Self {
            number,
            started: at,
            going: Going::Running,
            term: None,
            judge: None,
            judged_since: at,
            answered: false,
            left_at: at,
            counted: 0,
            since: at,
            uncounted: Vec::new(),
            reached: None,
            breach: None,
            original_due: None,
            undone: Vec::new(),
        };
        cycle.begin_under(term, agreement);
        cycle
    }

    /// Puts a cycle that has not counted anything yet under its first promise.
    pub(super) fn begin_under(&mut self, term: Option<TermId>, agreement: &Agreement) {
        self.term = term;
        self.judge = term;
        self.judged_since = self.started;
        self.original_due = self.judging(agreement).and_then(|term| term.due(self.started, 0));
    }

    /// The term that judges.
    pub(super) fn judging<'a>(&self, agreement: &'a Agreement) -> Option<&'a Term> {
        agreement.term(self.judge?)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.going, Going::Stopped(..) | Going::Ended(_))
    }

    /// Counts up to `at`, noting when the target is reached and crossed.
    pub(super) fn count(&mut self, at: Instant, agreement: &Agreement) {
        let from = core::mem::replace(&mut self.since, at);
        if self.going != Going::Running || from >= at {
            return;
        }
        let Some((id, term)) = self.term.and_then(|id| Some((id, agreement.term(id)?))) else {
            if self.judge.is_none() {
                self.uncounted.push((from, at));
            }
            return;
        };
        let before = self.counted;
        self.counted = before.saturating_add(term.calendar.elapsed(from, at).ms());
        if self.reached.is_none() && self.counted >= term.target {
            self.reached = term.due(from, before);
        }
        if self.breach.is_none() && self.counted > term.target {
            self.breach = term.last_in_time(from, before).map(|at| Crossing { at, term: id });
        }
    }

    /// Another promise, or none, takes over at `at`; what was counted stays counted.
    pub(super) fn carry(&mut self, at: Instant, next: Option<TermId>, agreement: &Agreement) {
        self.count(at, agreement);
        let target_before = self.judging(agreement).map(|term| term.target);
        let first = self.judge.is_none();
        self.term = next;
        let Some((id, term)) = next.and_then(|id| Some((id, agreement.term(id)?))) else {
            self.left_at = at;
            return;
        };
        self.judge = next;
        self.judged_since = at;
        if first {
            self.original_due = term.due(self.started, 0);
            for (from, until) in core::mem::take(&mut self.uncounted) {
                self.counted = self.counted.saturating_add(term.calendar.elapsed(from, until).ms());
            }
        }
        if target_before != Some(term.target) {
            // The new target has only been in force since this instant: nothing before it can have reached it.
            self.reached = (self.counted >= term.target).then_some(at);
        }
        if self.breach.is_none() && self.counted > term.target {
            self.breach = Some(Crossing { at, term: id });
        }
    }

    /// Pauses or resumes, as the ticket now is.
    pub(super) fn set_paused(&mut self, at: Instant, cause: Option<u32>, agreement: &Agreement) {
        self.count(at, agreement);
        self.going = cause.map_or(Going::Running, Going::Paused);
    }

    pub(super) fn stop(&mut self, at: Instant, by: StopCause, agreement: &Agreement) {
        self.count(at, agreement);
        self.going = Going::Stopped(at, by);
    }

    /// Ends without a stop.
    pub(super) fn end(&mut self, at: Instant, agreement: &Agreement) {
        self.count(at, agreement);
        self.going = Going::Ended(at);
    }

    /// Goes on after a stop; the time between is not counted.
    pub(super) fn reopen(&mut self, at: Instant) {
        if let Going::Stopped(stopped, by) = self.going {
            self.undone.push(UndoneStop { at: stopped, by, reopened_at: at });
            self.going = Going::Running;
            self.since = at;
        }
    }
}

impl Term {
    /// When the target is reached by counting on from `from`, with `counted` already used.
    pub(super) fn due(&self, from: Instant, counted: i64) -> Option<Instant> {
        self.calendar.due(from, Duration::from_ms(self.target.saturating_sub(counted)))
    }

    /// The last instant at which a stop is in time, counting on from `from` with `counted` already used.
    pub(super) fn last_in_time(&self, from: Instant, counted: i64) -> Option<Instant> {
        let late = self.target.saturating_sub(counted).saturating_add(1);
        let first_late = self.calendar.due(from, Duration::from_ms(late))?;
        Instant::from_ms(first_late.ms().saturating_sub(1))
    }
}
