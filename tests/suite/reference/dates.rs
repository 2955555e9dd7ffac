//! On which dates a holiday falls, by asking about one date after the other.

use jiff::civil::Date;
use serde_json::Value;

use super::wall::day_number;

/// The days `first..=last`, counted from 1970-01-01.
pub(crate) type Days = (i64, i64);

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Easter Sundays as published.
const EASTER: [&str; 8] = [
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2029-04-01",
    "2030-04-21",
    "2031-04-13",
];

pub(crate) fn contains(days: Days, day: i64) -> bool {
    days.0 <= day && day <= days.1
}

/// `2026-12-24` or `2026-12-24..2026-12-26`.
pub(crate) fn explicit(text: &str) -> Days {
    let day = |text: &str| day_number(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    text.split_once("..").map_or_else(|| (day(text), day(text)), |(first, last)| (day(first), day(last)))
}

/// Whether the holiday closes this day.
pub(crate) fn falls_on(holiday: &Value, day: i64) -> bool {
    let text = holiday["date"].as_str().expect("a date");
    if text.starts_with("20") || text.starts_with("19") || text.starts_with("21") {
        return contains(explicit(text), day);
    }
    let date = civil(day);
    let year = i64::from(date.year());
    let within = holiday["from"].as_i64().is_none_or(|from| from <= year)
        && holiday["until"].as_i64().is_none_or(|until| year <= until);
    within && rule_falls_on(text, date, day)
}

fn rule_falls_on(text: &str, date: Date, day: i64) -> bool {
    if let Some(month_and_day) = text.strip_prefix("--") {
        return date.strftime("%m-%d").to_string() == month_and_day;
    }
    if let Some(offset) = text.strip_prefix("easter") {
        let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().expect("an offset") };
        return EASTER.iter().any(|easter| explicit(easter).0 + offset == day);
    }
    let [ordinal, weekday, month] = text.split(' ').collect::<Vec<_>>()[..] else { panic!("no rule {text}") };
    let same_month = MONTHS[usize::from(date.month().unsigned_abs()) - 1] == month;
    let same_weekday = WEEKDAYS[(day + 3).rem_euclid(7) as usize] == weekday;
    let nth = (date.day() - 1) / 7;
    let last = civil(day + 7).month() != date.month();
    let counted = match ordinal {
        "last" => last,
        ordinal => ["1st", "2nd", "3rd", "4th", "5th"][nth.unsigned_abs() as usize] == ordinal,
    };
    same_month && same_weekday && counted
}

fn civil(day: i64) -> Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day))
}
