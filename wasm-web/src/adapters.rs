//! Adapters for browser pages, Node and Workers: a module of its own, so that only who talks to helpdesks loads it.

use std::collections::BTreeMap;

use serde::Serialize;
use slaclock_adapters::{self as adapters, Adapter, Info, Problem, Settings, Translation};
use slaclock_core::{Code, Instant};
use wasm_bindgen::prelude::*;

/// As in the engine's module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn json<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(|error| error.to_string().into())
}

/// What is thrown for a problem: a list of one, as JSON text.
fn thrown(problem: Problem) -> JsValue {
    json(&[problem]).map_or_else(|error| error, JsValue::from)
}

/// What is thrown for a problem of core.
fn refused(problem: slaclock_core::Problem) -> JsValue {
    let slaclock_core::Problem { code, message, pointer, mend } = problem;
    thrown(Problem { code: code.as_str(), message, pointer, mend })
}

fn not_json(error: &serde_json::Error, what: &str) -> JsValue {
    thrown(Problem::new(Code::NotJson.as_str(), format!("{what} is not JSON: {error}"), ""))
}

fn opened(adapter: &str, settings: &str) -> Result<(&'static Adapter, Settings), JsValue> {
    let adapter = adapters::named(adapter).map_err(thrown)?;
    Ok((adapter, adapter.settings(settings).map_err(thrown)?))
}

/// Every adapter, a JSON list.
#[wasm_bindgen]
pub fn list() -> Result<String, JsValue> {
    json(&adapters::ALL.iter().map(Adapter::info).collect::<Vec<Info>>())
}

/// Refuses a name that no adapter has, and settings, JSON text, that it cannot read.
#[wasm_bindgen]
pub fn check(adapter: &str, settings: &str) -> Result<(), JsValue> {
    opened(adapter, settings).map(drop)
}

/// Refuses a message that its system did not sign: `headers` is a JSON object, with names in lower case.
#[wasm_bindgen]
pub fn verify(adapter: &str, secret: &str, headers: &str, body: &[u8], now: f64) -> Result<(), JsValue> {
    let adapter = adapters::named(adapter).map_err(thrown)?;
    let headers: BTreeMap<String, String> =
        serde_json::from_str(headers).map_err(|error| not_json(&error, "the list of headers"))?;
    let header = |name: &str| headers.get(name).map(String::as_str);
    let whole = Some(now as i64).filter(|ms| *ms as f64 == now);
    let now = Instant::from_number_at(whole, "now").map_err(refused)?;
    adapter.verify(secret, header, body, now.ms()).map_err(thrown)
}

/// The translation of a message, JSON text, as JSON.
#[wasm_bindgen]
pub fn message(adapter: &str, settings: &str, message: &str) -> Result<String, JsValue> {
    let (adapter, settings) = opened(adapter, settings)?;
    let message = serde_json::from_str(message).map_err(|error| not_json(&error, "the message"))?;
    json(&adapter.message(&message, &settings))
}

/// Milliseconds of an instant that an argument gives as text.
#[wasm_bindgen]
pub fn instant_ms(text: &str, place: &str) -> Result<f64, JsValue> {
    Ok(Instant::parse_at(text, place).map_err(refused)?.ms() as f64)
}

/// An export that is put together.
#[wasm_bindgen]
pub struct Export {
    adapter: &'static Adapter,
    settings: Settings,
    documents: Vec<(String, serde_json::Value)>,
}

#[wasm_bindgen]
impl Export {
    /// The beginning of one.
    #[wasm_bindgen(constructor)]
    pub fn new(adapter: &str, settings: &str) -> Result<Export, JsValue> {
        let (adapter, settings) = opened(adapter, settings)?;
        Ok(Self { adapter, settings, documents: Vec::new() })
    }

    /// Adds a document, JSON text, by the name of its file.
    pub fn add(&mut self, name: String, document: &str) -> Result<(), JsValue> {
        let document =
            serde_json::from_str(document).map_err(|error| not_json(&error, &format!("`{name}`")))?;
        self.documents.push((name, document));
        Ok(())
    }

    /// The translation of them all, as JSON.
    pub fn translation(&self) -> Result<String, JsValue> {
        let translation: Translation = self.adapter.export(&self.documents, &self.settings);
        json(&translation)
    }
}
