//! Policies that hold to the end, or judge what was before them: which update each update's promise is of.

use crate::agreement::{Agreement, OnChange};
use crate::instant::Instant;
use crate::ticket::{Flags, Path, Timeline};

use super::machine::promised;
use super::promised::Promised;

/// For each update on a path, the update whose policies hold for a clock.
#[derive(Debug)]
pub(super) struct Sources {
    of: Vec<usize>,
    /// When the last policy took over that judges all that was before it.
    pub(super) retroactive: Option<Instant>,
}

impl Sources {
    /// The update whose policies hold at a place of the path.
    pub(super) fn of(&self, place: usize) -> usize {
        self.of.get(place).copied().unwrap_or_default()
    }

    /// The same, judged anew by the policies of an update that a place of the path has.
    pub(super) fn judged_anew(mut self, place: usize, update: usize, at: Instant) -> Self {
        self.of.iter_mut().take(place).for_each(|source| *source = update);
        self.retroactive = Some(at);
        self
    }

    /// Looks through a path.
    #[inline(never)]
    pub(super) fn new(agreement: &Agreement, timeline: &Timeline, clock: usize, path: Path) -> Self {
        let started = timeline.start.unwrap_or(timeline.created);
        let promised = |source: usize| promised(agreement, timeline, clock, source, started);
        let changes = |promised: Option<Promised>| {
            promised.and_then(|promised| agreement.term(promised.term)).map(|term| term.on_change)
        };
        let mut of: Vec<usize> = Vec::with_capacity(path.len());
        let (mut held, mut held_since) = (0, Instant::MIN);
        let mut in_force = promised(0);
        let mut frozen = None;
        let mut was_resolved = false;
        for place in 0..path.len() {
            let index = path.update(place);
            let Some(update) = timeline.update(index) else { continue };
            let resolved = update.flags.has(Flags::RESOLVED);
            if frozen.is_none()
                && update.at > held_since
                && place > 0
                && changes(in_force) == Some(OnChange::Freeze)
            {
                frozen = Some(held);
            }
            if place == 0 {
                held_since = update.at;
            } else if frozen.is_none() && !(was_resolved && resolved) {
                let next = promised(index);
                if !Promised::same(next, in_force, agreement) {
                    held_since = update.at;
                }
                in_force = next;
                held = index;
            }
            of.push(frozen.unwrap_or(held));
            was_resolved = resolved;
        }
        Self { of, retroactive: None }
    }
}
