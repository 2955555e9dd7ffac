//! Instants: exact whole milliseconds and their text form.
//!
//! An [`Instant`] always lies in `[1970-01-01T00:00Z, 2200-01-01T00:00Z]`; the upper end exists only as
//! the end of half-open intervals and is refused on input.

use core::fmt;
use core::num::NonZeroI64;

use chrono::{Datelike, NaiveDate};

use crate::document::shortened;
use crate::duration::Duration;
use crate::error::{Code, Problem};

/// One day of real time, in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// One hour, in milliseconds.
pub(crate) const HOUR_MS: i64 = 3_600_000;
/// One minute, in milliseconds.
pub(crate) const MINUTE_MS: i64 = 60_000;

/// A point of time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(
    /// One more than the milliseconds. None is nought, so that an `Option` is no larger: clocks and results are full of
    /// instants that may not be there.
    NonZeroI64,
);

impl Instant {
    /// 1970-01-01T00:00:00Z, the first instant of the range.
    pub const MIN: Self = Self::held(0);
    /// 2200-01-01T00:00:00Z, the end of the range; itself outside.
    pub const MAX: Self = Self::held(Self::MAX_MS);

    /// [`Instant::MAX`] in milliseconds.
    pub(crate) const MAX_MS: i64 = 7_258_118_400_000;

    /// The instant so many milliseconds after 1970-01-01T00:00Z, or `None` outside the range.
    ///
    /// ```
    /// use slaclock_core::Instant;
    /// assert_eq!(Instant::from_ms(0), Some(Instant::MIN));
    /// assert_eq!(Instant::from_ms(-1), None);
    /// ```
    #[must_use]
    pub const fn from_ms(ms: i64) -> Option<Self> {
        if ms >= 0 && ms < Self::MAX_MS { Some(Self::held(ms)) } else { None }
    }

    /// As [`Instant::parse`], naming the argument or place of the text.
    ///
    /// # Errors
    /// [`Code::BadInstant`].
    pub fn parse_at(text: &str, place: &str) -> Result<Self, Problem> {
        let bad = |why| Problem::whole(Code::BadInstant, format!("`{}` is {why}", shortened(text))).at(place);
        Self::parse(text).map_err(bad)
    }

    /// As [`Instant::from_ms`], naming the argument or place whose value is outside.
    ///
    /// # Errors
    /// [`Code::BadInstant`].
    pub fn from_ms_at(ms: i64, place: &str) -> Result<Self, Problem> {
        Self::from_ms(ms).ok_or_else(|| {
            Problem::whole(Code::BadInstant, format!("{ms} ms is {}", InstantError::OutOfRange)).at(place)
        })
    }

    /// As [`Instant::from_ms_at`], for a value of JavaScript that may be no whole number at all.
    ///
    /// # Errors
    /// [`Code::BadInstant`].
    pub fn from_number_at(ms: Option<i64>, place: &str) -> Result<Self, Problem> {
        let message = "an instant is a `Date`, whole milliseconds since 1970 or RFC 3339 text";
        Self::from_ms_at(ms.ok_or_else(|| Problem::whole(Code::BadInstant, message).at(place))?, place)
    }

    /// As [`Instant::from_ms`], with values outside moved to the nearer end of the range.
    pub(crate) const fn clamped(ms: i64) -> Self {
        if ms < 0 {
            Self::MIN
        } else if ms > Self::MAX_MS {
            Self::MAX
        } else {
            Self::held(ms)
        }
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0.get().wrapping_sub(1)
    }

    /// The instant of milliseconds that lie in the range.
    const fn held(ms: i64) -> Self {
        match NonZeroI64::new(ms.wrapping_add(1)) {
            Some(held) => Self(held),
            None => Self(NonZeroI64::MIN),
        }
    }

    /// Real time from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_ms(self.ms().wrapping_sub(earlier.ms()))
    }

    /// The instant `duration` of real time later, or `None` outside the range.
    #[must_use]
    pub const fn checked_add(self, duration: Duration) -> Option<Self> {
        Self::from_ms(self.ms().saturating_add(duration.ms()))
    }

    /// Reads RFC 3339 text with an offset or `Z`.
    ///
    /// Digits beyond the third decimal must be zeros; a 60th second and the offset `-00:00` are refused.
    ///
    /// ```
    /// use slaclock_core::Instant;
    /// let a = Instant::parse("2026-11-20T16:55:00-05:00").unwrap();
    /// assert_eq!(a.to_string(), "2026-11-20T21:55:00Z");
    /// assert_eq!(Instant::parse("2026-11-20T21:55:00.25z").unwrap().to_string(), "2026-11-20T21:55:00.250Z");
    /// ```
    ///
    /// # Errors
    /// [`InstantError`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        parse_rfc3339(text.as_bytes())
    }
}

