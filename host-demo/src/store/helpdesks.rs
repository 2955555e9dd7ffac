//! Helpdesks that send messages, and how these are read.

use super::link::{Row, params};
use super::{Result, Store};

/// A helpdesk of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helpdesk {
    /// Whose it is.
    pub tenant: String,
    /// The adapter that reads it.
    pub adapter: String,
    /// A part of the address to which it sends.
    pub id: String,
    /// How its messages are read, as JSON text.
    pub settings: String,
    /// Verifies that messages are its own.
    pub secret: Option<String>,
    /// When it was set up.
    pub created_at: i64,
}

const COLUMNS: &str = "tenant, adapter, id, settings, secret, created_at";

fn helpdesk(mut row: Row) -> Result<Helpdesk> {
    let (tenant, adapter, id) = (row.text()?, row.text()?, row.text()?);
    let (settings, secret) = (row.text()?, row.maybe_text()?);
    Ok(Helpdesk { tenant, adapter, id, settings, secret, created_at: row.int()? })
}

impl Store {
    /// Keeps a helpdesk, new or changed. One that is there keeps its address, and its secret where no other is given.
    /// Tells what is kept.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn put_helpdesk(&self, new: &Helpdesk) -> Result<Helpdesk> {
        let new = new.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "INSERT INTO helpdesks ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (tenant, adapter) DO UPDATE SET settings = excluded.settings,
                         secret = COALESCE(excluded.secret, helpdesks.secret)
                     RETURNING {COLUMNS}"
                );
                let row = params![
                    &new.tenant,
                    &new.adapter,
                    &new.id,
                    &new.settings,
                    new.secret.as_ref(),
                    new.created_at
                ];
                tx.first(&sql, &row).await?.map_or(Ok(new.clone()), helpdesk)
            })
        })
        .await
    }

    /// The helpdesks of a tenant.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn helpdesks(&self, tenant: &str) -> Result<Vec<Helpdesk>> {
        let tenant = tenant.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!("SELECT {COLUMNS} FROM helpdesks WHERE tenant = $1 ORDER BY adapter");
                tx.query(&sql, &params![&tenant]).await?.into_iter().map(helpdesk).collect()
            })
        })
        .await
    }

    /// The helpdesk of an address.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn helpdesk(&self, id: &str) -> Result<Option<Helpdesk>> {
        let id = id.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!("SELECT {COLUMNS} FROM helpdesks WHERE id = $1");
                tx.first(&sql, &params![&id]).await?.map(helpdesk).transpose()
            })
        })
        .await
    }

    /// Removes a helpdesk; whether there was one. Its tickets stay.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn remove_helpdesk(&self, tenant: &str, adapter: &str) -> Result<bool> {
        let (tenant, adapter) = (tenant.to_owned(), adapter.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "DELETE FROM helpdesks WHERE tenant = $1 AND adapter = $2";
                Ok(tx.execute(sql, &params![&tenant, &adapter]).await? > 0)
            })
        })
        .await
    }
}
