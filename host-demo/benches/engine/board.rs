//! A board of 100,000 open tickets, and what compiled tickets hold.

use std::hint::black_box;

use serde_json::Value;
use slaclock_core::{Agreement, Board, Instant, Ticket, Timeline};

use super::{Case, LONG_EVERY, Result, Work, first};

/// The board of the work, at its first instant.
fn board(work: &Value) -> Result<Board> {
    let text = |key: &str| work[key].as_str().ok_or("no board");
    let agreement = Agreement::from_json(&work["agreement"].to_string(), false).map_err(first)?;
    let now = work["now"].as_i64().and_then(Instant::from_ms).ok_or("no instant")?;
    let mut board = Board::new(agreement, now);
    for row in board.put_lines(text("tickets")?.as_bytes(), false) {
        row.map_err(|error| first(vec![error.error]))?;
    }
    board.tick(now);
    Ok(board)
}

/// The case of its tick, and a note on its memory.
pub(super) fn case<'w>(work: &Value, notes: &mut Vec<String>) -> Result<Case<'w>> {
    let mut board = board(work)?;
    let (count, step) = (board.len(), work["step"].as_i64().ok_or("no step")?);
    let bytes = board.size();
    notes.push(format!(
        "a board of {count} tickets without events holds {} MB, {} bytes a ticket",
        bytes / 1_000_000,
        bytes / count
    ));
    let tick = move |_| {
        let next = board.now().ms() + step;
        let changed = Instant::from_ms(next).map(|next| board.tick(next).len());
        assert_eq!(changed, Some(count / 100), "a tick changes one clock in a hundred");
    };
    let work = "tick of a board: 1 % of 100,000 clocks".to_owned();
    Ok(Case { side: "native", work, count: 1, every: LONG_EVERY, run: Box::new(tick) })
}

/// The case of many tickets kept compiled, and a note on the memory of one.
pub(super) fn compiled<'w>(work: &'w Work, notes: &mut Vec<String>) -> Result<Case<'w>> {
    let mut all = Vec::with_capacity(work.count);
    for line in std::str::from_utf8(&work.tickets)?.lines() {
        let ticket = Ticket::from_json(line).map_err(first)?;
        all.push(Timeline::new(&work.agreement, &ticket, None).map_err(|problem| first(vec![problem]))?);
    }
    let bytes = all.iter().map(Timeline::size).sum::<usize>() / all.len();
    notes.push(format!("a compiled ticket of 10 events and 4 clocks holds {bytes} bytes"));
    let now = work.options.now;
    let run = move |_| {
        for timeline in &all {
            black_box(work.agreement.evaluate_timeline(timeline, now));
        }
    };
    let name = "ticket, compiled, of 10,000: evaluate".to_owned();
    Ok(Case { side: "native", work: name, count: work.count, every: LONG_EVERY, run: Box::new(run) })
}
