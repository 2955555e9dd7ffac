//! Smaller parts of a result: what was undone, corrected, or holds a clock at present.

use serde_json::{Map, Value, json};

use super::agreement::{Agreement, or_null};
use super::cycle::{Breach, Cycle};
use super::life::Life;
use super::machine::Machine;
use super::predict::Ahead;
use super::wall::text_of;

/// Keys that tell what happened to the cycle on its way.
pub(super) fn history(cycle: &Cycle<'_>, keys: &mut Map<String, Value>) {
    if let Some(breach) = &cycle.breach {
        keys.insert("breach_policy".to_owned(), json!(breach.policy));
        keys.insert("breach_target_ms".to_owned(), or_null(breach.target));
    }
    if !cycle.stops.is_empty() {
        let undone = cycle.stops.iter();
        let undone = undone.map(
            |stop| json!({"at": text_of(stop.at), "by": stop.by, "reopened_at": text_of(stop.reopened_at)}),
        );
        keys.insert("stops".to_owned(), undone.collect());
    }
    if cycle.extended > 0 {
        keys.insert("extended_ms".to_owned(), json!(cycle.extended));
    }
    if let Some((at, reason)) = &cycle.excused {
        let mut excused = json!({"at": text_of(*at)});
        if let Some(reason) = reason {
            excused["reason"] = reason.clone();
        }
        keys.insert("excused".to_owned(), excused);
    }
}

/// Both limits, the counted one first.
pub(super) fn limits(cycle: &Cycle<'_>, predicted: &Ahead<'_>, paused: bool) -> Value {
    let goal = cycle.goal.as_ref().expect("a goal");
    let limit = |(index, limit): (usize, &super::goal::Limit)| {
        let used = if limit.wall { cycle.wall_used } else { cycle.used };
        let mut object = json!({
            "limit": if limit.wall { "wall" } else { "counted" },
            "elapsed_ms": used,
            "target_ms": limit.target,
            "remaining_ms": limit.target - used,
        });
        if !paused || limit.reached.is_some() {
            object["due_at"] = or_null(predicted.limits[index].map(text_of));
        }
        object
    };
    goal.limits.iter().enumerate().map(limit).collect()
}

/// What holds the present cycle.
pub(super) fn paused_by(machine: &Machine<'_>) -> Value {
    if let Some(pause) = machine.pause_in_force() {
        let mut by = json!({"since": text_of(pause.since)});
        if pause.own {
            by["condition"] = json!(true);
        }
        let party = pause.party.map(Value::from);
        for (key, value) in [("party", party), ("status", pause.status), ("reason", pause.reason)] {
            if let Some(value) = value {
                by[key] = value;
            }
        }
        return by;
    }
    let Some(exclusion) = machine.life.excluded(machine.clock, machine.at) else { return json!(null) };
    let mut by = json!({"since": text_of(exclusion.from), "excluded": true});
    for key in ["party", "reason"] {
        if let Some(value) = exclusion.event.get(key) {
            by[key] = value.clone();
        }
    }
    by
}

/// What is compared to see whether a finished cycle was corrected.
fn figures(machine: &Machine<'_>, cycle: &Cycle<'_>) -> Value {
    let goal = cycle.goal.as_ref();
    let breach = |breach: &Breach| json!([breach.at, breach.policy, breach.target]);
    json!([
        machine.state(cycle),
        cycle.used,
        // Real time shows only beside a limit of it.
        goal.filter(|goal| goal.limits.len() > 1).map(|_| cycle.wall_used),
        goal.map(|goal| goal.limits.iter().map(|limit| limit.target).collect::<Vec<_>>()),
        goal.and_then(|goal| goal.date.as_ref()).map(|date| (date.due, date.target)),
        goal.map(|goal| (goal.term.policy, goal.term.calendar_name, goal.term.exception.clone())),
        cycle.breach.as_ref().map(breach),
    ])
}

/// Whether a finished cycle reads otherwise than it did at its end: an exclusion told later, or a policy that
/// took over retroactively.
pub(super) fn corrected(
    agreement: &Agreement,
    (ticket, known_at): (&Value, Option<i64>),
    machine: &Machine<'_>,
    cycle: &Cycle<'_>,
    retroactive: Option<i64>,
) -> bool {
    let Some(end) = cycle.end() else { return false };
    let excluded_later = machine.life.exclusions.iter().any(|exclusion| exclusion.told_at > end);
    if !excluded_later && retroactive.is_none_or(|at| at <= end) {
        return false;
    }
    let life = Life::of(agreement, ticket, end, known_at);
    let (then, _) = Machine::run(&life, machine.clock, end);
    let before = then.cycles.iter().find(|before| before.number == cycle.number);
    before.is_none_or(|before| figures(&then, before) != figures(machine, cycle))
}
