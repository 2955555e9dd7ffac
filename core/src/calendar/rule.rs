//! Rules for dates: written once, they fall on a date of every year.

use crate::document::{At, Document, Node, Problems, cut, expected, shortened, words};
use crate::error::Code;

use super::date::{Date, bad_date};
use super::week::DAY_NAMES;

mod text;

const MONTH_NAMES: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The n-th of a month; the first name is the last one.
const ORDINALS: [&str; 6] = ["last", "1st", "2nd", "3rd", "4th", "5th"];

words! {
    /// Which day is closed in place of, and beside, one that falls on a weekend.
    pub enum Observed as "a rule for weekends" {
        /// None.
        None = "none",
        /// The Monday after it.
        NextMonday = "next-monday",
        /// The day beside the weekend that is nearer: Friday for a Saturday, Monday for a Sunday.
        NearestWeekday = "nearest-weekday",
        /// The first day after it that is neither a weekend nor another holiday.
        NextFreeWeekday = "next-free-weekday",
    }
}

words! {
    /// A day of the week.
    pub enum DayOfWeek as "a day of the week" {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

impl DayOfWeek {
    /// A bit for the day, from Monday.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A month and a day of it.
type MonthDay = (u32, u32);

/// On which side of a date a weekday lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    OnOrBefore,
    After,
    OnOrAfter,
}

/// The dates of a holiday or special day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateRule(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Once, with both ends in it.
    Once(Date, Date),
    /// Every year; an end before the start lies in the next one.
    Yearly(MonthDay, MonthDay),
    /// The n-th such weekday of a month; 0 for the last.
    Nth { n: u32, weekday: usize, month: u32 },
    /// The weekday nearest to a date, on one side of it.
    Beside { weekday: usize, side: Side, date: MonthDay },
    /// Days from Easter.
    Easter { orthodox: bool, offset: i64 },
}

impl DateRule {
    /// Reads a rule as a document writes it; whether a range ends before it begins is not looked at.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        Self::parse(text).map(Self)
    }

    fn parse(text: &str) -> Option<Kind> {
        if let Some((first, last)) = cut(text, "..") {
            return match (month_day(first), month_day(last)) {
                (Some(first), Some(last)) => Some(Kind::Yearly(first, last)),
                _ => Some(Kind::Once(Date::parse(first)?, Date::parse(last)?)),
            };
        }
        if let Some(date) = Date::parse(text) {
            return Some(Kind::Once(date, date));
        }
        if let Some(date) = month_day(text) {
            return Some(Kind::Yearly(date, date));
        }
        if let Some(rest) = text.strip_prefix("orthodox-easter") {
            return Some(Kind::Easter { orthodox: true, offset: signed_offset(rest)? });
        }
        if let Some(rest) = text.strip_prefix("easter") {
            return Some(Kind::Easter { orthodox: false, offset: signed_offset(rest)? });
        }
        let (first, rest) = text.split_once(' ')?;
        let (second, third) = rest.split_once(' ')?;
        let weekday_named = |name: &str| DAY_NAMES.iter().position(|known| *known == name);
        if let Some(weekday) = weekday_named(first) {
            let side = match second {
                "before" => Side::Before,
                "on-or-before" => Side::OnOrBefore,
                "after" => Side::After,
                "on-or-after" => Side::OnOrAfter,
                _ => return None,
            };
            return Some(Kind::Beside { weekday, side, date: month_day(&format!("--{third}"))? });
        }
        let n = ORDINALS.iter().position(|known| *known == first)?;
        let month = MONTH_NAMES.iter().position(|known| *known == third)?;
        let month = u32::try_from(month).ok()?.saturating_add(1);
        Some(Kind::Nth { n: u32::try_from(n).ok()?, weekday: weekday_named(second)?, month })
    }

    /// First and last date of every occurrence that begins in the years `from` to `until`.
    pub(crate) fn occurrences(&self, from: i32, until: i32) -> impl Iterator<Item = (Date, Date)> + '_ {
        let once = match self.0 {
            Kind::Once(first, last) => Some((first, last)),
            _ => None,
        };
        // The range that began before time does lies in its first days.
        let running = match self.0 {
            Kind::Yearly(first, last) if last < first && from <= 1970 => {
                Date::of(1970, 1, 1).zip(Date::of(1970, last.0, last.1))
            }
            _ => None,
        };
        // Once is independent of the year: any single one will do.
        let years = if once.is_some() { from..=from } else { from.max(1970)..=until.min(2199) };
        running.into_iter().chain(years.filter_map(move |year| once.or_else(|| self.of_year(year))))
    }

    fn of_year(&self, year: i32) -> Option<(Date, Date)> {
        let single = |date: Date| (date, date);
        match self.0 {
            Kind::Once(first, last) => Some((first, last)),
            Kind::Yearly(first, last) => {
                let end_year = if last < first { year.saturating_add(1) } else { year };
                let begin = Date::of(year, first.0, first.1)?;
                // The range may end with the last day of time.
                let end = Date::of(end_year, last.0, last.1).or_else(|| Date::of(2199, 12, 31))?;
                Some((begin, end))
            }
            // The last one lies in the week that ends with the month.
            Kind::Nth { n: 0, weekday, month } => {
                let week = (28..=31).rev().find_map(|day| Date::of(year, month, day))?.plus(-6);
                Some(single(week.plus(days_until(week, weekday))))
            }
            Kind::Nth { n, weekday, month } => {
                let days = days_until(Date::of(year, month, 1)?, weekday);
                let day = u32::try_from(days)
                    .ok()?
                    .saturating_add(n.saturating_sub(1).saturating_mul(7))
                    .saturating_add(1);
                Date::of(year, month, day).map(single)
            }
            Kind::Beside { weekday, side, date } => {
                let date = Date::of(year, date.0, date.1)?;
                let found = match side {
                    Side::OnOrAfter => date.plus(days_until(date, weekday)),
                    Side::After => date.plus(1).plus(days_until(date.plus(1), weekday)),
                    Side::OnOrBefore => date.plus(-6).plus(days_until(date.plus(-6), weekday)),
                    Side::Before => date.plus(-7).plus(days_until(date.plus(-7), weekday)),
                };
                Some(single(found))
            }
            Kind::Easter { orthodox, offset } => easter(year, orthodox).map(|date| single(date.plus(offset))),
        }
    }
}

