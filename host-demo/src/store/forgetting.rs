//! What goes: old tickets, of which figures stay, and what a requester asks to be erased.

use std::collections::BTreeMap;

use super::link::params;
use super::{Dossier, Fact, Result, Store, facts};

/// Tables with rows of a ticket.
const OF_A_TICKET: [&str; 4] = ["facts", "messages", "deliveries", "tickets"];

/// How many clocks of tickets created in a month ended how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    /// The agreement.
    pub agreement: String,
    /// Such as `2026-11`.
    pub month: String,
    /// Name of the clock.
    pub clock: String,
    /// `met`, `breached` or `cancelled`.
    pub verdict: String,
}

impl Store {
    /// Tickets of a tenant, or of all, without an open clock of which nothing was heard since an instant, after a name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn old_tickets(
        &self,
        of: Option<&str>,
        before: i64,
        after: (&str, &str),
        limit: i64,
    ) -> Result<Vec<(String, Dossier)>> {
        let (tenant, ticket) = (after.0.to_owned(), after.1.to_owned());
        let of = of.map(str::to_owned);
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT tenant, ticket FROM tickets
                    WHERE is_open = 0 AND next_at IS NULL AND last_at < $1 AND (tenant, ticket) > ($2, $3)
                    AND (CAST($5 AS TEXT) IS NULL OR tenant = $5)
                    ORDER BY tenant, ticket LIMIT $4";
                let rows = tx.query(sql, &params![before, &tenant, &ticket, limit, of.as_ref()]).await?;
                let mut names = Vec::with_capacity(rows.len());
                for mut row in rows {
                    names.push((row.text()?, row.text()?));
                }
                let keys: Vec<_> = names.iter().map(|(tenant, ticket)| (&**tenant, &**ticket)).collect();
                let found = facts::dossiers(tx, &keys).await?;
                Ok(names
                    .into_iter()
                    .zip(found)
                    .filter_map(|((tenant, _), found)| Some((tenant, found?)))
                    .collect())
            })
        })
        .await
    }

    /// Removes tickets that have not changed meanwhile, and adds to the figures that stay of them.
    ///
    /// # Errors
    /// The store cannot; then nothing was removed.
    pub async fn purge(&self, tickets: Vec<(String, String, i64, Vec<Figure>)>) -> Result<u64> {
        self.write(move |tx| {
            Box::pin(async move {
                let keys: Vec<_> = tickets
                    .iter()
                    .map(|(tenant, ticket, revision, _)| params![tenant, ticket, *revision])
                    .collect();
                let sql = "DELETE FROM tickets WHERE tenant = $1 AND ticket = $2 AND revision = $3";
                let gone = tx.execute_each(sql, &keys).await?;
                let gone: Vec<_> = tickets.iter().zip(gone).filter(|(_, count)| *count > 0).collect();
                let keys: Vec<_> =
                    gone.iter().map(|((tenant, ticket, ..), _)| params![tenant, ticket]).collect();
                for table in OF_A_TICKET {
                    let sql = format!("DELETE FROM {table} WHERE tenant = $1 AND ticket = $2");
                    tx.execute_each(&sql, &keys).await?;
                }
                let mut figures: BTreeMap<(&str, &Figure), i64> = BTreeMap::new();
                for ((tenant, _, _, found), _) in &gone {
                    for figure in found {
                        *figures.entry((tenant.as_str(), figure)).or_default() += 1;
                    }
                }
                let rows: Vec<_> = figures
                    .iter()
                    .map(|((tenant, figure), count)| {
                        let Figure { agreement, month, clock, verdict } = figure;
                        params![*tenant, agreement, month, clock, verdict, *count]
                    })
                    .collect();
                let sql = "INSERT INTO figures (tenant, agreement, month, clock, verdict, count)
                    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, agreement, month, clock, verdict)
                    DO UPDATE SET count = figures.count + excluded.count";
                tx.execute_each(sql, &rows).await?;
                Ok(gone.len() as u64)
            })
        })
        .await
    }

    /// Tickets of a tenant whose facts contain a text, after a name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn tickets_with(
        &self,
        tenant: &str,
        text: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Dossier>> {
        let (tenant, text, after) = (tenant.to_owned(), text.to_owned(), after.to_owned());
        self.read(move |tx| {
            Box::pin(async move {
                let place = if tx.is_shared() { "STRPOS(body, $3)" } else { "INSTR(body, $3)" };
                let sql = format!(
                    "SELECT DISTINCT ticket FROM facts WHERE tenant = $1 AND ticket > $2 AND {place} > 0
                     ORDER BY ticket LIMIT $4"
                );
                let rows = tx.query(&sql, &params![&tenant, &after, &text, limit]).await?;
                let names: Result<Vec<String>> = rows.into_iter().map(|mut row| row.text()).collect();
                let names = names?;
                let keys: Vec<_> = names.iter().map(|ticket| (&*tenant, &**ticket)).collect();
                Ok(facts::dossiers(tx, &keys).await?.into_iter().flatten().collect())
            })
        })
        .await
    }

    /// Puts other texts in the place of facts of a ticket that has not changed meanwhile; whether it did.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn rewrite(&self, tenant: &str, ticket: &str, revision: i64, facts: Vec<Fact>) -> Result<bool> {
        let (tenant, ticket) = (tenant.to_owned(), ticket.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE tickets SET revision = revision + 1, next_at = 0
                    WHERE tenant = $1 AND ticket = $2 AND revision = $3";
                if tx.execute(sql, &params![&tenant, &ticket, revision]).await? == 0 {
                    return Ok(false);
                }
                let rows: Vec<_> =
                    facts.iter().map(|fact| params![&tenant, &ticket, &fact.id, &fact.body]).collect();
                let sql = "UPDATE facts SET body = $4 WHERE tenant = $1 AND ticket = $2 AND id = $3";
                tx.execute_each(sql, &rows).await?;
                tx.announced.tickets = true;
                Ok(true)
            })
        })
        .await
    }

    /// Gives erased space back, so that nothing of it is left in the file or its log.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn scrub(&self) -> Result<()> {
        // PostgreSQL reuses the space when its own vacuum comes by, and keeps its log as its operator says.
        if self.is_shared() {
            return Ok(());
        }
        // The log of SQLite is emptied into the file, whose free pages are overwritten already.
        self.read(|tx| {
            Box::pin(async move { tx.batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN").await })
        })
        .await
    }

    /// The figures of purged tickets of a tenant.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn figures(&self, tenant: &str) -> Result<Vec<(Figure, i64)>> {
        let tenant = tenant.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT agreement, month, clock, verdict, count FROM figures WHERE tenant = $1
                    ORDER BY agreement, month, clock, verdict";
                let rows = tx.query(sql, &params![&tenant]).await?;
                let figure = |mut row: super::link::Row| {
                    let (agreement, month) = (row.text()?, row.text()?);
                    let (clock, verdict) = (row.text()?, row.text()?);
                    Ok((Figure { agreement, month, clock, verdict }, row.int()?))
                };
                rows.into_iter().map(figure).collect()
            })
        })
        .await
    }
}
