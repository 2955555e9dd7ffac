//! Whether the holidays of a feed are those of a shipped set, which does not end with the feed.

use std::ops::RangeInclusive;

use serde_json::{Value, json};
use slaclock_core::{Calendar, Instant, Interval, holiday_sets};

use super::calendar::Holiday;

/// Shipped sets that close the same working days as a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The sets.
    pub sets: Vec<&'static str>,
    /// The years in which they do.
    pub years: RangeInclusive<i32>,
}

/// Fewer years may be alike by chance.
const FEWEST_YEARS: i32 = 2;

/// The sets with the same days. Nothing where the feed has rules only, which do not end either.
pub(super) fn alike(holidays: &[Holiday]) -> Option<Alike> {
    let year = |holiday: &Holiday| holiday.date.get(..4).and_then(|year| year.parse::<i32>().ok());
    let first = holidays.iter().filter_map(year).min()?;
    let last = holidays.iter().filter_map(year).max()?;
    // A feed may begin and end in the middle of a year.
    let spans = [(first, last), (first, last - 1), (first + 1, last), (first + 1, last - 1)];
    let spans = spans.into_iter().filter(|(first, last)| last - first + 1 >= FEWEST_YEARS);
    let own = working_days(&holidays.iter().map(Holiday::json).collect())?;
    let sets: Vec<_> = holiday_sets()
        .into_iter()
        .filter_map(|set| Some((set.id, working_days(&json!([{ "use": set.id }]))?)))
        .collect();
    spans.into_iter().find_map(|(first, last)| {
        let own = open(&own, first, last)?;
        let same = sets.iter().filter(|(_, days)| open(days, first, last).as_ref() == Some(&own));
        let sets: Vec<_> = same.map(|(set, _)| *set).collect();
        (!sets.is_empty()).then_some(Alike { sets, years: first..=last })
    })
}

/// From Monday to Friday, less holidays: sets close the nominal dates on weekends as well, feeds often do not.
fn working_days(holidays: &Value) -> Option<Calendar> {
    let hours = json!({ "mon-fri": ["00:00-24:00"] });
    let calendar = json!({ "time_zone": "Etc/UTC", "hours": hours, "holidays": holidays });
    Calendar::from_json(&calendar.to_string()).ok()
}

fn open(days: &Calendar, first: i32, last: i32) -> Option<Vec<Interval>> {
    let new_year = |year: i32| Instant::parse(&format!("{year}-01-01T00:00:00Z")).ok();
    days.segments_within(new_year(first)?, new_year(last + 1)?).ok()
}
