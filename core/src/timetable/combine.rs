//! One timetable from several: open with any of them, only with all of them, or with one less the others.
//!
//! Between two neighbouring block starts of all timetables each of them repeats within a week of UTC, and so
//! does what is made of them. The time zones are in the timetables already, so none is looked at here.

use crate::instant::{DAY_MS, Instant};
use crate::interval::merged;
use crate::numbers::Numbers;

use super::build::{Builder, Rule};
use super::pattern::{Pattern, WEEK};
use super::{SENTINELS, Timetable};

const WEEK_MS: i64 = WEEK.cast_signed();

/// What repeats in the last years of the range repeats beyond it: there the rules of all zones have settled.
const LAST_YEARS: i64 = 3652 * DAY_MS;

/// How open time is made of that of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Combination {
    /// Open when any part is.
    AnyOf,
    /// Open when all parts are.
    AllOf,
    /// Open when the first part is and no other one.
    Except,
}

/// Half-open ranges of milliseconds of a week: sorted, disjoint, not touching.
type Week = Vec<(i64, i64)>;

/// What was made already: pairs of a key and a number, in the order of the keys.
#[derive(Default)]
struct Memo(Vec<(i64, i64)>);

impl Memo {
    /// The number of a key of two small numbers; a new one gets that which `make` gives.
    fn number(&mut self, a: usize, b: i64, make: impl FnOnce() -> usize) -> usize {
        let key = i64::try_from(a).unwrap_or(i64::MAX) << 32 | b;
        let place = self.0.partition_point(|(known, _)| *known < key);
        if let Some((_, number)) = self.0.get(place).filter(|(known, _)| *known == key) {
            return usize::try_from(*number).unwrap_or(usize::MAX);
        }
        let number = make();
        self.0.insert(place, (key, i64::try_from(number).unwrap_or(i64::MAX)));
        number
    }
}

/// A timetable laid on weeks that begin where those of UTC since 1970-01-01T00:00Z do.
#[derive(Default)]
struct Line {
    /// The number of the week that holds from an instant on; the first begins with the range.
    begun: Vec<(i64, usize)>,
    weeks: Vec<Week>,
    numbers: Numbers,
}

impl Line {
    fn of(timetable: &Timetable) -> Self {
        let mut line = Self::default();
        let mut made = Memo::default();
        let blocks = timetable.blocks.len().saturating_sub(SENTINELS);
        for block in timetable.blocks.iter().take(blocks) {
            let Some(pattern) = timetable.patterns.get(block.pattern) else { continue };
            let shift = block.origin.rem_euclid(pattern.period().cast_signed());
            // What is open or closed throughout is so however it is shifted.
            let shift = if pattern.is_uniform() { 0 } else { shift };
            let number = made.number(block.pattern, shift, || line.number(shifted(pattern, shift)));
            line.begin(block.start, number);
        }
        line
    }

    fn number(&mut self, week: Week) -> usize {
        // Written by hand: the page needs no `{:?}`.
        let mut text = String::new();
        for (from, until) in &week {
            text.push_str(&format!("{from} {until} "));
        }
        let number = self.numbers.number(&text);
        if number == self.weeks.len() {
            self.weeks.push(week);
        }
        number
    }

    fn begin(&mut self, start: i64, number: usize) {
        if self.begun.last().is_none_or(|(_, last)| *last != number) {
            self.begun.push((start, number));
        }
    }

    fn with(&self, other: &Self, how: Combination) -> Self {
        let mut line = Self::default();
        let mut made = Memo::default();
        let (mut mine, mut theirs) = (self.begun.as_slice(), other.begun.as_slice());
        let (mut a, mut b) = (0_usize, 0_usize);
        let start_of = |rest: &[(i64, usize)]| rest.first().map_or(i64::MAX, |(start, _)| *start);
        loop {
            let start = start_of(mine).min(start_of(theirs));
            if start == i64::MAX {
                return line;
            }
            for (rest, number) in [(&mut mine, &mut a), (&mut theirs, &mut b)] {
                if let Some(((_, next), after)) = rest.split_first().filter(|((at, _), _)| *at == start) {
                    (*rest, *number) = (after, *next);
                }
            }
            let both = i64::try_from(b).unwrap_or(i64::MAX);
            let number = made.number(a, both, || {
                let weeks = self.weeks.get(a).zip(other.weeks.get(b));
                line.number(weeks.map_or_else(Week::new, |(mine, theirs)| combined(mine, theirs, how)))
            });
            line.begin(start, number);
        }
    }
}

