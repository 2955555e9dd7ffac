//! Zendesk: messages of webhooks that are subscribed to ticket events, and exports of the Support API.

mod export;
mod filter;

use serde_json::{Map, Value, json};

pub(crate) use export::export;

use crate::record::{Record, is_blank, text_of};
use crate::settings::Settings;
use crate::{Ticket, Translation};

/// Begins the type of every event of a ticket.
const TICKET: &str = "zen:event-type:ticket.";

/// Fields of tickets by the keys of a ticket, in messages and exports alike.
const FIELDS: [(&str, &str); 12] = [
    ("priority", "priority"),
    ("type", "type"),
    ("group_id", "group"),
    ("assignee_id", "assignee"),
    ("organization_id", "organization"),
    ("requester_id", "requester"),
    ("brand_id", "brand"),
    ("form_id", "form"),
    ("ticket_form_id", "form"),
    ("custom_status", "custom_status"),
    ("custom_status_id", "custom_status"),
    ("problem_id", "problem"),
];

/// Keys of a ticket that clocks have no use for.
const NO_MEANING: [&str; 28] = [
    "subject",
    "raw_subject",
    "description",
    "url",
    "external_id",
    "actor_id",
    "submitter_id",
    "is_public",
    "recipient",
    "collaborator_ids",
    "follower_ids",
    "email_cc_ids",
    "has_incidents",
    "satisfaction_rating",
    "sharing_agreement_ids",
    "followup_ids",
    "allow_channelback",
    "allow_attachments",
    "from_messaging_channel",
    "forum_topic_id",
    "encoded_id",
    "generated_timestamp",
    "support_type",
    "due_at",
    "result_type",
    "custom_object_record_id",
    "comment_count",
    "metric_set",
];

/// Events that change nothing of what clocks look at, beside the ticket that comes with them.
const NO_CHANGE: [&str; 22] = [
    "created",
    "subject_changed",
    "description_changed",
    "external_id_changed",
    "followers_changed",
    "email_ccs_changed",
    "attachment_linked_to_comment",
    "attachment_redacted_from_comment",
    "comment_redacted",
    "csat_received",
    "csat_requested",
    "next_sla_breach_changed",
    "sla_policy_changed",
    "ola_policy_changed",
    "submitter_changed",
    "task_due_at_changed",
    "problem_link_changed",
    "schedule_changed",
    "custom_status_changed",
    "undeleted",
    "marked_as_spam",
    "tags_changed",
];

/// Changes of one value, by event, and the field that has it.
const CHANGES: [(&str, &str); 8] = [
    ("priority_changed", "priority"),
    ("type_changed", "type"),
    ("group_assignment_changed", "group"),
    ("agent_assignment_changed", "assignee"),
    ("organization_changed", "organization"),
    ("requester_changed", "requester"),
    ("brand_changed", "brand"),
    ("form_changed", "form"),
];

/// Words come in capitals in messages and in small letters in exports.
fn word(field: &str, value: &Value) -> Value {
    match (field, value) {
        ("priority" | "type" | "status", Value::String(text)) => json!(text.to_lowercase()),
        // Zendesk's own word for nobody and nothing.
        ("priority" | "type" | "tags" | "channel", value) if is_blank(value) => Value::Null,
        (_, value) => text_of(value).filter(|text| text != "0").map_or(Value::Null, Value::String),
    }
}

/// Fields of a ticket as Zendesk shows it.
fn fields(ticket: &Record<'_>, whole: &Value, settings: &Settings) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, field) in FIELDS {
        if let Some(value) = ticket.get(key) {
            let value = word(field, value);
            if !value.is_null() {
                fields.insert(field.to_owned(), value);
            }
        }
    }
    let tags = ticket.list("tags");
    if !tags.is_empty() {
        fields.insert("tags".into(), tags.into());
    }
    if let Some(channel) = ticket.text_in("via", "channel") {
        fields.insert("channel".into(), json!(channel));
    }
    for key in ["custom_fields", "fields"] {
        for custom in ticket.list(key) {
            let id = custom.get("id").and_then(text_of);
            if let (Some(id), Some(value)) = (id, custom.get("value").filter(|value| !is_blank(value))) {
                fields.insert(format!("custom_fields_{id}"), value.clone());
            }
        }
    }
    settings.more(whole, &mut fields);
    fields
}