/// Days from `date` to the next such weekday, itself included.
fn days_until(date: Date, weekday: usize) -> i64 {
    let days = weekday.saturating_add(7).saturating_sub(date.weekday());
    i64::try_from(days).unwrap_or(0).rem_euclid(7)
}

/// `--12-25`; a day that no year has is refused, `--02-29` is not.
fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.strip_prefix("--")?.split_once('-')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok()).flatten();
    let (month, day) = (number(month)?, number(day)?);
    Date::of(2000, month, day).map(|_| (month, day))
}

/// `` for 0, `+1`, `-2`.
fn signed_offset(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let digits = text.strip_prefix(['+', '-'])?;
    let days =
        (digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok());
    let days: i64 = days.flatten()?;
    Some(if text.starts_with('-') { days.saturating_neg() } else { days })
}

/// Easter Sunday: the anonymous Gregorian computus, or Meeus' Julian one carried over to our calendar.
fn easter(year: i32, orthodox: bool) -> Option<Date> {
    let year = i64::from(year);
    let part = |value: i64, by: i64| value.rem_euclid(by);
    if orthodox {
        let d = part(part(year, 19).wrapping_mul(19).wrapping_add(15), 30);
        let e = part(
            part(year, 4)
                .wrapping_mul(2)
                .wrapping_add(part(year, 7).wrapping_mul(4))
                .wrapping_sub(d)
                .wrapping_add(34),
            7,
        );
        // Days after 22 March of the Julian calendar, 13 days behind ours from 1900 and 14 from 2100.
        let days = d.wrapping_add(e);
        let behind = if year < 2100 { 13 } else { 14 };
        return Date::of(i32::try_from(year).ok()?, 3, 22).map(|march| march.plus(days.wrapping_add(behind)));
    }
    let a = part(year, 19);
    let (b, c) = (year.div_euclid(100), part(year, 100));
    let (d, e) = (b.div_euclid(4), part(b, 4));
    let f = b.wrapping_add(8).div_euclid(25);
    let g = b.wrapping_sub(f).wrapping_add(1).div_euclid(3);
    let h = part(a.wrapping_mul(19).wrapping_add(b).wrapping_sub(d).wrapping_sub(g).wrapping_add(15), 30);
    let (i, k) = (c.div_euclid(4), part(c, 4));
    let l = part(
        e.wrapping_mul(2).wrapping_add(i.wrapping_mul(2)).wrapping_sub(h).wrapping_sub(k).wrapping_add(32),
        7,
    );
    let m = a.wrapping_add(h.wrapping_mul(11)).wrapping_add(l.wrapping_mul(22)).div_euclid(451);
    let days = h.wrapping_add(l).wrapping_sub(m.wrapping_mul(7));
    Date::of(i32::try_from(year).ok()?, 3, 22).map(|march| march.plus(days))
}

