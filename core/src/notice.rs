//! Notices: what an answer had to work around.

use crate::document::{Absent, output, shortened, words};

words! {
    /// Kinds of notices.
    pub enum NoticeCode as "a notice" {
        /// A status that the agreement does not list; it counted as open.
        UnmappedStatus = "unmapped_status",
        /// An event of a kind that this version does not know; it was ignored.
        UnknownEvent = "unknown_event",
        /// A manual pause given while the ticket was resolved, or beyond 64 active ones; it was ignored.
        VoidPause = "void_pause",
        /// The end of a pause that was not active; it changed nothing.
        ResumeWithoutPause = "resume_without_pause",
        /// The instant from which clocks start is not on the ticket; they start at creation.
        StartMissing = "start_missing",
        /// A due date that is neither a date nor an instant; it promises nothing.
        BadDueField = "bad_due_field",
        /// An event names a clock that the agreement does not have; it was ignored.
        UnknownClock = "unknown_clock",
        /// An extension of a clock that was not open; it changed nothing.
        NothingToExtend = "nothing_to_extend",
        /// An excuse for a cycle that does not exist; it changed nothing.
        NothingToExcuse = "nothing_to_excuse",
        /// A part of the ticket's time lies outside the agreement's validity.
        OutsideValidity = "outside_validity",
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
        let message =
            "a pause given while the ticket is resolved, or beyond 64 active ones, has no effect".to_owned();
        Self::at(NoticeCode::VoidPause, message, pointer)
    }

    pub(crate) fn resume_without_pause(pointer: String) -> Self {
        let message = "no manual pause was active that this could end".to_owned();
        Self::at(NoticeCode::ResumeWithoutPause, message, pointer)
    }

    pub(crate) fn start_missing(key: &'static str) -> Self {
        let message = format!("the ticket has no `{key}`; its clocks start at creation");
        Self::at(NoticeCode::StartMissing, message, format!("/{key}"))
    }

    pub(crate) fn bad_due_field(field: &str, pointer: String) -> Self {
        let message = format!("the field `{}` is neither a date nor an instant", shortened(field));
        Self::at(NoticeCode::BadDueField, message, pointer)
    }

    pub(crate) fn unknown_clock(clock: &str, pointer: String) -> Self {
        let message = format!("the agreement has no clock `{}`", shortened(clock));
        Self::at(NoticeCode::UnknownClock, message, pointer)
    }

    pub(crate) fn nothing_to_extend(clock: &str, pointer: String) -> Self {
        let message = format!("the clock `{}` was not open and was not extended", shortened(clock));
        Self::at(NoticeCode::NothingToExtend, message, pointer)
    }

    pub(crate) fn nothing_to_excuse(clock: &str, pointer: String) -> Self {
        let message = format!("the clock `{}` had no such cycle to excuse", shortened(clock));
        Self::at(NoticeCode::NothingToExcuse, message, pointer)
    }

    pub(crate) fn outside_validity() -> Self {
        let message = "a part of the ticket's time lies outside the validity of the agreement".to_owned();
        Self { code: NoticeCode::OutsideValidity, message, pointer: Absent(None) }
    }

    pub(crate) fn beyond_range() -> Self {
        let message = "an instant of this result lies in 2200 or later and is given as null".to_owned();
        Self { code: NoticeCode::BeyondRange, message, pointer: Absent(None) }
    }
}
