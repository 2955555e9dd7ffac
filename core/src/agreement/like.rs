//! Presets: what clocks do in the ways of a known system where the agreement does not say.
//!
//! A preset is three small tables, by metric, for the keys `pauses`, `on_reopen` and `on_change`; a key that a
//! clock writes wins. A row stands here only where the system's documentation or code is known to behave so;
//! what is not in a row is the engine's own default. `docs/like.md` has the sources, and what no key can say.

use crate::clock::Metric;
use crate::document::words;

use super::clock::{ClockDocument, OnChange, OnReopen, PausedFor};

words! {
    /// Systems whose ways clocks may take over in keys that they leave out.
    pub enum Like as "a system" {
        /// Zendesk.
        Zendesk = "zendesk",
        /// ServiceNow.
        Servicenow = "servicenow",
        /// Jira Service Management.
        Jira = "jira",
        /// ConnectWise PSA.
        Connectwise = "connectwise",
    }
}

impl ClockDocument {
    /// What a policy that takes over does: as written, else as the preset has it, else `carry`.
    pub(super) fn on_change(&self, like: Option<Like>, metric: Metric) -> OnChange {
        self.on_change.unwrap_or(match (like, metric) {
            // A new target is as if it had held from the start. Only clocks that nothing but resolving stops: of
            // others it would judge finished cycles again, which these systems do not.
            (Some(Like::Zendesk), Metric::Resolution | Metric::RequesterWait | Metric::AgentWork)
            | (Some(Like::Connectwise), Metric::Resolution) => OnChange::Retroactive,
            // The old record is cancelled, and a new one is attached from now on.
            (Some(Like::Servicenow), _) => OnChange::Restart,
            _ => OnChange::Carry,
        })
    }

    /// What a reopening does: as written, else as the preset has it, else `continue`.
    pub(super) fn on_reopen(&self, like: Option<Like>, metric: Metric) -> OnReopen {
        self.on_reopen.unwrap_or(match (like, metric) {
            // Each pair of message and answer is an instance; solving ended one, so that what is open is the next.
            (Some(Like::Zendesk | Like::Servicenow), Metric::NextResponse) => OnReopen::Restart,
            // A finished cycle is never taken up again: a start begins the next, from zero.
            (Some(Like::Jira), _) => OnReopen::Restart,
            // A completed record stays so.
            (Some(Like::Servicenow), _) => OnReopen::Ignore,
            // A ticket comes back to the stage of resolving; the stages before are over.
            (Some(Like::Connectwise), Metric::FirstResponse | Metric::Plan) => OnReopen::Ignore,
            _ => OnReopen::Continue,
        })
    }

    /// Which pauses of the ticket pause it: as written, else as the preset has it, else as its metric has it.
    pub(crate) fn pauses(&self, like: Option<Like>, metric: Metric) -> PausedFor {
        self.pauses.clone().unwrap_or_else(|| match (like, metric) {
            // Pending and on-hold stop neither.
            (Some(Like::Zendesk), Metric::Resolution | Metric::PeriodicUpdate) => PausedFor::None,
            // The deadline of every stage moves by the time waited.
            (Some(Like::Connectwise), Metric::FirstResponse) => PausedFor::All,
            _ => metric.pauses(),
        })
    }
}
