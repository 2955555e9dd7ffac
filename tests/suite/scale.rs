//! Sizes at which a cost that grows with the square would take minutes or all memory, and one that does not takes
//! seconds: tickets of 100,000 events of every kind, and agreements that ask for as much as they may.

use std::fmt::Write as _;
use std::time::{Duration, Instant as Clock};

use serde_json::{Value, json};
use slaclock_core::{Agreement, Board, Instant, Options, Ticket};

use crate::engine::agreement;

const EVENTS: usize = 100_000;
const START: i64 = 1_600_000_000_000;
const HOUR: i64 = 3_600_000;

fn at(ms: i64) -> String {
    Instant::from_ms(ms).expect("an instant in range").to_string()
}

/// Time that this thread has worked, where the system tells it, so that a busy machine changes nothing; else real time.
fn worked(began: Clock) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let worked = told.and_then(|told| told.split(' ').next()?.parse().ok());
    worked.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// Fails where an answer took very long. A cost that grows with the square is far beyond it.
#[track_caller]
fn soon<T>(what: &str, answer: impl FnOnce() -> T) -> T {
    let began = Clock::now();
    let before = worked(began);
    let answer = answer();
    let took = worked(began).saturating_sub(before);
    eprintln!("{what}: {took:?}");
    assert!(took < Duration::from_secs(60), "{what}: {took:?}");
    answer
}

/// A ticket whose events come ten seconds apart.
fn ticket(kind: impl Fn(usize) -> Value) -> String {
    let mut text =
        format!(r#"{{"id":"T-1","created_at":"{}","fields":{{"priority":"P1"}},"events":["#, at(START));
    for index in 0..EVENTS {
        let mut event = kind(index);
        let when = START + i64::try_from(index).expect("a small number") * 10_000;
        event["at"] = json!(at(when));
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}{event}").expect("a text");
    }
    text.push_str("]}");
    text
}

/// Clocks of every metric, on calendars and under policies that change with the priority.
fn everything() -> Agreement {
    let clocks = |calendar: &str, on_change: &str| {
        json!({
            "first_response": { "within": "30d", "calendar": calendar },
            "next_response": { "within": "30d", "calendar": calendar, "on_change": on_change },
            "periodic_update": { "within": { "counted": "20d", "wall": "30d" }, "calendar": calendar },
            "assignment": { "within": "30d", "calendar": calendar },
            "ownership": { "within": "30d", "calendar": calendar, "alerts": ["50%", "1h before"] },
            "plan": { "within": "30d", "calendar": calendar, "stop": { "planned": true }, "on_change": on_change },
            "resolution": { "due": { "business_days": 90 }, "calendar": calendar, "on_reopen": "restart",
                "on_change": on_change, "alerts": ["50%", "80%", "1h after"] },
            "requester_wait": { "within": "400d", "calendar": calendar },
            "agent_work": { "within": "400d", "calendar": calendar, "pause": { "held": true } },
            "own": { "metric": "custom", "within": "30d", "calendar": calendar, "start": { "status": "Waiting" },
                "stop": { "not": { "status": "Waiting" } }, "reset": { "event": "note" } },
        })
    };
    agreement(&json!({
        "slaclock": "1", "id": "x", "time_zone": "Europe/Rome",
        "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [{ "use": "it" }] },
            "shop": { "hours": { "mon-sat": ["08:00-20:00"] } } },
        "statuses": { "Waiting": { "pause": "customer" }, "Parts": { "pause": "vendor" }, "Done": "resolved" },
        "escalations": [{ "clock": "resolution", "when": { "priority": "P1" }, "hold_until_open": "office",
            "steps": [{ "at": "10%", "notify": "a" }, { "at": "breach", "notify": "b" }] }],
        "policies": [
            { "id": "p1", "when": { "priority": "P1" }, "clocks": clocks("office", "carry") },
            { "id": "p2", "when": { "priority": "P2" }, "clocks": clocks("shop", "restart") },
            { "id": "p3", "when": { "priority": "P3" }, "clocks": clocks("shop", "retroactive") },
            { "id": "p4", "when": {}, "clocks": clocks("always", "freeze") } ],
    }))
}

