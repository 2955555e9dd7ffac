//! What is found or granted later: exclusions, extensions and excuses.

use super::Builder;
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::name::named;
use crate::notice::Notice;
use crate::ticket::EventKind;
use crate::ticket::timeline::{Exclusion, Flags, Known};

impl Builder<'_> {
    /// The clocks of a name; of none, a notice.
    fn clocks_of(&mut self, at: Instant, name: &str, pointer: impl FnOnce() -> String) -> Vec<usize> {
        let clocks = self.agreement.clocks.iter().enumerate();
        let found: Vec<usize> =
            clocks.filter(|(_, clock)| clock.name.as_str() == name).map(|(number, _)| number).gather();
        if found.is_empty() {
            self.out.notices.push((at, Notice::unknown_clock(name, pointer())));
        }
        found
    }

    #[cold]
    pub(super) fn correct(&mut self, at: Instant, index: usize, kind: &EventKind) {
        match kind {
            EventKind::Exclude(exclude) => {
                let mut clocks = Vec::new();
                for (place, name) in exclude.clocks.iter().enumerate() {
                    let pointer = || format!("/events/{index}/exclude/clocks/{place}");
                    clocks.extend(self.clocks_of(at, name, pointer));
                }
                self.out.exclusions.push(Exclusion {
                    known: at,
                    from: exclude.from.ms(),
                    to: exclude.to.ms(),
                    reason: named(&exclude.reason),
                    party: named(&exclude.party),
                    clocks: Some(clocks).filter(|_| !exclude.clocks.is_empty()),
                });
            }
            EventKind::Extend(extend) => {
                for clock in self.clocks_of(at, &extend.clock, || format!("/events/{index}/extend/clock")) {
                    self.out.known.push(Known::Extend { at, clock, by: extend.by, event: index });
                    self.flags.set(Flags::CORRECTED, true);
                }
            }
            EventKind::Excuse(excuse) => {
                for clock in self.clocks_of(at, &excuse.clock, || format!("/events/{index}/excuse/clock")) {
                    let (cycle, reason) = (excuse.cycle, named(&excuse.reason));
                    self.out.known.push(Known::Excuse { at, clock, cycle, reason, event: index });
                    self.flags.set(Flags::CORRECTED, true);
                }
            }
            _ => {}
        }
    }
}
