//! Reading files of any size: plain or gzip, standard input, JSON Lines or a JSON array.

mod array;
mod lines;
mod source;

pub use lines::{LONGEST_LINE, Lines, Piece, is_blank, lines_of, without_blank_lines};
pub use source::{Fault, Source};
