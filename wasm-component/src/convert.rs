//! Between the records of the WIT and the types of core, case by case: a case added on either side stops the build.

use std::mem::take;

use crate::bindings::exports::slaclock::sla::engine as wit;
use slaclock_core as core;
use slaclock_core::clock::{Alert, ClockResult, Excused, Limit, LimitKind, PausedBy, StopCause, UndoneStop};
use slaclock_core::ticket::{Author, Event, EventKind, Exclude, Excuse, Extend, Merge, Pause, Reply, Resume};

pub(crate) fn problem(problem: core::Problem) -> wit::Problem {
    let core::Problem { code, message, pointer, mend } = problem;
    wit::Problem { code: code.to_string(), message, pointer, mend }
}

pub(crate) fn problems(problems: Vec<core::Problem>) -> Vec<wit::Problem> {
    problems.into_iter().map(problem).collect()
}

pub(crate) fn findings(findings: Vec<core::lint::Finding>) -> Vec<wit::Finding> {
    findings.into_iter().map(finding).collect()
}

fn finding(finding: core::lint::Finding) -> wit::Finding {
    let core::lint::Finding { rule, severity, pointer, message, mend } = finding;
    let severity = match severity {
        core::lint::Severity::Error => wit::Severity::Error,
        core::lint::Severity::Warning => wit::Severity::Warning,
        core::lint::Severity::Note => wit::Severity::Note,
    };
    wit::Finding { rule: rule.to_string(), severity, pointer, message, mend }
}

/// An instant of an argument or record; `place` is its JSON pointer or the argument's name.
pub(crate) fn instant(ms: i64, place: &str) -> Result<core::Instant, wit::Problem> {
    core::Instant::from_ms_at(ms, place).map_err(problem)
}

/// A length of time that may not be negative.
pub(crate) fn duration(ms: i64, place: &str) -> Result<core::Duration, wit::Problem> {
    core::Duration::from_ms_at(ms, place).map_err(problem)
}

fn optional(ms: Option<i64>, place: &str) -> Result<Option<core::Instant>, wit::Problem> {
    ms.map(|ms| instant(ms, place)).transpose()
}

pub(crate) fn options(options: wit::Options) -> Result<core::Options, wit::Problem> {
    let wit::Options { now, known_at } = options;
    Ok(core::Options { now: instant(now, "now")?, known_at: optional(known_at, "known-at")? })
}

/// What is large is converted where it lies: in Wasmtime, copying more than 64 bytes is a call of its own.
pub(crate) fn ticket(ticket: wit::Ticket) -> Result<core::Ticket, wit::Problem> {
    let wit::Ticket { id, created_at, reported_at, detected_at, occurred_at, fields, events: mut given } =
        ticket;
    let mut events = Vec::with_capacity(given.len());
    for (index, event) in given.iter_mut().enumerate() {
        let wit::Event { at, id, recorded_at, kind } = event;
        let place = |key: &str| format!("/events/{index}/{key}");
        // Writing the places out for all events would cost more than evaluating the ticket.
        let instant = |ms, key| core::Instant::from_ms(ms).map_or_else(|| instant(ms, &place(key)), Ok);
        events.push(Event {
            at: instant(*at, "at")?,
            id: id.take(),
            recorded_at: recorded_at.map(|ms| instant(ms, "recorded_at")).transpose()?,
            kind: event_kind(kind, place)?,
        });
    }
    Ok(core::Ticket {
        id,
        created_at: instant(created_at, "/created_at")?,
        reported_at: optional(reported_at, "/reported_at")?,
        detected_at: optional(detected_at, "/detected_at")?,
        occurred_at: optional(occurred_at, "/occurred_at")?,
        fields: self::fields(fields, |name| format!("/fields/{name}"))?,
        events,
    })
}

/// What an event says, taken out of it; `place` tells where a key of it lies.
fn event_kind(kind: &mut wit::EventKind, place: impl Fn(&str) -> String) -> Result<EventKind, wit::Problem> {
    Ok(match kind {
        wit::EventKind::Status(status) => EventKind::Status(take(status)),
        wit::EventKind::Reply(wit::Reply { by, public, channel }) => {
            EventKind::Reply(Reply { by: author(*by), public: *public, channel: take(channel) })
        }
        wit::EventKind::Fields(list) => {
            EventKind::Fields(fields(take(list), |name| place(&format!("field/{name}")))?)
        }
        wit::EventKind::Pause(wit::Pause { party, reason }) => {
            EventKind::Pause(Pause { party: take(party), reason: take(reason) })
        }
        wit::EventKind::Resume(party) => EventKind::Resume(Resume { party: take(party) }),
        wit::EventKind::Exclude(wit::Exclude { from, to, reason, party, clocks }) => {
            EventKind::Exclude(Exclude {
                from: instant(*from, &place("exclude/from"))?,
                to: instant(*to, &place("exclude/to"))?,
                reason: take(reason),
                party: take(party),
                clocks: take(clocks),
            })
        }
        wit::EventKind::Extend(wit::Extend { clock, by, reason }) => {
            let by = duration(*by, &place("extend/by"))?;
            EventKind::Extend(Extend { clock: take(clock), by, reason: take(reason) })
        }
        wit::EventKind::Excuse(wit::Excuse { clock, cycle, reason }) => {
            EventKind::Excuse(Excuse { clock: take(clock), cycle: take(cycle), reason: take(reason) })
        }
        wit::EventKind::Merge(into) => EventKind::Merge(Merge { into: take(into) }),
        wit::EventKind::Note => EventKind::Note,
        wit::EventKind::Unknown(kind) => EventKind::Unknown(take(kind)),
    })
}

