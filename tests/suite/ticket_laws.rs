//! Laws that a result obeys whatever the agreement and the ticket.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::engine::{agreement, clocks, instant_of, line, lines, result};
use crate::generate::{TicketCase, for_all, ticket_case};
use crate::reference::{DAY, MINUTE, instant_ms, text_of};

const CASES: u32 = 400;

fn at(event: &Value) -> i64 {
    instant_ms(event["at"].as_str().expect("at"))
}

fn events(ticket: &Value) -> Vec<Value> {
    ticket["events"].as_array().cloned().unwrap_or_default()
}

fn with_events(ticket: &Value, events: Vec<Value>) -> Value {
    let mut ticket = ticket.clone();
    ticket["events"] = json!(events);
    ticket
}

/// The ticket as it was known at `now`.
fn until_now(case: &TicketCase) -> Value {
    with_events(
        &case.ticket,
        events(&case.ticket).into_iter().filter(|event| at(event) <= case.now).collect(),
    )
}

#[test]
fn events_after_now_change_nothing() {
    for_all(CASES, ticket_case(), |case| {
        let agreement = agreement(&case.agreement);
        prop_assert_eq!(
            line(&agreement, &case.ticket, case.now),
            line(&agreement, &until_now(&case), case.now)
        );
        Ok(())
    });
}

