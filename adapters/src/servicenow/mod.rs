//! ServiceNow: records as a business rule sends them, and exports of the Table API.

mod export;
mod query;
mod schedule;

use serde_json::{Map, Value, json};

pub(crate) use export::export;

use crate::record::{Record, is_blank, text_of};
use crate::settings::Settings;
use crate::{Ticket, Translation, instants};

/// Columns of a task that become fields, and what they are called here. Codes stay codes: labels differ by language.
const FIELDS: [(&str, &str); 22] = [
    ("priority", "priority"),
    ("urgency", "urgency"),
    ("impact", "impact"),
    ("severity", "severity"),
    ("category", "category"),
    ("subcategory", "subcategory"),
    ("assignment_group", "group"),
    ("assigned_to", "assignee"),
    ("caller_id", "requester"),
    ("opened_for", "requester"),
    ("company", "company"),
    ("location", "location"),
    ("contact_type", "channel"),
    ("cmdb_ci", "cmdb_ci"),
    ("business_service", "service"),
    ("sys_class_name", "table"),
    ("active", "active"),
    ("hold_reason", "hold_reason"),
    ("sys_domain", "domain"),
    ("contract", "contract"),
    ("type", "type"),
    ("reopen_count", "reopen_count"),
];

/// States of an incident as they come with the product.
const STATES: [(&str, &str); 6] = [
    ("1", "New"),
    ("2", "In Progress"),
    ("3", "On Hold"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("8", "Canceled"),
];

/// The value of a column: `{ value, display_value, link }`, or the value itself.
pub(super) fn column(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => map.get("value").or_else(|| map.get("display_value")).and_then(text_of),
        value => text_of(value),
    }
}

fn text(record: &Record<'_>, key: &str) -> Option<String> {
    record.get(key).and_then(column)
}

fn instant(record: &Record<'_>, key: &str, translation: &mut Translation) -> Option<String> {
    let text = text(record, key)?;
    let instant = instants::instant(&text);
    if instant.is_none() {
        translation.left_out(record.place(key), format!("`{text}` is not an instant of UTC"));
    }
    instant
}

/// What a state is called: what the settings say, what an incident's codes mean, else the code.
fn state(record: &Record<'_>, code: &str, settings: &Settings) -> String {
    state_of(text(record, "sys_class_name").as_deref(), text(record, "number").as_deref(), code, settings)
}

fn state_of(table: Option<&str>, number: Option<&str>, code: &str, settings: &Settings) -> String {
    if settings.statuses.contains_key(code) {
        return settings.status(code);
    }
    let is_incident = table == Some("incident")
        || (table.is_none() && number.is_some_and(|number| number.starts_with("INC")));
    let label = STATES.iter().find(|(known, _)| *known == code && is_incident).map(|(_, label)| *label);
    settings.status(label.unwrap_or(code))
}

/// The fields of a record of a task.
fn fields(record: &Record<'_>, whole: &Value, settings: &Settings) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, field) in FIELDS {
        if let Some(value) = text(record, key) {
            let value = match &*value {
                "true" => json!(true),
                "false" => json!(false),
                text => json!(text),
            };
            fields.entry(field.to_owned()).or_insert(value);
        }
    }
    for (name, pointer) in &settings.fields {
        let value = whole.pointer(pointer).filter(|value| !is_blank(value));
        if let Some(value) =
            value.and_then(|value| column(value).map(Value::String).or_else(|| Some(value.clone())))
        {
            fields.insert(name.clone(), value);
        }
    }
    fields
}

/// A ticket of a record of a task, and when the record was changed last.
fn ticket(
    record: &Record<'_>,
    settings: &Settings,
    translation: &mut Translation,
) -> Option<(Ticket, String)> {
    let Some(id) = text(record, "number").or_else(|| text(record, "sys_id")) else {
        translation.left_out(record.place("number"), "the record has neither a number nor a sys_id");
        return None;
    };
    let opened = instant(record, "opened_at", translation);
    let created_at = opened.or_else(|| instant(record, "sys_created_on", translation));
    let updated_at = instant(record, "sys_updated_on", translation).or_else(|| created_at.clone());
    let Some(updated_at) = updated_at else {
        translation.left_out(
            record.place("sys_updated_on"),
            "the record says neither when it was opened nor changed",
        );
        return None;
    };
    let agreement = settings.agreement.clone();
    Some((Ticket { id: settings.ticket(&id), agreement, created_at, events: Vec::new() }, updated_at))
}

/// Translates a message: a record, alone, below `record` or below `result`, with a `comment` if there is one.
pub(crate) fn message(message: &Value, settings: &Settings, translation: &mut Translation) {
    let Some(envelope) = Record::of(message, "", translation) else { return };
    let below = ["record", "result"].into_iter().find(|key| message.get(key).is_some_and(Value::is_object));
    let (record, whole) = match below.and_then(|key| Some((envelope.record(key)?, message.get(key)?))) {
        Some(found) => found,
        None => match Record::of(message, "", translation) {
            Some(record) => (record, message),
            None => return,
        },
    };
    let Some((mut ticket, updated_at)) = ticket(&record, settings, translation) else { return };
    let fields = fields(&record, whole, settings);
    ticket.fields(&updated_at, fields, translation);
    match text(&record, "state").or_else(|| text(&record, "incident_state")) {
        Some(code) => ticket.status(&updated_at, &state(&record, &code, settings)),
        None => translation.left_out(record.place("state"), "the record does not say its state"),
    }
    if let Some(comment) = envelope.record("comment") {
        let at = instant(&comment, "at", translation).unwrap_or_else(|| updated_at.clone());
        let id = comment.text("id").map(|id| format!("comment:{id}"));
        match comment.text("by").as_deref() {
            Some(by @ ("agent" | "requester" | "system")) => {
                ticket.reply(&at, id, by, comment.is_true("public"));
            }
            _ => translation.left_out(comment.place("by"), "`by` is `agent`, `requester` or `system`"),
        }
        comment.pass_over(&["value"]);
        comment.report_rest(translation);
    }
    if below.is_some() {
        envelope.pass_over(&["record", "result", "table", "operation"]);
        envelope.report_rest(translation);
    }
    translation.tickets.push(ticket);
}
