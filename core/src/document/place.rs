//! Places in a document.

use std::fmt::{self, Write as _};

/// A place in a document: a chain of keys and indices on the stack, written out only when needed.
#[derive(Clone, Copy)]
pub(crate) enum At<'p> {
    /// The document itself.
    Root,
    /// The value of a key.
    Key(&'p At<'p>, &'p str),
    /// An item of a list.
    Index(&'p At<'p>, usize),
}

impl fmt::Display for At<'_> {
    /// JSON pointer (RFC 6901).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(parent, key) => {
                write!(f, "{parent}/")?;
                key.chars().try_for_each(|char| match char {
                    '~' => f.write_str("~0"),
                    '/' => f.write_str("~1"),
                    char => f.write_char(char),
                })
            }
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}
