//! What is to come by itself: later versions, and the start that the ticket names.

use super::Builder;
use super::fields::StatusFrom;
use super::look::ends_with;
use crate::instant::Instant;
use crate::policy::Facts;
use crate::ticket::timeline::{Flags, Update};

impl Builder<'_> {
    /// The position of the list of what is to come by itself; `pauses` are those in force.
    pub(super) fn ahead(&mut self, at: Instant, pauses: u32) -> u32 {
        if self.to_come.last().is_none_or(|last| *last <= at) || self.flags.has(Flags::MERGED) {
            return 0;
        }
        self.look_ahead(at, pauses)
    }

    #[inline(never)]
    fn look_ahead(&mut self, at: Instant, pauses: u32) -> u32 {
        let kept = (self.version, self.flags, self.channel_used);
        let (policies, status_pause) = (self.policies.clone(), self.status_pause.clone());
        let mut manual = None;
        let (mut updates, mut bits, mut dues) = (Vec::new(), Vec::new(), Vec::new());
        self.looks_ahead = true;
        for from in self.to_come.clone().into_iter().filter(|from| *from > at) {
            self.flags.set(Flags::EVENTS, false);
            if self.enter_version(from) {
                self.derive_priority();
                self.match_policies();
                self.read_status(from, StatusFrom::Creation);
            }
            if self.flags.has(Flags::RESOLVED) && manual.is_none() {
                manual = Some(core::mem::take(&mut self.manual));
            }
            let seen = self.seen(from, &Facts::default());
            // Causes may be long texts, and mostly stay as they are.
            let as_before = manual.is_none() && self.status_pause == status_pause;
            let pauses = if as_before { pauses } else { self.pauses() };
            updates.push(Update { pauses, ..seen });
            bits.extend(self.bits(&Facts::default()));
            dues.extend(self.dues(from));
        }
        self.looks_ahead = false;
        (self.version, self.flags, self.channel_used) = kept;
        (self.status_pause, self.policies, self.row) = (status_pause, policies, None);
        if let Some(manual) = manual {
            self.manual = manual;
        }
        self.derive_priority();
        let count = updates.len();
        let known = self.out.later.len().checked_sub(count);
        let end = known.and_then(|from| self.out.later.get(from..)).unwrap_or_default();
        let alike = |(one, other): (&Update, &Update)| *one == Update { ahead: one.ahead, ..*other };
        let same = end.len() == count
            && end.iter().zip(&updates).all(alike)
            && ends_with(&self.later_bits, &bits)
            && ends_with(&self.later_dues, &dues);
        if self.out.aheads.is_empty() {
            self.out.aheads.push((0, 0));
        }
        let entry = (if same { known.unwrap_or_default() } else { self.out.later.len() }, count);
        if self.out.aheads.last() != Some(&entry) {
            self.out.aheads.push(entry);
        }
        let list = u32::try_from(self.out.aheads.len().saturating_sub(1)).unwrap_or(u32::MAX);
        if !same {
            self.out.later.extend(updates.into_iter().map(|update| Update { ahead: list, ..update }));
            self.later_bits.extend(bits);
            self.later_dues.extend(dues);
        }
        list
    }
}
