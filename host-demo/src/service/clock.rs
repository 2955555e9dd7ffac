//! What time it is, and waiting for a time. Everything else about time comes from the engine's answers.

use std::pin::Pin;
use std::time::Duration;

use slaclock_core::Instant;
use tokio::sync::watch;

/// A pause that ends at an instant.
type Pause<'c> = Pin<Box<dyn Future<Output = ()> + Send + 'c>>;

/// The host's clock.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;

    /// Waits until an instant has come; without one, for ever.
    fn until(&self, at: Option<i64>) -> Pause<'_>;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// A sleep does not notice that the clock was set or that the machine was asleep, so the clock is read so often.
const LONGEST: Duration = Duration::from_secs(10);

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        crate::time::now()
    }

    fn until(&self, at: Option<i64>) -> Pause<'_> {
        Box::pin(async move {
            let Some(at) = at else { return std::future::pending().await };
            loop {
                let left = at.saturating_sub(self.now().ms());
                let Ok(left @ 1..) = u64::try_from(left) else { return };
                tokio::time::sleep(Duration::from_millis(left).min(LONGEST)).await;
            }
        })
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SetClock(watch::Sender<Instant>);

impl SetClock {
    /// A clock that shows an instant.
    #[must_use]
    pub fn at(instant: Instant) -> Self {
        Self(watch::Sender::new(instant))
    }

    /// Sets it, forwards or backwards.
    pub fn set(&self, instant: Instant) {
        self.0.send_replace(instant);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.0.borrow()
    }

    fn until(&self, at: Option<i64>) -> Pause<'_> {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            let Some(at) = at else { return std::future::pending().await };
            if shown.wait_for(|now| now.ms() >= at).await.is_err() {
                std::future::pending().await
            }
        })
    }
}
