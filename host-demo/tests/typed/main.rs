//! The typed interface of the component says what its canonical JSON says, and the component imports nothing.

mod records;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slaclock_core::{Agreement, Calendar, Instant, Options};
use slaclock_host::plugin::bindings::exports::slaclock::sla::engine::Options as PluginOptions;
use slaclock_host::plugin::{Limits, Plugin, Session};
use wasmtime::component::{Component, ResourceAny};

const CLOCKS: &str = include_str!("../../../tests/vectors/clocks.jsonl");
const COMPLETE: &str = include_str!("../../../tests/vectors/clocks_complete.jsonl");
const LINT: &str = include_str!("../../../tests/vectors/lint_bad.json");
const RICH: &str = include_str!("rich.json");
const HOURS: &str = include_str!("../../../tests/vectors/hours_by_hand.jsonl");

fn session() -> Session {
    let plugin = Plugin::embedded(Limits::default()).expect("this program carries its plugin");
    plugin.session().expect("an instance")
}

fn cases(lines: &str, least: usize) -> Vec<Value> {
    let cases: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    assert!(cases.len() >= least, "only {} cases", cases.len());
    cases
}

fn ms(value: &Value) -> i64 {
    Instant::parse(value.as_str().expect("an instant")).expect("an instant").ms()
}

#[test]
fn typed_evaluations_equal_the_canonical_json() {
    compare([cases(CLOCKS, 100), cases(COMPLETE, 360)].concat());
}

/// Tickets and instants so chosen that every kind of event and every key of a result occurs.
#[test]
fn every_event_and_every_key_goes_through_records() {
    let rich: Value = serde_json::from_str(RICH).expect("JSON");
    let mut cases = Vec::new();
    for (ticket, now) in
        list(&rich["tickets"]).flat_map(|ticket| list(&rich["asked"]).map(move |now| (ticket, now)))
    {
        let name = format!("{} at {now}", ticket["id"]);
        assert!(records::ticket(ticket).is_some(), "{name} is not in records");
        cases.push(json!({ "name": name, "agreement": rich["agreement"], "ticket": ticket, "now": now }));
    }
    let met = compare(cases);
    let lacking: Vec<&str> = records::MET.iter().copied().filter(|name| !met.contains(*name)).collect();
    assert!(lacking.is_empty(), "never met: {lacking:?}");
    let events: BTreeSet<&str> = list(&rich["tickets"])
        .flat_map(|ticket| list(&ticket["events"]))
        .filter_map(records::kind_of)
        .collect();
    let all = ["status", "reply", "field", "pause", "resume", "exclude", "extend", "excuse", "merge", "note"];
    assert_eq!(events, BTreeSet::from(all));
}

fn list(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

/// Notes the keys of a result, and the words of those that have only a few.
fn note(json: &Value, met: &mut BTreeSet<String>) {
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                met.insert(key.clone());
                match value {
                    Value::Null => met.insert(format!("{key}=null")),
                    Value::String(word) => met.insert(format!("{key}={word}")),
                    inner => {
                        note(inner, met);
                        true
                    }
                };
            }
        }
        Value::Array(items) => items.iter().for_each(|item| note(item, met)),
        _ => {}
    }
}

