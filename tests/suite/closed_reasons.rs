//! Why a calendar is closed: every closed minute has its reason, and the reason is the reference's.

use proptest::prelude::*;
use serde_json::{Value, json};
use slaclock_core::calendar::{ClosedKind, ClosedReason};
use slaclock_core::{Calendar, Instant, zone::Zone};

use crate::generate::{calendar_case, composite_case, for_all};
use crate::reference::{DAY, SlowCalendar, instant_ms, text_of};

const CASES: u32 = 150;

fn calendar(document: &Value) -> Calendar {
    Calendar::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{document}: {problems:?}"))
}

fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

fn reasons(calendar: &Calendar, from: i64, until: i64, zone: &Zone) -> Vec<(i64, i64, ClosedReason)> {
    let mut all = vec![];
    calendar.closed_because(instant(from), instant(until), zone, &mut |from, until, reason| {
        all.push((from.ms(), until.ms(), reason));
    });
    all
}

/// What `[from, until)` holds beside these disjoint stretches.
fn complement(stretches: impl Iterator<Item = (i64, i64)>, from: i64, until: i64) -> Vec<(i64, i64)> {
    let mut rest = vec![];
    let mut at = from;
    for (start, end) in stretches.chain([(until, until)]) {
        if at < start {
            rest.push((at, start));
        }
        at = end;
    }
    rest
}

/// Stretches with reasons as stretches alone, joined where they touch.
fn joined(reasons: &[(i64, i64, ClosedReason)]) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = vec![];
    for &(from, until, _) in reasons {
        match all.last_mut() {
            Some(last) if last.1 == from => last.1 = until,
            _ => all.push((from, until)),
        }
    }
    all
}

#[test]
fn every_closed_minute_of_a_calendar_has_the_reason_of_its_date() {
    for_all(CASES, calendar_case(), |case| {
        let slow = SlowCalendar::of(&case.document);
        let (from, until) = (case.window().0, case.window().1 - 1);
        let calendar = calendar(&case.document);
        let told = reasons(&calendar, from, until, &Zone::named("UTC").expect("a zone"));
        let open =
            calendar.segments(instant(from), instant(until)).map(|open| (open.from.ms(), open.until.ms()));
        prop_assert_eq!(joined(&told), complement(open, from, until));
        for (from, until, reason) in told {
            let (day, _) = slow.wall.reads(from);
            prop_assert_eq!(
                slow.wall.reads(until - 1).0,
                day,
                "one date from {} to {}",
                text_of(from),
                text_of(until)
            );
            let wanted = match slow.exception(day) {
                (true, _) => (ClosedKind::SpecialDay, Some("special")),
                (_, true) => (ClosedKind::Holiday, Some("closed")),
                _ => (ClosedKind::Weekday, None),
            };
            prop_assert_eq!((reason.kind, reason.name.as_ref().map(|name| name.as_str())), wanted);
            let weekday = reason.weekday.map(|day| day as i64);
            prop_assert_eq!(weekday, Some((day + 3).rem_euclid(7)));
        }
        Ok(())
    });
}

#[test]
fn every_closed_minute_of_a_composite_has_a_reason() {
    for_all(CASES, composite_case(), |case| {
        let (from, until) = (case.window().0, case.window().1 - 1);
        let calendar = calendar(&case.document);
        let told = reasons(&calendar, from, until, &Zone::named("Pacific/Apia").expect("a zone"));
        let open =
            calendar.segments(instant(from), instant(until)).map(|open| (open.from.ms(), open.until.ms()));
        prop_assert_eq!(joined(&told), complement(open, from, until));
        prop_assert!(
            told.iter()
                .all(|(from, until, reason)| reason.kind == ClosedKind::Never || until - from <= 3 * DAY)
        );
        Ok(())
    });
}

#[track_caller]
fn told(document: &Value, from: &str, until: &str, expected: &[(&str, &str)]) {
    let zone = Zone::named("America/New_York").expect("a zone");
    let found = reasons(&calendar(document), instant_ms(from), instant_ms(until), &zone);
    let text = |reason: &ClosedReason| {
        let name = reason.name.as_ref().or(reason.part.as_ref()).map_or("", |name| name.as_str());
        let observed = if reason.observed { " observed" } else { "" };
        let weekday = reason.weekday.map_or("", |day| day.as_str());
        format!("{} {weekday} {name}{observed}", reason.kind).trim().to_owned()
    };
    let found: Vec<(String, String)> =
        found.iter().map(|(from, _, reason)| (text_of(*from), text(reason))).collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect();
    assert_eq!(found, expected);
}

