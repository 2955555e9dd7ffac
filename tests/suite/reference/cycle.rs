//! One run of a clock from start to stop, counted stretch by stretch: one in which each minute is like the others.

use std::rc::Rc;

use serde_json::Value;

use super::Stretch;
use super::agreement::Agreement;
use super::alert::{Alert, Fired, Passing};
use super::goal::{DueDate, Goal};
use super::term::Term;

/// The first crossing of a target, and the policy and target then in force.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Breach {
    pub(crate) at: i64,
    pub(crate) policy: String,
    pub(crate) target: Option<i64>,
}

/// A stop that a reopen undid.
#[derive(Debug, Clone)]
pub(crate) struct UndoneStop {
    pub(crate) at: i64,
    pub(crate) by: &'static str,
    pub(crate) reopened_at: i64,
}

/// One cycle.
#[derive(Clone)]
pub(crate) struct Cycle<'g> {
    pub(crate) number: usize,
    pub(crate) start: i64,
    /// The update in which it began, and the one in force over its last millisecond once it is over.
    pub(crate) begun_in: usize,
    pub(crate) judged_in: usize,
    pub(crate) stop: Option<(i64, &'static str)>,
    pub(crate) stops: Vec<UndoneStop>,
    /// Resolving cancelled it (`unanswered: cancel`).
    pub(crate) given_up: bool,
    /// Ended without a stop.
    pub(crate) ended: Option<i64>,
    /// When the last policy that promised it ceased to hold, while none does.
    pub(crate) left: Option<i64>,
    pub(crate) goal: Option<Goal<'g>>,
    /// Stretches before the first policy, and the update in force then; they count as that policy says.
    pub(crate) waiting: Vec<(Stretch, Option<usize>)>,
    pub(crate) used: i64,
    pub(crate) wall_used: i64,
    /// Open time while paused or excluded.
    pub(crate) held: i64,
    pub(crate) extended: i64,
    /// How much of it the present goal has: what is given while nobody promises the clock waits for who does.
    pub(crate) granted: i64,
    /// The first instant past the present target.
    pub(crate) late_since: Option<i64>,
    pub(crate) breach: Option<Breach>,
    pub(crate) original_due: Option<i64>,
    pub(crate) fired: Vec<Fired>,
    pub(crate) excused: Option<(i64, Option<Value>)>,
    /// The group that has the ticket.
    pub(crate) group: Option<Value>,
}

impl<'g> Cycle<'g> {
    pub(crate) fn new(number: usize, start: i64, begun_in: usize) -> Self {
        Self {
            number,
            start,
            begun_in,
            judged_in: begun_in,
            stop: None,
            stops: vec![],
            given_up: false,
            ended: None,
            left: None,
            goal: None,
            waiting: vec![],
            used: 0,
            wall_used: 0,
            held: 0,
            extended: 0,
            granted: 0,
            late_since: None,
            breach: None,
            original_due: None,
            fired: vec![],
            excused: None,
            group: None,
        }
    }

    /// Started, and neither stopped nor ended.
    pub(crate) fn is_open(&self) -> bool {
        self.stop.is_none() && self.ended.is_none()
    }

    /// The instant at which it ended, whichever way.
    pub(crate) fn end(&self) -> Option<i64> {
        self.left.or(self.stop.map(|(at, _)| at)).or(self.ended)
    }

