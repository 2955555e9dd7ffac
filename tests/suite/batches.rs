//! Many lines at once: each is answered for itself, in order, whatever its neighbours are.

use serde_json::{Value, json};

use crate::engine::{agreement, lines, result};
use crate::reference::{MINUTE, instant_ms, text_of};

fn answers(questions: &str) -> Vec<Value> {
    let answers = slaclock_core::hours::answer_lines(questions.as_bytes());
    let answers = String::from_utf8(answers).expect("UTF-8");
    answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn office() -> Value {
    json!({"slaclock": "1", "id": "office", "statuses": {"Waiting": {"pause": "customer"}, "Resolved": "resolved"},
        "calendars": {"office": {"time_zone": "Etc/UTC", "hours": {"mon-fri": ["09:00-17:00"]}}},
        "policies": [{"id": "all", "clocks": {"resolution": {"within": "4h", "calendar": "office"}}}]})
}

#[test]
fn a_question_about_a_faulty_calendar_is_refused_every_time() {
    let calendar = json!({"time_zone": "Etc/UTC", "hours": {"mon": ["09:00-17:00", "18:00-25:00"]}});
    let question = json!({"id": 1, "calendar": calendar, "op": "is_open", "at": "2026-11-23T10:00:00Z"});
    let answers = answers(&format!("{question}\n{question}\n{question}\n"));
    assert_eq!(answers.len(), 3);
    for answer in answers {
        assert_eq!(answer["error"]["code"], "SLA-E0104", "{answer}");
    }
}

#[test]
fn a_question_takes_no_larger_agreement_than_anything_else_does() {
    let ask = |name: String| {
        let mut agreement = office();
        agreement["id"] = json!(name);
        let question = json!({"id": 1, "agreement": agreement, "calendar": "office", "op": "is_open", "at": "2026-11-23T10:00:00Z"});
        answers(&format!("{question}\n")).remove(0)
    };
    assert_eq!(ask("office".to_owned()), json!({"id": 1, "open": true}));
    let answer = ask("o".repeat(1 << 20));
    assert_eq!(
        (&answer["id"], &answer["error"]["code"], &answer["error"]["pointer"]),
        (&json!(1), &json!("SLA-E0002"), &json!("/agreement")),
        "{answer}"
    );
}

#[test]
fn a_bad_question_leaves_the_others_their_answers() {
    let calendar = json!({"time_zone": "Etc/UTC", "hours": {"mon": ["09:00-17:00"]}});
    let good =
        |id: u32| json!({"id": id, "calendar": calendar, "op": "is_open", "at": "2026-11-23T10:00:00Z"});
    let answers = answers(&format!("{}\n{{\n\n{}\r\n", good(1), good(2)));
    assert_eq!(answers.len(), 3, "an empty line gives nothing");
    assert_eq!(answers[0], json!({"id": 1, "open": true}));
    assert_eq!(answers[1]["id"], Value::Null);
    assert_eq!(answers[1]["error"]["code"], "SLA-E0001");
    assert_eq!(answers[2], json!({"id": 2, "open": true}));
}

#[test]
fn a_bad_ticket_is_named_and_leaves_the_others_their_clocks() {
    let good = |id: &str| json!({"id": id, "created_at": "2026-11-23T09:00:00Z"});
    let bad = json!({"id": "T-2", "created_at": "2026-11-23T09:00:00Z",
        "events": [{"at": "2026-11-23T08:00:00Z", "status": "Resolved"}]});
    let batch = format!("{}\n{bad}\n{}", good("T-1"), good("T-3"));
    let text = lines(&agreement(&office()), &batch, instant_ms("2026-11-23T10:00:00Z"), None);
    let results: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(
        results.iter().map(|result| result["ticket"].as_str()).collect::<Vec<_>>(),
        ["T-1", "T-2", "T-3"].map(Some)
    );
    assert_eq!(results[0]["clocks"][0]["elapsed_ms"], 3_600_000);
    assert_eq!(results[1]["error"]["code"], "SLA-E0301");
    assert!(
        results[1]["error"]["message"].as_str().is_some_and(|message| message.contains("T-2")),
        "{}",
        results[1]
    );
    assert_eq!(results[2]["clocks"], results[0]["clocks"]);
}

#[test]
fn a_line_that_is_not_utf_8_is_a_coded_error() {
    let agreement = agreement(&office());
    let options = slaclock_core::Options::at(slaclock_core::Instant::MIN);
    let out = agreement
        .evaluate_lines(b"\xff\xfe{}\n{\"id\":\"T-1\",\"created_at\":\"2026-11-23T09:00:00Z\"}", options);
    let text = String::from_utf8(out).expect("UTF-8");
    assert_eq!(text.lines().count(), 2);
    assert!(text.starts_with(r#"{"ticket":null,"error":{"code":"SLA-E0001""#), "{text}");
}

#[test]
fn a_ticket_of_a_hundred_thousand_events_is_answered_right() {
    const EVENTS: i64 = 100_000;
    let created = instant_ms("2020-01-01T00:00:00Z");
    // Waiting in every odd minute, so that exactly half of the time counts.
    let statuses = ["Waiting", "In Progress"];
    let event = |minute: i64| json!({"at": text_of(created + minute * MINUTE), "status": statuses[(minute % 2) as usize]});
    let mut document = office();
    document["policies"][0]["clocks"]["resolution"] = json!({"within": "1000h", "calendar": "always"});
    document["statuses"]["In Progress"] = json!("open");
    let events: Vec<Value> = (1..=EVENTS).map(|minute| event(minute + 1)).collect();
    let ticket = json!({"id": "T-1", "created_at": text_of(created), "events": events});
    let found = result(&agreement(&document), &ticket, created + (EVENTS + 1) * MINUTE);
    let clock = &found["clocks"][0];
    // Two minutes before the first wait, then every other one.
    assert_eq!(clock["elapsed_ms"].as_i64(), Some((2 + (EVENTS - 1) / 2) * MINUTE), "{clock}");
}

#[test]
fn events_recorded_later_are_not_known_yet() {
    let agreement = agreement(&office());
    let ticket = json!({"id": "T-1", "created_at": "2026-11-23T09:00:00Z", "events": [
        {"at": "2026-11-23T10:00:00Z", "recorded_at": "2026-11-25T12:00:00Z", "status": "Resolved"}]});
    let state = |known_at: Option<&str>| {
        let line = lines(
            &agreement,
            &ticket.to_string(),
            instant_ms("2026-11-24T10:00:00Z"),
            known_at.map(instant_ms),
        );
        serde_json::from_str::<Value>(&line).expect("JSON")["clocks"][0]["state"].clone()
    };
    assert_eq!(state(None), "met");
    assert_eq!(state(Some("2026-11-25T12:00:00Z")), "met", "recorded at that very instant is known");
    assert_eq!(state(Some("2026-11-25T11:59:59Z")), "running");
}

#[test]
fn notices_say_what_the_answer_worked_around() {
    let agreement = agreement(&office());
    let codes = |events: Value| {
        let ticket = json!({"id": "T-1", "created_at": "2026-11-23T09:00:00Z", "events": events});
        let found = result(&agreement, &ticket, instant_ms("2026-11-24T10:00:00Z"));
        let notices = found["notices"].as_array().cloned().unwrap_or_default();
        notices.iter().map(|notice| (notice["code"].clone(), notice["pointer"].clone())).collect::<Vec<_>>()
    };
    let at = "2026-11-23T10:00:00Z";
    let one = |code: &str, pointer: &str| vec![(json!(code), json!(pointer))];
    assert_eq!(codes(json!([])), []);
    assert_eq!(codes(json!([{"at": at, "status": "Odd"}])), one("unmapped_status", "/events/0/status"));
    assert_eq!(codes(json!([{"at": at, "resume": {}}])), one("resume_without_pause", "/events/0/resume"));
    assert_eq!(codes(json!([{"at": at, "escalated": 1}])), one("unknown_event", "/events/0"));
    let void = json!([{"at": at, "status": "Resolved"}, {"at": "2026-11-23T11:00:00Z", "pause": {}}]);
    assert_eq!(codes(void), one("void_pause", "/events/1/pause"));
    // What happens after `now` is not known yet, and neither is what was odd about it.
    assert_eq!(codes(json!([{"at": "2026-11-25T10:00:00Z", "status": "Odd"}])), []);
}

#[test]
fn an_instant_beyond_the_range_is_null_with_a_notice() {
    let found = result(
        &agreement(&office()),
        &json!({"id": "T-1", "created_at": "2199-12-31T16:00:00Z"}),
        instant_ms("2199-12-31T16:30:00Z"),
    );
    assert_eq!(found["clocks"][0]["due_at"], Value::Null);
    assert_eq!(found["notices"][0]["code"], "beyond_range");
}