fn author(author: wit::Author) -> Author {
    match author {
        wit::Author::Agent => Author::Agent,
        wit::Author::Requester => Author::Requester,
        wit::Author::System => Author::System,
    }
}

fn fields(
    fields: Vec<wit::Field>,
    place: impl Fn(&str) -> String,
) -> Result<Vec<(String, core::Value)>, wit::Problem> {
    let value = |wit::Field { name, value }: wit::Field| {
        let value = match value {
            wit::FieldValue::Text(text) => core::Value::String(text),
            wit::FieldValue::Json(json) => {
                // The place is written only for a problem.
                core::field_value(&json, "")
                    .or_else(|_| core::field_value(&json, &place(&name)))
                    .map_err(problem)?
            }
        };
        Ok((name, value))
    };
    fields.into_iter().map(value).collect()
}

pub(crate) fn evaluation(evaluation: core::Evaluation) -> wit::Evaluation {
    let core::Evaluation { ticket, policy, sets, version, mut clocks, next_event_at, notices } = evaluation;
    wit::Evaluation {
        ticket: text(&ticket),
        policy: name(&policy),
        sets: sets.0.unwrap_or_default().into_iter().map(set).collect(),
        version: version.0,
        clocks: clocks.iter_mut().map(clock).collect(),
        next_event_at: next_event_at.map(core::Instant::ms),
        notices: notices.into_iter().map(notice).collect(),
    }
}

/// Not by `to_string`: that would write it piece by piece, as anything that can be shown.
fn text(name: &core::Name) -> String {
    name.as_str().to_owned()
}

fn name(name: &Option<core::Name>) -> Option<String> {
    name.as_ref().map(text)
}

fn set(result: core::SetResult) -> wit::SetPolicy {
    let core::SetResult { set, policy } = result;
    wit::SetPolicy { set: text(&set), policy: name(&policy) }
}

fn notice(notice: core::Notice) -> wit::Notice {
    let core::Notice { code, message, pointer } = notice;
    wit::Notice { code: code.to_string(), message, pointer: pointer.0 }
}

fn clock(clock: &mut ClockResult) -> wit::Clock {
    wit::Clock {
        metric: metric(clock.metric),
        name: text(&clock.clock),
        set: name(&clock.set.0),
        earlier: clock.earlier.0.iter_mut().flatten().map(cycle).collect(),
        current: cycle(clock),
    }
}

fn cycle(clock: &mut ClockResult) -> wit::Cycle {
    let ClockResult {
        metric: _,
        clock: _,
        set: _,
        cycle,
        state,
        overdue,
        at_risk,
        policy,
        calendar,
        because,
        started_at,
        stopped_at,
        stopped_by,
        stops,
        elapsed_ms,
        wall_elapsed_ms,
        target_ms,
        remaining_ms,
        consumed_bp,
        limits,
        due_at,
        due_if_resumed_now,
        original_due_at,
        breached_at,
        breach_policy,
        breach_target_ms,
        corrected,
        extended_ms,
        excused,
        paused_by,
        opens_at,
        alerts,
        rate,
        next_change_at,
        earlier: _,
    } = clock;
    let ms = core::Instant::ms;
    wit::Cycle {
        number: *cycle,
        state: self::state(*state),
        overdue: *overdue,
        at_risk: name(&at_risk.0),
        policy: text(policy),
        calendar: text(calendar),
        because: name(&because.0),
        started_at: started_at.0.map(ms),
        stopped_at: stopped_at.0.map(ms),
        stopped_by: stopped_by.0.map(stop_cause),
        stops: stops.0.take().unwrap_or_default().into_iter().map(undone_stop).collect(),
        elapsed: *elapsed_ms,
        wall_elapsed: *wall_elapsed_ms,
        target: *target_ms,
        remaining: *remaining_ms,
        consumed_bp: *consumed_bp,
        limits: limits.0.take().unwrap_or_default().into_iter().map(limit).collect(),
        due: match (due_at.0, due_if_resumed_now.0) {
            (Some(Some(at)), _) => wit::Due::At(at.ms()),
            (Some(None), _) | (None, None) => wit::Due::Never,
            (None, Some(due)) => wit::Due::IfResumedNow(due.map(ms)),
        },
        original_due_at: original_due_at.map(ms),
        breach: breached_at
            .zip(breach_policy.0.as_ref())
            .zip(breach_target_ms.0)
            .map(|((at, policy), target)| wit::Breach { at: at.ms(), policy: text(policy), target }),
        corrected: corrected.0.unwrap_or_default(),
        extended: extended_ms.0,
        excused: excused.0.take().map(|excused| self::excused(*excused)),
        paused_by: paused_by.0.take().map(|paused_by| self::paused_by(*paused_by)),
        opens_at: opens_at.0.map(ms),
        alerts: alerts.0.take().unwrap_or_default().into_iter().map(alert).collect(),
        rate: *rate,
        next_change_at: next_change_at.map(ms),
    }
}

