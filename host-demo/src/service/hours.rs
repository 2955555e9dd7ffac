//! Whether a calendar of an agreement is open, and when that changes.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use slaclock_core::Instant;

use super::Service;
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
        // A question is a line; within a text of JSON no line ends.
        let document = agreement.document.replace(['\n', '\r'], " ");
        let name = Value::from(calendar);
        let ask = async |ops: &[&str], at: &str| {
            let line =
                |op| format!(r#"{{"agreement":{document},"calendar":{name},"op":"{op}","at":"{at}"}}"#);
            let lines: Vec<String> = ops.iter().map(line).collect();
            let answers = self.engines.hours(tenant, (lines.join("\n") + "\n").into_bytes()).await?;
            lines_of(&answers).map(read).collect::<Result<Vec<Answer>, _>>()
        };
        let found = ask(&["is_open", "next_open", "next_close"], &at.to_string()).await?;
        let [Answer { open: Some(open), .. }, opens, closes] =
            <[Answer; 3]>::try_from(found).map_err(|_| broken())?
        else {
            return Err(broken());
        };
        // The next change, and the one after it.
        let (change, second) = if open { (closes.at, "next_open") } else { (opens.at, "next_close") };
        let after = match &change {
            Some(change) => ask(&[second], change).await?.pop().and_then(|answer| answer.at),
            None => None,
        };
        let (opens_at, closes_at) = if open { (after, change) } else { (change, after) };
        Ok(Hours { open, opens_at, closes_at })
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
