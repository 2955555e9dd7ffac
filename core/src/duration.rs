//! Lengths of time in whole milliseconds, as documents write them.

use core::fmt;

use crate::error::{Code, Problem};
use crate::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};

/// A length of time in whole milliseconds; counted or real is said where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many milliseconds.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// As [`Duration::from_ms`] for open time to come, which cannot be negative; `place` names the argument.
    ///
    /// # Errors
    /// [`Code::BadDuration`].
    pub fn from_ms_at(ms: i64, place: &str) -> Result<Self, Problem> {
        if ms < 0 {
            return Err(Problem::whole(Code::BadDuration, "open time to come cannot be negative").at(place));
        }
        Ok(Self(ms))
    }

    /// In milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Sum, held at the ends of what 64 bits can say.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference, held at the ends of what 64 bits can say.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Reads `1h30m` (parts `d h m s ms`, each once, in this order) or ISO 8601 (`PT1H30M`, with W, D, H, M, S).
    ///
    /// A `d` is 24 hours of counted time, never a working day.
    ///
    /// ```
    /// use slaclock_core::Duration;
    /// assert_eq!(Duration::parse("1h30m").unwrap().ms(), 5_400_000);
    /// assert_eq!(Duration::parse("P1DT12H").unwrap().ms(), 129_600_000);
    /// assert!(Duration::parse("1.5h").is_err());
    /// ```
    ///
    /// # Errors
    /// [`DurationError`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let (body, units): (&[u8], &[(&[u8], i64)]) = match text.as_bytes().split_first() {
            Some((b'P', rest)) => return parse_iso(rest),
            _ => (text.as_bytes(), &SHORT_UNITS),
        };
        let (ms, rest) = sum_of_parts(body, units)?;
        if rest.is_empty() { Ok(Self(ms)) } else { Err(DurationError::NotADuration) }
    }
}

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationError {
    /// Neither `1h30m` nor ISO 8601.
    NotADuration,
    /// ISO 8601 years or months, whose length varies.
    YearsOrMonths,
    /// Longer than the range of instants.
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADuration => "not a duration such as `4h`, `1h30m`, `2d` or `PT4H`",
            Self::YearsOrMonths => "years and months have no fixed length; use weeks, days or hours",
            Self::TooLong => "longer than 230 years",
        })
    }
}

impl core::error::Error for DurationError {}

const SHORT_UNITS: [(&[u8], i64); 5] =
    [(b"d", DAY_MS), (b"h", HOUR_MS), (b"m", MINUTE_MS), (b"s", 1000), (b"ms", 1)];
const ISO_DATE_UNITS: [(&[u8], i64); 2] = [(b"W", 604_800_000), (b"D", DAY_MS)];
const ISO_TIME_UNITS: [(&[u8], i64); 3] = [(b"H", HOUR_MS), (b"M", MINUTE_MS), (b"S", 1000)];

fn parse_iso(body: &[u8]) -> Result<Duration, DurationError> {
    let (date_ms, rest) = match body.first() {
        Some(b'T') => (0, body),
        _ => sum_of_parts(body, &ISO_DATE_UNITS).map_err(|error| {
            if body.iter().take_while(|byte| **byte != b'T').any(|byte| matches!(byte, b'Y' | b'M')) {
                DurationError::YearsOrMonths
            } else {
                error
            }
        })?,
    };
    match rest.split_first() {
        None => Ok(Duration(date_ms)),
        Some((b'T', time)) => {
            let (time_ms, rest) = sum_of_parts(time, &ISO_TIME_UNITS)?;
            let total = date_ms.checked_add(time_ms).filter(|ms| *ms <= Instant::MAX_MS);
            if rest.is_empty() {
                total.map(Duration).ok_or(DurationError::TooLong)
            } else {
                Err(DurationError::NotADuration)
            }
        }
        Some((b'Y' | b'M', _)) => Err(DurationError::YearsOrMonths),
        Some(_) if rest.iter().take_while(|byte| **byte != b'T').any(|byte| matches!(byte, b'Y' | b'M')) => {
            Err(DurationError::YearsOrMonths)
        }
        Some(_) => Err(DurationError::NotADuration),
    }
}

/// Reads at least one `number unit` in the order of `units`; returns the sum and what follows.
fn sum_of_parts<'a>(text: &'a [u8], units: &[(&[u8], i64)]) -> Result<(i64, &'a [u8]), DurationError> {
    let mut rest = text;
    let mut left = units;
    let mut total: i64 = 0;
    while rest.first().is_some_and(u8::is_ascii_digit) {
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, tail) = rest.split_at_checked(count).ok_or(DurationError::NotADuration)?;
        let unit_length = tail.iter().take_while(|byte| byte.is_ascii_lowercase()).count().max(1);
        let (unit, tail) = tail.split_at_checked(unit_length).ok_or(DurationError::NotADuration)?;
        let index = left.iter().position(|(name, _)| *name == unit).ok_or(DurationError::NotADuration)?;
        let value = core::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok());
        let scale = left.get(index).map_or(0, |(_, scale)| *scale);
        let part = value.and_then(|value| value.checked_mul(scale)).ok_or(DurationError::TooLong)?;
        total = total.checked_add(part).filter(|ms| *ms <= Instant::MAX_MS).ok_or(DurationError::TooLong)?;
        left = left.get(index.saturating_add(1)..).unwrap_or_default();
        rest = tail;
    }
    if rest.len() == text.len() { Err(DurationError::NotADuration) } else { Ok((total, rest)) }
}

impl serde::Serialize for Duration {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn duration(text: &str, expected: Result<i64, DurationError>) {
        assert_eq!(Duration::parse(text).map(Duration::ms), expected, "{text}");
    }

    #[test]
    fn durations_are_parts_in_order_or_iso_8601() {
        duration("4h", Ok(14_400_000));
        duration("1h30m", Ok(5_400_000));
        duration("2d3ms", Ok(172_800_003));
        duration("0m", Ok(0));
        duration("P2W", Ok(1_209_600_000));
        duration("P1DT1H", Ok(90_000_000));
        duration("PT15M", Ok(900_000));
        for wrong in [
            "", "h", "4", "4 h", "1.5h", "-4h", "30m1h", "1h1h", "4H", "P", "PT", "P1D2", "P1DT", "1d1",
            "PT1.5H",
        ] {
            duration(wrong, Err(DurationError::NotADuration));
        }
        duration("P1Y", Err(DurationError::YearsOrMonths));
        duration("P1M", Err(DurationError::YearsOrMonths));
        duration("P1W2M", Err(DurationError::YearsOrMonths));
        duration("999999d", Err(DurationError::TooLong));
        duration("99999999999999999999h", Err(DurationError::TooLong));
    }
}
