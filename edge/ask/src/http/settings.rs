//! What a function is made with, read from JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a function is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its agreements by their ids, as JSON.
    pub agreements: BTreeMap<String, String>,
    /// SHA-256 of the bearer tokens, in hexadecimal; without any, nobody is asked for one.
    pub tokens: Vec<String>,
    /// Pages that may read the answers.
    pub origins: Vec<String>,
    /// Whether a question may bring its agreement.
    pub inline: bool,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long a body may take to arrive, in milliseconds.
    pub body_time_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let (agreements, tokens, origins) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { agreements, tokens, origins, inline: true, max_body: 16 << 20, body_time_ms: 10_000 }
    }
}

impl Settings {
    /// Reads settings: a map with any of `agreements` (documents by their ids), `tokens`, `origins`, `inline`, `max_body`
    /// and `body_time_ms`.
    ///
    /// # Errors
    /// What is wrong with them, for whoever deploys the function.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let settings: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Value::Object(settings) = settings else { return Err("the settings are no map".to_owned()) };
        let mut read = Self::default();
        for (key, value) in settings {
            match (key.as_str(), value) {
                ("agreements", Value::Object(agreements)) => read.agreements = documents(agreements),
                ("tokens", value) => {
                    read.tokens = texts(&key, value)?.iter().map(|hash| hash.to_lowercase()).collect()
                }
                ("origins", value) => read.origins = texts(&key, value)?,
                ("inline", Value::Bool(inline)) => read.inline = inline,
                ("max_body", Value::Number(size)) => {
                    let size = size.as_u64().and_then(|size| usize::try_from(size).ok());
                    read.max_body = size.ok_or("`max_body` is no number of bytes")?;
                }
                ("body_time_ms", Value::Number(time)) => {
                    read.body_time_ms = time.as_u64().ok_or("`body_time_ms` is no number of milliseconds")?;
                }
                (key, value) => return Err(format!("`{key}` cannot be {value}")),
            }
        }
        Ok(read)
    }
}

/// Documents stand there as they are, or as a text.
fn documents(agreements: Map<String, Value>) -> BTreeMap<String, String> {
    let text = |document: Value| match document {
        Value::String(text) => text,
        document => document.to_string(),
    };
    agreements.into_iter().map(|(id, document)| (id, text(document))).collect()
}

fn texts(key: &str, value: Value) -> Result<Vec<String>, String> {
    let Value::Array(list) = value else { return Err(format!("`{key}` is no list")) };
    let text = |value| match value {
        Value::String(text) => Ok(text),
        other => Err(format!("`{key}` cannot hold {other}")),
    };
    list.into_iter().map(text).collect()
}
