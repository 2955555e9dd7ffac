//! Lines in batches: of bounded size, cut at line ends, UTF-8 for certain.
//!
//! A line that is refused here is answered at its place, and reading goes on at the next one.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

use super::array::ArrayLines;
use super::{Fault, Source};
use crate::error::{Code, Problem};

/// Longest line, in bytes without its line feed.
pub const LONGEST_LINE: usize = 16 << 20;

const BATCH: usize = 1 << 20;
const BLOCK: usize = 1 << 18;

/// What a file consists of, in order.
#[derive(Debug)]
pub enum Piece {
    /// Whole lines, the first of which has this number in the file.
    Lines {
        /// The lines, each ended by a line feed.
        bytes: Vec<u8>,
        /// Number of the first, from 1.
        first: u64,
    },
    /// A line that cannot be handed on.
    Refused(Problem),
    /// The file cannot be read any further.
    Broken(Problem),
}

/// The pieces of a file, in order.
pub struct Lines {
    name: String,
    reader: Box<dyn Read + Send>,
    fault: Fault,
    held: Vec<u8>,
    /// So many of the bytes held are known to have no line feed.
    searched: usize,
    line: u64,
    ready: VecDeque<Piece>,
    /// The rest of a line that is too long is passed over without keeping it.
    skipping: bool,
    ended: bool,
}

