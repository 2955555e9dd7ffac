//! The columns of a mapping in a log, and what they say in one row.

use super::cells::{Fault, Filter, Symbol, Symbols, ValueColumn, text};
use super::columns::Header;
use super::instants::{Read, Reader};
use super::mapping::{Column, Mapping, Take};
use super::report::Reason;
use super::rows::Rows;
use crate::error::Problem;

/// The columns of a mapping, found in the log.
pub(super) struct Columns<'a> {
    pub(super) case: usize,
    pub(super) at: Option<InstantColumn>,
    pub(super) created: Option<(InstantColumn, Take)>,
    pub(super) status: Option<ValueColumn<'a>>,
    pub(super) fields: Vec<(ValueColumn<'a>, Take)>,
    pub(super) stamps: Vec<(InstantColumn, Take)>,
    replies: Vec<Filter<'a>>,
    filter: Filter<'a>,
}

/// A column of instants. Many rows repeat the one before.
pub(super) struct InstantColumn {
    column: usize,
    last: Option<(Box<[u8]>, Option<Read>)>,
}

impl InstantColumn {
    fn new(column: &Column, header: &Header, problems: &mut Vec<Problem>) -> Self {
        Self { column: header.find(column, problems), last: None }
    }

    /// The instant of the current row; `None` where it is missing.
    fn read(&mut self, rows: &Rows, mapping: &Mapping) -> Result<Option<Read>, Fault> {
        let bytes = rows.cell(self.column);
        if let Some((known, read)) = &self.last
            && **known == *bytes
        {
            return Ok(*read);
        }
        let text = text(rows, self.column)?;
        let fault = |reason| Fault { column: self.column, reason };
        let is_missing = mapping.missing.iter().any(|missing| missing == text);
        let read = if is_missing { None } else { Some(Reader::new(mapping).read(text).map_err(fault)?) };
        self.last = Some((bytes.into(), read));
        Ok(read)
    }
}

impl<'a> Columns<'a> {
    pub(super) fn find(mapping: &'a Mapping, header: &Header) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let found = &mut problems;
        let columns = Self {
            case: header.find(&mapping.case, found),
            at: mapping.at.as_ref().map(|at| InstantColumn::new(at, header, found)),
            created: mapping
                .created_at
                .as_ref()
                .map(|(at, take)| (InstantColumn::new(at, header, found), *take)),
            status: mapping
                .status
                .as_ref()
                .map(|status| ValueColumn::new(&status.values, mapping, header, found)),
            fields: mapping
                .fields
                .iter()
                .map(|field| (ValueColumn::new(&field.values, mapping, header, found), field.take))
                .collect(),
            stamps: mapping
                .stamps
                .iter()
                .map(|stamp| (InstantColumn::new(&stamp.column, header, found), stamp.take))
                .collect(),
            replies: mapping
                .replies
                .iter()
                .map(|reply| Filter::new(&reply.when, mapping, header, found))
                .collect(),
            filter: Filter::new(&mapping.rows, mapping, header, found),
        };
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }
}

/// What one row says, read in full before any of it is kept.
#[derive(Default)]
pub(super) struct Said {
    pub(super) at: Option<Read>,
    pub(super) created: Option<Read>,
    pub(super) status: Option<Symbol>,
    pub(super) fields: Vec<Symbol>,
    pub(super) stamps: Vec<Option<Read>>,
    pub(super) reply: Option<u16>,
}

impl Columns<'_> {
    /// Reads the current row; `false` if the mapping leaves it out.
    pub(super) fn read(
        &mut self,
        mapping: &Mapping,
        rows: &Rows,
        symbols: &mut Symbols,
        said: &mut Said,
    ) -> Result<bool, Fault> {
        if !self.filter.holds(rows)? {
            return Ok(false);
        }
        let case = text(rows, self.case)?;
        if case.is_empty() || mapping.missing.iter().any(|missing| missing == case) {
            return Err(Fault { column: self.case, reason: Reason::NoCase });
        }
        said.at = None;
        if let Some(at) = &mut self.at {
            let no_instant = Fault { column: at.column, reason: Reason::NoInstant };
            said.at = Some(at.read(rows, mapping)?.ok_or(no_instant)?);
        }
        said.created = match &mut self.created {
            Some((created, _)) => created.read(rows, mapping)?,
            None => None,
        };
        said.status = match &mut self.status {
            Some(status) => Some(status.read(rows, symbols)?),
            None => None,
        };
        said.fields.clear();
        for (field, _) in &mut self.fields {
            said.fields.push(field.read(rows, symbols)?);
        }
        said.stamps.clear();
        for (stamp, _) in &mut self.stamps {
            said.stamps.push(stamp.read(rows, mapping)?);
        }
        said.reply = None;
        for (filter, number) in self.replies.iter().zip(0..) {
            if said.reply.is_none() && filter.holds(rows)? {
                said.reply = Some(number);
            }
        }
        Ok(true)
    }
}
