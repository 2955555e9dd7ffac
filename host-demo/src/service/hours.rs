//! Whether a calendar of an agreement is open, and when that changes.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use slaclock_core::Instant;

use super::Service;
use crate::calendars::{Version, versions};
use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::store::Agreement;

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
        let version = self.in_force(tenant, agreement, &document, at).await?;
        let found = version.calendar(calendar).map_err(|problem| vec![problem])?;
        let calendar = found.ok_or_else(|| vec![unknown(&version, calendar)])?;
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

    /// The version in force at an instant, of which the plugin says which it is.
    async fn in_force(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        document: &Value,
        at: Instant,
    ) -> Result<Version, Vec<Problem>> {
        let mut versions = versions(document);
        if versions.len() > 1 {
            let preview = self.engines.preview(tenant, agreement, "{}".to_owned(), at).await?;
            let preview: Value = serde_json::from_str(&preview).map_err(|_| broken())?;
            let begun = preview.pointer("/evaluation/version").and_then(Value::as_str);
            versions.retain(|version| version.from.as_deref() == begun);
        }
        versions.pop().ok_or_else(broken)
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

fn unknown(version: &Version, name: &str) -> Problem {
    Problem {
        code: slaclock_core::Code::UnknownCalendar.as_str().into(),
        message: format!("there is no calendar `{name}`"),
        place: "/calendar".to_owned(),
        mend: Some(crate::near::advice(name, version.names())),
    }
}
