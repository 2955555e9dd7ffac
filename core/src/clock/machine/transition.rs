//! How cycles stop, go on after a reopening, and pass from one policy to another.

use crate::agreement::{OnChange, OnReopen, Term};
use crate::ticket::{Flags, bit};

use super::Machine;
use super::moment::Moment;
use crate::clock::Metric;
use crate::clock::cycle::{Cycle, Going};
use crate::clock::goal::Ways;
use crate::clock::outcome::StopCause;
use crate::clock::promised::Promised;

impl Machine<'_> {
    /// Stops an open cycle; answers whether it is to start anew.
    pub(super) fn stop(&mut self, cycle: &mut Cycle, moment: &Moment<'_>) -> bool {
        let at = moment.at;
        let previous = moment.held();
        if cycle.is_over() {
            let resolved = matches!(cycle.going, Going::Stopped(_, StopCause::Resolved));
            cycle.answered |= resolved && moment.is(Flags::RESOLVED) && moment.own_stop.is_some();
            return false;
        }
        let cancel = moment.becomes_true(moment.spec.cancel);
        let reset = moment.becomes_true(moment.spec.reset);
        let ends = moment.own_stop.is_some() || moment.resolving || moment.is(Flags::MERGED);
        if !(ends || cancel || reset) {
            return false;
        }
        let mut around = self.around(moment.bits_before, moment.bits, previous);
        if let Some(cause) = moment.own_stop {
            cycle.stop(at, cause, &mut around);
        } else if moment.resolving && !cancel {
            cycle.stop(at, StopCause::Resolved, &mut around);
        } else if moment.is(Flags::MERGED) || cancel {
            cycle.end(at, &mut around);
            self.asked = false;
        } else if reset {
            cycle.stop(at, StopCause::Reset, &mut around);
            return true;
        }
        false
    }

    /// Goes on with a cycle that resolving had stopped, or starts the next.
    pub(super) fn reopen(
        &mut self,
        mut cycle: Box<Cycle>,
        moment: &Moment<'_>,
        promised: Option<Promised>,
        reset: &mut bool,
    ) -> Box<Cycle> {
        let stopped = matches!(cycle.going, Going::Stopped(_, StopCause::Resolved));
        let closed = moment.is(Flags::RESOLVED) || moment.is(Flags::MERGED);
        if !stopped || closed || self.left_stopped || self.def.metric.begins_anew() {
            return cycle;
        }
        let Some(term) = promised.and_then(|promised| self.agreement.term(promised.term)) else {
            return cycle;
        };
        // A promise that restarts what it takes over leaves the stopped cycle its verdict.
        let changed = cycle.promised.is_some() && !Promised::same(cycle.promised, promised, self.agreement);
        let restarts = changed && term.on_change == OnChange::Restart;
        let continues = match term.on_reopen {
            OnReopen::Ignore => {
                self.left_stopped = true;
                return cycle;
            }
            OnReopen::Continue => !restarts,
            OnReopen::Restart => false,
        };
        if continues {
            // Answered while the ticket was resolved: there is nothing left to wait for.
            if !cycle.answered {
                cycle.reopen(moment.at, &mut self.around(moment.bits_before, moment.bits, moment.held()));
                // What reopens a ticket may also answer it.
                *reset = self.stop(&mut cycle, moment);
            }
            return cycle;
        }
        let stops = moment.own_stop.is_some() || moment.holds(moment.spec.cancel);
        // The reply that reopens the ticket leaves nothing to wait for; a message that follows starts the next.
        cycle.answered |= self.def.metric == Metric::NextResponse && moment.own_stop.is_some();
        let starts = match self.def.metric {
            // A message must be left to answer.
            Metric::NextResponse => self.asked && !stops,
            Metric::Custom => !stops,
            _ => true,
        };
        if starts {
            cycle = self.next_cycle(cycle, moment);
            self.stop_at_start(&mut cycle, moment);
        }
        cycle
    }

    /// Ends a cycle that has started together with what it waits for, or what cancels it.
    pub(super) fn stop_at_start(&mut self, cycle: &mut Cycle, moment: &Moment<'_>) {
        let mut around = self.around(moment.bits, moment.bits, moment.index);
        if let Some(cause) = moment.own_stop {
            cycle.stop(moment.at, cause, &mut around);
        } else if moment.holds(moment.spec.cancel) {
            cycle.end(moment.at, &mut around);
        }
    }

    fn next_cycle(&mut self, cycle: Box<Cycle>, moment: &Moment<'_>) -> Box<Cycle> {
        let number = cycle.number.saturating_add(1);
        self.earlier.push(cycle);
        // It may have started on another day of the week.
        let promised = self.promised(self.source, moment.at);
        let around = self.around(moment.bits, moment.bits, moment.index);
        let mut cycle = Cycle::start(number, moment.at, promised, &around);
        self.originally_due(&mut cycle, moment.index);
        cycle
    }

    /// Another policy, or none, takes over an open cycle.
    #[inline(never)]
    pub(super) fn change(
        &mut self,
        mut cycle: Box<Cycle>,
        moment: &Moment<'_>,
        promised: Option<Promised>,
    ) -> Box<Cycle> {
        let (at, previous, agreement) = (moment.at, moment.held(), self.agreement);
        let mut around = self.around(moment.bits_before, moment.bits, previous);
        if cycle.started == at {
            cycle.begin_under(promised, &around);
            self.originally_due(&mut cycle, moment.index);
            return cycle;
        }
        let term = promised.and_then(|promised| agreement.term(promised.term));
        let restarts = term.is_some_and(|term| term.on_change == OnChange::Restart)
            && !Promised::same(cycle.promised, promised, around.agreement);
        // A cycle that no policy asked for just now is taken up again, and a new version carries on.
        if restarts && cycle.promised.is_some() && !moment.is(Flags::VERSION) {
            cycle.end(at, &mut around);
            return self.next_cycle(cycle, moment);
        }
        let first = cycle.judge.is_none();
        if first {
            cycle.count(at, &mut around);
            if let Some(term) = term {
                self.settle(&mut cycle, term);
            }
        }
        cycle.carry(at, promised, &mut self.around(moment.bits_before, moment.bits, previous));
        if first {
            self.originally_due(&mut cycle, moment.index);
        }
        cycle
    }

    /// Counts time before the first promise as that one says: on its calendar, less what pauses it.
    fn settle(&mut self, cycle: &mut Cycle, term: &Term) {
        for (from, until, update) in cycle.take_uncounted() {
            let pausing = self.timeline.update(update).filter(|_| until > self.timeline.created);
            let pausing = pausing.and_then(|known| {
                let bits = self.timeline.bits_of(self.agreement, update);
                let own = term.pause.filter(|pause| bit(bits, *pause)).map(|_| known.at);
                self.pausing_by(&term.pauses, known, own)
            });
            let ways = Ways::of(term, self.exclusions);
            cycle.count_late(from, until, &ways, pausing.is_some());
            if let Some(ledger) = self.ledger.as_mut().filter(|_| pausing.is_some()) {
                ledger.pause(cycle.number, from, pausing);
            }
        }
    }
}