/// Asks each case in records and in lines, holds both against core, and answers what results hold.
#[track_caller]
fn compare(cases: Vec<Value>) -> BTreeSet<String> {
    let mut session = session();
    let mut failures = Vec::new();
    let mut met = BTreeSet::new();
    for case in cases {
        let text = case["agreement"].to_string();
        let Ok(agreement) = Agreement::from_json(&text, false) else { continue };
        let now = Instant::from_ms(ms(&case["now"])).expect("in range");
        let known_at = case.get("known_at").map(|at| Instant::from_ms(ms(at)).expect("in range"));
        let line = case["ticket"].to_string();
        let canonical = agreement.evaluate_lines(line.as_bytes(), Options { now, known_at });
        let wanted: Value = serde_json::from_slice(&canonical).expect("canonical JSON");
        note(&wanted, &mut met);
        session.wind();
        let handle = parse_agreement(&mut session, &text);
        let options = PluginOptions { now: now.ms(), known_at: known_at.map(Instant::ms) };
        let engine = session.exports.slaclock_sla_engine().agreement();
        let bytes = engine.call_evaluate_lines(&mut session.store, handle, line.as_bytes(), options);
        if bytes.expect("no trap").expect("options in range") != canonical {
            failures.push(format!("{}: the bulk call gives other bytes", case["name"]));
        }
        let explained = agreement.explain_lines(line.as_bytes(), Options { now, known_at });
        let bytes = engine.call_explain_lines(&mut session.store, handle, line.as_bytes(), options);
        if bytes.expect("no trap").expect("options in range") != explained {
            failures.push(format!("{}: the bulk call explains in other bytes", case["name"]));
        }
        let Some(ticket) = records::ticket(&case["ticket"]) else { continue };
        let answer = engine.call_explain(&mut session.store, handle, &ticket, options).expect("no trap");
        let explained: Value = serde_json::from_slice(&explained).expect("canonical JSON");
        let found = match answer {
            Ok(json) => serde_json::from_str(&json).expect("canonical JSON"),
            Err(problem) => json!({ "ticket": case["ticket"]["id"], "error": records::problem(problem) }),
        };
        if found != explained {
            failures.push(format!("{}\n  typed {found}\n  json  {explained}", case["name"]));
        }
        let answer = engine.call_evaluate(&mut session.store, handle, &ticket, options).expect("no trap");
        let found = match answer {
            Ok(evaluation) => records::evaluation(evaluation),
            Err(problem) => json!({ "ticket": case["ticket"]["id"], "error": records::problem(problem) }),
        };
        if found != wanted {
            failures.push(format!("{}\n  typed {found}\n  json  {wanted}", case["name"]));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    met
}

fn parse_agreement(session: &mut Session, text: &str) -> ResourceAny {
    let engine = session.exports.slaclock_sla_engine().agreement();
    engine.call_parse(&mut session.store, text, false).expect("no trap").expect("a valid agreement")
}

#[test]
fn typed_calendar_questions_equal_core() {
    let mut session = session();
    for case in cases(HOURS, 40) {
        let text = case["calendar"].to_string();
        let Ok(calendar) = Calendar::from_json(&text) else { continue };
        session.wind();
        let store = &mut session.store;
        let engine = session.exports.slaclock_sla_engine().calendar();
        let handle = engine.call_parse(&mut *store, &text).expect("no trap").expect("a valid calendar");
        let at = |key: &str| case.get(key).map(ms).and_then(Instant::from_ms);
        let first = at("start").or(at("at")).expect("a first instant");
        let last = at("end").unwrap_or(first);
        let due = slaclock_core::Duration::parse("3h").expect("a duration");
        let answer = engine.call_is_open(&mut *store, handle, first.ms()).expect("no trap");
        assert_eq!(answer.ok(), Some(calendar.is_open(first)));
        let answer = engine.call_elapsed(&mut *store, handle, first.ms(), last.ms()).expect("no trap");
        assert_eq!(answer.ok(), Some(calendar.elapsed(first, last).ms()));
        let answer = engine.call_due(&mut *store, handle, first.ms(), due.ms()).expect("no trap");
        assert_eq!(answer.ok(), Some(calendar.due(first, due).map(Instant::ms)));
        let answer = engine.call_next_open(&mut *store, handle, first.ms()).expect("no trap");
        assert_eq!(answer.ok(), Some(calendar.next_open(first).map(Instant::ms)));
        let answer = engine.call_next_close(&mut *store, handle, first.ms()).expect("no trap");
        assert_eq!(answer.ok(), Some(calendar.next_close(first).map(Instant::ms)));
        let segments = engine.call_segments(&mut *store, handle, first.ms(), last.ms()).expect("no trap");
        let segments =
            segments.expect("few segments").into_iter().map(|segment| (segment.from, segment.until));
        let wanted = calendar.segments(first, last).map(|segment| (segment.from.ms(), segment.until.ms()));
        assert_eq!(segments.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
    }
}

#[test]
fn typed_findings_equal_core() {
    let mut session = session();
    let today = slaclock_core::calendar::Date::parse("2026-11-23").expect("a date");
    let found = slaclock_core::lint::lint(LINT, today).expect("an agreement");
    assert!(found.len() >= 20, "only {} findings", found.len());
    session.wind();
    let engine = session.exports.slaclock_sla_engine();
    let answer =
        engine.call_lint(&mut session.store, LINT, "2026-11-23").expect("no trap").expect("an agreement");
    let answer: Vec<Value> = answer.into_iter().map(records::finding).collect();
    assert_eq!(json!(answer), serde_json::to_value(&found).expect("JSON"));
    let answer = engine.call_lint(&mut session.store, LINT, "2026-02-30").expect("no trap");
    assert_eq!(answer.expect_err("no date")[0].code, "SLA-E0103");
    let answer = engine.call_lint(&mut session.store, "{}", "2026-11-23").expect("no trap");
    assert!(!answer.expect_err("no agreement").is_empty());
}

#[test]
fn previews_equal_core() {
    let mut session = session();
    let rich: Value = serde_json::from_str(RICH).expect("JSON");
    let text = rich["agreement"].to_string();
    let agreement = Agreement::from_json(&text, false).expect("a valid agreement");
    let handle = parse_agreement(&mut session, &text);
    let engine = session.exports.slaclock_sla_engine().agreement();
    let store = &mut session.store;
    let mut asked = 0;
    for (ticket, now) in
        list(&rich["tickets"]).flat_map(|ticket| list(&rich["asked"]).map(move |now| (ticket, ms(now))))
    {
        let fields = ticket.get("fields").map_or_else(|| "{}".to_owned(), Value::to_string);
        let wanted = agreement.preview(&fields, Instant::from_ms(now).expect("in range")).expect("fields");
        let answer = engine.call_preview(&mut *store, handle, &fields, now).expect("no trap");
        assert_eq!(answer.ok(), Some(slaclock_core::to_json(&wanted)));
        asked += 1;
    }
    assert!(asked >= 4, "only {asked} previews");
    for (fields, now, code, pointer) in [
        ("[]", 0, "SLA-E0007", ""),
        ("{", 0, "SLA-E0001", ""),
        (r#"{"a":1,"a":2}"#, 0, "SLA-E0004", "/a"),
        ("{}", -1, "SLA-E0101", "now"),
    ] {
        let problems = engine.call_preview(&mut *store, handle, fields, now).expect("no trap");
        let problems = problems.expect_err("a mistake");
        let found: Vec<_> = problems.iter().map(|problem| (&*problem.code, &*problem.pointer)).collect();
        assert_eq!(found, [(code, pointer)], "{fields}");
    }
}

#[test]
fn instants_out_of_range_are_coded_errors() {
    let mut session = session();
    let engine = session.exports.slaclock_sla_engine().calendar();
    let text = r#"{"time_zone":"Etc/UTC"}"#;
    let handle = engine.call_parse(&mut session.store, text).expect("no trap").expect("a valid calendar");
    let answer = engine.call_is_open(&mut session.store, handle, -1).expect("no trap");
    assert_eq!(answer.expect_err("out of range").code, "SLA-E0101");
    let answer = engine.call_due(&mut session.store, handle, 0, -1).expect("no trap");
    assert_eq!(answer.expect_err("negative").code, "SLA-E0102");
}

#[test]
fn the_component_imports_nothing() {
    let engine = wasmtime::Engine::default();
    let bytes = slaclock_host::embedded::PLUGIN.expect("this program carries its plugin");
    let component = Component::new(&engine, bytes).expect("a component");
    let imports: Vec<String> =
        component.component_type().imports(&engine).map(|(name, _)| name.to_owned()).collect();
    assert_eq!(imports, Vec::<String>::new());
}
