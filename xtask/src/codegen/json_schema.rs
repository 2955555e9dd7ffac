//! JSON Schema (2020-12) of a document type.

use serde_json::{Map, Value, json};
use slaclock_core::document::shape::{Definition, Key, Shape, Types};

/// Where definitions lie in a document of their own.
const DEFINITIONS: &str = "#/$defs/";

/// Where they lie in the description of an API.
const COMPONENTS: &str = "#/components/schemas/";

/// The named types, as the schemas of an API's description.
pub(super) fn components(types: &Types) -> String {
    let all = definitions(types);
    let text = serde_json::to_string_pretty(&all).map(|text| text + "\n").unwrap_or_default();
    // A number or a `Date` is for JavaScript alone; in JSON an instant is a text.
    text.replace(DEFINITIONS, COMPONENTS).replace("schemas/InstantLike\"", "schemas/Instant\"")
}

pub(super) fn render(types: &Types, root: &Shape) -> String {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("slaclock agreement"));
    if let Value::Object(body) = value_of(types, root) {
        schema.extend(body);
    }
    schema.insert("$defs".into(), definitions(types));
    serde_json::to_string_pretty(&Value::Object(schema)).map(|text| text + "\n").unwrap_or_default()
}

fn definitions(types: &Types) -> Value {
    let definitions = types.named.iter().map(|(name, doc, definition)| {
        let mut body = match definition {
            Definition::Record(keys) => keys_of(types, keys),
            Definition::Words(words) => {
                let choices = words.iter().map(|(word, doc)| json!({ "const": word, "description": doc }));
                json!({ "oneOf": choices.collect::<Vec<_>>() })
            }
            Definition::Alias(shape) => value_of(types, shape),
        };
        if let Value::Object(body) = &mut body {
            body.insert("description".into(), json!(doc));
        }
        ((*name).to_owned(), body)
    });
    Value::Object(definitions.collect())
}

fn keys_of(types: &Types, keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut body = value_of(types, &key.shape);
            if let (Value::Object(body), false) = (&mut body, key.doc.is_empty()) {
                body.insert("description".into(), json!(key.doc));
            }
            (key.name.to_owned(), body)
        })
        .collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn value_of(types: &Types, shape: &Shape) -> Value {
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
        Shape::Nullable(inner) => json!({ "anyOf": [value_of(types, inner), { "type": "null" }] }),
        Shape::List(inner) => json!({ "type": "array", "items": value_of(types, inner) }),
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": value_of(types, inner) }),
        Shape::OneOf(shapes) => {
            json!({ "anyOf": shapes.iter().map(|shape| value_of(types, shape)).collect::<Vec<_>>() })
        }
        Shape::Keys(keys) => keys_of(types, keys),
        Shape::Named(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        Shape::PartOf { name, without } => {
            let found = types.named.iter().find(|(known, _, _)| known == name);
            let keys = found.and_then(|(_, _, definition)| definition.keys()).unwrap_or_default();
            let kept = keys.iter().filter(|key| !without.contains(&key.name));
            keys_of(types, &kept.map(|key| Key { required: false, ..key.clone() }).collect::<Vec<_>>())
        }
    }
}
