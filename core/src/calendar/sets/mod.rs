//! Holidays of countries and their parts, shipped with the engine: small documents written from public law.
//!
//! Each country has a file with one text. A set begins with its name, its title and the years for which it was
//! checked, and goes on with one line for each holiday, in the grammar of a calendar's `holidays`:
//!
//! ```text
//! =ca-federal|Canada: federal|2010-
//! --01-01|New Year's Day|next-free-weekday
//! mon before 05-25|Victoria Day
//! 2022-09-19|National Day of Mourning
//! =ca-on|Canada: Ontario|2010-
//! +ca-federal
//! !Remembrance Day
//! 3rd mon feb|Family Day|2008-
//! ```
//!
//! Dates with commas between them share what follows: the name, then in any order the years (`2008-`, `-2018`,
//! `2020-2022`), a word of `observed`, `on` with days of the week (`falls_on`), `weekend` with its days. `+` takes in the
//! holidays of another set, one of an earlier line; `!` leaves out those of a name. Comments stand outside of the
//! texts, so that only the dates are compiled in.

use super::date::Year;
use super::holiday::Holiday;
use super::rule::{DateRule, DayOfWeek, Observed};

mod australia;
mod canada;
mod europe_middle;
mod europe_north;
mod europe_south_east;
mod europe_west;
mod france;
mod germany;
mod italy;
mod japan;
mod new_zealand;
mod south;
mod spain;
mod switzerland;
mod united_kingdom;
mod united_states;

/// Version of the shipped sets: the date of their last change.
pub const HOLIDAY_SETS_VERSION: &str = "2026-11-22";

const COUNTRIES: &[&str] = &[
    united_states::TEXT,
    canada::TEXT,
    united_kingdom::TEXT,
    europe_west::TEXT,
    france::TEXT,
    spain::TEXT,
    germany::TEXT,
    switzerland::TEXT,
    europe_middle::TEXT,
    italy::TEXT,
    europe_north::TEXT,
    europe_south_east::TEXT,
    south::TEXT,
    australia::TEXT,
    new_zealand::TEXT,
    japan::TEXT,
];

/// A shipped set of holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolidaySet {
    /// The name by which a calendar uses it.
    pub id: &'static str,
    /// Whose holidays these are.
    pub title: &'static str,
    /// First year for which it was checked; before it the rules go on, but the law may have been another.
    pub from: i32,
    /// Last such year; `None` while the law is not known to change.
    pub until: Option<i32>,
    lines: &'static str,
}

/// All shipped sets, by country.
pub fn holiday_sets() -> impl Iterator<Item = HolidaySet> {
    COUNTRIES.iter().flat_map(|text| text.split('=').filter_map(set))
}

/// A set as a document lists it; `None` when there is none of this name.
///
/// ```
/// let names: Vec<_> = slaclock_core::holiday_set("us-federal").unwrap().into_iter().filter_map(|day| day.name).collect();
/// assert!(names.iter().any(|name| name == "Thanksgiving Day"));
/// ```
#[must_use]
pub fn holiday_set(id: &str) -> Option<Vec<Holiday>> {
    let set = holiday_sets().find(|set| set.id == id)?;
    let mut list = Vec::new();
    for line in set.lines.lines() {
        if let Some(other) = line.strip_prefix('+') {
            list.extend(holiday_set(other)?);
        } else if let Some(name) = line.strip_prefix('!') {
            list.retain(|holiday: &Holiday| holiday.name.as_deref() != Some(name));
        } else {
            read(line, &mut list)?;
        }
    }
    Some(list)
}

/// The set of one section.
fn set(section: &'static str) -> Option<HolidaySet> {
    let (head, lines) = section.split_once('\n')?;
    let mut head = head.split('|');
    let (id, title) = (head.next()?, head.next()?);
    let (from, until) = years(head.next()?)?;
    Some(HolidaySet { id, title, from: from?.number(), until: until.map(Year::number), lines })
}

/// `2008-`, `-2018`, `2020-2022`.
fn years(text: &str) -> Option<(Option<Year>, Option<Year>)> {
    let year = |text: &str| match text {
        "" => Some(None),
        _ => text.parse().ok().and_then(Year::of).map(Some),
    };
    let (from, until) = text.split_once('-')?;
    Some((year(from)?, year(until)?))
}

/// `mon tue`.
fn days(text: &str) -> Option<Vec<DayOfWeek>> {
    let named = |name: &str| DayOfWeek::ALL.iter().copied().find(|day| day.as_str() == name);
    text.split(' ').map(named).collect()
}

/// Adds the holidays of one line.
fn read(line: &str, list: &mut Vec<Holiday>) -> Option<()> {
    let mut parts = line.split('|');
    let (dates, name) = (parts.next()?, parts.next()?);
    let mut holiday = Holiday {
        date: DateRule::of_text("easter")?,
        name: Some(name.to_owned()),
        falls_on: None,
        observed: Observed::None,
        weekend: vec![DayOfWeek::Saturday, DayOfWeek::Sunday],
        from: None,
        until: None,
    };
    for part in parts {
        if let Some(names) = part.strip_prefix("on ") {
            holiday.falls_on = Some(days(names)?);
        } else if let Some(names) = part.strip_prefix("weekend ") {
            holiday.weekend = days(names)?;
        } else if let Some(observed) = Observed::ALL.iter().find(|word| word.as_str() == part) {
            holiday.observed = *observed;
        } else {
            (holiday.from, holiday.until) = years(part)?;
        }
    }
    for date in dates.split(',') {
        list.push(Holiday { date: DateRule::of_text(date)?, ..holiday.clone() });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_set_is_read() {
        let mut earlier: Vec<&str> = Vec::new();
        for set in holiday_sets() {
            for line in set.lines.lines() {
                // Only what stands before may be taken in, so that no set takes in itself.
                match (line.strip_prefix('+'), line.strip_prefix('!')) {
                    (Some(other), _) => assert!(earlier.contains(&other), "{}: {line}", set.id),
                    (_, Some(_)) => {}
                    _ => assert!(read(line, &mut Vec::new()).is_some(), "{}: {line}", set.id),
                }
            }
            assert!(!earlier.contains(&set.id), "{} stands twice", set.id);
            earlier.push(set.id);
            let holidays = holiday_set(set.id).unwrap_or_default();
            assert!(holidays.len() >= 4, "{}", set.id);
            let short = |holiday: &Holiday| {
                holiday.name.as_ref().is_some_and(|name| name.len() < 60 && !name.is_empty())
            };
            assert!(holidays.iter().all(short), "{}", set.id);
        }
        let sections = COUNTRIES.iter().map(|text| text.matches('=').count()).sum::<usize>();
        assert_eq!(holiday_sets().count(), sections);
    }

    #[test]
    fn what_is_left_out_was_there() {
        for set in holiday_sets() {
            let mut list = Vec::new();
            for line in set.lines.lines() {
                if let Some(other) = line.strip_prefix('+') {
                    list.extend(holiday_set(other).unwrap_or_default());
                } else if let Some(name) = line.strip_prefix('!') {
                    assert!(
                        list.iter().any(|day: &Holiday| day.name.as_deref() == Some(name)),
                        "{}: {line}",
                        set.id
                    );
                }
            }
        }
    }
}
