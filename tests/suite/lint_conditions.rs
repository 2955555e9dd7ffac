//! What lint says of conditions, against every ticket of a small world.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::generate::for_all;
use crate::lint::findings;

const CASES: u32 = 400;

/// The values that conditions name.
fn named() -> Vec<Value> {
    vec![Value::Null, json!("x"), json!("y"), json!(1)]
}

const PRIORITIES: [&str; 3] = ["P1", "P2", "P3"];

fn scalar() -> impl Strategy<Value = Value> {
    select(named())
}

fn matcher() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        3 => scalar(),
        3 => subsequence(named(), 0..=3).prop_map(Value::Array),
        2 => scalar().prop_map(|value| json!({ "has": value })),
    ];
    plain.prop_recursive(2, 4, 1, |inner| inner.prop_map(|inner| json!({ "not": inner })))
}

fn of_priority() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        subsequence(PRIORITIES.to_vec(), 1..=3).prop_map(|list| json!(list)),
        select(&PRIORITIES).prop_map(|least| json!({ "at_least": least })),
    ];
    plain.prop_recursive(1, 2, 1, |inner| inner.prop_map(|inner| json!({ "not": inner })))
}

fn condition() -> impl Strategy<Value = Value> {
    let flat = |a: Option<Value>, b: Option<Value>, priority: Option<Value>| {
        let entries = [("a", a), ("b", b), ("priority", priority)];
        Value::Object(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
    };
    let option = |strategy: BoxedStrategy<Value>| proptest::option::weighted(0.5, strategy);
    let leaf = (option(matcher().boxed()), option(matcher().boxed()), option(of_priority().boxed()))
        .prop_map(move |(a, b, priority)| flat(a, b, priority));
    leaf.prop_recursive(2, 8, 2, |inner| {
        (inner.clone(), select(vec!["any_of", "none_of"]), proptest::collection::vec(inner, 0..3)).prop_map(
            |(mut outer, key, list)| {
                outer[key] = Value::Array(list);
                outer
            },
        )
    })
}

/// A ticket of the small world: the values of `a`, `b` and `priority`.
type Ticket = [Value; 3];

/// Every ticket that conditions over these values can tell apart.
fn world() -> Vec<Ticket> {
    let lists = (0..16_u8).map(|mask| {
        let chosen = named().into_iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
        Value::Array(chosen.map(|(_, value)| value).collect())
    });
    let values: Vec<Value> = named().into_iter().chain([json!("fresh")]).chain(lists).collect();
    let priorities: Vec<Value> =
        PRIORITIES.iter().map(|name| json!(name)).chain([Value::Null, json!("other")]).collect();
    let mut world = Vec::new();
    for a in &values {
        for b in &values {
            world.extend(priorities.iter().map(|priority| [a.clone(), b.clone(), priority.clone()]));
        }
    }
    world
}

fn matches(matcher: &Value, value: &Value) -> bool {
    match matcher {
        Value::Array(list) => list.contains(value),
        Value::Object(test) => match test.iter().next().map(|(key, inner)| (key.as_str(), inner)) {
            Some(("not", inner)) => !matches(inner, value),
            Some(("has", wanted)) => {
                value == wanted || value.as_array().is_some_and(|list| list.contains(wanted))
            }
            Some(("at_least", least)) => {
                let rank = |name: &Value| PRIORITIES.iter().position(|known| name == known);
                rank(value).is_some_and(|value| Some(value) <= rank(least))
            }
            other => panic!("{other:?}"),
        },
        plain => plain == value,
    }
}

fn holds(condition: &Value, ticket: &Ticket) -> bool {
    condition.as_object().expect("a map").iter().all(|(key, test)| {
        let any = || test.as_array().expect("a list").iter().any(|condition| holds(condition, ticket));
        match key.as_str() {
            "a" => matches(test, &ticket[0]),
            "b" => matches(test, &ticket[1]),
            "priority" => matches(test, &ticket[2]),
            "any_of" => any(),
            "none_of" => !any(),
            other => panic!("{other}"),
        }
    })
}

/// Which policies are reported is what trying every ticket gives: neither more nor less.
#[test]
fn shadowed_impossible_and_overlapping_policies_are_those_that_tickets_show() {
    let world = world();
    for_all(CASES, proptest::collection::vec(condition(), 1..5), |conditions| {
        let policies: Vec<Value> = conditions
            .iter()
            .enumerate()
            .map(|(index, when)| {
                let clock = json!({ "within": format!("{}h", index + 1), "calendar": "always" });
                json!({ "id": index.to_string(), "when": when, "clocks": { "resolution": clock } })
            })
            .collect();
        let agreement = json!({
            "slaclock": "1", "id": "x", "priorities": { "order": PRIORITIES }, "policies": policies,
        });
        let found = findings(&agreement);
        let has = |rule: &str, pointer: &str| {
            found.iter().any(|finding| finding.rule.as_str() == rule && finding.pointer == pointer)
        };
        let mut left: Vec<&Ticket> = world.iter().collect();
        for (index, condition) in conditions.iter().enumerate() {
            let possible = world.iter().any(|ticket| holds(condition, ticket));
            let before = left.len();
            left.retain(|ticket| !holds(condition, ticket));
            let reached = left.len() < before;
            let place = format!("/policies/{index}");
            prop_assert_eq!(has("SLA-PO-02", &format!("{place}/when")), !possible, "{} {}", index, agreement);
            let shadowed = has("SLA-PO-01", &place) || has("SLA-PO-03", &place);
            prop_assert_eq!(shadowed, possible && !reached, "{} {}", index, agreement);
            let overlaps = (0..index).any(|other| {
                let first = &conditions[other];
                let free = |ticket: &&Ticket| !conditions[..other].iter().any(|before| holds(before, ticket));
                world.iter().filter(free).any(|ticket| holds(first, ticket) && holds(condition, ticket))
                    && world.iter().any(|ticket| holds(first, ticket) && !holds(condition, ticket))
                    && world.iter().any(|ticket| !holds(first, ticket) && holds(condition, ticket))
            });
            prop_assert_eq!(has("SLA-PO-06", &place), reached && overlaps, "{} {}", index, agreement);
        }
        prop_assert_eq!(has("SLA-PO-04", "/policies"), !left.is_empty(), "{}", agreement);
        Ok(())
    });
}
