//! Where messages go, what became of each, and what is to be sent next.
//!
//! Messages about one ticket reach one endpoint in the order of their instants: a later one waits until the earlier
//! one is done or given up.

use super::link::{Row, params};
use super::{Result, Store};

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// By which it is changed.
    pub id: String,
    /// Where messages go.
    pub url: String,
    /// Signs them.
    pub secret: String,
    /// Signs them as well, until the instant beside it.
    pub old_secret: Option<(String, i64)>,
    /// When it was made.
    pub created_at: i64,
    /// When it was turned off.
    pub disabled_at: Option<i64>,
    /// Kinds of messages that it wants, divided by spaces; all of them if none.
    pub kinds: Option<String>,
}

/// A message that is to be sent now.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Whose it is.
    pub tenant: String,
    /// Where it goes.
    pub endpoint: Endpoint,
    /// Its id, the same on every attempt.
    pub message: String,
    /// What it is about.
    pub ticket: String,
    /// Attempts, this one included.
    pub attempts: i64,
    /// What is sent.
    pub body: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The receiver has it.
    Done {
        /// What it answered.
        status: i64,
    },
    /// To be tried again.
    Again {
        /// When.
        at: i64,
        /// What it answered, if it did.
        status: Option<i64>,
        /// What went wrong.
        error: String,
    },
    /// Given up.
    Dead {
        /// What it answered, if it did.
        status: Option<i64>,
        /// What went wrong.
        error: String,
        /// The receiver wants nothing more: it is turned off.
        gone: bool,
    },
}

/// A message and what became of it at one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub ticket: String,
    /// Its kind.
    pub kind: String,
    /// When it happened.
    pub at: i64,
    /// When it is to be told.
    pub due_at: Option<i64>,
    /// `due`, `cancelled` or `quiet`.
    pub state: String,
    /// The endpoint, where it has one.
    pub endpoint: Option<String>,
    /// `pending`, `done`, `dead` or `cancelled`, where it has an endpoint.
    pub delivery: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// What the receiver answered last.
    pub status: Option<i64>,
    /// What went wrong last.
    pub error: Option<String>,
}

const ENDPOINT: &str = "id, url, secret, old_secret, old_until, created_at, disabled_at, kinds";

fn endpoint(row: &mut Row) -> Result<Endpoint> {
    let (id, url, secret) = (row.text()?, row.text()?, row.text()?);
    let old_secret = row.maybe_text()?.zip(row.maybe_int()?);
    let (created_at, disabled_at) = (row.int()?, row.maybe_int()?);
    Ok(Endpoint { id, url, secret, old_secret, created_at, disabled_at, kinds: row.maybe_text()? })
}

