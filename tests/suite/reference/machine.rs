//! One clock taken through the updates of a ticket and the time between them.

use std::rc::Rc;

use serde_json::Value;

use super::condition::holds;
use super::cycle::Cycle;
use super::life::{ClockPause, Life};
use super::term::{Clock, Term, Wanted, effective, term};

/// A clock and all its cycles.
#[derive(Clone)]
pub(crate) struct Machine<'g> {
    pub(crate) life: &'g Life<'g>,
    pub(crate) clock: &'g Clock,
    pub(crate) effective: Rc<Vec<Option<Wanted<'g>>>>,
    pub(crate) cycles: Vec<Cycle<'g>>,
    /// The instant up to which it was walked, and the next update.
    pub(crate) at: i64,
    next: usize,
    /// The pauses in force hold the present cycle.
    paused: bool,
    started: bool,
    merged: bool,
    /// What stops the clock happened while the ticket was resolved.
    pub(super) answered: bool,
    /// A reopening was ignored: the clock stays stopped, whatever follows.
    pub(super) left_stopped: bool,
    /// The first public reply by an agent, and whether a requester waits for the next.
    pub(super) replied_in: Option<usize>,
    pub(super) waiting: bool,
    /// Updates at which another term took over.
    pub(crate) takeovers: Vec<usize>,
}

impl<'g> Machine<'g> {
    pub(crate) fn new(life: &'g Life<'g>, clock: &'g Clock) -> Self {
        Self {
            life,
            clock,
            effective: Rc::new(effective(life.agreement, clock, &life.snapshots, life.start)),
            cycles: vec![],
            at: life.snapshots[0].at,
            next: 0,
            paused: false,
            started: false,
            merged: false,
            answered: false,
            left_stopped: false,
            replied_in: None,
            waiting: false,
            takeovers: vec![],
        }
    }

    /// Lives the ticket until `now`; before its creation nothing has happened. Where a policy took over
    /// retroactively, lives it again as if the last such one had held from the start; tells when that was.
    pub(crate) fn run(life: &'g Life<'g>, clock: &'g Clock, now: i64) -> (Self, Option<i64>) {
        let mut first = Self::new(life, clock);
        let mut again = first.clone();
        first.run_until(now);
        let retroactive = |index: &usize| {
            let wanted = first.effective[*index].as_ref();
            !life.snapshots[*index].boundary
                && wanted.is_some_and(|wanted| wanted.on_change() == "retroactive")
        };
        let Some(last) = first.takeovers.iter().copied().rfind(retroactive) else {
            return (first, None);
        };
        let mut effective = (*first.effective).clone();
        for index in 0..last {
            effective[index] = effective[last].clone();
        }
        again.effective = Rc::new(effective);
        again.run_until(now);
        (again, Some(life.snapshots[last].at))
    }

    pub(crate) fn run_until(&mut self, now: i64) {
        while self.at <= now {
            self.update_here();
            if self.at == now {
                return;
            }
            if self.is_open() {
                self.pass(now);
            } else {
                let next = self.life.snapshots.get(self.next).map_or(now, |snapshot| snapshot.at);
                self.at = next.min(now);
            }
        }
    }

    /// What happens at the instant up to which it was walked.
    pub(crate) fn update_here(&mut self) {
        while self.life.snapshots.get(self.next).is_some_and(|snapshot| snapshot.at <= self.at) {
            self.next += 1;
            self.update(self.next - 1);
            self.paused = self.pause_in_force().is_some();
        }
    }

    /// Lets the stretch pass in which each minute is like the present one, at the latest until `end`.
    pub(crate) fn pass(&mut self, end: i64) {
        let t = self.at;
        let held = self.paused || self.life.excluded(self.clock, t).is_some();
        let in_force = self.next - 1;
        self.at = end.min(self.life.like_this_until(t));
        if let Some(cycle) = self.cycles.last_mut().filter(|cycle| cycle.is_open()) {
            self.at = self.at.min(cycle.like_this_until(t)).min(t + self.life.longest_stretch);
            if cycle.goal.is_none() {
                cycle.waiting.push(((t, self.at), Some(in_force)));
            }
            cycle.pass(&self.life.passing(), (t, self.at), held);
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.cycles.last().is_some_and(Cycle::is_open)
    }

    /// The last update so far.
    pub(crate) fn in_force(&self) -> usize {
        self.next.saturating_sub(1)
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    pub(crate) fn pause_in_force(&self) -> Option<ClockPause> {
        let cycle = self.cycles.last().filter(|cycle| cycle.is_open())?;
        self.life.pause(self.clock, &cycle.goal_in_force()?.term, self.in_force())
    }

    fn update(&mut self, index: usize) {
        self.note_takeover(index);
        if self.merged {
            return;
        }
        let snapshot = &self.life.snapshots[index];
        if !self.started && !snapshot.merged() && self.starts_with_creation(index) {
            self.started = true;
            if self.may_start_with_creation(index) {
                let start = self.life.logged.map_or(snapshot.at, |(_, start)| start.min(snapshot.at));
                self.begin(index, start);
            }
        }
        if let Some(cycle) = self.cycles.last_mut().filter(|cycle| cycle.is_open() && cycle.left.is_none()) {
            // Steps that waited for their condition.
            cycle.pass_alerts(&self.life.passing(), snapshot.at, None);
        }
        self.stop(index);
        self.hear(index);
        if snapshot.merged() {
            self.merged = true;
            self.end(index);
            self.extend_and_excuse(index);
            return;
        }
        if !snapshot.resolved {
            self.reopen(index);
        }
        if !self.is_open() && !self.left_stopped && self.starts_by_itself(index) {
            self.begin(index, snapshot.at);
            self.stop(index);
        }
        if self.is_open() {
            self.waiting = false;
            self.take_over(index);
        }
        self.extend_and_excuse(index);
    }

    fn note_takeover(&mut self, index: usize) {
        let Some(before) = index.checked_sub(1) else { return };
        let start = self.cycles.last().map_or(self.life.snapshots[0].at, |cycle| cycle.start);
        let resolved = |index: usize| term(self.life.agreement, self.effective[index].as_ref()?, start);
        let changed = match (resolved(before), resolved(index)) {
            (Some(before), Some(after)) => !before.same(&after),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if changed {
            self.takeovers.push(index);
        }
    }

    /// What the update asks for, of a cycle that starts at `start`.
    pub(super) fn term(&self, index: usize, start: i64) -> Option<Term<'g>> {
        term(self.life.agreement, self.effective[index].as_ref()?, start)
    }

    /// Whether the condition holds in this update.
    pub(super) fn condition(&self, key: &str, index: usize) -> bool {
        let condition = self.clock_key(key, index);
        let snapshot = &self.life.snapshots[index];
        !condition.is_null() && holds(condition, snapshot.seen(self.life.agreement))
    }

    /// Whether it holds now and did not hold after the update before.
    pub(super) fn becomes_true(&self, key: &str, index: usize) -> bool {
        let condition = self.clock_key(key, index);
        let before =
            index.checked_sub(1).map(|before| self.life.snapshots[before].standing(self.life.agreement));
        self.condition(key, index) && !before.is_some_and(|before| holds(condition, before))
    }

    pub(super) fn clock_key(&self, key: &str, index: usize) -> &'g Value {
        self.clock.key(self.life.agreement, self.life.snapshots[index].version, key)
    }

    pub(super) fn metric(&self) -> &'g str {
        self.clock.metric(self.life.agreement)
    }

    pub(super) fn started(&self) -> bool {
        self.started
    }
}
