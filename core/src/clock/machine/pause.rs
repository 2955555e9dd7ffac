//! What pauses a cycle.

use crate::agreement::{PausedFor, Term, WatchId};
use crate::instant::Instant;
use crate::name::Name;
use crate::ticket::{Update, bit};

use super::Machine;
use crate::clock::cycle::{Going, Pausing};

impl Machine<'_> {
    /// Pauses or resumes the open cycle, as the ticket now is.
    pub(super) fn pause(&mut self, update: &Update) {
        let Some(mut cycle) = self.current.take_if(|cycle| !cycle.is_over()) else { return };
        let (agreement, timeline) = (self.agreement, self.timeline);
        let term = cycle.judging(agreement);
        let pausing = term.and_then(|term| self.pausing(term, update));
        let changes = cycle.going != pausing.map_or(Going::Running, Going::Paused);
        // Alerts with a condition look at it as it was up to here, and a ledger names the update behind.
        let counts = term.is_none_or(|term| term.conditional) || self.ledger.is_some();
        if changes || counts {
            let bits = timeline.bits_of(agreement, self.path.update(self.place));
            let previous = self.place.checked_sub(1).map(|place| self.path.update(place));
            let bits_before =
                previous.map(|previous| timeline.still_of(agreement, previous)).unwrap_or_default();
            let held = previous.unwrap_or_default();
            if counts {
                // Of time before the ticket was there, its creation is all that is known.
                let before = if previous.is_none() { bits } else { bits_before };
                cycle.count(update.at, &mut self.around(before, bits, held));
            }
            if changes {
                cycle.set_paused(update.at, pausing, &mut self.around(bits_before, bits, held));
            }
        }
        self.current = Some(cycle);
    }

    /// Since when a condition that holds has done so.
    fn held_since(&mut self, pause: WatchId, now: Instant) -> Instant {
        let known = self.own_pauses.iter().position(|(known, ..)| *known == pause);
        let before =
            known.and_then(|place| self.own_pauses.get(place)).map(|(_, since, seen)| (*since, *seen));
        let first = before.map_or(0, |(_, seen)| seen.saturating_add(1));
        let (path, place) = (self.path, self.place);
        let held = |place: &usize| bit(self.timeline.still_of(self.agreement, path.update(*place)), pause);
        let at = |place: usize| self.timeline.update(path.update(place)).map_or(now, |update| update.at);
        let since = match (first..place).rev().take_while(held).last() {
            // Nothing was between, or it held all the while since it was last seen.
            None if first >= place => before.map_or(now, |(since, _)| since),
            Some(begin) if begin == first => before.map_or(at(begin), |(since, _)| since),
            Some(begin) => at(begin),
            None => now,
        };
        let entry = (pause, since, place);
        match known.and_then(|place| self.own_pauses.get_mut(place)) {
            Some(slot) => *slot = entry,
            None => self.own_pauses.push(entry),
        }
        since
    }

    /// What pauses a clock under its term. Before the first promise nothing does: whether a pause counts is for that to say.
    fn pausing(&mut self, term: &Term, update: &Update) -> Option<Pausing> {
        let own = term
            .pause
            .filter(|pause| bit(self.timeline.bits_of(self.agreement, self.path.update(self.place)), *pause));
        let own_pause = own.map(|pause| self.held_since(pause, update.at));
        self.pausing_by(&term.pauses, update, own_pause)
    }

    /// What pauses a clock that pauses for these parties, and, since an instant, by a condition of its own.
    #[inline]
    pub(super) fn pausing_by(
        &self,
        parties: &PausedFor,
        update: &Update,
        own: Option<Instant>,
    ) -> Option<Pausing> {
        if update.pauses == 0 {
            return own.map(Pausing::Condition);
        }
        let list = usize::try_from(update.pauses).ok().and_then(|list| self.timeline.pauses.get(list))?;
        let cause = |number: &u32| self.timeline.causes.get(usize::try_from(*number).ok()?);
        let pauses = |number: &&u32| {
            cause(number).is_some_and(|cause| parties.holds(cause.party.as_ref().map(Name::as_str)))
        };
        let first = list.iter().find(pauses).and_then(|number| Some((*number, cause(number)?.since)));
        match (first, own) {
            (Some((number, since)), own) if own.is_none_or(|own| since <= own) => {
                Some(Pausing::Ticket(number))
            }
            (_, Some(since)) => Some(Pausing::Condition(since)),
            (Some((number, _)), None) => Some(Pausing::Ticket(number)),
            (None, None) => None,
        }
    }
}
