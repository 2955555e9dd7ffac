//! Looks at tickets when something happens to them by itself, and never in between.
//!
//! The store knows the earliest such instant of all tickets. Until then this sleeps, unless facts arrive: those make
//! their ticket due at once, in the transaction that keeps them, so that nothing is missed by a crash in between.

use std::time::Duration;

use tracing::{debug, warn};

use crate::service::{Service, look};
use crate::store::StoreError;

/// Tickets looked at together.
const BATCH: i64 = 500;

/// On a shared database, how long other hosts leave a host the tickets that it took.
const LEASE_MS: i64 = 15_000;

/// Before trying again what the store could not do.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs until it is dropped.
pub async fn run(service: Service) {
    loop {
        match step(&service).await {
            Ok(Some(0)) => {}
            Ok(Some(count)) => debug!(count, "looked at tickets"),
            Ok(None) => rest(&service).await,
            Err(error) => {
                warn!(%error, "tickets wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Looks at the tickets that are due; nothing if none is.
async fn step(service: &Service) -> Result<Option<u64>, StoreError> {
    let now = service.clock.now();
    let due = service.store.claim_tickets(now.ms(), now.ms().saturating_add(LEASE_MS), BATCH).await?;
    if due.is_empty() {
        return Ok(None);
    }
    let first = due.iter().map(|due| due.next_at).filter(|at| *at > 0).min();
    let looked = look(service, due, now).await;
    for faulty in looked.iter().filter(|look| look.fault.is_some()) {
        warn!(tenant = faulty.tenant, ticket = faulty.ticket, fault = faulty.fault, "cannot be evaluated");
    }
    let faults = looked.iter().filter(|look| look.fault.is_some()).count();
    let count = looked.len();
    let alarms = service.store.settle_tickets(looked).await?;
    let behind = first.map_or(0, |first| now.ms().saturating_sub(first));
    service.metrics.looked(count, faults, alarms, behind);
    Ok(Some(alarms))
}

/// Sleeps until a ticket is due or a fact arrives.
async fn rest(service: &Service) {
    match service.store.next_look().await {
        Ok(next) => tokio::select! {
            () = service.clock.until(next) => {}
            () = service.store.signals().tickets.notified() => {}
        },
        Err(error) => {
            warn!(%error, "tickets wait");
            tokio::time::sleep(PAUSE).await;
        }
    }
}
