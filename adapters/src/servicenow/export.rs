//! Exports of the Table API: `contract_sla`, `cmn_schedule`, `cmn_schedule_span`, tables of tasks, `sys_audit` and
//! `sys_journal_field`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::query::condition;
use super::{FIELDS, column, fields, instant, schedule, state, state_of, text, ticket};
use crate::agreement::Building;
use crate::instants::duration;
use crate::record::Record;
use crate::settings::Settings;
use crate::{Kind, Table, Ticket, Translation};

/// Tables of tasks.
const TASKS: [&str; 8] = [
    "incident",
    "task",
    "sc_request",
    "sc_req_item",
    "sc_task",
    "change_request",
    "problem",
    "sn_si_incident",
];

/// Translates an export.
pub(crate) fn export(tables: &[Table], settings: &Settings, translation: &mut Translation) {
    let mut building = Building::new("servicenow", "ServiceNow", settings);
    for (status, meaning) in [
        ("New", json!("open")),
        ("In Progress", json!("open")),
        ("On Hold", json!({ "pause": "customer" })),
        ("Resolved", json!("resolved")),
        ("Closed", json!("closed")),
        ("Canceled", json!("closed")),
    ] {
        building.statuses.insert(settings.status(status), meaning);
    }
    building.priorities = ["1", "2", "3", "4", "5"].map(str::to_owned).into();
    let named = |name: &str| tables.iter().filter(|table| table.name == name).collect::<Vec<_>>();
    let calendars =
        schedule::calendars(&named("cmn_schedule"), &named("cmn_schedule_span"), &mut building, translation);
    for table in named("contract_sla") {
        for (index, value) in table.records.iter().enumerate() {
            let place = format!("{}/contract_sla/{index}", table.source);
            if let Some(record) = Record::of(value, place, translation) {
                definition(&record, &calendars, settings, &mut building, translation);
            }
        }
    }
    translation.agreement = building.document();
    let histories = histories(&named("sys_audit"), &named("sys_journal_field"), translation);
    for table in tables.iter().filter(|table| TASKS.contains(&&*table.name)) {
        for (index, value) in table.records.iter().enumerate() {
            let place = format!("{}/{}/{index}", table.source, table.name);
            if let Some(record) = Record::of(value, place, translation) {
                task(&record, value, &table.name, &histories, settings, translation);
            }
        }
    }
    let known = ["contract_sla", "cmn_schedule", "cmn_schedule_span", "sys_audit", "sys_journal_field"];
    for table in
        tables.iter().filter(|table| !known.contains(&&*table.name) && !TASKS.contains(&&*table.name))
    {
        translation.lose(
            Kind::Unknown,
            &table.source,
            format!("`{}` is not read; read are {} and {}", table.name, known.join(", "), TASKS.join(", ")),
        );
    }
}

