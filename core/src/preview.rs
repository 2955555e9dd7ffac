//! What a ticket logged now would be promised.

use crate::agreement::Agreement;
use crate::document::output;
use crate::error::Problem;
use crate::evaluate::{Evaluation, Options};
use crate::explain::deadlines;
use crate::instant::Instant;
use crate::ticket::{Ticket, fields_from_json};

output! {
    /// What a ticket logged at an instant would be promised.
    pub struct Preview {
        /// When it would be logged.
        now: Instant,
        /// Its clocks at that instant.
        evaluation: Evaluation,
        /// When each clock is due, in plain words.
        words: Vec<String>,
    }
}

impl Agreement {
    /// What a ticket with these fields would be promised if it were logged at `now`.
    ///
    /// ```
    /// use slaclock_core::{Agreement, Instant};
    /// let agreement = Agreement::from_json(r#"{ "slaclock": "1", "id": "acme", "time_zone": "Europe/Rome",
    ///     "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
    ///     "policies": [{ "id": "p2", "when": { "priority": "P2" },
    ///                    "clocks": { "resolution": { "within": "4h", "calendar": "office" } } }] }"#, false).unwrap();
    /// let friday = Instant::parse("2026-11-20T16:00:00+01:00").unwrap();
    /// let preview = agreement.preview(r#"{ "priority": "P2" }"#, friday).unwrap();
    /// assert_eq!(preview.words, ["resolution is running, 0m of 4h used on office, by policy p2; \
    ///                             due Mon 2026-11-23 12:00 (Europe/Rome)."]);
    /// ```
    ///
    /// # Errors
    /// Every problem of the fields, which are a map as a ticket has it.
    pub fn preview(&self, fields: &str, now: Instant) -> Result<Preview, Vec<Problem>> {
        let ticket = Ticket {
            id: "preview".to_owned(),
            created_at: now,
            reported_at: None,
            detected_at: None,
            occurred_at: None,
            fields: fields_from_json(fields)?,
            events: Vec::new(),
        };
        let evaluation = self.evaluate(&ticket, Options::at(now)).map_err(|problem| vec![problem])?;
        let words = deadlines(self, &evaluation);
        Ok(Preview { now, evaluation, words })
    }
}
