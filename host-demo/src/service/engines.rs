//! The plugin as the service asks it: from tasks, on threads that may wait.
//!
//! Agreements that were asked lately stay read: one [`Live`] for each tenant and document, whose instances wait in the
//! pool of the plugin. Those that were asked longest ago go first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slaclock_core::{Instant, Options};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::document::Document;
use crate::engine::Finding;
use crate::error::{Code, Problem};
use crate::ics::{Span, export_calendar};
use crate::plugin::{Live, Plugin, Share, Tenant, Terms};
use crate::store::Agreement;

/// Calls that run side by side; more would only wait for each other.
const MOST_CALLS: usize = 8;

/// Calls of one tenant that run side by side, so that none keeps the others out.
const MOST_OF_ONE: usize = 4;

/// How long a call may wait for its turn.
const WAIT: Duration = Duration::from_secs(30);

/// Agreements that stay ready.
pub const MOST_READY: usize = 256;

/// The plugin behind the service.
#[derive(Clone)]
pub struct Engines {
    slots: Arc<Semaphore>,
    ready: Arc<Mutex<Ready>>,
}

/// A tenant, and the calls that it has left.
#[derive(Clone)]
struct Seat {
    tenant: Arc<Tenant>,
    calls: Arc<Semaphore>,
}

/// What answers: by tenant, and by the digest of the agreement; without one, about calendars.
type Key = (String, Option<String>);

struct Ready {
    plugin: Plugin,
    seats: HashMap<String, Seat>,
    lives: HashMap<Key, (Arc<Live>, u64)>,
    /// Grows with every question, so that the smallest was asked longest ago.
    count: u64,
    /// How often another plugin took over.
    swaps: u64,
    /// Version of the engine and of its time zones, and of which plugin.
    about: Option<(u64, (String, String))>,
}

impl Ready {
    fn seat(&mut self, tenant: &str) -> Seat {
        if let Some(seat) = self.seats.get(tenant) {
            return seat.clone();
        }
        let share = Share { calls: MOST_OF_ONE, wait: WAIT, limits: self.plugin.limits() };
        let seat = Seat {
            tenant: Arc::new(Tenant::new(tenant, share)),
            calls: Arc::new(Semaphore::new(MOST_OF_ONE)),
        };
        self.seats.insert(tenant.to_owned(), seat.clone());
        seat
    }

    fn live(&mut self, key: &Key) -> Option<Arc<Live>> {
        self.count += 1;
        let (live, used) = self.lives.get_mut(key)?;
        *used = self.count;
        Some(Arc::clone(live))
    }

    /// Keeps one; of two that were made at once, the first. Answers what is kept and what goes for it.
    fn keep(&mut self, key: Key, live: Live, swaps: u64) -> (Arc<Live>, Option<Arc<Live>>) {
        if let Some(there) = self.live(&key) {
            return (there, Some(Arc::new(live)));
        }
        if swaps != self.swaps {
            // Made with a plugin that another has replaced meanwhile: it answers this one call.
            return (Arc::new(live), None);
        }
        let oldest = (self.lives.len() >= MOST_READY)
            .then(|| self.lives.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone()))
            .flatten();
        let gone = oldest.and_then(|key| self.lives.remove(&key)).map(|(live, _)| live);
        let live = Arc::new(live);
        self.lives.insert(key, (Arc::clone(&live), self.count));
        // A tenant of which nothing is ready and nothing runs is forgotten.
        self.seats.retain(|_, seat| Arc::strong_count(&seat.tenant) > 1);
        (live, gone)
    }
}

