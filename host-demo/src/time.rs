//! The host's clock: the only place that reads one.

use std::time::{SystemTime, UNIX_EPOCH};

use slaclock_core::Instant;

/// The present instant; the ends of the range stand for what lies outside.
#[must_use]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Instant::from_ms(ms).unwrap_or(if ms < 0 { Instant::MIN } else { Instant::MAX })
}
