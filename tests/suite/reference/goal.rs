//! What a cycle is measured against: lengths of time, or a due instant that pauses may move.

use std::rc::Rc;

use super::MINUTE;
use super::agreement::{Agreement, Remembered};
use super::alert::Alert;
use super::cycle::Cycle;
use super::term::{Target, Term, due_by_date};

/// One amount that is measured against a target: counted time, or with `wall` all time that is not paused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub(crate) wall: bool,
    pub(crate) target: i64,
    pub(crate) reached: Option<i64>,
}

/// A due instant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DueDate {
    /// Before anything moves it.
    pub(crate) unmoved: Option<i64>,
    pub(crate) due: Option<i64>,
    /// Open time between start and due.
    pub(crate) target: Option<i64>,
    pub(crate) moves: bool,
    /// Open time since the start on the calendar in force, whatever held it.
    pub(crate) passed: i64,
    pub(crate) reached: Option<i64>,
}

/// What the cycle is measured against at present.
#[derive(Clone)]
pub(crate) struct Goal<'g> {
    pub(crate) term: Rc<Term<'g>>,
    pub(super) calendar: Rc<Remembered>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) date: Option<DueDate>,
    pub(crate) alerts: Rc<Vec<Alert>>,
}

impl<'g> Goal<'g> {
    /// The goal that the term sets for the cycle as it stands.
    pub(super) fn of(
        agreement: &Agreement,
        term: Term<'g>,
        cycle: &Cycle<'g>,
        alerts: Rc<Vec<Alert>>,
        at: i64,
    ) -> Self {
        let calendar = agreement.remembered(term.calendar);
        let limit = |wall, target: i64| Limit { wall, target: target + cycle.extended, reached: None };
        let limits = match term.target {
            Target::Within { counted, wall } => {
                let wall = wall.map(|wall| limit(true, wall));
                [Some(limit(false, counted)), wall].into_iter().flatten().collect()
            }
            _ => vec![],
        };
        let date = (!matches!(term.target, Target::Within { .. })).then(|| {
            // A date before the start is reached at the start.
            let unmoved = due_by_date(agreement, &term, cycle.start).map(|due| due.max(cycle.start));
            let moves = !matches!(term.target, Target::Until { moves: false, .. });
            let by = cycle.extended + if moves { cycle.held } else { 0 };
            DueDate {
                unmoved,
                due: unmoved.and_then(|due| calendar.due(due, by)),
                target: unmoved.map(|due| calendar.elapsed(cycle.start, due) + cycle.extended),
                moves,
                passed: calendar.elapsed(cycle.start, at),
                reached: None,
            }
        });
        Self { term: Rc::new(term), calendar, limits, date, alerts }
    }

    /// The earliest instant at which the target was reached.
    pub(crate) fn reached(&self) -> Option<i64> {
        let limits = self.limits.iter().filter_map(|limit| limit.reached);
        limits.chain(self.date.iter().filter_map(|date| date.reached)).min()
    }

    /// Whether the calendar in force is open at the instant.
    pub(crate) fn is_open(&self, at: i64) -> bool {
        self.calendar.is_open(at.div_euclid(MINUTE) * MINUTE)
    }

    /// The next opening from `at`, itself closed.
    pub(crate) fn next_open(&self, at: i64) -> Option<i64> {
        self.calendar.after_an_open_minute(at.div_euclid(MINUTE) * MINUTE).map(|end| end - MINUTE)
    }

    /// `target_ms`: of counted time.
    pub(crate) fn target(&self) -> Option<i64> {
        self.limits.first().map(|limit| limit.target).or(self.date.as_ref().and_then(|date| date.target))
    }

    /// Whether what was reached of the other is reached of this one.
    pub(super) fn same_target(&self, other: &Self) -> bool {
        let lengths = |goal: &Self| goal.limits.iter().map(|limit| limit.target).collect::<Vec<_>>();
        let date = |goal: &Self| goal.date.as_ref().map(|date| (date.unmoved, date.target, date.moves));
        lengths(self) == lengths(other) && date(self) == date(other)
    }
}