#[test]
fn events_of_different_instants_may_come_in_any_order() {
    for_all(CASES, (ticket_case(), any::<u64>()), |(case, key)| {
        let agreement = agreement(&case.agreement);
        let mut shuffled = events(&case.ticket);
        // A stable sort by a scrambled instant: the events of one instant stay together in their order.
        shuffled.sort_by_key(|event| (at(event) as u64 ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let shuffled = with_events(&case.ticket, shuffled);
        let [mut one, mut other] =
            [&case.ticket, &shuffled].map(|ticket| result(&agreement, ticket, case.now));
        // Notices point at events by their place in the input, which is what differs.
        for result in [&mut one, &mut other] {
            for notice in result["notices"].as_array_mut().into_iter().flatten() {
                notice["pointer"] = Value::Null;
            }
        }
        prop_assert_eq!(one, other);
        Ok(())
    });
}

#[test]
fn neighbours_in_a_batch_change_nothing() {
    for_all(CASES / 4, (ticket_case(), ticket_case()), |(case, other)| {
        let agreement = agreement(&case.agreement);
        let batch = format!("{}\nnot json\n{}\n", other.ticket, case.ticket);
        let together = lines(&agreement, &batch, case.now, None);
        let together: Vec<&str> = together.lines().collect();
        prop_assert_eq!(together.len(), 3);
        let alone = line(&agreement, &case.ticket, case.now);
        prop_assert_eq!(together[2], alone.trim_end());
        Ok(())
    });
}

/// What may not change before `next_change_at`.
fn standing(clock: &Value) -> Value {
    let keys = [
        "metric",
        "cycle",
        "state",
        "overdue",
        "rate",
        "target_ms",
        "due_at",
        "policy",
        "calendar",
        "breached_at",
    ];
    json!(keys.map(|key| clock.get(key)))
}

#[test]
fn until_the_next_change_a_clock_follows_plain_arithmetic() {
    for_all(CASES, (ticket_case(), 1..1000i64, 0..MINUTE), |(mut case, part, ms)| {
        case.now += ms;
        let agreement = agreement(&case.agreement);
        let ticket = until_now(&case);
        let now = result(&agreement, &ticket, case.now);
        for (index, clock) in clocks(&now).iter().enumerate() {
            let next = instant_of(&clock["next_change_at"]);
            prop_assert!(next.is_none_or(|next| next > case.now), "{}", clock);
            let until = next.unwrap_or(case.now + 500 * DAY);
            for t in [case.now + (until - case.now) * part / 1000, until - 1] {
                let later = result(&agreement, &ticket, t);
                let later = &clocks(&later)[index];
                let rate = clock["rate"].as_i64().expect("a rate");
                let expected = clock["elapsed_ms"].as_i64().expect("elapsed") + rate * (t - case.now);
                prop_assert_eq!(
                    later["elapsed_ms"].as_i64(),
                    Some(expected),
                    "at {}\n{}\n{}",
                    text_of(t),
                    clock,
                    later
                );
                prop_assert_eq!(standing(later), standing(clock), "at {}", text_of(t));
            }
        }
        Ok(())
    });
}

#[test]
fn at_the_next_change_something_does_change() {
    let seen = std::cell::Cell::new(0);
    for_all(CASES, (ticket_case(), 0..MINUTE), |(mut case, ms)| {
        case.now += ms;
        let agreement = agreement(&case.agreement);
        let ticket = until_now(&case);
        let now = result(&agreement, &ticket, case.now);
        for (index, clock) in clocks(&now).iter().enumerate() {
            let Some(next) = instant_of(&clock["next_change_at"]) else { continue };
            let then = result(&agreement, &ticket, next);
            prop_assert_ne!(standing(&clocks(&then)[index]), standing(clock), "at {}", text_of(next));
            seen.set(seen.get() + 1);
        }
        Ok(())
    });
    assert!(seen.get() > 100, "only {} changes to come", seen.get());
}

#[test]
fn the_next_event_of_a_ticket_is_later_than_now_and_no_later_than_any_change() {
    for_all(CASES, ticket_case(), |case| {
        let found = result(&agreement(&case.agreement), &case.ticket, case.now);
        let event = instant_of(&found["next_event_at"]);
        prop_assert!(event.is_none_or(|event| event > case.now), "{}", found);
        for next in clocks(&found).iter().filter_map(|clock| instant_of(&clock["next_change_at"])) {
            prop_assert!(event.is_some_and(|event| event <= next), "{}", found);
        }
        Ok(())
    });
}

#[test]
fn figures_of_one_clock_agree_with_each_other() {
    for_all(CASES, ticket_case(), |case| {
        let found = result(&agreement(&case.agreement), &case.ticket, case.now);
        for clock in clocks(&found) {
            let number = |key: &str| clock[key].as_i64().unwrap_or_else(|| panic!("{key} in {clock}"));
            prop_assert_eq!(number("elapsed_ms") + number("remaining_ms"), number("target_ms"));
            prop_assert_eq!(number("consumed_bp"), number("elapsed_ms") * 10_000 / number("target_ms"));
            prop_assert!(number("elapsed_ms") <= number("wall_elapsed_ms"), "{}", clock);
            prop_assert_eq!(number("rate") == 1, clock["state"] == "running");
            prop_assert!(clock["state"] != "breached" || !clock["breached_at"].is_null(), "{}", clock);
            prop_assert!(clock["state"] != "met" || clock["breached_at"].is_null(), "{}", clock);
        }
        Ok(())
    });
}

#[test]
fn a_pause_never_brings_a_deadline_nearer() {
    for_all(CASES, (ticket_case(), 0i64..2000, 1i64..2000), |(case, from, length)| {
        let agreement = agreement(&case.agreement);
        // Without manual pauses of its own, so that the added one is not ended by another's resume.
        let plain = |event: &Value| event.get("pause").is_none() && event.get("resume").is_none();
        let events: Vec<Value> = events(&case.ticket).into_iter().filter(plain).collect();
        let pause_at = case.created + from * MINUTE;
        let mut longer = events.clone();
        longer.push(json!({"at": text_of(pause_at), "pause": {"party": "caretaker"}}));
        longer.push(json!({"at": text_of(pause_at + length * MINUTE), "resume": {"party": "caretaker"}}));
        let without = result(&agreement, &with_events(&case.ticket, events), case.now);
        let with = result(&agreement, &with_events(&case.ticket, longer), case.now);
        let due = |clock: &Value| {
            let key = if clock.get("due_at").is_some() { "due_at" } else { "due_if_resumed_now" };
            instant_of(&clock[key]).unwrap_or(i64::MAX)
        };
        for (without, with) in clocks(&without).iter().zip(clocks(&with)) {
            prop_assert!(due(with) >= due(without), "{}\n{}", without, with);
            prop_assert!(
                with["elapsed_ms"].as_i64() <= without["elapsed_ms"].as_i64(),
                "{}\n{}",
                without,
                with
            );
        }
        Ok(())
    });
}
