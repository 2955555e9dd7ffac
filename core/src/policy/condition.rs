//! Conditions over fields: `{ priority: [P1, P2], service: { not: crm }, tags: { has: vip } }`. `any_of`, `none_of`
//! and `not: { … }` nest them.

use crate::interval::Gather as _;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{At, Document, Node, Problems, expected, refuse_duplicates, shortened};
use crate::error::Code;
use crate::near::nearest;

use super::event::{EVENT_KEYS, EventTest, Facts};

/// A ticket's fields at some instant, as far as can be the ticket's own texts and values. One that is unset stays as
/// `null`, which means the same: a map from which keys are taken out costs the page kilobytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fields<'t> {
    /// Those that the engine reads itself, and most conditions ask for: found without a search.
    own: [Cow<'t, Value>; OWN.len()],
    others: BTreeMap<Cow<'t, str>, Cow<'t, Value>>,
}

/// Names of the fields that the engine reads itself.
const OWN: [&str; 7] = ["status", "priority", "impact", "urgency", "assignee", "group", "channel"];

/// The place of a field among those that the engine reads itself.
#[inline]
fn place_of(name: &str) -> Option<usize> {
    OWN.iter().position(|own| *own == name)
}

impl Default for Fields<'_> {
    /// No field is set.
    fn default() -> Self {
        Self { own: [const { Cow::Borrowed(&Value::Null) }; OWN.len()], others: BTreeMap::new() }
    }
}

impl<'t> Fields<'t> {
    /// No field is set.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The value of a field, if it is set.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.shared(name).map(|value| &**value)
    }

    /// As [`Fields::get`], for keeping.
    pub(crate) fn shared(&self, name: &str) -> Option<&Cow<'t, Value>> {
        let value = match place_of(name) {
            Some(place) => self.own.get(place),
            None => self.others.get(name),
        };
        value.filter(|value| !value.is_null())
    }

    /// Sets a field; to `null`, unsets it.
    pub(crate) fn insert(&mut self, name: impl Into<Cow<'t, str>>, value: Cow<'t, Value>) {
        let name = name.into();
        match place_of(&name).and_then(|place| self.own.get_mut(place)) {
            Some(own) => *own = value,
            None => _ = self.others.insert(name, value),
        }
    }

    /// Unsets a field.
    pub(crate) fn remove(&mut self, name: &str) {
        let value = match place_of(name) {
            Some(place) => self.own.get_mut(place),
            None => self.others.get_mut(name),
        };
        if let Some(value) = value {
            *value = Cow::Borrowed(&Value::Null);
        }
    }
}

/// A condition as a document writes it. All its entries must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConditionDocument {
    pub(crate) all: Vec<Test>,
}

/// One entry of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Field {
        field: String,
        matcher: Matcher,
    },
    AnyOf(Vec<ConditionDocument>),
    NoneOf(Vec<ConditionDocument>),
    /// Only in conditions of clocks.
    Event(EventTest),
}

/// What a field's value must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Matcher {
    /// One of these values; `null` stands for an absent field.
    OneOf(Vec<Value>),
    Not(Box<Matcher>),
    /// A list that holds the value, or a text that is it.
    Has(Value),
    /// A priority at least as urgent.
    AtLeast(String),
}

impl ConditionDocument {
    /// The condition that a field has this value.
    pub(crate) fn field_is(field: &str, value: &str) -> Self {
        let matcher = Matcher::OneOf(vec![Value::String(value.to_owned())]);
        Self { all: vec![Test::Field { field: field.to_owned(), matcher }] }
    }
}

impl Document for ConditionDocument {
    fn blank() -> Self {
        Self::default()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected("a map from fields to values", node, at, problems);
        };
        refuse_duplicates(entries, at, problems);
        let mut all = Vec::with_capacity(entries.len());
        let event = entries.iter().any(|(key, _)| key == "event");
        if event {
            all.extend(EventTest::decode(entries, at, problems).map(Test::Event));
        }
        let about_event = |key: &str| event && EVENT_KEYS.contains(&key);
        for (key, node) in entries.iter().filter(|(key, _)| !about_event(key)) {
            let here = At::Key(at, key);
            all.extend(match key.as_ref() {
                "any_of" => Vec::decode(node, &here, problems).map(Test::AnyOf),
                "none_of" => Vec::decode(node, &here, problems).map(Test::NoneOf),
                "not" if matches!(node, Node::Map(_)) => {
                    Self::decode(node, &here, problems).map(|condition| Test::NoneOf(vec![condition]))
                }
                "event" => {
                    bad_condition("events can only be asked for in conditions of clocks", &here, problems)
                }
                field => Matcher::decode(node, &here, problems)
                    .map(|matcher| Test::Field { field: field.to_owned(), matcher }),
            });
        }
        Some(Self { all })
    }
}

