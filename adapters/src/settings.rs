//! What a tenant says about its helpdesk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::generic::Mapping;

/// How messages and exports of one helpdesk are to be read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The agreement of its tickets, and the `id` of one that is imported; the host's default if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// Put before every ticket's id, so that tickets of two systems stay apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Other words for statuses, by the system's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, String>,
    /// More fields of tickets, by JSON pointers into a ticket of the system.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The zone of calendars that name none; `UTC` if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// How any JSON is read: for the adapter `generic`, which needs it, and for no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
}

impl Settings {
    pub(crate) fn status(&self, status: &str) -> String {
        self.statuses.get(status).map_or(status, String::as_str).to_owned()
    }

    pub(crate) fn ticket(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    pub(crate) fn zone(&self) -> &str {
        self.time_zone.as_deref().unwrap_or("UTC")
    }
}

impl Settings {
    /// Adds the fields that the settings name.
    pub(crate) fn more(
        &self,
        ticket: &serde_json::Value,
        fields: &mut serde_json::Map<String, serde_json::Value>,
    ) {
        for (name, pointer) in &self.fields {
            if let Some(value) = ticket.pointer(pointer).filter(|value| !crate::record::is_blank(value)) {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}
