//! Lint for browser pages and Node: a module of its own, so that a page that only shows clocks does not load it.

use slaclock_core::{self as core, Problem, to_json};
use wasm_bindgen::prelude::*;

/// As in the engine's module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn thrown(problems: Vec<Problem>) -> JsValue {
    to_json(&problems).into()
}

/// The findings in an agreement, JSON text, as of a day such as `2026-11-23`; a JSON list.
#[wasm_bindgen]
pub fn lint(document: &str, today: &str) -> Result<String, JsValue> {
    let today = core::calendar::Date::parse_at(today, "today").map_err(|problem| thrown(vec![problem]))?;
    Ok(to_json(&core::lint::lint(document, today).map_err(thrown)?))
}
