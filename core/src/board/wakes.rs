//! The instants at which the clocks of a board must be looked at again.

/// Stands for a clock that nothing will change by itself; later than every instant.
pub(super) const NEVER: i64 = i64::MAX - 1;
/// Stands for a place without a ticket.
const NOBODY: i64 = i64::MAX;
/// Must be looked at by the next tick, whatever its instant.
pub(super) const AT_ONCE: i64 = 0;

/// So many places share an entry of the next level.
const FAN: usize = 16;

/// An instant for each place, and above them the earliest of each [`FAN`], level by level, up to one last list.
///
/// A tick goes down only where something has passed and so finds the places in ascending order; a heap would need
/// a sort, or stale entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Wakes {
    levels: Vec<Vec<i64>>,
}

/// The children of an entry.
fn children(level: &[i64], parent: usize) -> &[i64] {
    let from = parent.saturating_mul(FAN).min(level.len());
    let until = from.saturating_add(FAN).min(level.len());
    level.get(from..until).unwrap_or_default()
}

fn earliest(entries: &[i64]) -> i64 {
    entries.iter().fold(NOBODY, |earliest, at| earliest.min(*at))
}

impl Wakes {
    /// Makes room for so many places; new ones are empty.
    pub(super) fn grow(&mut self, places: usize) {
        let (mut number, mut wanted) = (0, places);
        loop {
            match self.levels.get_mut(number) {
                Some(level) => level.resize(wanted, NOBODY),
                None => {
                    let below = number.checked_sub(1).and_then(|below| self.levels.get(below));
                    let below = below.map(Vec::as_slice).unwrap_or_default();
                    let level = (0..wanted).map(|parent| earliest(children(below, parent))).collect();
                    self.levels.push(level);
                }
            }
            if wanted <= FAN {
                return;
            }
            number = number.saturating_add(1);
            wanted = wanted.div_ceil(FAN);
        }
    }

    /// Says when a place must be looked at; nothing happens to a place beyond the last.
    pub(super) fn set(&mut self, place: usize, at: i64) {
        let (mut place, mut at) = (place, at);
        for level in &mut self.levels {
            match level.get_mut(place) {
                Some(entry) if *entry != at => *entry = at,
                _ => return,
            }
            place = place.checked_div(FAN).unwrap_or_default();
            at = earliest(children(level, place));
        }
    }

    /// Empties a place.
    pub(super) fn clear(&mut self, place: usize) {
        self.set(place, NOBODY);
    }

    /// The earliest of all instants.
    pub(super) fn first(&self) -> i64 {
        self.levels.last().map_or(NOBODY, |level| earliest(level))
    }

    /// The places whose instant is not later than `until`, in ascending order.
    pub(super) fn until(&self, until: i64) -> Vec<usize> {
        let mut found: Vec<usize> = vec![0];
        for level in self.levels.iter().rev() {
            let mut next = Vec::with_capacity(found.len());
            for parent in found {
                for (place, at) in (parent.saturating_mul(FAN)..).zip(children(level, parent)) {
                    if *at <= until {
                        next.push(place);
                    }
                }
            }
            found = next;
        }
        if self.levels.is_empty() { Vec::new() } else { found }
    }

    /// Memory held, in bytes.
    pub(super) fn size(&self) -> usize {
        self.levels.iter().fold(0, |size, level| size.saturating_add(level.capacity().saturating_mul(8)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_passed_is_found_in_order_whatever_was_set_and_cleared() {
        let mut wakes = Wakes::default();
        assert_eq!((wakes.first(), wakes.until(NEVER)), (NOBODY, vec![]));
        let mut plain: Vec<i64> = Vec::new();
        let mut seed: u64 = 7;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33).checked_rem(below).unwrap_or(0)
        };
        for round in 0..6_000 {
            if round % 2 == 0 {
                plain.resize(plain.len() + 1, NOBODY);
                wakes.grow(plain.len());
            }
            let place = usize::try_from(random(3_000)).unwrap_or(0);
            let at = [NEVER, NOBODY, AT_ONCE].get(usize::try_from(random(20)).unwrap_or(0)).copied();
            let at = at.unwrap_or_else(|| i64::try_from(random(1_000)).unwrap_or(0));
            wakes.set(place, at);
            if let Some(entry) = plain.get_mut(place) {
                *entry = at;
            }
            if round % 97 == 0 {
                let until = i64::try_from(random(1_000)).unwrap_or(0);
                for until in [until, NEVER] {
                    let passed: Vec<usize> =
                        (0..).zip(&plain).filter(|(_, at)| **at <= until).map(|(place, _)| place).collect();
                    assert_eq!(wakes.until(until), passed);
                }
                assert_eq!(wakes.first(), plain.iter().copied().min().unwrap_or(NOBODY));
            }
        }
        assert!(wakes.levels.len() >= 3, "{} levels", wakes.levels.len());
    }
}
