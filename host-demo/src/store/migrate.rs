//! The numbered steps by which a database becomes what this program expects.

use super::link::{Tx, params};
use super::{Result, StoreError};

/// Every step, in order. A step that was released is never changed; a new one is added.
const STEPS: &[(i64, &str)] =
    &[(1, include_str!("migrations/0001_first.sql")), (2, include_str!("migrations/0002_helpdesks.sql"))];

/// Brings the database up to this program. Several hosts may start at once.
pub(super) async fn run(tx: &mut Tx) -> Result<()> {
    if tx.is_shared() {
        // Any number will do, as long as all hosts have the same.
        tx.query("SELECT CAST(pg_advisory_xact_lock(7525127) AS TEXT)", &[]).await?;
    }
    tx.batch("CREATE TABLE IF NOT EXISTS migrations (step BIGINT NOT NULL PRIMARY KEY)").await?;
    let mut row = tx.first("SELECT COALESCE(MAX(step), 0) FROM migrations", &[]).await?;
    let at = row.as_mut().map_or(Ok(0), |row| row.int())?;
    let newest = STEPS.last().map_or(0, |(step, _)| *step);
    if at > newest {
        let message = format!("it was written by a newer program (step {at}; this one knows {newest})");
        return Err(StoreError::Unexpected(message));
    }
    for (step, text) in STEPS.iter().filter(|(step, _)| *step > at) {
        tx.batch(&for_one(text, tx.is_shared())).await?;
        tx.execute("INSERT INTO migrations (step) VALUES ($1)", &params![*step]).await?;
    }
    Ok(())
}

/// The text of a step for one kind of database.
fn for_one(text: &str, is_postgres: bool) -> String {
    let (ours, others) =
        if is_postgres { ("--postgres ", "--sqlite ") } else { ("--sqlite ", "--postgres ") };
    let lines = text.lines().filter(|line| !line.starts_with(others));
    lines.map(|line| line.strip_prefix(ours).unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
