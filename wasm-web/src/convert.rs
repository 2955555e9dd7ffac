//! Between JavaScript's values and core's.

use serde::Serialize;
use slaclock_core::{Code, Duration, Instant, Problem, SAFE_INTEGER, to_json};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../js/error.js")]
extern "C" {
    /// The package's error class, with `code`, `pointer` and `problems`.
    type SlaError;

    #[wasm_bindgen(constructor)]
    fn new(problems: JsValue) -> SlaError;
}

// Three things of JavaScript: js-sys, which has them all, brings kilobytes of its own to the page.
#[wasm_bindgen]
extern "C" {
    type Date;

    #[wasm_bindgen(method, js_name = getTime)]
    fn get_time(this: &Date) -> f64;

    /// `undefined` for what has no JSON, such as a function.
    #[wasm_bindgen(js_namespace = JSON, catch)]
    fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub(crate) fn parse(text: &str) -> Result<JsValue, JsValue>;
}

/// The error to throw for these problems.
pub(crate) fn thrown(problems: impl IntoIterator<Item = Problem>) -> JsValue {
    let problems: Vec<Problem> = problems.into_iter().collect();
    match plain(&problems) {
        Ok(problems) => SlaError::new(problems).into(),
        Err(error) => error,
    }
}

/// A plain JavaScript value: objects, arrays, numbers, texts, `null`.
pub(crate) fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    parse(&to_json(value))
}

/// JSON text of a document, which may be text already. Going through text refuses misspelt keys, which reading
/// objects key by key would not notice.
pub(crate) fn text_of(document: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = document.as_string() {
        return Ok(text);
    }
    let no_json = |_| {
        let message = "the value has no JSON form: it holds itself, or a bigint".to_owned();
        thrown([Problem { code: Code::NotJson, message, pointer: String::new(), mend: None }])
    };
    // `undefined` and functions have no JSON either; core then says what it expected.
    Ok(stringify(document).map_err(no_json)?.as_string().unwrap_or_default())
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
