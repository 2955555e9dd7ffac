//! Which store a command works on.

use std::path::PathBuf;

use clap::Args;

use super::Result;
use crate::error::{Code, Problem};
use crate::store::{Place, Store};

/// Where a password on the command line need not be seen by others.
const VARIABLE: &str = "SLACLOCK_DATABASE";

/// Arguments that name a store.
#[derive(Debug, Args)]
#[command(next_help_heading = "Store")]
pub(super) struct StoreArguments {
    /// Keep everything in this file (SQLite); it is made if it is not there
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    pub(super) data: Option<PathBuf>,
    /// Keep everything in this PostgreSQL database, which several hosts may share; or set SLACLOCK_DATABASE
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
}

impl StoreArguments {
    /// The place, if one is named.
    pub(super) fn place(&self) -> Option<Place> {
        if let Some(file) = &self.data {
            return Some(Place::File(file.clone()));
        }
        self.database.clone().or_else(|| std::env::var(VARIABLE).ok()).map(Place::Url)
    }

    /// Opens the store, and does something with it.
    pub(super) fn with<T>(&self, work: impl AsyncFnOnce(Store) -> Result<T>) -> Result<T> {
        let place = self.place().ok_or_else(|| {
            vec![
                Problem::new(Code::Usage, "no store is named", "")
                    .with_mend("give --data FILE or --database URL"),
            ]
        })?;
        runtime()?.block_on(async {
            let store = Store::open(&place).await.map_err(|error| vec![error.into()])?;
            work(store).await
        })
    }
}

/// What runs tasks.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| vec![Problem::new(Code::Listen, format!("no threads: {error}"), "")])
}
