//! From local hours to the line of instants.

use crate::instant::{DAY_MS, Instant, MINUTE_MS};
use crate::interval::merged;
use crate::numbers::Numbers;
use crate::zone::Stretch;

use super::pattern::{DAY, Pattern, WEEK};
use super::{BUCKET_BITS, Rule, Timetable};

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

/// Blocks under construction.
#[derive(Default)]
struct Builder {
    starts: Vec<i64>,
    rule_of_block: Vec<u32>,
    rules: Vec<Rule>,
    patterns: Vec<Pattern>,
    number_of_pattern: Numbers,
}

impl Builder {
    fn pattern(&mut self, period: u64, ranges: &[(i64, i64)]) -> usize {
        let number = self.number_of_pattern.number(&format!("{period}{ranges:?}"));
        if number == self.patterns.len() {
            self.patterns.push(Pattern::new(period, ranges));
        }
        number
    }

    /// From `start` on, `rule` holds.
    fn begin(&mut self, start: i64, rule: Rule) {
        // From the end: the rule wanted is nearly always one of the last few.
        let index = self.rules.iter().rposition(|known| *known == rule).unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len().wrapping_sub(1)
        });
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if self.rule_of_block.last() == Some(&index) {
            return;
        }
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.rule_of_block.pop();
            return self.begin(start, rule);
        }
        self.starts.push(start);
        self.rule_of_block.push(index);
    }

    fn finish(self) -> Timetable {
        let mut table = Timetable {
            opens: Box::default(),
            bases: Box::default(),
            index: index_of(&self.starts),
            starts: self.starts.into(),
            rule_of_block: self.rule_of_block.into(),
            rules: self.rules.into(),
            recurs: self.patterns.first().is_some_and(|week| !week.is_empty()),
            patterns: self.patterns.into(),
            total: 0,
        };
        let mut opens = Vec::with_capacity(table.starts.len());
        let mut bases = Vec::with_capacity(table.starts.len());
        let mut open: i64 = 0;
        let ends = table.starts.iter().skip(1).chain([&Instant::MAX_MS]);
        for ((start, end), rule) in table.starts.iter().zip(ends).zip(&table.rule_of_block) {
            let rule = usize::try_from(*rule).ok().and_then(|rule| table.rules.get(rule));
            let Some((rule, pattern)) = rule.and_then(|rule| Some((rule, table.patterns.get(rule.pattern)?)))
            else {
                continue;
            };
            let until =
                |ms: i64| pattern.open_before(ms.wrapping_add(rule.shift).cast_unsigned()).cast_signed();
            let base = open.wrapping_sub(until(*start));
            opens.push(open);
            bases.push(base);
            open = base.wrapping_add(until(*end));
        }
        table.opens = opens.into();
        table.bases = bases.into();
        table.total = open;
        table
    }
}

/// For each bucket, the last block that starts at or before its first instant.
fn index_of(starts: &[i64]) -> Box<[u32]> {
    let buckets = (Instant::MAX_MS >> BUCKET_BITS).wrapping_add(1);
    (0..buckets)
        .map(|bucket| {
            let block = starts.partition_point(|start| *start <= bucket << BUCKET_BITS).saturating_sub(1);
            u32::try_from(block).unwrap_or(u32::MAX)
        })
        .collect()
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
            (0..).zip(hours.week).flat_map(|(day, minutes)| in_ms(minutes, day)).collect();
        let week = builder.pattern(WEEK, &merged(week));
        let days: Vec<(i64, usize)> = hours
            .exceptions
            .iter()
            .map(|(day, minutes)| (*day, builder.pattern(DAY, &in_ms(minutes, 0).collect::<Vec<_>>())))
            .collect();
        for stretch in hours.stretches {
            let offset = stretch.offset_ms;
            let regular =
                Rule { shift: offset.wrapping_add(DAYS_FROM_MONDAY.wrapping_mul(DAY_MS)), pattern: week };
            let (from, until) = (stretch.from.ms(), stretch.until.ms());
            builder.begin(from, regular);
            let first_day = from.wrapping_add(offset).div_euclid(DAY_MS);
            let begin = days.partition_point(|(day, _)| *day < first_day);
            for &(day, pattern) in days.get(begin..).unwrap_or_default() {
                let midnight = day.wrapping_mul(DAY_MS).wrapping_sub(offset);
                if midnight >= until {
                    break;
                }
                // Positions are counted from the day before 1970, so that none is negative.
                builder.begin(midnight.max(from), Rule { shift: offset.wrapping_add(DAY_MS), pattern });
                let next_midnight = midnight.wrapping_add(DAY_MS);
                if next_midnight < until {
                    builder.begin(next_midnight, regular);
                }
            }
        }
        builder.finish()
    }
}
