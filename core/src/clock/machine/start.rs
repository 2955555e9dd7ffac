//! What starts a cycle.

use crate::ticket::Flags;

use super::Machine;
use super::moment::Moment;
use crate::clock::Metric;
use crate::clock::cycle::{Cycle, Going};
use crate::clock::outcome::StopCause;

impl Machine<'_> {
    /// Starts a cycle where none is open and something calls for one.
    pub(super) fn begin(&mut self, moment: &Moment<'_>, source: usize, reset: bool) {
        let replied_before = self.replied;
        self.note_messages(moment);
        let open = self.current.as_ref().is_some_and(|cycle| !cycle.is_over());
        if moment.is(Flags::MERGED) || self.left_stopped || open {
            return;
        }
        let metric = self.def.metric;
        let resolved = moment.is(Flags::RESOLVED);
        let with_ticket = !self.begun && moment.is(Flags::BEGUN);
        let first = self.place == 0;
        let cancelled = moment.holds(moment.spec.cancel);
        let stops = moment.own_stop.is_some() || cancelled;
        let starts = match metric {
            Metric::NextResponse => {
                // One that waits for a policy to be reopened under goes on then.
                let waits = self.current.as_ref().is_some_and(|cycle| {
                    matches!(cycle.going, Going::Stopped(_, StopCause::Resolved)) && !cycle.answered
                });
                self.asked && !waits && !resolved && !cancelled
            }
            Metric::PeriodicUpdate => {
                let replied = moment.is(Flags::REPLIED) || moment.reopening();
                with_ticket || (self.begun && !resolved && replied && !cancelled)
            }
            Metric::Ownership => {
                let got = moment.is(Flags::GROUP_CHANGED) || moment.reopening();
                moment.is(Flags::GROUP_SET) && got && (first || !resolved) && !cancelled
            }
            Metric::Custom => {
                let fires = match moment.spec.start {
                    Some(_) => moment.becomes_true(moment.spec.start),
                    None => with_ticket,
                };
                fires && !stops
            }
            _ => with_ticket,
        };
        self.begun |= moment.is(Flags::BEGUN);
        let starts_anew = reset && !resolved && !stops;
        if !starts && !starts_anew {
            return;
        }
        let by_itself = metric == Metric::Custom && moment.spec.start.is_none();
        let begins = with_ticket && (metric.starts_with_ticket() || by_itself);
        let at = self.timeline.start.filter(|start| begins && *start <= moment.at).unwrap_or(moment.at);
        let promised = self.promised(source, at);
        let number = self.current.as_ref().map_or(0, |cycle| cycle.number).saturating_add(1);
        let around = self.around(moment.bits, moment.bits, moment.index);
        let mut cycle = Cycle::start(number, at, promised, &around);
        if with_ticket && metric.starts_with_ticket() {
            // A first reply before the clock was let run is a first reply all the same.
            let answered = (metric == Metric::FirstResponse && replied_before).then_some(StopCause::Reply);
            let own_stop = moment.own_stop.or(answered).filter(|_| metric != Metric::PeriodicUpdate);
            self.stop_at_start(&mut cycle, &Moment { own_stop, ..*moment });
        }
        let mut around = self.around(moment.bits, moment.bits, moment.index);
        if !cycle.is_over()
            && resolved
            && (begins && metric != Metric::Custom || first && metric == Metric::Ownership)
        {
            cycle.stop(moment.at, StopCause::Resolved, &mut around);
        }
        self.originally_due(&mut cycle, moment.index);
        self.earlier.extend(self.current.replace(cycle));
    }

    fn note_messages(&mut self, moment: &Moment<'_>) {
        if moment.is(Flags::REPLIED) {
            self.asked = false;
        } else if moment.is(Flags::ASKED) && self.replied {
            // What cancels the clock cancels a message that it would start for.
            let cancelled = moment.holds(moment.spec.cancel) && !moment.is(Flags::RESOLVED);
            let open = self.current.as_ref().is_some_and(|cycle| !cycle.is_over());
            self.asked |= open || !cancelled;
        }
        self.replied |= moment.is(Flags::REPLIED);
    }
}