/// A ticket that stands for all of its kind: what is asked of it is answered on every way there is.
#[track_caller]
fn answered(agreement: &Agreement, what: &str, text: &str) {
    let now = Instant::from_ms(START + 600 * 24 * HOUR).expect("an instant");
    let ticket = soon(&format!("{what}, read"), || Ticket::from_json(text).expect("a ticket"));
    let evaluation = soon(&format!("{what}, evaluated"), || {
        agreement.evaluate(&ticket, Options::at(now)).expect("an answer")
    });
    assert!(!evaluation.clocks.is_empty());
    soon(&format!("{what}, explained"), || {
        // A long ticket may have more slices than are told; what matters is that this is found soon.
        match agreement.explain(&ticket, Options::at(now)) {
            Ok(explanation) => assert_eq!(explanation.evaluation, evaluation),
            Err(problem) => assert_eq!(problem.code.to_string(), "SLA-E0002"),
        }
    });
    let mut board = Board::new(agreement.clone(), Instant::from_ms(START).expect("an instant"));
    soon(&format!("{what}, on a board"), || {
        let row = board.put(&ticket).expect("a row");
        board.tick(now);
        assert_eq!(board.evaluation(row), Some(evaluation));
    });
}

/// Exclusion of a minute in the middle of each hour, so many hours after the start.
fn excluded(index: usize, from_hour: i64) -> Value {
    let hour = from_hour + i64::try_from(index).expect("a small number") % 14_000;
    let from = START + hour * HOUR + i64::try_from(index / 14_000).expect("a small number") * 120_000;
    json!({ "exclude": { "from": at(from), "to": at(from + 60_000) } })
}

const NAMES: [&str; 4] = ["New", "Waiting", "Parts", "Done"];

#[test]
fn tickets_of_100_000_statuses() {
    answered(&everything(), "statuses", &ticket(|index| json!({ "status": NAMES[index % 4] })));
}

#[test]
fn tickets_of_100_000_replies() {
    let by = |index: usize| ["requester", "agent", "system"][index % 3];
    let text = ticket(|index| json!({ "reply": { "by": by(index), "public": index % 5 != 0 } }));
    answered(&everything(), "replies", &text);
}

#[test]
fn tickets_of_100_000_fields_and_changes_of_policy() {
    // Frozen never, so that every change counts.
    let text = ticket(
        |index| json!({ "field": { "priority": format!("P{}", 1 + index % 3), "held": index % 2 == 0 } }),
    );
    answered(&everything(), "fields", &text);
}

#[test]
fn tickets_of_100_000_changes_that_judge_anew_or_freeze() {
    let text = ticket(|index| {
        json!({ "field": { "priority": if index < EVENTS - 2 { "P3" } else { "P4" }, "n": index,
        "status": NAMES[index % 4] } })
    });
    answered(&everything(), "retroactive", &text);
}

#[test]
fn tickets_of_100_000_pauses_of_many_parties() {
    let text = ticket(|index| match index % 3 {
        2 => json!({ "resume": { "party": format!("p{}", index / 7 % 100) } }),
        _ => json!({ "pause": { "party": format!("p{}", index / 5 % 100), "reason": "x" } }),
    });
    answered(&everything(), "pauses", &text);
}

#[test]
fn tickets_of_100_000_hand_overs() {
    let text =
        ticket(|index| json!({ "field": { "group": format!("g{}", index % 3), "assignee": index % 2 } }));
    answered(&everything(), "hand-overs", &text);
}

#[test]
fn tickets_of_100_000_exclusions_given_forwards_or_backwards() {
    answered(&everything(), "exclusions", &ticket(|index| excluded(index, 0)));
    answered(&everything(), "exclusions backwards", &ticket(|index| excluded(EVENTS - index, 0)));
    let all = json!({ "exclude": { "from": at(START), "to": at(START + 10_000 * HOUR), "reason": "x" } });
    answered(&everything(), "exclusions of the same", &ticket(|_| all.clone()));
}

#[test]
fn tickets_of_many_runs_and_many_exclusions() {
    // Half of each: every run ends with exclusions known before and after it, and lying before and after it.
    for (name, from_hour) in [("before", -14_000), ("while they run", 0), ("after", 300)] {
        let text = ticket(|index| match index % 4 {
            0 | 2 => excluded(index, from_hour),
            1 => json!({ "field": { "group": format!("g{}", index % 7) } }),
            _ => json!({ "status": NAMES[index / 4 % 4] }),
        });
        answered(&everything(), &format!("runs and exclusions {name}"), &text);
    }
}

#[test]
fn tickets_of_100_000_extensions_excuses_and_resets() {
    let text = ticket(|index| match index % 4 {
        0 => json!({ "extend": { "clock": "ownership", "by": "1m" } }),
        1 => json!({ "excuse": { "clock": "ownership", "cycle": index / 4 + 1 } }),
        2 => json!({ "field": { "group": format!("g{}", index % 7) } }),
        _ => json!({ "excuse": { "clock": "ownership" } }),
    });
    answered(&everything(), "extensions and excuses", &text);
    let text = ticket(|index| match index {
        0 => json!({ "status": "Waiting" }),
        _ => json!({ "note": {} }),
    });
    answered(&everything(), "resets", &text);
}

