//! Which policy holds: conditions over a ticket's fields, the first match from the top.

mod condition;

pub use condition::ConditionDocument;
pub(crate) use condition::{Condition, Fields, PriorityOrder};
