//! Names shared between an agreement and the results that quote them.

use core::fmt;
use std::sync::Arc;

use crate::document::{At, Problems};
use crate::error::Code;

/// Longest id or name, in bytes: results repeat it for every alert of every run of every clock.
const LONGEST: usize = 1_000;

/// Notes an id or a name that is too long to be repeated.
pub(crate) fn check_length(name: &str, at: &At<'_>, problems: &mut Problems) {
    if name.len() > LONGEST {
        let message = format!("the name has {} bytes; the limit is {LONGEST}", name.len());
        problems.push_mend(at, Code::TooLarge, message, "shorten it");
    }
}

/// A name of the agreement; cloning it copies no text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for Name {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        String::shape(types)
    }
}
