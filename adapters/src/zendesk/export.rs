//! Exports: `sla_policies`, `schedules`, `holidays`, `tickets`, `audits` and `users`, as the Support API answers them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::filter::condition;
use super::{NO_MEANING, fields, word};
use crate::agreement::{Building, DAY, DAYS, holiday, hours, zone};
use crate::instants::{duration, scaled};
use crate::record::{Record, text_of};
use crate::settings::Settings;
use crate::{Kind, Table, Ticket, Translation};

/// Zendesk's metrics, and the clocks that they are.
const METRICS: [(&str, &str); 9] = [
    ("first_reply_time", "first_response"),
    ("next_reply_time", "next_response"),
    ("periodic_update_time", "periodic_update"),
    ("pausable_update_time", "pausable_update"),
    ("requester_wait_time", "requester_wait"),
    ("agent_work_time", "agent_work"),
    ("total_resolution_time", "resolution"),
    ("resolution_time", "resolution"),
    ("group_ownership_time", "ownership"),
];

/// Translates an export.
pub(crate) fn export(tables: &[Table], settings: &Settings, translation: &mut Translation) {
    let mut building = Building::new("zendesk", "Zendesk", settings);
    building.priorities = ["urgent", "high", "normal", "low"].map(str::to_owned).into();
    for (status, meaning) in [
        ("new", json!("open")),
        ("open", json!("open")),
        ("pending", json!({ "pause": "customer" })),
        ("hold", json!({ "pause": "third_party" })),
        ("solved", json!("resolved")),
        ("closed", json!("closed")),
        ("deleted", json!("closed")),
    ] {
        building.statuses.insert(settings.status(status), meaning);
    }
    let named = |name: &'static str| tables.iter().filter(move |table| table.name == name);
    let calendar = calendars(named("schedules"), named("holidays"), &mut building, translation);
    policies(named("sla_policies"), &calendar, &mut building, translation);
    policies(named("group_sla_policies"), &calendar, &mut building, translation);
    translation.agreement = building.document();
    let mut roles = BTreeMap::new();
    for user in named("users").flat_map(|table| &table.records) {
        if let (Some(id), Some(role)) = (user.get("id").and_then(text_of), user.get("role").and_then(text_of))
        {
            roles.insert(id, role);
        }
    }
    let mut audits: BTreeMap<String, Vec<(String, &Value)>> = BTreeMap::new();
    for table in named("audits") {
        for (index, audit) in table.records.iter().enumerate() {
            if let Some(ticket) = audit.get("ticket_id").and_then(text_of) {
                audits.entry(ticket).or_default().push((format!("{}/audits/{index}", table.source), audit));
            }
        }
    }
    for table in named("tickets") {
        for (index, value) in table.records.iter().enumerate() {
            let at = format!("{}/tickets/{index}", table.source);
            ticket(value, at, &audits, &roles, settings, translation);
        }
    }
    let known = ["sla_policies", "group_sla_policies", "schedules", "holidays", "tickets", "audits", "users"];
    for table in tables.iter().filter(|table| !known.contains(&&*table.name)) {
        translation.lose(
            Kind::Unknown,
            &table.source,
            format!("`{}` is not read; read are {}", table.name, known.join(", ")),
        );
    }
}