impl Store {
    /// Keeps an endpoint, new or changed.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn put_endpoint(&self, tenant: &str, endpoint: &Endpoint) -> Result<()> {
        let (tenant, endpoint) = (tenant.to_owned(), endpoint.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "INSERT INTO endpoints
                        (tenant, id, url, secret, old_secret, old_until, created_at, disabled_at, kinds)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    ON CONFLICT (tenant, id) DO UPDATE SET url = excluded.url, secret = excluded.secret,
                        old_secret = excluded.old_secret, old_until = excluded.old_until,
                        disabled_at = excluded.disabled_at, kinds = excluded.kinds";
                let (old, until) = endpoint.old_secret.clone().unzip();
                let row = params![
                    &tenant,
                    &endpoint.id,
                    &endpoint.url,
                    &endpoint.secret,
                    old.as_ref(),
                    until,
                    endpoint.created_at,
                    endpoint.disabled_at,
                    endpoint.kinds.as_ref()
                ];
                tx.execute(sql, &row).await.map(drop)
            })
        })
        .await
    }

    /// The endpoints of a tenant.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn endpoints(&self, tenant: &str) -> Result<Vec<Endpoint>> {
        let tenant = tenant.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql =
                    format!("SELECT {ENDPOINT} FROM endpoints WHERE tenant = $1 ORDER BY created_at, id");
                let rows = tx.query(&sql, &params![&tenant]).await?;
                rows.into_iter().map(|mut row| endpoint(&mut row)).collect()
            })
        })
        .await
    }

    /// Removes an endpoint and what waits for it; whether there was one.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn remove_endpoint(&self, tenant: &str, id: &str) -> Result<bool> {
        let (tenant, id) = (tenant.to_owned(), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let key = params![&tenant, &id];
                tx.execute("DELETE FROM deliveries WHERE tenant = $1 AND endpoint = $2", &key).await?;
                Ok(tx.execute("DELETE FROM endpoints WHERE tenant = $1 AND id = $2", &key).await? > 0)
            })
        })
        .await
    }

    /// The earliest instant after `now` at which something is to be sent.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn next_delivery(&self, now: i64) -> Result<Option<i64>> {
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT due_at FROM deliveries WHERE state = 'pending' AND due_at > $1
                    ORDER BY due_at LIMIT 1";
                tx.first(sql, &params![now]).await?.map(|mut row| row.int()).transpose()
            })
        })
        .await
    }

    /// Takes what is due at `now`, at most one for each ticket and endpoint, for this host until `lease`.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn claim_deliveries(&self, now: i64, lease: i64, limit: i64) -> Result<Vec<Delivery>> {
        self.write(move |tx| {
            Box::pin(async move {
                // An earlier one that is due, on its way or waiting for another attempt goes first; one that is
                // held until an opening does not.
                let sql = "UPDATE deliveries SET due_at = $2, attempts = attempts + 1
                    WHERE (tenant, endpoint, message) IN (
                        SELECT d.tenant, d.endpoint, d.message FROM deliveries d
                        WHERE d.state = 'pending' AND d.due_at <= $1 AND NOT EXISTS (
                            SELECT 1 FROM deliveries e WHERE e.tenant = d.tenant AND e.endpoint = d.endpoint
                            AND e.ticket = d.ticket AND e.state = 'pending'
                            AND (e.attempts > 0 OR e.due_at <= $1) AND e.message <> d.message
                            AND (e.at < d.at OR (e.at = d.at AND e.message < d.message)))
                        ORDER BY d.due_at, d.at LIMIT $3 {lock}
                    ) RETURNING tenant, endpoint, message, ticket, attempts";
                let rows = tx.query(sql, &params![now, lease, limit]).await?;
                let mut claimed = Vec::with_capacity(rows.len());
                for mut row in rows {
                    let (tenant, endpoint) = (row.text()?, row.text()?);
                    claimed.push((tenant, endpoint, row.text()?, row.text()?, row.int()?));
                }
                let keys: Vec<_> =
                    claimed.iter().map(|(tenant, endpoint, ..)| params![tenant, endpoint]).collect();
                let sql = format!("SELECT {ENDPOINT} FROM endpoints WHERE tenant = $1 AND id = $2");
                let endpoints = tx.query_each(&sql, &keys).await?;
                let keys: Vec<_> =
                    claimed.iter().map(|(tenant, _, message, ..)| params![tenant, message]).collect();
                let bodies =
                    tx.query_each("SELECT body FROM messages WHERE tenant = $1 AND id = $2", &keys).await?;
                let mut deliveries = Vec::with_capacity(claimed.len());
                for (((tenant, _, message, ticket, attempts), to), body) in
                    claimed.iter().zip(endpoints).zip(bodies)
                {
                    let (Some(mut to), Some(mut body)) = (to.into_iter().next(), body.into_iter().next())
                    else {
                        continue;
                    };
                    deliveries.push(Delivery {
                        tenant: tenant.clone(),
                        endpoint: endpoint(&mut to)?,
                        message: message.clone(),
                        ticket: ticket.clone(),
                        attempts: *attempts,
                        body: body.text()?,
                    });
                }
                Ok(deliveries)
            })
        })
        .await
    }

    /// Keeps how an attempt ended.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn settle_delivery(&self, delivery: &Delivery, settled: Settled, now: i64) -> Result<()> {
        let delivery = delivery.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let (state, due_at, status, error) = match &settled {
                    Settled::Done { status } => ("done", None, Some(*status), None),
                    Settled::Again { at, status, error } => ("pending", Some(*at), *status, Some(error)),
                    Settled::Dead { status, error, .. } => ("dead", None, *status, Some(error)),
                };
                // What was taken back while it was on its way stays so, unless the receiver has it.
                let sql = "UPDATE deliveries SET
                        state = CASE WHEN state = 'cancelled' AND $4 = 'pending' THEN state ELSE $4 END,
                        due_at = COALESCE($5, due_at), status = $6, error = $7, settled_at = $8
                    WHERE tenant = $1 AND endpoint = $2 AND message = $3 AND state <> 'done'";
                let (tenant, to) = (&delivery.tenant, &delivery.endpoint.id);
                let row = params![tenant, to, &delivery.message, state, due_at, status, error, now];
                tx.execute(sql, &row).await?;
                if matches!(settled, Settled::Dead { gone: true, .. }) {
                    let sql = "UPDATE endpoints SET disabled_at = $3 WHERE tenant = $1 AND id = $2";
                    tx.execute(sql, &params![tenant, to, now]).await?;
                    let sql = "UPDATE deliveries SET state = 'dead', settled_at = $3,
                            error = 'the receiver wants nothing more'
                        WHERE tenant = $1 AND endpoint = $2 AND state = 'pending'";
                    tx.execute(sql, &params![tenant, to, now]).await?;
                }
                tx.announced.deliveries = true;
                Ok(())
            })
        })
        .await
    }

    /// Gives back a message that was taken and not tried: it is due now, unless how an earlier attempt ended was kept since.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn release_delivery(&self, delivery: &Delivery, lease: i64, now: i64) -> Result<()> {
        let delivery = delivery.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE deliveries SET due_at = $5, attempts = attempts - 1
                    WHERE tenant = $1 AND endpoint = $2 AND message = $3 AND state = 'pending' AND due_at = $4";
                let (tenant, to) = (&delivery.tenant, &delivery.endpoint.id);
                tx.execute(sql, &params![tenant, to, &delivery.message, lease, now]).await?;
                tx.announced.deliveries = true;
                Ok(())
            })
        })
        .await
    }

    /// Has messages sent again: one, or all that were given up. Tells how many.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn replay(
        &self,
        tenant: &str,
        endpoint: &str,
        message: Option<&str>,
        since: i64,
        now: i64,
    ) -> Result<u64> {
        let (tenant, endpoint) = (tenant.to_owned(), endpoint.to_owned());
        let message = message.map(str::to_owned);
        self.write(move |tx| {
            Box::pin(async move {
                let replayed = match &message {
                    Some(message) => {
                        // Also one that happened before the endpoint was there.
                        let sql = "INSERT INTO deliveries
                                (tenant, endpoint, message, ticket, at, due_at, state, attempts)
                            SELECT m.tenant, e.id, m.id, m.ticket, m.at, CAST($4 AS BIGINT), 'pending', 0
                            FROM messages m JOIN endpoints e ON e.tenant = m.tenant
                            WHERE m.tenant = $1 AND e.id = $2 AND m.id = $3 AND e.disabled_at IS NULL
                            ON CONFLICT (tenant, endpoint, message) DO UPDATE SET
                                due_at = excluded.due_at, state = 'pending', attempts = 0";
                        tx.execute(sql, &params![&tenant, &endpoint, message, now]).await?
                    }
                    None => {
                        let sql = "UPDATE deliveries SET state = 'pending', due_at = $4, attempts = 0
                            WHERE tenant = $1 AND endpoint = $2 AND state = 'dead' AND at >= $3
                            AND EXISTS (SELECT 1 FROM endpoints e WHERE e.tenant = $1 AND e.id = $2
                                AND e.disabled_at IS NULL)";
                        tx.execute(sql, &params![&tenant, &endpoint, since, now]).await?
                    }
                };
                tx.announced.deliveries = replayed > 0;
                Ok(replayed)
            })
        })
        .await
    }

    /// Messages with what became of them, newest first; of one ticket, or of one state of delivery.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn messages(
        &self,
        tenant: &str,
        ticket: Option<&str>,
        delivery: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let tenant = tenant.to_owned();
        let (ticket, delivery) = (ticket.map(str::to_owned), delivery.map(str::to_owned));
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT m.id, m.ticket, m.kind, m.at, m.due_at, m.state,
                        d.endpoint, d.state, COALESCE(d.attempts, 0), d.status, d.error
                    FROM messages m LEFT JOIN deliveries d ON d.tenant = m.tenant AND d.message = m.id
                    WHERE m.tenant = $1 AND (CAST($2 AS TEXT) IS NULL OR m.ticket = $2)
                        AND (CAST($3 AS TEXT) IS NULL OR d.state = $3)
                    ORDER BY m.at DESC, m.id LIMIT $4";
                let rows =
                    tx.query(sql, &params![&tenant, ticket.as_ref(), delivery.as_ref(), limit]).await?;
                let message = |mut row: Row| {
                    Ok(Message {
                        id: row.text()?,
                        ticket: row.text()?,
                        kind: row.text()?,
                        at: row.int()?,
                        due_at: row.maybe_int()?,
                        state: row.text()?,
                        endpoint: row.maybe_text()?,
                        delivery: row.maybe_text()?,
                        attempts: row.int()?,
                        status: row.maybe_int()?,
                        error: row.maybe_text()?,
                    })
                };
                rows.into_iter().map(message).collect()
            })
        })
        .await
    }
}
