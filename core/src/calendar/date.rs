//! Dates of holidays and special days, as a document writes them.

use core::fmt;

use chrono::{Datelike, NaiveDate};

use crate::document::{At, Document, Node, Problems, expected, not_yet, shortened};
use crate::error::Code;
use crate::instant::{date_of_day, day_of_date};

/// A civil date from 1970 to 2199, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// Reads `2026-12-25`; `None` unless it exists and lies in 1970 to 2199.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = parts(text.as_bytes())?;
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        (1970..2200).contains(&date.year()).then(|| Self(day_of_date(date)))
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

fn bad_date(text: &str, at: &At<'_>, problems: &mut Problems) {
    let message = format!("`{}` is not a date from 1970 to 2199 that exists", shortened(text));
    problems.push_mend(at, Code::BadDate, message, "write it as `2026-12-25`");
}

/// The dates of a holiday: one, or the first and the last of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// First date.
    pub first: Date,
    /// Last date, itself included.
    pub last: Date,
}

impl Document for Dates {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a date such as `2026-12-25`, or a range of dates", node, at, problems);
        };
        if is_rule(text) {
            not_yet(&format!("the date rule `{}`", shortened(text)), at, problems);
            return None;
        }
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        match (Date::parse(first), Date::parse(last)) {
            (Some(first), Some(last)) if first <= last => Some(Self { first, last }),
            (Some(first), Some(last)) => {
                let message = format!("the range ends on {last}, before it begins on {first}");
                problems.push(at, Code::ReversedRange, message);
                None
            }
            _ => {
                bad_date(text, at, problems);
                None
            }
        }
    }
}

/// Whether the text is a rule for dates rather than dates: yearly, an n-th weekday, beside a date, by Easter.
fn is_rule(text: &str) -> bool {
    let rule_words = ["easter", "orthodox-easter", " before ", " after ", " on-or-"];
    let nth = ["1st ", "2nd ", "3rd ", "4th ", "5th ", "last "];
    text.starts_with("--")
        || rule_words.iter().any(|word| text.contains(word))
        || nth.iter().any(|word| text.starts_with(word))
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{Date, Dates};
    use crate::document::shape::{Shape, Shaped, Types};

    impl Shaped for Date {
        fn shape(types: &mut Types) -> Shape {
            types.alias("CivilDate", "A civil date from 1970 to 2199: `2026-12-25`.", |_| Shape::Text {
                format: Some("date"),
                pattern: Some("^\\d{4}-\\d{2}-\\d{2}$"),
            })
        }
    }

    impl Shaped for Dates {
        fn shape(types: &mut Types) -> Shape {
            types.alias(
                "CivilDates",
                "A date, or a range with both ends in it: `2026-12-24..2027-01-02`.",
                |_| Shape::Text {
                    format: None,
                    pattern: Some("^\\d{4}-\\d{2}-\\d{2}(\\.\\.\\d{4}-\\d{2}-\\d{2})?$"),
                },
            )
        }
    }
}
