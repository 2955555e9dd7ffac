//! A realistic month of a small managed service provider: an agreement, and the tickets of the last 30 days.
//!
//! Every day has its own seed, so a day's tickets are the same whenever they are written; what lies after
//! the present is left out. Looked at at any hour, some clocks run, wait, are late or sleep.

mod agreement;
mod customers;
mod dates;
mod desk;
mod dice;
mod holidays;
mod hours;
mod kinds;
mod life;
mod month;
mod people;
mod ticket;

use std::io;
use std::path::Path;

use ticket::Ticket;

/// How far back the tickets reach.
const DAYS: i64 = 30;

/// What [`write`] has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Tickets in all.
    pub(crate) tickets: usize,
    /// Those that are not resolved.
    pub(crate) open: usize,
    /// Their events.
    pub(crate) events: usize,
}

/// Writes `agreement.yaml` and `tickets.jsonl` as they would stand at `today_ms`, the present instant.
///
/// # Errors
/// When the folder cannot be made or a file cannot be written.
pub(crate) fn write(folder: &Path, today_ms: i64) -> io::Result<Summary> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("agreement.yaml"), agreement::text(today_ms))?;
    let tickets = month::month(today_ms);
    let lines: String = tickets.iter().map(Ticket::to_line).collect();
    std::fs::write(folder.join("tickets.jsonl"), lines)?;
    Ok(Summary {
        tickets: tickets.len(),
        open: tickets.iter().filter(|ticket| !ticket.done).count(),
        events: tickets.iter().map(|ticket| ticket.events.len()).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T16:00:00Z, a Friday morning in New York.
    pub(super) const PRESENT: i64 = 1_795_190_400_000;

    #[test]
    fn the_same_instant_gives_the_same_bytes() {
        let folder = std::env::temp_dir().join("slaclock-demo-data-test");
        let read = || -> io::Result<(Summary, String, String)> {
            let summary = write(&folder, PRESENT)?;
            Ok((
                summary,
                std::fs::read_to_string(folder.join("tickets.jsonl"))?,
                std::fs::read_to_string(folder.join("agreement.yaml"))?,
            ))
        };
        let (summary, tickets, agreement) = read().unwrap();
        assert_eq!((summary, tickets.clone(), agreement), read().unwrap());
        assert_eq!(tickets.lines().count(), summary.tickets);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
