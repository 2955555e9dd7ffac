//! Messages of helpdesks, and what becomes of them; and messages that nobody should send.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails so")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use slaclock_adapters::{ALL, BAD_SETTINGS, Settings, Translation, find, named};
use slaclock_core::{Agreement, Instant, Options, Ticket};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    #[serde(default)]
    settings: Settings,
    message: Value,
    tickets: Vec<Value>,
    /// Kinds and places.
    losses: Vec<String>,
}

fn cases(adapter: &str) -> Vec<Case> {
    let path = format!("{}/tests/cases/{adapter}-messages.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn losses(translation: &Translation) -> Vec<String> {
    let kind = |loss: &slaclock_adapters::Loss| json!(loss.kind).as_str().unwrap().to_owned();
    translation.losses.iter().map(|loss| format!("{} {}", kind(loss), loss.pointer)).collect()
}

#[test]
fn messages_become_facts() {
    for adapter in &ALL {
        for case in cases(adapter.id) {
            let translation = adapter.message(&case.message, &case.settings);
            let tickets: Vec<Value> = translation.tickets.iter().map(|ticket| json!(ticket)).collect();
            // What is not known is not written.
            let expected: Vec<Value> = case
                .tickets
                .into_iter()
                .map(|mut ticket| {
                    ticket.as_object_mut().unwrap().retain(|_, value| !value.is_null());
                    ticket
                })
                .collect();
            assert_eq!(json!(tickets), json!(expected), "{}: {}", adapter.id, case.about);
            assert_eq!(losses(&translation), case.losses, "{}: {}", adapter.id, case.about);
            for ticket in &translation.tickets {
                if let Some(whole) = ticket.whole() {
                    Ticket::from_json(&whole.to_string())
                        .unwrap_or_else(|problems| panic!("{whole}: {problems:?}"));
                }
            }
        }
    }
}

/// The creation says nothing but when, so that it is the same in every message. That changes nothing: what happens at
/// the instant of the creation is as the ticket was created.
#[test]
fn events_of_the_creation_are_the_creation() {
    let agreement = json!({
        "slaclock": "1", "id": "a", "time_zone": "UTC", "statuses": { "new": "open", "pending": { "pause": "customer" } },
        "policies": [
            { "id": "high", "when": { "priority": "high" }, "clocks": { "resolution": { "within": "4h", "calendar": "always" } } },
            { "id": "all", "when": {}, "clocks": { "resolution": { "within": "8h", "calendar": "always" }, "first_response": { "within": "1h", "calendar": "always" } } }
        ]
    });
    let agreement = Agreement::from_json(&agreement.to_string(), false).unwrap();
    for (priority, status) in [("high", "new"), ("low", "pending"), ("high", "pending")] {
        let at = "2026-11-20T16:55:00Z";
        let fields =
            json!({ "id": "7", "created_at": at, "fields": { "priority": priority, "status": status } });
        let events = json!({ "id": "7", "created_at": at,
            "events": [{ "at": at, "field": { "priority": priority } }, { "at": at, "status": status }] });
        let [one, other] = [fields, events].map(|ticket| {
            let ticket = Ticket::from_json(&ticket.to_string()).unwrap();
            let now = Options::at(Instant::parse("2026-11-20T20:00:00Z").unwrap());
            agreement.evaluate(&ticket, now).unwrap().clocks
        });
        assert_eq!(one, other);
    }
}

/// Every value of every message is replaced by each of these.
fn hostile() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!(" \u{0}\u{202e}"),
        json!("ä".repeat(9)),
        json!("2026-02-30T25:61:61Z"),
        json!("9999-12-31T23:59:59+23:59"),
        json!([]),
        json!([null, [], {}]),
        json!({}),
        json!({ "value": {}, "id": [], "": 1, "~/": 2 }),
        json!("x".repeat(100_000)),
        deep,
    ]
}

fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| {
                places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all)
            });
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), all))
        }
        _ => {}
    }
}

#[test]
fn whatever_is_sent_becomes_facts_that_can_be_read_or_losses() {
    let mut asked = 0;
    for adapter in &ALL {
        for case in cases(adapter.id) {
            let mut all = Vec::new();
            places(&case.message, "", &mut all);
            for place in all {
                for value in hostile() {
                    let mut message = case.message.clone();
                    *message.pointer_mut(&place).unwrap() = value;
                    asked += 1;
                    for ticket in &adapter.message(&message, &case.settings).tickets {
                        let Some(whole) = ticket.whole() else { continue };
                        let read = Ticket::from_json(&whole.to_string());
                        read.unwrap_or_else(|problems| {
                            panic!("{}: {message} made {whole}: {problems:?}", adapter.id)
                        });
                    }
                }
            }
        }
    }
    assert!(asked > 4_000, "{asked}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    adapter: String,
    settings: Value,
    /// Where the mistake is.
    pointer: Option<String>,
}

#[test]
fn settings_are_read_strictly_and_mistakes_told_with_their_place() {
    let all: Vec<Set> = serde_json::from_str(include_str!("cases/settings.json")).unwrap();
    for Set { adapter, settings, pointer } in all {
        let read = named(&adapter).unwrap().settings(&settings.to_string());
        let problem = read.err();
        assert_eq!(
            problem.as_ref().map(|problem| &problem.pointer),
            pointer.as_ref(),
            "{settings}: {problem:?}"
        );
        assert!(problem.is_none_or(|problem| problem.code == BAD_SETTINGS && !problem.message.is_empty()));
    }
    let unknown = named("Zendesk").unwrap_err();
    assert_eq!((unknown.code, unknown.pointer.as_str()), ("SLA-E0008", "adapter"));
    assert!(find("zendesk").unwrap().settings("{} 1").is_err());
    assert!(ALL.is_sorted_by_key(|adapter| adapter.id));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    about: String,
    adapter: String,
    secret: String,
    body: String,
    now: String,
    headers: BTreeMap<String, String>,
    /// How the refusal begins.
    refused: Option<String>,
}

/// Signed with another program (Python's `hmac`), and the example of Standard Webhooks.
#[test]
fn signatures_are_those_of_the_systems_and_no_others() {
    let all: Vec<Signed> = serde_json::from_str(include_str!("cases/signatures.json")).unwrap();
    for Signed { about, adapter, secret, body, now, headers, refused } in all {
        let header = |name: &str| headers.get(name).map(String::as_str);
        let now = Instant::parse(&now).unwrap().ms();
        let found = find(&adapter).unwrap().verify(&secret, header, body.as_bytes(), now);
        let found = found.err().map(|problem| problem.message);
        let is_expected = match (&found, &refused) {
            (None, None) => true,
            (Some(found), Some(refused)) => found.starts_with(refused),
            _ => false,
        };
        assert!(is_expected, "{adapter}, {about}: {found:?}");
    }
}
