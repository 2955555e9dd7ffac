//! Cells: their text, and the few different values that a column has.

use std::collections::HashMap;

use super::columns::Header;
use super::mapping::{Condition, Mapping, Values};
use super::report::Reason;
use super::rows::Rows;
use crate::error::Problem;

/// A value kept once, however many cells have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol(u32);

impl Symbol {
    /// No value.
    pub(super) const MISSING: Self = Self(u32::MAX);

    pub(super) fn is_missing(self) -> bool {
        self == Self::MISSING
    }
}

/// All different values.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    numbers: HashMap<Box<str>, Symbol>,
    texts: Vec<Box<str>>,
}

impl Symbols {
    pub(super) fn of(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.numbers.get(text) {
            return *symbol;
        }
        let symbol = u32::try_from(self.texts.len()).map_or(Symbol::MISSING, Symbol);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), symbol);
        symbol
    }

    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0 as usize).map_or("", |text| text)
    }
}

/// The text of a cell.
pub(super) fn text(rows: &Rows, column: usize) -> Result<&str, Fault> {
    std::str::from_utf8(rows.cell(column)).map_err(|_| Fault { column, reason: Reason::NotUtf8 })
}

/// Why a row is bad, and which of its columns makes it so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) column: usize,
    pub(super) reason: Reason,
}

/// A column whose cells have a meaning.
pub(super) struct ValueColumn<'a> {
    pub(super) column: usize,
    values: &'a Values,
    missing: &'a [String],
    known: HashMap<Box<str>, Option<Symbol>>,
}

impl<'a> ValueColumn<'a> {
    pub(super) fn new(
        values: &'a Values,
        mapping: &'a Mapping,
        header: &Header,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let column = header.find(&values.column, problems);
        Self { column, values, missing: &mapping.missing, known: HashMap::new() }
    }

    /// The value of the current row.
    pub(super) fn read(&mut self, rows: &Rows, symbols: &mut Symbols) -> Result<Symbol, Fault> {
        let text = text(rows, self.column)?;
        let meaning = match self.known.get(text) {
            Some(meaning) => *meaning,
            None => {
                let meaning = self.meaning(text, symbols);
                self.known.insert(text.into(), meaning);
                meaning
            }
        };
        meaning.ok_or(Fault { column: self.column, reason: Reason::BadValue })
    }

    fn meaning(&self, text: &str, symbols: &mut Symbols) -> Option<Symbol> {
        if self.values.bad.iter().any(|bad| bad == text) {
            return None;
        }
        if let Some(renamed) = self.values.renamed.get(text) {
            return Some(symbols.of(renamed));
        }
        let is_missing = self.missing.iter().chain(&self.values.missing).any(|missing| missing == text);
        Some(if is_missing { Symbol::MISSING } else { symbols.of(text) })
    }
}

/// Conditions on a row, all of which must hold.
pub(super) struct Filter<'a> {
    conditions: Vec<(usize, &'a Condition)>,
    missing: &'a [String],
}

impl<'a> Filter<'a> {
    pub(super) fn new(
        conditions: &'a [Condition],
        mapping: &'a Mapping,
        header: &Header,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let find = |condition: &'a Condition| (header.find(&condition.column, problems), condition);
        Self { conditions: conditions.iter().map(find).collect(), missing: &mapping.missing }
    }

    pub(super) fn holds(&self, rows: &Rows) -> Result<bool, Fault> {
        for (column, condition) in &self.conditions {
            let text = text(rows, *column)?;
            let is_missing = self.missing.iter().any(|missing| missing == text);
            let is = |value: &Option<String>| match value {
                Some(value) => value == text,
                None => is_missing,
            };
            if condition.values.iter().any(is) == condition.negated {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
