//! Progress of long work, on standard error and only where a person sees it.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::duration::grouped;
use crate::input::Source;

const PACE: Duration = Duration::from_millis(200);
const BAR: usize = 24;

/// Shows how much of a file is done and how long the rest will take.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    what: &'static str,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    begun: Instant,
    last: Instant,
    size: Option<u64>,
    done: Arc<AtomicU64>,
    drawn: bool,
}

impl Progress {
    /// Progress counted in `what`; shown on a terminal, unless the output goes there too.
    #[must_use]
    pub fn new(what: &'static str, output_is_terminal: bool) -> Self {
        let now = Instant::now();
        let state = State { begun: now, last: now, size: None, done: Arc::default(), drawn: false };
        Self { shown: io::stderr().is_terminal() && !output_is_terminal, what, state: Mutex::new(state) }
    }

    /// A file begins.
    pub fn start(&self, source: &Source) {
        if let Ok(mut state) = self.state.lock() {
            let now = Instant::now();
            *state =
                State { begun: now, last: now, size: source.size, done: Arc::clone(&source.done), ..*state };
        }
    }

    /// So many are done.
    pub fn tick(&self, count: u64) {
        if !self.shown {
            return;
        }
        let Ok(mut state) = self.state.lock() else { return };
        if state.last.elapsed() < PACE {
            return;
        }
        state.last = Instant::now();
        state.drawn = true;
        let line = state.line(count, self.what);
        let _ = write!(io::stderr().lock(), "\r{line}\x1b[K");
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if let Ok(mut state) = self.state.lock()
            && std::mem::take(&mut state.drawn)
        {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

impl State {
    fn line(&self, count: u64, what: &str) -> String {
        let spent = self.begun.elapsed();
        let millis = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = count.saturating_mul(1000) / millis;
        let done = self.done.load(Ordering::Relaxed);
        let mut line = format!("{} {what}, {} a second", grouped(count), grouped(rate));
        if let Some(size) = self.size.filter(|size| *size > 0 && done > 0) {
            let done = done.min(size);
            let filled = usize::try_from(done * BAR as u64 / size).unwrap_or(BAR);
            let left = millis.saturating_mul(size - done) / done / 1000;
            let bar = "█".repeat(filled) + &"░".repeat(BAR - filled);
            line = format!("{bar} {} % · {line} · {left} s left", done * 100 / size);
        }
        line
    }
}
