//! What a clock says at `now`: state, figures, and when they change by themselves.

use crate::agreement::{Agreement, Term, TermId};
use crate::document::{Absent, output, words};
use crate::duration::Duration;
use crate::instant::Instant;
use crate::name::Name;
use crate::ticket::Timeline;

use super::Metric;
use super::cycle::{Cycle, Going};

words! {
    /// What a clock is doing; of an ended run, its verdict.
    pub enum State as "a state" {
        /// Not started.
        Pending = "pending",
        /// Counting.
        Running = "running",
        /// Stopped for now, waiting for somebody.
        Paused = "paused",
        /// Started, but its calendar is closed at this instant.
        OutsideHours = "outside_hours",
        /// Stopped in time.
        Met = "met",
        /// Stopped too late.
        Breached = "breached",
        /// Ended without a stop, or no policy asks for it any more.
        Cancelled = "cancelled",
    }
}

words! {
    /// What stopped a clock.
    pub enum StopCause as "a cause of a stop" {
        /// A public reply by an agent.
        Reply = "reply",
        /// The ticket was resolved or closed.
        Resolved = "resolved",
    }
}

output! {
    /// A stop that a reopening undid.
    pub struct UndoneStop {
        /// When the clock stopped.
        at: Instant,
        /// What stopped it.
        by: StopCause,
        /// When the ticket was reopened.
        reopened_at: Instant,
    }
}

output! {
    /// Why a clock is paused.
    pub struct PausedBy {
        /// Whom it waits for.
        party: Absent<String>,
        /// Reason of a manual pause.
        reason: Absent<String>,
        /// Status that pauses it, unless the pause is manual.
        status: Absent<String>,
        /// When this pause began.
        since: Instant,
    }
}

output! {
    /// One clock at `now`: the figures of its last cycle, and the earlier ones.
    pub struct ClockResult {
        /// What it measures.
        metric: Metric,
        /// Number of the run, from 1.
        cycle: u32,
        /// State at `now`; of an ended run, its verdict.
        state: State,
        /// Whether more time than the target is used.
        overdue: bool,
        /// Policy that judges it.
        policy: Name,
        /// Calendar that counts it.
        calendar: Name,
        /// When it started; absent while pending.
        started_at: Absent<Instant>,
        /// When it stopped.
        stopped_at: Absent<Instant>,
        /// What stopped it.
        stopped_by: Absent<StopCause>,
        /// Stops that reopenings undid, oldest first.
        stops: Absent<Vec<UndoneStop>>,
        /// Counted time used, in milliseconds.
        elapsed_ms: i64,
        /// Real time from start to stop or `now`, in milliseconds.
        wall_elapsed_ms: i64,
        /// Target, in milliseconds of counted time.
        target_ms: i64,
        /// Target less counted time, in milliseconds; negative when over.
        remaining_ms: i64,
        /// Share used, in hundredths of a per cent, rounded down. For display: no verdict rests on it.
        consumed_bp: i64,
        /// When it reaches, or reached, its target; `null` for never; absent while paused and not yet due.
        due_at: Absent<Option<Instant>>,
        /// When it would be due if it were resumed at `now`; `null` for never.
        due_if_resumed_now: Absent<Option<Instant>>,
        /// When it was due as computed at its start, without pauses; `null` for never.
        original_due_at: Option<Instant>,
        /// The last instant at which a stop would still have been in time, once it has passed.
        breached_at: Option<Instant>,
        /// Policy in force at the breach.
        breach_policy: Absent<Name>,
        /// Target in force at the breach, in milliseconds.
        breach_target_ms: Absent<i64>,
        /// Why it is paused, while it is.
        paused_by: Absent<PausedBy>,
        /// Next opening, while the state is `outside_hours`; absent when there is none.
        opens_at: Absent<Instant>,
        /// Milliseconds counted per millisecond of real time from `now` on: 0 or 1.
        rate: u8,
        /// Earliest later instant at which rate, state, overdue, target or due changes by itself.
        next_change_at: Option<Instant>,
        /// Earlier runs, oldest first.
        earlier: Absent<Vec<ClockResult>>,
    }
}

impl ClockResult {
    /// The instant of a breach to come, if the clock runs on undisturbed.
    pub(crate) fn breach_to_come(&self, now: Instant) -> Option<Instant> {
        // While open, the next change is at the latest the first late millisecond; the breach is the one before.
        let change = self.next_change_at.filter(|_| self.rate == 1 && !self.overdue)?;
        let left = change.since(now).ms().saturating_sub(1);
        (left == self.remaining_ms)
            .then(|| Instant::from_ms(change.ms().saturating_sub(1)))?
            .filter(|at| *at > now)
    }
}

/// Turns cycles into results.
pub(super) struct Verdicts<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) metric: Metric,
    pub(super) timeline: &'a Timeline,
    pub(super) now: Instant,
    /// Set when an instant of the result lies beyond the range.
    pub(super) beyond_range: &'a mut bool,
}

