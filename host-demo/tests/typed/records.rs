//! Between JSON and the records of the contract, written for the tests alone.

use serde_json::{Map, Value, json};
use slaclock_core::{Duration, Instant};
use slaclock_host::plugin::bindings::exports::slaclock::sla::engine::{
    Alert, Author, Clock, ClockState, Cycle, Delivery, Due, Evaluation, Event, EventKind, Exclude, Excuse,
    Extend, Field, FieldValue, Finding, Limit, LimitDue, LimitKind, Metric, Notice, Pause, PausedBy, Problem,
    Reply, SetPolicy, Severity, StopCause, Ticket,
};

/// What results may hold beside figures: keys, and words of keys that have only a few.
pub(crate) const MET: [&str; 57] = [
    "sets",
    "version",
    "set",
    "at_risk",
    "because",
    "stops",
    "earlier",
    "limits",
    "limit=counted",
    "limit=wall",
    "due_at=null",
    "due_if_resumed_now",
    "original_due_at=null",
    "consumed_bp=null",
    "breach_policy",
    "breach_target_ms",
    "corrected",
    "extended_ms",
    "excused",
    "reason",
    "party",
    "status",
    "condition",
    "excluded",
    "opens_at",
    "alerts",
    "threshold",
    "notify",
    "deliver_at",
    "deliver_at=null",
    "pointer",
    "next_change_at=null",
    "next_event_at=null",
    "policy=null",
    "metric=first_response",
    "metric=next_response",
    "metric=periodic_update",
    "metric=assignment",
    "metric=ownership",
    "metric=plan",
    "metric=resolution",
    "metric=requester_wait",
    "metric=agent_work",
    "metric=custom",
    "state=pending",
    "state=running",
    "state=paused",
    "state=outside_hours",
    "state=met",
    "state=breached",
    "state=cancelled",
    "stopped_by=reply",
    "stopped_by=resolved",
    "stopped_by=assigned",
    "stopped_by=handed_over",
    "stopped_by=condition",
    "stopped_by=reset",
];

/// The record of a ticket; `None` where JSON says something that no record can.
pub(crate) fn ticket(json: &Value) -> Option<Ticket> {
    let events = json.get("events").and_then(Value::as_array).cloned().unwrap_or_default();
    Some(Ticket {
        id: text(json.get("id"))?,
        created_at: ms(json.get("created_at"))?,
        reported_at: ms(json.get("reported_at")),
        detected_at: ms(json.get("detected_at")),
        occurred_at: ms(json.get("occurred_at")),
        fields: fields(json.get("fields").unwrap_or(&Value::Null)),
        events: events.iter().map(event).collect::<Option<_>>()?,
    })
}

fn text(json: Option<&Value>) -> Option<String> {
    json?.as_str().map(str::to_owned)
}

fn texts(json: Option<&Value>) -> Option<Vec<String>> {
    json.map_or(Some(Vec::new()), |list| list.as_array()?.iter().map(|item| text(Some(item))).collect())
}

fn ms(json: Option<&Value>) -> Option<i64> {
    Instant::parse(json?.as_str()?).ok().map(Instant::ms)
}

fn fields(json: &Value) -> Vec<Field> {
    let value = |value: &Value| match value {
        Value::String(text) => FieldValue::Text(text.clone()),
        other => FieldValue::Json(other.to_string()),
    };
    let entries = json.as_object().into_iter().flatten();
    entries.map(|(name, json)| Field { name: name.clone(), value: value(json) }).collect()
}

/// The kind of an event.
pub(crate) fn kind_of(event: &Value) -> Option<&str> {
    event.as_object()?.keys().map(String::as_str).find(|key| !["at", "id", "recorded_at"].contains(key))
}

