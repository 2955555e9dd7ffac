//! Calendars made of others: against the minute-by-minute reference, against set operations over years, by hand.

use proptest::array::uniform4;
use proptest::prelude::*;
use serde_json::{Value, json};
use slaclock_core::{Calendar, Duration, Instant};

use crate::generate::{END_OF_TIME, composite_case, for_all, place};
use crate::reference::{DAY, SlowComposite, Walk, instant_ms, text_of};

/// Cases of the walk of twelve days; of the sweep over years.
const WALKS: u32 = 150;
const SWEEPS: u32 = 100;

fn calendar(document: &Value) -> Calendar {
    Calendar::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{document}: {problems:?}"))
}

fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

fn segments(calendar: &Calendar, from: i64, to: i64) -> Vec<(i64, i64)> {
    let found = calendar.segments(instant(from), instant(to));
    found.map(|segment| (segment.from.ms(), segment.until.ms())).collect()
}

#[test]
fn every_answer_is_that_of_the_parts_minute_by_minute() {
    for_all(WALKS, (composite_case(), uniform4(place())), |(case, places)| {
        let (start, end) = case.window();
        let slow = SlowComposite::of(&case.document);
        let walk = Walk::over_composite(&slow, start, end);
        let calendar = calendar(&case.document);
        prop_assert_eq!(segments(&calendar, start, end - 1), walk.segments(start, end - 1));
        let edges = walk.edges();
        let at = places.map(|place| place.resolve(&case, &edges));
        for at in edges.iter().flat_map(|edge| [edge - 1, *edge]).chain(at) {
            prop_assert_eq!(calendar.is_open(instant(at)), slow.is_open(at), "at {}", text_of(at));
        }
        for pair in at.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let elapsed = calendar.elapsed(instant(a), instant(b)).ms();
            prop_assert_eq!(elapsed, walk.elapsed(a, b), "from {} to {}", text_of(a), text_of(b));
            if elapsed > 0 {
                let due = calendar.due(instant(a), Duration::from_ms(elapsed)).map(Instant::ms);
                prop_assert_eq!(due, walk.due(a, elapsed), "{} ms from {}", elapsed, text_of(a));
            }
        }
        for at in at {
            let found = [calendar.next_open(instant(at)), calendar.next_close(instant(at))];
            for (found, open) in found.into_iter().zip([true, false]) {
                match walk.next(at, open) {
                    Some(next) => prop_assert_eq!(found.map(Instant::ms), Some(next), "{} from {}", open, at),
                    None => prop_assert!(found.is_none_or(|found| found.ms() >= end)),
                }
            }
        }
        Ok(())
    });
}

/// Half-open stretches of time, by which sets of instants are told.
type Set = Vec<(i64, i64)>;

/// The instants of `[from, to)` at which `holds` says so of the sets that contain them.
fn swept(sets: &[Set], (from, to): (i64, i64), holds: impl Fn(&[bool]) -> bool) -> Set {
    let ends = sets.iter().flatten().flat_map(|(a, b)| [*a, *b]);
    let mut cuts: Vec<i64> = ends.chain([from, to]).filter(|cut| (from..=to).contains(cut)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut places = vec![0; sets.len()];
    let mut out: Set = vec![];
    for pair in cuts.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let inside: Vec<bool> = sets
            .iter()
            .zip(&mut places)
            .map(|(set, place)| {
                while set.get(*place).is_some_and(|(_, end)| *end <= a) {
                    *place += 1;
                }
                set.get(*place).is_some_and(|(start, _)| *start <= a)
            })
            .collect();
        if holds(&inside) {
            match out.last_mut() {
                Some(last) if last.1 == a => last.1 = b,
                _ => out.push((a, b)),
            }
        }
    }
    out
}

/// The open time of a document within a window, by set operations on the segments of calendars with own hours.
fn set_of(document: &Value, window: (i64, i64)) -> Set {
    let parts = |key: &str| -> Option<Vec<Set>> {
        let list = document.get(key)?.as_array()?;
        Some(list.iter().map(|part| set_of(part, window)).collect())
    };
    let base = match (document.as_str(), parts("any_of"), parts("all_of")) {
        (Some("always"), ..) => vec![window],
        (Some(_), ..) => vec![],
        (_, Some(sets), _) => swept(&sets, window, |inside| inside.iter().any(|inside| *inside)),
        (_, _, Some(sets)) => swept(&sets, window, |inside| inside.iter().all(|inside| *inside)),
        _ => {
            let mut own = document.clone();
            own.as_object_mut().expect("a map").remove("except");
            segments(&calendar(&own), window.0, window.1)
        }
    };
    match parts("except") {
        Some(sets) => {
            let all: Vec<Set> = [base].into_iter().chain(sets).collect();
            swept(&all, window, |inside| inside[0] && !inside[1..].contains(&true))
        }
        None => base,
    }
}

