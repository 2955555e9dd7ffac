//! A transaction on either database, so that every query is written once.
//!
//! The statements keep to what SQLite and PostgreSQL share. Where they differ, `{lock}` stands for what lets
//! several hosts pass over each other's rows, which a database of one process does not need.

use std::borrow::Cow;

use bytes::BytesMut;
use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use rusqlite::types::ValueRef;
use tokio_postgres::Statement;
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

/// A value given to a statement.
#[derive(Debug, Clone)]
pub(super) enum Param<'p> {
    Int(i64),
    Text(Cow<'p, str>),
    Null,
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<'p> From<&'p str> for Param<'p> {
    fn from(value: &'p str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'p> From<&'p String> for Param<'p> {
    fn from(value: &'p String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'p, T: Into<Param<'p>>> From<Option<T>> for Param<'p> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Makes the parameters of one statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { Vec::from([$($crate::store::link::Param::from($value)),*]) };
}
pub(super) use params;

/// A value of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Int(i64),
    Text(String),
    Null,
}

/// A row of an answer, read from its left end.
#[derive(Debug)]
pub(super) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    fn wrong<T>(cell: Option<Cell>) -> Result<T> {
        Err(StoreError::Unexpected(format!("a column holds {cell:?}")))
    }

    /// The next column, a number.
    pub(super) fn int(&mut self) -> Result<i64> {
        match self.0.next() {
            Some(Cell::Int(value)) => Ok(value),
            other => Self::wrong(other),
        }
    }

    /// The next column, a number or null.
    pub(super) fn maybe_int(&mut self) -> Result<Option<i64>> {
        match self.0.next() {
            Some(Cell::Int(value)) => Ok(Some(value)),
            Some(Cell::Null) => Ok(None),
            other => Self::wrong(other),
        }
    }

    /// The next column, a text.
    pub(super) fn text(&mut self) -> Result<String> {
        match self.0.next() {
            Some(Cell::Text(value)) => Ok(value),
            other => Self::wrong(other),
        }
    }

    /// The next column, a text or null.
    pub(super) fn maybe_text(&mut self) -> Result<Option<String>> {
        match self.0.next() {
            Some(Cell::Text(value)) => Ok(Some(value)),
            Some(Cell::Null) => Ok(None),
            other => Self::wrong(other),
        }
    }

    /// The columns that are left.
    pub(super) fn cells(self) -> impl Iterator<Item = Cell> {
        self.0
    }
}

/// Who is to be woken when the transaction is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Announced {
    pub(super) tickets: bool,
    pub(super) deliveries: bool,
    pub(super) changes: bool,
}

/// An open transaction.
pub(super) struct Tx {
    pub(super) on: On,
    pub(super) announced: Announced,
}

pub(super) enum On {
    Sqlite(Box<rusqlite::Connection>),
    Postgres(Box<Object>),
}

impl Tx {
    /// Rows of an answer.
    pub(super) async fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match &self.on {
            On::Sqlite(connection) => sqlite_query(connection, &for_sqlite(sql), params),
            On::Postgres(client) => {
                let statement = client.prepare_cached(&for_postgres(sql)).await?;
                ask(client, &statement, params).await
            }
        }
    }

    /// The only row of an answer, if there is one.
    pub(super) async fn first(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// How many rows a statement changed.
    pub(super) async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        match &self.on {
            On::Sqlite(connection) => sqlite_execute(connection, &for_sqlite(sql), params),
            On::Postgres(client) => {
                let statement = client.prepare_cached(&for_postgres(sql)).await?;
                tell(client, &statement, params).await
            }
        }
    }

    /// The same question for each set of parameters; over a network they are asked without waiting in between.
    pub(super) async fn query_each(&mut self, sql: &str, sets: &[Vec<Param<'_>>]) -> Result<Vec<Vec<Row>>> {
        match &self.on {
            On::Sqlite(connection) => {
                let sql = for_sqlite(sql);
                sets.iter().map(|params| sqlite_query(connection, &sql, params)).collect()
            }
            On::Postgres(client) => {
                let statement = client.prepare_cached(&for_postgres(sql)).await?;
                try_join_all(sets.iter().map(|params| ask(client, &statement, params))).await
            }
        }
    }

    /// The same statement for each set of parameters: how many rows each changed.
    pub(super) async fn execute_each(&mut self, sql: &str, sets: &[Vec<Param<'_>>]) -> Result<Vec<u64>> {
        match &self.on {
            On::Sqlite(connection) => {
                let sql = for_sqlite(sql);
                sets.iter().map(|params| sqlite_execute(connection, &sql, params)).collect()
            }
            On::Postgres(client) => {
                let statement = client.prepare_cached(&for_postgres(sql)).await?;
                try_join_all(sets.iter().map(|params| tell(client, &statement, params))).await
            }
        }
    }

    /// Several statements without parameters.
    pub(super) async fn batch(&mut self, sql: &str) -> Result<()> {
        match &self.on {
            On::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            On::Postgres(client) => Ok(client.batch_execute(sql).await?),
        }
    }

    /// Whether several hosts may be at work on this database.
    pub(super) const fn is_shared(&self) -> bool {
        matches!(self.on, On::Postgres(_))
    }
}

async fn ask(client: &Object, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>> {
    let rows = client.query(statement, &as_dyn(params)).await?;
    rows.iter().map(postgres_row).collect()
}

async fn tell(client: &Object, statement: &Statement, params: &[Param<'_>]) -> Result<u64> {
    Ok(client.execute(statement, &as_dyn(params)).await?)
}

fn for_sqlite(sql: &str) -> String {
    sql.replace('$', "?").replace("{lock}", "")
}

fn for_postgres(sql: &str) -> Cow<'_, str> {
    if sql.contains("{lock}") {
        return Cow::Owned(sql.replace("{lock}", "FOR UPDATE SKIP LOCKED"));
    }
    Cow::Borrowed(sql)
}

fn sqlite_query(connection: &rusqlite::Connection, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(match row.get_ref(column)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(value) => Cell::Int(value),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                other => {
                    return Err(StoreError::Unexpected(format!("a column holds {:?}", other.data_type())));
                }
            });
        }
        all.push(Row(cells.into_iter()));
    }
    Ok(all)
}

fn sqlite_execute(connection: &rusqlite::Connection, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Int(value) => rusqlite::ToSql::to_sql(value),
            Self::Text(text) => rusqlite::ToSql::to_sql(text.as_ref()),
            Self::Null => rusqlite::ToSql::to_sql(&rusqlite::types::Null),
        }
    }
}

fn as_dyn<'p>(params: &'p [Param<'_>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

fn postgres_row(row: &tokio_postgres::Row) -> Result<Row> {
    let cell = |(index, column): (usize, &tokio_postgres::Column)| -> Result<Cell> {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map_or(Cell::Null, Cell::Int),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(index)?.map_or(Cell::Null, |value| Cell::Int(value.into()))
            }
            _ => row.try_get::<_, Option<String>>(index)?.map_or(Cell::Null, Cell::Text),
        })
    };
    let cells: Result<Vec<Cell>> = row.columns().iter().enumerate().map(cell).collect();
    Ok(Row(cells?.into_iter()))
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Int(value) => value.to_sql(kind, out),
            Self::Text(text) => text.as_ref().to_sql(kind, out),
            Self::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::NAME)
    }

    tokio_postgres::types::to_sql_checked!();
}
