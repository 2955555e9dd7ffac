//! The machine: walks a ticket's updates and starts, stops, reopens, re-terms and pauses one clock.

use crate::agreement::{Agreement, OnChange, OnReopen, TermId};
use crate::instant::Instant;
use crate::ticket::Timeline;

use super::Metric;
use super::cycle::{Cycle, Going};
use super::outcome::{ClockResult, StopCause, Verdicts};

struct Machine<'a> {
    agreement: &'a Agreement,
    metric: Metric,
    earlier: Vec<Cycle>,
    current: Option<Cycle>,
    /// A promise that holds to the end, once `freeze` says so.
    frozen: Option<TermId>,
    /// A reopening was ignored: the clock stays stopped.
    left_stopped: bool,
}

/// The clock of `metric` at `now`; `None` where no policy ever promised it.
pub(crate) fn run(
    agreement: &Agreement,
    metric: Metric,
    timeline: &Timeline,
    now: Instant,
    beyond_range: &mut bool,
) -> Option<ClockResult> {
    let mut machine =
        Machine { agreement, metric, earlier: Vec::new(), current: None, frozen: None, left_stopped: false };
    for update in timeline.updates.iter().take_while(|update| update.at <= now) {
        let policy = update.policy.and_then(|policy| agreement.policies.get(usize::try_from(policy).ok()?));
        let promised = policy.and_then(|policy| *policy.terms.get(metric.index())?);
        machine.step(update.at, update.resolved, update.replied, update.paused, promised);
    }
    let mut verdicts = Verdicts { agreement, metric, timeline, now, beyond_range };
    match machine.current {
        Some(mut current) => {
            current.count(now, agreement);
            verdicts.clock(current, machine.earlier)
        }
        None => {
            let created = timeline.updates.first()?;
            let policy = agreement.policies.get(usize::try_from(created.policy?).ok()?)?;
            verdicts.pending(created.at, (*policy.terms.get(metric.index())?)?)
        }
    }
}

impl Machine<'_> {
    fn step(
        &mut self,
        at: Instant,
        resolved: bool,
        replied: bool,
        paused: Option<u32>,
        promised: Option<TermId>,
    ) {
        let Some(mut cycle) = self.current.take() else {
            let mut cycle = Cycle::start(1, at, promised, self.agreement);
            self.stop_if_due(&mut cycle, at, resolved, replied);
            self.pause(&mut cycle, at, paused);
            self.current = Some(cycle);
            return;
        };
        let promised = self.frozen_or(&cycle, at, promised);
        self.stop_if_due(&mut cycle, at, resolved, replied);
        cycle.answered |= replied && resolved && self.metric.stops_on_reply();
        if let (Going::Stopped(_, StopCause::Resolved), false, false) =
            (cycle.going, resolved, self.left_stopped)
            && let Some(term) = promised.and_then(|id| self.agreement.term(id))
        {
            // A promise that restarts what it takes over leaves the stopped cycle its verdict.
            let changed = cycle.term.is_some() && cycle.term != promised;
            let restarts = changed && term.on_change == OnChange::Restart;
            let mode = if restarts && term.on_reopen == OnReopen::Continue {
                OnReopen::Restart
            } else {
                term.on_reopen
            };
            cycle = self.reopen(cycle, at, promised, mode);
            // The reply that reopens a ticket also answers it.
            self.stop_if_due(&mut cycle, at, resolved, replied);
        }
        if !cycle.is_over() && cycle.term != promised {
            cycle = self.change(cycle, at, promised);
        }
        self.pause(&mut cycle, at, paused);
        self.current = Some(cycle);
    }

    /// The promise to hold now: a frozen one, once it has held for any time, or the one that matches.
    fn frozen_or(&mut self, cycle: &Cycle, at: Instant, promised: Option<TermId>) -> Option<TermId> {
        if self.frozen.is_none() && at > cycle.judged_since {
            let freezes =
                |id: &TermId| self.agreement.term(*id).is_some_and(|term| term.on_change == OnChange::Freeze);
            self.frozen = cycle.judge.filter(freezes);
        }
        self.frozen.or(promised)
    }

    fn stop_if_due(&self, cycle: &mut Cycle, at: Instant, resolved: bool, replied: bool) {
        if cycle.is_over() {
            return;
        }
        if replied && self.metric.stops_on_reply() {
            cycle.stop(at, StopCause::Reply, self.agreement);
        } else if resolved {
            cycle.stop(at, StopCause::Resolved, self.agreement);
        }
    }

    fn pause(&self, cycle: &mut Cycle, at: Instant, paused: Option<u32>) {
        let cause = paused.filter(|_| self.metric.pauses());
        if !cycle.is_over() && cycle.going != cause.map_or(Going::Running, Going::Paused) {
            cycle.set_paused(at, cause, self.agreement);
        }
    }

    fn reopen(&mut self, mut cycle: Cycle, at: Instant, promised: Option<TermId>, mode: OnReopen) -> Cycle {
        match mode {
            // Answered while the ticket was resolved: there is nothing left to wait for.
            OnReopen::Continue if cycle.answered => cycle,
            OnReopen::Continue => {
                cycle.reopen(at);
                cycle
            }
            OnReopen::Restart => self.next_cycle(cycle, at, promised),
            OnReopen::Ignore => {
                self.left_stopped = true;
                cycle
            }
        }
    }

    fn next_cycle(&mut self, cycle: Cycle, at: Instant, promised: Option<TermId>) -> Cycle {
        let next = Cycle::start(cycle.number.saturating_add(1), at, promised, self.agreement);
        self.earlier.push(cycle);
        next
    }

    /// Another policy, or none, takes over an open cycle.
    fn change(&mut self, mut cycle: Cycle, at: Instant, promised: Option<TermId>) -> Cycle {
        if cycle.started == at {
            cycle.begin_under(promised, self.agreement);
            return cycle;
        }
        let restarts = promised
            .and_then(|id| self.agreement.term(id))
            .is_some_and(|term| term.on_change == OnChange::Restart);
        // A cycle that no policy asked for just now is taken up again, not restarted.
        if restarts && cycle.term.is_some() {
            cycle.end(at, self.agreement);
            return self.next_cycle(cycle, at, promised);
        }
        cycle.carry(at, promised, self.agreement);
        cycle
    }
}
