//! What crosses between JavaScript and core: texts, numbers and lists of numbers, and nothing else.
//!
//! The package's JavaScript takes values of the page apart before it calls, so that nothing of the page ever runs
//! while the engine is entered.

use slaclock_core::{Duration, Instant, Options, Problem, SAFE_INTEGER, to_json};
use wasm_bindgen::JsValue;

/// What is thrown for these problems: their list, as JSON text.
pub(crate) fn thrown(problems: Vec<Problem>) -> JsValue {
    to_json(&problems).into()
}

/// What is thrown for one problem.
pub(crate) fn refused(problem: Problem) -> JsValue {
    thrown(vec![problem])
}

/// Lines of JSON as a text of JavaScript.
pub(crate) fn text(lines: Vec<u8>) -> Result<String, JsValue> {
    String::from_utf8(lines).map_err(|_| "the answer is not UTF-8".into())
}

/// The instant of an argument, in milliseconds.
pub(crate) fn instant(ms: f64, place: &str) -> Result<Instant, JsValue> {
    Instant::from_number_at(whole(ms), place).map_err(refused)
}

/// The instants of an evaluation.
pub(crate) fn options(now: f64, known_at: Option<f64>) -> Result<Options, JsValue> {
    let known_at = known_at.map(|known_at| instant(known_at, "knownAt")).transpose()?;
    Ok(Options { now: instant(now, "now")?, known_at })
}

/// The instant of an item of a column.
#[inline]
pub(crate) fn item(ms: f64) -> Option<Instant> {
    whole(ms).and_then(Instant::from_ms)
}

/// Milliseconds of open time.
pub(crate) fn duration(ms: f64, place: &str) -> Result<Duration, JsValue> {
    Duration::from_ms_at(whole(ms).unwrap_or(-1), place).map_err(refused)
}

/// The number, if it is a safe integer.
#[inline]
fn whole(number: f64) -> Option<i64> {
    let whole = number as i64;
    (whole.unsigned_abs() <= SAFE_INTEGER.unsigned_abs() && whole as f64 == number).then_some(whole)
}

/// RFC 3339 text.
pub(crate) fn iso(instant: Option<Instant>) -> Option<String> {
    instant.map(|instant| instant.to_string())
}

/// Breaks this instance: `unreachable`, `memory` or `stack`.
#[cfg(feature = "trap")]
pub(crate) fn trap(way: &str) {
    match way {
        "memory" => {
            let mut held = Vec::new();
            loop {
                held.push(std::hint::black_box(Vec::<u8>::with_capacity(1 << 26)));
            }
        }
        "stack" => {
            deeper(0);
        }
        _ => panic!("asked for"),
    }
}

#[cfg(feature = "trap")]
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deeper(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + room.iter().sum::<u64>()
}
