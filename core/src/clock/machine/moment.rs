//! What an update is to one clock.

use crate::agreement::{Spec, WatchId};
use crate::instant::Instant;
use crate::ticket::{Flags, Update, bit};

use super::Machine;
use crate::clock::Metric;
use crate::clock::outcome::StopCause;

/// One update as the clock sees it.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) at: Instant,
    pub(super) index: usize,
    /// The update before; none before the creation.
    pub(super) previous: Option<usize>,
    pub(super) flags: Flags,
    pub(super) before: Flags,
    pub(super) bits: &'a [u64],
    pub(super) bits_before: &'a [u64],
    pub(super) spec: &'a Spec,
    pub(super) own_stop: Option<StopCause>,
    pub(super) resolving: bool,
}

impl Moment<'_> {
    pub(super) fn holds(&self, watch: Option<WatchId>) -> bool {
        watch.is_some_and(|watch| bit(self.bits, watch))
    }

    /// Whether a condition holds now and did not before.
    pub(super) fn becomes_true(&self, watch: Option<WatchId>) -> bool {
        self.holds(watch) && watch.is_some_and(|watch| !bit(self.bits_before, watch))
    }

    pub(super) fn is(&self, flag: u16) -> bool {
        self.flags.has(flag)
    }

    /// The update that held until this one.
    pub(super) fn held(&self) -> usize {
        self.previous.unwrap_or_default()
    }

    pub(super) fn reopening(&self) -> bool {
        self.before.has(Flags::RESOLVED) && !self.is(Flags::RESOLVED)
    }
}

impl<'a> Machine<'a> {
    pub(super) fn moment(&self, update: &Update) -> Moment<'a> {
        let (agreement, timeline) = (self.agreement, self.timeline);
        let index = self.path.update(self.place);
        let previous = self.place.checked_sub(1).map(|place| self.path.update(place));
        let before = previous.and_then(|index| timeline.update(index)).map(|update| update.flags);
        let before = before.unwrap_or_default();
        let bits = timeline.bits_of(agreement, index);
        let bits_before = previous.map(|index| timeline.still_of(agreement, index)).unwrap_or_default();
        let spec = self.spec(index);
        let flags = update.flags;
        let resolving = flags.has(Flags::RESOLVED) && !before.has(Flags::RESOLVED);
        let stops = |flag: u16, cause: StopCause| flags.has(flag).then_some(cause);
        let own_stop = match self.def.metric {
            Metric::FirstResponse | Metric::NextResponse | Metric::PeriodicUpdate => {
                stops(Flags::REPLIED, StopCause::Reply)
            }
            Metric::Assignment => stops(Flags::ASSIGNED, StopCause::Assigned),
            Metric::Ownership => stops(Flags::GROUP_CHANGED, StopCause::HandedOver),
            Metric::Plan | Metric::Custom => {
                spec.stop.is_some_and(|stop| bit(bits, stop)).then_some(StopCause::Condition)
            }
            Metric::Resolution | Metric::RequesterWait | Metric::AgentWork => None,
        };
        Moment { at: update.at, index, previous, flags, before, bits, bits_before, spec, own_stop, resolving }
    }
}
