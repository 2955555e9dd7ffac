//! Instances kept warm between calls, and never more of them at a time than there is room for.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Plugin;
use super::live::Generation;
use super::worker::Instance;
use crate::error::{Code, Problem};

/// The instances of all generations of a runtime.
pub(super) struct Pool {
    state: Mutex<State>,
    freed: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    /// Instances that wait for a call, the longest waiting first.
    idle: VecDeque<(u64, Instance)>,
    /// Instances that are, waiting ones included, and those about to be made.
    all: usize,
}

/// A place in the pool, given back when it is dropped.
pub(super) struct Place<'p>(Option<&'p Pool>);

impl Pool {
    pub(super) fn new(most: usize) -> Self {
        Self { state: Mutex::default(), freed: Condvar::new(), most: most.max(1) }
    }

    /// No step below can panic halfway, so a lock that somebody left by panicking holds a whole state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An instance of this generation: a waiting one, or a new one in the place of the longest waiting one of another.
    pub(super) fn take(&self, generation: &Generation, wait: Duration) -> Result<Instance, Vec<Problem>> {
        let until = Instant::now() + wait;
        let mut state = self.lock();
        loop {
            // The last one is the warmest.
            if let Some(at) = state.idle.iter().rposition(|(of, _)| *of == generation.number)
                && let Some((_, instance)) = state.idle.remove(at)
            {
                return Ok(instance);
            }
            let made_room = if state.all < self.most {
                state.all += 1;
                None
            } else if let Some((_, oldest)) = state.idle.pop_front() {
                Some(oldest)
            } else {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    let message = format!("all {} instances of plugins are at work", self.most);
                    return Err(vec![Problem::new(Code::PluginBusy, message, generation.plugin.name())]);
                }
                state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            };
            drop(state);
            drop(made_room);
            let place = Place(Some(self));
            let instance = generation.plugin.instance(&generation.question)?;
            place.keep();
            return Ok(instance);
        }
    }

    /// Takes an instance back, which waits for the next call, unless its generation has ended or it broke.
    pub(super) fn give(&self, generation: &Generation, instance: Option<Instance>) {
        let mut state = self.lock();
        match instance.filter(|_| !generation.has_ended()) {
            Some(instance) => {
                state.idle.push_back((generation.number, instance));
                drop(state);
                // Whoever waits for a place can have this one.
                self.freed.notify_one();
            }
            None => {
                drop(state);
                drop(Place(Some(self)));
            }
        }
    }

    /// Ends a generation: what waits goes now, what works goes when its call has ended.
    pub(super) fn end(&self, generation: &Generation) {
        let mut state = self.lock();
        generation.set_ended();
        let all = std::mem::take(&mut state.idle).into_iter();
        let (gone, kept): (VecDeque<_>, _) = all.partition(|(of, _)| *of == generation.number);
        state.idle = kept;
        drop(state);
        for instance in gone {
            drop(instance);
            drop(Place(Some(self)));
        }
    }

    /// How many instances wait, and how many there are.
    pub(super) fn count(&self) -> (usize, usize) {
        let state = self.lock();
        (state.idle.len(), state.all)
    }
}

impl Place<'_> {
    /// The place stays taken.
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(pool) = self.0 {
            pool.lock().all -= 1;
            pool.freed.notify_one();
        }
    }
}

impl Plugin {
    /// How many instances wait for a call in the engine of this plugin, and how many there are.
    #[must_use]
    pub fn instances(&self) -> (usize, usize) {
        self.pool.count()
    }
}
