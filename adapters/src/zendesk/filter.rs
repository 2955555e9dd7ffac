//! Filters of SLA policies as conditions of an agreement.

use serde_json::{Map, Value, json};

use crate::record::{Record, text_of};
use crate::{Kind, Translation};

/// Fields of a filter, and what the ticket's field is called here.
const FIELDS: [(&str, &str); 14] = [
    ("priority", "priority"),
    ("type", "type"),
    ("ticket_type_id", "type"),
    ("group_id", "group"),
    ("assignee_id", "assignee"),
    ("organization_id", "organization"),
    ("requester_id", "requester"),
    ("brand_id", "brand"),
    ("ticket_form_id", "form"),
    ("form_id", "form"),
    ("current_tags", "tags"),
    ("via_id", "channel"),
    ("current_via_id", "channel"),
    ("schedule_id", "schedule"),
];

/// Numbers that filters have for channels, as far as they are documented.
const CHANNELS: [(&str, &str); 8] = [
    ("0", "web"),
    ("4", "email"),
    ("5", "api"),
    ("26", "facebook"),
    ("29", "chat"),
    ("30", "twitter"),
    ("33", "voice"),
    ("48", "mobile"),
];

/// Translates a filter; nothing where a part of it cannot be said, since what is left would match other tickets.
pub(super) fn condition(filter: &Record<'_>, translation: &mut Translation) -> Option<Map<String, Value>> {
    let all = tests(filter, "all", translation);
    let any = tests(filter, "any", translation);
    let (all, any) = (all?, any?);
    let mut condition = Map::new();
    let mut again = Vec::new();
    for (field, matcher) in all {
        // A map has one entry of a name; what is asked of a field twice is nested.
        if condition.contains_key(&field) || matches!(&*field, "any_of" | "none_of") {
            again.push(json!({ field: matcher }));
        } else {
            condition.insert(field, matcher);
        }
    }
    if !any.is_empty() {
        let any: Vec<Value> = any.into_iter().map(|(field, matcher)| json!({ field: matcher })).collect();
        again.push(json!({ "any_of": any }));
    }
    if !again.is_empty() {
        // None of what is not so: all of it.
        let negated: Vec<Value> = again.into_iter().map(|test| json!({ "none_of": [test] })).collect();
        condition.insert("none_of".into(), negated.into());
    }
    Some(condition)
}

fn tests(filter: &Record<'_>, key: &str, translation: &mut Translation) -> Option<Vec<(String, Value)>> {
    let mut found = Vec::new();
    let mut complete = true;
    for (index, test) in filter.list(key).iter().enumerate() {
        let place = format!("{}/{index}", filter.place(key));
        match Record::of(test, place.clone(), translation).and_then(|test| matcher(&test)) {
            Some(test) => found.push(test),
            None => {
                complete = false;
                translation.lose(Kind::LeftOut, place, format!("the condition {test} cannot be said here"));
            }
        }
    }
    complete.then_some(found)
}

fn matcher(test: &Record<'_>) -> Option<(String, Value)> {
    let (field, operator) = (test.text("field")?, test.text("operator")?);
    let known = FIELDS.iter().find(|(theirs, _)| *theirs == field).map(|(_, ours)| *ours);
    let ours =
        known.map(str::to_owned).or_else(|| field.starts_with("custom_fields_").then(|| field.clone()))?;
    let value = test.get("value");
    let one = |value: &Value| -> Option<Value> {
        let text = text_of(value)?;
        match &*ours {
            "channel" if text.chars().all(|c| c.is_ascii_digit()) => {
                let known = CHANNELS.iter().find(|(number, _)| *number == text)?;
                Some(json!(known.1))
            }
            "priority" | "type" => Some(json!(text.to_lowercase())),
            _ => Some(json!(text)),
        }
    };
    let words = |value: &Value| -> Option<Vec<Value>> {
        match value {
            Value::Array(list) => list.iter().map(one).collect(),
            Value::String(text) => {
                Some(text.split([' ', ',']).filter(|word| !word.is_empty()).map(|word| json!(word)).collect())
            }
            _ => None,
        }
    };
    let has_one = |words: Vec<Value>| -> Value {
        let each: Vec<Value> = words.into_iter().map(|word| json!({ &ours: { "has": word } })).collect();
        each.into()
    };
    match (&*operator, &*ours) {
        ("includes", "tags") => Some(("any_of".into(), has_one(words(value?)?))),
        ("not_includes", "tags") => Some(("none_of".into(), has_one(words(value?)?))),
        ("is" | "includes", _) => Some((ours.clone(), several(value, &one)?)),
        ("is_not" | "not_includes", _) => Some((ours.clone(), json!({ "not": several(value, &one)? }))),
        ("present", _) => Some((ours, json!({ "not": null }))),
        ("not_present", _) => Some((ours, Value::Null)),
        _ => None,
    }
}

/// A value, or any of a list of them; without one, that the field is not there.
fn several(value: Option<&Value>, one: &dyn Fn(&Value) -> Option<Value>) -> Option<Value> {
    match value {
        None => Some(Value::Null),
        Some(Value::Array(list)) => list.iter().map(one).collect::<Option<Vec<_>>>().map(Value::from),
        Some(value) => one(value),
    }
}
