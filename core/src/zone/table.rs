//! Reads the packed table of zones; its format is told in [`super`].
//!
//! No bytes make the reader panic or loop for ever: what it cannot read it answers with `None`.

use chrono::NaiveDate;

use super::Stretch;
use crate::instant::{Instant, day_of_date};

/// Marks of names: the first of a zone that has one name only, and the first of a zone that has more.
const SOLE: u8 = 0;
const FIRST: u8 = 255;
/// Ends a zone's stream; the generator sees to it that it occurs nowhere inside.
const END: u8 = 255;
/// Years of a block that runs to the end of the range.
const FOR_EVER: u8 = 31;
/// In the place of a weekday: the date itself.
const ANY_WEEKDAY: u8 = 7;
const FIRST_YEAR: i32 = 1970;
const END_YEAR: i32 = 2200;

/// The sections of a packed table.
pub(super) struct Table<'a> {
    pub(super) version: &'a str,
    names: &'a str,
    marks: &'a [u8],
    kinds: &'a [[u8; 6]],
    rules: &'a [[u8; 3]],
    offsets: &'a [[u8; 3]],
    streams: &'a [u8],
}

impl<'a> Table<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let ([a, b, c, d], rest) = bytes.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*a, *b])))?;
        let (marks, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*c, *d])))?;
        let (version, names) = core::str::from_utf8(text).ok()?.split_once('\n')?;
        let (kinds, rest) = counted(rest)?;
        let (rules, rest) = counted(rest)?;
        let (offsets, streams) = counted(rest)?;
        Some(Self { version, names, marks, kinds, rules, offsets, streams })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.names.split('\n')
    }

    /// The stored name equal to `name`, and the stretches of its zone.
    pub(super) fn zone(&self, name: &str) -> Option<(&'a str, Vec<Stretch>)> {
        let (place, name) = self.names().enumerate().find(|(_, known)| *known == name)?;
        let defined_at = match *self.marks.get(place)? {
            SOLE | FIRST => place,
            nth => {
                let mut firsts = self.marks.iter().enumerate().filter(|(_, mark)| **mark == FIRST);
                firsts.nth(usize::from(nth).saturating_sub(1))?.0
            }
        };
        let marks_before = self.marks.get(..defined_at)?.iter();
        let zones_before = marks_before.filter(|mark| matches!(**mark, SOLE | FIRST)).count();
        let stream = self.streams.split(|byte| *byte == END).nth(zones_before)?;
        Some((name, self.stretches(stream)?))
    }

    fn stretches(&self, stream: &[u8]) -> Option<Vec<Stretch>> {
        let (first_offset, mut rest) = stream.split_first()?;
        let mut tiles = Tiles::from_offset(signed(*self.offsets.get(usize::from(*first_offset))?));
        let mut year = FIRST_YEAR;
        while let Some(([gap, head], tail)) = rest.split_first_chunk() {
            year = year.checked_add(i32::from(*gap))?;
            let (width, count, years) = match (head >> 5, head & 31) {
                (0, dates) => (2, dates, 1),
                (rules, years) => (1, rules, years),
            };
            let (changes, tail) = tail.split_at_checked(usize::from(count).checked_mul(width)?)?;
            let end = if years == FOR_EVER { END_YEAR } else { year.checked_add(i32::from(years))? };
            let changes: Option<Vec<Change>> =
                changes.chunks_exact(width).map(|bytes| self.change(bytes)).collect();
            let changes = changes?;
            for year in year..end.min(END_YEAR) {
                changes.iter().try_for_each(|change| tiles.push(change, year))?;
            }
            year = end;
            rest = tail;
        }
        Some(tiles.close())
    }

    /// A change of offset from two bytes (a date and a kind) or one (a rule).
    fn change(&self, bytes: &[u8]) -> Option<Change> {
        let ([high, low, kind], weekday) = match *bytes {
            [high, low] => ([high, low, low & 127], ANY_WEEKDAY),
            [rule] => self.rules.get(usize::from(rule)).map(|rule| (*rule, rule[1] & 127))?,
            _ => return None,
        };
        let [a, b, c, shift @ ..] = *self.kinds.get(usize::from(kind))?;
        Some(Change {
            month: u32::from(high >> 4),
            day: i64::from((high & 15) << 1 | low >> 7),
            weekday,
            in_utc: a & 128 != 0,
            second: signed([a & 127, b, c]),
            shift: signed(shift),
        })
    }
}

/// So many records of `N` bytes as the first byte says, and what follows them.
fn counted<const N: usize>(bytes: &[u8]) -> Option<(&[[u8; N]], &[u8])> {
    let (count, rest) = bytes.split_first()?;
    let (records, rest) = rest.split_at_checked(usize::from(*count).checked_mul(N)?)?;
    Some((records.as_chunks().0, rest))
}

/// A big-endian number of 24 bits with its sign.
fn signed([a, b, c]: [u8; 3]) -> i64 {
    i64::from(i32::from_be_bytes([a, b, c, 0]) >> 8)
}

/// A change of offset by `shift` seconds, `second` seconds into a day of a year.
struct Change {
    month: u32,
    day: i64,
    weekday: u8,
    in_utc: bool,
    second: i64,
    shift: i64,
}

impl Change {
    /// When it comes in `year`, in seconds since 1970 of its own clock: UTC, or the wall clock before the change.
    fn at(&self, year: i32) -> Option<i64> {
        let first_of_month = day_of_date(NaiveDate::from_ymd_opt(year, self.month, 1)?);
        let day = first_of_month.checked_add(self.day)?.checked_sub(1)?;
        let wait = match self.weekday {
            ANY_WEEKDAY => 0,
            // Day 0 was a Thursday, the fourth day from Sunday.
            weekday => i64::from(weekday).checked_sub(day.checked_add(4)?.rem_euclid(7))?.rem_euclid(7),
        };
        day.checked_add(wait)?.checked_mul(86_400)?.checked_add(self.second)
    }
}

/// Stretches under construction: those that are complete, and the last one, still open.
struct Tiles {
    done: Vec<Stretch>,
    from: Instant,
    offset: i64,
}

impl Tiles {
    fn from_offset(offset: i64) -> Self {
        Self { done: Vec::new(), from: Instant::MIN, offset }
    }

    /// Adds a change, which must be later than the one before and lie inside the range, or past its end.
    fn push(&mut self, change: &Change, year: i32) -> Option<()> {
        let clock = change.at(year)?;
        let utc = if change.in_utc { clock } else { clock.checked_sub(self.offset)? };
        let until = Instant::clamped(utc.checked_mul(1000)?);
        if until == Instant::MAX {
            return Some(());
        }
        if until <= self.from || change.shift == 0 {
            return None;
        }
        self.done.push(Stretch { from: self.from, until, offset_ms: self.offset.checked_mul(1000)? });
        self.from = until;
        self.offset = self.offset.checked_add(change.shift)?;
        Some(())
    }

    fn close(mut self) -> Vec<Stretch> {
        let offset_ms = self.offset.saturating_mul(1000);
        self.done.push(Stretch { from: self.from, until: Instant::MAX, offset_ms });
        self.done
    }
}