#[test]
fn over_years_it_is_the_set_operation_on_the_segments_of_its_parts() {
    for_all(SWEEPS, (composite_case(), 0i64..229 * 365), |(case, first)| {
        let document = &case.document;
        let calendar = calendar(document);
        let around = case.center - 200 * DAY;
        for start in [first * DAY, around, END_OF_TIME - 400 * DAY] {
            let window = (start.clamp(0, END_OF_TIME - 400 * DAY), 0);
            let window = (window.0, window.0 + 400 * DAY - 1);
            let wanted = set_of(document, window);
            prop_assert_eq!(&segments(&calendar, window.0, window.1), &wanted, "from {}", text_of(window.0));
            let sum: i64 = wanted.iter().map(|(from, until)| until - from).sum();
            prop_assert_eq!(calendar.elapsed(instant(window.0), instant(window.1)).ms(), sum);
        }
        Ok(())
    });
}

/// New York 9 to 17 with Thanksgiving Day, Berlin 8 to 12 and 13 to 17:30.
fn follow_the_sun() -> Value {
    json!({ "any_of": [
        { "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-17:00"] },
          "holidays": [{ "date": "4th thu nov", "name": "Thanksgiving Day" }] },
        { "time_zone": "Europe/Berlin", "hours": { "mon-fri": ["08:00-12:00", "13:00-17:30"] } },
    ] })
}

#[track_caller]
fn open(document: &Value, from: &str, to: &str, expected: &[(&str, &str)]) {
    let found = segments(&calendar(document), instant_ms(from), instant_ms(to));
    let found: Vec<(String, String)> = found.into_iter().map(|(a, b)| (text_of(a), text_of(b))).collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn follow_the_sun_by_hand() {
    let sun = follow_the_sun();
    // Winter: Berlin 07:00-11:00 and 12:00-16:30 UTC, New York 14:00-22:00 UTC.
    let wanted =
        [("2026-01-14T07:00:00Z", "2026-01-14T11:00:00Z"), ("2026-01-14T12:00:00Z", "2026-01-14T22:00:00Z")];
    open(&sun, "2026-01-14T00:00:00Z", "2026-01-15T00:00:00Z", &wanted);
    // From 8 March New York has summer time and Berlin not yet: New York 13:00-21:00 UTC.
    let wanted =
        [("2026-03-11T07:00:00Z", "2026-03-11T11:00:00Z"), ("2026-03-11T12:00:00Z", "2026-03-11T21:00:00Z")];
    open(&sun, "2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z", &wanted);
    // Summer in both: Berlin 06:00-10:00 and 11:00-15:30 UTC.
    let wanted =
        [("2026-07-15T06:00:00Z", "2026-07-15T10:00:00Z"), ("2026-07-15T11:00:00Z", "2026-07-15T21:00:00Z")];
    open(&sun, "2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z", &wanted);
    // Thanksgiving: Berlin alone.
    let wanted =
        [("2026-11-26T07:00:00Z", "2026-11-26T11:00:00Z"), ("2026-11-26T12:00:00Z", "2026-11-26T16:30:00Z")];
    open(&sun, "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z", &wanted);
    let elapsed = calendar(&sun)
        .elapsed(instant(instant_ms("2026-03-09T00:00:00Z")), instant(instant_ms("2026-03-16T00:00:00Z")));
    assert_eq!(elapsed.ms(), 5 * 13 * 3_600_000);
}

#[test]
fn support_hours_during_which_the_building_is_open_by_hand() {
    let on_site = json!({ "all_of": [
        { "time_zone": "America/New_York", "hours": { "mon-sun": ["06:00-22:00"] } },
        { "time_zone": "America/New_York", "hours": { "mon-sat": ["07:00-20:00"] } },
    ] });
    // The Saturday before the clocks go back, the Sunday and the Monday after it.
    let wanted =
        [("2026-10-31T11:00:00Z", "2026-11-01T00:00:00Z"), ("2026-11-02T12:00:00Z", "2026-11-03T01:00:00Z")];
    open(&on_site, "2026-10-31T05:00:00Z", "2026-11-03T05:00:00Z", &wanted);
}

#[test]
fn hours_less_a_maintenance_window_by_hand() {
    // The window needs no zone: it is read on the clock of the calendar beside it.
    let always_but = json!({ "time_zone": "Europe/London", "hours": { "mon-sun": ["00:00-24:00"] },
        "except": { "hours": { "sun": ["01:00-03:00"] } } });
    // On 29 March the clock jumps from 01:00 to 02:00, so that the window is an hour long; on 25 October 01:00 to
    // 02:00 comes twice, so that it is three.
    let wanted =
        [("2026-03-28T00:00:00Z", "2026-03-29T01:00:00Z"), ("2026-03-29T02:00:00Z", "2026-03-30T00:00:00Z")];
    open(&always_but, "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z", &wanted);
    let wanted =
        [("2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z"), ("2026-10-25T03:00:00Z", "2026-10-26T00:00:00Z")];
    open(&always_but, "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z", &wanted);
}

#[test]
fn what_never_meets_never_opens_and_the_meeting_of_three_weeks_a_year_does() {
    // 09:00-10:00 in New York is 14:00-15:00 in Berlin, but for the weeks in which only one has summer time.
    let rare = json!({ "all_of": [
        { "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-10:00"] } },
        { "time_zone": "Europe/Berlin", "hours": { "mon-fri": ["14:00-15:00"] } },
    ] });
    let year = (instant(instant_ms("2026-01-01T00:00:00Z")), instant(instant_ms("2027-01-01T00:00:00Z")));
    let calendar_of_rare = calendar(&rare);
    // 9 to 27 March and 26 to 30 October: twenty working days.
    assert_eq!(calendar_of_rare.elapsed(year.0, year.1).ms(), 20 * 3_600_000);
    assert!(calendar_of_rare.timetable().recurs());
    let nothing = calendar(&json!({ "all_of": [follow_the_sun(), "never"] }));
    assert_eq!((nothing.next_open(year.0), nothing.timetable().recurs()), (None, false));
    let all = calendar(&json!({ "any_of": [follow_the_sun(), "always"] }));
    assert_eq!((all.next_close(year.0), all.timetable().recurs()), (None, true));
}

