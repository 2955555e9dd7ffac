//! The engine for browser pages and Node, as the package's JavaScript calls it. Each export decodes, calls core and
//! encodes; none decides anything about time. Users of the package see `js/index.d.ts`.

mod board;
mod boundary;
mod calendar;

use std::sync::Arc;

use boundary::{instant, options, refused, thrown};
use slaclock_core::{self as core, to_json};
use wasm_bindgen::prelude::*;

/// A sixth of the code of the standard library's allocator for this target. Freed neighbours become one again, so
/// that a page left open does not grow, and every call takes constant time.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// An agreement, compiled.
#[wasm_bindgen]
pub struct Agreement(Arc<core::Agreement>);

#[wasm_bindgen]
impl Agreement {
    /// Reads and compiles an agreement, as JSON text.
    pub fn parse(document: &str, allow_later: bool) -> Result<Agreement, JsValue> {
        let agreement = core::Agreement::from_json(document, allow_later).map_err(thrown)?;
        Ok(Self(Arc::new(agreement)))
    }

    /// Identity of the agreement.
    pub fn id(&self) -> String {
        self.0.id().to_owned()
    }

    /// The evaluation of a ticket, as JSON.
    pub fn evaluate(&self, ticket: &str, now: f64, known_at: Option<f64>) -> Result<String, JsValue> {
        let ticket = self.0.read_ticket(ticket, true).map_err(thrown)?;
        Ok(to_json(&self.0.evaluate(&ticket, options(now, known_at)?).map_err(refused)?))
    }

    /// The answers for a JSON list of tickets, as a JSON list.
    pub fn evaluate_list(&self, tickets: &str, now: f64, known_at: Option<f64>) -> Result<String, JsValue> {
        let answers = self.0.evaluate_list(tickets, options(now, known_at)?, true).map_err(refused)?;
        Ok(core::list_to_json(&answers))
    }

    /// The answers for JSON Lines, as JSON Lines.
    pub fn evaluate_lines(&self, tickets: &str, now: f64, known_at: Option<f64>) -> Result<String, JsValue> {
        boundary::text(self.0.evaluate_lines(tickets.as_bytes(), options(now, known_at)?))
    }

    /// The explanation of a ticket, as JSON.
    pub fn explain(&self, ticket: &str, now: f64, known_at: Option<f64>) -> Result<String, JsValue> {
        let ticket = self.0.read_ticket(ticket, true).map_err(thrown)?;
        Ok(to_json(&self.0.explain(&ticket, options(now, known_at)?).map_err(refused)?))
    }

    /// The explanations of JSON Lines, as JSON Lines.
    pub fn explain_lines(&self, tickets: &str, now: f64, known_at: Option<f64>) -> Result<String, JsValue> {
        boundary::text(self.0.explain_lines(tickets.as_bytes(), options(now, known_at)?))
    }

    /// What a ticket with these fields would be promised, as JSON.
    pub fn preview(&self, fields: &str, now: f64) -> Result<String, JsValue> {
        Ok(to_json(&self.0.preview(fields, instant(now, "now")?).map_err(thrown)?))
    }

    /// Whether a calendar is open, and when that changes, as JSON.
    pub fn hours(&self, calendar: &str, at: f64) -> Result<String, JsValue> {
        let at = instant(at, "at")?;
        Ok(to_json(&self.0.calendar(calendar).map_err(thrown)?.hours(at)))
    }
}

/// Answers calendar questions: JSON Lines in, JSON Lines out, a line for a line.
#[wasm_bindgen]
pub fn hours_lines(questions: &str) -> Result<String, JsValue> {
    boundary::text(core::hours::answer_lines(questions.as_bytes()))
}

/// Milliseconds of an instant that an argument gives as text.
#[wasm_bindgen]
pub fn instant_ms(text: &str, place: &str) -> Result<f64, JsValue> {
    Ok(core::Instant::parse_at(text, place).map_err(refused)?.ms() as f64)
}

/// What this engine is made of, as JSON.
#[wasm_bindgen]
pub fn version() -> String {
    to_json(&core::EngineVersion::current())
}

/// Traps, in the way that is asked for: only in the build that the package's tests make.
#[cfg(feature = "trap")]
#[wasm_bindgen]
pub fn trap(way: &str) {
    boundary::trap(way);
}
