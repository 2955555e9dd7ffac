//! Aligned tables, written as the rows come.

use std::io::{self, Write};

use anstyle::Style;

use super::plain;

/// A cell and its style.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Text.
    pub text: String,
    /// Style, used only where colours are wanted.
    pub style: Style,
    /// Numbers stand to the right.
    pub right: bool,
}

impl Cell {
    /// A plain cell.
    #[must_use]
    pub fn new(text: impl AsRef<str>) -> Self {
        Self { text: plain(text.as_ref()).into_owned(), style: Style::new(), right: false }
    }

    /// A cell with style.
    #[must_use]
    pub fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self { text: plain(text.as_ref()).into_owned(), style, right: false }
    }

    /// A cell whose text stands to the right.
    #[must_use]
    pub fn right(text: impl AsRef<str>) -> Self {
        Self { text: plain(text.as_ref()).into_owned(), style: Style::new(), right: true }
    }
}

/// A table that is written in parts: columns may grow from part to part but never shrink.
#[derive(Debug)]
pub struct Table {
    names: &'static [&'static str],
    widths: Vec<usize>,
    colour: bool,
    begun: bool,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(names: &'static [&'static str], colour: bool) -> Self {
        Self { names, widths: names.iter().map(|name| name.chars().count()).collect(), colour, begun: false }
    }

    /// Writes some rows, the names of the columns before the first.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, rows: &[Vec<Cell>], out: &mut impl Write) -> io::Result<()> {
        for row in rows {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.chars().count());
            }
        }
        if !std::mem::replace(&mut self.begun, true) {
            let names: Vec<_> =
                self.names.iter().map(|name| Cell::styled(*name, Style::new().bold())).collect();
            self.row(&names, out)?;
        }
        rows.iter().try_for_each(|row| self.row(row, out))
    }

    fn row(&self, row: &[Cell], out: &mut impl Write) -> io::Result<()> {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&self.widths) {
            let gap = " ".repeat(width - cell.text.chars().count().min(*width));
            let (before, after) = if cell.right { (&*gap, "") } else { ("", &*gap) };
            let (on, off) = if self.colour {
                (cell.style.render().to_string(), cell.style.render_reset().to_string())
            } else {
                (String::new(), String::new())
            };
            line.push_str(&format!("{before}{on}{}{off}{after}  ", cell.text));
        }
        writeln!(out, "{}", line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_grow() {
        let mut table = Table::new(&["a", "n"], false);
        let mut out = Vec::new();
        table.write(&[vec![Cell::new("✓ x"), Cell::right("7")]], &mut out).unwrap();
        table.write(&[vec![Cell::new("y"), Cell::right("10")]], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a    n\n✓ x  7\ny    10\n");
    }
}
