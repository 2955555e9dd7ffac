//! Lint on documents that nobody meant: a problem or findings, and in bounded time.

use std::cell::Cell;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use slaclock_core::calendar::Date;
use slaclock_core::lint::lint;

use crate::generate::for_all;
use crate::lint::agreement;

const CASES: u32 = 250;

const DATES: [&str; 5] = ["1970-01-01", "2024-02-29", "2026-11-23", "2030-12-31", "2199-12-31"];

/// The pointers of everything in a document.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    all.push(place.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{place}/{index}"), all);
            }
        }
        Value::Object(keys) => {
            for (key, item) in keys {
                places(item, &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        _ => {}
    }
}

/// One change: a value taken out, repeated, or replaced by another, mostly by one of its kind from elsewhere in
/// the document, which often means something at its new place.
fn changed(mut document: Value, at: Index, from: Index, how: u8) -> Value {
    let mut all = Vec::new();
    places(&document, "", &mut all);
    let place = &all[at.index(all.len())];
    let kind = |place: &String| std::mem::discriminant(document.pointer(place).expect("a value"));
    let alike: Vec<_> = all.iter().filter(|other| kind(other) == kind(place)).collect();
    let other = document.pointer(alike[from.index(alike.len())]).cloned().expect("a value");
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    match (how, document.pointer_mut(parent)) {
        (0 | 1, Some(Value::Object(keys))) => drop(keys.remove(key)),
        (2, Some(Value::Array(items))) => items.push(other),
        (3, _) => *document.pointer_mut(place).expect("a place") = json!("83000d"),
        (4, _) => *document.pointer_mut(place).expect("a place") = json!({}),
        _ => *document.pointer_mut(place).expect("a place") = other,
    }
    document
}

#[test]
fn lint_answers_any_document() {
    let change = (any::<Index>(), any::<Index>(), 0..10_u8);
    let case = (select(vec!["lint_good.json", "lint_bad.json"]), vec(change, 1..16), select(&DATES));
    let (read, refused) = (Cell::new(0), Cell::new(0));
    for_all(CASES, case, |(name, changes, today)| {
        let today = Date::parse(today).expect("a date");
        let mut document = agreement(name);
        for (at, from, how) in changes {
            let next = changed(document.clone(), at, from, how);
            match lint(&next.to_string(), today) {
                Ok(findings) => {
                    read.set(read.get() + 1);
                    for finding in findings {
                        prop_assert!(next.pointer(&finding.pointer).is_some(), "{finding:?} {next}");
                    }
                    document = next;
                }
                Err(problems) => {
                    refused.set(refused.get() + 1);
                    prop_assert!(!problems.is_empty());
                }
            }
        }
        Ok(())
    });
    assert!(read.get() > CASES && refused.get() > CASES, "{read:?} read, {refused:?} refused");
}

/// Agreements near the limit of size, made to be hard.
#[test]
fn hard_agreements_cost_seconds_at_most() {
    let policy = |index: usize, when: Value| {
        json!({ "id": index.to_string(), "when": when, "clocks": { "resolution": {
            "due": { "business_days": 3660 - index % 1000 }, "calendar": "office" } } })
    };
    let of = |when: &dyn Fn(usize) -> Value, count: usize| {
        let order: Vec<String> = (0..count / 40).map(|index| format!("P{index}")).collect();
        let policies: Vec<Value> = (0..count).map(|index| policy(index, when(index))).collect();
        json!({ "slaclock": "1", "id": "x", "time_zone": "Europe/Rome", "policies": policies,
            "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
            "priorities": { "order": order } })
    };
    let many = |index: usize| {
        let alternative = |branch: usize| json!({ "a": [index, branch], "b": { "not": branch } });
        json!({ "any_of": (0..6).map(alternative).collect::<Vec<_>>(), "none_of": [{ "c": index }, { "d": { "has": 1 } }] })
    };
    let listed = |index: usize| json!({ "a": (index..index + 180).collect::<Vec<_>>() });
    let urgent = |index: usize| json!({ "priority": format!("P{}", index % 100), "site": index / 100 });
    for (name, agreement) in
        [("alternatives", of(&many, 2000)), ("lists", of(&listed, 900)), ("priorities", of(&urgent, 4000))]
    {
        let text = agreement.to_string();
        assert!(text.len() < 1 << 20, "{name}: {}", text.len());
        let began = Instant::now();
        let found = lint(&text, Date::parse("2026-11-23").expect("a date"));
        assert!(found.is_ok(), "{name}: {found:?}");
        // Without optimisation, on a busy machine; a cost that grows with the square would be minutes.
        assert!(began.elapsed() < Duration::from_secs(60), "{name}: {:?}", began.elapsed());
        eprintln!("{name}: {:?}", began.elapsed());
    }
}
