//! Backups: every row of one state as JSON Lines, the same from both databases, so that one can be restored into the
//! other when a platform grows.

use std::io::{BufRead, Write};

use serde_json::{Value, json};

use super::link::{Cell, Param, Tx};
use super::{Result, Store, StoreError};

/// The format of the lines.
const FORMAT: i64 = 2;

/// Rows read or written together.
const TOGETHER: usize = 1_000;

/// A table, the columns of its key, and the others.
const TABLES: &[(&str, &[&str], &[&str])] = &[
    ("tokens", &["id"], &["tenant", "role", "name", "hash", "created_at", "revoked_at"]),
    ("agreements", &["tenant", "id", "version"], &["digest", "document", "recorded_at"]),
    ("facts", &["tenant", "ticket", "id"], &["seq", "at", "recorded_at", "body"]),
    (
        "tickets",
        &["tenant", "ticket"],
        &[
            "agreement",
            "created",
            "revision",
            "next_at",
            "due_at",
            "is_open",
            "quiet_until",
            "last_at",
            "change",
            "fault",
        ],
    ),
    (
        "endpoints",
        &["tenant", "id"],
        &["url", "secret", "old_secret", "old_until", "created_at", "disabled_at", "kinds"],
    ),
    ("helpdesks", &["tenant", "adapter"], &["id", "settings", "secret", "created_at"]),
    ("messages", &["tenant", "id"], &["ticket", "kind", "at", "due_at", "state", "body"]),
    (
        "deliveries",
        &["tenant", "endpoint", "message"],
        &["ticket", "at", "due_at", "state", "attempts", "status", "error", "settled_at"],
    ),
    ("figures", &["tenant", "agreement", "month", "clock", "verdict"], &["count"]),
];

impl Store {
    /// Writes everything, at one state; the service may go on meanwhile. Tells how many rows.
    ///
    /// # Errors
    /// The store cannot be read, or the output not be written.
    pub async fn dump(&self, mut out: Box<dyn Write + Send>) -> Result<u64> {
        self.read(move |tx| Box::pin(async move { dump(tx, &mut *out).await })).await
    }

    /// Reads what [`Self::dump`] wrote into an empty store: all of it or nothing.
    ///
    /// # Errors
    /// The store is not empty, or the input is not a backup, or not whole.
    pub async fn restore(&self, mut input: Box<dyn BufRead + Send>) -> Result<u64> {
        self.write(move |tx| Box::pin(async move { restore(tx, &mut *input).await })).await
    }
}

fn cannot(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unexpected(format!("the backup: {error}"))
}

async fn dump(tx: &mut Tx, out: &mut (dyn Write + Send)) -> Result<u64> {
    writeln!(out, "{}", json!({ "slaclock_backup": FORMAT })).map_err(cannot)?;
    let mut count = 0_u64;
    for (table, key, others) in TABLES {
        let columns = [*key, *others].concat().join(", ");
        let order = key.join(", ");
        let mut last: Vec<Param<'static>> = Vec::new();
        loop {
            let places: Vec<_> = (1..=last.len()).map(|place| format!("${place}")).collect();
            let after = if last.is_empty() {
                String::new()
            } else {
                format!("WHERE ({order}) > ({})", places.join(", "))
            };
            let sql = format!("SELECT {columns} FROM {table} {after} ORDER BY {order} LIMIT {TOGETHER}");
            let rows = tx.query(&sql, &last).await?;
            let is_last = rows.len() < TOGETHER;
            for row in rows {
                let cells: Vec<Cell> = row.cells().collect();
                let values: Vec<Value> = cells.iter().map(value).collect();
                writeln!(out, "{}", json!([table, values])).map_err(cannot)?;
                last = cells.into_iter().take(key.len()).map(param).collect();
                count += 1;
            }
            if is_last {
                break;
            }
        }
    }
    writeln!(out, "{}", json!({ "rows": count })).and_then(|()| out.flush()).map_err(cannot)?;
    Ok(count)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Int(value) => json!(value),
        Cell::Text(text) => json!(text),
        Cell::Null => Value::Null,
    }
}

fn param(cell: Cell) -> Param<'static> {
    match cell {
        Cell::Int(value) => Param::Int(value),
        Cell::Text(text) => Param::Text(text.into()),
        Cell::Null => Param::Null,
    }
}

async fn restore(tx: &mut Tx, input: &mut (dyn BufRead + Send)) -> Result<u64> {
    for (table, ..) in TABLES {
        if !tx.query(&format!("SELECT 1 FROM {table} LIMIT 1"), &[]).await?.is_empty() {
            return Err(cannot("the store is not empty; restore into a new one"));
        }
    }
    let mut lines = input.lines();
    let mut next = || -> Result<Value> {
        let line = lines.next().ok_or_else(|| cannot("it ends too early"))?.map_err(cannot)?;
        serde_json::from_str(&line).map_err(cannot)
    };
    let format = next()?["slaclock_backup"].as_i64();
    if !format.is_some_and(|format| (1..=FORMAT).contains(&format)) {
        return Err(cannot("it is not one, or of a newer program"));
    }
    let mut count = 0_u64;
    let mut waiting: Vec<Vec<Param<'static>>> = Vec::new();
    let mut of: Option<usize> = None;
    loop {
        let line = next()?;
        let table = TABLES.iter().position(|(table, ..)| line[0] == **table);
        if table.is_none() && line["rows"] != count {
            return Err(cannot(format!("it has {count} rows and says {}", line["rows"])));
        }
        if of.is_some_and(|of| table != Some(of) || waiting.len() >= TOGETHER) {
            insert(tx, of, &std::mem::take(&mut waiting)).await?;
        }
        of = table;
        if table.is_none() {
            break;
        }
        let values = line[1].as_array().ok_or_else(|| cannot("a line is not a row"))?;
        waiting.push(values.iter().map(written).collect());
        count += 1;
    }
    let sql =
        "UPDATE counters SET value = (SELECT COALESCE(MAX(change), 0) FROM tickets) WHERE name = 'change'";
    tx.execute(sql, &[]).await?;
    // What happened since the backup is found by looking.
    tx.execute("UPDATE tickets SET next_at = 0 WHERE next_at IS NOT NULL", &[]).await?;
    tx.announced.tickets = true;
    tx.announced.deliveries = true;
    Ok(count)
}

fn written(value: &Value) -> Param<'static> {
    match value {
        Value::Number(number) => number.as_i64().map_or(Param::Null, Param::Int),
        Value::String(text) => Param::Text(text.clone().into()),
        _ => Param::Null,
    }
}

async fn insert(tx: &mut Tx, table: Option<usize>, rows: &[Vec<Param<'static>>]) -> Result<()> {
    let Some((table, key, others)) = table.and_then(|table| TABLES.get(table)) else { return Ok(()) };
    let mut columns = [*key, *others].concat();
    let width = rows.first().map_or(0, Vec::len);
    // Columns that came later are the last, so that backups of before are read as well.
    if width < key.len() || width > columns.len() || rows.iter().any(|row| row.len() != width) {
        return Err(cannot(format!("a row of {table} has not {} columns", columns.len())));
    }
    columns.truncate(width);
    let places: Vec<_> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    tx.execute_each(&sql, rows).await.map(drop)
}
