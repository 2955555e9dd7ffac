//! Facts of tickets: taking them in, once each, and giving them out.

use super::link::{Row, Tx, params};
use super::{Result, Store, StoreError};

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Unique within the ticket; empty for its creation.
    pub id: String,
    /// When it happened, in milliseconds since 1970.
    pub at: i64,
    /// When this store heard of it, unless the fact says otherwise.
    pub recorded_at: i64,
    /// The fact as it came, as JSON text without line breaks.
    pub body: String,
}

/// New facts of one ticket.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The ticket.
    pub ticket: String,
    /// The agreement that it is under, if it is new.
    pub agreement: String,
    /// Alarms before this instant were told elsewhere.
    pub quiet_until: Option<i64>,
    /// What happened, in the order of arrival.
    pub facts: Vec<Fact>,
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is kept.
    Stored,
    /// It was there already.
    Known,
    /// Another fact with the same id is there, and stays.
    Conflict,
}

/// All that is known of a ticket.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The ticket.
    pub ticket: String,
    /// The agreement that it is under.
    pub agreement: String,
    /// Grows with every arrival.
    pub revision: i64,
    /// Alarms before this instant were told elsewhere.
    pub quiet_until: Option<i64>,
    /// What happened, in the order of arrival.
    pub facts: Vec<Fact>,
}

impl Store {
    /// Takes facts in, each ticket once and in the order of their names. After the answer they are on the disk.
    ///
    /// # Errors
    /// The store cannot; then none was taken.
    pub async fn append(&self, tenant: &str, arrivals: Vec<Arrival>) -> Result<Vec<Vec<Taken>>> {
        let tenant = tenant.to_owned();
        self.write(move |tx| Box::pin(async move { append(tx, &tenant, &arrivals).await })).await
    }

    /// What is known of some tickets, in their order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn dossiers(&self, tenant: &str, tickets: &[String]) -> Result<Vec<Option<Dossier>>> {
        let (tenant, tickets) = (tenant.to_owned(), tickets.to_vec());
        self.read(move |tx| {
            Box::pin(async move {
                let names: Vec<_> = tickets.iter().map(|ticket| (&*tenant, &**ticket)).collect();
                dossiers(tx, &names).await
            })
        })
        .await
    }
}

async fn append(tx: &mut Tx, tenant: &str, arrivals: &[Arrival]) -> Result<Vec<Vec<Taken>>> {
    let tickets: Vec<_> = arrivals
        .iter()
        .map(|arrival| {
            let is_creation = arrival.facts.iter().any(|fact| fact.id.is_empty());
            let count = i64::try_from(arrival.facts.len()).unwrap_or(i64::MAX);
            let last = arrival.facts.iter().map(|fact| fact.at).max().unwrap_or_default();
            params![
                tenant,
                &arrival.ticket,
                &arrival.agreement,
                i64::from(is_creation),
                count,
                arrival.quiet_until,
                last
            ]
        })
        .collect();
    // It also locks the ticket, so that the numbers of its facts are its own.
    let sql = "INSERT INTO tickets
            (tenant, ticket, agreement, created, revision, next_at, due_at, is_open, quiet_until, last_at,
             change)
        VALUES ($1, $2, $3, $4, $5, 0, 9223372036854775807, 1, $6, $7, 0)
        ON CONFLICT (tenant, ticket) DO UPDATE SET
            created = CASE WHEN excluded.created > tickets.created THEN 1 ELSE tickets.created END,
            revision = tickets.revision + excluded.revision,
            next_at = 0,
            quiet_until = COALESCE(excluded.quiet_until, tickets.quiet_until),
            last_at = CASE WHEN excluded.last_at > tickets.last_at
                THEN excluded.last_at ELSE tickets.last_at END
        RETURNING revision";
    let revisions = tx.query_each(sql, &tickets).await?;
    let mut facts = Vec::new();
    for (arrival, rows) in arrivals.iter().zip(revisions) {
        let revision = only(rows)?.int()?;
        let first = revision - i64::try_from(arrival.facts.len()).unwrap_or(i64::MAX);
        for (seq, fact) in (first..).zip(&arrival.facts) {
            facts.push(params![
                tenant,
                &arrival.ticket,
                &fact.id,
                seq,
                fact.at,
                fact.recorded_at,
                &fact.body
            ]);
        }
    }
    let sql = "INSERT INTO facts (tenant, ticket, id, seq, at, recorded_at, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, ticket, id) DO NOTHING";
    let mut stored = tx.execute_each(sql, &facts).await?.into_iter();
    let all = arrivals.iter().flat_map(|arrival| arrival.facts.iter().map(move |fact| (arrival, fact)));
    let stored: Vec<u64> = stored.by_ref().collect();
    let there: Vec<_> = all
        .zip(&stored)
        .filter(|(_, count)| **count == 0)
        .map(|((arrival, fact), _)| params![tenant, &arrival.ticket, &fact.id])
        .collect();
    let sql = "SELECT body FROM facts WHERE tenant = $1 AND ticket = $2 AND id = $3";
    let mut there = tx.query_each(sql, &there).await?.into_iter();
    let mut stored = stored.into_iter();
    let mut taken = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let mut each = Vec::with_capacity(arrival.facts.len());
        for fact in &arrival.facts {
            each.push(if stored.next() == Some(1) {
                Taken::Stored
            } else if same(&only(there.next().unwrap_or_default())?.text()?, &fact.body) {
                Taken::Known
            } else {
                Taken::Conflict
            });
        }
        taken.push(each);
    }
    tx.announced.tickets = true;
    Ok(taken)
}

/// Whether two texts say the same, whatever their spaces and the order of their keys.
fn same(one: &str, other: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>;
    one == other || matches!((value(one), value(other)), (Ok(one), Ok(other)) if one == other)
}

fn only(rows: Vec<Row>) -> Result<Row> {
    rows.into_iter().next().ok_or_else(|| StoreError::Unexpected("a row is missing".to_owned()))
}

/// Reads tickets by tenant and name.
pub(super) async fn dossiers(tx: &mut Tx, names: &[(&str, &str)]) -> Result<Vec<Option<Dossier>>> {
    let keys: Vec<_> = names.iter().map(|(tenant, ticket)| params![*tenant, *ticket]).collect();
    let sql = "SELECT agreement, revision, quiet_until FROM tickets WHERE tenant = $1 AND ticket = $2";
    let tickets = tx.query_each(sql, &keys).await?;
    let sql = "SELECT id, at, recorded_at, body FROM facts WHERE tenant = $1 AND ticket = $2 ORDER BY seq";
    let facts = tx.query_each(sql, &keys).await?;
    let mut dossiers = Vec::with_capacity(names.len());
    for (((_, ticket), row), facts) in names.iter().zip(tickets).zip(facts) {
        let Some(mut row) = row.into_iter().next() else {
            dossiers.push(None);
            continue;
        };
        let fact = |mut row: Row| {
            Ok(Fact { id: row.text()?, at: row.int()?, recorded_at: row.int()?, body: row.text()? })
        };
        dossiers.push(Some(Dossier {
            ticket: (*ticket).to_owned(),
            agreement: row.text()?,
            revision: row.int()?,
            quiet_until: row.maybe_int()?,
            facts: facts.into_iter().map(fact).collect::<Result<_>>()?,
        }));
    }
    Ok(dossiers)
}