impl Lines {
    /// The lines of JSON Lines, or the elements of a JSON array.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(mut source: Source) -> Result<Self, Problem> {
        let mut head = Vec::new();
        let mut byte = [0];
        while let 1 = source.reader.read(&mut byte).map_err(|error| source.fault.explain(&error))? {
            head.push(byte[0]);
            if !byte[0].is_ascii_whitespace() || head.len() == BLOCK {
                break;
            }
        }
        let is_array = head.last() == Some(&b'[');
        let rest = io::Cursor::new(head).chain(source.reader);
        let reader: Box<dyn Read + Send> =
            if is_array { Box::new(ArrayLines::new(rest)) } else { Box::new(rest) };
        Ok(Self {
            name: source.name,
            reader,
            fault: source.fault,
            held: Vec::with_capacity(BATCH + BLOCK),
            searched: 0,
            line: 1,
            ready: VecDeque::new(),
            skipping: false,
            ended: false,
        })
    }

    /// Reads until there is a batch to give, a line too long to keep, or an end.
    fn fill(&mut self) {
        while self.ready.is_empty() && !self.ended {
            let before = self.held.len();
            self.held.resize(before + BLOCK, 0);
            let read = self.reader.read(&mut self.held[before..]);
            self.held.truncate(before + read.as_ref().copied().unwrap_or_default());
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let problem = self.fault.explain(&error);
                    self.cut(false);
                    let place = format!("{}, line {}", self.name, self.line);
                    self.ready.push_back(Piece::Broken(Problem { place, ..problem }));
                    self.ended = true;
                }
                Ok(0) => {
                    self.cut(true);
                    self.ended = true;
                }
                Ok(_) if self.skipping => self.skip(before),
                Ok(_) if self.held.len() < BATCH => {}
                Ok(_) => {
                    self.cut(false);
                    if self.held.len() > LONGEST_LINE {
                        self.held.clear();
                        self.searched = 0;
                        self.skipping = true;
                    }
                }
            }
        }
    }

    fn skip(&mut self, from: usize) {
        match memchr(b'\n', &self.held[from..]) {
            None => self.held.truncate(from),
            Some(end) => {
                self.held.drain(..=from + end);
                self.skipping = false;
                self.refuse_long();
            }
        }
    }

    fn refuse_long(&mut self) {
        let message = format!("line {} of {} has more than 16 MiB", self.line, self.name);
        let place = format!("{}, line {}", self.name, self.line);
        self.ready.push_back(Piece::Refused(Problem::new(Code::LineTooLong, message, place)));
        self.line += 1;
    }

    /// Hands on the whole lines held, and at the end of the file what is left as well.
    fn cut(&mut self, at_end: bool) {
        if at_end && self.skipping {
            self.skipping = false;
            self.held.clear();
            return self.refuse_long();
        }
        if at_end && self.held.last().is_some_and(|last| *last != b'\n') {
            self.held.push(b'\n');
        }
        let found = self.held.get(self.searched..).and_then(|new| memrchr(b'\n', new));
        let Some(end) = found.map(|end| self.searched + end) else {
            self.searched = self.held.len();
            return;
        };
        let rest = self.held.split_off(end + 1);
        self.searched = rest.len();
        let mut whole = std::mem::replace(&mut self.held, rest);
        self.held.reserve(BATCH + BLOCK);
        // Only the first line can have grown past the limit over several readings.
        let first_end = memchr(b'\n', &whole).unwrap_or(end);
        if first_end > LONGEST_LINE {
            self.refuse_long();
            whole.drain(..=first_end);
        }
        self.give(whole);
    }

    fn give(&mut self, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let first = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        if std::str::from_utf8(&bytes).is_ok() {
            return self.ready.push_back(Piece::Lines { bytes, first });
        }
        for (line, number) in lines_of(&bytes).zip(first..) {
            if std::str::from_utf8(line).is_err() {
                let message = format!("line {number} of {} is not UTF-8", self.name);
                let place = format!("{}, line {number}", self.name);
                self.ready.push_back(Piece::Refused(Problem::new(Code::NotUtf8, message, place)));
            } else if let Some(Piece::Lines { bytes, .. }) = self.ready.back_mut() {
                bytes.extend_from_slice(line);
            } else {
                self.ready.push_back(Piece::Lines { bytes: line.to_vec(), first: number });
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.fill();
        self.ready.pop_front()
    }
}

/// The lines of a batch, each with its line feed.
pub fn lines_of(batch: &[u8]) -> impl Iterator<Item = &[u8]> {
    batch.split_inclusive(|byte| *byte == b'\n')
}

/// Whether a line has nothing but white space.
#[must_use]
pub fn is_blank(line: &[u8]) -> bool {
    line.first().is_none_or(u8::is_ascii_whitespace) && line.trim_ascii().is_empty()
}

/// The batch without its blank lines, and the number of the others.
#[must_use]
pub fn without_blank_lines(batch: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let (mut all, mut kept) = (0, 0);
    for line in lines_of(batch) {
        all += 1;
        kept += usize::from(!is_blank(line));
    }
    if kept == all {
        return (Cow::Borrowed(batch), all);
    }
    (lines_of(batch).filter(|line| !is_blank(line)).flatten().copied().collect(), kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn lines(bytes: &[u8]) -> Vec<String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let source = Source::open(Path::new(file.path())).unwrap();
        let show = |piece| match piece {
            Piece::Lines { bytes, first } => format!("{first}:{}", String::from_utf8(bytes).unwrap()),
            Piece::Refused(problem) | Piece::Broken(problem) => {
                problem.place.rsplit(", ").next().map(|line| format!("{} {line}", problem.code)).unwrap()
            }
        };
        Lines::of(source).unwrap().map(show).collect()
    }

    #[test]
    fn bad_lines_are_refused_at_their_place() {
        assert_eq!(lines(b"a\nb\xff\nc"), ["1:a\n", "SLA-H0003 line 2", "3:c\n"]);
        assert_eq!(lines(b"\xef\xbb\xbfa\r\n\n b"), ["1:a\r\n\n b\n"]);
        assert!(lines(b"").is_empty());
        assert_eq!(lines(b"[{},\n{}"), ["1:{}\n", "SLA-H0006 line 2"]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let mut bytes = vec![b'x'; LONGEST_LINE];
        bytes.extend_from_slice(b"\ny\n");
        assert_eq!(lines(&bytes).concat().len(), bytes.len() + "1:".len());
        bytes.insert(0, b'x');
        assert_eq!(lines(&bytes), ["SLA-H0004 line 1", "2:y\n"]);
        assert_eq!(lines(&vec![b'x'; LONGEST_LINE + 2 * BATCH]), ["SLA-H0004 line 1"]);
    }

    #[test]
    fn blank_lines_are_left_out() {
        assert_eq!(without_blank_lines(b"a\n\n \t\r\n b\n"), (b"a\n b\n".to_vec().into(), 2));
        assert_eq!(without_blank_lines(b"a\nb\n"), (b"a\nb\n".to_vec().into(), 2));
    }
}
