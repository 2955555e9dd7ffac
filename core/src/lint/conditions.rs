//! Policies and their conditions: shadowed, contradictory, never true, or naming what does not exist.

use serde_json::Value;

use crate::document::{Node, shortened};
use crate::near::nearest;
use crate::policy::{ConditionDocument, EventCondition, Matcher, Test};

use super::logic::{Answer, Both, Literal, alternatives, any_beside, both, both_of_cube};
use super::view::{MOST_COMPARED, PolicyView, Promise, View, below, item};
use super::{Findings, Rule};

/// The field of the day of a clock's start: no document can write this name by accident.
const STARTED_ON: &str = "\u{0}started_on";

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    for (place, condition) in written(view) {
        let never = alternatives(condition, &view.order, true).is_some_and(|all| all.is_empty());
        if never {
            let mend = "take out the test that contradicts another one";
            findings.push(Rule::Po02, &place, &["no ticket can fulfil this condition"], mend);
        }
        names(view, condition, &place, findings);
    }
    for (set, policies) in view.sets.iter().enumerate() {
        let compared: Vec<_> = policies.iter().take(MOST_COMPARED).collect();
        let alternatives: Vec<_> =
            compared.iter().map(|policy| both(&policy.document.when, &view.order)).collect();
        for index in 0..compared.len() {
            shadowed(view, &compared, &alternatives, index, findings);
        }
        if compared.len() == policies.len() {
            left_over(view, set, &alternatives, findings);
        }
    }
    for promise in &view.promises {
        overrides(view, promise, findings);
    }
}

/// Every condition of the agreement, with its place.
pub(super) fn written<'d>(view: &View<'d>) -> Vec<(String, &'d ConditionDocument)> {
    let mut all = Vec::new();
    for policy in view.sets.iter().flatten() {
        all.push((below(&policy.pointer, "when"), &policy.document.when));
    }
    for promise in &view.promises {
        let clock = promise.clock;
        for (key, condition) in events(promise) {
            all.push((below(&promise.pointer, key), &condition.0));
        }
        let place = below(&promise.pointer, "overrides");
        for (index, written) in clock.overrides.iter().enumerate() {
            all.push((below(&item(&place, index), "when"), &written.when.state));
        }
    }
    let place = below(&view.base, "escalations");
    for (index, escalation) in view.document.escalations.iter().enumerate() {
        all.push((below(&item(&place, index), "when"), &escalation.when));
    }
    all
}

/// The conditions that a clock has of its own.
fn events<'d>(promise: &Promise<'d>) -> impl Iterator<Item = (&'static str, &'d EventCondition)> {
    let clock = promise.clock;
    let all = [
        ("start", &clock.start),
        ("stop", &clock.stop),
        ("pause", &clock.pause),
        ("reset", &clock.reset),
        ("cancel", &clock.cancel),
    ];
    all.into_iter().filter_map(|(key, condition)| Some((key, condition.as_ref()?)))
}