/// Begun only where it is its turn: a tenant's own, then that of all.
struct Turn {
    seat: Seat,
    _of_tenant: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Engines {
    /// A plugin that answers for all tenants.
    #[must_use]
    pub fn new(plugin: Plugin) -> Self {
        let ready =
            Ready { plugin, seats: HashMap::new(), lives: HashMap::new(), count: 0, swaps: 0, about: None };
        Self { slots: Arc::new(Semaphore::new(MOST_CALLS)), ready: Arc::new(Mutex::new(ready)) }
    }

    /// Answers tickets, a line for a line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement; what is wrong with a line is its answer.
    pub async fn tickets(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        lines: Vec<u8>,
        options: Options,
        explained: bool,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let ask = move |live: &Live| Ok(live.answer(&lines, options, explained)?.lines);
        self.call(tenant, Some(agreement), ask).await
    }

    /// Answers questions about calendars, a line for a line.
    ///
    /// # Errors
    /// There is no engine.
    pub async fn hours(&self, tenant: &str, lines: Vec<u8>) -> Result<Vec<u8>, Vec<Problem>> {
        self.call(tenant, None, move |live| Ok(live.hours(&lines)?.lines)).await
    }

    /// What a ticket with these fields would be promised.
    ///
    /// # Errors
    /// What the engine finds wrong with the fields.
    pub async fn preview(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        fields: String,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        self.call(tenant, Some(agreement), move |live| live.preview(&fields, now)).await
    }

    /// A calendar of an agreement as a feed.
    ///
    /// # Errors
    /// There is no such calendar.
    pub async fn calendar(
        &self,
        tenant: &str,
        agreement: &Arc<Agreement>,
        name: String,
        span: Span,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let agreement = Arc::clone(agreement);
        let ask = move |live: &Live| {
            let document = Document::of_json(&agreement.recorded.id, &agreement.document);
            let mut text = Vec::new();
            export_calendar(&document, Some(&name), &span, &mut live.call()?.calendars(), &mut text)?;
            Ok(text)
        };
        self.call(tenant, None, ask).await
    }

    /// What is to be looked at in an agreement.
    ///
    /// # Errors
    /// What the engine finds wrong with it.
    pub async fn lint(
        &self,
        tenant: &str,
        document: String,
        today: String,
    ) -> Result<Vec<Finding>, Vec<Problem>> {
        self.call(tenant, None, move |live| live.lint(&document, &today)).await
    }

    /// Version of the engine, and of its time zones.
    ///
    /// # Errors
    /// The plugin breaks.
    pub async fn describe(&self) -> Result<(String, String), Vec<Problem>> {
        let (plugin, swaps, known) = {
            let ready = self.ready();
            (ready.plugin.clone(), ready.swaps, ready.about.clone())
        };
        if let Some((_, about)) = known.filter(|(of, _)| *of == swaps) {
            return Ok(about);
        }
        let about = blocking(move || plugin.describe().map_err(|problem| vec![problem])).await?;
        self.ready().about = Some((swaps, about.clone()));
        Ok(about)
    }

    /// Lets another plugin take over: calls that run end in the old one, calls that come go to the new one.
    ///
    /// # Errors
    /// The new one cannot read an agreement that is in use: then the old one stays for all.
    pub async fn swap(&self, plugin: Plugin) -> Result<(), Vec<Problem>> {
        let engines = self.clone();
        blocking(move || {
            let lives: Vec<Arc<Live>> =
                engines.ready().lives.values().map(|(live, _)| Arc::clone(live)).collect();
            lives.iter().try_for_each(|live| live.try_plugin(&plugin))?;
            // What is made from here on is made with the new one.
            let lives: Vec<Arc<Live>> = {
                let mut ready = engines.ready();
                ready.plugin = plugin.clone();
                ready.swaps += 1;
                ready.lives.values().map(|(live, _)| Arc::clone(live)).collect()
            };
            lives.iter().try_for_each(|live| live.swap_plugin(&plugin).map(drop))
        })
        .await
    }

    /// How many agreements stay ready, questions about calendars of a tenant counted as one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ready().lives.len()
    }

    fn ready(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self, tenant: &str) -> Result<Turn, Vec<Problem>> {
        let seat = self.ready().seat(tenant);
        let calls = Arc::clone(&seat.calls);
        let both = async {
            let of_tenant = calls.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.slots).acquire_owned().await.ok()?;
            Some((of_tenant, of_all))
        };
        match tokio::time::timeout(WAIT, both).await {
            Ok(Some((of_tenant, of_all))) => Ok(Turn { seat, _of_tenant: of_tenant, _of_all: of_all }),
            _ => {
                let message = format!("no call of `{tenant}` had its turn within {} s", WAIT.as_secs());
                Err(vec![Problem::new(Code::PluginBusy, message, "")])
            }
        }
    }

    async fn call<T: Send + 'static>(
        &self,
        tenant: &str,
        agreement: Option<&Arc<Agreement>>,
        ask: impl FnOnce(&Live) -> Result<T, Vec<Problem>> + Send + 'static,
    ) -> Result<T, Vec<Problem>> {
        let turn = self.turn(tenant).await?;
        let key = (tenant.to_owned(), agreement.map(|agreement| agreement.recorded.digest.clone()));
        let (engines, agreement) = (self.clone(), agreement.map(Arc::clone));
        blocking(move || {
            let live = engines.live(key, agreement.as_deref(), &turn.seat)?;
            ask(&live)
        })
        .await
    }

    /// What answers under an agreement, which is read now unless it is ready.
    fn live(&self, key: Key, agreement: Option<&Agreement>, seat: &Seat) -> Result<Arc<Live>, Vec<Problem>> {
        let (plugin, swaps) = {
            let mut ready = self.ready();
            if let Some(live) = ready.live(&key) {
                return Ok(live);
            }
            (ready.plugin.clone(), ready.swaps)
        };
        let tenant = Arc::clone(&seat.tenant);
        let live = match agreement {
            Some(agreement) => Live::new(
                tenant,
                &plugin,
                Terms { agreement: agreement.document.clone(), allow_later: false },
            ),
            None => Live::of_hours(tenant, &plugin),
        }?;
        let (live, gone) = self.ready().keep(key, live, swaps);
        // Its instances end here, and not while others wait for the lock.
        drop(gone);
        Ok(live)
    }
}

/// Runs what may wait on a thread for that.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Vec<Problem>> + Send + 'static,
) -> Result<T, Vec<Problem>> {
    let broken = |_| Err(vec![Problem::new(Code::PluginTrapped, "the call to the plugin broke", "")]);
    tokio::task::spawn_blocking(work).await.unwrap_or_else(broken)
}
