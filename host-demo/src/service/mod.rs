//! The service: facts in, clocks and alarms out. The store keeps the facts, the plugin knows what they mean.

pub mod clock;
mod engines;
mod evaluation;
mod forgetting;
mod hours;
mod intake;
mod library;
mod line;
mod looking;
mod metrics;
mod secrets;

use std::sync::Arc;

use slaclock_core::Options;

use crate::error::{Code, Problem};
use crate::store::{Agreement, Dossier, Store};
use clock::Clock;
pub use engines::{Engines, MOST_READY};
pub use evaluation::{ClockFigures, Evaluation};
pub use forgetting::Erased;
pub use hours::Hours;
pub use intake::Took;
use library::Library;
pub use line::Line;
pub(crate) use line::{hex, instant, ticket_line};
pub use looking::{KINDS, look};
pub use metrics::Metrics;
pub use secrets::{new_id, new_token, token_hash, webhook_secret};

/// What everything in the service shares.
#[derive(Clone)]
pub struct Service {
    /// The facts.
    pub store: Store,
    /// What they mean.
    pub engines: Engines,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    library: Arc<Library>,
}

impl Service {
    /// A service on a store.
    #[must_use]
    pub fn new(store: Store, engines: Engines, clock: Arc<dyn Clock>) -> Self {
        Self { store, engines, clock, metrics: Arc::default(), library: Arc::default() }
    }

    /// The present instant, in milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().ms()
    }

    /// The agreement as it was known at an instant, or is now.
    ///
    /// # Errors
    /// There is none, or the store cannot be read.
    pub async fn agreement(
        &self,
        tenant: &str,
        id: &str,
        known_at: Option<i64>,
    ) -> Result<Arc<Agreement>, Problem> {
        self.library.agreement(&self.store, tenant, id, known_at).await
    }

    /// The agreement of tickets that name none: the one called `default`, or the only one.
    ///
    /// # Errors
    /// Neither is there.
    pub async fn default_agreement(&self, tenant: &str) -> Result<String, Problem> {
        let mut ids: Vec<String> =
            self.store.agreements(tenant, None).await?.into_iter().map(|recorded| recorded.id).collect();
        ids.dedup();
        match ids.as_slice() {
            [only] => Ok(only.clone()),
            ids if ids.iter().any(|id| id == "default") => Ok("default".to_owned()),
            [] => {
                let problem = Problem::new(Code::WhichAgreement, "there is no agreement yet", "");
                Err(problem.with_mend("send one: PUT /v1/agreements/ID"))
            }
            _ => Err(Problem::new(Code::WhichAgreement, "the ticket does not say its agreement", "")),
        }
    }

    /// An agreement by its id, or that of tickets that name none.
    ///
    /// # Errors
    /// There is none, or the store cannot be read.
    pub async fn named_agreement(&self, tenant: &str, id: Option<&str>) -> Result<Arc<Agreement>, Problem> {
        match id {
            Some(id) => self.agreement(tenant, id, None).await,
            None => self.agreement(tenant, &self.default_agreement(tenant).await?, None).await,
        }
    }

    /// A ticket and its facts.
    ///
    /// # Errors
    /// There is none, its creation is not known yet, or the store cannot be read.
    pub async fn dossier(&self, tenant: &str, ticket: &str) -> Result<Dossier, Problem> {
        let found = self.store.dossiers(tenant, &[ticket.to_owned()]).await?;
        let Some(dossier) = found.into_iter().next().flatten() else {
            return Err(Problem::new(Code::NotFound, format!("there is no ticket `{ticket}`"), ""));
        };
        if dossier.facts.iter().all(|fact| !fact.id.is_empty()) {
            let message = format!("events of `{ticket}` came, but not the ticket itself");
            return Err(Problem::new(Code::NotCreated, message, ""));
        }
        Ok(dossier)
    }

    /// The clocks of a ticket, as the engine's canonical JSON with its end of line.
    ///
    /// # Errors
    /// There is no such ticket, or it cannot be evaluated.
    pub async fn clocks(
        &self,
        tenant: &str,
        ticket: &str,
        options: Options,
        explained: bool,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let one = |problem| vec![problem];
        let dossier = self.dossier(tenant, ticket).await.map_err(one)?;
        let known_at = options.known_at.map(slaclock_core::Instant::ms);
        let agreement = self.agreement(tenant, &dossier.agreement, known_at).await.map_err(one)?;
        let line = ticket_line(ticket, &dossier.facts).into_bytes();
        let answer = self.engines.tickets(tenant, &agreement, line, options, explained).await?;
        match evaluation::refusal(&answer) {
            Some(problem) => Err(vec![problem]),
            None => Ok(answer),
        }
    }
}
