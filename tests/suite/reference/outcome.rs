//! What the reference says about a ticket at `now`, in the keys of the canonical result.

use serde_json::{Map, Value, json};

use super::MINUTE;
use super::cycle::Cycle;
use super::document::Agreement;
use super::machine::Clock;
use super::ticket::{Pause, Update, updates};
use super::wall::text_of;

/// Evaluates one ticket. The keys given are a subset of the engine's.
pub(crate) fn evaluate(document: &Value, ticket: &Value, now: i64) -> Value {
    let agreement = Agreement::of(document);
    let updates = updates(&agreement, ticket, now);
    let last = updates.last().expect("creation");
    let clocks = ["first_response", "resolution"].map(|metric| {
        let clock = Clock::run(&agreement, metric, &updates, now);
        clock_object(&agreement, &clock, last, now)
    });
    json!({"ticket": ticket["id"], "clocks": clocks.into_iter().flatten().collect::<Vec<_>>()})
}

/// `None` while no policy with the metric has ever held: no target, no clock.
fn clock_object(agreement: &Agreement<'_>, clock: &Clock<'_, '_>, last: &Update, now: i64) -> Option<Value> {
    clock.cycle.last_rule.as_ref()?;
    let paused = clock.pauses(last).then(|| &last.pauses[0]);
    let judge = |(index, cycle): (usize, &Cycle)| cycle_object(agreement, cycle, index + 1, paused, now);
    let mut object = judge((clock.earlier.len(), &clock.cycle));
    object.insert("metric".to_owned(), json!(clock.metric));
    // A cycle that no policy ever judged is not told.
    let judged = |(_, cycle): &(usize, &Cycle)| cycle.last_rule.is_some();
    let earlier: Vec<_> = clock.earlier.iter().enumerate().filter(judged).map(judge).collect();
    if !earlier.is_empty() {
        object.insert("earlier".to_owned(), json!(earlier));
    }
    Some(Value::Object(object))
}

fn cycle_object(
    agreement: &Agreement<'_>,
    cycle: &Cycle,
    number: usize,
    paused: Option<&Pause>,
    now: i64,
) -> Map<String, Value> {
    let rule = cycle.last_rule.as_ref().expect("a rule");
    let open = agreement.is_open(&rule.calendar, now.div_euclid(MINUTE) * MINUTE);
    let state = state(cycle, paused, open);
    let stop = cycle.stop.filter(|_| cycle.left.is_none());
    let end = cycle.left.or(stop.map(|(at, _)| at)).or(cycle.ended).unwrap_or(now);
    let mut object = json!({
        "cycle": number,
        "state": state,
        "overdue": cycle.used > rule.target,
        "policy": rule.policy,
        "calendar": rule.calendar,
        "started_at": text_of(cycle.start),
        "elapsed_ms": cycle.used,
        "wall_elapsed_ms": end - cycle.start,
        "target_ms": rule.target,
        "remaining_ms": rule.target - cycle.used,
        "consumed_bp": cycle.used * 10_000 / rule.target,
        "original_due_at": cycle.original_due.map(text_of),
        "breached_at": cycle.breach.as_ref().map(|breach| text_of(breach.at)),
        "rate": i64::from(state == "running"),
    });
    let keys = object.as_object_mut().expect("an object");
    if state == "paused" && cycle.reached.is_none() {
        keys.insert("due_if_resumed_now".to_owned(), json!(cycle.due_from(agreement, now).map(text_of)));
    } else {
        let due = cycle.reached.or_else(|| cycle.due_from(agreement, end));
        keys.insert("due_at".to_owned(), json!(due.map(text_of)));
    }
    if let Some((at, by)) = stop {
        keys.insert("stopped_at".to_owned(), json!(text_of(at)));
        keys.insert("stopped_by".to_owned(), json!(by));
    }
    if let Some(breach) = &cycle.breach {
        keys.insert("breach_policy".to_owned(), json!(breach.policy));
        keys.insert("breach_target_ms".to_owned(), json!(breach.target));
    }
    if !cycle.stops.is_empty() {
        let undone = cycle.stops.iter();
        let undone = undone.map(
            |stop| json!({"at": text_of(stop.at), "by": stop.by, "reopened_at": text_of(stop.reopened_at)}),
        );
        keys.insert("stops".to_owned(), json!(undone.collect::<Vec<_>>()));
    }
    if let (Some(pause), "paused") = (paused, state) {
        let mut by = json!({"since": text_of(pause.since)});
        if let Some(party) = &pause.party {
            by["party"] = json!(party);
        }
        keys.insert("paused_by".to_owned(), by);
    }
    keys.clone()
}

fn state(cycle: &Cycle, paused: Option<&Pause>, open: bool) -> &'static str {
    // Nobody promises it any more, or it was begun anew: what happened since then is not judged.
    let abandoned = cycle.left.is_some() || cycle.ended.is_some();
    match (&cycle.stop, &cycle.breach) {
        (_, None) if abandoned => "cancelled",
        (_, Some(_)) if abandoned => "breached",
        (Some(_), None) => "met",
        (Some(_), Some(_)) => "breached",
        _ if paused.is_some() => "paused",
        _ if open => "running",
        _ => "outside_hours",
    }
}
