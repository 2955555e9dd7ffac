//! Translations between helpdesks and slaclock: their JSON in; tickets, events and agreements out, with a report of
//! everything that could not be carried over. Hosts, pages and edge functions use the same ones: there is no clock here
//! and no I/O.
//!
//! ```
//! use serde_json::json;
//! use slaclock_adapters::{Settings, find};
//!
//! let zendesk = find("zendesk").unwrap();
//! let message = json!({
//!     "type": "zen:event-type:ticket.status_changed", "time": "2026-11-20T17:10:00Z",
//!     "detail": { "id": "7", "created_at": "2026-11-20T16:55:00Z", "updated_at": "2026-11-20T17:10:00Z",
//!         "status": "PENDING" },
//!     "event": { "current": "PENDING", "previous": "OPEN" }
//! });
//! let translated = zendesk.message(&message, &Settings::default());
//! assert_eq!(translated.tickets[0].events[0]["status"], "pending");
//! assert!(translated.losses.is_empty());
//! ```
//!
//! A system is one entry of [`ALL`] and one file, or folder, beside this one.

mod agreement;
mod connectwise;
mod generic;
mod instants;
mod problem;
mod record;
mod servicenow;
mod settings;
mod shaped;
mod signature;
mod ticket;
mod zendesk;

use serde::Serialize;
use serde_json::Value;

use shaped::shaped;

pub use generic::{Mapping, Message, Picked};
pub use problem::{BAD_SETTINGS, BAD_SIGNATURE, Problem};
pub use settings::Settings;
pub use signature::{Forged, Scheme};
pub use ticket::Ticket;

/// A helpdesk whose messages and exports can be read.
#[derive(Debug, Clone, Copy)]
pub struct Adapter {
    /// Its name in addresses and commands.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How it signs its messages, if it does.
    pub scheme: Option<Scheme>,
    message: fn(&Value, &Settings, &mut Translation),
    export: Option<fn(&[Table], &Settings, &mut Translation)>,
}

shaped! {
    /// What an adapter can do.
    #[name("AdapterInfo")]
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
    pub struct Info {
        /// Its name in addresses and commands.
        pub id: &'static str,
        /// Its name for people.
        pub title: &'static str,
        /// Whether the system signs its messages, so that they can be verified.
        pub signs: bool,
        /// Whether exports of the system can be read.
        pub reads_exports: bool,
    }
}

/// Every adapter.
pub const ALL: [Adapter; 4] = [
    Adapter {
        id: "connectwise",
        title: "ConnectWise PSA",
        scheme: Some(Scheme::ConnectWise),
        message: connectwise::message,
        export: Some(connectwise::export),
    },
    Adapter {
        id: "generic",
        title: "any JSON, by a mapping",
        scheme: Some(Scheme::StandardWebhooks),
        message: generic::message,
        export: None,
    },
    Adapter {
        id: "servicenow",
        title: "ServiceNow",
        scheme: None,
        message: servicenow::message,
        export: Some(servicenow::export),
    },
    Adapter {
        id: "zendesk",
        title: "Zendesk",
        scheme: Some(Scheme::Zendesk),
        message: zendesk::message,
        export: Some(zendesk::export),
    },
];

/// The adapter of this name.
///
/// # Errors
/// There is none, told with the names of all.
pub fn named(id: &str) -> Result<&'static Adapter, Problem> {
    find(id).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|adapter| adapter.id).collect();
        let message = format!("there is no adapter `{id}`");
        Problem::new(slaclock_core::Code::UnknownWord.as_str(), message, "adapter")
            .mend(format!("there are {}", known.join(", ")))
    })
}

/// The adapter of this name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Adapter> {
    ALL.iter().find(|adapter| adapter.id == id)
}

/// A part of an export: what the system calls it, such as `sla_policies` or `cmn_schedule`, and its records.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Where it came from, for the report.
    pub source: String,
    /// Its records.
    pub records: Vec<Value>,
}

/// Longest id that is kept, in bytes.
const LONGEST_ID: usize = 256;

shaped! {
    /// What came of a message or an export.
    #[name("Translation")]
    #[derive(Debug, Clone, PartialEq, Default, Serialize)]
    pub struct Translation {
        /// The agreement that policies, schedules and statuses make, as a document.
        pub agreement: Option<Value> as shaped::named("AgreementDocument"),
        /// Tickets, each with what is known of it.
        pub tickets: Vec<Ticket>,
        /// What was not carried over.
        pub losses: Vec<Loss>,
    }
}

