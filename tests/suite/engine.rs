//! The engine asked the way every face asks it: lines in, canonical lines out.

use serde_json::Value;
use slaclock_core::{Agreement, Instant, Options};

use crate::reference::instant_ms;

/// Reads an agreement that must be right.
#[track_caller]
pub(crate) fn agreement(document: &Value) -> Agreement {
    Agreement::from_json(&document.to_string(), false)
        .unwrap_or_else(|problems| panic!("{problems:?}\n{document}"))
}

/// The canonical text for some lines of tickets.
pub(crate) fn lines(agreement: &Agreement, tickets: &str, now: i64, known_at: Option<i64>) -> String {
    let instant = |ms| Instant::from_ms(ms).expect("an instant in range");
    let options = Options { now: instant(now), known_at: known_at.map(instant) };
    String::from_utf8(agreement.evaluate_lines(tickets.as_bytes(), options)).expect("UTF-8")
}

/// The canonical line for one ticket.
pub(crate) fn line(agreement: &Agreement, ticket: &Value, now: i64) -> String {
    lines(agreement, &ticket.to_string(), now, None)
}

/// The result for one ticket.
pub(crate) fn result(agreement: &Agreement, ticket: &Value, now: i64) -> Value {
    let line = line(agreement, ticket, now);
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The clocks of a result.
pub(crate) fn clocks(result: &Value) -> &[Value] {
    result["clocks"].as_array().unwrap_or_else(|| panic!("no clocks in {result}"))
}

/// The instant of a key, if there is one.
pub(crate) fn instant_of(value: &Value) -> Option<i64> {
    value.as_str().map(instant_ms)
}
