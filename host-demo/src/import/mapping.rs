//! The mapping: how the columns of a log become tickets.

use std::collections::HashMap;

use slaclock_core::zone::Zone;

use super::instants::Format;

/// How to read a log. Columns are still names; [`super::columns`] finds them.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) case: Column,
    pub(super) at: Option<Column>,
    pub(super) created_at: Option<(Column, Take)>,
    pub(super) status: Option<Status>,
    pub(super) fields: Vec<Field>,
    pub(super) stamps: Vec<Stamp>,
    pub(super) replies: Vec<Reply>,
    pub(super) rows: Vec<Condition>,
    pub(super) missing: Vec<String>,
    pub(super) formats: Vec<Format>,
    pub(super) zone: Option<Zone>,
    pub(super) ambiguous: Ambiguous,
    pub(super) skipped: Skipped,
    pub(super) early: Early,
    pub(super) drop_unchanged: bool,
    pub(super) delimiter: u8,
}

/// A column by its name or number, and where the mapping names it.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) pointer: String,
}

/// A column with the meaning of its values.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) column: Column,
    pub(super) renamed: HashMap<String, String>,
    pub(super) bad: Vec<String>,
    pub(super) missing: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Status {
    pub(super) values: Values,
    pub(super) initial: Option<String>,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) values: Values,
    pub(super) take: Take,
    pub(super) missing_unsets: bool,
}

/// Which of the values of a ticket's rows counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    First,
    Last,
    Changes,
}

/// A column that holds the instant of a change of status or of a reply.
#[derive(Debug)]
pub(super) struct Stamp {
    pub(super) column: Column,
    pub(super) take: Take,
    pub(super) event: StampEvent,
}

#[derive(Debug)]
pub(super) enum StampEvent {
    Status(String),
    Reply(Message),
}

/// Rows that are replies.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) when: Vec<Condition>,
    pub(super) said: Message,
}

/// A message on the ticket.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) by: &'static str,
    pub(super) public: bool,
    pub(super) channel: Option<String>,
}

/// A column has one of some values, or none of them. `None` stands for a missing value.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) column: Column,
    pub(super) values: Vec<Option<String>>,
    pub(super) negated: bool,
}

/// What to make of a local time that occurs twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ambiguous {
    First,
    Second,
    Reject,
}

/// What to make of a local time that does not occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skipped {
    Reject,
    AfterGap,
}

/// What to make of an event before its ticket's creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Early {
    Reject,
    AtCreation,
}
