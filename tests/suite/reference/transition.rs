//! How cycles end, go on and begin, and how one policy takes over from another.

use std::rc::Rc;

use super::alert::alerts;
use super::cycle::{Cycle, UndoneStop};
use super::machine::Machine;
use super::term::Term;

impl<'g> Machine<'g> {
    /// Ends the open cycle without a stop.
    pub(super) fn end(&mut self, index: usize) {
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
    pub(super) fn stop(&mut self, index: usize) {
        let snapshot = &self.life.snapshots[index];
        let own = self.own_stop(index);
        if !self.is_open() {
            self.answered |= own.is_some() && snapshot.resolved;
            return;
        }
        let begun_now = self.cycles.last().is_some_and(|cycle| cycle.begun_in == index);
        let resolves =
            snapshot.resolved && (begun_now || index == 0 || !self.life.snapshots[index - 1].resolved);
        let runs_on = begun_now && self.metric() == "custom";
        let cancels =
            if begun_now { self.condition("cancel", index) } else { self.becomes_true("cancel", index) };
        if let Some(by) = own {
            self.stop_by(index, by);
        } else if cancels {
            self.end(index);
        } else if resolves && !runs_on {
            self.give_up_or_judge(index);
        } else if !begun_now && !snapshot.merged() && self.becomes_true("reset", index) {
            self.stop_by(index, "reset");
            if !snapshot.resolved && !self.condition("cancel", index) {
                self.begin(index, snapshot.at);
            }
        }
    }

    fn give_up_or_judge(&mut self, index: usize) {
        let waits_for_resolving = ["resolution", "requester_wait", "agent_work"].contains(&self.metric());
        let cycle = self.cycles.last().expect("an open cycle");
        let term = cycle.goal_in_force().map(|goal| Rc::clone(&goal.term));
        let gives_up = term.is_some_and(|term| term.word("unanswered", "judge") == "cancel");
        self.stop_by(index, "resolved");
        self.cycles.last_mut().expect("a cycle").given_up = gives_up && !waits_for_resolving;
    }

    /// The ticket is open: a cycle that resolving had stopped may go on.
    pub(super) fn reopen(&mut self, index: usize) {
        let at = self.life.snapshots[index].at;
        let anew = ["periodic_update", "ownership"].contains(&self.metric());
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
                cycle.skip(stopped_at, at);
                cycle.pass_alerts(&self.life.passing(), at, None);
                cycle.given_up = false;
                self.stop(index);
            }
            _ => {
                // The reply that reopens the ticket leaves nothing to wait for, later either.
                self.answered |= self.metric() == "next_response" && self.own_stop(index).is_some();
                if self.may_restart(index, self.answered) {
                    self.begin(index, at);
                    self.stop(index);
                }
            }
        }
    }

    /// A new cycle, of which time before the update may already count.
    pub(super) fn begin(&mut self, index: usize, start: i64) {
        let mut cycle = Cycle::new(self.cycles.len() + 1, start, index);
        cycle.group = self.life.snapshots[index].fields.get("group").cloned();
        let before = self.life.stretches(start, self.life.snapshots[index].at);
        cycle.waiting = before.into_iter().map(|stretch| (stretch, None)).collect();
        self.answered = false;
        self.waiting = false;
        self.cycles.push(cycle);
        self.take_over(index);
    }

    /// The term that the update asks for, on the open cycle.
    pub(super) fn take_over(&mut self, index: usize) {
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
        if first && cycle.begun_in == index && cycle.start < at {
            // It began before the ticket was there: the policy of the creation promised it from its start.
            cycle.waiting.clear();
            let start = cycle.start;
            cycle.carry_to(life.agreement, term.clone(), Rc::clone(&alerts), &life.passing(), start);
            for (from, until) in life.stretches(start, at) {
                let excluded = life.excluded(self.clock, from).is_some();
                let mut t = from;
                while t < until {
                    let end = until.min(cycle.like_this_until(t)).min(t + life.longest_stretch);
                    cycle.pass(&life.passing(), (t, end), excluded);
                    t = end;
                }
            }
        } else if first {
            let calendar = life.agreement.remembered(term.calendar);
            for ((from, until), update) in std::mem::take(&mut cycle.waiting) {
                let paused = update.is_some_and(|update| life.pause(self.clock, &term, update).is_some());
                let held = paused || life.excluded(self.clock, from).is_some();
                let open = calendar.elapsed(from, until);
                cycle.held += if held { open } else { 0 };
                cycle.used += if held { 0 } else { open };
                cycle.wall_used += if held { 0 } else { until - from };
            }
        }
        cycle.carry_to(life.agreement, term.clone(), alerts, &life.passing(), at);
        if first {
            let original_due = self.original_due(index, term);
            self.cycles.last_mut().expect("an open cycle").original_due = original_due;
        }
    }
}
