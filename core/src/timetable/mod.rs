//! A calendar compiled for look-up: every question costs the same over an hour as over thirty years.
//!
//! The line of instants is cut into blocks. Within a block the UTC offset is constant and the local hours
//! repeat: by the week, or, where holidays and special days break it, by the day. Each block carries the
//! open time before it, so that `elapsed` is two look-ups and a subtraction, and `due` is one search.

mod build;
mod pattern;

use crate::duration::Duration;
use crate::instant::Instant;
use crate::interval::Interval;
pub(crate) use build::{LocalHours, Minutes};
use pattern::Pattern;

/// A bucket of the index is 2^31 ms (24.8 days) wide.
const BUCKET_BITS: u32 = 31;

/// What holds within a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    /// Added to an instant it gives a position in the pattern: the offset and whole days.
    shift: i64,
    pattern: usize,
}

/// When a calendar is open, from 1970 to 2200. Immutable; share it freely.
#[derive(Debug, Clone)]
pub struct Timetable {
    /// First instant of each block, in milliseconds.
    starts: Box<[i64]>,
    /// Open time before each block.
    opens: Box<[i64]>,
    /// What must be added to the pattern's open time to get the open time since 1970.
    bases: Box<[i64]>,
    rule_of_block: Box<[u32]>,
    rules: Box<[Rule]>,
    patterns: Box<[Pattern]>,
    /// For each bucket, the block that holds its first instant.
    index: Box<[u32]>,
    /// Open time of the whole range.
    total: i64,
    /// Whether the regular week has any open time, so that the calendar opens again beyond the range.
    recurs: bool,
}

/// A block with its rule and pattern at hand.
struct Block<'t> {
    base: i64,
    shift: i64,
    pattern: &'t Pattern,
}

impl Timetable {
    #[inline]
    fn block(&self, number: usize) -> Option<Block<'_>> {
        let rule = self.rules.get(usize::try_from(*self.rule_of_block.get(number)?).ok()?)?;
        Some(Block {
            base: *self.bases.get(number)?,
            shift: rule.shift,
            pattern: self.patterns.get(rule.pattern)?,
        })
    }

    #[inline]
    fn block_at(&self, ms: i64) -> Option<Block<'_>> {
        let bucket = usize::try_from(ms >> BUCKET_BITS).ok()?;
        let from = usize::try_from(*self.index.get(bucket)?).ok()?;
        let later = self.starts.get(from.saturating_add(1)..)?;
        let steps = later.iter().take_while(|start| **start <= ms).count();
        self.block(from.saturating_add(steps))
    }

    /// Open time from 1970 to `at`.
    #[inline]
    fn open_before(&self, at: Instant) -> i64 {
        let ms = at.ms();
        self.block_at(ms).map_or(0, |block| {
            let position = ms.wrapping_add(block.shift).cast_unsigned();
            block.base.wrapping_add(block.pattern.open_before(position).cast_signed())
        })
    }

    /// Whether the calendar is open at `at`.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        self.block_at(at.ms())
            .is_some_and(|block| block.pattern.is_open(at.ms().wrapping_add(block.shift).cast_unsigned()))
    }

    /// Open time in `[from, to)`; negative when `to` is earlier.
    #[must_use]
    #[inline]
    pub fn elapsed(&self, from: Instant, to: Instant) -> Duration {
        Duration::from_ms(self.open_before(to).wrapping_sub(self.open_before(from)))
    }

    /// The earliest instant by which `open_time` has passed since `from`; `from` itself when it is not positive.
    ///
    /// It may be a closing: ten minutes from 16:50 with hours 09:00-17:00 are due at 17:00, not next morning.
    /// `None` when that instant does not come before 2200; see [`Timetable::recurs`].
    #[must_use]
    pub fn due(&self, from: Instant, open_time: Duration) -> Option<Instant> {
        if open_time <= Duration::ZERO {
            return Some(from);
        }
        let target = self.open_before(from).checked_add(open_time.ms())?;
        if target > self.total {
            return None;
        }
        let number = self.opens.partition_point(|open| *open < target).checked_sub(1)?;
        let block = self.block(number)?;
        let position = block.pattern.position_of_open(target.wrapping_sub(block.base).cast_unsigned())?;
        Instant::from_ms(position.cast_signed().wrapping_sub(block.shift))
    }

    /// The earliest open instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        if self.is_open(at) {
            return Some(at);
        }
        let target = self.open_before(at).wrapping_add(1);
        if target > self.total {
            return None;
        }
        let number = self.opens.partition_point(|open| *open < target).checked_sub(1)?;
        let block = self.block(number)?;
        let position = block.pattern.position_of_open(target.wrapping_sub(block.base).cast_unsigned())?;
        Instant::from_ms(position.cast_signed().wrapping_sub(block.shift).wrapping_sub(1))
    }

    /// The earliest closed instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_close(&self, at: Instant) -> Option<Instant> {
        if !self.is_open(at) {
            return Some(at);
        }
        let target = at.ms().wrapping_sub(self.open_before(at)).wrapping_add(1);
        if target > Instant::MAX.ms().wrapping_sub(self.total) {
            return None;
        }
        let number = self.first_block_closed_for(target)?;
        let block = self.block(number)?;
        // Closed time since 1970 is `ms - open`; in positions of the pattern that is shifted by these two.
        let closed = target.wrapping_add(block.shift).wrapping_add(block.base);
        let position = block.pattern.position_of_closed(closed.cast_unsigned())?;
        Instant::from_ms(position.cast_signed().wrapping_sub(block.shift).wrapping_sub(1))
    }

    /// The last block before which less than `target` of closed time has passed.
    fn first_block_closed_for(&self, target: i64) -> Option<usize> {
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = low.midpoint(high);
            let closed = self.starts.get(middle)?.wrapping_sub(*self.opens.get(middle)?);
            if closed < target {
                low = middle.wrapping_add(1);
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    /// The open stretches, each as long as it can be, cut to `[from, to)`; none when `to` is not later.
    pub fn segments(&self, from: Instant, to: Instant) -> impl Iterator<Item = Interval> + '_ {
        let mut next = Some(from);
        core::iter::from_fn(move || {
            let open = self.next_open(next?).filter(|open| *open < to)?;
            next = self.next_close(open);
            Interval::new(open, next.unwrap_or(to).min(to))
        })
    }

    /// Whether the regular week has open time, so that the calendar also opens after 2200.
    ///
    /// Tells a `None` of [`Timetable::due`] that lies beyond the range from one that never comes.
    #[must_use]
    pub fn recurs(&self) -> bool {
        self.recurs
    }

    /// Memory held, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let arrays = size_of_val(&*self.starts)
            .saturating_add(size_of_val(&*self.opens))
            .saturating_add(size_of_val(&*self.bases))
            .saturating_add(size_of_val(&*self.rule_of_block))
            .saturating_add(size_of_val(&*self.rules))
            .saturating_add(size_of_val(&*self.index));
        self.patterns.iter().map(Pattern::size).fold(arrays, usize::saturating_add)
    }
}