impl Instant {
    /// RFC 3339 with `Z`, written into `text`; results hold many instants, and formatting is their cost.
    fn write(self, text: &mut [u8; 24]) -> &str {
        *text = *b"0000-00-00T00:00:00.000Z";
        let date = date_of_day(self.ms().div_euclid(DAY_MS));
        let in_day = self.ms().rem_euclid(DAY_MS);
        let part = |unit: i64, modulus: i64| in_day.div_euclid(unit).rem_euclid(modulus);
        let ms = part(1, 1000);
        let [y1, y2, y3, y4, _, o1, o2, _, d1, d2, _, h1, h2, _, m1, m2, _, s1, s2, point, f1, f2, f3, _] =
            text;
        digits([y1, y2, y3, y4], i64::from(date.year()));
        digits([o1, o2], i64::from(date.month()));
        digits([d1, d2], i64::from(date.day()));
        digits([h1, h2], part(HOUR_MS, 24));
        digits([m1, m2], part(MINUTE_MS, 60));
        digits([s1, s2], part(1000, 60));
        digits([f1, f2, f3], ms);
        let length = if ms == 0 { 20 } else { 24 };
        if ms == 0 {
            *point = b'Z';
        }
        text.get(..length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// Writes `value` in decimal, with leading zeros.
fn digits<const N: usize>(places: [&mut u8; N], mut value: i64) {
    for place in places.into_iter().rev() {
        *place = b'0'.wrapping_add(u8::try_from(value.rem_euclid(10)).unwrap_or(0));
        value = value.div_euclid(10);
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 with `Z`; milliseconds only when they are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.write(&mut [0; 24]))
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0; 24]))
    }
}

/// The civil date so many days after 1970-01-01.
pub(crate) fn date_of_day(days: i64) -> NaiveDate {
    i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(NaiveDate::MAX)
}

/// Days from 1970-01-01 to `date`.
pub(crate) fn day_of_date(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// Why a text is not an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstantError {
    /// Not `YYYY-MM-DDTHH:MM:SS` with an offset or `Z`, or a date or time that does not exist.
    NotRfc3339,
    /// More precise than milliseconds.
    TooPrecise,
    /// A leap second (`:60`).
    LeapSecond,
    /// The offset `-00:00`, which says that the local time is unknown.
    UnknownOffset,
    /// Before 1970 or after 2199.
    OutOfRange,
}

impl fmt::Display for InstantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRfc3339 => "not an RFC 3339 instant with an offset, such as `2026-11-20T16:55:00-05:00`",
            Self::TooPrecise => "more precise than milliseconds",
            Self::LeapSecond => "a leap second (`:60`), which clocks do not count",
            Self::UnknownOffset => "the offset `-00:00` means an unknown local time; write `Z` or `+00:00`",
            Self::OutOfRange => "outside 1970-01-01T00:00Z to 2200-01-01T00:00Z",
        })
    }
}

impl core::error::Error for InstantError {}

/// A cursor over ASCII text that only moves on what it recognises.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (head, tail) = self.rest.split_at_checked(count)?;
        let mut value: i64 = 0;
        for byte in head {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte.wrapping_sub(b'0')))?;
            value = value.checked_mul(10)?.checked_add(digit)?;
        }
        self.rest = tail;
        Some(value)
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, tail) = self.rest.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.rest = tail;
        Some(*first)
    }
}