impl Document for Matcher {
    fn blank() -> Self {
        Self::OneOf(Vec::new())
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Map(entries) => {
                let [(key, inner)] = entries.as_slice() else {
                    return bad_condition("one of `not`, `has` or `at_least` is needed here", at, problems);
                };
                let here = At::Key(at, key);
                match key.as_ref() {
                    "not" => Self::decode(inner, &here, problems).map(|inner| Self::Not(Box::new(inner))),
                    "has" => scalar(inner, &here, problems).map(Self::Has),
                    "at_least" => String::decode(inner, &here, problems).map(Self::AtLeast),
                    other => {
                        let message =
                            format!("unknown test `{}`; use `not`, `has` or `at_least`", shortened(other));
                        bad_condition(&message, &here, problems)
                    }
                }
            }
            Node::List(items) => {
                let values = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| scalar(item, &At::Index(at, index), problems));
                values.collect::<Option<Vec<_>>>().map(Self::OneOf)
            }
            _ => Some(Self::OneOf(vec![node.to_value()])),
        }
    }
}

fn scalar(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Value> {
    match node {
        Node::List(_) | Node::Map(_) => expected("a text, a number, true, false or null", node, at, problems),
        _ => Some(node.to_value()),
    }
}

fn bad_condition<T>(message: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
    problems.push(at, Code::BadCondition, message);
    None
}

/// Priorities, most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PriorityOrder(pub(crate) Vec<String>);

impl PriorityOrder {
    /// 0 for the most urgent.
    fn rank(&self, priority: &str) -> Option<usize> {
        self.0.iter().position(|known| known == priority)
    }
}

/// A compiled condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(super) all: Vec<CompiledTest>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum CompiledTest {
    Field { field: String, matcher: CompiledMatcher },
    AnyOf(Vec<Condition>),
    NoneOf(Vec<Condition>),
    Event(EventTest),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum CompiledMatcher {
    OneOf(Vec<Value>),
    Not(Box<CompiledMatcher>),
    Has(Value),
    /// Any of these priorities.
    AtLeast(Vec<String>),
}

impl Condition {
    /// Compiles a condition on states; `at_least` needs the order of priorities.
    pub(crate) fn compile(
        document: &ConditionDocument,
        order: &PriorityOrder,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        Self::with(document, order, false, at, problems)
    }

    /// Compiles a condition, which may ask for `events` only in clocks.
    pub(super) fn with(
        document: &ConditionDocument,
        order: &PriorityOrder,
        events: bool,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let list = |key: &str, conditions: &[ConditionDocument], problems: &mut Problems| {
            let here = At::Key(at, key);
            let compile =
                |(index, condition)| Self::with(condition, order, events, &At::Index(&here, index), problems);
            conditions.iter().enumerate().map(compile).gather()
        };
        let mut all = Vec::with_capacity(document.all.len());
        for test in &document.all {
            all.push(match test {
                Test::AnyOf(conditions) => CompiledTest::AnyOf(list("any_of", conditions, problems)),
                Test::NoneOf(conditions) => CompiledTest::NoneOf(list("none_of", conditions, problems)),
                Test::Field { field, matcher } => {
                    let matcher = matcher.compile(order, &At::Key(at, field), problems);
                    CompiledTest::Field { field: field.clone(), matcher }
                }
                Test::Event(event) => {
                    if !events {
                        let message = "events can only be asked for in conditions of clocks";
                        problems.push(&At::Key(at, "event"), Code::BadCondition, message);
                    }
                    CompiledTest::Event(event.clone())
                }
            });
        }
        Self { all }
    }

    /// Whether all of it holds for these fields, where nothing happens.
    pub(crate) fn holds(&self, fields: &Fields) -> bool {
        self.holds_in(fields, &Facts::default())
    }

    /// Whether all of it holds for these fields and what happens in an update.
    pub(crate) fn holds_in(&self, fields: &Fields, facts: &Facts<'_>) -> bool {
        self.all.iter().all(|test| test.holds_in(fields, facts))
    }

    /// Adds the names of the fields that it asks for anywhere.
    pub(crate) fn note_fields(&self, names: &mut Vec<String>) {
        for test in &self.all {
            match test {
                CompiledTest::Field { field, .. } if !names.contains(field) => names.push(field.clone()),
                CompiledTest::AnyOf(list) | CompiledTest::NoneOf(list) => {
                    list.iter().for_each(|condition| condition.note_fields(names));
                }
                CompiledTest::Field { .. } | CompiledTest::Event(_) => {}
            }
        }
    }

    /// Whether it asks for an event anywhere.
    pub(crate) fn asks_for_event(&self) -> bool {
        self.all.iter().any(|test| match test {
            CompiledTest::Field { .. } => false,
            CompiledTest::AnyOf(list) | CompiledTest::NoneOf(list) => list.iter().any(Self::asks_for_event),
            CompiledTest::Event(_) => true,
        })
    }
}

impl CompiledTest {
    fn holds_in(&self, fields: &Fields, facts: &Facts<'_>) -> bool {
        match self {
            Self::Field { field, matcher } => matcher.holds(fields.get(field)),
            Self::AnyOf(list) => list.iter().any(|condition| condition.holds_in(fields, facts)),
            Self::NoneOf(list) => !list.iter().any(|condition| condition.holds_in(fields, facts)),
            Self::Event(event) => event.happened(facts),
        }
    }

    /// Whether it holds where nothing happens.
    pub(super) fn holds_for(&self, fields: &Fields) -> bool {
        self.holds_in(fields, &Facts::default())
    }
}

impl Matcher {
    fn compile(&self, order: &PriorityOrder, at: &At<'_>, problems: &mut Problems) -> CompiledMatcher {
        match self {
            Self::OneOf(values) => CompiledMatcher::OneOf(values.clone()),
            Self::Has(value) => CompiledMatcher::Has(value.clone()),
            Self::Not(inner) => {
                CompiledMatcher::Not(Box::new(inner.compile(order, &At::Key(at, "not"), problems)))
            }
            Self::AtLeast(priority) => {
                let Some(rank) = order.rank(priority) else {
                    let near = nearest(priority, order.0.iter().map(String::as_str));
                    let known: Vec<&str> = order.0.iter().map(String::as_str).gather();
                    let here = At::Key(at, "at_least");
                    crate::document::unknown(
                        Code::UnknownPriority,
                        "priority",
                        priority,
                        &near,
                        &known,
                        &here,
                        problems,
                    );
                    return CompiledMatcher::AtLeast(Vec::new());
                };
                CompiledMatcher::AtLeast(order.0.iter().take(rank.saturating_add(1)).cloned().gather())
            }
        }
    }
}

impl CompiledMatcher {
    /// Whether the value of a field fits; an absent one is `null`.
    fn holds(&self, value: Option<&Value>) -> bool {
        let value = value.unwrap_or(&Value::Null);
        match self {
            Self::OneOf(allowed) => allowed.iter().any(|allowed| same(allowed, value)),
            Self::Not(inner) => !inner.holds(Some(value)),
            Self::Has(wanted) => match value {
                Value::Array(items) => items.iter().any(|item| same(wanted, item)),
                other => same(wanted, other),
            },
            Self::AtLeast(urgent) => {
                value.as_str().is_some_and(|value| urgent.iter().any(|known| known == value))
            }
        }
    }
}

/// Equality of values, in which `1` and `1.0` are the same number.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.as_f64().is_some() && a.as_f64() == b.as_f64()),
        _ => a == b,
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for ConditionDocument {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        use crate::document::shape::Shape;
        let doc = "A condition: a map from fields to `value`, `[values]`, `{ not: … }`, `{ has: … }` or \
                   `{ at_least: P2 }`; all must hold. `any_of`, `none_of` and `not` nest conditions.";
        types.alias("Condition", doc, |_| Shape::Map(Box::new(Shape::Any)))
    }
}
