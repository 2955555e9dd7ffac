//! The service of `slaclock serve`: a store, its schedule, its webhooks and the API.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tracing::{error, info};
use tracing_subscriber::filter::LevelFilter;

use super::engines::EngineArguments;
use super::stores::runtime;
use super::{Outcome, Result};
use crate::api::{self, Api, Origins};
use crate::error::{Code, Problem};
use crate::notify::{self, Sender};
use crate::plugin::Runtime;
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
    /// An origin, such as https://desk.example.com, whose pages may read answers; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
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
        let one = |problem| vec![problem];
        let origins = Origins::new(&self.allow_origin).map_err(one)?;
        let plugins = engine.runtime().map_err(one)?;
        let engines = Engines::new(engine.load(&plugins, engine.plugin()).map_err(one)?);
        runtime()?.block_on(async {
            let store = Store::open(place).await.map_err(|error| vec![error.into()])?;
            let service = Service::new(store, engines.clone(), Arc::new(SystemClock));
            let sender = Sender::new(self.private_webhooks);
            let listener = tokio::net::TcpListener::bind(listen).await.map_err(cannot)?;
            let address = listener.local_addr().map_err(cannot)?;
            let end = crate::serve::asked_to_end().map_err(cannot)?;
            reload_on_hangup(engine.clone(), plugins, engines).map_err(cannot)?;
            let schedule = tokio::spawn(schedule::run(service.clone()));
            let notify = tokio::spawn(notify::run(service.clone(), sender.clone()));
            let mut out = io::stdout().lock();
            // Without standard output there is nobody to tell, and the server is still of use.
            let _ = writeln!(out, "the service is at http://{address}/").and_then(|()| out.flush());
            drop(out);
            let router = api::router(Api::new(service, sender, self.rate_limit).with_origins(origins));
            let served = api::serve(listener, router, api::Options::default(), end).await;
            schedule.abort();
            notify.abort();
            served.map(|()| Outcome::Done).map_err(cannot)
        })
    }
}

/// Reads the file of the plugin again whenever the process gets SIGHUP. Its calls are not interrupted; a file that is no
/// plugin, or that cannot read the agreements in use, changes nothing.
#[cfg(unix)]
fn reload_on_hangup(engine: EngineArguments, plugins: Runtime, engines: Engines) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let (engine, plugins) = (engine.clone(), plugins.clone());
            let load = move || engine.load(&plugins, engine.plugin()).map_err(|problem| vec![problem]);
            let Ok(loaded) = tokio::task::spawn_blocking(load).await else { continue };
            let swapped = match loaded {
                Ok(plugin) => {
                    let sha256 = plugin.facts().sha256.clone();
                    engines.swap(plugin).await.map(|()| sha256)
                }
                Err(problems) => Err(problems),
            };
            match swapped {
                Ok(sha256) => info!(sha256, "the plugin was read again and answers now"),
                Err(problems) => error!(?problems, "the plugin that answers stays"),
            }
        }
    });
    Ok(())
}

/// Without that signal there is nothing to wait for.
#[cfg(not(unix))]
fn reload_on_hangup(_: EngineArguments, _: Runtime, _: Engines) -> io::Result<()> {
    Ok(())
}
