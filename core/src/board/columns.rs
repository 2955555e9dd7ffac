//! The figures of a board's clocks, each figure in a list of its own.

use crate::clock::{ClockResult, State};
use crate::instant::Instant;

/// The figures of all clocks of a [`Board`](super::Board), as its ticks have found them.
///
/// Every row has one cell for each clock of the agreement: clock `c` of row `r` has the cell `r * width + c`, with
/// [`Board::width`](super::Board::width). All lists are equally long. A cell tells what held at its `measured_at`,
/// and until the next change only counted time moves, by plain arithmetic: at `t` it is
/// `elapsed_ms + rate * (t - measured_at)`. Instants are milliseconds since 1970, [`Columns::NONE`] where there is
/// none. No figure is larger than [`SAFE_INTEGER`](crate::SAFE_INTEGER).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Position of the state in [`State::ALL`], or [`Columns::ABSENT`] where the ticket has no such clock.
    pub state: Vec<u8>,
    /// Milliseconds counted per millisecond of real time: 0 or 1.
    pub rate: Vec<u8>,
    /// 1 where the target is passed.
    pub overdue: Vec<u8>,
    /// 1 where a warning has passed, while the clock is open and not overdue.
    pub at_risk: Vec<u8>,
    /// Counted time used at `measured_at`, in milliseconds.
    pub elapsed_ms: Vec<i64>,
    /// Target, in milliseconds of counted time. That of a clock that waits for something to start is the one that
    /// it would have if it started at `measured_at`.
    pub target_ms: Vec<i64>,
    /// When it reaches, or reached, its target; none for never, and while it is paused and not yet due.
    pub due_at: Vec<i64>,
    /// When it stopped.
    pub stopped_at: Vec<i64>,
    /// Earliest later instant at which rate, state, risk, overdue, target or due changes by itself.
    pub next_change_at: Vec<i64>,
    /// The instant for which the cell's figures were found.
    pub measured_at: Vec<i64>,
}

fn put<T>(column: &mut [T], cell: usize, value: T) {
    if let Some(entry) = column.get_mut(cell) {
        *entry = value;
    }
}

fn ms(at: Option<Instant>) -> i64 {
    at.map_or(Columns::NONE, Instant::ms)
}

impl Columns {
    /// The state of a cell without a clock.
    pub const ABSENT: u8 = u8::MAX;
    /// Stands for an instant where there is none.
    pub const NONE: i64 = -1;

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state.len()
    }

    /// Whether there is no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state.is_empty()
    }

    /// Counted time of a cell at `now`, in milliseconds; exact from `measured_at` to the next change. `None` where
    /// there is no clock.
    #[must_use]
    pub fn elapsed_at(&self, cell: usize, now: Instant) -> Option<i64> {
        let state = self.state.get(cell).filter(|state| **state != Self::ABSENT);
        let since = now.ms().saturating_sub(*self.measured_at.get(cell)?);
        let counted = since.saturating_mul(i64::from(*self.rate.get(cell)?));
        state.and(Some(self.elapsed_ms.get(cell)?.saturating_add(counted)))
    }

    /// Makes room for so many cells, new ones without a clock.
    pub(super) fn grow(&mut self, cells: usize) {
        self.state.resize(cells, Self::ABSENT);
        for column in [&mut self.rate, &mut self.overdue, &mut self.at_risk] {
            column.resize(cells, 0);
        }
        for column in [&mut self.elapsed_ms, &mut self.target_ms] {
            column.resize(cells, 0);
        }
        for column in
            [&mut self.due_at, &mut self.stopped_at, &mut self.next_change_at, &mut self.measured_at]
        {
            column.resize(cells, Self::NONE);
        }
    }

    /// Writes what a clock says at `now`.
    pub(super) fn set(&mut self, cell: usize, clock: &ClockResult, now: Instant) {
        let position = State::ALL.iter().position(|state| *state == clock.state);
        let state = position.and_then(|position| u8::try_from(position).ok()).unwrap_or(Self::ABSENT);
        put(&mut self.state, cell, state);
        put(&mut self.rate, cell, clock.rate);
        put(&mut self.overdue, cell, u8::from(clock.overdue));
        put(&mut self.at_risk, cell, u8::from(clock.at_risk.0.is_some()));
        put(&mut self.elapsed_ms, cell, clock.elapsed_ms);
        put(&mut self.target_ms, cell, clock.target_ms);
        put(&mut self.due_at, cell, ms(clock.due_at.0.flatten()));
        put(&mut self.stopped_at, cell, ms(clock.stopped_at.0));
        put(&mut self.next_change_at, cell, ms(clock.next_change_at));
        put(&mut self.measured_at, cell, now.ms());
    }

    /// Leaves a cell without a clock.
    pub(super) fn clear(&mut self, cell: usize) {
        put(&mut self.state, cell, Self::ABSENT);
        for column in [&mut self.rate, &mut self.overdue, &mut self.at_risk] {
            put(column, cell, 0);
        }
        for column in [&mut self.elapsed_ms, &mut self.target_ms] {
            put(column, cell, 0);
        }
        for column in
            [&mut self.due_at, &mut self.stopped_at, &mut self.next_change_at, &mut self.measured_at]
        {
            put(column, cell, Self::NONE);
        }
    }

    /// Memory held, in bytes.
    pub(super) fn size(&self) -> usize {
        let bytes = [&self.state, &self.rate, &self.overdue, &self.at_risk];
        let words = [
            &self.elapsed_ms,
            &self.target_ms,
            &self.due_at,
            &self.stopped_at,
            &self.next_change_at,
            &self.measured_at,
        ];
        let bytes = bytes.iter().map(|column| column.capacity());
        let words = words.iter().map(|column| column.capacity().saturating_mul(8));
        bytes.chain(words).fold(0, usize::saturating_add)
    }
}
