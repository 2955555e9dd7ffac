//! What one tenant may use at a time, whichever of its agreements is asked.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Limits;
use crate::error::{Code, Problem};

/// The share of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Calls at a time.
    pub calls: usize,
    /// How long a call may wait for its turn.
    pub wait: Duration,
    /// Memory of an instance, and time of one call of it.
    pub limits: Limits,
}

impl Default for Share {
    fn default() -> Self {
        Self { calls: 4, wait: Duration::from_secs(2), limits: Limits::default() }
    }
}

/// A tenant, and how many of its calls run.
#[derive(Debug)]
pub struct Tenant {
    name: String,
    share: Share,
    running: Mutex<usize>,
    ended: Condvar,
}

/// A call that was let in; dropping it lets the next one in.
#[derive(Debug)]
pub(super) struct Admitted<'t>(&'t Tenant);

impl Tenant {
    /// A tenant with a share.
    #[must_use]
    pub fn new(name: impl Into<String>, share: Share) -> Self {
        Self { name: name.into(), share, running: Mutex::new(0), ended: Condvar::new() }
    }

    /// Its share.
    #[must_use]
    pub const fn share(&self) -> Share {
        self.share
    }

    /// How many of its calls run.
    #[must_use]
    pub fn running(&self) -> usize {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call in, when it is its turn.
    pub(super) fn admit(&self) -> Result<Admitted<'_>, Problem> {
        let until = Instant::now() + self.share.wait;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= self.share.calls {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let message = format!("`{}` has {} calls at work, as many as it may", self.name, *running);
                return Err(Problem::new(Code::PluginBusy, message, ""));
            }
            running = self.ended.wait_timeout(running, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *running += 1;
        Ok(Admitted(self))
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_no_more_calls_than_its_share() {
        let share = Share { calls: 2, wait: Duration::from_millis(1), ..Share::default() };
        let tenant = Tenant::new("acme", share);
        let first = tenant.admit().unwrap();
        let _second = tenant.admit().unwrap();
        let refused = tenant.admit().unwrap_err();
        assert!(refused.is(Code::PluginBusy), "{refused}");
        assert_eq!(refused.message, "`acme` has 2 calls at work, as many as it may");
        drop(first);
        tenant.admit().unwrap();
        assert_eq!(tenant.running(), 1);
    }

    #[test]
    fn a_call_waits_for_its_turn() {
        let tenant =
            Tenant::new("acme", Share { calls: 1, wait: Duration::from_secs(60), ..Share::default() });
        let first = tenant.admit().unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| tenant.admit().map(drop));
            drop(first);
            second.join().unwrap().unwrap();
        });
    }
}
