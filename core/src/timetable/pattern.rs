//! Open time that repeats with a fixed period: a regular week, or one kind of day.

use crate::instant::{DAY_MS, HOUR_MS};
use crate::interval::Gather as _;

pub(super) const DAY: u64 = DAY_MS.unsigned_abs();
pub(super) const WEEK: u64 = DAY * 7;
const HOUR: u64 = HOUR_MS.unsigned_abs();

/// One open stretch of a period, with the open time before it. Milliseconds of a week fit 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
    before: u32,
}

fn in_period(ms: i64) -> u32 {
    u32::try_from(ms).unwrap_or(0)
}

/// A period's open stretches and their running total. Positions count from the start of some period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    period: u64,
    /// Open time of one period.
    total: u64,
    /// In order, then one beyond the period that stands for all that follows.
    spans: Box<[Span]>,
    /// For each hour of the period, the first span that ends after the hour's start.
    first: Box<[u16]>,
}

impl Pattern {
    /// The pattern open at `ranges` of milliseconds: sorted, disjoint, not touching, within the period.
    pub(super) fn new(period: u64, ranges: &[(i64, i64)]) -> Self {
        let mut before: u32 = 0;
        let mut spans: Vec<Span> = ranges
            .iter()
            .map(|&(start, end)| {
                let (start, end) = (in_period(start), in_period(end));
                let span = Span { start, end, before };
                before = before.wrapping_add(end.wrapping_sub(start));
                span
            })
            .gather();
        spans.push(Span { start: u32::MAX, end: u32::MAX, before });
        let first = (0..period / HOUR)
            .map(|hour| {
                let index = spans.partition_point(|span| u64::from(span.end) <= hour.wrapping_mul(HOUR));
                u16::try_from(index).unwrap_or(u16::MAX)
            })
            .gather()
            .into();
        Self { period, total: u64::from(before), spans: spans.into(), first }
    }

    /// Whether it is never open.
    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Whether it is never or always open.
    pub(super) fn is_uniform(&self) -> bool {
        self.total == 0 || self.total == self.period
    }

    /// Length of a period.
    pub(super) fn period(&self) -> u64 {
        self.period
    }

    /// The open stretches of a period.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let within = self.spans.iter().filter(|span| span.start < u32::MAX);
        within.map(|span| (i64::from(span.start), i64::from(span.end)))
    }

    /// Whole periods before `position`, and the place within its own.
    #[inline]
    fn split(&self, position: u64) -> (u64, u64) {
        // Two divisions by constants cost less than one by a variable.
        if self.period == WEEK {
            (position / WEEK, position % WEEK)
        } else {
            (position / DAY, position % DAY)
        }
    }

    /// The first span that ends after `place`.
    #[inline]
    fn span_at(&self, place: u64) -> Option<&Span> {
        let hour = usize::try_from(place / HOUR).ok()?;
        let from = usize::from(*self.first.get(hour)?);
        self.spans.get(from..)?.iter().find(|span| u64::from(span.end) > place)
    }

    /// Open time in `[0, position)`.
    #[inline]
    pub(super) fn open_before(&self, position: u64) -> u64 {
        let (periods, place) = self.split(position);
        let within = self.span_at(place).map_or(0, |span| {
            u64::from(span.before).wrapping_add(place.saturating_sub(u64::from(span.start)))
        });
        periods.wrapping_mul(self.total).wrapping_add(within)
    }

    /// Whether `position` is open.
    #[inline]
    pub(super) fn is_open(&self, position: u64) -> bool {
        let (_, place) = self.split(position);
        self.span_at(place).is_some_and(|span| u64::from(span.start) <= place)
    }

    /// The earliest position before which there is so much open time, `open > 0`.
    pub(super) fn position_of_open(&self, open: u64) -> Option<u64> {
        let last = open.checked_sub(1)?;
        let periods = last.checked_div(self.total)?;
        let rest = last.checked_rem(self.total)?;
        let index = self.spans.partition_point(|span| u64::from(span.before) <= rest).checked_sub(1)?;
        let span = self.spans.get(index)?;
        let place = u64::from(span.start).wrapping_add(rest.wrapping_sub(u64::from(span.before)));
        Some(periods.wrapping_mul(self.period).wrapping_add(place).wrapping_add(1))
    }

    /// The earliest position before which there is so much closed time, `closed > 0`.
    pub(super) fn position_of_closed(&self, closed: u64) -> Option<u64> {
        let gap_total = self.period.wrapping_sub(self.total);
        let last = closed.checked_sub(1)?;
        let periods = last.checked_div(gap_total)?;
        let rest = last.checked_rem(gap_total)?;
        let gap_before = |span: &Span| u64::from(span.start.wrapping_sub(span.before));
        let index = self.spans.partition_point(|span| gap_before(span) <= rest);
        let open = self.spans.get(index).map_or(self.total, |span| u64::from(span.before));
        Some(periods.wrapping_mul(self.period).wrapping_add(rest).wrapping_add(open).wrapping_add(1))
    }

    /// Bytes held.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.spans).saturating_add(size_of_val(&*self.first)).saturating_add(size_of::<Self>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_and_closed_time_have_exact_inverses() {
        let pattern =
            Pattern::new(DAY, &[(3_600_000, 7_200_000), (7_260_000, 7_320_000), (86_399_000, 86_400_000)]);
        for position in (0..3 * DAY).step_by(59_999) {
            let open = pattern.open_before(position);
            let closed = position - open;
            assert_eq!(pattern.is_open(position), pattern.open_before(position + 1) > open, "{position}");
            for (amount, found) in
                [(open, pattern.position_of_open(open)), (closed, pattern.position_of_closed(closed))]
            {
                let Some(found) = found else {
                    assert_eq!(amount, 0);
                    continue;
                };
                let reached = pattern.open_before(found);
                let one_before = pattern.open_before(found - 1);
                assert!(found <= position);
                assert!(
                    reached == open && one_before + 1 == open
                        || found - reached == closed && found - 1 - one_before + 1 == closed
                );
            }
        }
    }

    #[test]
    fn a_pattern_that_never_opens_has_no_position_of_open_time() {
        let never = Pattern::new(WEEK, &[]);
        assert_eq!((never.open_before(WEEK * 3), never.position_of_open(1)), (0, None));
        assert_eq!(never.position_of_closed(5), Some(5));
        let always = Pattern::new(DAY, &[(0, 86_400_000)]);
        assert_eq!((always.position_of_closed(1), always.position_of_open(DAY + 1)), (None, Some(DAY + 1)));
    }
}