#[test]
fn tickets_of_100_000_events_of_one_instant_merges_and_kinds_to_come() {
    let mut text = format!(r#"{{"id":"T-1","created_at":"{}","events":["#, at(START));
    let now = at(START + HOUR);
    for index in 0..EVENTS {
        let kind = match index % 5 {
            0 => format!(r#""status":"{}""#, NAMES[index / 5 % 4]),
            1 => format!(r#""extend":{{"clock":"resolution","by":"{index}ms"}}"#),
            2 => format!(r#""excuse":{{"clock":"ownership","cycle":{index}}}"#),
            3 => format!(
                r#""exclude":{{"from":"{}","to":"{now}"}}"#,
                at(START + i64::try_from(index).expect("small"))
            ),
            _ => format!(r#""pause":{{"party":"p{index}"}}"#),
        };
        let comma = if index == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"at":"{now}",{kind}}}"#).expect("a text");
    }
    text.push_str("]}");
    answered(&everything(), "one instant", &text);
    answered(&everything(), "merges", &ticket(|index| json!({ "merge": { "into": format!("T-{index}") } })));
    answered(&everything(), "unknown", &ticket(|index| json!({ "later": index })));
}

#[test]
fn tickets_with_long_texts_and_many_names() {
    let long = "x".repeat(1 << 20);
    let text = ticket(|index| match index {
        0 => json!({ "field": { "group": long, "status": long } }),
        1 => json!({ "exclude": { "from": at(START), "to": at(START + 100_000 * HOUR), "reason": long } }),
        2 => json!({ "pause": { "reason": long } }),
        _ => json!({ "field": { format!("f{index}"): index } }),
    });
    answered(&everything(), "long texts", &text);
}

/// An agreement of under one megabyte, and whether it may be refused as too large.
fn hostile(name: &str, document: &Value, refused: bool) {
    let text = document.to_string();
    assert!(text.len() < 1 << 20, "{name}: {}", text.len());
    let read = soon(&format!("{name}, read"), || Agreement::from_json(&text, false));
    match read {
        Err(problems) => {
            assert!(refused, "{name}: {problems:?}");
            assert!(
                problems.iter().all(|problem| problem.code.to_string() == "SLA-E0002"),
                "{name}: {problems:?}"
            );
        }
        Ok(agreement) => {
            assert!(!refused, "{name} was taken");
            let ticket = r#"{"id":"T-1","created_at":"2026-11-23T09:00:00Z","events":[{"at":"2026-11-23T10:00:00Z","field":{"f":1}}]}"#;
            let ticket = Ticket::from_json(ticket).expect("a ticket");
            let now = Options::at(Instant::parse("2026-11-24T12:00:00Z").expect("an instant"));
            soon(&format!("{name}, evaluated"), || agreement.evaluate(&ticket, now).expect("an answer"));
            soon(&format!("{name}, explained"), || agreement.explain(&ticket, now).map(drop).ok());
        }
    }
}

fn document(keys: Value) -> Value {
    let mut document = json!({ "slaclock": "1", "id": "x", "time_zone": "Europe/Rome",
        "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "always" } } }] });
    let (known, keys) = (document.as_object_mut().expect("a map"), keys.as_object().expect("a map").clone());
    known.extend(keys);
    document
}

fn named(count: usize, prefix: &str, value: impl Fn(usize) -> Value) -> Value {
    Value::Object((0..count).map(|index| (format!("{prefix}{index}"), value(index))).collect())
}

fn listed(count: usize, value: impl Fn(usize) -> Value) -> Value {
    Value::Array((0..count).map(value).collect())
}

#[test]
fn ids_and_names_that_results_repeat_are_short() {
    let long = "x".repeat(1001);
    let text = json!({ "id": long, "created_at": "2026-11-23T09:00:00Z" }).to_string();
    let problems = Ticket::from_json(&text).expect_err("too long");
    assert_eq!((problems[0].code.to_string(), &*problems[0].pointer), ("SLA-E0002".to_owned(), "/id"));
    let clock = json!({ "within": "1h", "calendar": "always" });
    let policy = |id: &str, name: &str, metric: &str| {
        let mut clock = clock.clone();
        clock["metric"] = json!(metric);
        json!([{ "id": id, "clocks": { name: clock } }])
    };
    let steps =
        |notify: &str| json!([{ "clock": "resolution", "steps": [{ "at": "50%", "notify": notify }] }]);
    hostile("policy", &document(json!({ "policies": policy(&long, "a", "custom") })), true);
    hostile("clock", &document(json!({ "policies": policy("a", &long, "custom") })), true);
    hostile("notify", &document(json!({ "escalations": steps(&long) })), true);
    hostile("notify, just short enough", &document(json!({ "escalations": steps(&long[1..]) })), false);
}

#[test]
fn agreements_of_thousands_of_policies_clocks_and_conditions() {
    let own = json!({ "metric": "custom", "within": "1h", "calendar": "always" });
    let policies =
        listed(8000, |index| json!({ "id": index.to_string(), "clocks": { format!("c{index}"): own } }));
    hostile("a clock for each policy", &document(json!({ "policies": policies })), false);
    let own = |index: usize| {
        json!({ "metric": "custom", "within": "1h", "calendar": "always", "start": { format!("f{index}"): 1 },
            "stop": { "f": index } })
    };
    let policies = json!([{ "id": "all", "clocks": named(8000, "c", own) }]);
    hostile("clocks of a policy", &document(json!({ "policies": policies })), false);
    let clock = json!({ "resolution": { "within": "1h", "calendar": "always" } });
    let policies =
        listed(10_000, |index| json!({ "id": index.to_string(), "when": { "f": index }, "clocks": clock }));
    hostile("policies", &document(json!({ "policies": policies })), false);
    let order = listed(50_000, |index| json!(format!("P{index}")));
    let at_least = |index: usize| json!({ "id": index.to_string(), "when": { "priority": { "at_least": "P49999" } }, "clocks": clock });
    let keys = json!({ "policies": listed(4000, at_least), "priorities": { "order": order } });
    hostile("priorities", &document(keys), true);
    let sets = named(8000, "s", |_| json!([{ "id": "a", "clocks": clock }]));
    let mut many = document(json!({ "policy_sets": sets }));
    many.as_object_mut().expect("a map").remove("policies");
    hostile("sets", &many, true);
}

#[test]
fn agreements_of_thousands_of_alerts_steps_overrides_and_versions() {
    let alerts = listed(10_000, |index| json!(format!("{}m before", index + 1)));
    let policies = json!([{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "always", "alerts": alerts } } }]);
    hostile("alerts", &document(json!({ "policies": policies })), true);
    let steps = listed(100, |index| json!({ "at": "80%", "notify": format!("n{index}") }));
    hostile("steps", &document(json!({ "escalations": [{ "clock": "resolution", "steps": steps }] })), false);
    let escalation = |index: usize| json!({ "clock": "resolution", "when": { "f": index }, "steps": [{ "at": "80%", "notify": "n" }] });
    hostile("escalations", &document(json!({ "escalations": listed(8000, escalation) })), true);
    let calendar = json!({ "by": "site", "map": named(5000, "s", |index| json!(format!("c{index}"))), "else": "always" });
    let overrides = listed(5000, |index| json!({ "when": { "f": index }, "within": "1h" }));
    let policies = json!([{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": calendar, "overrides": overrides } } }]);
    let calendars = named(5000, "c", |_| json!({ "time_zone": "UTC", "hours": {} }));
    hostile("cases", &document(json!({ "policies": policies, "calendars": calendars })), true);
    let version = |index: usize| json!({ "valid": { "from": format!("{}-{:02}-01", 2000 + index / 12, 1 + index % 12) } });
    hostile("versions", &document(json!({ "versions": listed(2000, version) })), true);
    hostile("a hundred versions", &document(json!({ "versions": listed(100, version) })), false);
    let due = |index: usize| json!({ "metric": "custom", "due": { "field": format!("f{index}") }, "calendar": "always" });
    let policies = json!([{ "id": "all", "clocks": named(8000, "c", due) }]);
    hostile("fields with due dates", &document(json!({ "policies": policies })), true);
    let unknown = named(8000, "c", |_| json!({ "metric": "custom", "within": "1h", "calendar": "nowhere" }));
    let calendars = named(8000, "nowhen", |_| json!({ "hours": {} }));
    let text = document(json!({ "policies": [{ "id": "all", "clocks": unknown }], "calendars": calendars }))
        .to_string();
    soon("unknown names", || Agreement::from_json(&text, false).expect_err("unknown calendars"));
}

#[test]
fn agreements_of_thousands_of_calendars() {
    let week = json!({ "hours": { "mon-fri": ["09:00-17:00"] } });
    hostile("calendars", &document(json!({ "calendars": named(20_000, "c", |_| week.clone()) })), true);
    let made = |index: usize| match index {
        0 => json!({ "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [{ "use": "it" }] }),
        1 => {
            json!({ "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [{ "use": "us-federal" }] })
        }
        _ => json!({ "any_of": ["c0", "c1"] }),
    };
    hostile("calendars of calendars", &document(json!({ "calendars": named(20_000, "c", made) })), true);
    let holidays = listed(20_000, |index| json!({ "date": format!("easter+{}", index % 300), "name": "x" }));
    let calendars = json!({ "c": { "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": holidays } });
    hostile("holidays", &document(json!({ "calendars": calendars })), false);
}
