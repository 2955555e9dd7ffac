//! Every file of cases through the engine, as lines in and lines out.

use std::path::Path;

use serde_json::{Value, json};

use crate::engine::{agreement, lines as answer_tickets};
use crate::reference::instant_ms;
use crate::subset::differences;
use crate::vector_files::{lines, none_of, own_text, shared, text};

/// Runs questions about calendars: the answer must be the expected line, byte for byte.
#[track_caller]
fn check_hours(text: &str, least: usize) {
    let vectors = lines(text, least);
    let answers = slaclock_core::hours::answer_lines(text.as_bytes());
    let answers = String::from_utf8(answers).expect("UTF-8");
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), vectors.len(), "a line for a line");
    let failures = vectors.iter().zip(&answers).filter_map(|(vector, answer)| {
        let found: Value = serde_json::from_str(answer).expect("JSON");
        let mut wanted = vector["expect"].clone();
        wanted["id"] = vector["id"].clone();
        (found != wanted).then(|| format!("{vector}\n    found {answer}"))
    });
    none_of(failures.collect(), vectors.len());
}

/// The full file of `name` where it is there; says so where it is not.
fn of_shared(name: &str, check: impl Fn(&Path)) {
    match shared() {
        Some(folder) => check(&folder.join(name)),
        None => println!("no shared vectors here: only the part of {name} in tests/vectors was run"),
    }
}

#[test]
fn hours_of_business_calendars() {
    check_hours(&own_text("hours.jsonl.gz"), 3000);
}

#[test]
fn hours_that_only_the_wall_clock_reading_gets_right() {
    check_hours(&own_text("hours_wall_clock.jsonl.gz"), 456);
}

#[test]
fn hours_worked_out_by_hand() {
    check_hours(&own_text("hours_by_hand.jsonl"), 60);
}

#[test]
fn all_shared_hours_of_business_calendars() {
    of_shared("hours.jsonl.gz", |path| check_hours(&text(path), 21_977));
}

#[test]
fn all_shared_hours_that_only_the_wall_clock_reading_gets_right() {
    of_shared("hours_wall_clock.jsonl.gz", |path| check_hours(&text(path), 456));
}

#[test]
fn clocks_of_tickets() {
    check_clocks("clocks.jsonl", 130);
}

#[test]
fn clocks_of_the_whole_format() {
    check_clocks("clocks_complete.jsonl", 360);
}

#[test]
fn clocks_in_the_ways_of_other_systems() {
    check_clocks("clocks_like.jsonl", 31);
}

/// A document without its presets, those of its versions included.
fn without_like(document: &Value) -> Value {
    let mut document = document.clone();
    let versions = document["versions"].as_array().cloned();
    let versions = versions.map(|versions| versions.iter().map(without_like).collect());
    let keys = document.as_object_mut().expect("an object");
    keys.retain(|key, value| key != "like" && !value.is_null());
    keys.extend(versions.map(|versions: Vec<Value>| ("versions".to_owned(), json!(versions))));
    document
}

#[test]
fn the_same_clocks_without_a_preset() {
    let mut cases = lines(&own_text("clocks_like.jsonl"), 31);
    for case in &mut cases {
        case["agreement"] = without_like(&case["agreement"]);
        case["expect"] = case["without"].take();
    }
    check_cases(&cases);
}

#[test]
fn every_preset_is_shown_at_a_change_a_reopening_and_a_pause() {
    let cases = lines(&own_text("clocks_like.jsonl"), 31);
    for system in ["zendesk", "servicenow", "jira", "connectwise"] {
        let of = |what: &str| {
            let start = format!("{system}, {what}: ");
            let like = |case: &&Value| case["agreement"]["like"] == system;
            let named = |case: &&Value| case["name"].as_str().is_some_and(|name| name.starts_with(&start));
            cases.iter().filter(like).filter(named).collect::<Vec<_>>()
        };
        let shown = ["priority", "reopen", "pause"].map(of);
        assert!(shown.iter().all(|cases| !cases.is_empty()), "{system}: an event is not shown");
        let differ = shown.iter().flatten().filter(|case| case["expect"] != case["without"]);
        assert!(differ.count() >= 2, "{system}: it hardly differs from the default");
    }
}

