//! Promises that contradict one another: compared by when they are due, over a week, for tickets made up to fit.

use std::borrow::Cow;

use serde_json::Value;

use crate::agreement::CalendarChoice;
use crate::clock::Metric;
use crate::policy::Fields;

use super::view::{MOST_COMPARED, PolicyView, Promise, View};
use super::week::{Promised, Week, first_wrong};
use super::{Findings, Rule, witness};

/// What one comparison takes of the fuel.
const COST: usize = 10_000;

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    let week = Week::of(view);
    for (set, policies) in view.sets.iter().enumerate() {
        for (index, policy) in policies.iter().enumerate().take(MOST_COMPARED) {
            let of = |metric| {
                let mut promises = view.promises.iter();
                promises
                    .find(|promise| promise.set == set && promise.policy == index && promise.metric == metric)
            };
            let Some(resolution) = of(Metric::Resolution) else { continue };
            if let Some(response) = of(Metric::FirstResponse) {
                within(view, &week, policy, response, resolution, Rule::Cn01, findings);
            }
            if let Some(update) = of(Metric::PeriodicUpdate) {
                within(view, &week, policy, update, resolution, Rule::Cn02, findings);
            }
        }
        priorities(view, &week, set, policies, findings);
    }
}

/// Tickets that a policy may take, so that each of its overrides and calendars is met.
fn tickets(view: &View<'_>, policy: &PolicyView<'_>, promises: &[&Promise<'_>]) -> Vec<Fields<'static>> {
    let plain = witness::ticket(view, &policy.document.when).unwrap_or_default();
    let mut all = vec![plain.clone()];
    for clock in promises.iter().map(|promise| promise.clock) {
        let choices =
            clock.overrides.iter().filter_map(|case| case.calendar.as_ref()).chain([&clock.calendar]);
        for choice in choices {
            if let CalendarChoice::ByField { by, map, .. } = choice {
                all.extend(map.iter().map(|(value, _)| {
                    let mut fields = plain.clone();
                    fields.insert(by.clone(), Cow::Owned(Value::String(value.clone())));
                    fields
                }));
            }
        }
        for case in &clock.overrides {
            let mut fields = plain.clone();
            if witness::fit(view, &case.when.state, &mut fields) {
                all.push(fields);
            }
        }
    }
    // What was changed may have led out of the policy; the plain ticket is kept for want of a better one.
    let mut kept = 0_usize;
    all.retain(|fields| {
        kept = kept.saturating_add(1);
        kept == 1 || policy.when.holds(fields)
    });
    all.dedup();
    all
}

/// Two promises of one policy.
fn within(
    view: &View<'_>,
    week: &Week,
    policy: &PolicyView<'_>,
    early: &Promise<'_>,
    late: &Promise<'_>,
    rule: Rule,
    findings: &mut Findings,
) {
    for fields in tickets(view, policy, &[early, late]) {
        let promised = Promised::of(view, early, &fields).zip(Promised::of(view, late, &fields));
        let Some((first, last)) = promised.filter(|_| view.fuel.burn(COST)) else { continue };
        let wrong = if rule == Rule::Cn01 { |first, last| last < first } else { |first, last| last <= first };
        let Some([start, first, last]) = first_wrong(week, &first, &last, wrong) else { continue };
        let id = policy.document.id.as_str();
        let what = if rule == Rule::Cn01 {
            ["` is due before `", early.name, "`"]
        } else {
            ["` is due no later than the first `", early.name, "`"]
        };
        let example = [": a ticket of ", &start, " has ", &last, " and ", &first].concat();
        let message = [&["`", id, "`: `", late.name].concat(), &what.concat(), &*example].concat();
        let mend = "give the later step more time, or let both count on one calendar";
        return findings.push(rule, &late.pointer, &[&message], mend);
    }
}

/// Tickets that differ in priority alone, and what each is promised.
fn priorities(
    view: &View<'_>,
    week: &Week,
    set: usize,
    policies: &[PolicyView<'_>],
    findings: &mut Findings,
) {
    let mut bases: Vec<Fields<'static>> = vec![Fields::new()];
    for policy in policies.iter().take(MOST_COMPARED) {
        let mut fields = witness::ticket(view, &policy.document.when).unwrap_or_default();
        fields.remove("priority");
        if !bases.contains(&fields) {
            bases.push(fields);
        }
    }
    let mut seen: Vec<(usize, usize)> = Vec::new();
    for base in bases {
        let mut above: Vec<(&str, usize, Fields<'static>)> = Vec::new();
        for priority in &view.order.0 {
            // Asking every policy costs what reading them does.
            if !view.fuel.burn(view.size.saturating_add(seen.len())) {
                return;
            }
            let mut fields = base.clone();
            fields.insert("priority".to_owned(), Cow::Owned(Value::String(priority.clone())));
            let Some(taken) = policies.iter().position(|policy| policy.when.holds(&fields)) else { continue };
            for (higher, policy, known) in &above {
                if *policy != taken && !seen.contains(&(*policy, taken)) {
                    seen.push((*policy, taken));
                    slower(view, week, set, [(higher, *policy, known), (priority, taken, &fields)], findings);
                }
            }
            above.push((priority, taken, fields));
        }
    }
}

/// A priority, the policy that takes its ticket, and that ticket.
type Taken<'t> = (&'t str, usize, &'t Fields<'static>);

fn slower(view: &View<'_>, week: &Week, set: usize, two: [Taken<'_>; 2], findings: &mut Findings) {
    let [(higher, policy, fields), (lower, other, other_fields)] = two;
    if !view.fuel.burn(view.promises.len()) {
        return;
    }
    for promise in view.promises.iter().filter(|promise| promise.set == set && promise.policy == policy) {
        let same =
            |known: &&Promise<'_>| known.set == set && known.policy == other && known.name == promise.name;
        let Some(beside) = view.promises.iter().find(same).filter(|_| view.fuel.burn(view.promises.len()))
        else {
            continue;
        };
        let promised = Promised::of(view, promise, fields).zip(Promised::of(view, beside, other_fields));
        let Some((urgent, less)) = promised.filter(|_| view.fuel.burn(COST)) else { continue };
        let Some([start, late, early]) = first_wrong(week, &urgent, &less, |urgent, less| urgent > less)
        else {
            continue;
        };
        let message = [
            "`",
            higher,
            "` is slower than `",
            lower,
            "`: `",
            promise.name,
            "` of a ticket of ",
            &start,
            " is due ",
            &late,
            ", and ",
            &early,
            " for `",
            lower,
            "`",
        ];
        let mend = "give the more urgent priority less time, or a calendar with more hours";
        findings.push(Rule::Cn03, &promise.pointer, &message, mend);
    }
}
