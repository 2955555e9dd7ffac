//! The agreement: who promises what, when time counts, what is measured.

mod calendars;
mod compile;
mod document;

pub use compile::Agreement;
pub(crate) use compile::{Term, TermId};
pub use document::{
    AgreementDocument, ClockDocument, Meaning, OnChange, OnReopen, PolicyDocument, Priorities, Validity,
};
