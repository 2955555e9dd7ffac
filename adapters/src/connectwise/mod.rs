//! ConnectWise PSA: callbacks about tickets, and exports of its REST API.

mod export;

use serde_json::{Map, Value, json};

pub(crate) use export::export;

use crate::record::{Record, text_of};
use crate::settings::Settings;
use crate::{Ticket, Translation};

/// References of a ticket, which of their names becomes a field, and what it is called here.
const REFERENCES: [(&str, &str, &str); 14] = [
    ("priority", "name", "priority"),
    ("board", "name", "board"),
    ("company", "identifier", "company"),
    ("site", "name", "site"),
    ("type", "name", "type"),
    ("subType", "name", "sub_type"),
    ("item", "name", "item"),
    ("team", "name", "group"),
    ("owner", "identifier", "assignee"),
    ("contact", "id", "requester"),
    ("agreement", "name", "agreement"),
    ("source", "name", "channel"),
    ("sla", "name", "sla"),
    ("location", "name", "location"),
];

/// Plain values of a ticket that become fields.
const VALUES: [(&str, &str); 5] = [
    ("severity", "severity"),
    ("impact", "impact"),
    ("recordType", "record_type"),
    ("siteName", "site"),
    ("requiredDate", "required_at"),
];

/// Keys of a ticket that clocks have no use for.
const NO_MEANING: [&str; 60] = [
    "summary",
    "addressLine1",
    "addressLine2",
    "city",
    "stateIdentifier",
    "zip",
    "country",
    "contactName",
    "contactPhoneNumber",
    "contactPhoneExtension",
    "contactEmailAddress",
    "serviceLocation",
    "budgetHours",
    "opportunity",
    "allowAllClientsPortalView",
    "customerUpdatedFlag",
    "automaticEmailContactFlag",
    "automaticEmailResourceFlag",
    "automaticEmailCcFlag",
    "automaticEmailCc",
    "initialDescription",
    "initialInternalAnalysis",
    "initialResolution",
    "contactEmailLookup",
    "processNotifications",
    "skipCallback",
    "approved",
    "estimatedExpenseCost",
    "estimatedExpenseRevenue",
    "estimatedProductCost",
    "estimatedProductRevenue",
    "estimatedTimeCost",
    "estimatedTimeRevenue",
    "billingMethod",
    "billingAmount",
    "hourlyRate",
    "subBillingMethod",
    "subBillingAmount",
    "subDateAccepted",
    "resources",
    "hasChildTicket",
    "hasMergedChildTicketFlag",
    "billTime",
    "billExpenses",
    "billProducts",
    "estimatedStartDate",
    "duration",
    "department",
    "mobileGuid",
    "requestForChangeFlag",
    "currency",
    "actualHours",
    "workRole",
    "workType",
    "externalXRef",
    "poNumber",
    "knowledgeBaseCategoryId",
    "knowledgeBaseSubCategoryId",
    "predecessorType",
    "ppid",
];

/// What ConnectWise computed itself: the engine does so from the facts.
const COMPUTED: [&str; 16] = [
    "slaStatus",
    "isInSla",
    "respondMinutes",
    "resPlanMinutes",
    "resolveMinutes",
    "respondedHours",
    "resplanHours",
    "resolutionHours",
    "respondedBy",
    "resplanBy",
    "resolvedBy",
    "respondedSkippedMinutes",
    "resplanSkippedMinutes",
    "escalationStartDateUTC",
    "escalationLevel",
    "minutesBeforeWaiting",
];