    /// The goal in force, unless nobody promises the clock at present.
    pub(crate) fn goal_in_force(&self) -> Option<&Goal<'g>> {
        self.goal.as_ref().filter(|_| self.left.is_none())
    }

    pub(crate) fn is_late(&self) -> bool {
        self.late_since.is_some()
    }

    /// A term takes over at `t`; what was counted stays counted.
    pub(crate) fn carry_to(
        &mut self,
        agreement: &Agreement,
        term: Term<'g>,
        alerts: Rc<Vec<Alert>>,
        passing: &Passing<'_>,
        t: i64,
    ) {
        let mut goal = Goal::of(agreement, term, self, alerts, t);
        self.granted = self.extended;
        let forsaken = self.left.take().is_some();
        match self.goal.as_ref().filter(|before| before.same_target(&goal)) {
            Some(before) => {
                goal.limits.clone_from(&before.limits);
                // Until it is reached, what was held moves the date on the calendar that now holds.
                if let (Some(date), Some(before)) = (&mut goal.date, &before.date)
                    && before.reached.is_some()
                {
                    (date.due, date.reached) = (before.due, before.reached);
                }
                let gone = |date: &DueDate| date.reached.is_none() && date.due.is_some_and(|due| due < t);
                let gone = forsaken && goal.date.as_ref().is_some_and(gone);
                self.goal = Some(goal);
                if gone {
                    // It came while nobody promised anything.
                    self.judge_at(t);
                }
            }
            None => {
                self.goal = Some(goal);
                self.judge_at(t);
            }
        }
        self.pass_alerts(passing, t, None);
    }

    /// Holds what was used against a target that is new at `t`.
    fn judge_at(&mut self, t: i64) {
        let Some(goal) = &mut self.goal else { return };
        let mut late = false;
        for limit in &mut goal.limits {
            let used = if limit.wall { self.wall_used } else { self.used };
            limit.reached = (used >= limit.target).then_some(t);
            late |= used > limit.target;
        }
        if let Some(date) = &mut goal.date {
            date.reached = date.due.is_some_and(|due| due <= t).then_some(t);
            late |= date.due.is_some_and(|due| due < t);
        }
        self.late_since = late.then_some(t);
        if late {
            self.breached(t);
        }
    }

    fn breached(&mut self, at: i64) {
        let Some(goal) = &self.goal else { return };
        let breach = Breach { at, policy: goal.term.policy.to_owned(), target: goal.target() };
        self.breach.get_or_insert(breach);
    }

    /// Time while the ticket was resolved is not counted: it moves a due instant as a pause does.
    pub(crate) fn skip(&mut self, from: i64, until: i64) {
        let Some(goal) = self.goal.as_mut().filter(|_| self.left.is_none()) else { return };
        let open = goal.calendar.elapsed(from, until);
        self.held += open;
        if let Some(date) = &mut goal.date {
            date.passed += open;
            if date.moves && date.reached.is_none() {
                date.due = date.due.and_then(|due| goal.calendar.due(due, open));
            }
            let gone = !date.moves && date.reached.is_none() && date.due.is_some_and(|due| due <= until);
            date.reached = if gone { Some(until) } else { date.reached };
        }
    }

    /// Until when, from `t` on, each minute is to this cycle as the one at `t`, as far as its goal goes.
    pub(crate) fn like_this_until(&self, t: i64) -> i64 {
        let Some(goal) = self.goal.as_ref().filter(|_| self.left.is_none()) else { return i64::MAX };
        let due = goal.date.as_ref().and_then(|date| date.due).filter(|due| *due > t);
        goal.calendar.like_this_until(t).min(due.unwrap_or(i64::MAX))
    }

    /// Lets a stretch pass that is like its first minute throughout; `held`: paused or excluded.
    pub(crate) fn pass(&mut self, passing: &Passing<'_>, (t, until): Stretch, held: bool) {
        if self.left.is_some() {
            return;
        }
        let before = (t, self.used, self.wall_used);
        let length = until - t;
        let running = self.running();
        let Some(goal) = &mut self.goal else { return };
        let open = goal.calendar.is_open(t);
        if let Some(date) = goal.date.as_mut().filter(|_| open) {
            date.passed += length;
        }
        if held && open {
            self.held += length;
            let date = goal.date.as_mut().filter(|date| date.moves && date.reached.is_none());
            if let Some(date) = date {
                date.due = date.due.and_then(|due| goal.calendar.due(due, length));
            }
        }
        if !held {
            self.wall_used += length;
            self.used += if open { length } else { 0 };
        }
        self.cross(before, until, held);
        self.pass_alerts(passing, t, Some(&running));
    }

    /// What is held against each limit, and against a date: what has been used so far.
    pub(super) fn running(&self) -> Vec<i64> {
        let Some(goal) = &self.goal else { return vec![] };
        let of_limits = goal.limits.iter().map(|limit| if limit.wall { self.wall_used } else { self.used });
        // Where pauses do not move the due instant, they do not move what leads up to it.
        let of_date = goal.date.iter().map(|date| date.passed - if date.moves { self.held } else { 0 });
        of_limits.chain(of_date).collect()
    }

    /// Notes what was reached or passed in the stretch that began with so much used.
    fn cross(&mut self, (t, used, wall_used): (i64, i64, i64), until: i64, held: bool) {
        let Some(goal) = &mut self.goal else { return };
        let mut crossings: Vec<i64> = vec![];
        for limit in &mut goal.limits {
            let (before, after) = if limit.wall { (wall_used, self.wall_used) } else { (used, self.used) };
            if before < limit.target && limit.target <= after {
                limit.reached = Some(t + limit.target - before);
            }
            if before <= limit.target && limit.target < after {
                crossings.push(t + limit.target - before);
            }
        }
        // One that pauses move does not come during a pause.
        if let Some(date) = goal.date.as_mut().filter(|date| !(held && date.moves)) {
            // Once reached, every further instant is late.
            if date.reached.is_some() {
                crossings.push(t);
            } else if let Some(due) = date.due.filter(|due| *due <= until) {
                date.reached = Some(due.max(t));
                crossings.extend((due <= t).then_some(t));
            }
        }
        if let Some(crossing) = crossings.into_iter().min().filter(|_| self.late_since.is_none()) {
            self.late_since = Some(crossing + 1);
            self.breached(crossing);
        }
    }
}