/// Makes calendars of schedules; answers what stands for business hours: one, or a choice by the field `schedule`.
fn calendars<'t>(
    schedules: impl Iterator<Item = &'t Table>,
    holidays: impl Iterator<Item = &'t Table> + Clone,
    building: &mut Building,
    translation: &mut Translation,
) -> Value {
    let mut by_schedule = Map::new();
    let mut first = None;
    for table in schedules {
        for (index, value) in table.records.iter().enumerate() {
            let place = format!("{}/schedules/{index}", table.source);
            let Some(schedule) = Record::of(value, place, translation) else { continue };
            let id = schedule.text("id").unwrap_or_default();
            let name = building.name(&schedule.text("name").unwrap_or_default());
            let mut calendar = Map::new();
            if let Some(theirs) = schedule.text("time_zone")
                && let Some(zone) = zone(&theirs, &schedule.place("time_zone"), translation)
            {
                calendar.insert("time_zone".into(), json!(zone));
            }
            calendar.insert("hours".into(), week(&schedule, translation).into());
            let closed: Vec<Value> = holidays
                .clone()
                .flat_map(|table| table.records.iter().map(move |holiday| (table, holiday)))
                .filter(|(table, holiday)| {
                    let of = holiday.get("schedule_id").and_then(text_of);
                    // The API answers the holidays of one schedule without naming it; a file may.
                    of.map_or_else(|| !id.is_empty() && table.source.contains(&id), |of| of == id)
                })
                .filter_map(|(_, value)| dates(value))
                .collect();
            calendar.insert("holidays".into(), closed.into());
            schedule.pass_over(&["created_at", "updated_at", "url", "deleted_at"]);
            schedule.report_rest(translation);
            building.calendars.insert(name.clone(), calendar.into());
            by_schedule.insert(id, json!(name));
            first.get_or_insert(name);
        }
    }
    let first = first.unwrap_or_else(|| "always".to_owned());
    if by_schedule.len() <= 1 {
        return json!(first);
    }
    translation.approximated(
        "",
        format!("which schedule a ticket has is read from its field `schedule`; without it, it is `{first}`"),
    );
    json!({ "by": "schedule", "map": by_schedule, "else": first })
}

/// Hours of a schedule: minutes since Sunday.
fn week(schedule: &Record<'_>, translation: &mut Translation) -> Map<String, Value> {
    let mut ranges = Vec::new();
    for (index, interval) in schedule.list("intervals").iter().enumerate() {
        let minute = |key: &str| interval.get(key).and_then(Value::as_i64);
        let found = minute("start_time").zip(minute("end_time"));
        let valid = found.filter(|(start, end)| start < end && *start >= 0 && *end <= DAY.saturating_mul(7));
        let Some((start, end)) = valid else {
            let place = format!("{}/{index}", schedule.place("intervals"));
            translation.left_out(place, format!("{interval} is not a part of the week"));
            continue;
        };
        for day in 0..DAYS.len() {
            let midnight = i64::try_from(day).unwrap_or(0).saturating_mul(DAY);
            let (from, to) = (start.saturating_sub(midnight).max(0), end.saturating_sub(midnight).min(DAY));
            if from < to {
                ranges.push((day, from, to));
            }
        }
    }
    hours(&ranges)
}

fn dates(value: &Value) -> Option<Value> {
    let text = |key: &str| value.get(key).and_then(text_of);
    let from = text("start_date")?;
    let to = text("end_date").unwrap_or_else(|| from.clone());
    Some(holiday(&from, &to, &text("name").unwrap_or_default()))
}