fn event(json: &Value) -> Option<Event> {
    let key = kind_of(json)?;
    let body = &json[key];
    let kind = match key {
        "status" => EventKind::Status(body.as_str()?.to_owned()),
        "reply" => EventKind::Reply(Reply {
            by: match body.get("by")?.as_str()? {
                "agent" => Author::Agent,
                "requester" => Author::Requester,
                _ => Author::System,
            },
            public: body.get("public")?.as_bool()?,
            channel: text(body.get("channel")),
        }),
        "field" => EventKind::Fields(fields(body)),
        "pause" => {
            EventKind::Pause(Pause { party: text(body.get("party")), reason: text(body.get("reason")) })
        }
        "resume" => EventKind::Resume(text(body.get("party"))),
        "note" => EventKind::Note,
        "exclude" => EventKind::Exclude(Exclude {
            from: ms(body.get("from"))?,
            to: ms(body.get("to"))?,
            reason: text(body.get("reason")),
            party: text(body.get("party")),
            clocks: texts(body.get("clocks"))?,
        }),
        "extend" => EventKind::Extend(Extend {
            clock: text(body.get("clock"))?,
            by: Duration::parse(body.get("by")?.as_str()?).ok()?.ms(),
            reason: text(body.get("reason")),
        }),
        "excuse" => EventKind::Excuse(Excuse {
            clock: text(body.get("clock"))?,
            cycle: body.get("cycle").and_then(Value::as_u64).and_then(|cycle| u32::try_from(cycle).ok()),
            reason: text(body.get("reason")),
        }),
        "merge" => EventKind::Merge(text(body.get("into"))?),
        other => EventKind::Unknown(other.to_owned()),
    };
    Some(Event {
        at: ms(json.get("at"))?,
        id: text(json.get("id")),
        recorded_at: ms(json.get("recorded_at")),
        kind,
    })
}

fn iso(ms: i64) -> Value {
    Instant::from_ms(ms).map_or(Value::Null, |instant| json!(instant.to_string()))
}

pub(crate) fn problem(problem: Problem) -> Value {
    let Problem { code, message, pointer, mend } = problem;
    let mut json = json!({ "code": code, "message": message, "pointer": pointer });
    if let Some(mend) = mend {
        json["mend"] = json!(mend);
    }
    json
}

pub(crate) fn finding(finding: Finding) -> Value {
    let Finding { rule, severity, pointer, message, mend } = finding;
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    json!({ "rule": rule, "severity": severity, "pointer": pointer, "message": message, "mend": mend })
}

pub(crate) fn evaluation(evaluation: Evaluation) -> Value {
    let Evaluation { ticket, policy, sets, version, clocks, next_event_at, notices } = evaluation;
    let clocks: Vec<Value> = clocks.into_iter().map(clock).collect();
    let notices: Vec<Value> = notices.into_iter().map(notice).collect();
    let next_event_at = next_event_at.map_or(Value::Null, iso);
    let mut json = json!({
        "ticket": ticket, "policy": policy, "clocks": clocks, "next_event_at": next_event_at, "notices": notices,
    });
    if !sets.is_empty() {
        let set = |SetPolicy { set, policy }| json!({ "set": set, "policy": policy });
        json["sets"] = sets.into_iter().map(set).collect();
    }
    if let Some(version) = version {
        json["version"] = json!(version);
    }
    json
}

fn notice(notice: Notice) -> Value {
    let Notice { code, message, pointer } = notice;
    let mut json = json!({ "code": code, "message": message });
    if let Some(pointer) = pointer {
        json["pointer"] = json!(pointer);
    }
    json
}

fn clock(clock: Clock) -> Value {
    let Clock { metric, name, set, current, earlier } = clock;
    let whose = |cycle: Cycle| {
        let mut json = self::cycle(cycle);
        json["metric"] = json!(self::metric(metric));
        json["clock"] = json!(name);
        if let Some(set) = &set {
            json["set"] = json!(set);
        }
        json
    };
    let mut json = whose(current);
    if !earlier.is_empty() {
        json["earlier"] = earlier.into_iter().map(whose).collect();
    }
    json
}

