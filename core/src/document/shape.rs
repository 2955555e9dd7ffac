//! Descriptions of the document types, from which JSON Schema, TypeScript and the reference are generated.
//!
//! Only with the feature `shape`: the shipped engines do not carry their own description.

use super::macros::Absent;
use super::values::Named;
use crate::duration::Duration;
use crate::instant::Instant;

/// What values of a type look like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A text; `format` says of what kind, `pattern` is a regular expression if one is known.
    Text {
        /// What the text says: `instant`, `date`, `duration` …
        format: Option<&'static str>,
        /// A regular expression that every valid text fits.
        pattern: Option<&'static str>,
    },
    /// Exactly this text.
    Literal(&'static str),
    /// `true` or `false`.
    Bool,
    /// A whole number that JavaScript holds exactly.
    Integer,
    /// Any JSON value.
    Any,
    /// `null` or a value.
    Nullable(Box<Shape>),
    /// A list.
    List(Box<Shape>),
    /// A map with free keys.
    Map(Box<Shape>),
    /// Any one of these.
    OneOf(Vec<Shape>),
    /// A map with exactly these keys, where no name is worth giving.
    Keys(Vec<Key>),
    /// A type with a name of its own.
    Named(&'static str),
    /// A named record of which every key may be left out, and some are never there.
    PartOf {
        /// The record.
        name: &'static str,
        /// Its keys that are not there.
        without: &'static [&'static str],
    },
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub doc: String,
    /// Its values.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// Whether its feature is still to come.
    pub later: bool,
}

impl Key {
    /// The key `name` whose values are of type `T`.
    pub fn of<T: Shaped>(types: &mut Types, name: &'static str, doc: &[&str], has_default: bool) -> Self {
        let required = !has_default && !T::MAY_BE_ABSENT;
        Self { name, doc: joined(doc), shape: T::shape(types), required, later: false }
    }

    /// The key `name` of a result: always there, unless its type leaves it out.
    pub fn of_output<T: Shaped>(types: &mut Types, name: &'static str, doc: &[&str]) -> Self {
        Self { name, doc: joined(doc), shape: T::shape(types), required: !T::LEFT_OUT, later: false }
    }

    /// A key whose feature this version lacks.
    #[must_use]
    pub fn later(name: &'static str) -> Self {
        let doc = "Not supported yet: refused unless later keys are allowed, and then skipped.".to_owned();
        Self { name, doc, shape: Shape::Any, required: false, later: true }
    }
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// A map with these keys.
    Record(Vec<Key>),
    /// One of these words, each with its meaning.
    Words(Vec<(&'static str, &'static str)>),
    /// Something else under a name.
    Alias(Shape),
}

/// All named types met so far, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Types {
    /// Name, meaning, definition.
    pub named: Vec<(&'static str, String, Definition)>,
}

impl Types {
    /// Notes a record type once and refers to it.
    pub fn record(
        &mut self,
        name: &'static str,
        doc: &[&str],
        keys: impl FnOnce(&mut Self) -> Vec<Key>,
    ) -> Shape {
        self.define(name, doc, |types| Definition::Record(keys(types)))
    }

    /// Notes a list of words once and refers to it.
    pub fn words(
        &mut self,
        name: &'static str,
        doc: &[&str],
        words: &[(&'static str, &'static str)],
    ) -> Shape {
        self.define(name, doc, |_| Definition::Words(words.to_vec()))
    }

    /// Notes any type once under a name and refers to it.
    pub fn alias(&mut self, name: &'static str, doc: &str, shape: impl FnOnce(&mut Self) -> Shape) -> Shape {
        self.define(name, &[doc], |types| Definition::Alias(shape(types)))
    }

    /// In the record of this name, instants may be given as JavaScript gives them.
    pub fn take_instants_alike(&mut self, name: &'static str) {
        let found = self.named.iter_mut().find(|(known, _, _)| *known == name);
        if let Some((_, _, Definition::Record(keys))) = found {
            for key in keys.iter_mut().filter(|key| key.shape == Shape::Named("Instant")) {
                key.shape = Shape::Named("InstantLike");
            }
        }
    }

