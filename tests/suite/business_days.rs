//! Targets in business days: against walking the wall clock minute by minute, and by hand.

use proptest::prelude::*;
use serde_json::{Value, json};
use slaclock_core::{Calendar, Instant, zone::Zone};

use crate::generate::{calendar_case, for_all, place};
use crate::reference::{DAY, MINUTE, SlowCalendar, Wall, instant_ms, text_of};

const CASES: u32 = 150;

fn calendar(document: &Value) -> Calendar {
    Calendar::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{document}: {problems:?}"))
}

fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

/// What the wall clock shows minute after minute, and whether the calendar is open then.
fn minutes<'c>(
    slow: &'c SlowCalendar,
    from: i64,
    until: i64,
) -> impl Iterator<Item = (i64, (i64, i64), bool)> + 'c {
    let from = from.div_euclid(MINUTE) * MINUTE;
    (from..until).step_by(MINUTE as usize).map(|at| (at, slow.wall.reads(at), slow.is_open(at)))
}

/// The n-th date after that of the start that has an open minute, and the end of the last one.
fn date_due(slow: &SlowCalendar, start: i64, n: usize, until: i64) -> Option<(i64, i64)> {
    let (today, _) = slow.wall.reads(start);
    let open = minutes(slow, start - 2 * DAY, until).filter(|(_, _, open)| *open);
    let mut dates: Vec<(i64, i64)> = vec![];
    for (at, (day, _), _) in open.filter(|(_, (day, _), _)| *day > today) {
        match dates.iter_mut().find(|(known, _)| *known == day) {
            Some((_, end)) => *end = at + MINUTE,
            None => dates.push((day, at + MINUTE)),
        }
    }
    dates.sort_unstable();
    // The last days of the walk may not be whole.
    let (last, _) = slow.wall.reads(until);
    dates.get(n - 1).copied().filter(|(day, _)| *day < last - 1)
}

/// The first minute that shows a time of a date, else the first that shows a later one after an earlier one.
fn shown(wall: &Wall, day: i64, minute: i64) -> i64 {
    let wanted = day * DAY + minute * MINUTE;
    let near = (wanted - 2 * DAY..wanted + 2 * DAY).step_by(MINUTE as usize);
    let local = |at: i64| at + wall.offset(at);
    let exact = near.clone().find(|at| local(*at) == wanted);
    exact.or_else(|| near.clone().find(|at| local(*at) > wanted)).expect("a time of the date")
}

#[test]
fn the_nth_open_date_is_found_by_walking() {
    let inputs = (calendar_case(), place(), 1usize..5, proptest::option::of(0i64..=1440));
    for_all(CASES, inputs, |(case, place, n, at)| {
        let slow = SlowCalendar::of(&case.document);
        let (first, until) = case.window();
        // Offsets of whole minutes only, and far from the ends of time.
        if case.center < 2000 * DAY || case.center > 83_000 * DAY {
            return Ok(());
        }
        let start = place.resolve(&case, &[]).clamp(first, until - 1);
        let calendar = calendar(&case.document);
        let zone = calendar.zone().expect("a zone");
        let found = calendar.business_days_due(zone, instant(start), n as u32, at).map(Instant::ms);
        if let Some((day, closing)) = date_due(&slow, start, n, until + 2 * DAY) {
            let wanted = at.map_or(closing, |minute| shown(&slow.wall, day, minute));
            prop_assert_eq!(found.map(text_of), Some(text_of(wanted)), "{} after {}", n, text_of(start));
        } else {
            prop_assert!(found.is_none_or(|found| found > until - 2 * DAY));
        }
        Ok(())
    });
}

fn office(zone: &str) -> Calendar {
    calendar(&json!({ "time_zone": zone, "hours": { "mon-fri": ["09:00-12:00", "13:00-17:00"] },
        "holidays": [{ "date": "2026-12-25", "name": "Christmas Day" }, { "date": "2026-12-28", "name": "Substitute" }],
        "special_days": [{ "date": "2026-12-24", "hours": ["09:00-13:00"], "name": "Christmas Eve" }] }))
}

#[track_caller]
fn due(calendar: &Calendar, start: &str, days: u32, at: Option<i64>, expected: &str) {
    let zone = calendar.zone().cloned().or_else(|| Zone::named("America/New_York").ok()).expect("a zone");
    let start = Instant::parse(start).expect("an instant");
    let found = calendar.business_days_due(&zone, start, days, at).map(|at| at.to_string());
    assert_eq!(found.as_deref(), Some(expected));
}

#[test]
fn business_days_by_hand() {
    let rome = office("Europe/Rome");
    // Thursday morning, and Thursday evening after closing: the next date is Friday all the same.
    due(&rome, "2026-11-19T08:00:00+01:00", 1, None, "2026-11-20T16:00:00Z");
    due(&rome, "2026-11-19T22:00:00+01:00", 1, None, "2026-11-20T16:00:00Z");
    due(&rome, "2026-11-20T22:00:00+01:00", 1, None, "2026-11-23T16:00:00Z");
    due(&rome, "2026-11-20T22:00:00+01:00", 5, Some(17 * 60), "2026-11-27T16:00:00Z");
    // 24 December is short but open; 25 and 28 are holidays with a weekend between them.
    due(&rome, "2026-12-23T10:00:00+01:00", 1, None, "2026-12-24T12:00:00Z");
    due(&rome, "2026-12-23T10:00:00+01:00", 2, None, "2026-12-29T16:00:00Z");
    // At the wall time, though closed then.
    due(&rome, "2026-12-23T10:00:00+01:00", 1, Some(17 * 60), "2026-12-24T16:00:00Z");
    due(&rome, "2026-12-23T10:00:00+01:00", 1, Some(24 * 60), "2026-12-24T23:00:00Z");
    // The date is the zone's: in Rome it is Friday already.
    due(&rome, "2026-11-19T23:30:00Z", 1, None, "2026-11-23T16:00:00Z");
}

