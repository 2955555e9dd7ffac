//! Alerts and the steps of escalations: in order, in time, and at all.

use core::cmp::Ordering;

use crate::agreement::{EscalationDocument, Point, Within};
use crate::duration::Duration;

use super::logic::{alternatives, product};
use super::view::{Promise, View, below, item};
use super::{Findings, Rule};

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    for promise in &view.promises {
        let place = below(&promise.pointer, "alerts");
        for (index, alert) in promise.clock.alerts.iter().enumerate() {
            let dropped = targets(promise).into_iter().find(|target| never_comes(alert.point, *target));
            if let Some(target) = dropped {
                let message = never_message(&alert.text, promise.name, target);
                findings.push(Rule::Ef01, &item(&place, index), &[&message], MEND);
            }
        }
    }
    let place = below(&view.base, "escalations");
    for (index, escalation) in view.document.escalations.iter().enumerate() {
        steps(view, escalation, &item(&place, index), findings);
    }
}

const MEND: &str = "use less time, or a percentage";

/// The targets in counted time that a clock may have.
fn targets(promise: &Promise<'_>) -> Vec<Within> {
    let clock = promise.clock;
    clock
        .within
        .iter()
        .chain(clock.overrides.iter().filter_map(|case| case.within.as_ref()))
        .copied()
        .collect()
}

/// Whether so much time before the due time lies before the start, under both limits.
fn never_comes(point: Point, target: Within) -> bool {
    let Point::Before(lead) = point else { return false };
    lead >= target.counted && target.wall.is_none_or(|wall| lead >= wall)
}

fn never_message(alert: &str, clock: &str, target: Within) -> String {
    let target = duration(target.counted);
    ["`", alert, "` never comes: the target of `", clock, "` is ", &target].concat()
}

fn steps(view: &View<'_>, escalation: &EscalationDocument, place: &str, findings: &mut Findings) {
    let place = below(place, "steps");
    let concerned: Vec<_> =
        view.promises.iter().filter(|promise| concerns(view, escalation, promise)).collect();
    let mut known: Vec<Within> = concerned.iter().flat_map(|promise| targets(promise)).collect();
    known.sort_by_key(|target| (target.counted, target.wall));
    known.dedup();
    for (index, step) in escalation.steps.iter().enumerate() {
        let here = item(&place, index);
        let number = index.saturating_add(1).to_string();
        let before = index.checked_sub(1).and_then(|before| escalation.steps.get(before));
        // Two people may be told at one time.
        let disorder = before.is_some_and(|before| {
            let order = order(before.at.point, step.at.point, &known);
            order == Some(Ordering::Greater) || order == Some(Ordering::Equal) && before.notify == step.notify
        });
        if disorder {
            let earlier = before.map_or("", |before| before.at.text.as_str());
            let message = ["step ", &number, ", `", &step.at.text, "`, does not come after `", earlier, "`"];
            findings.push(Rule::Cn04, &here, &message, "put the steps in the order in which they come");
        }
        if index == 0 && rank(step.at.point) > DUE && !warned(view, escalation) {
            let message = ["step 1, `", &step.at.text, "`, comes after the breach: nobody is told in time"];
            findings.push(Rule::Cn04, &here, &message, "add a step before the due time, such as `80%`");
        }
        let dropped = concerned.iter().find_map(|promise| {
            let target = targets(promise).into_iter().find(|target| never_comes(step.at.point, *target))?;
            Some(never_message(&step.at.text, promise.name, target))
        });
        if let Some(message) = dropped {
            findings.push(Rule::Ef01, &here, &[&message], MEND);
        }
    }
}

/// Whether some ticket of a clock's policy is one of the escalation's.
fn concerns(view: &View<'_>, escalation: &EscalationDocument, promise: &Promise<'_>) -> bool {
    if promise.name != escalation.clock {
        return false;
    }
    let of = |condition| alternatives(condition, &view.order, true);
    let both = view.policy(promise).and_then(|policy| of(&policy.document.when)).zip(of(&escalation.when));
    both.and_then(|(policy, own)| product(&policy, &own)).is_none_or(|together| !together.is_empty())
}

/// Whether another escalation of the clock tells somebody in time.
fn warned(view: &View<'_>, escalation: &EscalationDocument) -> bool {
    let of_clock = view.document.escalations.iter().filter(|other| other.clock == escalation.clock);
    of_clock.flat_map(|other| &other.steps).any(|step| rank(step.at.point) <= DUE)
}

const DUE: u8 = 1;

/// Before, at, just after or long after the due time.
fn rank(point: Point) -> u8 {
    match point {
        Point::Before(_) => 0,
        Point::Percent(percent) if percent < 100 => 0,
        Point::Percent(100) | Point::Due => DUE,
        Point::Breach => 2,
        Point::Percent(_) | Point::After(_) => 3,
    }
}

/// Which of two points comes first, whatever the target or for one that is known; `None` where that depends.
fn order(one: Point, other: Point, targets: &[Within]) -> Option<Ordering> {
    let general = match (one, other) {
        (Point::Percent(one), Point::Percent(other)) => Some(one.cmp(&other)),
        (Point::Before(one), Point::Before(other)) => Some(other.cmp(&one)),
        (Point::After(one), Point::After(other)) => Some(one.cmp(&other)),
        _ if rank(one) != rank(other) || rank(one) == DUE || rank(one) == 2 => {
            Some(rank(one).cmp(&rank(other)))
        }
        _ => None,
    };
    if general.is_some() {
        return general;
    }
    let orders = targets.iter().filter(|target| !never_comes(one, **target) && !never_comes(other, **target));
    // The worst of them: out of order for one target is out of order.
    orders.map(|target| place(one, target.counted.ms()).cmp(&place(other, target.counted.ms()))).max()
}

/// Counted time from the start at which a point comes.
fn place(point: Point, target: i64) -> i64 {
    match point {
        Point::Percent(percent) => {
            let part =
                i128::from(target).saturating_mul(i128::from(percent)).saturating_add(99).div_euclid(100);
            i64::try_from(part).unwrap_or(i64::MAX)
        }
        Point::Before(lead) => target.saturating_sub(lead.ms()),
        Point::Due => target,
        Point::Breach => target.saturating_add(1),
        Point::After(late) => target.saturating_add(late.ms()),
    }
}

/// A duration as a document writes it.
fn duration(duration: Duration) -> String {
    let mut left = duration.ms();
    let mut text = String::new();
    for (unit, ms) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1_i64)] {
        let count = left.div_euclid(ms);
        left = left.rem_euclid(ms);
        if count > 0 {
            text.push_str(&count.to_string());
            text.push_str(unit);
        }
    }
    text
}
