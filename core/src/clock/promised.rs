//! What a clock is promised.

use crate::agreement::{Agreement, TermId};
use crate::ticket::DueValue;

/// A term, with the due date that a field gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Promised {
    pub(super) term: TermId,
    pub(super) due: DueValue,
}

impl Promised {
    /// Whether it is no change: policy, target, calendar and override are the same, of another version perhaps.
    pub(super) fn same(this: Option<Self>, other: Option<Self>, agreement: &Agreement) -> bool {
        if this == other {
            return true;
        }
        let what = |promised: Option<Self>| {
            let promised = promised?;
            let term = agreement.term(promised.term)?;
            Some((&term.policy, &term.calendar_name, &term.override_, term.target, promised.due))
        };
        what(this).is_some_and(|this| Some(this) == what(other))
    }
}
