//! The references themselves, held against cases that others computed.

use serde_json::Value;

use crate::reference::{DAY, MINUTE, SlowCalendar, Walk, evaluate, instant_ms, text_of};
use crate::subset::differences;
use crate::vector_files::{lines, none_of, own_text};

/// Longer spans are left to the engine: walking years of minutes would take the whole test time.
const LONGEST_WALK: i64 = 30 * DAY;

/// Why the reference disagrees with the vector, if it does; `None` also where the span is too long to walk.
fn disagreement(vector: &Value, walked: &mut usize) -> Option<String> {
    let at = |key: &str| vector[key].as_str().map(instant_ms);
    let calendar = SlowCalendar::of(&vector["calendar"]);
    let expect = &vector["expect"];
    let (found, wanted) = if let Some(at) = at("at") {
        (calendar.is_open(at).to_string(), expect["open"].to_string())
    } else {
        let start = at("start").expect("a start");
        let end = at("end").or_else(|| expect["due"].as_str().map(instant_ms)).unwrap_or(i64::MAX);
        if end.saturating_sub(start).abs() > LONGEST_WALK {
            return None;
        }
        let walk = Walk::over(&calendar, start.min(end), start.max(end));
        match vector["ms"].as_i64() {
            Some(ms) => {
                (format!("{:?}", walk.due(start, ms).map(text_of)), format!("{:?}", expect["due"].as_str()))
            }
            None => (walk.elapsed(start, end).to_string(), expect["elapsed_ms"].to_string()),
        }
    };
    *walked += 1;
    let found = found.replace("Some(\"", "").replace("\")", "");
    let wanted = wanted.replace("Some(\"", "").replace("\")", "");
    (found != wanted).then(|| format!("{}: reference {found}, vector {wanted}", vector["id"]))
}

#[track_caller]
fn check(file: &str, least: usize) {
    let mut walked = 0;
    let vectors = lines(&own_text(file), least);
    let failures: Vec<String> =
        vectors.iter().filter_map(|vector| disagreement(vector, &mut walked)).collect();
    none_of(failures, walked);
    assert!(walked >= least / 3, "only {walked} of {} walked", vectors.len());
}

#[test]
fn reference_agrees_with_the_vectors_of_business_calendars() {
    check("hours.jsonl.gz", 3000);
}

#[test]
fn reference_agrees_with_the_vectors_that_only_the_wall_clock_reading_gets_right() {
    check("hours_wall_clock.jsonl.gz", 456);
}

/// The reference lives in whole minutes.
fn can_be_lived(case: &Value) -> bool {
    let ticket = &case["ticket"];
    let instants = ticket["events"].as_array().into_iter().flatten().map(|event| &event["at"]);
    let whole = |at: &Value| instant_ms(at.as_str().expect("an instant")) % MINUTE == 0;
    let agreement = case["agreement"].to_string();
    // Shipped sets of holidays and observed days are not read by the reference.
    let read = ["ms\"", "\"use\"", "\"observed\""].iter().all(|text| !agreement.contains(text));
    read && instants.chain([&case["now"], &ticket["created_at"]]).all(whole)
}

/// Holds the reference against the cases of a file that can be lived.
#[track_caller]
fn check_cases(file: &str, least: usize) {
    let cases: Vec<Value> = lines(&own_text(file), least).into_iter().filter(can_be_lived).collect();
    assert!(cases.len() >= least, "only {} cases in whole minutes", cases.len());
    let failures = cases.iter().filter_map(|case| {
        let instant = |key: &str| case[key].as_str().map(instant_ms);
        let now = instant("now").expect("now");
        let found = evaluate(&case["agreement"], &case["ticket"], now, instant("known_at"));
        let mut wanted = case["expect"].clone();
        // What the engine worked around is not the reference's concern.
        for key in ["notices", "policy", "version", "sets"] {
            wanted.as_object_mut().expect("an object").remove(key);
        }
        let differences = differences(&wanted, &found);
        (!differences.is_empty()).then(|| format!("{}\n    {}", case["name"], differences.join("\n    ")))
    });
    none_of(failures.collect(), cases.len());
}

#[test]
fn reference_agrees_with_the_cases_worked_out_by_hand() {
    check_cases("clocks.jsonl", 120);
}

#[test]
fn reference_agrees_with_the_cases_of_the_complete_machine() {
    check_cases("clocks_complete.jsonl", 300);
}

#[test]
fn reference_agrees_with_the_cases_in_the_ways_of_other_systems() {
    check_cases("clocks_like.jsonl", 31);
}
