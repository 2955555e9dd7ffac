//! A calendar compiled for look-up: every question costs the same over an hour as over thirty years.
//!
//! The line of instants is cut into blocks. Within a block the UTC offset is constant and the local hours
//! repeat: by the week, or, where holidays and special days break it, by the day. Each block carries the
//! open time before it, so that `elapsed` is two look-ups and a subtraction, and `due` is one search.

mod build;
mod combine;
mod in_turn;
mod pattern;

use crate::duration::Duration;
use crate::instant::Instant;
use crate::interval::Interval;
pub(crate) use build::{LocalHours, Minutes};
pub(crate) use combine::Combination;
use pattern::Pattern;

/// A bucket of the index is 2^30 ms (12.4 days) wide: few blocks begin within one.
const BUCKET_BITS: u32 = 30;

/// A block: from its start to that of the next one, one pattern holds.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// First instant, in milliseconds.
    start: i64,
    /// Instant of the pattern's position 0, no more than a period before the start.
    origin: i64,
    /// What must be added to the pattern's open time to get the open time since 1970.
    base: i64,
    pattern: usize,
}

/// When a calendar is open, from 1970 to 2200. Immutable; share it freely.
#[derive(Debug, Clone)]
pub struct Timetable {
    /// In order, then [`SENTINELS`] of them that never begin.
    blocks: Box<[Block]>,
    /// Open time before each block.
    opens: Box<[i64]>,
    patterns: Box<[Pattern]>,
    /// For each bucket, the block that holds its first instant.
    index: Box<[u32]>,
    /// Open time of the whole range.
    total: i64,
    /// Whether the regular week has any open time, so that the calendar opens again beyond the range.
    recurs: bool,
}

/// So many blocks follow the last one, so that a look-up need not ask whether there is a next.
const SENTINELS: usize = 2;

/// So many blocks are looked at one by one before the rest is searched.
const NEAR: usize = 4;

/// A block with its pattern at hand.
struct Found<'t> {
    number: usize,
    base: i64,
    origin: i64,
    pattern: &'t Pattern,
}

impl Found<'_> {
    /// Open time from 1970 to an instant of the block.
    #[inline]
    fn open_before(&self, ms: i64) -> i64 {
        let position = ms.wrapping_sub(self.origin).cast_unsigned();
        self.base.wrapping_add(self.pattern.open_before(position).cast_signed())
    }

    #[inline]
    fn is_open(&self, ms: i64) -> bool {
        self.pattern.is_open(ms.wrapping_sub(self.origin).cast_unsigned())
    }
}