/// A policy that the ones before it leave no ticket.
fn shadowed(
    view: &View<'_>,
    policies: &[&PolicyView<'_>],
    alternatives: &[Option<Both<'_>>],
    index: usize,
    findings: &mut Findings,
) {
    let Some((policy, own)) = policies.get(index).zip(alternatives.get(index).and_then(Option::as_ref))
    else {
        return;
    };
    let before: Vec<_> = alternatives.iter().take(index).flatten().collect();
    if own.holds.is_empty() || any_beside(&own.holds, &before, &view.fuel) != Answer::None {
        return;
    }
    let alone = policies.iter().zip(alternatives).take(index).find(|(_, other)| {
        let other = other.as_ref();
        other.is_some_and(|other| any_beside(&own.holds, &[other], &view.fuel) == Answer::None)
    });
    let id = policy.document.id.as_str();
    let Some((other, other_condition)) = alone else {
        let message = ["`", id, "` never holds: the policies before it take all of its tickets"];
        return findings.push(Rule::Po01, &policy.pointer, &message, "move it up, or take it out");
    };
    let first = other.document.id.as_str();
    let same = other_condition
        .as_ref()
        .is_some_and(|other| any_beside(&other.holds, &[own], &view.fuel) == Answer::None);
    if same && other.document.clocks != policy.document.clocks {
        let message = ["`", first, "` and `", id, "` promise different things to the same tickets"];
        findings.push(
            Rule::Po03,
            &policy.pointer,
            &message,
            "keep one of them, or tell their conditions apart",
        );
    } else {
        let message = ["`", id, "` never holds: `", first, "` stands before it and takes all of its tickets"];
        findings.push(Rule::Po01, &policy.pointer, &message, "move it up, or take it out");
    }
}

/// Tickets that no policy of a set takes.
fn left_over(view: &View<'_>, set: usize, alternatives: &[Option<Both<'_>>], findings: &mut Findings) {
    let known: Vec<_> = alternatives.iter().flatten().collect();
    if known.len() < alternatives.len() || any_beside(&[Vec::new()], &known, &view.fuel) != Answer::Some {
        return;
    }
    let mend = "end the list with a policy whose condition is `{}`, if every ticket has a promise";
    let place = match view.document.policy_sets.as_ref().and_then(|sets| sets.0.get(set)) {
        Some((name, _)) => below(&below(&view.base, "policy_sets"), name),
        None => below(&view.base, "policies"),
    };
    findings.push(Rule::Po04, &place, &["some tickets match no policy, and so have no clocks"], mend);
}

/// Overrides that the policy's condition and the overrides before leave no ticket.
fn overrides(view: &View<'_>, promise: &Promise<'_>, findings: &mut Findings) {
    let written = &promise.clock.overrides;
    if written.is_empty() {
        return;
    }
    let Some(policy) = view.policy(promise) else { return };
    let day = |day: &str| Value::String(day.to_owned());
    let week: Vec<Value> = crate::calendar::DAY_NAMES.iter().map(|name| day(name)).collect();
    let some_day = vec![vec![Literal::is_in(STARTED_ON, week, true)]];
    let Some(of_policy) = alternatives(&policy.document.when, &view.order, true) else { return };
    let Some(of_policy) = super::logic::product(&of_policy, &some_day) else { return };
    let mut before: Vec<Both<'_>> = Vec::new();
    let place = below(&promise.pointer, "overrides");
    for (index, case) in written.iter().take(MOST_COMPARED).enumerate() {
        let days = case.when.started_on.iter();
        let days = days.map(|days| {
            let names = days.iter().map(|name| day(name.as_str())).collect();
            Literal::is_in(STARTED_ON, names, true)
        });
        let own = both(&case.when.state, &view.order);
        let Some(own) = own.and_then(|own| both_of_cube(own, days.collect())) else { continue };
        let here = item(&place, index);
        let known: Vec<_> = before.iter().collect();
        let reached = super::logic::product(&of_policy, &own.holds);
        if !own.holds.is_empty()
            && reached.is_some_and(|cubes| any_beside(&cubes, &known, &view.fuel) == Answer::None)
        {
            let message = "no ticket of this policy reaches this override";
            let mend = "move it before the overrides that hide it, or take it out";
            findings.push(Rule::Po05, &here, &[message], mend);
        }
        before.push(own);
    }
}

/// Priorities and statuses that do not exist.
fn names(view: &View<'_>, condition: &ConditionDocument, place: &str, findings: &mut Findings) {
    // `none_of: [one]` and `not: one` are the same condition in two spellings.
    let spelt = ["none_of", "not"].into_iter().filter(|key| {
        matches!(
            (view.at(&below(place, key)), *key),
            (Some(Node::List(_)), "none_of") | (Some(Node::Map(_)), "not")
        )
    });
    let mut spelt: Vec<&str> = spelt.collect();
    spelt.sort_by_key(|key| position(view, place, key));
    let mut spelt = spelt.into_iter();
    for test in &condition.all {
        let (key, conditions) = match test {
            Test::Field { field, matcher } => {
                let here = below(place, field);
                match field.as_str() {
                    "priority" => each_value(matcher, &mut |value| priority(view, value, &here, findings)),
                    "status" => each_value(matcher, &mut |value| status(view, value, &here, findings)),
                    _ => {}
                }
                continue;
            }
            Test::Event(_) => continue,
            Test::AnyOf(conditions) => ("any_of", conditions),
            Test::NoneOf(conditions) => (spelt.next().unwrap_or("none_of"), conditions),
        };
        let here = below(place, key);
        for (index, condition) in conditions.iter().enumerate() {
            let inner = if key == "not" { here.clone() } else { item(&here, index) };
            names(view, condition, &inner, findings);
        }
    }
}

/// Where a key stands within its map.
fn position(view: &View<'_>, place: &str, key: &str) -> Option<usize> {
    match view.at(place)? {
        Node::Map(entries) => entries.iter().position(|(known, _)| known == key),
        _ => None,
    }
}

fn each_value(matcher: &Matcher, with: &mut dyn FnMut(&str)) {
    match matcher {
        Matcher::OneOf(values) => values.iter().filter_map(Value::as_str).for_each(with),
        Matcher::Has(value) => value.as_str().into_iter().for_each(with),
        Matcher::Not(inner) => each_value(inner, with),
        // The document is refused when it does not know this one.
        Matcher::AtLeast(_) => {}
    }
}

fn priority(view: &View<'_>, name: &str, place: &str, findings: &mut Findings) {
    let known = &view.order.0;
    if !known.is_empty() && !known.iter().any(|known| known == name) {
        let list = known.iter().map(String::as_str);
        unknown(Rule::Nm01, name, "` is not in the order of priorities", list, place, findings);
    }
}

fn status(view: &View<'_>, name: &str, place: &str, findings: &mut Findings) {
    let known = &view.document.statuses.0;
    if !known.iter().any(|(known, _)| known == name) {
        let list = known.iter().map(|(known, _)| known.as_str());
        unknown(Rule::Nm02, name, "` is not mapped in `statuses`: it counts as open", list, place, findings);
    }
}

fn unknown<'v>(
    rule: Rule,
    name: &str,
    what: &str,
    known: impl Iterator<Item = &'v str>,
    place: &str,
    findings: &mut Findings,
) {
    let near = nearest(name, known);
    let mend = match near.first() {
        Some(near) => ["did you mean `", *near, "`?"].concat(),
        None => "list it there, or use one that is listed".to_owned(),
    };
    findings.push(rule, place, &["`", &shortened(name), what], &mend);
}