/// A definition is a set of policies of its own, since all that match are attached.
fn definition(
    record: &Record<'_>,
    calendars: &BTreeMap<String, String>,
    settings: &Settings,
    building: &mut Building,
    translation: &mut Translation,
) {
    let title = text(record, "name").unwrap_or_default();
    if text(record, "active").is_some_and(|active| active == "false") {
        return translation.left_out(&*record.at, format!("`{title}` is not active"));
    }
    let table = text(record, "collection").unwrap_or_else(|| "incident".to_owned());
    if text(record, "duration_type").is_some() {
        return translation
            .left_out(record.place("duration_type"), format!("`{title}` has a duration by a script"));
    }
    let seconds = text(record, "duration").and_then(|text| offset(&text));
    let Some(within) = seconds.and_then(duration) else {
        return translation
            .left_out(record.place("duration"), format!("`{title}` has no duration that can be read"));
    };
    let mut clock =
        Map::from_iter([("within".to_owned(), json!(within)), ("metric".to_owned(), json!("custom"))]);
    let schedule = text(record, "schedule");
    let calendar = match text(record, "schedule_source").as_deref() {
        Some("no_schedule") => "always".to_owned(),
        Some("task_field") => {
            translation.approximated(
                record.place("schedule_source"),
                format!("`{title}` takes its schedule from the task; here it counts always"),
            );
            "always".to_owned()
        }
        _ => match schedule {
            None => "always".to_owned(),
            Some(id) => calendars.get(&id).cloned().unwrap_or_else(|| {
                translation.approximated(
                    record.place("schedule"),
                    format!("the schedule of `{title}` is not in the export; it counts always"),
                );
                "always".to_owned()
            }),
        },
    };
    clock.insert("calendar".into(), json!(calendar));
    let mut start = Map::new();
    for (key, part) in [
        ("start_condition", "start"),
        ("stop_condition", "stop"),
        ("pause_condition", "pause"),
        ("reset_condition", "reset"),
        ("cancel_condition", "cancel"),
    ] {
        let Some(query) = text(record, key) else { continue };
        match condition(&query, &table, settings) {
            Ok(condition) if condition.is_empty() => {}
            Ok(condition) if part == "start" => start = condition,
            Ok(condition) => {
                clock.insert(part.to_owned(), condition.into());
            }
            Err(term) if part == "start" => {
                return translation.left_out(
                    record.place(key),
                    format!("`{title}`: without `{term}` it would begin for other tasks"),
                );
            }
            Err(term) => {
                translation.left_out(
                    record.place(key),
                    format!("`{term}` of `{title}` cannot be said here: there is no `{part}`"),
                );
            }
        }
    }
    if !clock.contains_key("stop") {
        return translation.left_out(record.place("stop_condition"), format!("`{title}` would never end"));
    }
    // Pauses come from its own condition, not from statuses of the ticket.
    clock.insert("pauses".into(), json!("none"));
    if text(record, "when_to_cancel").is_none_or(|when| when != "never" && when != "cancel_condition")
        && !start.is_empty()
    {
        clock.insert("cancel".into(), json!({ "none_of": [start.clone()] }));
    }
    if text(record, "retroactive").as_deref() == Some("true") {
        clock.insert("on_change".into(), json!("retroactive"));
        translation.approximated(
            record.place("retroactive"),
            format!("`{title}` counts from the creation of the task"),
        );
    } else if !start.is_empty() {
        clock.insert("start".into(), start.into());
    }
    if text(record, "resume_condition").is_some() {
        translation.approximated(
            record.place("resume_condition"),
            format!("`{title}` goes on when its pause condition no longer holds"),
        );
    }
    for key in ["workflow", "flow", "timezone_source", "set_start_to", "relative_duration_works_on"] {
        if text(record, key).is_some() {
            translation.left_out(record.place(key), format!("`{key}` of `{title}`"));
        }
    }
    let name = building.name(&title);
    let when = json!({ "table": [table, null] });
    let policy = json!({ "id": &name, "when": when, "clocks": { &name: clock } });
    building.sets.insert(name, json!([policy]));
}

/// Seconds of a duration, which the Table API writes as an instant since 1970.
fn offset(text: &str) -> Option<i64> {
    let instant = crate::instants::instant(text)?;
    let ms = slaclock_core::Instant::parse(&instant).ok()?.ms();
    Some(ms.div_euclid(1_000))
}

/// What happened to records, by their `sys_id`.
type Histories<'v> = BTreeMap<String, Vec<Record<'v>>>;

fn histories<'v>(
    audits: &[&'v Table],
    journals: &[&'v Table],
    translation: &mut Translation,
) -> Histories<'v> {
    let mut histories = Histories::new();
    for (tables, key) in [(audits, "documentkey"), (journals, "element_id")] {
        for table in tables {
            for (index, value) in table.records.iter().enumerate() {
                let place = format!("{}/{}/{index}", table.source, table.name);
                let Some(record) = Record::of(value, place, translation) else { continue };
                if let Some(id) = text(&record, key) {
                    histories.entry(id).or_default().push(record);
                }
            }
        }
    }
    histories
}

