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

/// A timetable laid on weeks that begin where those of UTC since 1970-01-01T00:00Z do.
#[derive(Default)]
struct Line {
    /// The number of the week that holds from an instant on; the first begins with the range.
    begun: Vec<(i64, usize)>,
    weeks: Vec<Week>,
}

impl Line {
    fn of(timetable: &Timetable) -> Self {
        let mut line = Self::default();
        // For each pattern, how far it was shifted already and which weeks that gave.
        let mut made: Vec<Vec<(i64, usize)>> = vec![Vec::new(); timetable.patterns.len()];
        let blocks = timetable.blocks.len().saturating_sub(SENTINELS);
        for block in timetable.blocks.iter().take(blocks) {
            let at_hand = timetable.patterns.get(block.pattern).zip(made.get_mut(block.pattern));
            let Some((pattern, made)) = at_hand else { continue };
            let shift = block.origin.rem_euclid(pattern.period().cast_signed());
            // What is open or closed throughout is so however it is shifted.
            let shift = if pattern.is_uniform() { 0 } else { shift };
            let known = made.iter().find(|(known, _)| *known == shift).map(|(_, number)| *number);
            let number = known.unwrap_or_else(|| {
                let number = line.weeks.len();
                line.weeks.push(shifted(pattern, shift));
                made.push((shift, number));
                number
            });
            line.begin(block.start, number);
        }
        line
    }

    fn begin(&mut self, start: i64, number: usize) {
        if self.begun.last().is_none_or(|(_, last)| *last != number) {
            self.begun.push((start, number));
        }
    }

    fn with(&self, other: &Self, how: Combination) -> Self {
        let mut line = Self::default();
        let mut numbers = Numbers::default();
        // For each week of this line, the weeks of the other that it met and what they make together.
        let mut known: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.weeks.len()];
        let (mut mine, mut theirs) = (self.begun.as_slice(), other.begun.as_slice());
        let (mut a, mut b) = (0, 0);
        loop {
            let starts = [mine, theirs].map(|rest| rest.first().map_or(i64::MAX, |(start, _)| *start));
            let start = starts.into_iter().fold(i64::MAX, i64::min);
            if start == i64::MAX {
                return line;
            }
            for (rest, number) in [(&mut mine, &mut a), (&mut theirs, &mut b)] {
                if let Some(((_, next), after)) = rest.split_first().filter(|((at, _), _)| *at == start) {
                    (*rest, *number) = (after, *next);
                }
            }
            let Some(met) = known.get_mut(a) else { return line };
            let made = met.iter().find(|(with, _)| *with == b).map(|(_, number)| *number);
            let number = made.unwrap_or_else(|| {
                let weeks = self.weeks.get(a).zip(other.weeks.get(b));
                let week = weeks.map(|(mine, theirs)| combined(mine, theirs, how)).unwrap_or_default();
                let number = numbers.number(&format!("{week:?}"));
                if number == line.weeks.len() {
                    line.weeks.push(week);
                }
                met.push((b, number));
                number
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
    let either = |a: &Week, b: &Week| merged(a.iter().chain(b).copied().collect());
    match how {
        Combination::AnyOf => either(mine, theirs),
        Combination::AllOf => closed(&either(&closed(mine), &closed(theirs))),
        Combination::Except => closed(&either(&closed(mine), theirs)),
    }
}

/// What a week leaves of itself.
fn closed(week: &Week) -> Week {
    let ends = [0].into_iter().chain(week.iter().map(|(_, to)| *to));
    let starts = week.iter().map(|(from, _)| *from).chain([WEEK_MS]);
    merged(ends.zip(starts).collect())
}

impl Timetable {
    /// One timetable of several; of none, one that never opens.
    pub(crate) fn combine(how: Combination, parts: &[&Self]) -> Self {
        let mut lines = parts.iter().map(|part| Line::of(part));
        let first = lines.next().unwrap_or_default();
        let line = lines.fold(first, |line, part| line.with(&part, how));
        let mut builder = Builder::default();
        let patterns: Vec<usize> = line.weeks.iter().map(|week| builder.pattern(WEEK, week)).collect();
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
