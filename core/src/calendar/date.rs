//! Civil dates, as a document writes them.

use core::fmt;

use chrono::NaiveDate;

use crate::document::{At, Document, Node, Problems, expected, shortened};
use crate::error::{Code, Problem};
use crate::instant::{date_of_day, day_of_date};

/// A civil date from 1970 to 2199, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// Reads `2026-12-25`; `None` unless it exists and lies in 1970 to 2199.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = parts(text.as_bytes())?;
        Self::of(i32::try_from(year).ok()?, month, day)
    }

    /// As [`Date::parse`], naming the argument or place whose value is no date.
    ///
    /// # Errors
    /// [`Code::BadDate`].
    pub fn parse_at(text: &str, place: &str) -> Result<Self, Problem> {
        Self::parse(text).ok_or_else(|| {
            let message = format!("`{}` is not a date from 1970 to 2199 that exists", shortened(text));
            Problem::whole(Code::BadDate, message).at(place).mend("write it as `2026-12-25`")
        })
    }

    /// The date of a year from 1970 to 2199; `None` where the month has no such day.
    pub(crate) fn of(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        (1970..2200).contains(&year).then(|| Self(day_of_date(date)))
    }

    /// The date so many days after 1970-01-01.
    pub(crate) fn of_day(day: i64) -> Self {
        Self(day)
    }

    /// The date so many days later, or earlier.
    pub(crate) fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Day of the week, 0 for Monday.
    pub(crate) fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        usize::try_from(self.0.wrapping_add(3).rem_euclid(7)).unwrap_or(0)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", date_of_day(self.0))
    }
}

/// The numbers of `YYYY-MM-DD`.
fn parts(text: &[u8]) -> Option<[u32; 3]> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *text else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, digit| {
            let digit = digit.is_ascii_digit().then(|| u32::from(digit.wrapping_sub(b'0')))?;
            Some(sum.wrapping_mul(10).wrapping_add(digit))
        })
    };
    Some([number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?])
}

impl Document for Date {
    fn blank() -> Self {
        Self(0)
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a date such as `2026-12-25`", node, at, problems);
        };
        let date = Self::parse(text);
        if date.is_none() {
            bad_date(text, at, problems);
        }
        date
    }
}

pub(super) fn bad_date(text: &str, at: &At<'_>, problems: &mut Problems) {
    let message = format!("`{}` is not a date from 1970 to 2199 that exists", shortened(text));
    problems.push_mend(at, Code::BadDate, message, "write it as `2026-12-25`");
}

/// A year from 1970 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl Year {
    pub(crate) const FIRST: i32 = 1970;
    pub(crate) const LAST: i32 = 2199;

    /// The year of this number; `None` outside 1970 to 2199.
    pub(super) fn of(number: i32) -> Option<Self> {
        (Self::FIRST..=Self::LAST).contains(&number).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl Document for Year {
    fn blank() -> Self {
        Self(Self::FIRST)
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let year = node.as_i64().and_then(|year| i32::try_from(year).ok());
        match (year.and_then(Self::of), node) {
            (Some(year), _) => Some(year),
            (None, Node::Number(_)) => {
                problems.push(at, Code::BadDate, "the year is not one from 1970 to 2199");
                None
            }
            _ => expected("a year such as 2026", node, at, problems),
        }
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{Date, Year};
    use crate::document::shape::{Shape, Shaped, Types};

    impl Shaped for Date {
        fn shape(types: &mut Types) -> Shape {
            types.alias("CivilDate", "A civil date from 1970 to 2199: `2026-12-25`.", |_| Shape::Text {
                format: Some("date"),
                pattern: Some("^\\d{4}-\\d{2}-\\d{2}$"),
            })
        }
    }

    impl Shaped for Year {
        fn shape(_: &mut Types) -> Shape {
            Shape::Integer
        }
    }
}
