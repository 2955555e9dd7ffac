//! Shipped sets of holidays: against dates known by hand, dates that governments publish and those of another library.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};
use slaclock_core::calendar::{DayOfWeek, Holiday};
use slaclock_core::{Calendar, Code, holiday_set, holiday_sets};

use crate::holiday_rules::closed;
use crate::vector_files::{shared, text};

mod known;
mod oracle;

/// The dates of a year on which a calendar with this set is closed.
fn dates(set: &str, year: i16) -> Vec<Date> {
    closed(&json!([{ "use": set }]), year)
}

fn refused(holidays: &Value) -> Vec<(Code, String, Option<String>)> {
    let document = json!({ "time_zone": "Etc/UTC", "holidays": holidays });
    let problems = Calendar::from_json(&document.to_string()).expect_err("a mistake");
    problems.into_iter().map(|problem| (problem.code, problem.pointer, problem.mend)).collect()
}

#[test]
fn a_set_stands_among_holidays_of_ones_own() {
    let holidays = json!([
        { "date": "2026-03-02", "name": "Founders' Day" },
        { "use": "us-federal" },
        { "date": "fri after 11-23", "name": "Day after Thanksgiving" },
    ]);
    let mut wanted = dates("us-federal", 2026);
    assert_eq!(wanted.len(), 12, "eleven and an observed one");
    wanted.extend(["2026-03-02", "2026-11-27"].map(|day| day.parse::<Date>().expect("a date")));
    wanted.sort();
    assert_eq!(closed(&holidays, 2026), wanted);
}

#[test]
fn holidays_of_a_set_can_be_left_out_by_name() {
    let holidays = json!([{ "use": "us-federal", "without": ["Columbus Day", "Veterans Day"] }]);
    let mut wanted = dates("us-federal", 2026);
    wanted.retain(|day| !matches!((day.month(), day.day()), (10, 12) | (11, 11)));
    assert_eq!(closed(&holidays, 2026), wanted);
}

#[test]
fn what_is_no_set_is_refused_with_near_names() {
    let mend = |text: &str| Some(text.to_owned());
    assert_eq!(
        refused(&json!([{ "date": "2026-12-25" }, { "use": "us-federl" }])),
        [(
            Code::UnknownHolidaySet,
            "/holidays/1/use".to_owned(),
            mend("did you mean `us-federal`, `ca-federal`?")
        )]
    );
    assert_eq!(
        refused(
            &json!([{ "use": "us-federal", "without": ["Labor Day", "Columbus day", "Columbs Day", "Doomsday"] }])
        ),
        [
            (Code::UnknownWord, "/holidays/0/without/1".to_owned(), mend("did you mean `Columbus Day`?")),
            (Code::UnknownWord, "/holidays/0/without/2".to_owned(), mend("did you mean `Columbus Day`?")),
            (
                Code::UnknownWord,
                "/holidays/0/without/3".to_owned(),
                mend(
                    "allowed are `New Year's Day`, `Martin Luther King Jr. Day`, `Washington's Birthday`, `Memorial Day`, \
                     `Juneteenth`, `Independence Day`, `Labor Day`, `Columbus Day`, `Veterans Day`, `Thanksgiving Day`, \
                     `Christmas Day`"
                )
            ),
        ]
    );
    let mixed = refused(&json!([{ "use": "us-federal", "date": "2026-12-25", "observed": "none" }]));
    let places: Vec<_> = mixed.iter().map(|(code, pointer, _)| (*code, pointer.as_str())).collect();
    assert_eq!(places, [(Code::UnknownKey, "/holidays/0/date"), (Code::UnknownKey, "/holidays/0/observed")]);
    assert_eq!(refused(&json!([{ "use": 5 }]))[0].0, Code::WrongType);
    assert_eq!(refused(&json!([{ "without": [] }])).len(), 2, "an unknown key, and no date");
}

#[test]
fn two_sets_that_share_holidays_close_their_dates_once() {
    // Christmas Day of 2027 is a Saturday: both parts move it to Monday and Boxing Day to Tuesday.
    let both = closed(&json!([{ "use": "gb-england" }, { "use": "gb-scotland" }]), 2027);
    let (england, scotland) = (dates("gb-england", 2027), dates("gb-scotland", 2027));
    let wanted: BTreeSet<Date> = england.into_iter().chain(scotland).collect();
    assert_eq!(both, wanted.into_iter().collect::<Vec<_>>());
    // The same where the document itself says again what the set says.
    let again = json!([{ "use": "gb-england" }, { "date": "--12-25", "observed": "next-free-weekday" }]);
    assert_eq!(closed(&again, 2027), dates("gb-england", 2027));
}

#[test]
fn a_calendar_uses_a_limited_number_of_sets() {
    let uses = |count: usize| json!(vec![json!({ "use": "jp" }); count]);
    assert_eq!(closed(&uses(32), 2026), dates("jp", 2026));
    assert_eq!(refused(&uses(1000)), [(Code::TooLarge, "/holidays/32".to_owned(), None)]);
}

#[test]
fn a_set_written_out_as_a_document_is_the_set() {
    for set in holiday_sets() {
        let words = |days: &[DayOfWeek]| days.iter().map(|day| day.as_str()).collect::<Vec<_>>();
        let entry = |holiday: &Holiday| {
            json!({
                "date": holiday.date.to_string(),
                "name": holiday.name,
                "falls_on": holiday.falls_on.as_deref().map(words),
                "observed": holiday.observed.as_str(),
                "weekend": words(&holiday.weekend),
                "from": holiday.from.map(|year| year.number()),
                "until": holiday.until.map(|year| year.number()),
            })
        };
        let written: Vec<Value> = holiday_set(set.id).expect("its holidays").iter().map(entry).collect();
        for year in [2020, 2022, 2027] {
            assert_eq!(closed(&json!(written), year), dates(set.id, year), "{} {year}", set.id);
        }
    }
}

#[test]
fn every_set_is_expanded_with_names() {
    for set in holiday_sets() {
        let holidays = holiday_set(set.id).expect("its holidays");
        assert!(holidays.iter().all(|holiday| holiday.name.is_some()), "{}", set.id);
        let year = i16::try_from(set.until.unwrap_or(set.from + 20)).expect("a year");
        let count = dates(set.id, year).len();
        assert!((4..=30).contains(&count), "{} has {count} dates in {year}", set.id);
        assert!(set.until.is_none_or(|until| until > set.from), "{}", set.id);
    }
    assert!(holiday_set("us").is_none());
    assert!(holiday_set("").is_none());
}
