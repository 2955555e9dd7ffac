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
    let party = clock.get("paused_by").and_then(|paused| paused.get("party")).and_then(Value::as_str);
    match party {
        Some(party) => (format!("{words}: {party}"), style),
        None => (words.to_owned(), style),
    }
}
