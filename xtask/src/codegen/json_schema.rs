//! JSON Schema (2020-12) of a document type.

use serde_json::{Map, Value, json};
use slaclock_core::document::shape::{Definition, Key, Shape, Types};

pub(super) fn render(types: &Types, root: &Shape) -> String {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("slaclock agreement"));
    if let Value::Object(body) = value_of(root) {
        schema.extend(body);
    }
    let definitions = types.named.iter().map(|(name, doc, definition)| {
        let mut body = match definition {
            Definition::Record(keys) => keys_of(keys),
            Definition::Words(words) => {
                let choices = words.iter().map(|(word, doc)| json!({ "const": word, "description": doc }));
                json!({ "oneOf": choices.collect::<Vec<_>>() })
            }
            Definition::Alias(shape) => value_of(shape),
        };
        if let Value::Object(body) = &mut body {
            body.insert("description".into(), json!(doc));
        }
        ((*name).to_owned(), body)
    });
    schema.insert("$defs".into(), Value::Object(definitions.collect()));
    serde_json::to_string_pretty(&Value::Object(schema)).map(|text| text + "\n").unwrap_or_default()
}

fn keys_of(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut body = value_of(&key.shape);
            if let (Value::Object(body), false) = (&mut body, key.doc.is_empty()) {
                body.insert("description".into(), json!(key.doc));
            }
            (key.name.to_owned(), body)
        })
        .collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn value_of(shape: &Shape) -> Value {
    match shape {
        Shape::Text { format, pattern } => {
            let mut body = json!({ "type": "string" });
            if let Some(format) = format.filter(|format| matches!(*format, "date-time" | "date")) {
                body["format"] = json!(format);
            }
            if let Some(pattern) = pattern {
                body["pattern"] = json!(pattern);
            }
            body
        }
        Shape::Literal(text) => json!({ "const": text }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Any => json!({}),
        Shape::Nullable(inner) => json!({ "anyOf": [value_of(inner), { "type": "null" }] }),
        Shape::List(inner) => json!({ "type": "array", "items": value_of(inner) }),
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": value_of(inner) }),
        Shape::OneOf(shapes) => json!({ "anyOf": shapes.iter().map(value_of).collect::<Vec<_>>() }),
        Shape::Keys(keys) => keys_of(keys),
        Shape::Named(name) => json!({ "$ref": format!("#/$defs/{name}") }),
    }
}
