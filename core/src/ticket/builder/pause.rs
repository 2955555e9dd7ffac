//! Pauses given by hand, and the list of all that are in force.

use std::sync::Arc;

use super::{Builder, NEAR};
use crate::instant::Instant;
use crate::interval::{Gather as _, put_in_order};
use crate::name::{Name, named};
use crate::notice::Notice;
use crate::ticket::EventKind;
use crate::ticket::timeline::{Cause, Flags};

/// Most manual pauses active at once.
const MAX_PAUSES: usize = 64;

/// Whether a pause waits for this party.
fn is(pause: &Cause, party: &Option<String>) -> bool {
    pause.party.as_ref().map(Name::as_str) == party.as_deref()
}

/// The number of a cause, which is mostly one of the last.
fn number(causes: &mut Vec<Arc<Cause>>, cause: &Arc<Cause>) -> u32 {
    let near = causes.iter().enumerate().rev().take(NEAR);
    let found = near.into_iter().find(|(_, known)| *known == cause).map(|(place, _)| place);
    let place = found.unwrap_or_else(|| {
        causes.push(Arc::clone(cause));
        causes.len().saturating_sub(1)
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Builder<'_> {
    #[inline(never)]
    pub(super) fn manual_pause(&mut self, at: Instant, index: usize, kind: &EventKind) {
        match kind {
            EventKind::Pause(_) if self.flags.has(Flags::RESOLVED) || self.manual.len() >= MAX_PAUSES => {
                self.out.notices.push((at, Notice::void_pause(format!("/events/{index}/pause"))));
            }
            EventKind::Pause(pause) if self.manual.iter().any(|active| is(active, &pause.party)) => {}
            EventKind::Pause(pause) => {
                let (party, reason) = (named(&pause.party), named(&pause.reason));
                self.manual.push(Arc::new(Cause { party, reason, status: None, since: at }));
            }
            EventKind::Resume(resume) => {
                let before = self.manual.len();
                self.manual.retain(|active| resume.party.is_some() && !is(active, &resume.party));
                if self.manual.len() == before {
                    let notice = Notice::resume_without_pause(format!("/events/{index}/resume"));
                    self.out.notices.push((at, notice));
                }
            }
            _ => {}
        }
    }

    /// The position of the list of pauses in force.
    pub(super) fn pauses(&mut self) -> u32 {
        if self.flags.has(Flags::RESOLVED) || (self.status_pause.is_none() && self.manual.is_empty()) {
            return 0;
        }
        let (one, several): ([u32; 1], Vec<u32>);
        let numbers: &[u32] = match (&self.status_pause, &*self.manual) {
            (Some(cause), []) | (None, [cause]) => {
                one = [number(&mut self.out.causes, cause)];
                &one
            }
            (status, manual) => {
                // The pause that began first has the time; of two that began together, the status's.
                let mut active: Vec<&Arc<Cause>> = status.iter().chain(manual).gather();
                put_in_order(&mut active, |cause| cause.since.ms());
                let causes = &mut self.out.causes;
                several = active.into_iter().map(|cause| number(causes, cause)).gather();
                &several
            }
        };
        let near = self.out.pauses.iter().enumerate().rev().take(NEAR);
        let found = near.into_iter().find(|(_, known)| *known == numbers).map(|(place, _)| place);
        let place = found.unwrap_or(self.out.pauses.len());
        if found.is_none() {
            self.out.pauses.push(numbers.to_vec());
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}
