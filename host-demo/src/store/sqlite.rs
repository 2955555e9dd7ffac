//! SQLite inside the process: one thread that writes, a few that read.
//!
//! Writes that wait together become one commit, so that many share one flush of the disk. Each keeps a savepoint
//! of its own, and is answered only after the commit: what was acknowledged is on the disk, a power cut included
//! (`synchronous = FULL`; under `NORMAL` the last commits could be lost with the power).

use std::path::Path;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::link::{Announced, On, Tx};
use super::{Result, Signals, StoreError, Work};

/// Threads that read.
const READERS: usize = 3;

/// Writes that one commit takes together.
const MOST_TOGETHER: usize = 256;

/// Statements that a connection keeps prepared.
const KEPT_STATEMENTS: usize = 128;

/// How long to wait for another process that writes, such as a command on the same file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Told, after the commit, whether it was one.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// Work in a transaction, if there is one: whether it is to be kept, and how to answer.
type Job = Box<dyn FnOnce(Result<&mut Tx>) -> (bool, Answer) + Send>;

/// An open database file.
pub(super) struct Sqlite {
    writes: Sender<Job>,
    reads: Sender<Job>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, signals: &Arc<Signals>) -> Result<Self> {
        let (writes, jobs) = channel();
        let connection = connect(path)?;
        let signals = Arc::clone(signals);
        spawn("store-write", move || write_all(connection, &jobs, &signals))?;
        let (reads, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..READERS {
            let (connection, jobs) = (connect(path)?, Arc::clone(&jobs));
            spawn("store-read", move || read_all(connection, &jobs))?;
        }
        Ok(Self { writes, reads })
    }

    pub(super) async fn write<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        ask(&self.writes, work).await
    }

    pub(super) async fn read<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        ask(&self.reads, work).await
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<()> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map(drop).map_err(|error| StoreError::Unavailable(format!("no thread: {error}")))
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    // What is erased is overwritten; 32 MiB of pages are kept in memory.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
         PRAGMA cache_size = -32768; PRAGMA foreign_keys = ON;",
    )?;
    Ok(connection)
}

async fn ask<T: Send + 'static>(queue: &Sender<Job>, work: Work<T>) -> Result<T> {
    let (sender, answer) = tokio::sync::oneshot::channel();
    let job: Job = Box::new(move |tx| {
        let done = tx.and_then(|tx| at_once(work(tx)));
        let keep = done.is_ok();
        let answer: Answer = Box::new(move |committed| {
            // Who asked may have gone.
            let _ = sender.send(done.and_then(|value| committed.map(|()| value)));
        });
        (keep, answer)
    });
    let gone = || StoreError::Unavailable("its thread has ended".to_owned());
    queue.send(job).map_err(|_| gone())?;
    answer.await.map_err(|_| gone())?
}

/// The value of a future that never waits, as those on SQLite do not.
fn at_once<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(StoreError::Unexpected("work on SQLite waited for something else".to_owned())),
    }
}

fn write_all(connection: Connection, jobs: &Receiver<Job>, signals: &Signals) {
    let mut tx = Tx { on: On::Sqlite(Box::new(connection)), announced: Announced::default() };
    while let Ok(first) = jobs.recv() {
        let mut answers = Vec::new();
        let committed = together(&mut tx, first, jobs, &mut answers);
        if committed.is_err() {
            // It fails where the transaction has ended by itself.
            let _ = at_once(tx.batch("ROLLBACK"));
        } else {
            signals.raise(tx.announced);
        }
        tx.announced = Announced::default();
        for answer in answers {
            answer(committed.clone());
        }
    }
}

/// Runs all jobs that wait in one transaction.
fn together(tx: &mut Tx, first: Job, jobs: &Receiver<Job>, answers: &mut Vec<Answer>) -> Result<()> {
    let begun = at_once(tx.batch("BEGIN IMMEDIATE"));
    let mut next = Some(first);
    while let Some(job) = next.take() {
        let announced = tx.announced;
        let ready = begun.clone().and_then(|()| at_once(tx.batch("SAVEPOINT job")));
        let (keep, answer) = job(ready.clone().map(|()| &mut *tx));
        answers.push(answer);
        ready?;
        if !keep {
            tx.announced = announced;
            at_once(tx.batch("ROLLBACK TO job"))?;
        }
        at_once(tx.batch("RELEASE job"))?;
        if answers.len() < MOST_TOGETHER {
            next = jobs.try_recv().ok();
        }
    }
    at_once(tx.batch("COMMIT"))
}

fn read_all(connection: Connection, jobs: &Mutex<Receiver<Job>>) {
    let mut tx = Tx { on: On::Sqlite(Box::new(connection)), announced: Announced::default() };
    loop {
        let next = match jobs.lock() {
            Ok(jobs) => jobs.recv(),
            Err(_) => return,
        };
        let Ok(job) = next else { return };
        // One transaction, so that its questions see one state.
        let begun = at_once(tx.batch("BEGIN"));
        let (_, answer) = job(begun.clone().map(|()| &mut tx));
        let ended = begun.and_then(|()| at_once(tx.batch("COMMIT")));
        if ended.is_err() {
            let _ = at_once(tx.batch("ROLLBACK"));
        }
        answer(ended);
    }
}
