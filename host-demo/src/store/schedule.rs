//! When tickets are to be looked at again, and what came of looking: the index and the outbox, in one transaction.

use std::collections::HashMap;

use super::link::{Param, Tx, params};
use super::{Dossier, Result, Store, StoreError, facts};

/// A ticket that is to be looked at.
#[derive(Debug, Clone)]
pub struct Due {
    /// Whose it is.
    pub tenant: String,
    /// When it was due: 0 for at once, or the end of another host's time.
    pub next_at: i64,
    /// All that is known of it.
    pub dossier: Dossier,
}

/// An alarm whose instant has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The same whenever and wherever it is found.
    pub id: String,
    /// Kind of the message.
    pub kind: &'static str,
    /// When it happened.
    pub at: i64,
    /// When it is to be told; never if none.
    pub due_at: Option<i64>,
    /// The message, as JSON text.
    pub body: String,
}

/// What came of looking at a ticket.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Whose it is.
    pub tenant: String,
    /// The ticket.
    pub ticket: String,
    /// What was looked at.
    pub revision: i64,
    /// When to look again.
    pub next_at: Option<i64>,
    /// Earliest due time of an open clock.
    pub due_at: Option<i64>,
    /// Whether a clock is open.
    pub is_open: bool,
    /// Why it cannot be evaluated, as JSON text.
    pub fault: Option<String>,
    /// Alarms whose instants have passed. What was written earlier and is not among them is taken back.
    /// None where nothing can be said, because the ticket cannot be evaluated.
    pub alarms: Option<Vec<Alarm>>,
    /// Alarms before this instant were told elsewhere.
    pub quiet_until: Option<i64>,
}

/// A place in the order of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardKey {
    /// When the ticket is due.
    pub due_at: i64,
    /// The ticket.
    pub ticket: String,
}

impl BoardKey {
    /// Before all others.
    #[must_use]
    pub const fn first() -> Self {
        Self { due_at: -1, ticket: String::new() }
    }
}

/// Due time of what is never due: after all others.
const NEVER: i64 = i64::MAX;

impl Store {
    /// Tickets of a tenant in the order in which they are due, after a place.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn board(
        &self,
        tenant: &str,
        is_open: bool,
        after: &BoardKey,
        limit: i64,
    ) -> Result<Vec<(BoardKey, Dossier)>> {
        let (tenant, after) = (tenant.to_owned(), after.clone());
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT due_at, ticket FROM tickets
                    WHERE tenant = $1 AND is_open = $2 AND (due_at, ticket) > ($3, $4)
                    ORDER BY due_at, ticket LIMIT $5";
                let row = params![&tenant, i64::from(is_open), after.due_at, &after.ticket, limit];
                let mut keys = Vec::new();
                for mut row in tx.query(sql, &row).await? {
                    keys.push(BoardKey { due_at: row.int()?, ticket: row.text()? });
                }
                let names: Vec<_> = keys.iter().map(|key| (&*tenant, &*key.ticket)).collect();
                let dossiers = facts::dossiers(tx, &names).await?;
                Ok(keys.into_iter().zip(dossiers).filter_map(|(key, found)| Some((key, found?))).collect())
            })
        })
        .await
    }

    /// The earliest instant at which a ticket is to be looked at.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn next_look(&self) -> Result<Option<i64>> {
        self.read(|tx| {
            Box::pin(async move {
                let sql = "SELECT next_at FROM tickets WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1";
                tx.first(sql, &[]).await?.map(|mut row| row.int()).transpose()
            })
        })
        .await
    }

    /// Takes the first tickets that are due at `now`. On a shared database they are this host's until `lease`;
    /// if it does not settle them by then, they are due again for any host.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn claim_tickets(&self, now: i64, lease: i64, limit: i64) -> Result<Vec<Due>> {
        // A database of one process has one schedule, which need not tell others what it took.
        if self.is_shared() {
            self.write(move |tx| Box::pin(claim(tx, now, lease, limit))).await
        } else {
            self.read(move |tx| Box::pin(claim(tx, now, lease, limit))).await
        }
    }

    /// Tickets of a tenant that changed after a position, in the order of their last changes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn changes(&self, tenant: &str, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
        let tenant = tenant.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql = "SELECT change, ticket FROM tickets WHERE tenant = $1 AND change > $2
                    ORDER BY change LIMIT $3";
                let rows = tx.query(sql, &params![&tenant, after, limit]).await?;
                rows.into_iter().map(|mut row| Ok((row.int()?, row.text()?))).collect()
            })
        })
        .await
    }

    /// The position of the last change.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn last_change(&self) -> Result<i64> {
        self.read(|tx| {
            Box::pin(async move {
                let row = tx.first("SELECT value FROM counters WHERE name = 'change'", &[]).await?;
                row.map_or(Ok(0), |mut row| row.int())
            })
        })
        .await
    }

    /// Keeps what came of looking, for each ticket that has not changed meanwhile. Tells how many alarms are new.
    ///
    /// # Errors
    /// The store cannot; then nothing was kept.
    pub async fn settle_tickets(&self, looked: Vec<Looked>) -> Result<u64> {
        self.write(move |tx| Box::pin(async move { settle(tx, &looked).await })).await
    }
}

