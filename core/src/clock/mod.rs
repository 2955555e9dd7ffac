//! Clocks: one machine that runs, pauses, stops and reopens, and what it says at an instant.

mod cycle;
mod machine;
mod outcome;

use crate::document::words;

pub(crate) use machine::run;
pub use outcome::{ClockResult, PausedBy, State, StopCause, UndoneStop};

words! {
    /// What a clock measures.
    pub enum Metric as "a metric" {
        /// From creation to the first public reply by an agent. Never pauses.
        FirstResponse = "first_response",
        /// From creation to the ticket being resolved. Pauses while the ticket waits.
        Resolution = "resolution",
    }
}

/// How many metrics there are.
pub(crate) const METRICS: usize = Metric::ALL.len();

impl Metric {
    /// Position among all metrics.
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::FirstResponse => 0,
            Self::Resolution => 1,
        }
    }

    /// Whether a pause of the ticket pauses the clock.
    pub(crate) const fn pauses(self) -> bool {
        match self {
            Self::FirstResponse => false,
            Self::Resolution => true,
        }
    }

    /// Whether an agent's public reply is what the clock waits for.
    pub(crate) const fn stops_on_reply(self) -> bool {
        match self {
            Self::FirstResponse => true,
            Self::Resolution => false,
        }
    }
}
