//! What a tenant says about its helpdesk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_path_to_error::Segment;

use crate::Adapter;
use crate::generic::Mapping;
use crate::problem::{BAD_SETTINGS, Problem};
use crate::record::escaped;
use crate::shaped::shaped;

shaped! {
    /// How messages and exports of one helpdesk are to be read.
    #[name("AdapterSettings")]
    #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Settings {
        /// The agreement of its tickets, and the `id` of one that is imported; the host's default if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agreement: Option<String>,
        /// Put before every ticket's id, so that tickets of two systems stay apart.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        pub prefix: String,
        /// Other words for statuses, by the system's own.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub statuses: BTreeMap<String, String>,
        /// More fields of tickets, by JSON pointers into a ticket of the system.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub fields: BTreeMap<String, String>,
        /// The zone of calendars that name none; `UTC` if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time_zone: Option<String>,
        /// How any JSON is read: for the adapter `generic`, which needs it, and for no other.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mapping: Option<Mapping>,
    }
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

/// Reads the settings of an adapter.
pub(crate) fn read(adapter: &Adapter, text: &str) -> Result<Settings, Problem> {
    // Serde takes the values of a record as a list, too.
    if text.trim_start().starts_with('[') {
        return Err(bad("", "expected an object, found a list".to_owned()));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let settings: Settings = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer: String = error.path().iter().map(part).collect();
        bad(pointer, error.inner().to_string())
    })?;
    json.end().map_err(|error| bad("", error.to_string()))?;
    match (&settings.mapping, adapter.id) {
        (None, "generic") => return Err(bad("/mapping", "`generic` needs a mapping".to_owned())),
        (Some(_), id) if id != "generic" => {
            return Err(bad("/mapping", format!("a mapping is for `generic`, not for `{id}`")));
        }
        _ => {}
    }
    let fields = settings.fields.iter().map(|(name, at)| (format!("/fields/{}", escaped(name)), at));
    let mapping = settings.mapping.iter().flat_map(Mapping::places);
    let mut places = fields.chain(mapping.map(|(key, at)| (format!("/mapping/{key}"), at)));
    match places.find(|(_, at)| !(at.is_empty() || at.starts_with('/'))) {
        Some((key, at)) => Err(bad(key, format!("`{at}` is not a JSON pointer: it begins with `/`"))),
        None => Ok(settings),
    }
}

fn bad(pointer: impl Into<String>, message: String) -> Problem {
    Problem::new(BAD_SETTINGS, message, pointer)
}

fn part(segment: &Segment) -> String {
    match segment {
        Segment::Map { key } => format!("/{}", escaped(key)),
        Segment::Seq { index } => format!("/{index}"),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    }
}
