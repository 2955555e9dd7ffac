//! Exports of helpdesks, what becomes of them, and that the engine takes it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails so")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use slaclock_adapters::{ALL, Settings, Translation};
use slaclock_core::{Agreement, Ticket};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    #[serde(default)]
    settings: Settings,
    /// By their files.
    documents: BTreeMap<String, Value>,
    agreement: Value,
    tickets: Vec<Value>,
    /// Kinds, places and the beginnings of what is said.
    losses: Vec<String>,
}

fn cases(adapter: &str) -> Vec<Case> {
    let path = format!("{}/tests/cases/{adapter}-exports.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn losses(translation: &Translation) -> Vec<String> {
    let text = |loss: &slaclock_adapters::Loss| {
        format!("{} {}: {}", json!(loss.kind).as_str().unwrap(), loss.pointer, loss.message)
    };
    translation.losses.iter().map(text).collect()
}

#[test]
fn exports_become_agreements_and_tickets() {
    for adapter in ALL.iter().filter(|adapter| adapter.reads_exports()) {
        for case in cases(adapter.id) {
            let documents: Vec<(String, Value)> = case.documents.into_iter().collect();
            let translation = adapter.export(&documents, &case.settings);
            let about = format!("{}: {}", adapter.id, case.about);
            let agreement = translation.agreement.clone().unwrap_or_default();
            assert_eq!(agreement, case.agreement, "{about}: {agreement:#}");
            let tickets: Vec<Value> =
                translation.tickets.iter().map(|ticket| ticket.whole().unwrap()).collect();
            assert_eq!(json!(tickets), json!(case.tickets), "{about}: {:#}", json!(tickets));
            let losses = losses(&translation);
            let are_expected = losses.len() == case.losses.len()
                && losses.iter().zip(&case.losses).all(|(loss, expected)| loss.starts_with(expected));
            assert!(are_expected, "{about}: {losses:#?}");
            if !agreement.is_null() {
                let read = Agreement::from_json(&agreement.to_string(), false);
                let agreement = read.unwrap_or_else(|problems| panic!("{about}: {problems:#?}"));
                for ticket in &tickets {
                    let ticket = Ticket::from_json(&ticket.to_string()).unwrap();
                    let now = slaclock_core::Instant::parse("2026-11-21T00:00:00Z").unwrap();
                    agreement.evaluate(&ticket, slaclock_core::Options::at(now)).unwrap();
                }
            }
        }
    }
}

/// Every value of every export is replaced by each of these.
#[test]
fn whatever_an_export_says_nothing_breaks() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let hostile = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MIN),
        json!(1e308),
        json!(""),
        json!("ä\u{0}"),
        json!("2026-02-30T25:61:61Z"),
        json!("^OR^NQ=^"),
        json!([]),
        json!([null, 1]),
        json!({}),
        json!({ "value": {} }),
        deep,
    ];
    for adapter in ALL.iter().filter(|adapter| adapter.reads_exports()) {
        for case in cases(adapter.id) {
            let documents = json!(case.documents);
            let mut all = Vec::new();
            places(&documents, "", &mut all);
            for place in all.iter().filter(|place| !place.is_empty()) {
                for value in &hostile {
                    let mut damaged = documents.clone();
                    *damaged.pointer_mut(place).unwrap() = value.clone();
                    let damaged: Vec<(String, Value)> = damaged
                        .as_object()
                        .unwrap()
                        .iter()
                        .map(|(name, document)| (name.clone(), document.clone()))
                        .collect();
                    let translation = adapter.export(&damaged, &case.settings);
                    for ticket in translation.tickets.iter().filter_map(|ticket| ticket.whole()) {
                        let read = Ticket::from_json(&ticket.to_string());
                        read.unwrap_or_else(|problems| panic!("{place} {value} made {ticket}: {problems:?}"));
                    }
                }
            }
        }
    }
}

fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| {
                places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            });
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}