fn office() -> Value {
    json!({ "time_zone": "Europe/Rome", "hours": { "mon-fri": ["09:00-17:00"] },
        "holidays": [{ "date": "--12-25", "name": "Christmas Day" },
            { "date": "--12-26", "name": "St Stephen's Day", "observed": "next-monday" }],
        "special_days": [{ "date": "--12-24", "hours": ["09:00-13:00"], "name": "Christmas Eve" }] })
}

#[test]
fn a_holiday_a_special_day_and_an_observed_day_by_hand() {
    let expected = [
        ("2026-12-24T12:00:00Z", "special_day thu Christmas Eve"),
        ("2026-12-24T23:00:00Z", "holiday fri Christmas Day"),
        ("2026-12-25T23:00:00Z", "holiday sat St Stephen's Day"),
        ("2026-12-26T23:00:00Z", "weekday sun"),
        ("2026-12-27T23:00:00Z", "holiday mon St Stephen's Day observed"),
        ("2026-12-28T23:00:00Z", "weekday tue"),
    ];
    told(&office(), "2026-12-24T13:00:00+01:00", "2026-12-29T09:00:00+01:00", &expected);
}

#[test]
fn parts_by_hand() {
    // The part that is closed first says why; it has no name when it is written in its place.
    let on_site = json!({ "all_of": ["always", office(), { "time_zone": "Europe/Rome", "hours": { "mon-sat": ["07:00-15:00"] } }] });
    let expected =
        [("2026-12-23T14:00:00Z", "weekday wed"), ("2026-12-23T23:00:00Z", "special_day thu Christmas Eve")];
    told(&on_site, "2026-12-23T15:00:00+01:00", "2026-12-24T09:00:00+01:00", &expected);
    told(
        &json!({ "all_of": [office(), "never"] }),
        "2026-12-23T10:00:00Z",
        "2026-12-23T12:00:00Z",
        &[("2026-12-23T10:00:00Z", "never  never")],
    );
    told(
        &json!({ "any_of": ["never", "never"] }),
        "2026-12-23T10:00:00Z",
        "2027-12-23T12:00:00Z",
        &[("2026-12-23T10:00:00Z", "never")],
    );
    // Of several parts that are closed the one with more to say than the weekday.
    let sun = json!({ "any_of": [{ "time_zone": "America/New_York", "hours": { "tue": ["09:00-17:00"] } }, office()] });
    let expected = [
        ("2026-12-24T12:00:00Z", "special_day thu Christmas Eve"),
        ("2026-12-24T23:00:00Z", "holiday fri Christmas Day"),
    ];
    told(&sun, "2026-12-24T13:00:00+01:00", "2026-12-26T00:00:00+01:00", &expected);
    told(&sun, "2026-12-20T12:00:00Z", "2026-12-20T13:00:00Z", &[("2026-12-20T12:00:00Z", "weekday sun")]);
    let mut less = office();
    less["except"] = json!({ "any_of": ["always"] });
    told(
        &less,
        "2026-12-23T07:00:00Z",
        "2026-12-23T17:00:00Z",
        &[
            ("2026-12-23T07:00:00Z", "weekday wed"),
            ("2026-12-23T08:00:00Z", "except wed"),
            ("2026-12-23T16:00:00Z", "weekday wed"),
        ],
    );
    less["except"] = json!("always");
    told(
        &less,
        "2026-12-23T10:00:00Z",
        "2026-12-23T12:00:00Z",
        &[("2026-12-23T10:00:00Z", "except wed always")],
    );
}

#[test]
fn open_time_that_a_special_day_gives_has_its_name() {
    let night = json!({ "time_zone": "UTC", "hours": { "mon-fri": ["09:00-17:00"] },
        "special_days": [{ "date": "2026-06-19", "hours": ["20:00-02:00"], "name": "Release" }] });
    let name = |document: &Value, at: &str| {
        calendar(document).open_because(instant(instant_ms(at))).map(|name| name.to_string())
    };
    let release = Some("Release".to_owned());
    assert_eq!(name(&night, "2026-06-18T10:00:00Z"), None);
    assert_eq!(name(&night, "2026-06-19T21:00:00Z"), release);
    // Saturday's first hours are the tail of Friday's special day.
    assert_eq!(name(&night, "2026-06-20T01:00:00Z"), release);
    assert_eq!(name(&json!({ "all_of": ["always", night] }), "2026-06-19T21:00:00Z"), release);
    assert_eq!(name(&json!({ "any_of": ["always", night] }), "2026-06-19T21:00:00Z"), None);
    assert_eq!(name(&json!({ "any_of": ["never", night] }), "2026-06-19T21:00:00Z"), release);
}
