//! Tells who wants to know: takes messages from the outbox, sends them, and keeps how it went.
//!
//! At least once: a message is marked as sent after the receiver has said so, and every attempt carries the same id.

mod client;
mod sign;

use std::collections::HashMap;
use std::time::Duration;

use hyper::StatusCode;
use tokio::task::{Id, JoinError, JoinSet};
use tracing::{debug, warn};

use crate::service::Service;
use crate::store::{Delivery, Settled};
pub use client::{Sender, Sent};
pub use sign::Secret;

/// Messages on their way at a time.
const MOST_AT_ONCE: usize = 32;

/// How long a message is this host's to send; longer than an attempt may take.
const LEASE_MS: i64 = 30_000;

/// Attempts before a message is given up, with the pauses below about two days.
pub const MOST_ATTEMPTS: i64 = 15;

/// The first pause, which triples.
const FIRST_PAUSE_MS: i64 = 5_000;

/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 6 * 60 * 60 * 1_000;

/// Before trying again what the store could not do.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs until it is dropped.
pub async fn run(service: Service, sender: Sender) {
    let mut on_the_way = OnTheWay::default();
    loop {
        while let Some(arrived) = on_the_way.tasks.try_join_next_with_id() {
            on_the_way.arrived(&service, arrived).await;
        }
        let now = service.now();
        let room = i64::try_from(MOST_AT_ONCE.saturating_sub(on_the_way.tasks.len())).unwrap_or(0);
        let claimed = if room > 0 {
            service.store.claim_deliveries(now, now.saturating_add(LEASE_MS), room).await
        } else {
            Ok(Vec::new())
        };
        match claimed {
            Ok(claimed) if !claimed.is_empty() => {
                for delivery in claimed {
                    on_the_way.send(&service, &sender, delivery, now.saturating_add(LEASE_MS));
                }
            }
            Ok(_) => rest(&service, now, &mut on_the_way).await,
            Err(error) => {
                warn!(%error, "messages wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Messages on their way from this host.
#[derive(Default)]
struct OnTheWay {
    tasks: JoinSet<()>,
    of: HashMap<Id, Key>,
    /// Taken once more while they are on their way, with the end of the lease.
    twice: HashMap<Key, (Delivery, i64)>,
}

/// Tenant, endpoint and message.
type Key = (String, String, String);

impl OnTheWay {
    /// Sends a message, unless it is on its way already: where the clock has jumped past its lease, or the machine slept,
    /// it is due again while an attempt still waits for its answer.
    fn send(&mut self, service: &Service, sender: &Sender, delivery: Delivery, lease: i64) {
        let key = (delivery.tenant.clone(), delivery.endpoint.id.clone(), delivery.message.clone());
        if self.of.values().any(|known| *known == key) {
            self.twice.insert(key, (delivery, lease));
            return;
        }
        let task = self.tasks.spawn(deliver(service.clone(), sender.clone(), delivery));
        self.of.insert(task.id(), key);
    }

    /// An attempt has ended. Had its end been kept before the message was taken once more, that is to be tried at once.
    async fn arrived(&mut self, service: &Service, arrived: Result<(Id, ()), JoinError>) {
        let id = arrived.map_or_else(|error| error.id(), |(id, ())| id);
        let Some(key) = self.of.remove(&id) else { return };
        let Some((delivery, lease)) = self.twice.remove(&key) else { return };
        if let Err(error) = service.store.release_delivery(&delivery, lease, service.now()).await {
            // Then it waits for the end of its lease.
            warn!(%error, message = delivery.message, "a message waits");
        }
    }
}

/// Sleeps until something is due, is announced, or has arrived. `looked` is when what was due was looked for: what has
/// become due since then is not to be slept over.
async fn rest(service: &Service, looked: i64, on_the_way: &mut OnTheWay) {
    let next = match service.store.next_delivery(looked).await {
        Ok(next) => next,
        Err(error) => {
            warn!(%error, "messages wait");
            return tokio::time::sleep(PAUSE).await;
        }
    };
    let has_room = on_the_way.tasks.len() < MOST_AT_ONCE;
    tokio::select! {
        () = service.clock.until(next), if has_room => {}
        () = service.store.signals().deliveries.notified(), if has_room => {}
        Some(arrived) = on_the_way.tasks.join_next_with_id() => on_the_way.arrived(service, arrived).await,
    }
}

async fn deliver(service: Service, sender: Sender, delivery: Delivery) {
    let now = service.now();
    let endpoint = &delivery.endpoint;
    let old = endpoint.old_secret.as_ref().filter(|(_, until)| *until > now).map(|(secret, _)| secret);
    let secrets: Vec<_> =
        [&endpoint.secret].into_iter().chain(old).filter_map(|text| Secret::parse(text).ok()).collect();
    let sent = sender.send(&endpoint.url, &secrets, &delivery.message, now, &delivery.body).await;
    let now = service.now();
    let settled = judge(&sent, delivery.attempts, now, &delivery.message);
    service.metrics.delivery(match &settled {
        Settled::Done { .. } => "done",
        Settled::Again { .. } => "again",
        Settled::Dead { .. } => "dead",
    });
    match &settled {
        Settled::Done { status } => debug!(message = delivery.message, status, "delivered"),
        Settled::Again { error, .. } => {
            warn!(
                tenant = delivery.tenant,
                endpoint = endpoint.id,
                message = delivery.message,
                error,
                "not delivered; trying again"
            );
        }
        Settled::Dead { error, .. } => {
            warn!(
                tenant = delivery.tenant,
                endpoint = endpoint.id,
                message = delivery.message,
                error,
                "given up"
            );
        }
    }
    // If the store cannot keep it, the lease ends and the message is sent once more with the same id.
    if let Err(error) = service.store.settle_delivery(&delivery, settled, now).await {
        warn!(%error, message = delivery.message, "the outcome of a delivery was not kept");
    }
}

/// What an answer means for a message.
fn judge(sent: &Sent, attempts: i64, now: i64, id: &str) -> Settled {
    let (status, error) = match sent {
        Ok(status) if status.is_success() => return Settled::Done { status: status.as_u16().into() },
        Ok(status) => (Some(i64::from(status.as_u16())), format!("the receiver answered {status}")),
        Err(error) => (None, error.clone()),
    };
    if matches!(sent, Ok(status) if *status == StatusCode::GONE) {
        return Settled::Dead { status, error, gone: true };
    }
    if attempts >= MOST_ATTEMPTS {
        return Settled::Dead { status, error, gone: false };
    }
    Settled::Again { at: now.saturating_add(pause(attempts, id)), status, error }
}

/// The pause after so many attempts: exponential, up to a fifth more or less, so that messages which failed together
/// do not return together. The share comes from the message's id, so that it needs no randomness.
fn pause(attempts: i64, id: &str) -> i64 {
    let mut pause = FIRST_PAUSE_MS;
    for _ in 1..attempts {
        pause = pause.saturating_mul(3).min(LONGEST_PAUSE_MS);
    }
    let share = id.bytes().fold(attempts, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    pause + pause * (share.rem_euclid(401) - 200) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        let mut total = 0;
        for attempts in 1..MOST_ATTEMPTS {
            let middle = FIRST_PAUSE_MS.saturating_mul(3_i64.pow(u32::try_from(attempts - 1).unwrap()));
            let middle = middle.min(LONGEST_PAUSE_MS);
            let pause = pause(attempts, "msg_1");
            assert!(pause >= middle * 4 / 5 && pause <= middle * 6 / 5, "{attempts}: {pause}");
            total += pause;
        }
        assert!((36 * 3_600_000..60 * 3_600_000).contains(&total), "{total}");
        assert_ne!(pause(3, "msg_1"), pause(3, "msg_2"));
    }

    #[test]
    fn an_answer_settles_a_message() {
        let answered = |code, attempts| judge(&Ok(StatusCode::from_u16(code).unwrap()), attempts, 0, "msg_1");
        assert_eq!(answered(204, 1), Settled::Done { status: 204 });
        assert!(matches!(answered(500, 1), Settled::Again { status: Some(500), .. }));
        assert!(matches!(answered(301, 1), Settled::Again { .. }), "redirects are not followed");
        assert!(matches!(answered(500, MOST_ATTEMPTS), Settled::Dead { gone: false, .. }));
        assert!(matches!(answered(410, 1), Settled::Dead { gone: true, .. }));
        assert!(matches!(judge(&Err("refused".into()), 1, 0, "m"), Settled::Again { status: None, .. }));
    }
}
