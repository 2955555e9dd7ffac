//! Any JSON, by a mapping of JSON pointers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::instants::of_value;
use crate::record::{escaped, is_blank, text_of};
use crate::settings::Settings;
use crate::shaped::shaped;
use crate::{Ticket, Translation};

shaped! {
    /// Where in a message of a system the facts are. All places are JSON pointers, within an item.
    #[name("Mapping")]
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Mapping {
        /// A list of items, each about a ticket; the message itself is the only item if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<String>,
        /// Items that are about tickets: the values that each place must have, one of them. Others are left out.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub when: BTreeMap<String, Vec<Value>>,
        /// The ticket's id.
        pub ticket: String,
        /// When the ticket was created.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// When what the item says happened: RFC 3339, `2026-11-20 17:10:00` in UTC, or seconds or milliseconds since 1970.
        pub at: String,
        /// An id of what happened, so that the same message sent twice is known as one where its content alone does not tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// The ticket's status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<Picked>,
        /// The ticket's fields.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub fields: BTreeMap<String, Picked>,
        /// A message on the ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reply: Option<Message>,
        /// The ticket into which this one was merged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub merged_into: Option<String>,
    }
}

/// A value at a place, with other words for some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected a JSON pointer, `{ at, values, else }` or `{ value }`"
)]
pub enum Picked {
    /// As it is.
    At(String),
    /// By a table.
    By {
        /// The place.
        at: String,
        /// Other words, by the system's own.
        #[serde(default)]
        values: BTreeMap<String, Value>,
        /// What stands for all others; they are as they are if not given.
        #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
        otherwise: Option<Value>,
    },
    /// Always the same.
    Always {
        /// The value.
        value: Value,
    },
}

#[cfg(feature = "shape")]
impl slaclock_core::document::shape::Shaped for Picked {
    fn shape(types: &mut slaclock_core::document::shape::Types) -> slaclock_core::document::shape::Shape {
        use slaclock_core::document::shape::{Key, Shape};
        let doc = "A value at a place, a JSON pointer; with other words for some, and one for all others; or always the same.";
        types.alias("Picked", doc, |types| {
            Shape::OneOf(vec![
                String::shape(types),
                Shape::Keys(vec![
                    Key::of::<String>(types, "at", &[], false),
                    Key::of::<BTreeMap<String, Value>>(types, "values", &[], true),
                    Key::of::<Value>(types, "else", &[], true),
                ]),
                Shape::Keys(vec![Key::of::<Value>(types, "value", &[], false)]),
            ])
        })
    }
}

shaped! {
    /// How an item is a message on the ticket.
    #[name("MessageMapping")]
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Message {
        /// Items that are messages: the values that each place must have, one of them.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub when: BTreeMap<String, Vec<Value>>,
        /// Who wrote it: `agent`, `requester` or `system`.
        pub by: Picked,
        /// Whether the requester can read it.
        pub public: Picked,
    }
}

impl Mapping {
    /// Every place that it names, by its key.
    pub(crate) fn places(&self) -> Vec<(String, &String)> {
        let mut all = vec![("ticket".to_owned(), &self.ticket), ("at".to_owned(), &self.at)];
        let single = [
            ("items", &self.items),
            ("created_at", &self.created_at),
            ("id", &self.id),
            ("merged_into", &self.merged_into),
        ];
        all.extend(single.into_iter().filter_map(|(key, at)| Some((key.to_owned(), at.as_ref()?))));
        let picked = self.status.iter().map(|picked| ("status".to_owned(), picked));
        let fields = self.fields.iter().map(|(name, picked)| (format!("fields/{}", escaped(name)), picked));
        let reply = self.reply.iter().flat_map(|reply| {
            [("reply/by".to_owned(), &reply.by), ("reply/public".to_owned(), &reply.public)]
        });
        all.extend(
            picked.chain(fields).chain(reply).filter_map(|(key, picked)| Some((key, picked.place()?))),
        );
        let when = self.when.keys().map(|at| ("when".to_owned(), at));
        let of_reply = self.reply.iter().flat_map(|reply| reply.when.keys());
        all.extend(when.chain(of_reply.map(|at| ("reply/when".to_owned(), at))));
        all
    }
}

