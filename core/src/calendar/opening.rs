//! Whether a calendar is open, and when that changes next.

use crate::document::output;
use crate::instant::Instant;

use super::Calendar;

output! {
    /// Whether a calendar is open at an instant, and when that changes next.
    pub struct OpeningHours {
        /// Whether it is open.
        open: bool,
        /// The next opening after the instant; `null` when there is none before 2200.
        opens_at: Option<Instant>,
        /// The next closing after the instant, of the present or else of the next opening; `null` when there is none.
        closes_at: Option<Instant>,
    }
}

impl Calendar {
    /// Whether it is open at `at`, when it opens next and when it closes next.
    ///
    /// ```
    /// use slaclock_core::{Calendar, Instant};
    /// let office = Calendar::from_json(r#"{ "time_zone": "UTC", "hours": { "mon-fri": ["09:00-17:00"] } }"#).unwrap();
    /// let friday = office.hours(Instant::parse("2026-11-20T16:00:00Z").unwrap());
    /// assert!(friday.open);
    /// assert_eq!(friday.closes_at, Instant::parse("2026-11-20T17:00:00Z").ok());
    /// assert_eq!(friday.opens_at, Instant::parse("2026-11-23T09:00:00Z").ok());
    /// ```
    #[must_use]
    pub fn hours(&self, at: Instant) -> OpeningHours {
        if self.is_open(at) {
            let closes_at = self.next_close(at);
            let opens_at = closes_at.and_then(|closing| self.next_open(closing));
            OpeningHours { open: true, opens_at, closes_at }
        } else {
            let opens_at = self.next_open(at);
            let closes_at = opens_at.and_then(|opening| self.next_close(opening));
            OpeningHours { open: false, opens_at, closes_at }
        }
    }
}
