//! Documents and answers between JavaScript and core, as JSON; and the errors to throw.

use serde::Serialize;
use slaclock_core::{Code, Problem, to_json};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../js/error.js")]
extern "C" {
    /// The package's error class, with `code`, `pointer` and `problems`.
    type SlaError;

    #[wasm_bindgen(constructor)]
    fn new(problems: JsValue) -> SlaError;
}

// Named one by one: js-sys, which has them all, brings kilobytes of its own to the page.
#[wasm_bindgen]
extern "C" {
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