fn policies<'t>(
    tables: impl Iterator<Item = &'t Table>,
    calendar: &Value,
    building: &mut Building,
    translation: &mut Translation,
) {
    let all = tables.flat_map(|table| {
        let place = move |index: usize| format!("{}/{}/{index}", table.source, table.name);
        table.records.iter().enumerate().map(move |(index, value)| (place(index), value))
    });
    let mut all: Vec<(String, &Value)> = all.collect();
    // The first that matches holds, there as here.
    all.sort_by_key(|(_, value)| value.get("position").and_then(Value::as_i64).unwrap_or(i64::MAX));
    for (place, value) in all {
        let Some(policy) = Record::of(value, place, translation) else { continue };
        policy.pass_over(&["id", "url", "position", "created_at", "updated_at", "description"]);
        let title = policy.text("title").or_else(|| policy.text("id")).unwrap_or_default();
        for (metric, flags) in policy.record("metric_settings").iter().flat_map(|settings| settings.entries())
        {
            for (flag, value) in
                flags.as_object().into_iter().flatten().filter(|(_, value)| **value == json!(true))
            {
                let place = format!("{}/metric_settings/{metric}/{flag}", policy.at);
                translation.left_out(
                    place,
                    format!("the clock starts and stops as usual, although `{flag}` is {value}"),
                );
            }
        }
        let when = match policy.record("filter") {
            None => Some(Map::new()),
            Some(filter) => condition(&filter, translation),
        };
        let Some(when) = when else {
            translation.left_out(
                &*policy.at,
                format!("the policy `{title}`: without one of its conditions it would match other tickets"),
            );
            continue;
        };
        let mut by_priority: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for (index, metric) in policy.list("policy_metrics").iter().enumerate() {
            let place = format!("{}/{index}", policy.place("policy_metrics"));
            let Some(metric) = Record::of(metric, place, translation) else { continue };
            if let Some((priority, clock, promise)) = promise(&metric, calendar, translation) {
                by_priority.entry(priority).or_default().insert(clock, promise);
            }
        }
        policy.report_rest(translation);
        let mut promised = 0_usize;
        for priority in building.priorities.clone() {
            let Some(clocks) = by_priority.remove(&priority) else { continue };
            promised = promised.saturating_add(1);
            let mut when = when.clone();
            // A filter that asks for a priority itself is nested.
            if let Some(asked) = when.insert("priority".into(), json!(priority)) {
                when = Map::from_iter([(
                    "none_of".into(),
                    json!([{ "none_of": [when] }, { "none_of": [{ "priority": asked }] }]),
                )]);
            }
            let id = building.name(&format!("{title} {priority}"));
            building.policies.push(json!({ "id": id, "when": when, "clocks": clocks }));
        }
        // The first policy that matches holds there, for priorities as well for which it promises nothing.
        if promised > 0 && promised < building.priorities.len() {
            let id = building.name(&format!("{title} without target"));
            building.policies.push(json!({ "id": id, "when": when, "clocks": {} }));
        }
        for priority in by_priority.keys() {
            translation.left_out(&*policy.at, format!("targets of the priority `{priority}`, which is none"));
        }
    }
}

/// A target: its priority, the clock's name and the promise.
fn promise(
    metric: &Record<'_>,
    calendar: &Value,
    translation: &mut Translation,
) -> Option<(String, String, Value)> {
    let name = metric.text("metric")?;
    let Some((_, clock)) = METRICS.iter().find(|(theirs, _)| *theirs == name) else {
        translation.lose(Kind::Unknown, metric.place("metric"), format!("the metric `{name}` is not known"));
        return None;
    };
    let seconds = match metric.get("target_in_seconds") {
        Some(seconds) => scaled(seconds, 1),
        None => metric.get("target").and_then(|minutes| scaled(minutes, 60)),
    };
    metric.pass_over(&["target"]);
    let Some(within) = seconds.and_then(duration) else {
        translation.left_out(metric.place("target"), "the target is not a length of time");
        return None;
    };
    let calendar = if metric.is_true("business_hours") { calendar.clone() } else { json!("always") };
    let mut promise = json!({ "within": within, "calendar": calendar });
    if *clock == "pausable_update"
        && let Some(promise) = promise.as_object_mut()
    {
        promise.insert("metric".into(), json!("periodic_update"));
        promise.insert("pauses".into(), json!(["customer"]));
    }
    let priority = metric.text("priority")?.to_lowercase();
    metric.report_rest(translation);
    Some((priority, (*clock).to_owned(), promise))
}

type Audits<'v> = BTreeMap<String, Vec<(String, &'v Value)>>;

