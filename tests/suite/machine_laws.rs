//! Laws of the whole clock machine, whatever the agreement and the ticket: of the reference, and of the engine.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::{Value, json};
use slaclock_core::Agreement;

use crate::engine::{agreement, clocks, instant_of, lines};
use crate::generate::{TicketCase, for_all, whole_case};
use crate::reference::{MINUTE, evaluate, instant_ms, text_of};

/// Who is held to the laws.
type Evaluate = fn(&TicketCase) -> Value;

const OF_REFERENCE: (u32, Evaluate) = (60, reference);
const OF_ENGINE: (u32, Evaluate) = (400, engine);

fn reference(case: &TicketCase) -> Value {
    evaluate(&case.agreement, &case.ticket, case.now, case.known_at)
}

thread_local! {
    /// The agreement that was read last: laws ask about one again and again.
    static READ: RefCell<Option<(Value, Rc<Agreement>)>> = const { RefCell::new(None) };
}

fn engine(case: &TicketCase) -> Value {
    let known = READ.take().filter(|(document, _)| *document == case.agreement).map(|(_, known)| known);
    let known = known.unwrap_or_else(|| Rc::new(agreement(&case.agreement)));
    READ.set(Some((case.agreement.clone(), Rc::clone(&known))));
    let line = lines(&known, &case.ticket.to_string(), case.now, case.known_at);
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn at(event: &Value) -> i64 {
    instant_ms(event["at"].as_str().expect("at"))
}

fn with_events(case: &TicketCase, change: impl FnOnce(&mut Vec<Value>)) -> TicketCase {
    let mut case = case.clone();
    change(case.ticket["events"].as_array_mut().expect("events"));
    case
}

fn looked_at(case: &TicketCase, now: i64) -> TicketCase {
    TicketCase { now, ..case.clone() }
}

/// The result, less the notices: they point at events by their place in the input.
fn figures(mut result: Value) -> Value {
    result.as_object_mut().expect("a result").remove("notices");
    result
}

fn replaying_equals_evaluating_the_history_cut_short((cases, evaluate): (u32, Evaluate)) {
    for_all(cases, whole_case(), |case| {
        let cut = with_events(&case, |events| events.retain(|event| at(event) <= case.now));
        prop_assert_eq!(evaluate(&case), evaluate(&cut));
        Ok(())
    });
}

fn order_of_events_at_different_instants_does_not_matter((cases, evaluate): (u32, Evaluate)) {
    for_all(cases, (whole_case(), any::<u64>()), |(case, key)| {
        // A stable sort by a scrambled instant: the events of one instant stay together in their order.
        let scrambled = |event: &Value| (at(event) as u64 ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let shuffled = with_events(&case, |events| events.sort_by_key(scrambled));
        prop_assert_eq!(figures(evaluate(&case)), figures(evaluate(&shuffled)));
        Ok(())
    });
}

/// What may not change before `next_change_at`.
fn standing(clock: &Value) -> Value {
    let keys = [
        "clock",
        "set",
        "cycle",
        "state",
        "overdue",
        "at_risk",
        "rate",
        "target_ms",
        "due_at",
        "policy",
        "calendar",
        "because",
        "breached_at",
    ];
    json!(keys.map(|key| clock.get(key)))
}

/// `elapsed(t) = elapsed + rate * (t - now)`, and nothing else moves.
fn holds_until(case: &TicketCase, clock: &Value, later: &Value, t: i64) -> TestCaseResult {
    let number = |clock: &Value, key: &str| clock[key].as_i64().unwrap_or(0);
    let counted = number(clock, "elapsed_ms") + number(clock, "rate") * (t - case.now);
    prop_assert_eq!(number(later, "elapsed_ms"), counted, "at {}\n{}\n{}", text_of(t), clock, later);
    prop_assert_eq!(standing(later), standing(clock), "at {}", text_of(t));
    Ok(())
}

fn until_the_next_change_plain_arithmetic_holds((cases, evaluate): (u32, Evaluate)) {
    let seen = Cell::new(0);
    for_all(cases, (whole_case(), 1..1000i64), |(case, part)| {
        // With the events known now, so that nothing new happens.
        let case = with_events(&case, |events| events.retain(|event| at(event) <= case.now));
        let now = evaluate(&case);
        let event = instant_of(&now["next_event_at"]);
        prop_assert!(event.is_none_or(|event| event > case.now), "{}", now);
        for clock in clocks(&now) {
            let same = |other: &&Value| ["clock", "set"].iter().all(|key| other.get(key) == clock.get(key));
            let next = instant_of(&clock["next_change_at"]);
            prop_assert!(next.is_none_or(|next| next > case.now && event.is_some_and(|event| event <= next)));
            let until = next.unwrap_or(case.now + 20 * 24 * 60 * MINUTE);
            let whole = |ms: i64| ms.div_euclid(MINUTE) * MINUTE;
            for t in [whole(case.now + (until - case.now) * part / 1000), whole(until - 1)] {
                let later = evaluate(&looked_at(&case, t.max(case.now)));
                let later = clocks(&later).iter().find(same).unwrap_or(&Value::Null);
                holds_until(&case, clock, later, t.max(case.now))?;
            }
            if let Some(next) = next {
                let then = evaluate(&looked_at(&case, next + (-next).rem_euclid(MINUTE)));
                let changed = clocks(&then).iter().find(same).map(standing) != Some(standing(clock));
                prop_assert!(changed, "nothing changes at {}: {}", text_of(next), clock);
                seen.set(seen.get() + 1);
            }
        }
        Ok(())
    });
    assert!(seen.get() > cases / 10, "only {} changes to come", seen.get());
}

fn a_pause_never_brings_a_deadline_nearer((cases, evaluate): (u32, Evaluate)) {
    for_all(cases, (whole_case(), 0i64..2000, 1i64..2000), |(mut case, from, length)| {
        // A clock may be told to start or stop by the event of a pause: not those.
        let text = case.agreement.to_string();
        prop_assume!(!text.contains(r#"{"event":"pause"}"#) && !text.contains(r#"{"event":"resume"}"#));
        case.known_at = None;
        // Without manual pauses of its own, so that the added one is not ended by another's resume.
        let plain = |event: &Value| event.get("pause").is_none() && event.get("resume").is_none();
        let without = with_events(&case, |events| events.retain(plain));
        let start = case.created + from * MINUTE;
        let with = with_events(&without, |events| {
            events.push(json!({"at": text_of(start), "pause": {"party": "customer"}}));
            events.push(json!({"at": text_of(start + length * MINUTE), "resume": {"party": "customer"}}));
        });
        let (without, with) = (evaluate(&without), evaluate(&with));
        let due = |clock: &Value| {
            let key = if clock.get("due_at").is_some() { "due_at" } else { "due_if_resumed_now" };
            instant_of(&clock[key]).unwrap_or(i64::MAX)
        };
        for (without, with) in clocks(&without).iter().zip(clocks(&with)) {
            prop_assert!(due(with) >= due(without), "{}\n{}", without, with);
            let elapsed = |clock: &Value| clock["elapsed_ms"].as_i64();
            prop_assert!(elapsed(with) <= elapsed(without), "{}\n{}", without, with);
        }
        Ok(())
    });
}

/// Every law for whoever is held to it.
macro_rules! laws {
    ($($law:ident)*) => {
        mod of_reference {
            $(#[test] fn $law() { super::$law(super::OF_REFERENCE); })*
        }
        mod of_engine {
            $(#[test]
            fn $law() { super::$law(super::OF_ENGINE); })*
        }
    };
}

laws! {
    replaying_equals_evaluating_the_history_cut_short
    order_of_events_at_different_instants_does_not_matter
    until_the_next_change_plain_arithmetic_holds
    a_pause_never_brings_a_deadline_nearer
}
