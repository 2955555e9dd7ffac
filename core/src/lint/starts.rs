//! Clocks that cannot run: on calendars that never open, or ended and paused as they start.

use crate::agreement::Meaning;
use crate::instant::Instant;
use crate::policy::{EventCondition, EventTest};
use serde_json::Value;

use super::logic::{Answer, Cube, Literal, alternatives, any_beside, both};
use super::view::{Promise, View, below, item, names_of};
use super::{Findings, Rule};

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    for promise in &view.promises {
        never_open(view, promise, findings);
        never_runs(view, promise, findings);
    }
}

/// The instant from which a calendar must open again.
pub(super) fn from_today(view: &View<'_>) -> Instant {
    Instant::clamped(view.today.day().saturating_mul(crate::instant::DAY_MS))
}

fn never_open(view: &View<'_>, promise: &Promise<'_>, findings: &mut Findings) {
    let closed = |name: &str| {
        view.calendar(name).is_some_and(|calendar| calendar.next_open(from_today(view)).is_none())
    };
    let mut say = |place: &str, name: &str| {
        let message =
            ["`", promise.name, "` counts on `", name, "`, which never opens: no hours are defined"];
        findings.push(Rule::Cl02, place, &message, "give the calendar hours, or name another one");
    };
    let place = below(&promise.pointer, "calendar");
    let choice = names_of(&promise.clock.calendar);
    let alone = choice.len() == 1;
    // `never`, chosen for some tickets, says that nothing is promised to them.
    for (below_it, name) in choice.into_iter().filter(|(_, name)| alone || *name != "never") {
        if closed(name) {
            say(&[&*place, &*below_it].concat(), name);
        }
    }
    let place = below(&promise.pointer, "overrides");
    for (index, case) in promise.clock.overrides.iter().enumerate() {
        for (below_it, name) in case.calendar.iter().flat_map(names_of).filter(|(_, name)| *name != "never") {
            if closed(name) {
                say(&[&*below(&item(&place, index), "calendar"), &*below_it].concat(), name);
            }
        }
    }
}

fn never_runs(view: &View<'_>, promise: &Promise<'_>, findings: &mut Findings) {
    let clock = promise.clock;
    // What starts a clock is written in the first policy that has it, and holds for the others.
    let mut known = view.promises.iter();
    let first = known.find(|known| known.set == promise.set && known.name == promise.name);
    let start = first.and_then(|first| first.clock.start.as_ref());
    let created = EventTest::created();
    let begins: Vec<Cube<'_>> = match start {
        Some(start) => match alternatives(&start.0, &view.order, true) {
            Some(cubes) if !cubes.is_empty() => cubes,
            _ => return,
        },
        None if promise.metric.starts_with_ticket() || promise.metric == crate::clock::Metric::Custom => {
            vec![vec![Literal::happened(&created)]]
        }
        None => return,
    };
    let covered = |condition: &EventCondition| {
        let own = both(&condition.0, &view.order);
        own.is_some_and(|own| any_beside(&begins, &[&own], &view.fuel) == Answer::None)
    };
    for (key, condition) in [("stop", &clock.stop), ("cancel", &clock.cancel)] {
        if condition.as_ref().is_some_and(&covered) {
            let message = ["`", promise.name, "` would never run: its `", key, "` holds whenever it starts"];
            let mend = "let the two conditions exclude each other";
            findings.push(Rule::Cn05, &below(&promise.pointer, key), &message, mend);
        }
    }
    if clock.pause.as_ref().is_some_and(&covered) {
        let message = ["`", promise.name, "` is paused as soon as it starts"];
        let mend = "let the two conditions exclude each other";
        findings.push(Rule::Cn05, &below(&promise.pointer, "pause"), &message, mend);
    } else if start.is_some() && paused_by_status(view, promise, &begins) {
        let message = ["`", promise.name, "` starts in statuses that pause it"];
        let mend = "set `pauses: none`, or start it in another status";
        findings.push(Rule::Cn05, &promise.pointer, &message, mend);
    }
}

/// Whether it starts in no status but those that pause it.
fn paused_by_status(view: &View<'_>, promise: &Promise<'_>, begins: &[Cube<'_>]) -> bool {
    let pauses = promise.clock.pauses(view.document.like, promise.metric);
    let pausing = view.document.statuses.0.iter().filter_map(|(status, meaning)| match meaning {
        Meaning::Pause { party } if pauses.holds(Some(party)) => Some(Value::String(status.clone())),
        _ => None,
    });
    let other = vec![Literal::is_in("status", pausing.collect(), false)];
    let left = super::logic::product(begins, &[other]);
    left.is_some_and(|left| left.is_empty())
}