#[test]
fn a_time_that_the_clock_skips_or_repeats_by_hand() {
    let daily = |zone: &str| calendar(&json!({ "time_zone": zone, "hours": { "mon-sun": ["00:00-24:00"] } }));
    let new_york = daily("America/New_York");
    due(&new_york, "2026-03-07T12:00:00-05:00", 1, Some(2 * 60 + 30), "2026-03-08T07:00:00Z");
    due(&new_york, "2026-10-31T12:00:00-04:00", 1, Some(60 + 30), "2026-11-01T05:30:00Z");
    due(&new_york, "2026-10-31T12:00:00-04:00", 1, None, "2026-11-02T05:00:00Z");
    // Half an hour is skipped and repeated on Lord Howe.
    let lord_howe = daily("Australia/Lord_Howe");
    due(&lord_howe, "2026-10-03T12:00:00+10:30", 1, Some(2 * 60 + 15), "2026-10-03T15:30:00Z");
    due(&lord_howe, "2026-04-04T12:00:00+11:00", 1, Some(60 + 45), "2026-04-04T14:45:00Z");
    // Samoa had no 30 December 2011.
    let apia = daily("Pacific/Apia");
    due(&apia, "2011-12-29T12:00:00-10:00", 1, Some(12 * 60), "2011-12-30T22:00:00Z");
    // Midnight is skipped in Cairo on 24 April 2026: 24:00 of the day before is 01:00.
    let cairo = daily("Africa/Cairo");
    due(&cairo, "2026-04-22T12:00:00+02:00", 1, None, "2026-04-23T22:00:00Z");
    due(&cairo, "2026-04-23T12:00:00+02:00", 1, Some(0), "2026-04-23T22:00:00Z");
}

#[test]
fn a_date_that_comes_back_after_the_next_has_begun_counts_once() {
    // In St. John's the clock went from 00:01 on 2 November 2008 back to 23:01 of the day before.
    let late = calendar(
        &json!({ "time_zone": "America/St_Johns", "hours": { "sat": ["23:30-24:00"], "sun": ["00:00-00:30"] } }),
    );
    due(&late, "2008-10-31T12:00:00-02:30", 1, None, "2008-11-02T03:30:00Z");
    due(&late, "2008-10-31T12:00:00-02:30", 2, None, "2008-11-02T04:00:00Z");
    // Another zone's hours may begin in the minute of the later date and go on when the earlier one is back.
    let zone = Zone::named("America/St_Johns").expect("a zone");
    let utc = calendar(&json!({ "time_zone": "UTC", "hours": { "sun": ["02:30-03:00"] } }));
    let start = instant(instant_ms("2008-10-31T12:00:00Z"));
    let ends = [1, 2].map(|days| utc.business_days_due(&zone, start, days, None).map(|at| at.to_string()));
    let expected = ["2008-11-02T03:00:00Z", "2008-11-02T02:31:00Z"];
    assert_eq!(ends, expected.map(|at| Some(at.to_owned())));
}

#[test]
fn a_night_shift_counts_on_the_date_on_which_it_is_open_to_midnight() {
    let night = calendar(&json!({ "time_zone": "Europe/Rome", "hours": { "mon": ["22:00-06:00"] } }));
    due(&night, "2026-11-22T12:00:00+01:00", 1, None, "2026-11-23T23:00:00Z");
    due(&night, "2026-11-22T12:00:00+01:00", 2, None, "2026-11-24T05:00:00Z");
    due(&night, "2026-11-22T12:00:00+01:00", 3, None, "2026-11-30T23:00:00Z");
}

#[test]
fn a_calendar_without_a_zone_follows_the_dates_that_it_is_given() {
    let sun = calendar(&json!({ "any_of": [
        { "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-17:00"] } },
        { "time_zone": "Europe/Berlin", "hours": { "mon-fri": ["08:00-17:30"] } },
    ] }));
    assert_eq!(sun.zone(), None);
    due(&sun, "2026-11-20T20:00:00-05:00", 1, None, "2026-11-23T22:00:00Z");
    due(&Calendar::always(), "2026-11-20T20:00:00-05:00", 2, Some(9 * 60), "2026-11-22T14:00:00Z");
    let less = calendar(
        &json!({ "time_zone": "Europe/Rome", "hours": { "mon-fri": ["09:00-17:00"] }, "except": ["never"] }),
    );
    assert_eq!(less.zone().map(Zone::name), Some("Europe/Rome"));
}

#[test]
fn there_may_be_no_such_date() {
    let zone = Zone::named("Europe/Rome").expect("a zone");
    let start = Instant::parse("2026-11-20T20:00:00Z").expect("an instant");
    assert_eq!(Calendar::never().business_days_due(&zone, start, 1, None), None);
    assert_eq!(office("Europe/Rome").business_days_due(&zone, start, u32::MAX, Some(0)), None);
    let last = Instant::parse("2199-12-31T12:00:00Z").expect("an instant");
    assert_eq!(
        Calendar::always().business_days_due(&zone, last, 1, Some(0)).map(|at| at.to_string()),
        Some("2199-12-31T23:00:00Z".to_owned())
    );
    assert_eq!(instant(instant_ms("2199-12-31T12:00:00Z")), last);
}