    fn define(
        &mut self,
        name: &'static str,
        doc: &[&str],
        body: impl FnOnce(&mut Self) -> Definition,
    ) -> Shape {
        if !self.named.iter().any(|(known, _, _)| *known == name) {
            // Noted before its keys, so that a type may hold itself.
            let index = self.named.len();
            self.named.push((name, joined(doc), Definition::Record(Vec::new())));
            let definition = body(self);
            if let Some(entry) = self.named.get_mut(index) {
                entry.2 = definition;
            }
        }
        Shape::Named(name)
    }
}

fn joined(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
}

/// A type that can describe itself.
pub trait Shaped {
    /// Whether a key of this type may be left out.
    const MAY_BE_ABSENT: bool = false;

    /// Whether a result leaves the key out when there is no value.
    const LEFT_OUT: bool = false;

    /// Its description; named types are noted in `types`.
    fn shape(types: &mut Types) -> Shape;
}

impl Shaped for String {
    fn shape(_: &mut Types) -> Shape {
        Shape::Text { format: None, pattern: None }
    }
}

impl Shaped for &'static str {
    fn shape(_: &mut Types) -> Shape {
        Shape::Text { format: None, pattern: None }
    }
}

impl Shaped for bool {
    fn shape(_: &mut Types) -> Shape {
        Shape::Bool
    }
}

impl Shaped for i64 {
    fn shape(_: &mut Types) -> Shape {
        Shape::Integer
    }
}

impl Shaped for u32 {
    fn shape(_: &mut Types) -> Shape {
        Shape::Integer
    }
}

impl Shaped for u8 {
    fn shape(_: &mut Types) -> Shape {
        Shape::Integer
    }
}

impl Shaped for serde_json::Value {
    fn shape(_: &mut Types) -> Shape {
        Shape::Any
    }
}

impl<T: Shaped> Shaped for (T, T) {
    fn shape(types: &mut Types) -> Shape {
        Shape::List(Box::new(T::shape(types)))
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const MAY_BE_ABSENT: bool = true;

    fn shape(types: &mut Types) -> Shape {
        Shape::Nullable(Box::new(T::shape(types)))
    }
}

impl<T: Shaped> Shaped for Absent<T> {
    const MAY_BE_ABSENT: bool = true;
    const LEFT_OUT: bool = true;

    fn shape(types: &mut Types) -> Shape {
        T::shape(types)
    }
}

impl<T: Shaped> Shaped for Box<T> {
    fn shape(types: &mut Types) -> Shape {
        T::shape(types)
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    fn shape(types: &mut Types) -> Shape {
        Shape::List(Box::new(T::shape(types)))
    }
}

impl<T: Shaped> Shaped for std::collections::BTreeMap<String, T> {
    fn shape(types: &mut Types) -> Shape {
        Shape::Map(Box::new(T::shape(types)))
    }
}

impl<T: Shaped> Shaped for Named<T> {
    fn shape(types: &mut Types) -> Shape {
        Shape::Map(Box::new(T::shape(types)))
    }
}

impl Shaped for Instant {
    fn shape(types: &mut Types) -> Shape {
        types.alias(
            "Instant",
            "An instant: RFC 3339 with `Z`, and milliseconds when they are not zero.",
            |_| Shape::Text { format: Some("date-time"), pattern: None },
        )
    }
}

/// An instant in an input, which JavaScript may also give as a number or a `Date`.
pub struct InstantLike;

impl Shaped for InstantLike {
    fn shape(_: &mut Types) -> Shape {
        Shape::Named("InstantLike")
    }
}

impl Shaped for Duration {
    fn shape(types: &mut Types) -> Shape {
        types.alias(
            "Duration",
            "A length of counted time: `4h`, `1h30m`, `2d` (a `d` is 24 hours) or ISO 8601 `PT4H`.",
            |_| Shape::Text { format: Some("duration"), pattern: None },
        )
    }
}