async fn claim(tx: &mut Tx, now: i64, lease: i64, limit: i64) -> Result<Vec<Due>> {
    let mut rows = if tx.is_shared() {
        let sql = "UPDATE tickets SET next_at = $2 WHERE (tenant, ticket) IN (
                SELECT tenant, ticket FROM tickets WHERE next_at <= $1 ORDER BY next_at LIMIT $3 {lock}
            ) RETURNING tenant, ticket, CAST(0 AS BIGINT)";
        tx.query(sql, &params![now, lease, limit]).await?
    } else {
        let sql = "SELECT tenant, ticket, next_at FROM tickets WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
        tx.query(sql, &params![now, limit]).await?
    };
    let mut names = Vec::with_capacity(rows.len());
    for row in &mut rows {
        names.push((row.text()?, row.text()?, row.int()?));
    }
    let keys: Vec<_> = names.iter().map(|(tenant, ticket, _)| (&**tenant, &**ticket)).collect();
    let dossiers = facts::dossiers(tx, &keys).await?;
    let due = names.into_iter().zip(dossiers);
    let found =
        due.filter_map(|((tenant, _, next_at), dossier)| Some(Due { tenant, next_at, dossier: dossier? }));
    Ok(found.collect())
}

async fn settle(tx: &mut Tx, looked: &[Looked]) -> Result<u64> {
    // The order in which locks are taken is the same on every host.
    let mut looked: Vec<&Looked> = looked.iter().collect();
    looked.sort_by(|one, other| (&one.tenant, &one.ticket).cmp(&(&other.tenant, &other.ticket)));
    let count = i64::try_from(looked.len()).unwrap_or(i64::MAX);
    // Held to the end of the transaction: changes become visible in the order of their numbers.
    let sql = "UPDATE counters SET value = value + $1 WHERE name = 'change' RETURNING value";
    let row = tx.first(sql, &params![count]).await?;
    let last = row.ok_or_else(|| StoreError::Unexpected("a counter is missing".to_owned()))?.int()?;
    let sets: Vec<Vec<Param<'_>>> = looked
        .iter()
        .zip(last - count + 1..)
        .map(|(look, change)| {
            params![
                &look.tenant,
                &look.ticket,
                look.revision,
                look.next_at,
                look.due_at.unwrap_or(NEVER),
                i64::from(look.is_open),
                look.fault.as_ref(),
                change
            ]
        })
        .collect();
    let sql = "UPDATE tickets SET next_at = $4, due_at = $5, is_open = $6, fault = $7, change = $8
        WHERE tenant = $1 AND ticket = $2 AND revision = $3";
    let kept = tx.execute_each(sql, &sets).await?;
    // One that changed meanwhile is due already and will be looked at again.
    let kept: Vec<&Looked> =
        looked.iter().zip(kept).filter(|(_, count)| *count > 0).map(|(look, _)| *look).collect();
    tx.announced.changes |= !kept.is_empty();
    write_outbox(tx, &kept).await
}