impl Picked {
    fn place(&self) -> Option<&String> {
        match self {
            Self::At(at) | Self::By { at, .. } => Some(at),
            Self::Always { .. } => None,
        }
    }

    fn of(&self, item: &Value) -> Option<Value> {
        match self {
            Self::At(at) => item.pointer(at).filter(|value| !is_blank(value)).cloned(),
            Self::Always { value } => Some(value.clone()),
            Self::By { at, values, otherwise } => {
                let value = item.pointer(at).filter(|value| !is_blank(value))?;
                let other = text_of(value).and_then(|text| values.get(&text));
                Some(other.or(otherwise.as_ref()).unwrap_or(value).clone())
            }
        }
    }
}

fn holds(when: &BTreeMap<String, Vec<Value>>, item: &Value) -> bool {
    when.iter().all(|(at, values)| {
        let value = item.pointer(at).unwrap_or(&Value::Null);
        values.iter().any(|wanted| wanted == value)
    })
}

/// Translates a message.
pub(crate) fn message(message: &Value, settings: &Settings, translation: &mut Translation) {
    let Some(mapping) = &settings.mapping else {
        return translation.left_out("", "the settings have no mapping");
    };
    let Some(items) = &mapping.items else {
        return item(message, "", mapping, settings, translation);
    };
    match message.pointer(items).and_then(Value::as_array) {
        Some(list) => {
            for (index, value) in list.iter().enumerate() {
                item(value, &format!("{items}/{index}"), mapping, settings, translation);
            }
        }
        None => translation.left_out(items, "there is no list here"),
    }
}

fn item(item: &Value, place: &str, mapping: &Mapping, settings: &Settings, translation: &mut Translation) {
    if !holds(&mapping.when, item) {
        return translation.left_out(place, "the mapping's `when` does not hold");
    }
    let there = |at: &str| item.pointer(at).filter(|value| !is_blank(value));
    let Some(id) = there(&mapping.ticket).and_then(text_of) else {
        return translation.left_out(format!("{place}{}", mapping.ticket), "the ticket's id is not here");
    };
    let instant = |at: &str, translation: &mut Translation| {
        let instant = there(at).and_then(of_value);
        if instant.is_none() {
            translation.left_out(format!("{place}{at}"), "there is no instant here");
        }
        instant
    };
    let Some(at) = instant(&mapping.at, translation) else { return };
    let created_at = mapping.created_at.as_deref().and_then(|at| instant(at, translation));
    let mut ticket = Ticket {
        id: settings.ticket(&id),
        agreement: settings.agreement.clone(),
        created_at,
        events: Vec::new(),
    };
    let mut fields = Map::new();
    for (name, picked) in &mapping.fields {
        if let Some(value) = picked.of(item) {
            fields.insert(name.clone(), value);
        }
    }
    settings.more(item, &mut fields);
    ticket.fields(&at, fields, translation);
    if let Some(status) = mapping.status.as_ref().and_then(|status| status.of(item)) {
        match text_of(&status) {
            Some(status) => ticket.status(&at, &settings.status(&status)),
            None => translation.left_out(place, format!("`{status}` is not a status")),
        }
    }
    if let Some(reply) = mapping.reply.as_ref().filter(|reply| holds(&reply.when, item)) {
        let by = reply.by.of(item).and_then(|by| text_of(&by));
        let public = reply.public.of(item).and_then(|public| text_of(&public));
        let id = mapping.id.as_deref().and_then(there).and_then(text_of);
        match (by.as_deref(), public.as_deref()) {
            (Some(by @ ("agent" | "requester" | "system")), Some(public @ ("true" | "false"))) => {
                ticket.reply(&at, id, by, public == "true");
            }
            _ => translation.left_out(
                place,
                "a message, of which it cannot be told who wrote it (`agent`, `requester`, `system`) or whether it is public",
            ),
        }
    }
    if let Some(into) = mapping.merged_into.as_deref().and_then(there).and_then(text_of) {
        ticket.merged(&at, &settings.ticket(&into));
    }
    translation.tickets.push(ticket);
}
