//! The service of `slaclock serve`: a store, its schedule, its webhooks and the API.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tracing_subscriber::filter::LevelFilter;

use super::engines::EngineArguments;
use super::stores::runtime;
use super::{Outcome, Result};
use crate::api::{self, Api};
use crate::error::{Code, Problem};
use crate::notify::{self, Sender};
use crate::schedule;
use crate::service::clock::SystemClock;
use crate::service::{Engines, Service};
use crate::store::{Place, Store};

/// Arguments of the service.
#[derive(Debug, Args)]
#[command(next_help_heading = "Service")]
pub(super) struct ServiceArguments {
    /// Requests a second that each token may make
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    rate_limit: u32,
    /// Send webhooks to private addresses and without TLS, too
    #[arg(long)]
    private_webhooks: bool,
    /// How much to log, as JSON on standard error
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log: LevelFilter,
}

impl ServiceArguments {
    /// Runs until the process is told to end.
    pub(super) fn run(&self, place: &Place, listen: SocketAddr, engine: &EngineArguments) -> Result {
        let cannot = |error: io::Error| {
            vec![Problem::new(Code::Listen, format!("cannot listen at {listen}: {error}"), "--listen")]
        };
        // Another subscriber is there only in tests.
        let _ = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_max_level(self.log)
            .with_writer(io::stderr)
            .try_init();
        let engines = Engines::new(engine.sandboxed()?);
        runtime()?.block_on(async {
            let store = Store::open(place).await.map_err(|error| vec![error.into()])?;
            let service = Service::new(store, engines, Arc::new(SystemClock));
            let sender = Sender::new(self.private_webhooks);
            let listener = tokio::net::TcpListener::bind(listen).await.map_err(cannot)?;
            let address = listener.local_addr().map_err(cannot)?;
            let end = crate::serve::asked_to_end().map_err(cannot)?;
            let schedule = tokio::spawn(schedule::run(service.clone()));
            let notify = tokio::spawn(notify::run(service.clone(), sender.clone()));
            let mut out = io::stdout().lock();
            // Without standard output there is nobody to tell, and the server is still of use.
            let _ = writeln!(out, "the service is at http://{address}/").and_then(|()| out.flush());
            drop(out);
            let router = api::router(Api::new(service, sender, self.rate_limit));
            let served = api::serve(listener, router, api::Options::default(), end).await;
            schedule.abort();
            notify.abort();
            served.map(|()| Outcome::Done).map_err(cannot)
        })
    }
}
