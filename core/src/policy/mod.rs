//! Which policy holds: conditions over a ticket's fields, the first match from the top.

mod condition;
mod event;
mod overriding;
mod trace;

pub use condition::ConditionDocument;
pub(crate) use condition::{Condition, Fields, Matcher, PriorityOrder, Test, same};
pub use event::EventCondition;
pub(crate) use event::{EventTest, Facts};
pub use overriding::OverrideCondition;
pub use trace::ConditionTrace;
