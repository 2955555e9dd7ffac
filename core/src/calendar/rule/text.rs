//! A rule for dates as a document writes it.

use core::fmt;

use super::super::week::DAY_NAMES;
use super::{DateRule, Kind, MONTH_NAMES, MonthDay, ORDINALS, Side};

impl fmt::Display for DateRule {
    /// The text from which the same rule is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day_named = |weekday: usize| DAY_NAMES.get(weekday).copied().unwrap_or_default();
        match self.0 {
            Kind::Once(first, last) if first == last => write!(f, "{first}"),
            Kind::Once(first, last) => write!(f, "{first}..{last}"),
            Kind::Yearly(first, last) => {
                write!(f, "--{}", Written(first))?;
                if first == last { Ok(()) } else { write!(f, "..--{}", Written(last)) }
            }
            Kind::Nth { n, weekday, month } => {
                let named = |names: &[&'static str], number: u32| {
                    usize::try_from(number)
                        .ok()
                        .and_then(|number| names.get(number))
                        .copied()
                        .unwrap_or_default()
                };
                let month = named(&MONTH_NAMES, month.saturating_sub(1));
                write!(f, "{} {} {month}", named(&ORDINALS, n), day_named(weekday))
            }
            Kind::Beside { weekday, side, date } => {
                let side = match side {
                    Side::Before => "before",
                    Side::OnOrBefore => "on-or-before",
                    Side::After => "after",
                    Side::OnOrAfter => "on-or-after",
                };
                write!(f, "{} {side} {}", day_named(weekday), Written(date))
            }
            Kind::Easter { orthodox, offset } => {
                f.write_str(if orthodox { "orthodox-easter" } else { "easter" })?;
                if offset == 0 { Ok(()) } else { write!(f, "{offset:+}") }
            }
        }
    }
}

/// `12-25`.
struct Written(MonthDay);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (month, day) = self.0;
        write!(f, "{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_it_was_read() {
        for text in [
            "2026-12-25",
            "2026-12-24..2027-01-02",
            "--12-25",
            "--12-24..--01-02",
            "1st mon jan",
            "4th thu nov",
            "last mon may",
            "mon before 05-25",
            "tue on-or-before 05-25",
            "sat after 06-20",
            "sun on-or-after 06-20",
            "easter",
            "easter+1",
            "easter-48",
            "orthodox-easter",
            "orthodox-easter-2",
        ] {
            assert_eq!(DateRule::of_text(text).map(|rule| rule.to_string()).as_deref(), Some(text));
        }
    }
}
