//! Calendars.

use slaclock_core::{self as core, Code, Problem, to_json};
use wasm_bindgen::prelude::*;

use crate::boundary::{duration, instant, iso, item, refused, thrown};

/// A business calendar, compiled.
#[wasm_bindgen]
pub struct Calendar(core::Calendar);

#[wasm_bindgen]
impl Calendar {
    /// Reads and compiles a calendar, as JSON text.
    pub fn parse(document: &str) -> Result<Calendar, JsValue> {
        core::Calendar::from_json(document).map(Self).map_err(thrown)
    }

    /// Whether it is open.
    pub fn is_open(&self, at: f64) -> Result<bool, JsValue> {
        Ok(self.0.is_open(instant(at, "at")?))
    }

    /// Whether it is open, and when that changes, as JSON.
    pub fn hours(&self, at: f64) -> Result<String, JsValue> {
        Ok(to_json(&self.0.hours(instant(at, "at")?)))
    }

    /// Open milliseconds in `[start, end)`.
    pub fn elapsed(&self, start: f64, end: f64) -> Result<f64, JsValue> {
        Ok(self.0.elapsed(instant(start, "start")?, instant(end, "end")?).ms() as f64)
    }

    /// Open milliseconds for each pair of a start and an end.
    pub fn elapsed_columns(&self, starts: &[f64], ends: &[f64]) -> Result<Vec<f64>, JsValue> {
        if starts.len() != ends.len() {
            let message = format!("{} starts, but {} ends", starts.len(), ends.len());
            let pointer = "/ends".to_owned();
            return Err(refused(Problem { code: Code::WrongType, message, pointer, mend: None }));
        }
        // Each start gives way to its answer: the loop does nothing else, and so costs little beside the engine.
        let mut answers = starts.to_vec();
        for (index, (place, end)) in answers.iter_mut().zip(ends).enumerate() {
            let (Some(from), Some(to)) = (item(*place), item(*end)) else {
                instant(*place, &format!("/starts/{index}"))?;
                instant(*end, &format!("/ends/{index}"))?;
                continue;
            };
            *place = self.0.elapsed(from, to).ms() as f64;
        }
        Ok(answers)
    }

    /// The earliest instant by which so much open time has passed.
    pub fn due(&self, start: f64, open_ms: f64) -> Result<Option<String>, JsValue> {
        let open_time = duration(open_ms, "openMs")?;
        Ok(iso(self.0.due(instant(start, "start")?, open_time)))
    }

    /// The earliest open instant at or after `at`.
    pub fn next_open(&self, at: f64) -> Result<Option<String>, JsValue> {
        Ok(iso(self.0.next_open(instant(at, "at")?)))
    }

    /// The earliest closed instant at or after `at`.
    pub fn next_close(&self, at: f64) -> Result<Option<String>, JsValue> {
        Ok(iso(self.0.next_close(instant(at, "at")?)))
    }

    /// The open stretches, cut to `[start, end)`, as JSON.
    pub fn segments(&self, start: f64, end: f64) -> Result<String, JsValue> {
        let found = self.0.segments_within(instant(start, "start")?, instant(end, "end")?);
        Ok(to_json(&found.map_err(refused)?))
    }
}
