//! The content lines of a file, unfolded.

use std::io::{BufRead, BufReader, Read};

/// Longest line, folded or not, in bytes; the rest of a longer one is dropped.
const LONGEST_LINE: usize = 1 << 20;

/// A content line, unfolded.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// Its end was dropped.
    pub(super) cut: bool,
}

/// The content lines of a file.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    number: u64,
    held: Option<Line>,
}

impl<R: Read> Lines<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, reader), number: 0, held: None }
    }

    /// The next line with what is folded below it; blank lines, which some programs write, are passed over.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Line>> {
        let mut line = match self.held.take() {
            Some(line) => line,
            None => match self.physical()? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        while let Some(next) = self.physical()? {
            // Folds may cut a character of several bytes, so they are undone before the text is read.
            let Some((b' ' | b'\t', rest)) = next.bytes.split_first() else {
                self.held = Some(next);
                break;
            };
            let room = LONGEST_LINE.saturating_sub(line.bytes.len());
            line.cut |= next.cut || rest.len() > room;
            line.bytes.extend_from_slice(&rest[..rest.len().min(room)]);
        }
        Ok(Some(line))
    }

    fn physical(&mut self) -> std::io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let read = self.reader.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let cut = read == LONGEST_LINE && bytes.last() != Some(&b'\n');
            if cut {
                self.reader.skip_until(b'\n')?;
            }
            while matches!(bytes.last(), Some(b'\n' | b'\r')) {
                bytes.pop();
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Line { number: self.number, bytes, cut }));
            }
        }
    }
}
