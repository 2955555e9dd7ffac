//! From local hours to the line of instants.

use crate::instant::{DAY_MS, Instant, MINUTE_MS};
use crate::interval::Gather as _;
use crate::interval::merged;
use crate::numbers::Numbers;
use crate::zone::Stretch;

use super::pattern::{DAY, Pattern, WEEK};
use super::{BUCKET_BITS, Block, SENTINELS, Timetable};

/// Minutes of a day, half-open.
pub(crate) type Minutes = (i64, i64);

/// Days between the Monday on which the week's pattern is anchored and 1970-01-01, a Thursday.
const DAYS_FROM_MONDAY: i64 = 3;

const DAY_MINUTES: i64 = 24 * 60;

/// When a calendar is open, in local terms.
pub(crate) struct LocalHours<'h> {
    /// The zone's stretches of constant offset, tiling the range.
    pub(crate) stretches: &'h [Stretch],
    /// Open minutes of each day of the regular week from Monday, merged.
    pub(crate) week: &'h [Vec<Minutes>; 7],
    /// Dates, as days since 1970-01-01, whose hours differ from those of their weekday; sorted, merged hours.
    pub(crate) exceptions: &'h [(i64, Vec<Minutes>)],
}

/// What holds within a block: a pattern, and where its periods begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) pattern: usize,
    pub(super) period: i64,
    /// The instant at which some period begins, less than a period from 1970.
    pub(super) phase: i64,
}

/// Blocks under construction.
#[derive(Default)]
pub(super) struct Builder {
    /// Each block's start and rule.
    begun: Vec<(i64, Rule)>,
    patterns: Vec<Pattern>,
    number_of_pattern: Numbers,
}

impl Builder {
    pub(super) fn pattern(&mut self, period: u64, ranges: &[(i64, i64)]) -> usize {
        // Written by hand: the page needs no other `{:?}`.
        let mut name = period.to_string();
        for (from, to) in ranges {
            name.push_str(&format!(",{from},{to}"));
        }
        let number = self.number_of_pattern.number(&name);
        if number == self.patterns.len() {
            self.patterns.push(Pattern::new(period, ranges));
        }
        number
    }

    /// From `start` on, `rule` holds.
    pub(super) fn begin(&mut self, start: i64, rule: Rule) {
        if self.begun.last().is_some_and(|(last, _)| *last == start) {
            self.begun.pop();
        }
        if self.begun.last().is_none_or(|(_, last)| *last != rule) {
            self.begun.push((start, rule));
        }
    }

    pub(super) fn finish(self) -> Timetable {
        let mut blocks = Vec::with_capacity(self.begun.len().saturating_add(SENTINELS));
        let mut opens = Vec::with_capacity(self.begun.len());
        let mut open: i64 = 0;
        let ends = self.begun.iter().skip(1).map(|(start, _)| *start).chain([Instant::MAX_MS]);
        for (&(start, rule), end) in self.begun.iter().zip(ends) {
            let Some(pattern) = self.patterns.get(rule.pattern) else { continue };
            let into_period = start.wrapping_sub(rule.phase).checked_rem_euclid(rule.period).unwrap_or(0);
            let origin = start.wrapping_sub(into_period);
            let until = |ms: i64| match pattern.is_empty() {
                true => 0,
                false => pattern.open_before(ms.wrapping_sub(origin).cast_unsigned()).cast_signed(),
            };
            let base = open.wrapping_sub(until(start));
            blocks.push(Block { start, origin, base, pattern: rule.pattern });
            opens.push(open);
            open = base.wrapping_add(until(end));
        }
        let index = index_of(&blocks);
        blocks.extend([Block { start: i64::MAX, origin: 0, base: 0, pattern: 0 }; SENTINELS]);
        Timetable {
            blocks: blocks.into(),
            opens: opens.into(),
            index,
            recurs: self.patterns.first().is_some_and(|week| !week.is_empty()),
            patterns: self.patterns.into(),
            total: open,
        }
    }
}

/// For each bucket, the last block that starts at or before its first instant.
fn index_of(blocks: &[Block]) -> Box<[u32]> {
    let buckets_before = |ms: i64| usize::try_from((ms >> BUCKET_BITS).wrapping_add(1)).unwrap_or(0);
    let mut index: Vec<u32> = Vec::with_capacity(buckets_before(Instant::MAX_MS));
    // A bucket that begins with a block is that block's.
    let ends = blocks.iter().skip(1).map(|block| block.start.wrapping_sub(1)).chain([Instant::MAX_MS]);
    for (block, end) in (0..).zip(ends) {
        index.resize(buckets_before(end).max(index.len()), block);
    }
    index.into()
}

/// Minutes of a day as milliseconds of a period, `day` days in.
fn in_ms(minutes: &[Minutes], day: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
    let base = day.wrapping_mul(DAY_MINUTES);
    let ms = move |minute: i64| base.wrapping_add(minute).wrapping_mul(MINUTE_MS);
    minutes.iter().map(move |&(from, to)| (ms(from), ms(to)))
}

impl Timetable {
    /// Compiles local hours. A date is met once for every stretch of constant offset that touches it: an
    /// hour that the wall clock skips belongs to no stretch and is never open, one shown twice to two.
    pub(crate) fn build(hours: &LocalHours<'_>) -> Self {
        let mut builder = Builder::default();
        let week: Vec<(i64, i64)> =
            (0..).zip(hours.week).flat_map(|(day, minutes)| in_ms(minutes, day)).gather();
        let week = builder.pattern(WEEK, &merged(week));
        // Most have the hours of the one before: none.
        let mut before: Option<(&[Minutes], usize)> = None;
        let days: Vec<(i64, usize)> = hours
            .exceptions
            .iter()
            .map(|(day, minutes)| {
                let known = before.filter(|(hours, _)| hours == minutes);
                let number = known
                    .map_or_else(|| builder.pattern(DAY, &in_ms(minutes, 0).gather()), |(_, number)| number);
                before = Some((minutes, number));
                (*day, number)
            })
            .gather();
        for stretch in hours.stretches {
            let offset = stretch.offset_ms;
            let monday = DAYS_FROM_MONDAY.wrapping_mul(DAY_MS).wrapping_add(offset).wrapping_neg();
            let regular = Rule { pattern: week, period: WEEK.cast_signed(), phase: monday };
            let (from, until) = (stretch.from.ms(), stretch.until.ms());
            builder.begin(from, regular);
            let first_day = from.wrapping_add(offset).div_euclid(DAY_MS);
            let begin = days.partition_point(|(day, _)| *day < first_day);
            for &(day, pattern) in days.get(begin..).unwrap_or_default() {
                let midnight = day.wrapping_mul(DAY_MS).wrapping_sub(offset);
                if midnight >= until {
                    break;
                }
                let special = Rule { pattern, period: DAY.cast_signed(), phase: offset.wrapping_neg() };
                builder.begin(midnight.max(from), special);
                let next_midnight = midnight.wrapping_add(DAY_MS);
                if next_midnight < until {
                    builder.begin(next_midnight, regular);
                }
            }
        }
        builder.finish()
    }
}
