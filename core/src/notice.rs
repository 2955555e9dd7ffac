//! Notices: what an answer had to work around.

use crate::document::{Absent, output, shortened, words};

words! {
    /// Kinds of notices.
    pub enum NoticeCode as "a notice" {
        /// A status that the agreement does not list; it counted as open.
        UnmappedStatus = "unmapped_status",
        /// An event of a kind that this version does not know; it was ignored.
        UnknownEvent = "unknown_event",
        /// A manual pause given while the ticket was resolved; it was ignored.
        VoidPause = "void_pause",
        /// The end of a pause that was not active; it changed nothing.
        ResumeWithoutPause = "resume_without_pause",
        /// An instant of the result lies in 2200 or later; it is `null`.
        BeyondRange = "beyond_range",
    }
}

output! {
    /// Something about the input that the answer had to work around.
    pub struct Notice {
        /// Stable word.
        code: NoticeCode,
        /// What was met, for a person.
        message: String,
        /// JSON pointer into the ticket; absent when it concerns the result.
        pointer: Absent<String>,
    }
}

impl Notice {
    fn at(code: NoticeCode, message: String, pointer: String) -> Self {
        Self { code, message, pointer: Absent(Some(pointer)) }
    }

    pub(crate) fn unmapped_status(status: &str, pointer: String) -> Self {
        let message =
            format!("the agreement does not list the status `{}`; it counts as open", shortened(status));
        Self::at(NoticeCode::UnmappedStatus, message, pointer)
    }

    pub(crate) fn unknown_event(kind: &str, pointer: String) -> Self {
        let message = format!("events of the kind `{}` are not known and were ignored", shortened(kind));
        Self::at(NoticeCode::UnknownEvent, message, pointer)
    }

    pub(crate) fn void_pause(pointer: String) -> Self {
        let message = "a pause given while the ticket is resolved has no effect".to_owned();
        Self::at(NoticeCode::VoidPause, message, pointer)
    }

    pub(crate) fn resume_without_pause(pointer: String) -> Self {
        let message = "no manual pause was active that this could end".to_owned();
        Self::at(NoticeCode::ResumeWithoutPause, message, pointer)
    }

    pub(crate) fn beyond_range() -> Self {
        let message = "an instant of this result lies in 2200 or later and is given as null".to_owned();
        Self { code: NoticeCode::BeyondRange, message, pointer: Absent(None) }
    }
}
