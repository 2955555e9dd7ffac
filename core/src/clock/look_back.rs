//! Policies that hold to the end, or judge what was before them: which update each update's promise is of.

use crate::agreement::{Agreement, OnChange};
use crate::instant::Instant;
use crate::ticket::{Flags, Timeline, Update};

use super::cycle::Promised;
use super::machine::promised;

/// For each update of a ticket, the update whose policies hold for a clock.
#[derive(Debug)]
pub(super) struct Sources {
    of: Vec<usize>,
    /// The last update at which a policy took over that judges all that was before it, with the sources as
    /// they were without it.
    pub(super) retroactive: Option<(usize, Vec<usize>)>,
}

impl Sources {
    pub(super) fn of(&self, update: usize) -> usize {
        self.of.get(update).copied().unwrap_or(update)
    }

    /// The sources without the last judging anew.
    pub(super) fn before(&self) -> Option<(usize, Self)> {
        let (at, of) = self.retroactive.clone()?;
        Some((at, Self { of, retroactive: None }))
    }

    /// Looks through the updates up to `now`.
    pub(super) fn new(agreement: &Agreement, timeline: &Timeline, clock: usize, updates: &[Update]) -> Self {
        let started = timeline.start.unwrap_or(timeline.created);
        let promised = |source: usize| promised(agreement, timeline, clock, source, started);
        let changes = |promised: Option<Promised>| {
            promised.and_then(|promised| agreement.term(promised.term)).map(|term| term.on_change)
        };
        let mut of: Vec<usize> = Vec::with_capacity(updates.len());
        let (mut held, mut held_since) = (0, Instant::MIN);
        let mut in_force = promised(0);
        let mut frozen = None;
        let mut retroactive = None;
        let mut was_resolved = false;
        for (index, update) in updates.iter().enumerate() {
            let resolved = update.flags.has(Flags::RESOLVED);
            if frozen.is_none()
                && update.at > held_since
                && index > 0
                && changes(in_force) == Some(OnChange::Freeze)
            {
                frozen = Some(held);
            }
            if index == 0 {
                held_since = update.at;
            } else if frozen.is_none() && !(was_resolved && resolved) {
                let next = promised(index);
                if !Promised::same(next, in_force, agreement) {
                    if changes(next) == Some(OnChange::Retroactive) && !update.flags.has(Flags::VERSION) {
                        retroactive = Some(index);
                    }
                    held_since = update.at;
                }
                in_force = next;
                held = index;
            }
            of.push(frozen.unwrap_or(held));
            was_resolved = resolved;
        }
        let retroactive = retroactive.map(|at| {
            let before = of.clone();
            for source in of.iter_mut().take(at) {
                *source = at;
            }
            (at, before)
        });
        Self { of, retroactive }
    }
}
