//! Half-open intervals `[from, until)`.

use crate::document::output;
use crate::duration::Duration;
use crate::instant::Instant;

output! {
    /// A stretch of time from its first instant up to, but not including, its end.
    pub struct Interval {
        /// First instant.
        from: Instant,
        /// End, itself outside.
        until: Instant,
    }
}

impl Interval {
    /// The interval, or `None` when it would be empty or reversed.
    #[must_use]
    pub fn new(from: Instant, until: Instant) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// The part shared with `other`.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.until.min(other.until))
    }

    /// Real time from start to end.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.until.since(self.from)
    }
}

/// Joins overlapping and touching half-open ranges; empty ones vanish. The result is sorted.
///
/// Not generic, like every sort and map of this crate: each further type would cost the page kilobytes.
pub(crate) fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.retain(|(from, to)| from < to);
    ranges.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match out.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_and_touching_ranges_become_one() {
        assert_eq!(merged(vec![(5, 6), (1, 3), (3, 4), (2, 3), (9, 9)]), [(1, 4), (5, 6)]);
    }

    #[test]
    fn an_empty_or_reversed_interval_does_not_exist() {
        let (a, b) = (Instant::MIN, Instant::MAX);
        assert!(Interval::new(a, a).is_none() && Interval::new(b, a).is_none());
        assert_eq!(Interval::new(a, b).map(|i| i.length().ms()), Some(b.ms()));
    }
}
