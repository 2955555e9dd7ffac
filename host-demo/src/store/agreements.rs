//! Agreements: every upload that says something new is a version, and stays.

use super::link::{Row, params};
use super::{Result, Store};

/// A version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// From 1.
    pub version: i64,
    /// SHA-256 of the document.
    pub digest: String,
    /// When it was uploaded.
    pub recorded_at: i64,
}

/// A version with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which.
    pub recorded: Recorded,
    /// The document, as JSON text.
    pub document: String,
}

const COLUMNS: &str = "id, version, digest, recorded_at";

fn recorded(row: &mut Row) -> Result<Recorded> {
    Ok(Recorded { id: row.text()?, version: row.int()?, digest: row.text()?, recorded_at: row.int()? })
}

impl Store {
    /// Keeps a version, unless it is the last one already, and has its tickets looked at again.
    /// Tells whether it is new.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn put_agreement(
        &self,
        tenant: &str,
        id: &str,
        digest: &str,
        document: String,
        now: i64,
    ) -> Result<(Recorded, bool)> {
        let (tenant, id, digest) = (tenant.to_owned(), id.to_owned(), digest.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM agreements WHERE tenant = $1 AND id = $2 ORDER BY version DESC LIMIT 1"
                );
                let last = tx.first(&sql, &params![&tenant, &id]).await?;
                let last = last.map(|mut row| recorded(&mut row)).transpose()?;
                if let Some(last) = last.as_ref().filter(|last| last.digest == digest) {
                    return Ok((last.clone(), false));
                }
                let version = last.map_or(0, |last| last.version) + 1;
                let sql = "INSERT INTO agreements (tenant, id, version, digest, document, recorded_at)
                    VALUES ($1, $2, $3, $4, $5, $6)";
                let row = params![&tenant, &id, version, &digest, &document, now];
                tx.execute(sql, &row).await?;
                let sql = "UPDATE tickets SET next_at = 0, revision = revision + 1
                    WHERE tenant = $1 AND agreement = $2";
                tx.execute(sql, &params![&tenant, &id]).await?;
                tx.announced.tickets = true;
                Ok((Recorded { id, version, digest, recorded_at: now }, true))
            })
        })
        .await
    }

    /// The newest version that was recorded at an instant, or at all; without its document.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn agreement(&self, tenant: &str, id: &str, known_at: Option<i64>) -> Result<Option<Recorded>> {
        let (tenant, id) = (tenant.to_owned(), id.to_owned());
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM agreements WHERE tenant = $1 AND id = $2 AND recorded_at <= $3
                     ORDER BY version DESC LIMIT 1"
                );
                let row = tx.first(&sql, &params![&tenant, &id, known_at.unwrap_or(i64::MAX)]).await?;
                row.map(|mut row| recorded(&mut row)).transpose()
            })
        })
        .await
    }

    /// A version with its document; the newest if none is named.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn agreement_document(
        &self,
        tenant: &str,
        id: &str,
        version: Option<i64>,
    ) -> Result<Option<Agreement>> {
        let (tenant, id) = (tenant.to_owned(), id.to_owned());
        self.read(move |tx| {
            Box::pin(async move {
                let (first, last) = version.map_or((0, i64::MAX), |version| (version, version));
                let sql = format!(
                    "SELECT {COLUMNS}, document FROM agreements
                     WHERE tenant = $1 AND id = $2 AND version BETWEEN $3 AND $4
                     ORDER BY version DESC LIMIT 1"
                );
                let row = tx.first(&sql, &params![&tenant, &id, first, last]).await?;
                let agreement =
                    |mut row: Row| Ok(Agreement { recorded: recorded(&mut row)?, document: row.text()? });
                row.map(agreement).transpose()
            })
        })
        .await
    }

    /// Every version of one agreement, or of all, by id and version.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn agreements(&self, tenant: &str, id: Option<&str>) -> Result<Vec<Recorded>> {
        let (tenant, id) = (tenant.to_owned(), id.map(str::to_owned));
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM agreements
                     WHERE tenant = $1 AND (CAST($2 AS TEXT) IS NULL OR id = $2) ORDER BY id, version"
                );
                let rows = tx.query(&sql, &params![&tenant, id.as_ref()]).await?;
                rows.into_iter().map(|mut row| recorded(&mut row)).collect()
            })
        })
        .await
    }
}
