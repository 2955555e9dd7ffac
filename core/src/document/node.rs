//! A document as read, before it means anything: order and duplicate keys are kept.

use crate::interval::Gather as _;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::error::{Code, Problem};

/// How deep lists and maps may be nested.
pub const MAX_DEPTH: usize = 32;

/// A value as it stands in a document. Maps keep their order, and their duplicates for the decoder to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Reads JSON text.
    ///
    /// # Errors
    /// [`Code::NotJson`] with line and column, or [`Code::TooDeep`].
    pub fn from_json(text: &'a [u8]) -> Result<Self, Problem> {
        Self::read(text, MAX_DEPTH)
    }

    /// Reads a list of documents, each of which may be nested as deep as one alone.
    pub(crate) fn list_from_json(text: &'a [u8]) -> Result<Self, Problem> {
        Self::read(text, MAX_DEPTH.saturating_add(1))
    }

    fn read(text: &'a [u8], depth: usize) -> Result<Self, Problem> {
        // Read as text, since the parser would otherwise check each string by itself.
        let text = core::str::from_utf8(text).map_err(|error| {
            let before = text.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
            let column = before.iter().rev().take_while(|byte| **byte != b'\n').count().saturating_add(1);
            let message = format!("not JSON: not UTF-8 at line {line} column {column}");
            Problem::whole(Code::NotJson, message)
        })?;
        let too_deep = Cell::new(false);
        let mut json = serde_json::Deserializer::from_str(text);
        let seed = Seed { depth, too_deep: &too_deep };
        let read = seed.deserialize(&mut json).and_then(|node| json.end().map(|()| node));
        if too_deep.get() {
            return Err(Problem::whole(Code::TooDeep, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        read.map_err(|error| Problem::whole(Code::NotJson, format!("not JSON: {error}")))
    }

    /// The whole number, if it is one of 64 bits.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, node)| node)
    }

    /// What a person calls this type of value.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// The same value as plain JSON; of duplicate keys the last one stays.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::List(items) => Value::Array(items.iter().map(Node::to_value).gather()),
            Self::Map(entries) => {
                let mut map = serde_json::Map::new();
                for (key, node) in entries {
                    map.insert(key.clone().into_owned(), node.to_value());
                }
                Value::Object(map)
            }
        }
    }
}

impl Node<'_> {
    /// The same node, holding its own texts.
    pub(crate) fn into_owned(self) -> Node<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Node::Null,
            Self::Bool(value) => Node::Bool(value),
            Self::Number(value) => Node::Number(value),
            Self::Text(text) => Node::Text(own(text)),
            Self::List(items) => Node::List(items.into_iter().map(Node::into_owned).gather()),
            Self::Map(entries) => {
                Node::Map(entries.into_iter().map(|(key, node)| (own(key), node.into_owned())).gather())
            }
        }
    }
}

/// Reads a node and counts the depth left.
#[derive(Clone, Copy)]
struct Seed<'s> {
    depth: usize,
    too_deep: &'s Cell<bool>,
}

impl Seed<'_> {
    /// The seed for what a list or map holds; `None` beyond the depth, which is then noted. Its reader stops without
    /// an error of its own: what is left of the list is an error for the parser already, and errors with a text
    /// would be the only ones to need serde_json's reading of messages, which every page would load.
    fn deeper(self) -> Option<Self> {
        let depth = self.depth.checked_sub(1);
        self.too_deep.set(self.too_deep.get() || depth.is_none());
        Some(Self { depth: depth?, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        // JSON has no number that is not finite, and the parser refuses those too large for 64 bits.
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let Some(seed) = self.deeper() else { return Ok(Node::Null) };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(seed)? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let Some(seed) = self.deeper() else { return Ok(Node::Null) };
        let mut map = Vec::new();
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            map.push((key, entries.next_value_seed(seed)?));
        }
        Ok(Node::Map(map))
    }
}

/// Reads a key, which the parser knows to be a text.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
