//! Time zones: the offset from UTC at every instant of the range, for every IANA name, aliases included.
//!
//! The data comes with the library and never from the machine, so that every target gives the same answer;
//! [`version`] names the release. `cargo xtask tzdb` makes the table, `tzdb.bin`, and the reader expands one
//! zone of it at a time.
//!
//! # Format of the table
//! Numbers are big-endian. Two lengths of 16 bits, of text and marks; then
//! - text: the version and all names in order of their bytes, each but the last followed by a line feed;
//! - marks, a byte for each name: 0 its zone has no other name; 255 it is the first name of a zone that has
//!   more; else `k`, the zone of the `k`-th name marked 255;
//! - kinds (a count in a byte, then so many of 24 + 24 bits): the second of the day, plus 2^23 if of the day in
//!   UTC rather than on the wall clock before the change; the shift of the offset in seconds, signed;
//! - rules (a count, then so many of 4 + 5 + 7 + 8 bits): month, day, weekday (0 is Sunday: the first such day
//!   on or after the date; 7: the date itself), kind;
//! - first offsets (a count, then so many of 24 bits): seconds, signed;
//! - the zones, in the order of the first of their names, each ended by a byte 255: the number of the first
//!   offset, then blocks in order of time. A block begins with the years since the end of the block before (at
//!   first since 1970), then 3 + 5 bits. If the three are 0, the five count the changes of that one year, each
//!   of 4 + 5 + 7 bits: month, day, kind. Else they are a number of rules, a byte each, which hold in as many
//!   years as the five bits say; 31 says to the end of 2199.

mod local;
mod table;
mod unknown;

pub use unknown::UnknownZone;

use crate::instant::{DAY_MS, Instant};
use table::Table;

static PACKED: &[u8] = include_bytes!("tzdb.bin");

/// No wall clock is further from UTC than this; RFC 8536 allows 26 hours.
const FURTHEST_OFFSET_MS: i64 = 2 * DAY_MS;

/// A time zone: the offsets of its wall clock from UTC, from 1970 to the end of 2199.
///
/// ```
/// use slaclock_core::{Instant, zone::Zone};
/// let new_york = Zone::named("America/New_York").unwrap();
/// let summer = Instant::parse("2026-07-01T12:00:00Z").unwrap();
/// assert_eq!(new_york.offset_ms_at(summer), -4 * 3_600_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    stretches: Box<[Stretch]>,
}

/// A half-open span of time `[from, until)` in which the wall clock keeps one offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first instant of the span.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
    /// Wall clock less UTC, in milliseconds.
    pub offset_ms: i64,
}

/// The instants at which a wall clock shows one local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readings {
    /// The clock skips this local time, or shows it only outside the range.
    None,
    /// The clock shows it once.
    One(Instant),
    /// The clock was turned back and shows it twice, the earlier instant first.
    Two(Instant, Instant),
}

