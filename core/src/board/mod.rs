//! A board: tickets kept compiled, whose instant moves on at the cost of what changes by then.

mod columns;
mod wakes;

use std::sync::Arc;

use crate::agreement::Agreement;
use crate::clock::{ClockResult, Metric, State, run};
use crate::duration::Duration;
use crate::error::Problem;
use crate::evaluate::{Evaluation, TicketError, lines};
use crate::instant::Instant;
use crate::name::Name;
use crate::numbers::Numbers;
use crate::ticket::{Ticket, Timeline};

pub use columns::Columns;
use wakes::{AT_ONCE, NEVER, Wakes};

/// In the map of ids, the row of a ticket that was removed.
const GONE: usize = u32::MAX as usize;

/// Tickets under one agreement, looked at together at an instant that moves on.
///
/// Every ticket has a row: a small number, its own as long as it is on the board and given to another afterwards.
/// [`Board::tick`] moves the instant and looks only at the clocks for which something has happened by then; their
/// figures stand in [`Board::columns`], which between two changes need plain arithmetic alone.
/// [`Board::evaluation`] tells everything about one row, exactly as [`Agreement::evaluate`] does.
///
/// A board never reads a clock, and the same calls give the same rows and figures everywhere.
///
/// ```
/// use slaclock_core::{Agreement, Board, Instant, State};
/// let agreement = Agreement::from_json(r#"{
///     "slaclock": "1", "id": "acme",
///     "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "always" } } }]
/// }"#, false).unwrap();
/// let at = |time: &str| Instant::parse(&format!("2026-11-23T{time}Z")).unwrap();
///
/// let mut board = Board::new(agreement, at("09:00:00"));
/// let row = board.put_json(r#"{ "id": "T-1", "created_at": "2026-11-23T09:00:00Z" }"#).unwrap();
/// assert_eq!(board.tick(at("09:00:00")), [row]);
/// assert!(board.tick(at("12:59:00")).is_empty(), "time passes, and nothing else happens");
/// assert_eq!(board.columns().elapsed_at(row, board.now()), Some(239 * 60_000));
///
/// assert_eq!(board.next_event_at(), Some(at("13:00:00")), "the last instant in time");
/// assert_eq!(board.tick(at("13:00:00.001")), [row]);
/// assert_eq!(board.columns().overdue[row], 1);
/// assert_eq!(board.evaluation(row).unwrap().clocks[0].state, State::Running);
/// ```
#[derive(Debug, Clone)]
pub struct Board {
    agreement: Arc<Agreement>,
    now: Instant,
    width: usize,
    tickets: Vec<Option<Box<Timeline>>>,
    /// The row of each id, or [`GONE`].
    rows: Numbers,
    /// How many ids have no ticket any more.
    gone: usize,
    /// Rows without a ticket.
    free: Vec<usize>,
    columns: Columns,
    wakes: Wakes,
    changed: Vec<usize>,
    /// Room for the result of the clock looked at.
    result: Vec<ClockResult>,
}

impl Board {
    /// A board without tickets, at `now`.
    #[must_use]
    pub fn new(agreement: impl Into<Arc<Agreement>>, now: Instant) -> Self {
        let agreement = agreement.into();
        Self {
            // An agreement without clocks still has policies, which may change.
            width: agreement.clocks.len().max(1),
            agreement,
            now,
            tickets: Vec::new(),
            rows: Numbers::default(),
            gone: 0,
            free: Vec::new(),
            columns: Columns::default(),
            wakes: Wakes::default(),
            changed: Vec::new(),
            result: Vec::new(),
        }
    }