fn metric(metric: core::Metric) -> wit::Metric {
    match metric {
        core::Metric::FirstResponse => wit::Metric::FirstResponse,
        core::Metric::NextResponse => wit::Metric::NextResponse,
        core::Metric::PeriodicUpdate => wit::Metric::PeriodicUpdate,
        core::Metric::Assignment => wit::Metric::Assignment,
        core::Metric::Ownership => wit::Metric::Ownership,
        core::Metric::Plan => wit::Metric::Plan,
        core::Metric::Resolution => wit::Metric::Resolution,
        core::Metric::RequesterWait => wit::Metric::RequesterWait,
        core::Metric::AgentWork => wit::Metric::AgentWork,
        core::Metric::Custom => wit::Metric::Custom,
    }
}

fn state(state: core::State) -> wit::ClockState {
    match state {
        core::State::Pending => wit::ClockState::Pending,
        core::State::Running => wit::ClockState::Running,
        core::State::Paused => wit::ClockState::Paused,
        core::State::OutsideHours => wit::ClockState::OutsideHours,
        core::State::Met => wit::ClockState::Met,
        core::State::Breached => wit::ClockState::Breached,
        core::State::Cancelled => wit::ClockState::Cancelled,
    }
}

fn stop_cause(cause: StopCause) -> wit::StopCause {
    match cause {
        StopCause::Reply => wit::StopCause::Reply,
        StopCause::Resolved => wit::StopCause::Resolved,
        StopCause::Assigned => wit::StopCause::Assigned,
        StopCause::HandedOver => wit::StopCause::HandedOver,
        StopCause::Condition => wit::StopCause::Condition,
        StopCause::Reset => wit::StopCause::Reset,
    }
}

fn undone_stop(stop: UndoneStop) -> wit::UndoneStop {
    let UndoneStop { at, by, reopened_at } = stop;
    wit::UndoneStop { at: at.ms(), by: stop_cause(by), reopened_at: reopened_at.ms() }
}

fn paused_by(paused_by: PausedBy) -> wit::PausedBy {
    let PausedBy { party, reason, status, condition, excluded, since } = paused_by;
    wit::PausedBy {
        party: name(&party.0),
        reason: name(&reason.0),
        status: name(&status.0),
        condition: condition.0.unwrap_or_default(),
        excluded: excluded.0.unwrap_or_default(),
        since: since.ms(),
    }
}

fn excused(excused: Excused) -> wit::Excused {
    let Excused { at, reason } = excused;
    wit::Excused { at: at.ms(), reason: name(&reason.0) }
}

fn limit(limit: Limit) -> wit::Limit {
    let Limit { limit, elapsed_ms, target_ms, remaining_ms, due_at } = limit;
    let kind = match limit {
        LimitKind::Counted => wit::LimitKind::Counted,
        LimitKind::Wall => wit::LimitKind::Wall,
    };
    let due = match due_at.0 {
        Some(Some(at)) => wit::LimitDue::At(at.ms()),
        Some(None) => wit::LimitDue::Never,
        None => wit::LimitDue::Paused,
    };
    wit::Limit { kind, elapsed: elapsed_ms, target: target_ms, remaining: remaining_ms, due }
}

fn alert(alert: Alert) -> wit::Alert {
    let Alert { id, threshold, at, notify, deliver_at } = alert;
    let delivery = match deliver_at.0 {
        None => wit::Delivery::Immediate,
        Some(Some(at)) => wit::Delivery::Held(at.ms()),
        Some(None) => wit::Delivery::Never,
    };
    wit::Alert { id, threshold: threshold.to_string(), at: at.ms(), notify: name(&notify.0), delivery }
}
