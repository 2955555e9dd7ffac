//! Random clocks of policies: metrics, targets, calendars, and all that changes how they run.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

/// A clock's name and what is the same of it under every policy: metric and conditions.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) keys: Value,
}

/// One to three clocks of different names.
pub(super) fn definitions() -> impl Strategy<Value = Vec<Definition>> {
    let rare = || (option::weighted(0.12, reset()), option::weighted(0.12, cancel()));
    (subsequence(NAMES.to_vec(), 1..=3), vec((any::<u16>(), rare()), 3)).prop_map(|(names, more)| {
        let definition = |(name, (key, (reset, cancel))): (&'static str, (u16, (_, _)))| {
            let mut keys = own_keys(name, usize::from(key));
            keys.extend(
                [("reset", reset), ("cancel", cancel)]
                    .map(|(key, value)| (key.to_owned(), Option::<Value>::unwrap_or_default(value))),
            );
            keys.retain(|_, value| !value.is_null());
            Definition { name, keys: Value::Object(keys) }
        };
        names.into_iter().zip(more).map(definition).collect()
    })
}

pub(super) const NAMES: [&str; 14] = [
    "first_response",
    "next_response",
    "periodic_update",
    "assignment",
    "ownership",
    "plan",
    "resolution",
    "requester_wait",
    "agent_work",
    "parts",
    "root_cause",
    "urgent",
    "care",
    "second opinion",
];

/// Metric and conditions that belong to the name.
fn own_keys(name: &str, which: usize) -> serde_json::Map<String, Value> {
    let choose = |choices: &[Value]| choices[which % choices.len()].clone();
    let keys = match name {
        "plan" => json!({"stop": choose(&[
            json!({"plan": {"not": null}}),
            json!({"event": "note"}),
            json!({"any_of": [{"plan": "made"}, {"status": "In Progress"}]}),
        ])}),
        "parts" => {
            json!({"metric": "custom", "start": {"status": "Parts"}, "stop": {"not": {"status": "Parts"}}})
        }
        "root_cause" => {
            json!({"metric": "custom", "start": {"status": ["Resolved", "Closed"]}, "stop": {"rca": {"not": null}}})
        }
        "urgent" => json!({
            "metric": "custom",
            "start": choose(&[
                json!({"priority": "P1"}),
                json!({"event": "priority"}),
                json!({"event": "reply", "by": "requester", "channel": "phone"}),
                json!({"event": "created"}),
                json!({"event": "resume"}),
            ]),
            "stop": choose(&[
                json!({"event": "reply", "by": "agent"}),
                json!({"priority": {"not": "P1"}, "service": "mail"}),
                json!({"event": "pause"}),
            ]),
        }),
        "care" => choose(&[
            json!({"metric": "custom"}),
            json!({"metric": "custom", "stop": {"event": "reply", "public": false}}),
            json!({"metric": "custom", "stop": {"tags": {"has": "vip"}}}),
        ]),
        "second opinion" => {
            json!({"metric": (["resolution", "next_response", "ownership", "agent_work"])[which % 4]})
        }
        _ => json!({}),
    };
    keys.as_object().cloned().unwrap_or_default()
}

fn reset() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"priority": "P1"}),
        json!({"event": "priority"}),
        json!({"event": "reply", "by": "requester", "public": true}),
        json!({"event": "note"}),
        json!({"status": "In Progress"}),
    ])
}

fn cancel() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"status": ["Strange", "Closed"]}),
        json!({"tags": {"has": "vip"}}),
        json!({"service": "files"}),
        json!({"event": "merge"}),
        json!({"event": "reply", "by": "system"}),
    ])
}

