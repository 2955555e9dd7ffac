//! Instants, lengths of time and columns of them between JavaScript and core.

use slaclock_core::{Code, Duration, Instant, Problem, SAFE_INTEGER};
use wasm_bindgen::prelude::*;

pub(crate) use crate::document::{parse, plain, text_of, thrown};

#[wasm_bindgen]
extern "C" {
    type Date;

    #[wasm_bindgen(method, js_name = getTime)]
    fn get_time(this: &Date) -> f64;
}

/// Lines of JSON as a text of JavaScript.
pub(crate) fn text(lines: Vec<u8>) -> Result<String, JsValue> {
    String::from_utf8(lines).map_err(|_| "the answer is not UTF-8".into())
}

/// An instant given as a `Date`, whole milliseconds or RFC 3339 text.
pub(crate) fn instant(value: &JsValue, place: &str) -> Result<Instant, JsValue> {
    if let Some(text) = value.as_string() {
        return Instant::parse_at(&text, place).map_err(|problem| thrown([problem]));
    }
    let ms = value.dyn_ref::<Date>().map(Date::get_time).or_else(|| value.as_f64());
    Instant::from_number_at(ms.and_then(whole), place).map_err(|problem| thrown([problem]))
}

/// Answers for two columns of instants, pair by pair.
pub(crate) fn pairs(
    starts: &[f64],
    ends: &[f64],
    answer: impl Fn(Instant, Instant) -> Duration,
) -> Result<Vec<f64>, JsValue> {
    if starts.len() != ends.len() {
        let message = format!("{} starts, but {} ends", starts.len(), ends.len());
        let pointer = "/ends".to_owned();
        return Err(thrown([Problem { code: Code::WrongType, message, pointer, mend: None }]));
    }
    // Each start gives way to its answer: the loop does nothing else, and so costs little beside the engine.
    let mut answers = starts.to_vec();
    for (index, (place, end)) in answers.iter_mut().zip(ends).enumerate() {
        let (Some(from), Some(to)) = (item(*place), item(*end)) else {
            instant(&(*place).into(), &format!("/starts/{index}"))?;
            instant(&(*end).into(), &format!("/ends/{index}"))?;
            continue;
        };
        *place = answer(from, to).ms() as f64;
    }
    Ok(answers)
}

/// An instant in a column of milliseconds.
#[inline]
fn item(ms: f64) -> Option<Instant> {
    whole(ms).and_then(Instant::from_ms)
}

/// Milliseconds of open time.
pub(crate) fn duration(ms: f64, place: &str) -> Result<Duration, JsValue> {
    Duration::from_ms_at(whole(ms).unwrap_or(-1), place).map_err(|problem| thrown([problem]))
}

/// The number, if it is a safe integer.
#[inline]
fn whole(number: f64) -> Option<i64> {
    let whole = number as i64;
    (whole.unsigned_abs() <= SAFE_INTEGER.unsigned_abs() && whole as f64 == number).then_some(whole)
}

/// RFC 3339 text, or `null`.
pub(crate) fn iso(instant: Option<Instant>) -> JsValue {
    instant.map_or(JsValue::NULL, |instant| instant.to_string().into())
}
