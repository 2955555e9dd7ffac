//! Counted time: the open time of a calendar, or all time, less the exclusions of a ticket.

use crate::duration::Duration;
use crate::instant::Instant;
use crate::timetable::Timetable;

use super::exclusions::Exclusions;

/// A way to count.
#[derive(Clone, Copy, Default)]
pub(super) struct Counting<'a> {
    /// The calendar; all time without one.
    pub(super) calendar: Option<&'a Timetable>,
    /// Sorted, disjoint, not touching.
    pub(super) exclusions: &'a [(i64, i64)],
    /// All exclusions of the clock instead, as far as they are known.
    pub(super) known: Option<&'a Exclusions>,
}

impl Counting<'_> {
    /// Time without regard to exclusions; negative when `until` is earlier.
    pub(super) fn plain(&self, from: Instant, until: Instant) -> i64 {
        match self.calendar {
            Some(calendar) => calendar.elapsed(from, until).ms(),
            None => until.since(from).ms(),
        }
    }

    pub(super) fn plain_due(&self, from: Instant, ms: i64) -> Option<Instant> {
        match self.calendar {
            Some(calendar) => calendar.due(from, Duration::from_ms(ms)),
            None => from.checked_add(Duration::from_ms(ms)),
        }
    }

    /// The exclusions that end after an instant.
    fn from(&self, at: Instant) -> &[(i64, i64)] {
        let first = self.exclusions.partition_point(|(_, to)| *to <= at.ms());
        self.exclusions.get(first..).unwrap_or_default()
    }

    /// The first instant from `at` on that is not excluded; where time ran until an exclusion from `from` on, the exclusion's first
    /// is the end of that.
    pub(super) fn out_of_exclusions(&self, from: Instant, at: Instant) -> Option<Instant> {
        if let Some(known) = self.known {
            return known.out_of(from, at);
        }
        let around =
            self.from(at).first().filter(|(start, _)| *start < at.ms() || (*start == at.ms() && at == from));
        around.map_or(Some(at), |(_, end)| Instant::from_ms(*end))
    }

    /// Counted time in `[from, until)`, which is not reversed.
    #[inline]
    pub(super) fn elapsed(&self, from: Instant, until: Instant) -> i64 {
        let plain = self.plain(from, until);
        if self.known.is_none() && self.exclusions.is_empty() {
            return plain;
        }
        self.less_exclusions(plain, from, until)
    }

    fn less_exclusions(&self, plain: i64, from: Instant, until: Instant) -> i64 {
        if let Some(known) = self.known {
            return plain.saturating_sub(known.taken(self.calendar, from, until));
        }
        let mut counted = plain;
        for &(start, end) in self.from(from).iter().take_while(|(start, _)| *start < until.ms()) {
            let (start, end) = (Instant::clamped(start).max(from), Instant::clamped(end).min(until));
            counted = counted.saturating_sub(self.plain(start, end));
        }
        counted
    }

    /// The earliest instant by which so much has been counted since `from`; `from` itself for nothing.
    pub(super) fn due(&self, from: Instant, ms: i64) -> Option<Instant> {
        if ms <= 0 {
            return Some(from);
        }
        if let Some(known) = self.known {
            return known.due(self.calendar, from, ms);
        }
        let (mut from, mut left) = (from, ms);
        if !self.exclusions.is_empty() {
            for &(start, end) in self.from(from) {
                if start > from.ms() {
                    let before = self.plain(from, Instant::clamped(start));
                    if before >= left {
                        break;
                    }
                    left = left.saturating_sub(before);
                }
                from = Instant::from_ms(end)?;
            }
        }
        self.plain_due(from, left)
    }
}
