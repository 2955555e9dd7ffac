//! What the service itself reads of the engine's answers.

use serde::{Deserialize, Deserializer};
use slaclock_core::Instant;

use crate::error::Problem;

/// An instant in milliseconds.
fn at<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    Instant::parse(&text).map(Instant::ms).map_err(serde::de::Error::custom)
}

/// An instant or `null`.
fn maybe_at<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct At(#[serde(deserialize_with = "at")] i64);
    Ok(Option::<At>::deserialize(deserializer)?.map(|At(at)| at))
}

/// An instant, `null`, or nothing.
fn absent_at<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    maybe_at(deserializer).map(Some)
}

/// The clocks of a ticket.
#[derive(Debug, Clone, Deserialize)]
pub struct Evaluation {
    /// Every clock.
    pub clocks: Vec<ClockFigures>,
    /// When something happens by itself.
    #[serde(default, deserialize_with = "maybe_at")]
    pub next_event_at: Option<i64>,
}

/// A cycle of a clock.
#[derive(Debug, Clone, Deserialize)]
pub struct ClockFigures {
    /// What it measures.
    pub metric: String,
    /// Its name.
    pub clock: String,
    /// Its set.
    pub set: Option<String>,
    /// Its number.
    pub cycle: u32,
    /// Its state.
    pub state: String,
    /// The policy that judges it.
    pub policy: String,
    /// Its target.
    pub target_ms: i64,
    /// When it is due: absent while paused, `null` for never.
    #[serde(default, deserialize_with = "absent_at")]
    pub due_at: Option<Option<i64>>,
    /// When it stopped.
    #[serde(default, deserialize_with = "maybe_at")]
    pub stopped_at: Option<i64>,
    /// When it was breached.
    #[serde(default, deserialize_with = "maybe_at")]
    pub breached_at: Option<i64>,
    /// Points at which somebody is told.
    #[serde(default)]
    pub alerts: Vec<AlertFigures>,
    /// Earlier cycles.
    #[serde(default)]
    pub earlier: Vec<Self>,
}

/// A point in the life of a clock.
#[derive(Debug, Clone, Deserialize)]
pub struct AlertFigures {
    /// The same on every evaluation.
    pub id: String,
    /// As the agreement writes it.
    pub threshold: String,
    /// When.
    #[serde(deserialize_with = "at")]
    pub at: i64,
    /// Whom to tell.
    pub notify: Option<String>,
    /// When to tell: absent at once, `null` never.
    #[serde(default, deserialize_with = "absent_at")]
    pub deliver_at: Option<Option<i64>>,
}

impl ClockFigures {
    /// Whether it may still change.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(&*self.state, "met" | "breached" | "cancelled")
    }
}

/// The problem of an answer that is a refusal.
#[must_use]
pub(super) fn refusal(answer: &[u8]) -> Option<Problem> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Said,
    }
    #[derive(Deserialize)]
    struct Said {
        code: String,
        message: String,
        #[serde(default)]
        pointer: String,
        mend: Option<String>,
    }
    if crate::engine::refused_in(answer) == 0 {
        return None;
    }
    let Refusal { error } = serde_json::from_slice(answer).ok()?;
    Some(Problem { code: error.code.into(), message: error.message, place: error.pointer, mend: error.mend })
}
