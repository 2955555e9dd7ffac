//! One clock taken through the updates of a ticket and the minutes between them.

use std::rc::Rc;

use serde_json::Value;

use super::MINUTE;
use super::alert::alerts;
use super::condition::holds;
use super::cycle::{Cycle, UndoneStop};
use super::life::Life;
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
    answered: bool,
    /// A reopening was ignored: the clock stays stopped, whatever follows.
    left_stopped: bool,
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
            effective: Rc::new(effective(life.agreement, clock, &life.snapshots)),
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
        let Some(last) = first.takeovers.iter().copied().filter(retroactive).next_back() else {
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
                self.minute();
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

    pub(crate) fn minute(&mut self) {
        let t = self.at;
        let held = self.paused || self.life.excluded(self.clock, t).is_some();
        let in_force = self.next - 1;
        if let Some(cycle) = self.cycles.last_mut().filter(|cycle| cycle.is_open()) {
            if cycle.goal.is_none() {
                cycle.waiting.push((t, Some(in_force)));
            }
            cycle.minute(&self.life.passing(), t, held);
        }
        self.at += MINUTE;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.cycles.last().is_some_and(Cycle::is_open)
    }

    /// The last update so far.
    pub(crate) fn in_force(&self) -> usize {
        self.next.saturating_sub(1)
    }

    pub(crate) fn pause_in_force(&self) -> Option<super::life::ClockPause> {
        let cycle = self.cycles.last().filter(|cycle| cycle.is_open())?;
        self.life.pause(self.clock, &cycle.goal_in_force()?.term, self.in_force())
    }

    fn update(&mut self, index: usize) {
        self.note_takeover(index);
        if self.merged {
            return;
        }
        let snapshot = &self.life.snapshots[index];
        if !self.started && self.starts_with_creation(index) {
            self.started = true;
            if self.may_start_with_creation(index) {
                let start = self.life.logged.map_or(snapshot.at, |(_, start)| start.min(snapshot.at));
                self.begin(index, start);
            }
        }
        self.stop(index);
        self.hear(index);
        if snapshot.events.iter().any(|event| event.get("merge").is_some()) {
            self.merged = true;
            self.end(index);
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

    /// Ends the open cycle without a stop.
    fn end(&mut self, index: usize) {
        let at = self.life.snapshots[index].at;
        if let Some(cycle) = self.cycles.last_mut().filter(|cycle| cycle.is_open()) {
            cycle.ended = Some(at);
            if cycle.left.is_none() {
                cycle.judged_in = if cycle.begun_in == index { index } else { index - 1 };
            }
        }
    }

    fn stop_by(&mut self, index: usize, by: &'static str) {
        self.end(index);
        if let Some(cycle) = self.cycles.last_mut() {
            cycle.stop = cycle.ended.take().map(|at| (at, by));
        }
    }

    /// What ends the open cycle at this update; judged by the term that held until now.
    fn stop(&mut self, index: usize) {
        let snapshot = &self.life.snapshots[index];
        let own = self.own_stop(index);
        if !self.is_open() {
            self.answered |= own.is_some() && snapshot.resolved;
            return;
        }
        let begun_now = self.cycles.last().is_some_and(|cycle| cycle.begun_in == index);
        let resolves =
            snapshot.resolved && (begun_now || index == 0 || !self.life.snapshots[index - 1].resolved);
        let runs_on = begun_now && self.metric(index) == "custom";
        let cancels =
            if begun_now { self.condition("cancel", index) } else { self.becomes_true("cancel", index) };
        if let Some(by) = own {
            self.stop_by(index, by);
        } else if cancels {
            self.end(index);
        } else if resolves && !runs_on {
            self.give_up_or_judge(index);
        } else if !begun_now && self.becomes_true("reset", index) {
            self.stop_by(index, "reset");
            if !snapshot.resolved && !self.condition("cancel", index) {
                self.begin(index, snapshot.at);
            }
        }
    }

    fn give_up_or_judge(&mut self, index: usize) {
        let waits_for_resolving =
            ["resolution", "requester_wait", "agent_work"].contains(&self.metric(index));
        let cycle = self.cycles.last().expect("an open cycle");
        let term = cycle.goal_in_force().map(|goal| Rc::clone(&goal.term));
        let gives_up = term.is_some_and(|term| term.word("unanswered", "judge") == "cancel");
        self.stop_by(index, "resolved");
        self.cycles.last_mut().expect("a cycle").given_up = gives_up && !waits_for_resolving;
    }

    /// The ticket is open: a cycle that resolving had stopped may go on.
    fn reopen(&mut self, index: usize) {
        let at = self.life.snapshots[index].at;
        let anew = ["periodic_update", "ownership"].contains(&self.metric(index));
        let stopped = self.cycles.last().filter(|cycle| cycle.stop.is_some_and(|(_, by)| by == "resolved"));
        let Some(cycle) = stopped.filter(|_| !anew && !self.left_stopped) else { return };
        let Some(term) = self.term(index, cycle.start) else { return };
        // A policy that restarts what it takes over leaves the stopped cycle its verdict.
        let changed = cycle.goal_in_force().is_some_and(|goal| !goal.term.same(&term));
        let restarts = changed && term.word("on_change", "carry") == "restart";
        let mode = term.word("on_reopen", "continue");
        match mode.as_str() {
            "ignore" => self.left_stopped = true,
            "continue" if !restarts => {
                // What it waits for has happened: nothing is left to wait for.
                if self.answered {
                    return;
                }
                let cycle = self.cycles.last_mut().expect("a stopped cycle");
                let (stopped_at, by) = cycle.stop.take().expect("a stop");
                cycle.stops.push(UndoneStop { at: stopped_at, by, reopened_at: at });
                cycle.given_up = false;
                self.stop(index);
            }
            _ => {
                if self.may_restart(index, self.answered) {
                    self.begin(index, at);
                    self.stop(index);
                }
            }
        }
    }

    pub(super) fn term(&self, index: usize, start: i64) -> Option<Term<'g>> {
        term(self.life.agreement, self.effective[index].as_ref()?, start)
    }

    pub(super) fn begin(&mut self, index: usize, start: i64) {
        let mut cycle = Cycle::new(self.cycles.len() + 1, start, index);
        cycle.group = self.life.snapshots[index].fields.get("group").cloned();
        let before = (start..self.life.snapshots[index].at).step_by(MINUTE as usize);
        cycle.waiting = before.map(|t| (t, None)).collect();
        self.answered = false;
        self.waiting = false;
        self.cycles.push(cycle);
        self.take_over(index);
    }

    /// The term that the update asks for, on the open cycle.
    fn take_over(&mut self, index: usize) {
        let snapshot = &self.life.snapshots[index];
        let cycle = self.cycles.last_mut().expect("an open cycle");
        if cycle.start == snapshot.at {
            // A cycle that starts at the instant of the change is simply the new policy's.
            let kept = cycle.clone();
            *cycle = Cycle::new(kept.number, kept.start, kept.begun_in);
            (cycle.stops, cycle.group, cycle.excused) = (kept.stops, kept.group, kept.excused);
            cycle.extended = kept.extended;
        }
        let start = cycle.start;
        let new = self.term(index, start);
        let cycle = self.cycles.last_mut().expect("an open cycle");
        let held = cycle.goal_in_force().map(|goal| Rc::clone(&goal.term));
        match (new, held) {
            (None, None) => {}
            (None, Some(_)) => {
                cycle.left = Some(snapshot.at);
                cycle.judged_in = index - 1;
            }
            (Some(new), Some(held)) if new.same(&held) && new.version == held.version => {}
            (Some(new), Some(held))
                if !new.same(&held) && new.word("on_change", "carry") == "restart" && !snapshot.boundary =>
            {
                self.end(index);
                self.begin(index, snapshot.at);
            }
            (Some(new), _) => self.carry(index, new),
        }
    }

    fn carry(&mut self, index: usize, term: Term<'g>) {
        let life = self.life;
        let at = life.snapshots[index].at;
        let alerts = Rc::new(alerts(life.agreement, self.clock, &term));
        let cycle = self.cycles.last_mut().expect("an open cycle");
        let first = cycle.goal.is_none();
        if first {
            let calendar = life.agreement.remembered(term.calendar);
            for (t, update) in std::mem::take(&mut cycle.waiting) {
                let paused = update.is_some_and(|update| life.pause(self.clock, &term, update).is_some());
                let held = paused || life.excluded(self.clock, t).is_some();
                let open = if calendar.is_open(t) { MINUTE } else { 0 };
                cycle.held += if held { open } else { 0 };
                cycle.used += if held { 0 } else { open };
                cycle.wall_used += if held { 0 } else { MINUTE };
            }
        }
        cycle.carry_to(life.agreement, term.clone(), alerts, &life.passing(), at);
        if first {
            let original_due = self.original_due(index, term);
            self.cycles.last_mut().expect("an open cycle").original_due = original_due;
        }
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

    pub(super) fn metric(&self, index: usize) -> &'g str {
        self.clock.metric(self.life.agreement, self.life.snapshots[index].version)
    }

    pub(super) fn started(&self) -> bool {
        self.started
    }
}
