//! Tickets: what happened, as facts, and the ordered timeline that clocks run on.

mod builder;
mod correction;
mod document;
mod timeline;

use serde_json::Value;

use crate::document::{record, words};
use crate::instant::Instant;

pub use correction::{Exclude, Excuse, Extend, Merge};
pub(crate) use document::fields_from_json;
pub use document::{MAX_EVENTS, Ticket, field_value};
pub use timeline::Timeline;
pub(crate) use timeline::{Cause, DueValue, Exclusion, Flags, Known, Path, Update, bit};

words! {
    /// Who wrote a reply.
    pub enum Author as "an author" {
        /// The provider's staff.
        Agent = "agent",
        /// The customer's side.
        Requester = "requester",
        /// A machine; it answers nobody.
        System = "system",
    }
}

record! {
    /// A message on the ticket.
    pub struct Reply as "a reply" {
        /// Who wrote it.
        by: Author,
        /// Whether the requester can read it.
        public: bool,
        /// How it was sent.
        channel: Option<String>,
    }
}

record! {
    /// A manual pause.
    pub struct Pause as "a pause" {
        /// Whom the ticket waits for: `customer`, `vendor` and so on.
        party: Option<String>,
        /// Why, in the agent's words.
        reason: Option<String>,
    }
}

record! {
    /// The end of manual pauses.
    pub struct Resume as "the end of a pause" {
        /// Whose pause ends; all of them when absent.
        party: Option<String>,
    }
}

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// It took this status.
    Status(String),
    /// A message.
    Reply(Reply),
    /// Fields took these values; `null` unsets one.
    Fields(Vec<(String, Value)>),
    /// A manual pause began.
    Pause(Pause),
    /// Manual pauses ended.
    Resume(Resume),
    /// Time was found not to count.
    Exclude(Exclude),
    /// A clock was given more time.
    Extend(Extend),
    /// A cycle was excused.
    Excuse(Excuse),
    /// The ticket was merged into another.
    Merge(Merge),
    /// A remark that changes nothing.
    Note,
    /// A kind that this version does not know, by name: kept, and ignored with a notice.
    Unknown(String),
}

/// One thing that happened to a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When it happened; not before the ticket was created.
    pub at: Instant,
    /// Identity in the ticketing system.
    pub id: Option<String>,
    /// When it became known, if later.
    pub recorded_at: Option<Instant>,
    /// What happened.
    pub kind: EventKind,
}
