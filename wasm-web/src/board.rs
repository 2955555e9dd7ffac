//! Boards.

use slaclock_core::{self as core, Columns, to_json};
use wasm_bindgen::prelude::*;

use crate::Agreement;
use crate::boundary::{instant, refused, thrown};

/// Tickets kept compiled.
#[wasm_bindgen]
pub struct Board(core::Board);

#[wasm_bindgen]
impl Board {
    /// A board without tickets.
    #[wasm_bindgen(constructor)]
    pub fn new(agreement: &Agreement, now: f64) -> Result<Board, JsValue> {
        Ok(Self(core::Board::new(agreement.0.clone(), instant(now, "now")?)))
    }

    /// Puts the ticket of a JSON text; answers its row.
    pub fn put(&mut self, ticket: &str) -> Result<u32, JsValue> {
        let ticket = self.0.agreement().read_ticket(ticket, true).map_err(thrown)?;
        self.0.put(&ticket).map(row_number).map_err(refused)
    }

    /// Puts the ticket of one line; answers its row, or the `TicketError`, as JSON.
    pub fn put_line(&mut self, ticket: &str) -> JsValue {
        // What has nothing in it is told as what it is: not JSON.
        let line = if ticket.trim_ascii().is_empty() { "-" } else { ticket };
        match self.0.put_lines(line.as_bytes(), true).into_iter().next() {
            Some(Ok(row)) => row_number(row).into(),
            Some(Err(error)) => to_json(&error).into(),
            None => JsValue::UNDEFINED,
        }
    }

    /// Takes a ticket off; answers the row that it had.
    pub fn remove(&mut self, id: &str) -> Option<u32> {
        self.0.remove(id).map(row_number)
    }

    /// The row of a ticket.
    pub fn row(&self, id: &str) -> Option<u32> {
        self.0.row(id).map(row_number)
    }

    /// The id of the ticket in a row.
    pub fn id(&self, row: u32) -> Option<String> {
        self.0.id(usize::try_from(row).ok()?).map(str::to_owned)
    }

    /// Moves to `now`; answers the changed rows: for each its number, then ten figures for each of its clocks, in the
    /// order of `js/columns.js`, `NaN` where there is no instant.
    pub fn tick(&mut self, now: f64) -> Result<Vec<f64>, JsValue> {
        let now = instant(now, "now")?;
        let width = self.0.width();
        let rows = self.0.tick(now).to_vec();
        let columns = self.0.columns();
        let mut out = Vec::with_capacity(rows.len() * (1 + width * 10));
        for row in rows {
            out.push(row as f64);
            for cell in row * width..(row + 1) * width {
                figures(columns, cell, &mut out);
            }
        }
        Ok(out)
    }

    /// When a tick will next report a row, in milliseconds.
    pub fn next_event_at(&self) -> Option<f64> {
        self.0.next_event_at().map(|at| at.ms() as f64)
    }

    /// The evaluation of a row's ticket, as JSON.
    pub fn evaluation(&self, row: u32) -> Option<String> {
        self.0.evaluation(usize::try_from(row).ok()?).map(|evaluation| to_json(&evaluation))
    }

    /// The explanation of a ticket as of the board's instant, as JSON.
    pub fn explain(&self, ticket: &str) -> Result<String, JsValue> {
        let agreement = self.0.agreement();
        let ticket = agreement.read_ticket(ticket, true).map_err(thrown)?;
        let options = core::Options::at(self.0.now());
        Ok(to_json(&agreement.explain(&ticket, options).map_err(refused)?))
    }

    /// The clocks of a row, as a JSON list of `[set, clock, metric]`.
    pub fn clocks(&self) -> String {
        let clocks: Vec<_> = self.0.clocks().collect();
        to_json(&clocks)
    }

    /// Memory held, in bytes.
    pub fn size(&self) -> f64 {
        self.0.size() as f64
    }
}

/// Rows are fewer than tickets fit into the memory of this target.
fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn figures(columns: &Columns, cell: usize, out: &mut Vec<f64>) {
    let bytes = [&columns.state, &columns.rate, &columns.overdue, &columns.at_risk];
    let lengths = [&columns.elapsed_ms, &columns.target_ms];
    let instants = [&columns.due_at, &columns.stopped_at, &columns.next_change_at, &columns.measured_at];
    out.extend(bytes.into_iter().filter_map(|column| column.get(cell)).map(|byte| f64::from(*byte)));
    out.extend(lengths.into_iter().filter_map(|column| column.get(cell)).map(|ms| *ms as f64));
    let instants = instants.into_iter().filter_map(|column| column.get(cell));
    out.extend(instants.map(|ms| if *ms == Columns::NONE { f64::NAN } else { *ms as f64 }));
}