fn ticket(
    value: &Value,
    at: String,
    audits: &Audits<'_>,
    roles: &BTreeMap<String, String>,
    settings: &Settings,
    translation: &mut Translation,
) {
    let Some(record) = Record::of(value, at, translation) else { return };
    let Some(id) = record.text("id") else {
        translation.left_out(record.place("id"), "the ticket has no id");
        return;
    };
    let Some(created_at) = record.instant("created_at", translation) else {
        translation.left_out(record.place("created_at"), "the ticket does not say when it was created");
        return;
    };
    let updated_at = record.instant("updated_at", translation).unwrap_or_else(|| created_at.clone());
    let mut ticket = Ticket {
        id: settings.ticket(&id),
        agreement: settings.agreement.clone(),
        created_at: Some(created_at.clone()),
        events: Vec::new(),
    };
    let now = fields(&record, value, settings);
    let status = record.text("status").map(|status| settings.status(&status.to_lowercase()));
    record.pass_over(&NO_MEANING);
    record.report_rest(translation);
    match audits.get(&id) {
        Some(audits) => {
            let requester = record.text("requester_id");
            // What no audit tells of stands as it does now, from the creation.
            let mut told = BTreeSet::new();
            for (place, audit) in audits {
                changes(
                    audit,
                    place,
                    requester.as_deref(),
                    roles,
                    settings,
                    &mut ticket,
                    &mut told,
                    translation,
                );
            }
            ticket.fields(
                &created_at,
                now.into_iter().filter(|(name, _)| !told.contains(name)).collect(),
                translation,
            );
            if let Some(status) = status.filter(|_| !told.contains("status")) {
                ticket.status(&created_at, &status);
            }
            ticket.sort();
        }
        None => {
            translation.approximated(
                &*record.at,
                "without its audits the ticket has its present state from its last change on, and no replies",
            );
            ticket.fields(&created_at, now, translation);
            if let Some(status) = status {
                ticket.status(&updated_at, &status);
            }
        }
    }
    translation.tickets.push(ticket);
}

#[expect(clippy::too_many_arguments, reason = "a step of one function, which is too long otherwise")]
fn changes(
    audit: &Value,
    place: &str,
    requester: Option<&str>,
    roles: &BTreeMap<String, String>,
    settings: &Settings,
    ticket: &mut Ticket,
    told: &mut BTreeSet<String>,
    translation: &mut Translation,
) {
    let Some(audit) = Record::of(audit, place, translation) else { return };
    let Some(at) = audit.instant("created_at", translation) else {
        translation.left_out(audit.place("created_at"), "the audit does not say when it happened");
        return;
    };
    for (index, event) in audit.list("events").iter().enumerate() {
        let Some(event) = Record::of(event, format!("{}/{index}", audit.place("events")), translation) else {
            continue;
        };
        match event.text("type").as_deref() {
            Some("Create" | "Change") => {
                let name = event.text("field_name").unwrap_or_default();
                let value = event.get("value").cloned().unwrap_or_default();
                if name == "status" {
                    if let Some(status) = text_of(&value) {
                        ticket.status(&at, &settings.status(&status.to_lowercase()));
                        told.insert(name);
                    }
                } else if let Some(field) = field_of(&name) {
                    let value = if field == "tags" { value } else { word(&field, &value) };
                    ticket.field(&at, &field, value, translation);
                    told.insert(field);
                }
            }
            Some("Comment" | "VoiceComment" | "FacebookComment" | "Tweet") => {
                let author = event.text("author_id").or_else(|| audit.text("author_id"));
                let role = author.as_ref().and_then(|author| roles.get(author)).map(String::as_str);
                let by = match role {
                    Some("end-user") => "requester",
                    Some(_) => "agent",
                    None if author.as_deref() == requester => "requester",
                    None => {
                        translation.approximated(
                            &*event.at,
                            "the author is not among the users: taken for an agent",
                        );
                        "agent"
                    }
                };
                let id = event.text("id").map(|id| format!("comment:{id}"));
                ticket.reply(&at, id, by, event.is_true("public"));
            }
            // What Zendesk did about the change, not the change.
            _ => {}
        }
    }
}

/// What a field of an audit is called here, if clocks may look at it.
fn field_of(name: &str) -> Option<String> {
    if name == "tags" {
        return Some("tags".to_owned());
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("custom_fields_{name}"));
    }
    super::FIELDS.iter().find(|(key, _)| *key == name).map(|(_, field)| (*field).to_owned())
}
