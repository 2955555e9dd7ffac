//! The rows of a CSV file, with their line numbers, none longer than the limit.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::Problem;
use crate::input::{Fault, LONGEST_LINE, Source};

const BLOCK: usize = 1 << 18;
const MOST_COLUMNS: usize = 10_000;

/// Reads one row after the other into the same memory.
pub(super) struct Rows {
    reader: Box<dyn Read + Send>,
    fault: Fault,
    csv: Reader,
    block: Vec<u8>,
    unread: std::ops::Range<usize>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    columns: usize,
    line: u64,
    ended: bool,
}

/// What came next in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A row that starts on this line.
    Row(u64),
    /// A row that is too long, or has too many columns, and was passed over.
    TooLong(u64),
    /// Nothing.
    End,
}

impl Rows {
    pub(super) fn of(source: Source, delimiter: u8) -> Self {
        Self {
            reader: source.reader,
            fault: source.fault,
            csv: ReaderBuilder::new().delimiter(delimiter).build(),
            block: vec![0; BLOCK],
            unread: 0..0,
            cells: vec![0; 1 << 12],
            ends: vec![0; 64],
            columns: 0,
            line: 1,
            ended: false,
        }
    }

    /// Number of cells in the current row.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// A cell of the current row.
    pub(super) fn cell(&self, column: usize) -> &[u8] {
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.cells[start..self.ends[column]]
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// The file cannot be read any further.
    pub(super) fn next(&mut self) -> Result<Next, Problem> {
        self.skip_line_ends()?;
        let line = self.line;
        let (mut filled, mut columns, mut too_long) = (0, 0, false);
        loop {
            self.refill()?;
            let input = &self.block[self.unread.clone()];
            let (result, read, wrote, ended) =
                self.csv.read_record(input, &mut self.cells[filled..], &mut self.ends[columns..]);
            self.line += memchr::memchr_iter(b'\n', &input[..read]).count() as u64;
            self.unread.start += read;
            filled += wrote;
            columns += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() >= LONGEST_LINE => {
                    (filled, too_long) = (0, true);
                }
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() >= MOST_COLUMNS => {
                    (columns, too_long) = (0, true);
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record if too_long => return Ok(Next::TooLong(line)),
                ReadRecordResult::Record => {
                    self.columns = columns;
                    return Ok(Next::Row(line));
                }
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    /// Passes over the ends of lines before a row, so that the number of its line is right.
    fn skip_line_ends(&mut self) -> Result<(), Problem> {
        loop {
            self.refill()?;
            match self.block.get(self.unread.start) {
                Some(byte @ (b'\n' | b'\r')) if !self.unread.is_empty() => {
                    self.line += u64::from(*byte == b'\n');
                    self.unread.start += 1;
                }
                _ => return Ok(()),
            }
        }
    }

    fn refill(&mut self) -> Result<(), Problem> {
        while self.unread.is_empty() && !self.ended {
            match self.reader.read(&mut self.block) {
                Ok(count) => {
                    self.unread = 0..count;
                    self.ended = count == 0;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let problem = self.fault.explain(&error);
                    let place = format!("{}, line {}", problem.place, self.line);
                    return Err(Problem { place, ..problem });
                }
            }
        }
        Ok(())
    }
}
