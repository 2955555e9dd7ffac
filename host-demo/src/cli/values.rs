//! Values of arguments.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use serde_json::Value;
use slaclock_core::Instant;
use slaclock_core::calendar::Date;

use crate::error::{Code, Problem};

/// An instant, as in tickets.
pub(super) fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).map_err(|error| error.to_string())
}

/// A date such as `2026-12-25`.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    let date = Date::parse(text).map(|date| date.day());
    let date = date.and_then(|day| NaiveDate::default().checked_add_signed(TimeDelta::days(day)));
    date.ok_or_else(|| "not a date from 1970 to 2199 such as `2026-12-25`".to_owned())
}

/// A date, as in agreements.
pub(super) fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "not a date such as `2026-11-23`, from 1970 to 2199".to_owned())
}

/// A field and its value, which is text unless it is JSON of another kind than a map.
pub(super) fn field(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("not a field and its value such as `priority=P2`")?;
    if name.is_empty() {
        return Err("the field has no name".to_owned());
    }
    let json = serde_json::from_str(value).ok().filter(|json: &Value| !json.is_object());
    Ok((name.to_owned(), json.unwrap_or_else(|| Value::from(value))))
}

/// A length of time such as `10s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let ms = slaclock_core::Duration::parse(text).map_err(|error| error.to_string())?.ms();
    match u64::try_from(ms) {
        Ok(ms @ 1..) => Ok(Duration::from_millis(ms)),
        _ => Err("it must be longer than zero".to_owned()),
    }
}

/// An amount of memory such as `512MiB`.
pub(super) fn memory(text: &str) -> Result<usize, String> {
    let wrong = || "not an amount of memory such as `512MiB` or `1GiB`, at most 4GiB".to_owned();
    let (number, shift) = match (text.strip_suffix("MiB"), text.strip_suffix("GiB")) {
        (Some(number), _) => (number, 20),
        (_, Some(number)) => (number, 30),
        _ => return Err(wrong()),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes
        .filter(|bytes| (1..=1 << 32).contains(bytes))
        .and_then(|bytes| usize::try_from(bytes).ok())
        .ok_or_else(wrong)
}

/// Standard output does not take what is written.
pub(super) fn unwritable(error: &std::io::Error) -> Problem {
    Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_text_unless_it_is_json() {
        use serde_json::json;
        for (text, name, value) in [
            ("priority=P2", "priority", json!("P2")),
            ("vip=true", "vip", json!(true)),
            ("seats=12", "seats", json!(12)),
            ("code=\"12\"", "code", json!("12")),
            ("tags=[\"a\"]", "tags", json!(["a"])),
            ("note=a=b", "note", json!("a=b")),
            ("map={}", "map", json!("{}")),
            ("empty=", "empty", json!("")),
        ] {
            assert_eq!(field(text), Ok((name.to_owned(), value)));
        }
        assert!(field("priority").is_err() && field("=P2").is_err());
    }

    #[test]
    fn memory_has_a_unit_and_a_limit() {
        assert_eq!(memory("512MiB"), Ok(512 << 20));
        assert_eq!(memory("4GiB"), Ok(1 << 32));
        for wrong in ["512", "5GiB", "0MiB", "-1MiB", "99999999999999999999GiB"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
