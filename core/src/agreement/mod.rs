//! The agreement: who promises what, when time counts, what is measured.

mod calendars;
mod clock;
mod compile;
mod document;
mod escalation;
mod like;
mod limits;
mod policies;
mod promise;
mod term;
mod versions;

pub(crate) use calendars::{Calendars, Room, compile_calendars};
pub use clock::{
    BusinessDays, CalendarChoice, ClockDocument, DueDocument, OnChange, OnReopen, OverrideDocument,
    PausedFor, Unanswered, Within,
};
pub use compile::Agreement;
pub(crate) use compile::{ClockDef, MAX_AGREEMENT, Spec, Status, Version};
pub use document::{
    AgreementDocument, ClockStart, Intake, Meaning, PolicyDocument, Priorities, PriorityMatrix, Validity,
};
pub use escalation::{EscalationDocument, Point, StepDocument, Threshold};
pub use like::Like;
pub(crate) use policies::metric_of;
pub(crate) use term::{ANY_DAY, AlertSpec, Choice, Promise, Target, Term, TermId, WatchId};
pub use versions::VersionsApply;
pub(crate) use versions::documents;
