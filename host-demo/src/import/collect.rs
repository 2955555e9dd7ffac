//! Collects the rows of a log by ticket, in whatever order they come.

use std::collections::HashMap;

use slaclock_core::Instant;

use super::cells::{Symbol, Symbols};
use super::columns::Header;
use super::instants::Read;
use super::mapping::{Mapping, Take};
use super::report::{Reason, Report};
use super::rows::{Next, Rows};
use super::said::{Columns, Said};
use crate::error::Problem;

/// What is kept of a ticket: no text, only numbers of it.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) id: Box<str>,
    pub(super) line: u64,
    pub(super) created: Option<Picked<Read>>,
    pub(super) fields: Box<[Option<Picked<Symbol>>]>,
    pub(super) stamps: Box<[Option<Picked<Read>>]>,
    pub(super) rows: Vec<Row>,
    /// For each row its values of the columns that are followed through all rows.
    pub(super) changes: Vec<Symbol>,
}

/// A row that is an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) at: Instant,
    pub(super) line: u64,
    pub(super) status: Symbol,
    /// Which of the mapping's replies the row is.
    pub(super) reply: Option<u16>,
    /// Its number among the rows of its ticket as they came.
    pub(super) number: u32,
}

/// The value of the first or last row that has one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked<T> {
    order: (i64, u64),
    pub(super) line: u64,
    pub(super) value: T,
}

/// The tickets of a log, in the order in which they first appear.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) tickets: Vec<Ticket>,
    pub(super) symbols: Symbols,
    numbers: HashMap<Box<str>, usize>,
}

impl Collected {
    /// Reads all rows; progress is told after each.
    ///
    /// A file that cannot be read to its end gives what came before, and the problem.
    ///
    /// # Errors
    /// The mapping names columns that the log does not have.
    pub(super) fn read(
        mapping: &Mapping,
        header: &Header,
        rows: &mut Rows,
        report: &mut Report<'_>,
        mut progress: impl FnMut(),
    ) -> Result<(Self, Option<Problem>), Vec<Problem>> {
        let mut columns = Columns::find(mapping, header)?;
        let mut collected = Self::default();
        let mut said = Said::default();
        loop {
            let line = match rows.next() {
                Err(problem) => return Ok((collected, Some(problem))),
                Ok(Next::End) => return Ok((collected, None)),
                Ok(Next::TooLong(line)) => {
                    report.summary.rows += 1;
                    report.bad(line, Reason::TooLong, None, None);
                    continue;
                }
                Ok(Next::Row(line)) => line,
            };
            report.summary.rows += 1;
            progress();
            if rows.columns() != header.len() {
                report.bad(line, Reason::Columns, None, None);
                continue;
            }
            match columns.read(mapping, rows, &mut collected.symbols, &mut said) {
                Ok(true) => collected.keep(mapping, &columns, rows, line, &said, report),
                Ok(false) => report.summary.left_out += 1,
                Err(fault) => {
                    let value = std::str::from_utf8(rows.cell(fault.column)).ok();
                    report.bad(line, fault.reason, Some(header.name(fault.column)), value);
                }
            }
        }
    }

    /// Keeps what the current row says.
    fn keep(
        &mut self,
        mapping: &Mapping,
        columns: &Columns<'_>,
        rows: &Rows,
        line: u64,
        said: &Said,
        report: &mut Report<'_>,
    ) {
        let case = std::str::from_utf8(rows.cell(columns.case)).unwrap_or_default();
        let number = match self.numbers.get(case) {
            Some(number) => *number,
            None => {
                self.tickets.push(Ticket::new(case, line, mapping));
                self.numbers.insert(case.into(), self.tickets.len() - 1);
                self.tickets.len() - 1
            }
        };
        let ticket = &mut self.tickets[number];
        let order = (said.at.map_or(0, |read| read.at.ms()), line);
        if let (Some((_, take)), Some(created)) = (&columns.created, said.created) {
            pick(&mut ticket.created, *take, order, created);
        }
        for ((picked, symbol), (_, take)) in ticket.fields.iter_mut().zip(&said.fields).zip(&columns.fields) {
            if *take != Take::Changes && !symbol.is_missing() {
                pick(picked, *take, order, *symbol);
            }
        }
        for ((picked, read), (_, take)) in ticket.stamps.iter_mut().zip(&said.stamps).zip(&columns.stamps) {
            if let Some(read) = read {
                pick(picked, *take, order, *read);
            }
        }
        if let Some(read) = said.at {
            report.summary.ambiguous += u64::from(read.ambiguous);
            report.summary.skipped += u64::from(read.skipped);
            report.summary.digits_cut += u64::from(read.cut);
            let number = u32::try_from(ticket.rows.len()).unwrap_or(u32::MAX);
            let status = said.status.unwrap_or(Symbol::MISSING);
            ticket.rows.push(Row { at: read.at, line, status, reply: said.reply, number });
            let followed =
                said.fields.iter().zip(&columns.fields).filter(|(_, (_, take))| *take == Take::Changes);
            ticket.changes.extend(followed.map(|(symbol, _)| *symbol));
        }
    }
}

impl Ticket {
    fn new(id: &str, line: u64, mapping: &Mapping) -> Self {
        Self {
            id: id.into(),
            line,
            created: None,
            fields: vec![None; mapping.fields.len()].into_boxed_slice(),
            stamps: vec![None; mapping.stamps.len()].into_boxed_slice(),
            rows: Vec::new(),
            changes: Vec::new(),
        }
    }
}

fn pick<T>(picked: &mut Option<Picked<T>>, take: Take, order: (i64, u64), value: T) {
    let better = picked
        .as_ref()
        .is_none_or(|held| if take == Take::Last { order >= held.order } else { order < held.order });
    if better {
        *picked = Some(Picked { order, line: order.1, value });
    }
}
