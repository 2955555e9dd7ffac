//! Which policy holds: conditions over a ticket's fields, the first match from the top.

mod condition;
mod event;
mod overriding;
mod trace;

pub use condition::ConditionDocument;
pub(crate) use condition::{Condition, Fields, PriorityOrder};
pub use event::EventCondition;
pub(crate) use event::Facts;
pub use overriding::OverrideCondition;
pub use trace::ConditionTrace;
