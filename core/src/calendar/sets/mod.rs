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
//! holidays of another set, which stands before, and is the first line of its set; `!` leaves out those of a name. Comments stand outside of the
//! texts, so that only the dates are compiled in.

use crate::document::cut;

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
#[must_use]
pub fn holiday_sets() -> Vec<HolidaySet> {
    let mut sets = Vec::new();
    for text in COUNTRIES {
        for section in text.split('=') {
            sets.extend(set(section));
        }
    }
    sets
}

/// A set as a document lists it; `None` when there is none of this name.
///
/// ```
/// let names: Vec<_> = slaclock_core::holiday_set("us-federal").unwrap().into_iter().filter_map(|day| day.name).collect();
/// assert!(names.iter().any(|name| name == "Thanksgiving Day"));
/// ```
#[must_use]
pub fn holiday_set(id: &str) -> Option<Vec<Holiday>> {
    let mut list = Vec::new();
    for line in lines_of(&holiday_sets(), id)? {
        read(line, &mut list);
    }
    Some(list)
}

/// The lines of a set, with those of the sets that it takes in.
pub(super) fn lines_of(sets: &[HolidaySet], id: &str) -> Option<Vec<&'static str>> {
    let set = sets.iter().find(|set| set.id == id)?;
    let mut lines = Vec::new();
    for line in set.lines.split_terminator('\n') {
        if let Some(other) = line.strip_prefix('+') {
            lines = lines_of(sets, other)?;
        } else if let Some(name) = line.strip_prefix('!') {
            leave_out(&mut lines, name);
        } else {
            lines.push(line);
        }
    }
    Some(lines)
}

/// Takes away the lines of a name; whether there were any.
pub(super) fn leave_out(lines: &mut Vec<&'static str>, name: &str) -> bool {
    let before = lines.len();
    lines.retain(|line| name_of(line) != name);
    lines.len() < before
}

/// What the holidays of a line are called.
pub(super) fn name_of(line: &str) -> &str {
    line.split('|').nth(1).unwrap_or_default()
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
    let year = |text: &str| text.parse::<i64>().ok().and_then(|year| Year::of(i32::try_from(year).ok()?));
    let (from, until) = text.split_once('-')?;
    Some((year(from), year(until)))
}

/// `mon tue`.
fn days(text: &str) -> Vec<DayOfWeek> {
    DayOfWeek::ALL.iter().copied().filter(|day| cut(text, day.as_str()).is_some()).collect()
}

/// Adds the holidays of one line. The tests read every line there is.
pub(super) fn read(line: &str, list: &mut Vec<Holiday>) -> Option<()> {
    let mut parts = line.split('|');
    let (dates, name) = (parts.next()?, parts.next()?);
    let (mut falls_on, mut observed, mut weekend) = (None, Observed::None, "sat sun");
    let (mut from, mut until) = (None, None);
    for part in parts {
        if let Some(names) = part.strip_prefix("on ") {
            falls_on = Some(names);
        } else if let Some(names) = part.strip_prefix("weekend ") {
            weekend = names;
        } else if let Some(word) = Observed::ALL.iter().find(|word| word.as_str() == part) {
            observed = *word;
        } else {
            (from, until) = years(part)?;
        }
    }
    for date in dates.split(',') {
        list.push(Holiday {
            date: DateRule::of_text(date)?,
            name: Some(name.to_owned()),
            falls_on: falls_on.map(days),
            observed,
            weekend: days(weekend),
            from,
            until,
        });
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
            let mut dates = 0;
            for (index, line) in set.lines.lines().enumerate() {
                match (line.strip_prefix('+'), line.strip_prefix('!')) {
                    // Only what stands before, so that no set takes in itself.
                    (Some(other), _) => assert!(index == 0 && earlier.contains(&other), "{}: {line}", set.id),
                    (_, Some(_)) => {}
                    _ => {
                        let mut read_ones = Vec::new();
                        assert!(read(line, &mut read_ones).is_some(), "{}: {line}", set.id);
                        assert!(
                            read_ones.iter().all(|holiday| is_whole(line, holiday)),
                            "{}: {line}",
                            set.id
                        );
                        dates += read_ones.len();
                    }
                }
            }
            assert!(!earlier.contains(&set.id), "{} stands twice", set.id);
            earlier.push(set.id);
            assert!(holiday_set(set.id).is_some_and(|list| list.len() >= dates.max(4)), "{}", set.id);
        }
        let sections = COUNTRIES.iter().map(|text| text.matches('=').count()).sum::<usize>();
        assert_eq!(earlier.len(), sections);
    }

    /// Whether the line says nothing that the holiday does not hold.
    fn is_whole(line: &str, holiday: &Holiday) -> bool {
        let words = |days: &[DayOfWeek]| days.iter().map(|day| day.as_str()).collect::<Vec<_>>().join(" ");
        let year = |year: Option<Year>| year.map(|year| year.number().to_string()).unwrap_or_default();
        let years = format!("{}-{}", year(holiday.from), year(holiday.until));
        let (falls_on, weekend) =
            (words(holiday.falls_on.as_deref().unwrap_or_default()), words(&holiday.weekend));
        let said =
            [years, format!("on {falls_on}"), format!("weekend {weekend}"), holiday.observed.to_string()];
        let name = holiday.name.as_deref().unwrap_or_default();
        (1..60).contains(&name.len())
            && line.split('|').skip(2).all(|part| said.iter().any(|said| said == part))
    }

    #[test]
    fn what_is_left_out_was_there() {
        let sets = holiday_sets();
        for set in &sets {
            let mut lines = Vec::new();
            for line in set.lines.lines() {
                if let Some(other) = line.strip_prefix('+') {
                    lines = lines_of(&sets, other).unwrap_or_default();
                } else if let Some(name) = line.strip_prefix('!') {
                    assert!(leave_out(&mut lines, name), "{}: {line}", set.id);
                }
            }
        }
    }
}
