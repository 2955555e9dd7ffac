//! A time of the day, to the minute.

use crate::document::{At, Document, Node, Problems, expected};
use crate::error::Code;

use super::week::minute_of_day;

/// A time of a local date: `16:00`; `24:00` is its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(i64);

impl TimeOfDay {
    /// Minutes from midnight.
    #[must_use]
    pub const fn minute(self) -> i64 {
        self.0
    }
}

impl Document for TimeOfDay {
    fn blank() -> Self {
        Self(0)
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a time such as `16:00`", node, at, problems);
        };
        minute_of_day(text)
            .map(Self)
            .map_err(|why| problems.push_mend(at, Code::BadHours, why, "write it as `16:00`"))
            .ok()
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for TimeOfDay {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        let doc = "A time of a local date: `16:00`; `24:00` is its end.";
        types.alias("TimeOfDay", doc, |_| crate::document::shape::Shape::Text {
            format: None,
            pattern: Some("^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$"),
        })
    }
}
