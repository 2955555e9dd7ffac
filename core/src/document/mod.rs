//! Documents: JSON into typed values, with every problem at once.
//!
//! A text becomes a [`Node`] tree; the decoders turn nodes into values and go on after a
//! mistake, so that all of them are reported, each with its JSON pointer. The same declarations also
//! describe the types (`shape`), from which JSON Schema and TypeScript are generated.

mod decode;
mod json;
mod macros;
mod node;
mod place;
mod problems;
mod read;
#[cfg(feature = "shape")]
pub mod shape;
mod text;
mod values;

pub(crate) use decode::{Document, Form, KeyReader, Slot, decode_text, needed, word};
pub(crate) use json::write_json;
pub use macros::Absent;
pub(crate) use macros::{Entry, output, record, words};
pub use node::{MAX_DEPTH, Node};
pub(crate) use place::At;
pub use problems::Reading;
pub(crate) use problems::{Problems, expected, refuse_duplicates, unknown};
pub(crate) use text::{cut, listed, shortened};
pub use values::Named;
