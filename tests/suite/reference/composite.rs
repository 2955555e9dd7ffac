//! A calendar made of others is open at an instant as its parts are then.

use serde_json::Value;

use super::{SlowCalendar, Wall};

/// A calendar and its parts, read straight from the document.
pub(crate) enum SlowComposite {
    Own(Box<SlowCalendar>),
    AnyOf(Vec<SlowComposite>),
    AllOf(Vec<SlowComposite>),
    /// The first, less the others.
    Less(Box<SlowComposite>, Vec<SlowComposite>),
}

impl SlowComposite {
    /// Reads a calendar whose parts are written in their places, or built in.
    pub(crate) fn of(document: &Value) -> Self {
        if let Some(name) = document.as_str() {
            return Self::Own(Box::new(SlowCalendar::built_in(name).expect("a name that is built in")));
        }
        let parts = |key: &str| {
            let list = document.get(key).and_then(Value::as_array);
            list.map(|list| list.iter().map(Self::of).collect::<Vec<_>>())
        };
        let base = match (parts("any_of"), parts("all_of")) {
            (Some(parts), _) => Self::AnyOf(parts),
            (None, Some(parts)) => Self::AllOf(parts),
            (None, None) => Self::Own(Box::new(SlowCalendar::of(document))),
        };
        match parts("except") {
            Some(parts) => Self::Less(Box::new(base), parts),
            None => base,
        }
    }

    pub(crate) fn is_open(&self, ms: i64) -> bool {
        match self {
            Self::Own(calendar) => calendar.is_open(ms),
            Self::AnyOf(parts) => parts.iter().any(|part| part.is_open(ms)),
            Self::AllOf(parts) => parts.iter().all(|part| part.is_open(ms)),
            Self::Less(base, parts) => base.is_open(ms) && !parts.iter().any(|part| part.is_open(ms)),
        }
    }

    /// The wall clocks of all parts.
    pub(crate) fn walls(&self) -> Vec<&Wall> {
        let parts: Vec<&Self> = match self {
            Self::Own(calendar) => return vec![&calendar.wall],
            Self::AnyOf(parts) | Self::AllOf(parts) => parts.iter().collect(),
            Self::Less(base, parts) => parts.iter().chain([&**base]).collect(),
        };
        parts.into_iter().flat_map(Self::walls).collect()
    }
}
