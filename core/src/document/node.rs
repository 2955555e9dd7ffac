//! A document as read, before it means anything: order and duplicate keys are kept.

use crate::interval::Gather as _;
use std::borrow::Cow;

use serde_json::{Number, Value};

use super::read::{Refusal, read};
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
        // One look at all of it: the texts in it need none of their own.
        let (what, before) = match core::str::from_utf8(text).map(|text| read(text, depth)) {
            Ok(Ok(node)) => return Ok(node),
            Ok(Err(Refusal::TooDeep)) => {
                return Err(Problem::whole(Code::TooDeep, format!("nested deeper than {MAX_DEPTH} levels")));
            }
            Ok(Err(Refusal::Syntax { what, before })) => (what, before),
            Err(error) => ("not UTF-8", error.valid_up_to().saturating_add(1)),
        };
        let before = text.get(..before).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        Err(Problem::whole(Code::NotJson, format!("not JSON: {what} at line {line} column {column}")))
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
