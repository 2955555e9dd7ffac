//! Names shared between an agreement and the results that quote them.

use core::fmt;

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

/// A short text is copied: to count its users costs more, where threads may share the counter. In a module of WebAssembly there
/// is one thread, and counting is cheap.
#[cfg(not(target_family = "wasm"))]
type Shared = smol_str::SmolStr;
#[cfg(target_family = "wasm")]
type Shared = std::sync::Arc<str>;

/// A name or an id; cloning it costs next to nothing: a short one is copied, of a long one no text is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Shared);

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Memory held beside itself, in bytes.
    pub(crate) fn size(&self) -> usize {
        #[cfg(not(target_family = "wasm"))]
        if !self.0.is_heap_allocated() {
            return 0;
        }
        self.0.len()
    }
}

/// A text of a ticket, so that results share it.
pub(crate) fn named(text: &Option<String>) -> Option<Name> {
    text.as_deref().map(Name::from)
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
