//! Instants as helpdesks write them, made into the one form that facts have.

use serde_json::Value;
use slaclock_core::Instant;

/// RFC 3339 with any number of decimals, or `2026-11-20 17:10:00`, which is in UTC. Decimals below the millisecond are
/// dropped.
pub(crate) fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let date = text.get(..10)?;
    let rest = text.get(10..)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at_checked(end)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let fraction = fraction.get(..3).unwrap_or(fraction);
    let dot = if fraction.is_empty() { "" } else { "." };
    let offset = match offset {
        "" => "Z".to_owned(),
        // `+0000` as Java and others write it.
        offset if offset.len() == 5 && !offset.contains(':') => {
            let (hours, minutes) = offset.split_at_checked(3)?;
            format!("{hours}:{minutes}")
        }
        offset => offset.to_owned(),
    };
    let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
    let text = format!("{date}T{time}{dot}{fraction}{}", offset.replace("-00:00", "Z"));
    Instant::parse(&text).ok().map(|instant| instant.to_string())
}

/// As [`instant`], of a value that may also be seconds or milliseconds since 1970.
pub(crate) fn of_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => match text.parse::<i64>() {
            Ok(number) => of_number(number),
            Err(_) => instant(text),
        },
        Value::Number(number) => of_number(number.as_i64()?),
        _ => None,
    }
}

/// Seconds since 1970 reach the year 5138 before milliseconds since 1970 have left March 1973.
fn of_number(number: i64) -> Option<String> {
    let ms = if number.unsigned_abs() < 100_000_000_000 { number.checked_mul(1_000)? } else { number };
    Instant::from_ms(ms).map(|instant| instant.to_string())
}

/// Whole seconds as a duration of an agreement.
pub(crate) fn duration(seconds: i64) -> Option<String> {
    match seconds {
        ..=0 => None,
        _ if seconds.rem_euclid(3_600) == 0 => Some(format!("{}h", seconds.div_euclid(3_600))),
        _ if seconds.rem_euclid(60) == 0 => Some(format!("{}m", seconds.div_euclid(60))),
        _ => Some(format!("{seconds}s")),
    }
}

/// A decimal number such as `1.5`, times a whole number, if the product is whole.
pub(crate) fn scaled(value: &Value, factor: i64) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = fraction.trim_end_matches('0');
    if whole.starts_with('-') || digits.len() > 9 {
        return None;
    }
    let power = 10_i64.checked_pow(u32::try_from(digits.len()).ok()?)?;
    let number: i64 = format!("{whole}{digits}").parse().ok()?;
    let product = number.checked_mul(factor)?;
    (product.checked_rem(power)? == 0).then(|| product.checked_div(power)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instants_of_many_forms_are_read_and_others_refused() {
        for (value, expected) in [
            (json!("2026-11-20T17:10:00Z"), Some("2026-11-20T17:10:00Z")),
            (json!("2026-11-20T17:10:00.721021468Z"), Some("2026-11-20T17:10:00.721Z")),
            (json!("2026-11-20T17:10:00.7+01:00"), Some("2026-11-20T16:10:00.700Z")),
            (json!("2026-11-20T17:10:00.000+0000"), Some("2026-11-20T17:10:00Z")),
            (json!("2026-11-20T17:10:00-00:00"), Some("2026-11-20T17:10:00Z")),
            (json!("2026-11-20 17:10:00"), Some("2026-11-20T17:10:00Z")),
            (json!("2026-11-20T17:10Z"), Some("2026-11-20T17:10:00Z")),
            (json!(1_795_194_600), Some("2026-11-20T17:10:00Z")),
            (json!("1795194600000"), Some("2026-11-20T17:10:00Z")),
            (json!("yesterday"), None),
            (json!("2026-11-20"), None),
            (json!("2026-13-20T17:10:00Z"), None),
            (json!("20.11.2026 äöü"), None),
            (json!(""), None),
            (json!(-1), None),
            (json!(i64::MAX), None),
            (json!(i64::MIN), None),
            (json!(1.5), None),
            (json!(null), None),
            (json!({}), None),
        ] {
            assert_eq!(of_value(&value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn durations_are_exact() {
        for (value, factor, expected) in [
            (json!(1.5), 3_600, Some("90m")),
            (json!("0.25"), 3_600, Some("15m")),
            (json!(8), 3_600, Some("8h")),
            (json!(61), 1, Some("61s")),
            (json!(0.1), 1, None),
            (json!(0), 60, None),
            (json!(-1), 60, None),
            (json!(1e300), 60, None),
            (json!("many"), 60, None),
        ] {
            let duration = scaled(&value, factor).and_then(duration);
            assert_eq!(duration.as_deref(), expected, "{value}");
        }
    }
}
