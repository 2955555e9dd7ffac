//! States of clocks: each differs in word and in shape, colour only adds to it.

use anstyle::{AnsiColor, Color, Style};
use serde_json::Value;

/// Icon and words of a clock's state, and its colour. Red is for overdue only.
#[must_use]
pub fn state_of(clock: &Value) -> (String, Style) {
    let state = clock.get("state").and_then(Value::as_str).unwrap_or_default();
    let is_open = matches!(state, "running" | "paused" | "outside_hours");
    let words = match state {
        "running" => "▶ running",
        "paused" => "‖ paused",
        "outside_hours" => "☾ outside hours",
        "met" => "✓ met",
        "breached" => "✗ breached",
        "cancelled" => "─ cancelled",
        "pending" => "· pending",
        other => other,
    };
    if is_open && clock.get("overdue") == Some(&Value::Bool(true)) {
        let besides = if state == "running" { "" } else { words };
        let red = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red))).bold();
        return (format!("▲ overdue {besides}").trim_end().to_owned(), red);
    }
    let style = match state {
        "breached" => Style::new().bold(),
        "paused" | "outside_hours" | "cancelled" | "pending" => Style::new().dimmed(),
        _ => Style::new(),
    };
    match clock.get("paused_by").and_then(pausing) {
        Some(why) => (format!("{words}: {why}"), style),
        None => (words.to_owned(), style),
    }
}

/// Whom a paused clock waits for, or what else pauses it.
fn pausing(paused: &Value) -> Option<&str> {
    let is = |key: &str| paused.get(key) == Some(&Value::Bool(true));
    let party = paused.get("party").and_then(Value::as_str);
    party.or_else(|| is("excluded").then_some("excluded")).or_else(|| is("condition").then_some("condition"))
}