impl Timetable {
    #[inline]
    fn block(&self, number: usize) -> Option<Found<'_>> {
        self.found(number, self.blocks.get(number)?)
    }

    #[inline]
    fn found(&self, number: usize, block: &Block) -> Option<Found<'_>> {
        let Block { origin, base, pattern, .. } = *block;
        Some(Found { number, base, origin, pattern: self.patterns.get(pattern)? })
    }

    #[inline]
    fn block_at(&self, ms: i64) -> Option<Found<'_>> {
        let bucket = usize::try_from(ms >> BUCKET_BITS).ok()?;
        let mut number = usize::try_from(*self.index.get(bucket)?).ok()?;
        let mut blocks = self.blocks.get(number..)?;
        loop {
            let [_, second, third, ..] = blocks else {
                return None;
            };
            // Adding, rather than asking about one after the other, leaves the processor nothing to guess wrong.
            let steps = usize::from(second.start <= ms).wrapping_add(usize::from(third.start <= ms));
            if steps < SENTINELS {
                return self.found(number.wrapping_add(steps), blocks.get(steps)?);
            }
            number = number.wrapping_add(SENTINELS);
            blocks = blocks.get(SENTINELS..)?;
        }
    }

    /// Open time from 1970 to `at`.
    #[inline]
    fn open_before(&self, at: Instant) -> i64 {
        let ms = at.ms();
        self.block_at(ms).map_or(0, |block| block.open_before(ms))
    }

    /// Whether the calendar is open at `at`.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        self.block_at(at.ms()).is_some_and(|block| block.is_open(at.ms()))
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
        let block = self.block_at(from.ms())?;
        let target = block.open_before(from.ms()).checked_add(open_time.ms())?;
        Instant::from_ms(self.reaching(&block, target)?)
    }

    /// The earliest millisecond before which there is so much open time since 1970, which is more
    /// than before some instant of the block.
    fn reaching(&self, from: &Found<'_>, target: i64) -> Option<i64> {
        if target > self.total {
            return None;
        }
        let position = |block: &Found<'_>| {
            let position = block.pattern.position_of_open(target.wrapping_sub(block.base).cast_unsigned())?;
            Some(position.cast_signed().wrapping_add(block.origin))
        };
        // Most spans end in the block in which they begin, or soon after.
        let next = self.opens.get(from.number.wrapping_add(1)..).unwrap_or_default();
        if next.first().is_none_or(|open| *open >= target) {
            return position(from);
        }
        let near = next.iter().take(NEAR).take_while(|open| **open < target).count();
        let number = if near < NEAR {
            from.number.wrapping_add(near)
        } else {
            self.opens.partition_point(|open| *open < target).checked_sub(1)?
        };
        position(&self.block(number)?)
    }

    /// The earliest open instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        let block = self.block_at(at.ms())?;
        if block.is_open(at.ms()) {
            return Some(at);
        }
        self.opens_after(&block, at)
    }

    fn opens_after(&self, block: &Found<'_>, at: Instant) -> Option<Instant> {
        let target = block.open_before(at.ms()).wrapping_add(1);
        Instant::from_ms(self.reaching(block, target)?.wrapping_sub(1))
    }

    /// The earliest closed instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_close(&self, at: Instant) -> Option<Instant> {
        let block = self.block_at(at.ms())?;
        if !block.is_open(at.ms()) {
            return Some(at);
        }
        self.closes_after(block, at)
    }

    fn closes_after(&self, block: Found<'_>, at: Instant) -> Option<Instant> {
        let target = at.ms().wrapping_sub(block.open_before(at.ms())).wrapping_add(1);
        if target > Instant::MAX.ms().wrapping_sub(self.total) {
            return None;
        }
        let same = self.closed_before(block.number.wrapping_add(1)).is_none_or(|closed| closed >= target);
        let block = if same { block } else { self.block(self.first_block_closed_for(target)?)? };
        // Closed time since 1970 is `ms - open`; in positions of the pattern that is shifted by these two.
        let closed = target.wrapping_sub(block.origin).wrapping_add(block.base);
        let position = block.pattern.position_of_closed(closed.cast_unsigned())?;
        Instant::from_ms(position.cast_signed().wrapping_add(block.origin).wrapping_sub(1))
    }

    /// Whether the calendar is open at `at`, and when that changes.
    pub(crate) fn open_until(&self, at: Instant) -> (bool, Option<Instant>) {
        match self.block_at(at.ms()) {
            None => (false, None),
            Some(block) if block.is_open(at.ms()) => (true, self.closes_after(block, at)),
            Some(block) => (false, self.opens_after(&block, at)),
        }
    }

    /// Closed time before a block.
    fn closed_before(&self, number: usize) -> Option<i64> {
        Some(self.blocks.get(number)?.start.wrapping_sub(*self.opens.get(number)?))
    }

    /// The last block before which less than `target` of closed time has passed.
    fn first_block_closed_for(&self, target: i64) -> Option<usize> {
        let (mut low, mut high) = (0, self.opens.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.closed_before(middle)? < target {
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

    /// How many stretches of regular hours it is made of.
    pub(crate) fn stretches(&self) -> usize {
        self.blocks.len()
    }

    /// Memory held, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let arrays = size_of_val(&*self.blocks)
            .saturating_add(size_of_val(&*self.opens))
            .saturating_add(size_of_val(&*self.index));
        self.patterns.iter().map(Pattern::size).fold(arrays, usize::saturating_add)
    }
}