fn cycle(cycle: Cycle) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| json.insert(key.to_owned(), value);
    put("cycle", json!(cycle.number));
    put("state", json!(state(cycle.state)));
    put("overdue", json!(cycle.overdue));
    cycle.at_risk.map(|threshold| put("at_risk", json!(threshold)));
    put("policy", json!(cycle.policy));
    put("calendar", json!(cycle.calendar));
    cycle.because.map(|because| put("because", json!(because)));
    cycle.started_at.map(|at| put("started_at", iso(at)));
    cycle.stopped_at.map(|at| put("stopped_at", iso(at)));
    cycle.stopped_by.map(|by| put("stopped_by", json!(cause(by))));
    if !cycle.stops.is_empty() {
        let stop =
            |at, by, reopened_at| json!({ "at": iso(at), "by": cause(by), "reopened_at": iso(reopened_at) });
        put(
            "stops",
            cycle.stops.iter().map(|undone| stop(undone.at, undone.by, undone.reopened_at)).collect(),
        );
    }
    put("elapsed_ms", json!(cycle.elapsed));
    put("wall_elapsed_ms", json!(cycle.wall_elapsed));
    put("target_ms", json!(cycle.target));
    put("remaining_ms", json!(cycle.remaining));
    put("consumed_bp", json!(cycle.consumed_bp));
    if !cycle.limits.is_empty() {
        put("limits", cycle.limits.iter().map(limit).collect());
    }
    match cycle.due {
        Due::At(at) => put("due_at", iso(at)),
        Due::Never => put("due_at", Value::Null),
        Due::IfResumedNow(at) => put("due_if_resumed_now", at.map_or(Value::Null, iso)),
    };
    put("original_due_at", cycle.original_due_at.map_or(Value::Null, iso));
    put("breached_at", cycle.breach.as_ref().map_or(Value::Null, |breach| iso(breach.at)));
    if let Some(breach) = cycle.breach {
        put("breach_policy", json!(breach.policy));
        put("breach_target_ms", json!(breach.target));
    }
    if cycle.corrected {
        put("corrected", json!(true));
    }
    cycle.extended.map(|by| put("extended_ms", json!(by)));
    if let Some(excused) = cycle.excused {
        let mut json = json!({ "at": iso(excused.at) });
        if let Some(reason) = excused.reason {
            json["reason"] = json!(reason);
        }
        put("excused", json);
    }
    cycle.paused_by.map(|by| put("paused_by", paused_by(by)));
    cycle.opens_at.map(|at| put("opens_at", iso(at)));
    if !cycle.alerts.is_empty() {
        put("alerts", cycle.alerts.into_iter().map(alert).collect());
    }
    put("rate", json!(cycle.rate));
    put("next_change_at", cycle.next_change_at.map_or(Value::Null, iso));
    Value::Object(json)
}

fn paused_by(by: PausedBy) -> Value {
    let mut json = json!({ "since": iso(by.since) });
    let texts = [("party", by.party), ("reason", by.reason), ("status", by.status)];
    for (key, text) in texts {
        if let Some(text) = text {
            json[key] = json!(text);
        }
    }
    for (key, is) in [("condition", by.condition), ("excluded", by.excluded)] {
        if is {
            json[key] = json!(true);
        }
    }
    json
}

fn limit(limit: &Limit) -> Value {
    let word = match limit.kind {
        LimitKind::Counted => "counted",
        LimitKind::Wall => "wall",
    };
    let mut json = json!({
        "limit": word, "elapsed_ms": limit.elapsed, "target_ms": limit.target, "remaining_ms": limit.remaining,
    });
    match limit.due {
        LimitDue::At(at) => json["due_at"] = iso(at),
        LimitDue::Never => json["due_at"] = Value::Null,
        LimitDue::Paused => {}
    }
    json
}

fn alert(alert: Alert) -> Value {
    let Alert { id, threshold, at, notify, delivery } = alert;
    let mut json = json!({ "id": id, "threshold": threshold, "at": iso(at) });
    if let Some(notify) = notify {
        json["notify"] = json!(notify);
    }
    match delivery {
        Delivery::Immediate => {}
        Delivery::Held(at) => json["deliver_at"] = iso(at),
        Delivery::Never => json["deliver_at"] = Value::Null,
    }
    json
}

fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstResponse => "first_response",
        Metric::NextResponse => "next_response",
        Metric::PeriodicUpdate => "periodic_update",
        Metric::Assignment => "assignment",
        Metric::Ownership => "ownership",
        Metric::Plan => "plan",
        Metric::Resolution => "resolution",
        Metric::RequesterWait => "requester_wait",
        Metric::AgentWork => "agent_work",
        Metric::Custom => "custom",
    }
}

fn state(state: ClockState) -> &'static str {
    match state {
        ClockState::Pending => "pending",
        ClockState::Running => "running",
        ClockState::Paused => "paused",
        ClockState::OutsideHours => "outside_hours",
        ClockState::Met => "met",
        ClockState::Breached => "breached",
        ClockState::Cancelled => "cancelled",
    }
}

fn cause(cause: StopCause) -> &'static str {
    match cause {
        StopCause::Reply => "reply",
        StopCause::Resolved => "resolved",
        StopCause::Assigned => "assigned",
        StopCause::HandedOver => "handed_over",
        StopCause::Condition => "condition",
        StopCause::Reset => "reset",
    }
}
