//! Documents: JSON (or anything serde can read) into typed values, with every problem at once.
//!
//! A text becomes a [`Node`] tree; the decoders turn nodes into values and go on after a
//! mistake, so that all of them are reported, each with its JSON pointer. The same declarations also
//! describe the types (`shape`), from which JSON Schema and TypeScript are generated.

mod decode;
mod json;
mod macros;
mod node;
#[cfg(feature = "shape")]
pub mod shape;

pub(crate) use decode::{
    At, Document, Form, KeyReader, Problems, Slot, cut, decode_text, expected, listed, needed,
    refuse_duplicates, shortened, unknown, word,
};
pub use decode::{Named, Reading};
pub(crate) use json::write_json;
pub use macros::Absent;
pub(crate) use macros::{Entry, output, record, words};
pub use node::{MAX_DEPTH, Node};
