//! Clocks: one machine that runs, pauses, stops and reopens, and what it says at an instant.
//!
//! What few tickets need is not inlined, here and where timelines are built: so what every ticket goes through stays small.

mod counting;
mod cycle;
mod exclusions;
mod forecast;
mod goal;
mod ledger;
mod look_back;
mod machine;
mod outcome;
mod promised;
mod run;
mod verdict;

use crate::agreement::PausedFor;
use crate::document::words;

pub(crate) use cycle::Pausing;
pub(crate) use ledger::Span;
pub use outcome::{Alert, ClockResult, Excused, Limit, LimitKind, PausedBy, State, StopCause, UndoneStop};
pub(crate) use run::run;

words! {
    /// What a clock measures.
    pub enum Metric as "a metric" {
        /// From creation to the first public reply by an agent. Never pauses, unless told.
        FirstResponse = "first_response",
        /// From the oldest public message of a requester that is not answered to the next public reply by an
        /// agent, after the first one; each pair is a cycle. Never pauses, unless told.
        NextResponse = "next_response",
        /// From creation, then from each public reply by an agent, to the next one. Pauses while the ticket waits.
        PeriodicUpdate = "periodic_update",
        /// From creation to the first assignee. Never pauses, unless told.
        Assignment = "assignment",
        /// From a group's getting the ticket to its leaving that group; each hand-over is a cycle. Pauses while
        /// the ticket waits.
        Ownership = "ownership",
        /// From creation to the condition that the agreement names. Pauses while the ticket waits.
        Plan = "plan",
        /// From creation to the ticket being resolved. Pauses while the ticket waits.
        Resolution = "resolution",
        /// From creation to the ticket being resolved. Pauses while it waits for the customer.
        RequesterWait = "requester_wait",
        /// From creation to the ticket being resolved. Pauses while the ticket waits for anybody.
        AgentWork = "agent_work",
        /// From and to the conditions that the agreement names.
        Custom = "custom",
    }
}

impl Metric {
    /// Position among all metrics.
    pub(crate) fn rank(self) -> usize {
        Self::ALL.iter().position(|metric| *metric == self).unwrap_or_default()
    }

    /// Whether it starts once, with the ticket.
    pub(crate) const fn starts_with_ticket(self) -> bool {
        !matches!(self, Self::NextResponse | Self::Ownership | Self::Custom)
    }

    /// Whether being resolved is what the clock waits for.
    pub(crate) const fn waits_for_resolution(self) -> bool {
        matches!(self, Self::Resolution | Self::RequesterWait | Self::AgentWork)
    }

    /// Whether a reopening begins a new cycle, whatever `on_reopen` says.
    pub(crate) const fn begins_anew(self) -> bool {
        matches!(self, Self::PeriodicUpdate | Self::Ownership)
    }

    /// Which pauses of a ticket pause it, unless the agreement says otherwise.
    pub(crate) fn pauses(self) -> PausedFor {
        match self {
            Self::FirstResponse | Self::NextResponse | Self::Assignment | Self::Custom => PausedFor::None,
            Self::PeriodicUpdate | Self::Ownership | Self::Plan | Self::Resolution | Self::AgentWork => {
                PausedFor::All
            }
            Self::RequesterWait => PausedFor::Parties(vec!["customer".to_owned()]),
        }
    }
}
