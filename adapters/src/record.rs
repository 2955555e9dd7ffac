//! A record of somebody else's JSON, which knows what of it was read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{Kind, Translation, instants};

/// A JSON object.
pub(crate) struct Record<'v> {
    map: &'v Map<String, Value>,
    /// Its place, for reports.
    pub(crate) at: String,
    read: RefCell<BTreeSet<&'v str>>,
}

/// A text, a number or a truth value, as text. What helpdesks write for nothing is nothing.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Whether a value says nothing.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// A key as a part of a JSON pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl<'v> Record<'v> {
    /// The record, or the loss of it.
    pub(crate) fn of(value: &'v Value, at: impl Into<String>, translation: &mut Translation) -> Option<Self> {
        let at = at.into();
        match value {
            Value::Object(map) => Some(Self { map, at, read: RefCell::default() }),
            _ => {
                translation.left_out(at, "this is not a JSON object");
                None
            }
        }
    }

    /// The place of a key.
    pub(crate) fn place(&self, key: &str) -> String {
        format!("{}/{}", self.at, escaped(key))
    }

    /// A value, unless it says nothing. The first letter of a key may be written either way.
    pub(crate) fn get(&self, key: &str) -> Option<&'v Value> {
        let (name, value) = self.map.get_key_value(key).or_else(|| {
            let mut letters = key.chars();
            let first = letters.next()?.to_ascii_uppercase();
            self.map.get_key_value(&format!("{first}{}", letters.as_str()))
        })?;
        self.read.borrow_mut().insert(name);
        Some(value).filter(|value| !is_blank(value))
    }

    /// A value as text.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text_of)
    }

    /// A value that is true, whether as such or as text.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        matches!(self.text(key).as_deref(), Some("true" | "1" | "True" | "TRUE"))
    }

    /// A list; of what is none, nothing.
    pub(crate) fn list(&self, key: &str) -> &'v [Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A record below a key.
    pub(crate) fn record(&self, key: &str) -> Option<Record<'v>> {
        let map = self.get(key)?.as_object()?;
        Some(Record { map, at: self.place(key), read: RefCell::default() })
    }

    /// A text below a key below a key.
    pub(crate) fn text_in(&self, key: &str, inner: &str) -> Option<String> {
        self.record(key)?.text(inner)
    }

    /// An instant, or the loss of it.
    pub(crate) fn instant(&self, key: &str, translation: &mut Translation) -> Option<String> {
        let value = self.get(key)?;
        let instant = instants::of_value(value);
        if instant.is_none() {
            translation.left_out(self.place(key), format!("`{value}` is not an instant"));
        }
        instant
    }

    /// Every key with its value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        self.map.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Counts keys as read that mean nothing to clocks.
    pub(crate) fn pass_over(&self, keys: &[&str]) {
        for key in keys {
            self.get(key);
        }
    }

    /// Reports the keys that nobody read and that say something.
    pub(crate) fn report_rest(&self, translation: &mut Translation) {
        let read = self.read.borrow();
        for (key, value) in self.map {
            if !read.contains(key.as_str()) && !is_blank(value) {
                translation.lose(Kind::Unknown, self.place(key), "this key has no meaning here");
            }
        }
    }
}