fn task(
    record: &Record<'_>,
    whole: &Value,
    table: &str,
    histories: &Histories<'_>,
    settings: &Settings,
    translation: &mut Translation,
) {
    let Some((mut ticket, updated_at)) = ticket(record, settings, translation) else { return };
    let Some(created_at) = ticket.created_at.clone() else {
        return translation.left_out(record.place("opened_at"), "the record does not say when it was opened");
    };
    let mut now = fields(record, whole, settings);
    now.entry("table").or_insert_with(|| json!(table));
    let code = text(record, "state").or_else(|| text(record, "incident_state"));
    let status = code.map(|code| state(record, &code, settings));
    let history = text(record, "sys_id").and_then(|id| histories.get(&id));
    match history {
        Some(entries) => {
            let mut first = BTreeMap::new();
            for entry in entries {
                happened(entry, table, settings, &mut ticket, &mut first, translation);
            }
            // What was before the first change of a column is in that change.
            for (field, (_, before)) in &first {
                if field == "status" {
                    if let Some(before) = before {
                        ticket.status(&created_at, before);
                    }
                    continue;
                }
                now.insert(field.clone(), before.clone().map_or(Value::Null, Value::String));
            }
            if let Some(status) = status.filter(|_| !first.contains_key("status")) {
                ticket.status(&created_at, &status);
            }
            ticket.fields(&created_at, now, translation);
            ticket.sort();
        }
        None => {
            translation.approximated(
                &*record.at,
                "without sys_audit the task has its present state since it was resolved or changed last, and no replies",
            );
            ticket.fields(&created_at, now, translation);
            let ended = instant(record, "closed_at", translation)
                .or_else(|| instant(record, "resolved_at", translation));
            let resolved = instant(record, "resolved_at", translation);
            let at = resolved.or(ended).unwrap_or(updated_at);
            if let Some(status) = status {
                ticket.status(&at, &status);
            }
        }
    }
    translation.tickets.push(ticket);
}

/// An entry of `sys_audit` or `sys_journal_field`. `first` has, of each field, when it changed first and from what.
fn happened(
    entry: &Record<'_>,
    table: &str,
    settings: &Settings,
    ticket: &mut Ticket,
    first: &mut BTreeMap<String, (String, Option<String>)>,
    translation: &mut Translation,
) {
    let Some(at) = instant(entry, "sys_created_on", translation) else { return };
    if let Some(element) = text(entry, "element").filter(|_| entry.get("element_id").is_some()) {
        // A comment is what the caller can read, a work note is not.
        if matches!(&*element, "comments" | "work_notes") {
            if element == "comments" {
                let message =
                    "the comment is taken for one by an agent: the journal does not say whose it is";
                translation.approximated(&*entry.at, message);
            }
            let id = text(entry, "sys_id").map(|id| format!("comment:{id}"));
            ticket.reply(&at, id, "agent", element == "comments");
        }
        return;
    }
    let name = text(entry, "fieldname").unwrap_or_default();
    let (old, new) = (entry.get("oldvalue").and_then(column), entry.get("newvalue").and_then(column));
    let mut note = |field: &str, old: Option<String>| {
        let known = first.get(field).is_some_and(|(seen, _)| *seen <= at);
        if !known {
            first.insert(field.to_owned(), (at.clone(), old));
        }
    };
    if name == "state" || name == "incident_state" {
        let word = |code: &String| state_of(Some(table), None, code, settings);
        note("status", old.as_ref().map(word));
        if let Some(code) = &new {
            ticket.status(&at, &word(code));
        }
    } else if let Some((_, field)) = FIELDS.iter().find(|(key, _)| *key == name) {
        note(field, old);
        ticket.field(&at, field, new.map_or(Value::Null, Value::String), translation);
    }
}
