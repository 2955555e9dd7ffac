//! What is kept: facts, which are the truth and only grow, and an index of when to look at them again.
//!
//! Two databases, SQLite inside the process and PostgreSQL for several hosts, with the same queries (`link`).
//! Clocks are never kept: they are computed from the facts whenever somebody asks.

mod agreements;
mod deliveries;
mod dump;
mod error;
mod facts;
mod forgetting;
mod helpdesks;
mod link;
mod migrate;
mod postgres;
mod schedule;
mod sqlite;
mod tokens;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{Notify, watch};

pub use agreements::{Agreement, Recorded};
pub use deliveries::{Delivery, Endpoint, Message, Settled};
pub use error::StoreError;
pub use facts::{Arrival, Dossier, Fact, Taken};
pub use forgetting::Figure;
pub use helpdesks::Helpdesk;
pub use schedule::{Alarm, BoardKey, Due, Looked};
pub use tokens::{Role, Token};

use link::{Announced, Tx};

/// What the store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Work in a transaction.
type Work<T> =
    Box<dyn for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 't>> + Send>;

/// Where the facts are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of SQLite, made if it is not there.
    File(PathBuf),
    /// A PostgreSQL database.
    Url(String),
}

/// What happened in the store, in this process or, on PostgreSQL, in any.
#[derive(Debug, Default)]
pub struct Signals {
    /// A ticket may have to be looked at earlier than was known.
    pub tickets: Notify,
    /// A message may have to be sent earlier than was known.
    pub deliveries: Notify,
    /// Tickets changed; the number only says that it did.
    pub changes: watch::Sender<u64>,
}

impl Signals {
    fn raise(&self, announced: Announced) {
        // One permit is kept for who is not waiting at this moment.
        if announced.tickets {
            self.tickets.notify_one();
        }
        if announced.deliveries {
            self.deliveries.notify_one();
        }
        if announced.changes {
            self.changes.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// An open store.
#[derive(Clone)]
pub struct Store {
    backend: Arc<Backend>,
    signals: Arc<Signals>,
}

enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens a store and brings it up to this program.
    ///
    /// # Errors
    /// The database cannot be reached, or was written by a newer program.
    pub async fn open(place: &Place) -> Result<Self> {
        let signals = Arc::new(Signals::default());
        let backend = match place {
            Place::File(path) => Backend::Sqlite(sqlite::Sqlite::open(path, &signals)?),
            Place::Url(url) => Backend::Postgres(postgres::Postgres::open(url, &signals)?),
        };
        let store = Self { backend: Arc::new(backend), signals };
        store.write(|tx| Box::pin(migrate::run(tx))).await?;
        Ok(store)
    }

    /// What happens in the store.
    #[must_use]
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Whether several hosts may share it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(*self.backend, Backend::Postgres(_))
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<()> {
        self.read(|tx| Box::pin(async move { tx.query("SELECT 1", &[]).await.map(drop) })).await
    }

    /// Work that changes something, all of it or nothing.
    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>
            + Send
            + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.write(Box::new(work)).await,
            Backend::Postgres(postgres) => postgres.write(Box::new(work), &self.signals).await,
        }
    }

    /// Work that only looks, at one state of everything.
    async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>
            + Send
            + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(Box::new(work)).await,
            Backend::Postgres(postgres) => postgres.read(Box::new(work)).await,
        }
    }
}
