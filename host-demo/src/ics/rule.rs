//! Rules that a calendar document can say itself, so that they need no end.

use calcard::icalendar::{
    ICalendarFrequency as Frequency, ICalendarRecurrenceRule, ICalendarWeekday as Weekday,
};
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::event::Event;

/// Names of the days as calendar documents write them, Monday first.
pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The number of a day, 0 for Monday.
fn number(day: Weekday) -> usize {
    match day {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

/// The only rule, if it recurs by whole days without gaps: every year, every week, every day.
fn plain(event: &Event, frequency: Frequency) -> Option<&ICalendarRecurrenceRule> {
    let [rule] = &*event.rules else { return None };
    let no_times = rule.bysecond.is_empty() && rule.byminute.is_empty() && rule.byhour.is_empty();
    let no_counts = rule.byyearday.is_empty() && rule.byweekno.is_empty();
    (rule.freq == frequency && rule.interval.unwrap_or(1) == 1 && no_times && no_counts).then_some(rule)
}

/// An all-day event's rule as a date rule of ours: `--12-25`, `--12-24..--12-26`, `4th thu nov`,
/// `mon on-or-after 05-25`.
pub(super) fn yearly(event: &Event) -> Option<String> {
    let rule = plain(event, Frequency::Yearly)?;
    let start = event.start.local.date();
    let month = match &*rule.bymonth {
        [] => None,
        [month] if !month.is_leap() && (1..=12).contains(&month.month()) => Some(u32::from(month.month())),
        _ => return None,
    };
    let days = event.length.num_days();
    let [day] = &*rule.byday else {
        // A fixed date; without parts of the rule it is that of the start.
        let day = match &*rule.bymonthday {
            [] => start.day(),
            [day] => u32::try_from(*day).ok()?,
            _ => return None,
        };
        // A day without a month is that day of every month.
        let every_month = month.is_none() && !rule.bymonthday.is_empty();
        let fits = rule.byday.is_empty() && rule.bysetpos.is_empty() && !every_month;
        return if fits { fixed(month.unwrap_or(start.month()), day, days) } else { None };
    };
    let (name, month) = (DAYS.get(number(day.weekday))?, month?);
    if days != 1 {
        return None;
    }
    let month_name = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    let nth = match (day.ordwk, &*rule.bysetpos, &*rule.bymonthday) {
        (Some(nth), [], []) => i32::from(nth),
        (None, [nth], []) => *nth,
        (None, [], [first, rest @ ..]) if *first > 0 && rest.len() == 6 => {
            let follows = (*first..).zip([*first].iter().chain(rest)).all(|(day, listed)| day == *listed);
            let exists = NaiveDate::from_ymd_opt(2024, month, u32::try_from(*first).ok()?).is_some();
            return (follows && exists && *first <= 22)
                .then(|| format!("{name} on-or-after {month:02}-{first:02}"));
        }
        _ => return None,
    };
    let nth = match nth {
        -1 => "last",
        1 => "1st",
        2 => "2nd",
        3 => "3rd",
        4 => "4th",
        5 => "5th",
        _ => return None,
    };
    Some(format!("{nth} {name} {month_name}"))
}

/// A date of every year, or a range of dates that is the same in leap years.
fn fixed(month: u32, day: u32, days: i64) -> Option<String> {
    if days == 1 {
        return NaiveDate::from_ymd_opt(2024, month, day).map(|_| format!("--{month:02}-{day:02}"));
    }
    let end = |year| {
        let last =
            NaiveDate::from_ymd_opt(year, month, day)?.checked_add_signed(TimeDelta::days(days - 1))?;
        Some((last.month(), last.day()))
    };
    let (last_month, last_day) = end(2022)?;
    let same = end(2023) == end(2022) && end(2024) == end(2022) && days <= 365;
    same.then(|| format!("--{month:02}-{day:02}..--{last_month:02}-{last_day:02}"))
}

/// The days of the week, Monday first, on which a timed event happens every week without end.
pub(super) fn weekly(event: &Event) -> Option<[bool; 7]> {
    let rule = plain(event, Frequency::Weekly).or_else(|| plain(event, Frequency::Daily))?;
    let bounded = rule.until.is_some() || rule.count.is_some();
    if bounded || !rule.bymonth.is_empty() || !rule.bymonthday.is_empty() || !rule.bysetpos.is_empty() {
        return None;
    }
    let mut days = [rule.byday.is_empty() && rule.freq == Frequency::Daily; 7];
    if rule.byday.is_empty() && rule.freq == Frequency::Weekly {
        *days.get_mut(event.start.local.weekday().num_days_from_monday() as usize)? = true;
    }
    for day in &rule.byday {
        // `1MO` has no meaning in a week.
        if day.ordwk.is_some() {
            return None;
        }
        *days.get_mut(number(day.weekday))? = true;
    }
    Some(days)
}
