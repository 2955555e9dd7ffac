//! PostgreSQL, which several hosts may share: a pool of connections, and one that listens.

use std::sync::{Arc, Weak};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{AsyncMessage, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use tracing::{info, warn};

use super::link::{Announced, On, Tx};
use super::{Result, Signals, StoreError, Work};

/// Connections of one host, the one that listens apart.
const CONNECTIONS: usize = 8;

/// How long a connection may take to be made or to become free.
const PATIENCE: Duration = Duration::from_secs(10);

/// Before the listener tries again.
const PAUSE: Duration = Duration::from_secs(1);

/// The channel of all hosts of one database.
const CHANNEL: &str = "slaclock";

/// A pool on one database.
pub(super) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(super) fn open(url: &str, signals: &Arc<Signals>) -> Result<Self> {
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            // The text of the URL has a password in it.
            StoreError::Unavailable(format!("the database URL cannot be read: {error}"))
        })?;
        config.connect_timeout(PATIENCE).application_name("slaclock");
        let manager = Manager::from_config(
            config.clone(),
            secure(),
            ManagerConfig { recycling_method: RecyclingMethod::Verified },
        );
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .recycle_timeout(Some(PATIENCE))
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        tokio::spawn(listen(config, Arc::downgrade(signals)));
        Ok(Self { pool })
    }

    pub(super) async fn write<T: Send + 'static>(&self, work: Work<T>, signals: &Arc<Signals>) -> Result<T> {
        let (pool, signals) = (self.pool.clone(), Arc::clone(signals));
        // A task of its own, since a transaction must not be dropped half-way with the request that wanted it.
        let task = tokio::spawn(async move {
            let mut tx = begin(&pool, "BEGIN").await?;
            let done = match work(&mut tx).await {
                Ok(value) => commit(&mut tx).await.map(|()| value),
                Err(error) => Err(error),
            };
            if done.is_ok() {
                signals.raise(tx.announced);
            } else {
                roll_back(tx).await;
            }
            done
        });
        ended(task.await)
    }

    pub(super) async fn read<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        let pool = self.pool.clone();
        let task = tokio::spawn(async move {
            let mut tx = begin(&pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
            match work(&mut tx).await {
                Ok(value) => {
                    tx.batch("COMMIT").await?;
                    Ok(value)
                }
                Err(error) => {
                    roll_back(tx).await;
                    Err(error)
                }
            }
        });
        ended(task.await)
    }
}

fn ended<T>(done: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    done.unwrap_or_else(|error| Err(StoreError::Unexpected(format!("its work broke: {error}"))))
}

async fn begin(pool: &Pool, statement: &str) -> Result<Tx> {
    let client = pool.get().await?;
    client.batch_execute(statement).await?;
    Ok(Tx { on: On::Postgres(Box::new(client)), announced: Announced::default() })
}

async fn commit(tx: &mut Tx) -> Result<()> {
    let Announced { tickets, deliveries, changes } = tx.announced;
    let letters = [(tickets, 't'), (deliveries, 'd'), (changes, 'c')];
    let word: String = letters.into_iter().filter(|(said, _)| *said).map(|(_, letter)| letter).collect();
    if !word.is_empty() {
        tx.batch(&format!("NOTIFY {CHANNEL}, '{word}'")).await?;
    }
    tx.batch("COMMIT").await
}

/// Leaves the pool a connection without a transaction, or none.
async fn roll_back(mut tx: Tx) {
    if tx.batch("ROLLBACK").await.is_err()
        && let On::Postgres(client) = tx.on
    {
        drop(Object::take(*client));
    }
}

/// TLS by the certificates of this machine, where the URL asks for it (`sslmode=require`).
fn secure() -> MakeRustlsConnect {
    MakeRustlsConnect::new(crate::tls::client().0)
}

/// Hears what other hosts announce. After every new connection everything may have been missed.
async fn listen(config: Config, signals: Weak<Signals>) {
    let all = Announced { tickets: true, deliveries: true, changes: true };
    loop {
        let heard = if signals.strong_count() == 0 {
            return;
        } else if config.get_ssl_mode() == tokio_postgres::config::SslMode::Disable {
            match config.connect(NoTls).await {
                Ok((client, connection)) => hear(client, connection, &signals, all).await,
                Err(error) => Err(error),
            }
        } else {
            match config.connect(secure()).await {
                Ok((client, connection)) => hear(client, connection, &signals, all).await,
                Err(error) => Err(error),
            }
        };
        if let Err(error) = heard {
            warn!(error = %StoreError::from(error), "not hearing other hosts; trying again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear<S, T>(
    client: tokio_postgres::Client,
    mut connection: tokio_postgres::Connection<S, T>,
    signals: &Weak<Signals>,
    all: Announced,
) -> std::result::Result<(), tokio_postgres::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let statement = format!("LISTEN {CHANNEL}");
    let mut listening = std::pin::pin!(client.batch_execute(&statement));
    let mut is_listening = false;
    loop {
        let message = tokio::select! {
            done = &mut listening, if !is_listening => {
                done?;
                is_listening = true;
                info!("hearing other hosts");
                if let Some(signals) = signals.upgrade() {
                    signals.raise(all);
                }
                continue;
            }
            message = std::future::poll_fn(|context| connection.poll_message(context)) => message,
        };
        match message {
            Some(Ok(AsyncMessage::Notification(said))) => {
                let Some(signals) = signals.upgrade() else { return Ok(()) };
                let has = |letter| said.payload().contains(letter);
                signals.raise(Announced { tickets: has('t'), deliveries: has('d'), changes: has('c') });
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error),
            None => return Ok(()),
        }
    }
}
