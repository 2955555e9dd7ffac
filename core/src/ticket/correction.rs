//! What people decide about a ticket afterwards: exclusions, extensions, excuses, merges.

use crate::document::record;
use crate::duration::Duration;
use crate::error::Code;
use crate::instant::Instant;

use super::EventKind;

record! {
    /// Time found not to count, for whatever reason.
    pub struct Exclude as "an exclusion" {
        /// Its first instant.
        from: Instant,
        /// Its end, itself outside.
        to: Instant,
        /// Why.
        reason: Option<String>,
        /// Whose time it was: `force_majeure`, `vendor` and so on.
        party: Option<String>,
        /// Names of the clocks concerned; all of them when the list is empty.
        clocks: Vec<String> = Vec::new(),
    }
}

record! {
    /// More time for a clock.
    pub struct Extend as "an extension" {
        /// Name of the clock.
        clock: String,
        /// How much counted time is added to its target.
        by: Duration,
        /// Why.
        reason: Option<String>,
    }
}

record! {
    /// A cycle that attainment leaves out; its verdict stays.
    pub struct Excuse as "an excuse" {
        /// Name of the clock.
        clock: String,
        /// Number of the cycle; the last one begun when absent.
        cycle: Option<u32>,
        /// Why.
        reason: Option<String>,
    }
}

record! {
    /// The ticket goes on as a part of another.
    pub struct Merge as "a merge" {
        /// Identity of the other ticket.
        into: String,
    }
}

impl EventKind {
    /// What is wrong with it although each part is well formed: the place within the event, the code, and what
    /// to say.
    pub(crate) fn fault(&self) -> Option<(&'static [&'static str], Code, String)> {
        match self {
            Self::Exclude(Exclude { from, to, .. }) if from >= to => {
                Some((&["exclude"], Code::ReversedRange, format!("{to} is not after {from}")))
            }
            Self::Extend(extend) if extend.by <= Duration::ZERO => Some((
                &["extend", "by"],
                Code::ZeroTarget,
                "an extension must be longer than zero".to_owned(),
            )),
            Self::Excuse(excuse) if excuse.cycle == Some(0) => {
                Some((&["excuse", "cycle"], Code::WrongType, "cycles are counted from 1".to_owned()))
            }
            Self::Merge(merge) if merge.into.is_empty() => {
                Some((&["merge", "into"], Code::Empty, "the id of the other ticket is empty".to_owned()))
            }
            _ => None,
        }
    }
}