impl Zone {
    /// The zone of an IANA name, which must be exact: `Europe/Berlin`, not `europe/berlin`.
    ///
    /// ```
    /// use slaclock_core::zone::Zone;
    /// assert_eq!(Zone::named("Asia/Calcutta").unwrap().stretches(), Zone::named("Asia/Kolkata").unwrap().stretches());
    /// ```
    ///
    /// # Errors
    /// [`UnknownZone`] names those that were perhaps meant.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let (name, stretches) =
            Table::read(PACKED).and_then(|table| table.zone(name)).ok_or_else(|| UnknownZone::new(name))?;
        Ok(Self { name, stretches: stretches.into_boxed_slice() })
    }

    /// The name by which the zone was asked for.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Wall clock less UTC at an instant, in milliseconds: local time = UTC + offset.
    #[must_use]
    pub fn offset_ms_at(&self, at: Instant) -> i64 {
        let after = self.stretches.partition_point(|stretch| stretch.from <= at);
        self.stretches.get(after.saturating_sub(1)).map_or(0, |stretch| stretch.offset_ms)
    }

    /// The spans of one offset, in order; they tile the range of instants, and neighbours differ in offset.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// The instants at which the wall clock shows a local time, given in milliseconds since it showed
    /// 1970-01-01T00:00.
    ///
    /// ```
    /// use slaclock_core::{Instant, zone::{Readings, Zone}};
    /// let berlin = Zone::named("Europe/Berlin").unwrap();
    /// let local = |text| Instant::parse(text).unwrap().ms();
    /// let instant = |text| Instant::parse(text).unwrap();
    /// assert_eq!(berlin.readings_of(local("2026-03-29T02:30:00Z")), Readings::None);
    /// assert_eq!(
    ///     berlin.readings_of(local("2026-10-25T02:30:00Z")),
    ///     Readings::Two(instant("2026-10-25T00:30:00Z"), instant("2026-10-25T01:30:00Z")),
    /// );
    /// ```
    #[must_use]
    pub fn readings_of(&self, local_ms: i64) -> Readings {
        let near = self.near(local_ms);
        let mut readings = near.filter_map(|stretch| {
            let at = Instant::from_ms(local_ms.saturating_sub(stretch.offset_ms))?;
            (stretch.from <= at && at < stretch.until).then_some(at)
        });
        match (readings.next(), readings.next()) {
            (Some(earlier), Some(later)) => Readings::Two(earlier, later),
            (Some(only), None) => Readings::One(only),
            (None, _) => Readings::None,
        }
    }
}

impl Zone {
    /// The stretches in which the wall clock can show a local time or, for a date, any time of it.
    fn near(&self, local_ms: i64) -> impl Iterator<Item = &Stretch> {
        let reach = Instant::clamped(local_ms.saturating_sub(FURTHEST_OFFSET_MS));
        let first = self.stretches.partition_point(|stretch| stretch.until <= reach);
        let reach = Instant::clamped(local_ms.saturating_add(FURTHEST_OFFSET_MS).saturating_add(DAY_MS));
        self.stretches.iter().skip(first).take_while(move |stretch| stretch.from <= reach)
    }
}

/// The release of the IANA database, such as `2026e`.
#[must_use]
pub fn version() -> &'static str {
    Table::read(PACKED).map_or("", |table| table.version)
}

/// Every name that [`Zone::named`] knows, in the order of their bytes.
///
/// ```
/// assert!(slaclock_core::zone::names().any(|name| name == "Pacific/Auckland"));
/// ```
pub fn names() -> impl Iterator<Item = &'static str> {
    Table::read(PACKED).into_iter().flat_map(|table| table.names())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reader makes of bytes, for every name it sees in them.
    fn read_all(bytes: &[u8]) -> usize {
        let Some(table) = Table::read(bytes) else { return 0 };
        table.names().filter(|name| table.zone(name).is_some()).count()
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(read_all(PACKED), names().count());
        assert!(names().is_sorted());
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        for length in (0..PACKED.len()).step_by(97) {
            read_all(PACKED.get(..length).unwrap_or_default());
        }
        let mut seed: u32 = 1;
        for _ in 0..200 {
            let mut bytes = PACKED.to_vec();
            for _ in 0..8 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = (seed >> 8) as usize % bytes.len();
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = seed as u8;
                }
            }
            read_all(&bytes);
        }
    }

    #[test]
    fn the_ends_of_the_range_have_an_offset_and_local_times_beyond_have_no_reading() {
        let zone = Zone::named("Pacific/Apia");
        let offsets = zone.as_ref().map(|zone| [Instant::MIN, Instant::MAX].map(|at| zone.offset_ms_at(at)));
        assert_eq!(offsets, Ok([-11 * 3_600_000, 13 * 3_600_000]));
        let readings = zone.as_ref().map(|zone| [i64::MIN, i64::MAX].map(|local| zone.readings_of(local)));
        assert_eq!(readings, Ok([Readings::None, Readings::None]));
    }
}