#[track_caller]
fn check_clocks(file: &str, least: usize) {
    check_cases(&lines(&own_text(file), least));
}

#[track_caller]
fn check_cases(cases: &[Value]) {
    let failures = cases.iter().filter_map(|case| {
        let instant = |key: &str| case[key].as_str().map(instant_ms);
        let now = instant("now").expect("now");
        let line = answer_tickets(
            &agreement(&case["agreement"]),
            &case["ticket"].to_string(),
            now,
            instant("known_at"),
        );
        let differences = differences(&case["expect"], &serde_json::from_str(&line).expect("JSON"));
        (!differences.is_empty())
            .then(|| format!("{}\n    {}\n    {}", case["name"], differences.join("\n    "), line.trim_end()))
    });
    none_of(failures.collect(), cases.len());
}

#[test]
fn every_case_says_its_rule_and_its_source() {
    let files = [
        "clocks.jsonl",
        "clocks_complete.jsonl",
        "clocks_like.jsonl",
        "errors.jsonl",
        "errors_complete.jsonl",
        "hours_by_hand.jsonl",
    ];
    for file in files {
        let cases = lines(&own_text(file), 31);
        let mut names: Vec<&str> =
            cases.iter().filter_map(|case| case["name"].as_str().or(case["id"].as_str())).collect();
        assert_eq!(names.len(), cases.len(), "{file}: a case without a name");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), cases.len(), "{file}: a name stands twice");
    }
    let says = |case: &Value, key: &str| case[key].as_str().is_some_and(|text| !text.is_empty());
    assert!(lines(&own_text("clocks.jsonl"), 130).iter().all(|case| says(case, "source")));
    let mut complete = lines(&own_text("clocks_complete.jsonl"), 360);
    complete.extend(lines(&own_text("clocks_like.jsonl"), 31));
    assert!(complete.iter().all(|case| says(case, "source") && says(case, "why")));
}

/// Problems of one input, as `[{"code", "pointer"}]`.
fn problems(kind: &str, input: &str) -> Vec<Value> {
    let told = |problem: &Value| json!({"code": problem["code"], "pointer": problem["pointer"]});
    let of_list = |problems: Vec<slaclock_core::Problem>| {
        problems.iter().map(|problem| told(&serde_json::to_value(problem).expect("JSON"))).collect()
    };
    let of_line = |line: Vec<u8>| {
        let line: Value = serde_json::from_slice(&line).expect("one line of JSON");
        line.get("error").map(told).into_iter().collect()
    };
    match kind {
        "agreement" => {
            slaclock_core::Agreement::from_json(input, false).err().map(of_list).unwrap_or_default()
        }
        "calendar" => slaclock_core::Calendar::from_json(input).err().map(of_list).unwrap_or_default(),
        "hours" => of_line(slaclock_core::hours::answer_lines(input.as_bytes())),
        "ticket" => {
            of_line(answer_tickets(&agreement(&plain()), input, 1_800_000_000_000, None).into_bytes())
        }
        other => panic!("no kind {other}"),
    }
}

/// An agreement without anything that could be wrong.
fn plain() -> Value {
    json!({"slaclock": "1", "id": "plain", "statuses": {"Resolved": "resolved"},
        "policies": [{"id": "all", "clocks": {"resolution": {"within": "4h", "calendar": "always"}}}]})
}

#[test]
fn mistakes_have_their_code_and_their_place() {
    check_mistakes("errors.jsonl", 60);
}

#[test]
fn mistakes_of_the_whole_format_have_their_code_and_their_place() {
    check_mistakes("errors_complete.jsonl", 130);
}

#[track_caller]
fn check_mistakes(file: &str, least: usize) {
    let cases = lines(&own_text(file), least);
    let failures = cases.iter().filter_map(|case| {
        let text = |key: &str| case[key].as_str().expect("a text");
        let found = json!(problems(text("kind"), text("input")));
        (found != case["expect"])
            .then(|| format!("{}\n    wanted {}\n    found  {found}", case["name"], case["expect"]))
    });
    none_of(failures.collect(), cases.len());
}
