//! Lint for browser pages and Node: a module of its own, so that a page that only shows clocks does not load it.

mod document;

use document::{plain, text_of, thrown};
use slaclock_core as core;
use wasm_bindgen::prelude::*;

/// As in the engine's module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { AgreementDocument, Finding } from \"./slaclock_web.js\";";

/// Looks through an agreement, JSON text or a plain object, for what contradicts itself, cannot be measured or has
/// no effect, as of a day such as `2026-11-23`. Throws an `SlaError` with every problem of a document that cannot be
/// read.
#[wasm_bindgen(unchecked_return_type = "Finding[]")]
pub fn lint(
    #[wasm_bindgen(unchecked_param_type = "string | AgreementDocument")] document: JsValue,
    today: &str,
) -> Result<JsValue, JsValue> {
    let today = core::calendar::Date::parse_at(today, "today").map_err(|problem| thrown([problem]))?;
    plain(&core::lint::lint(&text_of(&document)?, today).map_err(thrown)?)
}