impl Verdicts<'_> {
    /// The last cycle with the earlier ones; `None` where no policy ever promised any of them.
    pub(super) fn clock(&mut self, current: Cycle, earlier: Vec<Cycle>) -> Option<ClockResult> {
        let mut results: Vec<ClockResult> =
            earlier.into_iter().filter_map(|cycle| self.cycle(cycle)).collect();
        let mut last = match self.cycle(current) {
            Some(last) => last,
            None => results.pop()?,
        };
        last.earlier = Absent(Some(results).filter(|results| !results.is_empty()));
        Some(last)
    }

    fn cycle(&mut self, cycle: Cycle) -> Option<ClockResult> {
        let term = cycle.judging(self.agreement)?;
        let mut result = self.blank(&cycle, term);
        match cycle.going {
            // Nobody promises it any more: what happened since then is not judged.
            Going::Running | Going::Paused(_) | Going::Stopped(..) if cycle.term.is_none() => {
                self.cancelled(&mut result, &cycle, term, cycle.left_at);
            }
            Going::Stopped(at, by) => {
                result.stopped_at = Absent(Some(at));
                result.stopped_by = Absent(Some(by));
                result.state = if cycle.breach.is_some() { State::Breached } else { State::Met };
                self.over(&mut result, &cycle, term, at);
            }
            Going::Ended(at) => self.cancelled(&mut result, &cycle, term, at),
            Going::Paused(cause) => self.paused(&mut result, &cycle, term, cause),
            Going::Running => self.running(&mut result, &cycle, term),
        }
        Some(result)
    }

    /// A result with the figures that no state changes.
    fn blank(&self, cycle: &Cycle, term: &Term) -> ClockResult {
        let breached_by = cycle.breach.and_then(|crossing| self.agreement.term(crossing.term));
        ClockResult {
            metric: self.metric,
            cycle: cycle.number,
            state: State::Running,
            overdue: cycle.counted > term.target,
            policy: term.policy.clone(),
            calendar: term.calendar_name.clone(),
            started_at: Absent(Some(cycle.started)),
            stopped_at: Absent(None),
            stopped_by: Absent(None),
            stops: Absent(Some(cycle.undone.clone()).filter(|stops| !stops.is_empty())),
            elapsed_ms: cycle.counted,
            wall_elapsed_ms: self.now.since(cycle.started).ms(),
            target_ms: term.target,
            remaining_ms: term.target.saturating_sub(cycle.counted),
            consumed_bp: cycle.counted.saturating_mul(10_000).checked_div(term.target).unwrap_or(0),
            due_at: Absent(cycle.reached.map(Some)),
            due_if_resumed_now: Absent(None),
            original_due_at: cycle.original_due,
            breached_at: cycle.breach.map(|crossing| crossing.at),
            breach_policy: Absent(breached_by.map(|term| term.policy.clone())),
            breach_target_ms: Absent(breached_by.map(|term| term.target)),
            paused_by: Absent(None),
            opens_at: Absent(None),
            rate: 0,
            next_change_at: None,
            earlier: Absent(None),
        }
    }

    /// When the target is reached by counting on from `from`.
    fn due(&mut self, cycle: &Cycle, term: &Term, from: Instant) -> Option<Instant> {
        let due = term.due(from, cycle.counted);
        *self.beyond_range |= due.is_none() && term.calendar.timetable().recurs();
        due
    }

    /// A cycle that is over keeps the due instant that it had at its end.
    fn over(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, at: Instant) {
        result.wall_elapsed_ms = at.since(cycle.started).ms();
        if cycle.reached.is_none() {
            result.due_at = Absent(Some(self.due(cycle, term, at)));
        }
    }

    fn cancelled(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, at: Instant) {
        result.state = if cycle.breach.is_some() { State::Breached } else { State::Cancelled };
        self.over(result, cycle, term, at);
    }

    fn paused(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, cause: u32) {
        result.state = State::Paused;
        if cycle.reached.is_none() {
            result.due_if_resumed_now = Absent(Some(self.due(cycle, term, self.now)));
        }
        let cause = usize::try_from(cause).ok().and_then(|cause| self.timeline.causes.get(cause));
        result.paused_by = Absent(cause.map(|cause| PausedBy {
            party: Absent(cause.party.clone()),
            reason: Absent(cause.reason.clone()),
            status: Absent(cause.status.clone()),
            since: cause.since,
        }));
    }

    fn running(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term) {
        if cycle.reached.is_none() {
            result.due_at = Absent(Some(self.due(cycle, term, self.now)));
        }
        if term.calendar.is_open(self.now) {
            result.rate = 1;
            let closes = term.calendar.next_close(self.now);
            let left = term.target.saturating_sub(cycle.counted);
            // Open time runs as real time does until the closing, so the first late instant needs no look-up.
            let late = self.now.checked_add(Duration::from_ms(left.saturating_add(1))).filter(|_| left >= 0);
            result.next_change_at = [closes, late].into_iter().flatten().min();
        } else {
            result.state = State::OutsideHours;
            let opens = term.calendar.next_open(self.now);
            result.opens_at = Absent(opens);
            result.next_change_at = opens;
        }
    }

    /// The clock of a ticket that is still to be created.
    pub(super) fn pending(&mut self, created: Instant, term: TermId) -> Option<ClockResult> {
        let cycle = Cycle::start(1, created, Some(term), self.agreement);
        let term = cycle.judging(self.agreement)?;
        let due = self.due(&cycle, term, created);
        let started_at = Absent(None);
        let (state, due_at, next_change_at) = (State::Pending, Absent(Some(due)), Some(created));
        Some(ClockResult {
            state,
            started_at,
            due_at,
            next_change_at,
            wall_elapsed_ms: 0,
            ..self.blank(&cycle, term)
        })
    }
}
