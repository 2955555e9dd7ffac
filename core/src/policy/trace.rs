//! Why a condition holds or does not: every test, with the value that was seen.

use crate::interval::Gather as _;
use serde_json::Value;

use crate::document::{Absent, output};

use super::condition::{CompiledMatcher, CompiledTest, Condition, Fields};

output! {
    /// One test of a condition.
    pub struct ConditionTrace {
        /// The field, or `any_of`, `none_of`.
        test: String,
        /// What its value must be.
        wanted: Absent<String>,
        /// The value that was seen; `null` where the field was not set.
        seen: Absent<Option<String>>,
        /// The conditions under `any_of` or `none_of`, each with its tests.
        of: Absent<Vec<Vec<ConditionTrace>>>,
        /// Whether the test holds.
        held: bool,
    }
}

impl Condition {
    /// Every test of the condition, held or not.
    pub(crate) fn trace(&self, fields: &Fields) -> Vec<ConditionTrace> {
        self.all.iter().map(|test| test.trace(fields)).gather()
    }
}

impl CompiledTest {
    fn trace(&self, fields: &Fields) -> ConditionTrace {
        let held = self.holds_for(fields);
        let list = |test: &str, conditions: &[Condition]| ConditionTrace {
            test: test.to_owned(),
            wanted: Absent(None),
            seen: Absent(None),
            of: Absent(Some(conditions.iter().map(|condition| condition.trace(fields)).gather())),
            held,
        };
        match self {
            Self::Field { field, matcher } => ConditionTrace {
                test: field.clone(),
                wanted: Absent(Some(matcher.text())),
                seen: Absent(Some(fields.get(field).map(text_of))),
                of: Absent(None),
                held,
            },
            Self::AnyOf(conditions) => list("any_of", conditions),
            Self::NoneOf(conditions) => list("none_of", conditions),
            Self::Event(event) => ConditionTrace {
                test: "event".to_owned(),
                wanted: Absent(Some(event.event.clone())),
                seen: Absent(None),
                of: Absent(None),
                held,
            },
        }
    }
}

impl CompiledMatcher {
    /// What it asks for, in words.
    fn text(&self) -> String {
        match self {
            Self::OneOf(values) => texts_of(values, " or "),
            Self::Not(inner) => format!("not {}", inner.text()),
            Self::Has(value) => format!("has {}", text_of(value)),
            Self::AtLeast(urgent) => {
                let last = urgent.last().map_or("", String::as_str);
                format!("at least {last}")
            }
        }
    }
}

fn texts_of(values: &[Value], between: &str) -> String {
    let mut text = String::new();
    for value in values {
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&text_of(value));
    }
    text
}

/// A value for people.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::Bool(value) => if *value { "true" } else { "false" }.to_owned(),
        // Printing other numbers would cost the page ten kilobytes of tables.
        Value::Number(number) => {
            number.as_i64().map_or("a number that is not whole".to_owned(), |number| number.to_string())
        }
        Value::String(text) => text.clone(),
        Value::Array(items) => texts_of(items, ", "),
        Value::Object(_) => "a map".to_owned(),
    }
}