#[test]
fn a_composite_of_ten_holidays_a_year_stays_small() {
    let day = |month: usize| json!({ "date": format!("--{month:02}-15") });
    let holidays: Vec<Value> = (1..=10).map(day).collect();
    let part = |zone: &str| json!({ "time_zone": zone, "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": holidays });
    let made = calendar(&json!({ "any_of": [part("America/New_York"), part("Europe/Berlin")] }));
    let size = made.timetable().size();
    assert!(size < 450_000, "{size} bytes");
}

#[track_caller]
fn refused(document: Value, expected: &[(&str, &str)]) {
    let problems = Calendar::from_json(&document.to_string()).expect_err("a calendar with problems");
    let found: Vec<(&str, &str)> =
        problems.iter().map(|problem| (problem.code.as_str(), problem.pointer.as_str())).collect();
    assert_eq!(found, expected, "{document}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let office = json!({ "time_zone": "Europe/Rome", "hours": { "mon": ["09:00-17:00"] } });
    refused(json!({ "any_of": [] }), &[("SLA-E0212", "/any_of")]);
    refused(json!({ "all_of": [] }), &[("SLA-E0212", "/all_of")]);
    refused(json!({ "any_of": [office], "all_of": [office] }), &[("SLA-E0211", "")]);
    refused(json!({ "any_of": [office], "time_zone": "Europe/Rome" }), &[("SLA-E0211", "")]);
    refused(json!({ "any_of": [office], "hours": { "mon": ["09:00-17:00"] } }), &[("SLA-E0211", "")]);
    refused(json!({ "all_of": [office], "holidays": [{ "date": "--12-25" }] }), &[("SLA-E0211", "")]);
    refused(json!({ "except": [office] }), &[("SLA-E0211", "")]);
    refused(
        json!({ "any_of": ["office", { "hours": {} }] }),
        &[("SLA-E0202", "/any_of/0"), ("SLA-E0106", "/any_of/1")],
    );
    refused(json!({ "any_of": ["alway"] }), &[("SLA-E0202", "/any_of/0")]);
    refused(json!({ "any_of": [3] }), &[("SLA-E0007", "/any_of/0")]);
    let many = vec![json!("always"); 100];
    refused(json!({ "any_of": many }), &[("SLA-E0002", "/any_of")]);
    let mut broken = office.clone();
    broken["except"] = json!({ "any_of": many[..99] });
    refused(broken, &[("SLA-E0002", "")]);
}
