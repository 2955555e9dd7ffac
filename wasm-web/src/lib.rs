//! The engine for browser pages and Node. Each export decodes, calls core and encodes; none decides anything
//! about time.

mod convert;
mod document;

use convert::{instant, iso, plain, text_of, thrown};
use slaclock_core as core;
use wasm_bindgen::prelude::*;

/// A sixth of the code of the standard library's allocator for this target. Freed neighbours become one again, so
/// that a page left open does not grow, and every call takes constant time.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");

/// A service level agreement, compiled once and asked many times.
#[wasm_bindgen]
pub struct Agreement(core::Agreement);

#[wasm_bindgen]
impl Agreement {
    /// Reads and compiles an agreement: JSON text or a plain object. With `allowLater`, keys of features that this
    /// version lacks are skipped instead of refused. Throws an `SlaError` with every problem of the document.
    #[wasm_bindgen(unchecked_return_type = "Agreement")]
    pub fn parse(
        #[wasm_bindgen(unchecked_param_type = "string | AgreementDocument")] document: JsValue,
        #[wasm_bindgen(js_name = allowLater)] allow_later: Option<bool>,
    ) -> Result<Agreement, JsValue> {
        let text = text_of(&document)?;
        core::Agreement::from_json(&text, allow_later.unwrap_or(false)).map(Self).map_err(thrown)
    }

    /// Identity of the agreement.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.0.id().to_owned()
    }

    /// All clocks of one ticket at `now`. `knownAt` leaves out events recorded later.
    #[wasm_bindgen(unchecked_return_type = "Evaluation")]
    pub fn evaluate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Ticket")] ticket: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] now: JsValue,
        #[wasm_bindgen(js_name = knownAt, unchecked_optional_param_type = "InstantLike | null")]
        known_at: JsValue,
    ) -> Result<JsValue, JsValue> {
        let ticket = self.0.read_ticket(&text_of(&ticket)?, true).map_err(thrown)?;
        let evaluation =
            self.0.evaluate(&ticket, options(&now, &known_at)?).map_err(|problem| thrown([problem]))?;
        plain(&evaluation)
    }

    /// Evaluates many tickets at `now`: a list of them, or JSON Lines. Answers one result or one
    /// `{ ticket, error }` for each, in order.
    #[wasm_bindgen(js_name = evaluateAll, unchecked_return_type = "(Evaluation | TicketError)[]")]
    pub fn evaluate_all(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Ticket[]")] tickets: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] now: JsValue,
        #[wasm_bindgen(js_name = knownAt, unchecked_optional_param_type = "InstantLike | null")]
        known_at: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = options(&now, &known_at)?;
        if let Some(lines) = tickets.as_string().filter(|text| !text.trim_start().starts_with('[')) {
            let answers = core::json_lines_to_list(self.0.evaluate_lines(lines.as_bytes(), options));
            return convert::parse(&answers);
        }
        let list = text_of(&tickets)?;
        let answers = self.0.evaluate_list(&list, options, true).map_err(|problem| thrown([problem]))?;
        convert::parse(&core::list_to_json(&answers))
    }

    /// Evaluates tickets in bulk: JSON Lines in, canonical JSON Lines out, a line for a line.
    #[wasm_bindgen(js_name = evaluateLines)]
    pub fn evaluate_lines(
        &self,
        tickets: &str,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] now: JsValue,
        #[wasm_bindgen(js_name = knownAt, unchecked_optional_param_type = "InstantLike | null")]
        known_at: JsValue,
    ) -> Result<String, JsValue> {
        let lines = self.0.evaluate_lines(tickets.as_bytes(), options(&now, &known_at)?);
        convert::text(lines)
    }

    /// What `evaluate` answers, with everything behind it: every minute of every clock with the reason why it counts
    /// or not, every policy with every test of its condition, the same in plain words, and a fingerprint.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Ticket")] ticket: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] now: JsValue,
        #[wasm_bindgen(js_name = knownAt, unchecked_optional_param_type = "InstantLike | null")]
        known_at: JsValue,
    ) -> Result<JsValue, JsValue> {
        let ticket = self.0.read_ticket(&text_of(&ticket)?, true).map_err(thrown)?;
        let explanation =
            self.0.explain(&ticket, options(&now, &known_at)?).map_err(|problem| thrown([problem]))?;
        plain(&explanation)
    }

    /// What a ticket with these fields would be promised if it were logged at `now`: its clocks, and when each is due
    /// in plain words. The fields are a plain object or JSON text.
    #[wasm_bindgen(unchecked_return_type = "Preview")]
    pub fn preview(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | { [name: string]: unknown }")] fields: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] now: JsValue,
    ) -> Result<JsValue, JsValue> {
        let now = instant(&now, "now")?;
        plain(&self.0.preview(&text_of(&fields)?, now).map_err(thrown)?)
    }
}