/// Translates a callback, whose `Entity` is the ticket as a text, or a ticket itself.
pub(crate) fn message(message: &Value, settings: &Settings, translation: &mut Translation) {
    let Some(envelope) = Record::of(message, "", translation) else { return };
    let inner = match envelope.get("entity") {
        None => {
            if let Some(ticket) = ticket(message, "", false, settings, translation) {
                translation.tickets.push(ticket);
            }
            return;
        }
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(value) => Some(value.clone()),
    };
    envelope.pass_over(&[
        "messageId",
        "fromUrl",
        "companyId",
        "memberId",
        "iD",
        "id",
        "ID",
        "productInstanceId",
        "partnerId",
        "metadata",
        "callbackObjectRecId",
    ]);
    let kind = envelope.text("type").unwrap_or_default().to_lowercase();
    if !matches!(&*kind, "ticket" | "") {
        return translation.left_out("/Type", format!("a callback about a `{kind}`"));
    }
    let Some(entity) = inner else {
        return translation.left_out("/Entity", "the entity is not JSON");
    };
    let action = envelope.text("action").unwrap_or_default().to_lowercase();
    envelope.report_rest(translation);
    if action == "deleted" {
        return translation.left_out("/Action", "a ticket that was deleted stays as it was");
    }
    if let Some(ticket) = ticket(&entity, "/Entity", false, settings, translation) {
        translation.tickets.push(ticket);
    }
}

/// A ticket as it stands. One that is `alone` has no other message to tell what it was before: it is taken to have had its
/// fields from the beginning, and its status since it was resolved.
fn ticket(
    value: &Value,
    at: &str,
    alone: bool,
    settings: &Settings,
    translation: &mut Translation,
) -> Option<Ticket> {
    let record = Record::of(value, at, translation)?;
    let Some(id) = record.text("id") else {
        translation.left_out(record.place("id"), "the ticket has no id");
        return None;
    };
    let info = record.record("_info");
    let from = |key: &str, translation: &mut Translation| {
        info.as_ref().and_then(|info| info.instant(key, translation))
    };
    let created_at = from("dateEntered", translation)
        .or_else(|| record.instant("dateEntered", translation))
        .or_else(|| record.instant("enteredDate", translation));
    let updated_at = from("lastUpdated", translation)
        .or_else(|| record.instant("lastUpdated", translation))
        .or_else(|| created_at.clone());
    let Some(updated_at) = updated_at else {
        translation
            .left_out(record.place("_info"), "the ticket says neither when it was entered nor changed");
        return None;
    };
    let mut ticket = Ticket {
        id: settings.ticket(&id),
        agreement: settings.agreement.clone(),
        created_at,
        events: Vec::new(),
    };
    let fields = fields(&record, value, settings);
    let resolved_at = record.instant("dateResolved", translation).filter(|_| alone);
    let since = ticket.created_at.clone().filter(|_| alone).unwrap_or_else(|| updated_at.clone());
    ticket.fields(&since, fields, translation);
    match record.text_in("status", "name").or_else(|| record.text("statusName")) {
        Some(status) => {
            ticket.status(resolved_at.as_ref().unwrap_or(&updated_at), &settings.status(&status));
        }
        None => translation.left_out(record.place("status"), "the ticket does not say its status"),
    }
    if let Some(at) = record.instant("dateResponded", translation) {
        ticket.reply(&at, Some("responded".to_owned()), "agent", true);
    }
    if let Some(at) = record.instant("dateResplan", translation) {
        ticket.field(&at, "planned", json!(true), translation);
    }
    if let Some(into) = record.text_in("mergedParentTicket", "id") {
        ticket.merged(&updated_at, &settings.ticket(&into));
    }
    for key in ["closedDate", "closedFlag", "minutesWaiting", "parentTicketId", "closedBy"] {
        record.get(key);
    }
    record.pass_over(&NO_MEANING);
    record.pass_over(&COMPUTED);
    record.report_rest(translation);
    Some(ticket)
}

fn fields(record: &Record<'_>, whole: &Value, settings: &Settings) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, name, field) in REFERENCES {
        // Some callbacks have the name alone: `priorityName` for `priority { name }`.
        let flat = || record.text(&format!("{key}Name"));
        if let Some(value) = record.text_in(key, name).or_else(flat) {
            fields.insert(field.to_owned(), json!(value));
        }
    }
    for (key, field) in VALUES {
        if let Some(value) = record.text(key) {
            fields.entry(field.to_owned()).or_insert(json!(value));
        }
    }
    for custom in record.list("customFields") {
        let caption = custom.get("caption").or_else(|| custom.get("id")).and_then(text_of);
        if let (Some(caption), Some(value)) = (caption, custom.get("value").filter(|value| !value.is_null()))
        {
            fields.insert(caption, value.clone());
        }
    }
    settings.more(whole, &mut fields);
    fields
}
