//! Whether a calendar of an agreement is open, and when that changes.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use slaclock_core::Instant;

use super::Service;
use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::store::Agreement;

/// How deep calendars may be made of others; the engine allows no more either.
const DEEPEST: usize = 8;

/// Whether a calendar is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// It is.
    pub open: bool,
    /// When it opens next.
    pub opens_at: Option<String>,
    /// When it closes next.
    pub closes_at: Option<String>,
}

impl Hours {
    /// When the answer ceases to hold.
    #[must_use]
    pub fn changes_at(&self) -> Option<Instant> {
        let at = if self.open { &self.closes_at } else { &self.opens_at };
        at.as_deref().and_then(|at| Instant::parse(at).ok())
    }
}

#[derive(Deserialize)]
struct Answer {
    open: Option<bool>,
    at: Option<String>,
    error: Option<Error>,
}

#[derive(Deserialize)]
struct Error {
    code: String,
    message: String,
    #[serde(default)]
    pointer: String,
    mend: Option<String>,
}

impl Service {
    /// Whether a calendar of an agreement is open at an instant.
    ///
    /// # Errors
    /// There is no such calendar, or the plugin breaks.
    pub async fn hours(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        calendar: &str,
        at: Instant,
    ) -> Result<Hours, Vec<Problem>> {
        let document: Value = serde_json::from_str(&agreement.document).map_err(|error| {
            vec![Problem::new(Code::NotJson, format!("the agreement is not JSON: {error}"), "/agreement")]
        })?;
        let document = self.in_force(tenant, agreement, document, at).await?;
        let calendar = named(&document, calendar).map_err(|problem| vec![problem])?;
        let ask = async |op: &str, at: &str| {
            let question = format!("{}\n", json!({ "calendar": calendar, "op": op, "at": at }));
            let answers = self.engines.hours(tenant, question.into_bytes()).await?;
            read(lines_of(&answers).next().unwrap_or_default())
        };
        let at = at.to_string();
        let open = ask("is_open", &at).await?.open.ok_or_else(broken)?;
        // The next change, and the one after it.
        let (first, second) = if open { ("next_close", "next_open") } else { ("next_open", "next_close") };
        let change = ask(first, &at).await?.at;
        let after = match &change {
            Some(change) => ask(second, change).await?.at,
            None => None,
        };
        let (opens_at, closes_at) = if open { (after, change) } else { (change, after) };
        Ok(Hours { open, opens_at, closes_at })
    }

    /// The document with the keys of the version in force at an instant, of which the plugin says which it is.
    async fn in_force(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        document: Value,
        at: Instant,
    ) -> Result<Value, Vec<Problem>> {
        let (Value::Object(mut keys), Some(Value::Array(versions))) =
            (document.clone(), document.get("versions"))
        else {
            return Ok(document);
        };
        let preview = self.engines.preview(tenant, agreement, "{}".to_owned(), at).await?;
        let preview: Value = serde_json::from_str(&preview).map_err(|_| broken())?;
        let begun = preview.pointer("/evaluation/version");
        let version = match versions.as_slice() {
            [one] => Some(one),
            several => several.iter().find(|version| version.pointer("/valid/from") == begun),
        };
        let version = version.and_then(Value::as_object).ok_or_else(broken)?;
        keys.extend(version.iter().map(|(key, value)| (key.clone(), value.clone())));
        Ok(Value::Object(keys))
    }
}

fn broken() -> Vec<Problem> {
    vec![Problem::new(Code::PluginAnswer, "the answer about the calendar cannot be read", "")]
}

fn read(line: &[u8]) -> Result<Answer, Vec<Problem>> {
    let answer: Answer = serde_json::from_slice(line).map_err(|_| broken())?;
    match answer.error {
        Some(Error { code, message, pointer, mend }) => {
            Err(vec![Problem { code: code.into(), message, place: pointer, mend }])
        }
        None => Ok(answer),
    }
}

/// A calendar of an agreement as one that needs nothing beside it.
fn named(document: &Value, name: &str) -> Result<Value, Problem> {
    let none = Map::new();
    let calendars = document.get("calendars").and_then(Value::as_object).unwrap_or(&none);
    let zone = document.get("time_zone").cloned().unwrap_or(json!("UTC"));
    let found = match name {
        "always" => Some(json!({ "hours": { "mon-sun": ["00:00-24:00"] } })),
        "never" => Some(json!({ "hours": {} })),
        name => calendars.get(name).cloned(),
    };
    let Some(mut calendar) = found else {
        let advice = crate::near::advice(name, calendars.keys().map(|key| &**key));
        let code = slaclock_core::Code::UnknownCalendar.as_str();
        return Err(Problem {
            code: code.into(),
            message: format!("there is no calendar `{name}`"),
            place: "/calendar".to_owned(),
            mend: Some(advice),
        });
    };
    complete(&mut calendar, calendars, &zone, 0);
    Ok(calendar)
}

/// Puts calendars in the places of their names, and the agreement's zone where none is written.
fn complete(calendar: &mut Value, calendars: &Map<String, Value>, zone: &Value, depth: usize) {
    let Some(map) = calendar.as_object_mut() else { return };
    map.entry("time_zone").or_insert_with(|| zone.clone());
    for key in ["any_of", "all_of", "except"] {
        let parts = match map.get_mut(key) {
            Some(Value::Array(parts)) => parts.iter_mut().collect::<Vec<_>>(),
            Some(part) if !part.is_null() => vec![part],
            _ => continue,
        };
        for part in parts {
            if let Some(name) = part.as_str()
                && let Some(found) = calendars.get(name).filter(|_| depth < DEEPEST)
            {
                *part = found.clone();
            }
            complete(part, calendars, zone, depth + 1);
        }
    }
}