shaped! {
    /// Something that was not carried over.
    #[name("Loss")]
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Loss {
        /// How much was lost.
        pub kind: Kind,
        /// Where it is: the source's name, if there are several, and a JSON pointer.
        pub pointer: String,
        /// What was lost, and what it means.
        pub message: String,
    }
}

shaped! {
    /// How much was lost.
    #[name("LossKind")]
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
    pub enum Kind {
        /// It is not in the result at all.
        LeftOut = "left_out",
        /// It is in the result in another form, which may differ.
        Approximated = "approximated",
        /// Nobody here knows what it means.
        Unknown = "unknown",
    }
}

impl Translation {
    pub(crate) fn lose(&mut self, kind: Kind, pointer: impl Into<String>, message: impl Into<String>) {
        self.losses.push(Loss { kind, pointer: pointer.into(), message: message.into() });
    }

    /// Leaves out what has an id that cannot be kept.
    fn check_ids(&mut self) {
        let is_kept =
            |id: &str| id.len() <= LONGEST_ID && !id.is_empty() && !id.chars().any(char::is_control);
        let mut lost = Vec::new();
        self.tickets.retain(|ticket| {
            let is_kept = is_kept(&ticket.id);
            lost.extend((!is_kept).then(|| "a ticket".to_owned()));
            is_kept
        });
        for ticket in &mut self.tickets {
            let Ticket { id: of, events, .. } = ticket;
            events.retain(|event| {
                let is_kept = event.get("id").and_then(Value::as_str).is_none_or(is_kept);
                lost.extend((!is_kept).then(|| format!("an event of `{of}`")));
                is_kept
            });
        }
        for what in lost {
            let message =
                format!("{what} has an id of more than {LONGEST_ID} bytes or with control characters");
            self.left_out("", message);
        }
    }

    pub(crate) fn left_out(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.lose(Kind::LeftOut, pointer, message);
    }

    pub(crate) fn approximated(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.lose(Kind::Approximated, pointer, message);
    }
}

impl Adapter {
    /// Reads what a tenant says about a helpdesk of this system, as JSON.
    ///
    /// # Errors
    /// The text is not JSON, or says something that has no meaning; told with the place.
    pub fn settings(&self, text: &str) -> Result<Settings, Problem> {
        settings::read(self, text)
    }

    /// Translates a message that the system sent.
    #[must_use]
    pub fn message(&self, message: &Value, settings: &Settings) -> Translation {
        let mut translation = Translation::default();
        (self.message)(message, settings, &mut translation);
        translation.check_ids();
        translation
    }

    /// What it can do.
    #[must_use]
    pub const fn info(&self) -> Info {
        Info {
            id: self.id,
            title: self.title,
            signs: self.scheme.is_some(),
            reads_exports: self.reads_exports(),
        }
    }

    /// Whether exports of the system can be read.
    #[must_use]
    pub const fn reads_exports(&self) -> bool {
        self.export.is_some()
    }

    /// Translates an export: answers of the system's API as they come, each with its name. A list below a key is a table of
    /// the key's name, a list alone or below `result` has the name of its file.
    #[must_use]
    pub fn export(&self, documents: &[(String, Value)], settings: &Settings) -> Translation {
        let mut translation = Translation::default();
        let tables: Vec<Table> =
            documents.iter().flat_map(|(source, document)| tables(source, document)).collect();
        match self.export {
            Some(export) => export(&tables, settings, &mut translation),
            None => translation.left_out("", format!("exports of {} cannot be read", self.title)),
        }
        translation.check_ids();
        translation
    }
}

/// The tables of a document.
fn tables(source: &str, document: &Value) -> Vec<Table> {
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let stem = file.split('.').next().unwrap_or(file).to_owned();
    let table = |name: String, records: &[Value]| Table {
        name,
        source: source.to_owned(),
        records: records.to_vec(),
    };
    match document {
        Value::Array(records) => vec![table(stem, records)],
        Value::Object(map) => {
            let lists = map.iter().filter_map(|(key, value)| Some((key, value.as_array()?)));
            let named = |key: &String| if key == "result" { stem.clone() } else { key.clone() };
            let found: Vec<Table> = lists.map(|(key, records)| table(named(key), records)).collect();
            match map.get("result") {
                Some(record @ Value::Object(_)) => vec![table(stem, std::slice::from_ref(record))],
                _ if found.is_empty() => vec![table(stem, std::slice::from_ref(document))],
                _ => found,
            }
        }
        _ => Vec::new(),
    }
}
