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
    sort(&mut ranges);
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match out.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// Sorts in ascending order, in linear time where it is sorted already or made of a few sorted lists, as most lists here are.
///
/// A plain merge sort of the ascending runs: the standard library's would cost the page four kilobytes for each type.
pub(crate) fn sort<T: Ord + Copy>(items: &mut Vec<T>) {
    while !first_run(items).1.is_empty() {
        let mut into = Vec::with_capacity(items.len());
        let mut rest = items.as_slice();
        while !rest.is_empty() {
            let (mut left, after) = first_run(rest);
            let (mut right, after) = first_run(after);
            rest = after;
            while let (Some((a, a_tail)), Some((b, b_tail))) = (left.split_first(), right.split_first()) {
                if b < a {
                    into.push(*b);
                    right = b_tail;
                } else {
                    into.push(*a);
                    left = a_tail;
                }
            }
            into.extend_from_slice(left);
            into.extend_from_slice(right);
        }
        *items = into;
    }
}

/// What is in ascending order from the first item on, and what follows.
fn first_run<T: Ord>(items: &[T]) -> (&[T], &[T]) {
    let descent = items.iter().zip(items.iter().skip(1)).position(|(a, b)| b < a);
    items
        .split_at_checked(descent.map_or(items.len(), |place| place.saturating_add(1)))
        .unwrap_or((items, &[]))
}

/// Iterators that become lists.
pub(crate) trait Gather: Iterator + Sized {
    /// The items, as `collect` gives them. For pages it is half of the code: it neither asks how many will come nor has a
    /// case for each kind of iterator.
    fn gather(self) -> Vec<Self::Item> {
        if cfg!(feature = "small") {
            let mut list = Vec::new();
            self.for_each(|item| list.push(item));
            list
        } else {
            self.collect()
        }
    }
}

impl<I: Iterator> Gather for I {}

/// Puts a short list into the order of its keys; equal ones stay as they came. In place, one step after the other, which
/// is the least code for items of any size; quadratic where many of them are out of order.
pub(crate) fn put_in_order<T>(items: &mut [T], key: impl Fn(&T) -> i64) {
    let later = |items: &[T], place: usize| match items.get(place..) {
        Some([a, b, ..]) => key(a) > key(b),
        _ => false,
    };
    for end in 0..items.len() {
        let mut place = end;
        while place > 0 && later(items, place.saturating_sub(1)) {
            items.swap(place, place.saturating_sub(1));
            place = place.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_and_touching_ranges_become_one() {
        assert_eq!(merged(vec![(5, 6), (1, 3), (3, 4), (2, 3), (9, 9)]), [(1, 4), (5, 6)]);
    }

    #[test]
    fn short_lists_are_put_in_order_and_equal_keys_stay_as_they_came() {
        let mut items = [(3, 'a'), (1, 'b'), (3, 'c'), (0, 'd'), (1, 'e'), (0, 'f')];
        put_in_order(&mut items, |(key, _)| *key);
        assert_eq!(items, [(0, 'd'), (0, 'f'), (1, 'b'), (1, 'e'), (3, 'a'), (3, 'c')]);
        put_in_order(&mut [], |key: &i64| *key);
    }

    #[test]
    fn lists_of_every_length_are_sorted_as_the_standard_library_does() {
        let mut seed: u64 = 1;
        for length in 0..200 {
            let mut items: Vec<(i64, i64)> = Vec::new();
            for index in 0..length {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                items.push((i64::try_from(seed >> 59).unwrap_or(0), index));
            }
            let mut expected = items.clone();
            expected.sort_unstable();
            for _ in 0..2 {
                sort(&mut items);
                assert_eq!(items, expected);
            }
            items.reverse();
            sort(&mut items);
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn an_empty_or_reversed_interval_does_not_exist() {
        let (a, b) = (Instant::MIN, Instant::MAX);
        assert!(Interval::new(a, a).is_none() && Interval::new(b, a).is_none());
        assert_eq!(Interval::new(a, b).map(|i| i.length().ms()), Some(b.ms()));
    }
}
