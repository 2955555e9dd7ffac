//! A ticket as it is built up from what a helpdesk says.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Translation;
use crate::shaped::shaped;

shaped! {
    /// A ticket with what is known of it. Its creation says nothing but when, so that it is the same in every message; all
    /// else are events, those of its creation at the same instant.
    #[name("TranslatedTicket")]
    #[derive(Debug, Clone, PartialEq, Serialize)]
    pub struct Ticket {
        /// Its id.
        pub id: String,
        /// The agreement that it is under, if the settings say.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub agreement: Option<String>,
        /// When it was created, if that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// What happened to it.
        pub events: Vec<Value> as crate::shaped::named("TicketEvent"),
    }
}

impl Ticket {
    /// The creation as a line of facts, if it is known.
    #[must_use]
    pub fn creation(&self) -> Option<Value> {
        let created_at = self.created_at.as_ref()?;
        Some(self.under(json!({ "id": self.id, "created_at": created_at })))
    }

    /// Each event as a line of facts, with its ticket.
    pub fn facts(&self) -> impl Iterator<Item = Value> + '_ {
        self.events.iter().map(|event| {
            let mut event = event.clone();
            if let Some(event) = event.as_object_mut() {
                event.insert("ticket".into(), json!(self.id));
            }
            self.under(event)
        })
    }

    /// The whole ticket as a line, if its creation is known.
    #[must_use]
    pub fn whole(&self) -> Option<Value> {
        let created_at = self.created_at.as_ref()?;
        Some(json!({ "id": self.id, "created_at": created_at, "events": self.events }))
    }

    fn under(&self, mut line: Value) -> Value {
        if let (Some(agreement), Some(line)) = (&self.agreement, line.as_object_mut()) {
            line.insert("agreement".into(), json!(agreement));
        }
        line
    }

    fn happened(&mut self, at: &str, id: Option<String>, key: &str, value: Value) {
        let mut event = Map::new();
        if let Some(id) = id {
            event.insert("id".into(), json!(id));
        }
        // A ticket cannot change before it is there; helpdesks round the two differently.
        let at = self.created_at.as_deref().map_or(at, |created| later(created, at));
        event.insert("at".into(), json!(at));
        event.insert(key.into(), value);
        self.events.push(Value::Object(event));
    }

    pub(crate) fn status(&mut self, at: &str, status: &str) {
        self.happened(at, None, "status", json!(status));
    }

    /// Sets fields. Conditions ask for plain values and for what a list has, so nothing else is taken.
    pub(crate) fn fields(&mut self, at: &str, mut fields: Map<String, Value>, translation: &mut Translation) {
        fields.retain(|name, value| {
            let plain = |value: &Value| !value.is_array() && !value.is_object();
            let is_taken = plain(value) || value.as_array().is_some_and(|list| list.iter().all(plain));
            if !is_taken {
                let message = format!("the field `{name}` is neither a plain value nor a list of them");
                translation.left_out("", message);
            }
            is_taken
        });
        if !fields.is_empty() {
            self.happened(at, None, "field", Value::Object(fields));
        }
    }

    pub(crate) fn field(&mut self, at: &str, name: &str, value: Value, translation: &mut Translation) {
        self.fields(at, Map::from_iter([(name.to_owned(), value)]), translation);
    }

    /// A message, by `agent`, `requester` or `system`.
    pub(crate) fn reply(&mut self, at: &str, id: Option<String>, by: &str, public: bool) {
        self.happened(at, id, "reply", json!({ "by": by, "public": public }));
    }

    pub(crate) fn merged(&mut self, at: &str, into: &str) {
        self.happened(at, None, "merge", json!({ "into": into }));
    }

    /// Puts events into the order of their instants; those of one instant keep theirs.
    pub(crate) fn sort(&mut self) {
        let at = |event: &Value| {
            let text = event.get("at").and_then(Value::as_str).unwrap_or_default();
            slaclock_core::Instant::parse(text).map_or(i64::MAX, slaclock_core::Instant::ms)
        };
        self.events.sort_by_key(at);
    }
}

/// The later of two instants.
fn later<'t>(one: &'t str, other: &'t str) -> &'t str {
    let ms = |text: &str| slaclock_core::Instant::parse(text).map(slaclock_core::Instant::ms);
    match (ms(one), ms(other)) {
        (Ok(first), Ok(second)) if first > second => one,
        _ => other,
    }
}