/// A pattern as a week that begins `shift` earlier than one of its periods does.
fn shifted(pattern: &Pattern, shift: i64) -> Week {
    let mut week = Week::new();
    let period = pattern.period().cast_signed();
    let mut base = shift;
    while base < WEEK_MS.wrapping_add(shift) {
        for (from, to) in pattern.ranges() {
            let (from, to) = (base.wrapping_add(from), base.wrapping_add(to));
            // What leaves the week at its end comes in at its beginning.
            week.push((from, to.min(WEEK_MS)));
            week.push((from.max(WEEK_MS).wrapping_sub(WEEK_MS), to.wrapping_sub(WEEK_MS)));
        }
        base = base.wrapping_add(period);
    }
    merged(week)
}

fn combined(mine: &Week, theirs: &Week, how: Combination) -> Week {
    match how {
        Combination::AnyOf => either(mine.clone(), theirs),
        Combination::AllOf => closed(&either(closed(mine), &closed(theirs))),
        Combination::Except => closed(&either(closed(mine), theirs)),
    }
}

fn either(mut mine: Week, theirs: &Week) -> Week {
    mine.extend_from_slice(theirs);
    merged(mine)
}

/// What a week leaves of itself.
fn closed(week: &Week) -> Week {
    let mut closed = Week::new();
    let mut since = 0;
    for &(from, to) in week {
        closed.push((since, from));
        since = to;
    }
    closed.push((since, WEEK_MS));
    merged(closed)
}

impl Timetable {
    /// One timetable of several; of none, one that never opens.
    pub(crate) fn combine(how: Combination, parts: &[&Self]) -> Self {
        let mut line = Line::default();
        for (place, part) in parts.iter().enumerate() {
            let part = Line::of(part);
            line = if place == 0 { part } else { line.with(&part, how) };
        }
        let mut builder = Builder::default();
        let mut patterns: Vec<usize> = Vec::new();
        for week in &line.weeks {
            patterns.push(builder.pattern(WEEK, week));
        }
        for &(start, number) in &line.begun {
            let Some(&pattern) = patterns.get(number) else { continue };
            builder.begin(start, Rule { pattern, period: WEEK_MS, phase: 0 });
        }
        let mut timetable = builder.finish();
        let recurring = parts.iter().filter(|part| part.recurs).count();
        let parts_recur = match how {
            Combination::AnyOf => recurring > 0,
            Combination::AllOf => recurring == parts.len(),
            Combination::Except => parts.first().is_some_and(|first| first.recurs),
        };
        let lately = Instant::clamped(Instant::MAX_MS.wrapping_sub(LAST_YEARS));
        timetable.recurs = parts_recur && timetable.open_before(lately) < timetable.total;
        timetable
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::DAY;
    use super::*;
    use crate::instant::HOUR_MS as HOUR;

    #[test]
    fn a_shifted_week_brings_its_end_in_at_its_beginning() {
        let sunday_night = Pattern::new(WEEK, &[(0, HOUR), (WEEK_MS - 2 * HOUR, WEEK_MS)]);
        assert_eq!(shifted(&sunday_night, 0), [(0, HOUR), (WEEK_MS - 2 * HOUR, WEEK_MS)]);
        assert_eq!(shifted(&sunday_night, HOUR), [(0, 2 * HOUR), (WEEK_MS - HOUR, WEEK_MS)]);
        assert_eq!(shifted(&sunday_night, WEEK_MS - HOUR), [(WEEK_MS - 3 * HOUR, WEEK_MS)]);
        let nights = Pattern::new(DAY, &[(22 * HOUR, 24 * HOUR)]);
        let week = shifted(&nights, 3 * HOUR);
        assert_eq!(
            (week.len(), week.first(), week.last()),
            (7, Some(&(HOUR, 3 * HOUR)), Some(&(145 * HOUR, 147 * HOUR)))
        );
        let split = shifted(&nights, HOUR);
        assert_eq!(
            (split.len(), split.first(), split.last()),
            (8, Some(&(0, HOUR)), Some(&(WEEK_MS - HOUR, WEEK_MS)))
        );
    }

    #[test]
    fn weeks_are_put_together_as_sets() {
        let (a, b): (Week, Week) = (vec![(0, 10), (20, 30)], vec![(5, 20), (25, 26)]);
        assert_eq!(combined(&a, &b, Combination::AnyOf), [(0, 30)]);
        assert_eq!(combined(&a, &b, Combination::AllOf), [(5, 10), (25, 26)]);
        assert_eq!(combined(&a, &b, Combination::Except), [(0, 5), (20, 25), (26, 30)]);
        let (none, all): (Week, Week) = (vec![], vec![(0, WEEK_MS)]);
        assert_eq!(closed(&none), all);
        assert_eq!(closed(&all), none);
        assert_eq!(combined(&all, &a, Combination::Except), [(10, 20), (30, WEEK_MS)]);
    }
}