/// Translates a message.
pub(crate) fn message(message: &Value, settings: &Settings, translation: &mut Translation) {
    let Some(envelope) = Record::of(message, "", translation) else { return };
    let kind = envelope.text("type").unwrap_or_default();
    envelope.pass_over(&["account_id", "id", "subject", "zendesk_event_version"]);
    let Some(kind) = kind.strip_prefix(TICKET) else {
        let what = if kind.is_empty() { "a message without a type".to_owned() } else { format!("`{kind}`") };
        translation.left_out(
            "/type",
            format!("{what} is not about a ticket; for messages of triggers use `generic`"),
        );
        return;
    };
    let Some(detail) = envelope.record("detail") else {
        translation.left_out("/detail", "the message does not say which ticket it is about");
        return;
    };
    let Some(id) = detail.text("id") else {
        translation.left_out("/detail/id", "the message does not say which ticket it is about");
        return;
    };
    let time = envelope.instant("time", translation);
    let updated_at = detail.instant("updated_at", translation).or_else(|| time.clone());
    let Some(at) = time.or_else(|| updated_at.clone()) else {
        translation.left_out("/time", "the message does not say when this happened");
        return;
    };
    let updated_at = updated_at.unwrap_or_else(|| at.clone());
    let mut ticket = Ticket {
        id: settings.ticket(&id),
        agreement: settings.agreement.clone(),
        created_at: detail.instant("created_at", translation),
        events: Vec::new(),
    };
    // The ticket as it is after the event; what it says is so at that instant, however late the message comes.
    let whole = envelope.get("detail").unwrap_or(&Value::Null);
    let fields = fields(&detail, whole, settings);
    ticket.fields(&updated_at, fields, translation);
    let status = detail.text("status").map(|status| settings.status(&status.to_lowercase()));
    detail.pass_over(&NO_MEANING);
    detail.report_rest(translation);
    if kind != "status_changed"
        && let Some(status) = &status
    {
        ticket.status(&updated_at, status);
    }
    let event = envelope.record("event");
    event_of(kind, event.as_ref(), &at, settings, &mut ticket, translation);
    envelope.report_rest(translation);
    translation.tickets.push(ticket);
}

/// What an event says beside the ticket.
fn event_of(
    kind: &str,
    event: Option<&Record<'_>>,
    at: &str,
    settings: &Settings,
    ticket: &mut Ticket,
    translation: &mut Translation,
) {
    let current = event.and_then(|event| event.get("current"));
    match kind {
        "status_changed" => match current.and_then(text_of) {
            Some(status) => ticket.status(at, &settings.status(&status.to_lowercase())),
            None => translation.left_out("/event/current", "the new status is not there"),
        },
        "comment_added" => {
            let Some(comment) = event.and_then(|event| event.record("comment")) else {
                translation.left_out("/event/comment", "the comment is not there");
                return;
            };
            let id = comment.text("id").map(|id| format!("comment:{id}"));
            let author = comment.record("author");
            let Some(is_staff) = author.as_ref().and_then(|author| author.text("is_staff")) else {
                translation.left_out("/event/comment/author", "who wrote the comment is not there");
                return;
            };
            let by = if is_staff == "true" { "agent" } else { "requester" };
            ticket.reply(at, id, by, comment.is_true("is_public"));
        }
        "custom_field_changed" => {
            let field = event.and_then(|event| event.record("field")).and_then(|field| field.text("id"));
            match field {
                Some(id) => {
                    let value = current.filter(|value| !is_blank(value)).cloned().unwrap_or_default();
                    ticket.field(at, &format!("custom_fields_{id}"), value, translation);
                }
                None => translation.left_out("/event/field", "which field changed is not there"),
            }
        }
        "merged" => {
            let event = event.and_then(|event| {
                event.text("target_ticket_id").or_else(|| event.text_in("target_ticket", "id"))
            });
            match event {
                Some(into) => ticket.merged(at, &settings.ticket(&into)),
                None => translation.left_out("/event", "into which ticket this one was merged is not there"),
            }
        }
        "comment_made_private" => {
            translation
                .left_out("/event", "a comment that became private still counts as the reply that it was");
        }
        "soft_deleted" | "permanently_deleted" => {
            translation.approximated("/type", "a ticket that was deleted has its last status, `deleted`");
            ticket.status(at, &settings.status("deleted"));
        }
        _ => match CHANGES.iter().find(|(change, _)| *change == kind) {
            Some((_, field)) => {
                ticket.field(at, field, current.map_or(Value::Null, |value| word(field, value)), translation)
            }
            None if NO_CHANGE.contains(&kind) => {}
            None => translation.lose(crate::Kind::Unknown, "/type", format!("`{TICKET}{kind}` is not known")),
        },
    }
}