/// Brings the outbox to what was found: new alarms in, moot ones out.
async fn write_outbox(tx: &mut Tx, kept: &[&Looked]) -> Result<u64> {
    let judged: Vec<(&&Looked, &Vec<Alarm>)> =
        kept.iter().filter_map(|look| look.alarms.as_ref().map(|alarms| (look, alarms))).collect();
    let keys: Vec<_> = judged.iter().map(|(look, _)| params![&look.tenant, &look.ticket]).collect();
    let sql = "SELECT id, state, due_at FROM messages WHERE tenant = $1 AND ticket = $2";
    let there = tx.query_each(sql, &keys).await?;
    let mut changes = Changes::default();
    for ((look, alarms), rows) in judged.iter().zip(there) {
        let mut there = HashMap::new();
        for mut row in rows {
            there.insert(row.text()?, (row.text()?, row.maybe_int()?));
        }
        for alarm in *alarms {
            match there.remove(&alarm.id) {
                None => changes.new.push((look, alarm)),
                Some((state, _)) if state == "cancelled" => changes.revived.push((look, alarm)),
                Some((state, due_at)) if state == "due" && due_at != alarm.due_at => {
                    changes.moved.push((look, alarm));
                }
                Some(_) => {}
            }
        }
        let moot = there.into_iter().filter(|(_, (state, _))| state == "due").map(|(id, _)| id);
        changes.moot.extend(moot.map(|id| (&*look.tenant, id)));
    }
    changes.write(tx).await
}

#[derive(Default)]
struct Changes<'l> {
    new: Vec<(&'l Looked, &'l Alarm)>,
    revived: Vec<(&'l Looked, &'l Alarm)>,
    moved: Vec<(&'l Looked, &'l Alarm)>,
    moot: Vec<(&'l str, String)>,
}

impl Changes<'_> {
    async fn write(&self, tx: &mut Tx) -> Result<u64> {
        let message =
            |(look, alarm): &(&Looked, &Alarm)| look.quiet_until.is_none_or(|until| alarm.at >= until);
        let sets: Vec<_> = self
            .new
            .iter()
            .map(|found| {
                let (look, alarm) = found;
                let state = if message(found) { "due" } else { "quiet" };
                params![
                    &look.tenant,
                    &alarm.id,
                    &look.ticket,
                    alarm.kind,
                    alarm.at,
                    alarm.due_at,
                    state,
                    &alarm.body
                ]
            })
            .collect();
        let sql = "INSERT INTO messages (tenant, id, ticket, kind, at, due_at, state, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, id) DO NOTHING";
        tx.execute_each(sql, &sets).await?;
        let to_tell: Vec<_> =
            self.new.iter().filter(|found| message(found) && found.1.due_at.is_some()).collect();
        let sets: Vec<_> = to_tell
            .iter()
            .map(|(look, alarm)| {
                params![&look.tenant, &alarm.id, &look.ticket, alarm.at, alarm.due_at, alarm.kind]
            })
            .collect();
        let sql = "INSERT INTO deliveries (tenant, endpoint, message, ticket, at, due_at, state, attempts)
            SELECT tenant, id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                'pending', 0 FROM endpoints
            WHERE tenant = $1 AND disabled_at IS NULL
                AND (kinds IS NULL OR ' ' || kinds || ' ' LIKE '% ' || CAST($6 AS TEXT) || ' %') ON CONFLICT (tenant, endpoint, message) DO NOTHING";
        tx.execute_each(sql, &sets).await?;

        let sets: Vec<_> = self.moot.iter().map(|(tenant, id)| params![*tenant, id]).collect();
        let sql = "UPDATE messages SET state = 'cancelled' WHERE tenant = $1 AND id = $2";
        tx.execute_each(sql, &sets).await?;
        let sql = "UPDATE deliveries SET state = 'cancelled'
            WHERE tenant = $1 AND message = $2 AND state = 'pending'";
        tx.execute_each(sql, &sets).await?;

        let again = self.revived.iter().chain(&self.moved);
        let sets: Vec<_> =
            again.map(|(look, alarm)| params![&look.tenant, &alarm.id, alarm.due_at, &alarm.body]).collect();
        let sql = "UPDATE messages SET state = 'due', due_at = $3, body = $4 WHERE tenant = $1 AND id = $2";
        tx.execute_each(sql, &sets).await?;
        let sets: Vec<_> = self
            .revived
            .iter()
            .chain(&self.moved)
            .map(|(look, alarm)| params![&look.tenant, &alarm.id, alarm.due_at])
            .collect();
        // What never was to be told has no delivery; one that was tried keeps its own time.
        let sql = "UPDATE deliveries SET state = 'pending', due_at = COALESCE($3, due_at)
            WHERE tenant = $1 AND message = $2 AND state IN ('pending', 'cancelled') AND attempts = 0";
        tx.execute_each(sql, &sets).await?;
        tx.announced.deliveries |= !sets.is_empty() || !to_tell.is_empty();
        Ok(to_tell.len() as u64)
    }
}