fn options(now: &JsValue, known_at: &JsValue) -> Result<core::Options, JsValue> {
    let known_at = if known_at.is_null_or_undefined() { None } else { Some(instant(known_at, "knownAt")?) };
    Ok(core::Options { now: instant(now, "now")?, known_at })
}

/// A business calendar, compiled once and asked many times.
#[wasm_bindgen]
pub struct Calendar(core::Calendar);

#[wasm_bindgen]
impl Calendar {
    /// Reads and compiles a calendar: JSON text or a plain object. It must name its time zone.
    #[wasm_bindgen(unchecked_return_type = "Calendar")]
    pub fn parse(
        #[wasm_bindgen(unchecked_param_type = "string | CalendarDocument")] document: JsValue,
    ) -> Result<Calendar, JsValue> {
        core::Calendar::from_json(&text_of(&document)?).map(Self).map_err(thrown)
    }

    /// Whether it is open at an instant.
    #[wasm_bindgen(js_name = isOpen)]
    pub fn is_open(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] at: JsValue,
    ) -> Result<bool, JsValue> {
        Ok(self.0.is_open(instant(&at, "at")?))
    }

    /// Open milliseconds in `[start, end)`; negative when `end` is earlier.
    #[wasm_bindgen(unchecked_return_type = "number")]
    pub fn elapsed(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] start: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] end: JsValue,
    ) -> Result<JsValue, JsValue> {
        let elapsed = self.0.elapsed(instant(&start, "start")?, instant(&end, "end")?);
        Ok((elapsed.ms() as f64).into())
    }

    /// What `elapsed` gives for each pair of a start and an end, in columns of whole milliseconds since 1970. Throws
    /// an `SlaError` whose `pointer` names the first value that is no instant, such as `/starts/3`.
    #[wasm_bindgen(js_name = elapsedColumns)]
    pub fn elapsed_columns(&self, starts: &[f64], ends: &[f64]) -> Result<Vec<f64>, JsValue> {
        convert::pairs(starts, ends, |start, end| self.0.elapsed(start, end))
    }

    /// The earliest instant by which so many open milliseconds have passed since `start`; `null` for never.
    #[wasm_bindgen(unchecked_return_type = "string | null")]
    pub fn due(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] start: JsValue,
        #[wasm_bindgen(js_name = openMs)] open_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let open_time = convert::duration(open_ms, "openMs")?;
        Ok(iso(self.0.due(instant(&start, "start")?, open_time)))
    }

    /// The earliest open instant at or after `at`; `null` for none.
    #[wasm_bindgen(js_name = nextOpen, unchecked_return_type = "string | null")]
    pub fn next_open(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] at: JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(iso(self.0.next_open(instant(&at, "at")?)))
    }

    /// The earliest closed instant at or after `at`; `null` for none.
    #[wasm_bindgen(js_name = nextClose, unchecked_return_type = "string | null")]
    pub fn next_close(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] at: JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(iso(self.0.next_close(instant(&at, "at")?)))
    }

    /// The open stretches, each as long as it can be, cut to `[start, end)`.
    #[wasm_bindgen(unchecked_return_type = "Interval[]")]
    pub fn segments(
        &self,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] start: JsValue,
        #[wasm_bindgen(unchecked_param_type = "InstantLike")] end: JsValue,
    ) -> Result<JsValue, JsValue> {
        let found = self.0.segments_within(instant(&start, "start")?, instant(&end, "end")?);
        plain(&found.map_err(|problem| thrown([problem]))?)
    }
}

/// Answers calendar questions in bulk: JSON Lines in, JSON Lines out, a line for a line.
#[wasm_bindgen(js_name = hoursLines)]
pub fn hours_lines(questions: &str) -> Result<String, JsValue> {
    let lines = core::hours::answer_lines(questions.as_bytes());
    convert::text(lines)
}

/// What this engine is made of.
#[wasm_bindgen(unchecked_return_type = "EngineVersion")]
pub fn version() -> Result<JsValue, JsValue> {
    plain(&core::EngineVersion::current())
}
