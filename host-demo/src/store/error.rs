//! What can go wrong in a store, told apart by what the caller can do about it.

use crate::error::{Code, Problem, with_causes};

/// Why the store did not do what was asked. Nothing of it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The database cannot be reached or is busy; the same may work later.
    Unavailable(String),
    /// There is no space left.
    Full(String),
    /// The database holds something that this program did not write or does not know.
    Unexpected(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "the store cannot be reached: {why}"),
            Self::Full(why) => write!(f, "the store has no space left: {why}"),
            Self::Unexpected(why) => write!(f, "the store is not as expected: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Unavailable(_) => Code::StoreUnavailable,
            StoreError::Full(_) => Code::StoreFull,
            StoreError::Unexpected(_) => Code::StoreUnexpected,
        };
        Self::new(code, error.to_string(), "")
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let why = error.to_string();
        match error.sqlite_error_code() {
            // A limit on the size of files shows as a failed write.
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Full(why),
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::Unavailable(why),
            _ => Self::Unexpected(why),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(database) = error.as_db_error() else {
            return Self::Unavailable(with_causes(&error));
        };
        let why = database.to_string();
        match database.code().code() {
            "53100" | "53200" => Self::Full(why),
            // Two hosts wrote the same at once; one of them was first.
            "23505" => Self::Unavailable(why),
            // Connections, shutdown, read-only replicas, serialisation and locks.
            code if ["08", "53", "57", "40", "55", "25", "28"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Self::Unavailable(why)
            }
            _ => Self::Unexpected(why),
        }
    }
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            other => Self::Unavailable(with_causes(&other)),
        }
    }
}
