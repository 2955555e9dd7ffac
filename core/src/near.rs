//! Which known words an unknown one was probably meant to be.

use crate::interval::Gather as _;

/// Longer words are no slip of the pen, and comparing them would cost their length times each candidate's.
const LONGEST_WORD: usize = 64;
/// How many words a person will read.
const MOST: usize = 3;

/// At most three of `candidates` within a few slips of `word`, nearest first, else in their own order.
///
/// A slip is a letter too many, too few, wrong or swapped with its neighbour; the case of ASCII letters counts
/// for nothing.
#[must_use]
pub fn nearest<'a>(word: &str, mut candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    nearest_of(word, &mut || candidates.next())
}

/// Compiled once, whatever the iterator.
fn nearest_of<'a>(word: &str, next: &mut dyn FnMut() -> Option<&'a str>) -> Vec<&'a str> {
    let limit = (word.len() / 3).clamp(1, 3);
    let mut found: Vec<(usize, &'a str)> = Vec::new();
    if word.len() > LONGEST_WORD {
        return Vec::new();
    }
    while let Some(candidate) = next() {
        if candidate.len().abs_diff(word.len()) > limit {
            continue;
        }
        if let Some(slips) = slips_between(word.as_bytes(), candidate.as_bytes(), limit) {
            found.insert(found.partition_point(|(others, _)| *others <= slips), (slips, candidate));
            found.truncate(MOST);
        }
    }
    found.into_iter().map(|(_, candidate)| candidate).gather()
}

/// Edit distance in bytes, with swapped neighbours as one slip; `None` beyond `limit`.
fn slips_between(word: &[u8], candidate: &[u8], limit: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=candidate.len()).gather();
    let mut next: Vec<usize> = Vec::new();
    let mut last = None;
    for (count, letter) in (1_usize..).zip(word) {
        next.clear();
        next.push(count);
        let (mut diagonal, mut left, mut other_last) = (count.saturating_sub(1), count, None);
        for (index, (other, above)) in candidate.iter().zip(row.iter().skip(1)).enumerate() {
            let differs = usize::from(!letter.eq_ignore_ascii_case(other));
            let mut slips = left.min(*above).saturating_add(1).min(diagonal.saturating_add(differs));
            if last.is_some_and(|last: &u8| last.eq_ignore_ascii_case(other))
                && other_last.is_some_and(|other_last: &u8| other_last.eq_ignore_ascii_case(letter))
            {
                let swapped = index.checked_sub(1).and_then(|index| before.get(index));
                slips = slips.min(swapped.map_or(slips, |swapped| swapped.saturating_add(1)));
            }
            next.push(slips);
            (diagonal, left, other_last) = (*above, slips, Some(other));
        }
        if next.iter().all(|slips| *slips > limit) {
            return None;
        }
        core::mem::swap(&mut before, &mut row);
        core::mem::swap(&mut row, &mut next);
        last = Some(letter);
    }
    row.last().copied().filter(|slips| *slips <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn slips(word: &str, candidate: &str, expected: usize) {
        for (a, b) in [(word.as_bytes(), candidate.as_bytes()), (candidate.as_bytes(), word.as_bytes())] {
            for limit in 0..5 {
                let within = (expected <= limit).then_some(expected);
                assert_eq!(slips_between(a, b, limit), within, "{word} {candidate} {limit}");
            }
        }
    }

    #[test]
    fn slips_are_letters_added_lost_changed_or_swapped() {
        slips("", "", 0);
        slips("", "abc", 3);
        slips("target", "TARGET", 0);
        slips("target", "targt", 1);
        slips("target", "tagret", 1);
        slips("target", "forget", 2);
        slips("ab", "ba", 1);
        slips("abcd", "badc", 2);
        slips("kitten", "sitting", 3);
    }

    #[test]
    fn the_nearest_come_first_and_the_far_not_at_all() {
        let words = ["calendar", "calender", "metric", "policy", "calendars", "calendary"];
        assert_eq!(nearest("calendr", words.into_iter()), ["calendar", "calender", "calendars"]);
        assert_eq!(nearest("Policy", words.into_iter()), ["policy"]);
        assert!(nearest("zone", words.into_iter()).is_empty());
        assert!(nearest("", words.into_iter()).is_empty());
        assert!(nearest(&"calendar".repeat(1_000_000), words.into_iter()).is_empty());
    }
}
