//! `slaclock backup`, `restore`, `purge` and `erase`: what an operator does with a store.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::json;
use slaclock_core::calendar::Date;

use super::engines::EngineArguments;
use super::stores::StoreArguments;
use super::values::{self, unwritable};
use super::{Outcome, Result};
use crate::error::{Code, Problem};
use crate::service::clock::SystemClock;
use crate::service::{Engines, Service};

#[derive(Debug, Args)]
#[command(after_help = "The service may run meanwhile. A backup holds tokens' hashes and webhooks' secrets.

Example:
  slaclock backup --data slaclock.db backup.jsonl.gz")]
pub(super) struct BackupArguments {
    /// The file to write, which must not be there yet
    file: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "A backup of either database can be restored into the other.

Example:
  slaclock restore --database postgres://slaclock@db/slaclock backup.jsonl.gz")]
pub(super) struct RestoreArguments {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "How their clocks ended stays as figures, by agreement, month and clock.

Example:
  slaclock purge --data slaclock.db --before 2024-01-01")]
pub(super) struct PurgeArguments {
    /// Removes tickets without an open clock of which nothing was heard since this day, in UTC
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    before: Date,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "Instants and statuses stay, so that clocks do. Backups are not touched.

Example:
  slaclock erase --data slaclock.db --tenant acme alice@example.com")]
pub(super) struct EraseArguments {
    /// Whose tickets
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// The text, such as a requester's address; a pseudonym takes its place
    text: String,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn backup(arguments: &BackupArguments) -> Result {
    let file = &arguments.file;
    let cannot = |error: std::io::Error| {
        let message = format!("cannot write the backup: {error}");
        vec![Problem::new(Code::Unwritable, message, file.display().to_string())]
    };
    // Written beside it and moved, so that a broken backup is never taken for one.
    let partial = partial(file);
    let made = private(&partial).map_err(cannot)?;
    if file.exists() {
        return Err(cannot(std::io::ErrorKind::AlreadyExists.into()));
    }
    let out = GzEncoder::new(BufWriter::new(made), Compression::default());
    let rows = arguments
        .store
        .with(async |store| store.dump(Box::new(out)).await.map_err(|error| vec![error.into()]));
    let rows = rows.inspect_err(|_| drop(fs::remove_file(&partial)))?;
    File::open(&partial).and_then(|file| file.sync_all()).map_err(cannot)?;
    fs::rename(&partial, file).map_err(cannot)?;
    say(&json!({ "rows": rows }))
}

/// A name beside a file.
fn partial(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// A new file that nobody else may read.
fn private(file: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

pub(super) fn restore(arguments: &RestoreArguments) -> Result {
    let name = arguments.file.display().to_string();
    let file = File::open(&arguments.file).map_err(|error| {
        vec![Problem::new(Code::Unreadable, format!("cannot read the backup: {error}"), name)]
    })?;
    let input = BufReader::new(GzDecoder::new(BufReader::new(file)));
    let rows = arguments
        .store
        .with(async |store| store.restore(Box::new(input)).await.map_err(|error| vec![error.into()]))?;
    say(&json!({ "rows": rows }))
}

pub(super) fn purge(arguments: &PurgeArguments) -> Result {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let engines = Engines::new(arguments.engine.sandboxed()?);
    let before = arguments.before.day().saturating_mul(DAY_MS);
    let tickets = arguments.store.with(async |store| {
        let service = Service::new(store, engines, Arc::new(SystemClock));
        service.purge(None, before).await.map_err(|problem| vec![problem])
    })?;
    say(&json!({ "tickets": tickets }))
}

pub(super) fn erase(arguments: &EraseArguments) -> Result {
    let engines = Engines::new(arguments.engine.sandboxed()?);
    let erased = arguments.store.with(async |store| {
        let service = Service::new(store, engines, Arc::new(SystemClock));
        service.erase(&arguments.tenant, &arguments.text).await.map_err(|problem| vec![problem])
    })?;
    say(&json!({ "pseudonym": erased.pseudonym, "tickets": erased.tickets, "changed": erased.changed }))
}

fn say(value: &serde_json::Value) -> Result {
    let written = writeln!(std::io::stdout().lock(), "{value}");
    written.map(|()| Outcome::Done).map_err(|error| vec![unwritable(&error)])
}