fn parse_rfc3339(text: &[u8]) -> Result<Instant, InstantError> {
    let bad = InstantError::NotRfc3339;
    let mut cursor = Cursor { rest: text };
    let year = cursor.digits(4).ok_or(bad)?;
    cursor.one_of(b"-").ok_or(bad)?;
    let month = cursor.digits(2).ok_or(bad)?;
    cursor.one_of(b"-").ok_or(bad)?;
    let day = cursor.digits(2).ok_or(bad)?;
    cursor.one_of(b"Tt").ok_or(bad)?;
    let hour = cursor.digits(2).ok_or(bad)?;
    cursor.one_of(b":").ok_or(bad)?;
    let minute = cursor.digits(2).ok_or(bad)?;
    cursor.one_of(b":").ok_or(bad)?;
    let second = cursor.digits(2).ok_or(bad)?;
    let ms = if cursor.one_of(b".").is_some() { parse_fraction(&mut cursor)? } else { 0 };
    let offset_minutes = parse_offset(&mut cursor)?;
    if !cursor.rest.is_empty() || hour > 23 || minute > 59 {
        return Err(bad);
    }
    if second == 60 {
        return Err(InstantError::LeapSecond);
    }
    if second > 59 {
        return Err(bad);
    }
    let date = i32::try_from(year)
        .ok()
        .zip(u32::try_from(month).ok().zip(u32::try_from(day).ok()))
        .and_then(|(year, (month, day))| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(bad)?;
    let minutes = hour.saturating_mul(60).saturating_add(minute).saturating_sub(offset_minutes);
    let total = day_of_date(date)
        .saturating_mul(DAY_MS)
        .saturating_add(minutes.saturating_mul(MINUTE_MS))
        .saturating_add(second.saturating_mul(1000))
        .saturating_add(ms);
    Instant::from_ms(total).ok_or(InstantError::OutOfRange)
}

/// Decimals after the point, as milliseconds.
fn parse_fraction(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    let mut ms: i64 = 0;
    let mut scale: i64 = 100;
    let mut count: u32 = 0;
    while let Some(digit) = cursor.digits(1) {
        if scale == 0 && digit != 0 {
            return Err(InstantError::TooPrecise);
        }
        ms = ms.saturating_add(digit.saturating_mul(scale));
        scale = scale.wrapping_div(10);
        count = count.saturating_add(1);
    }
    if count == 0 { Err(InstantError::NotRfc3339) } else { Ok(ms) }
}

fn parse_offset(cursor: &mut Cursor<'_>) -> Result<i64, InstantError> {
    let bad = InstantError::NotRfc3339;
    let sign = cursor.one_of(b"Zz+-").ok_or(bad)?;
    if sign == b'Z' || sign == b'z' {
        return Ok(0);
    }
    let hours = cursor.digits(2).ok_or(bad)?;
    cursor.one_of(b":").ok_or(bad)?;
    let minutes = cursor.digits(2).ok_or(bad)?;
    if hours > 23 || minutes > 59 {
        return Err(bad);
    }
    let total = hours.saturating_mul(60).saturating_add(minutes);
    match (sign, total) {
        (b'-', 0) => Err(InstantError::UnknownOffset),
        (b'-', _) => Ok(total.saturating_neg()),
        _ => Ok(total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn instant(text: &str, expected: Result<&str, InstantError>) {
        assert_eq!(Instant::parse(text).map(|i| i.to_string()), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn instants_are_rfc_3339_with_an_offset() {
        instant("2026-11-20T16:55:00-05:00", Ok("2026-11-20T21:55:00Z"));
        instant("2026-11-20t16:55:00z", Ok("2026-11-20T16:55:00Z"));
        instant("2026-11-20T16:55:00.1230000Z", Ok("2026-11-20T16:55:00.123Z"));
        instant("2026-11-20T16:55:00.1234Z", Err(InstantError::TooPrecise));
        instant("2026-11-20T16:55:60Z", Err(InstantError::LeapSecond));
        instant("2026-11-20T16:55:00-00:00", Err(InstantError::UnknownOffset));
        instant("2026-11-20T16:55:00", Err(InstantError::NotRfc3339));
        instant("2026-11-20 16:55:00Z", Err(InstantError::NotRfc3339));
        instant("2026-02-29T00:00:00Z", Err(InstantError::NotRfc3339));
        instant("2026-02-20T24:00:00Z", Err(InstantError::NotRfc3339));
        instant("2026-02-20T00:00:00.Z", Err(InstantError::NotRfc3339));
        instant("1969-12-31T23:59:59Z", Err(InstantError::OutOfRange));
        instant("1970-01-01T00:30:00+01:00", Err(InstantError::OutOfRange));
        instant("2199-12-31T23:59:59.999Z", Ok("2199-12-31T23:59:59.999Z"));
        instant("2200-01-01T00:00:00Z", Err(InstantError::OutOfRange));
        instant("2026-11-20T16:55:00+5:00", Err(InstantError::NotRfc3339));
        instant("", Err(InstantError::NotRfc3339));
        instant("2026-11-20T16:55:00Zé", Err(InstantError::NotRfc3339));
    }
}