/// What one policy says about a clock, without what belongs to its definition.
pub(super) fn clock() -> impl Strategy<Value = Value> {
    let rare = (
        option::weighted(0.2, pauses()),
        option::weighted(0.12, select(vec![json!({"tags": {"has": "late"}}), json!({"service": "files"})])),
        option::weighted(0.25, Just(json!("cancel"))),
        option::weighted(0.4, Just(json!(true))),
        option::weighted(0.4, alerts()),
        option::weighted(0.25, vec(exception(), 1..3).prop_map(Value::Array)),
    );
    let words = (
        option::weighted(0.5, select(vec!["continue", "restart", "ignore"])),
        option::weighted(0.6, select(vec!["carry", "restart", "retroactive", "freeze"])),
    );
    (target(), calendar(), words, rare).prop_map(|(mut clock, calendar, (on_reopen, on_change), rare)| {
        let (pauses, pause, unanswered, moves, alerts, overrides) = rare;
        let moves = moves.filter(|_| clock.get("due").is_some_and(|due| due.get("field").is_some()));
        let words = [("on_reopen", on_reopen), ("on_change", on_change)];
        let words = words.map(|(key, word)| (key, word.map(|word| json!(word))));
        let others = [
            ("calendar", Some(calendar)),
            ("pauses", pauses),
            ("pause", pause),
            ("unanswered", unanswered),
            ("pause_moves_due", moves),
            ("alerts", alerts),
            ("overrides", overrides),
        ];
        for (key, value) in words.into_iter().chain(others).filter_map(|(key, value)| Some((key, value?))) {
            clock[key] = value;
        }
        clock
    })
}

/// Short and long, in whole minutes; percentages of the odd ones end within a minute.
fn length() -> impl Strategy<Value = &'static str> {
    select(vec!["7m", "15m", "1h", "101m", "2h", "4h", "8h", "16h", "1d", "30h"])
}

fn target() -> impl Strategy<Value = Value> {
    let both = (length(), select(vec!["45m", "5h", "1d", "2d12h"]))
        .prop_map(|(counted, wall)| json!({"within": {"counted": counted, "wall": wall}}));
    let at = option::of(select(vec!["02:30", "09:00", "12:15", "16:00", "17:00", "20:00"]));
    let days = (1i64..4, at).prop_map(|(days, at)| {
        let mut due = json!({"business_days": days});
        if let Some(at) = at {
            due["at"] = json!(at);
        }
        json!({"due": due})
    });
    prop_oneof![
        8 => length().prop_map(|within| json!({"within": within})),
        2 => both,
        2 => days,
        1 => Just(json!({"due": {"field": "due_date"}})),
    ]
}

fn calendar() -> impl Strategy<Value = Value> {
    let by_field = json!({"by": "site", "map": {"plant": "nights", "shop": "weekend"}, "else": "office"});
    prop_oneof![8 => calendar_name().prop_map(|name| json!(name)), 1 => Just(by_field)]
}

pub(super) fn calendar_name() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => select(vec!["office", "split", "nights", "always"]),
        3 => select(vec!["follow_sun", "on_site", "patched", "weekend"]),
        // No date is ever open on it, so only a few may ask for one.
        1 => select(vec!["always", "office"]),
    ]
}

fn pauses() -> impl Strategy<Value = Value> {
    select(vec![json!("all"), json!("none"), json!(["customer"]), json!(["vendor", "third_party"])])
}

pub(super) fn alerts() -> impl Strategy<Value = Value> {
    subsequence(THRESHOLDS.to_vec(), 1..=4).prop_map(|alerts| json!(alerts))
}

pub(super) const THRESHOLDS: [&str; 10] =
    ["33%", "50%", "75%", "90%", "120%", "13m before", "61m before", "31m after", "due", "breach"];

/// An override: a weekday of the start, fields, or both; it replaces one key or more.
fn exception() -> impl Strategy<Value = Value> {
    let when = select(vec![
        json!({"started_on": "sun"}),
        json!({"started_on": ["sat", "sun", "mon"]}),
        json!({"started_on": "tue-thu"}),
        json!({"started_on": "fri-mon", "service": "mail"}),
        json!({"service": "files"}),
        json!({"tags": {"has": "vip"}}),
    ]);
    let replaced = prop_oneof![
        2 => target(),
        1 => calendar_name().prop_map(|name| json!({"calendar": name})),
        1 => (target(), calendar_name()).prop_map(|(mut target, name)| {
            target["calendar"] = json!(name);
            target
        }),
    ];
    (when, replaced, any::<bool>()).prop_map(|(when, mut exception, because)| {
        exception["when"] = when;
        if because {
            exception["because"] = json!("so it was agreed");
        }
        exception
    })
}