    /// The agreement that judges all tickets.
    #[must_use]
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The instant of the last tick; before the first, that given to [`Board::new`].
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The number of tickets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tickets.len().saturating_sub(self.free.len())
    }

    /// Whether there is no ticket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of cells that a row has in [`Board::columns`]: one for each clock of the agreement, at least one.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The clocks of the agreement, in the order of a row's cells: set of policies where there are several, name and
    /// metric.
    pub fn clocks(&self) -> impl Iterator<Item = (Option<&Name>, &Name, Metric)> {
        self.agreement.clocks.iter().map(|clock| {
            let set = self.agreement.sets.get(clock.set).and_then(Option::as_ref);
            (set, &clock.name, clock.metric)
        })
    }

    /// Adds a ticket, or puts it in the place of the one with the same id, whose row it takes. The next tick looks at
    /// it and reports the row; until then the row's columns stay as they are, without a clock where the row is new.
    ///
    /// # Errors
    /// See [`Timeline::new`]; a ticket of that id stays as it was.
    pub fn put(&mut self, ticket: &Ticket) -> Result<usize, Problem> {
        let timeline = Box::new(Timeline::new(&self.agreement, ticket, None)?);
        let row = match self.row(&ticket.id) {
            Some(row) => row,
            None => {
                let row = self.free.pop().unwrap_or_else(|| {
                    self.tickets.push(None);
                    self.tickets.len().saturating_sub(1)
                });
                if self.rows.get(&ticket.id).is_some() {
                    self.gone = self.gone.saturating_sub(1);
                }
                self.rows.set(&ticket.id, row);
                let cells = self.tickets.len().saturating_mul(self.width);
                self.columns.grow(cells);
                self.wakes.grow(cells);
                row
            }
        };
        for cell in self.cells(row) {
            self.wakes.set(cell, AT_ONCE);
        }
        if let Some(place) = self.tickets.get_mut(row) {
            *place = Some(timeline);
        }
        Ok(row)
    }

    /// [`Board::put`] for a ticket as JSON text.
    ///
    /// # Errors
    /// The first problem of the text or ticket, with the ticket's id where that could be read.
    pub fn put_json(&mut self, ticket: &str) -> Result<usize, TicketError> {
        self.put_line(ticket.as_bytes(), false)
    }

    /// [`Board::put`] for JSON Lines: an answer for each line that is not empty, in their order. A line with a
    /// problem leaves the others their rows. With `numeric_instants`, instants may be milliseconds.
    pub fn put_lines(&mut self, tickets: &[u8], numeric_instants: bool) -> Vec<Result<usize, TicketError>> {
        lines(tickets).map(|line| self.put_line(line, numeric_instants)).collect()
    }

    fn put_line(&mut self, line: &[u8], numeric_instants: bool) -> Result<usize, TicketError> {
        let ticket = self.agreement.read_line(line, numeric_instants)?;
        self.put(&ticket).map_err(|error| TicketError { ticket: Some(ticket.id), error })
    }

    /// Takes a ticket off the board; answers the row that it had. The row's cells are without clocks at once, and a
    /// later ticket may get it.
    pub fn remove(&mut self, id: &str) -> Option<usize> {
        let row = self.row(id)?;
        for cell in self.cells(row) {
            self.wakes.clear(cell);
            self.columns.clear(cell);
        }
        if let Some(place) = self.tickets.get_mut(row) {
            *place = None;
        }
        self.rows.set(id, GONE);
        self.free.push(row);
        self.gone = self.gone.saturating_add(1);
        // Taking single texts out of the map would cost the page kilobytes.
        if self.gone > self.len().saturating_add(64) {
            self.gone = 0;
            self.rows = Numbers::default();
            for (row, ticket) in self.tickets.iter().enumerate() {
                if let Some(timeline) = ticket {
                    self.rows.set(timeline.id.as_str(), row);
                }
            }
        }
        Some(row)
    }

    /// The row of a ticket.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rows.get(id).filter(|row| *row != GONE)
    }

    /// The id of the ticket in a row.
    #[must_use]
    pub fn id(&self, row: usize) -> Option<&str> {
        self.ticket(row).map(|timeline| timeline.id.as_str())
    }

    /// Moves to `now` and tells the rows for which anything has happened by then: a change of a clock, an alert, a
    /// breach, an event dated in the future; and those put since the last tick. They are in ascending order.
    ///
    /// For all other rows [`Board::evaluation`] tells what it told before but for figures that time moves: counted
    /// and real time, what remains and the share used, `due_if_resumed_now`, the target of a clock that waits for
    /// something to start. Costs are those of the changed clocks, and a few steps for each to find it. When `now` is earlier than
    /// the last, all rows are looked at again.
    pub fn tick(&mut self, now: Instant) -> &[usize] {
        let until = if now < self.now { NEVER } else { now.ms() };
        self.now = now;
        self.changed.clear();
        for cell in self.wakes.until(until) {
            let row = cell.checked_div(self.width).unwrap_or_default();
            let clock = cell.saturating_sub(row.saturating_mul(self.width));
            self.look(row, clock, cell);
            if self.changed.last() != Some(&row) {
                self.changed.push(row);
            }
        }
        &self.changed
    }

    /// Looks at one clock, and notes when to look at it again.
    fn look(&mut self, row: usize, clock: usize, cell: usize) {
        let Some(Some(timeline)) = self.tickets.get(row) else { return };
        let now = self.now;
        let count = timeline.updates.partition_point(|update| update.at <= now);
        let updates = timeline.updates.get(..count).unwrap_or_default();
        let mut wake = timeline.next_fact(now).map_or(NEVER, Instant::ms);
        self.result.clear();
        let found = run(&self.agreement, clock, timeline, updates, now, &mut self.result, None);
        // A date that comes at this very instant is passed in the next, even by a clock that is paused.
        let late = |result: &ClockResult| {
            let due = result.due_at.0.flatten().filter(|due| *due == now && !result.overdue)?;
            due.checked_add(Duration::from_ms(1)).filter(|_| result.state == State::Paused)
        };
        let result = self.result.last();
        let next = [found.and_then(|found| found.next_event), result.and_then(late)].into_iter().flatten();
        wake = next.min().map_or(wake, |next| wake.min(next.ms()));
        match result {
            Some(result) => self.columns.set(cell, result, now),
            None => self.columns.clear(cell),
        }
        self.wakes.set(cell, wake);
    }

    /// Everything about a row's ticket at [`Board::now`], as [`Agreement::evaluate`] gives it; nothing of it is kept.
    #[must_use]
    pub fn evaluation(&self, row: usize) -> Option<Evaluation> {
        self.ticket(row).map(|timeline| self.agreement.evaluate_timeline(timeline, self.now))
    }

    /// The figures of all clocks, as the last tick left them.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The earliest instant for which a tick will report a row, supposing that no ticket is put: until then a
    /// scheduler may sleep. [`Board::now`] where tickets have been put since the last tick, else later; `None` when
    /// nothing will happen by itself.
    #[must_use]
    pub fn next_event_at(&self) -> Option<Instant> {
        Instant::from_ms(self.wakes.first()).map(|at| at.max(self.now))
    }

    /// Memory held, in bytes: tickets, columns and look-up, without the agreement and the allocator's overhead.
    #[must_use]
    pub fn size(&self) -> usize {
        let tickets = self.tickets.iter().flatten().map(|timeline| timeline.size());
        let places = self.tickets.capacity().saturating_mul(size_of::<Option<Box<Timeline>>>());
        let lists = self.free.capacity().saturating_add(self.changed.capacity());
        let fixed =
            [places, lists.saturating_mul(size_of::<usize>()), self.columns.size(), self.wakes.size()];
        tickets.chain(fixed).fold(self.rows.size(), usize::saturating_add)
    }

    fn ticket(&self, row: usize) -> Option<&Timeline> {
        self.tickets.get(row)?.as_deref()
    }

    fn cells(&self, row: usize) -> core::ops::Range<usize> {
        let from = row.saturating_mul(self.width);
        from..from.saturating_add(self.width)
    }
}