impl Document for DateRule {
    fn blank() -> Self {
        let date = Date::of_day(0);
        Self(Kind::Once(date, date))
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a date such as `2026-12-25`, a range or a rule", node, at, problems);
        };
        match Self::parse(text) {
            Some(Kind::Once(first, last)) if last < first => {
                let message = format!("the range ends on {last}, before it begins on {first}");
                problems.push(at, Code::ReversedRange, message);
                None
            }
            Some(kind) => Some(Self(kind)),
            None if text.contains(' ') || text.starts_with("--") || cut(text, "easter").is_some() => {
                let message = format!("`{}` is not a rule for dates", shortened(text));
                let mend = "write `--12-25`, `4th thu nov`, `mon before 05-25`, `easter+1` or a date";
                problems.push_mend(at, Code::BadDate, message, mend);
                None
            }
            None => {
                bad_date(text, at, problems);
                None
            }
        }
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for DateRule {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        use crate::document::shape::Shape;
        let doc = "Dates: `2026-12-25`, a range `2026-12-24..2027-01-02`, every year `--12-25` or `--12-24..--01-02`, \
                   `4th thu nov`, `last mon may`, `mon before 05-25`, `sat on-or-after 06-20`, `easter+1`, \
                   `orthodox-easter-2`.";
        types.alias("DateRule", doc, |_| Shape::Text { format: None, pattern: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn falls(rule: &str, year: i32, expected: &[&str]) {
        let kind = DateRule::parse(rule);
        assert!(kind.is_some(), "{rule}");
        let dates = kind
            .map(DateRule)
            .and_then(|rule| rule.of_year(year))
            .map(|(first, last)| [first.to_string(), last.to_string()]);
        let mut dates: Vec<String> = dates.into_iter().flatten().collect();
        dates.dedup();
        assert_eq!(dates, expected);
    }

    #[test]
    fn rules_fall_on_the_dates_that_people_know() {
        falls("--12-25", 2026, &["2026-12-25"]);
        falls("--12-24..--01-02", 2026, &["2026-12-24", "2027-01-02"]);
        falls("--02-29", 2026, &[]);
        falls("--02-29", 2028, &["2028-02-29"]);
        falls("4th thu nov", 2026, &["2026-11-26"]);
        falls("1st mon sep", 2026, &["2026-09-07"]);
        falls("last mon may", 2026, &["2026-05-25"]);
        falls("last sun feb", 2026, &["2026-02-22"]);
        falls("last tue mar", 2026, &["2026-03-31"]);
        falls("5th sun feb", 2026, &[]);
        falls("5th sun mar", 2026, &["2026-03-29"]);
        // Victoria Day and Swedish Midsummer Day.
        falls("mon before 05-25", 2026, &["2026-05-18"]);
        falls("mon on-or-before 05-25", 2026, &["2026-05-25"]);
        falls("sat on-or-after 06-20", 2026, &["2026-06-20"]);
        falls("sat after 06-20", 2026, &["2026-06-27"]);
        falls("easter+1", 2026, &["2026-04-06"]);
        falls("easter-2", 2024, &["2024-03-29"]);
        falls("easter", 2000, &["2000-04-23"]);
        falls("easter", 2038, &["2038-04-25"]);
        falls("orthodox-easter", 2024, &["2024-05-05"]);
        falls("orthodox-easter", 2026, &["2026-04-12"]);
        falls("orthodox-easter-2", 2025, &["2025-04-18"]);
        falls("--12-24..--01-02", 2199, &["2199-12-24", "2199-12-31"]);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "--13-01",
            "--02-30",
            "6th mon may",
            "4th thu",
            "thu near 05-25",
            "easter+",
            "easter+1d",
            "easter*2",
            "noon",
            "",
        ] {
            assert_eq!(DateRule::parse(text), None, "{text}");
        }
    }
}
