//! Tokens of tenants. Only their SHA-256 is kept.

use super::link::{Row, params};
use super::{Result, Store, StoreError};

/// What a token allows; each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Look at everything.
    Read,
    /// Send tickets and events.
    Write,
    /// Change agreements, webhooks and tokens; erase.
    Admin,
}

impl Role {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

/// A token, without what opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// By which it is revoked.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// What it allows.
    pub role: Role,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

const COLUMNS: &str = "id, tenant, role, name, created_at, revoked_at";

fn token(mut row: Row) -> Result<Token> {
    let (id, tenant, role) = (row.text()?, row.text()?, row.text()?);
    let role =
        Role::of(&role).ok_or_else(|| StoreError::Unexpected(format!("a token has the role `{role}`")))?;
    let (name, created_at, revoked_at) = (row.text()?, row.int()?, row.maybe_int()?);
    Ok(Token { id, tenant, role, name, created_at, revoked_at })
}

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn add_token(&self, token: &Token, hash: &str) -> Result<()> {
        let (token, hash) = (token.clone(), hash.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "INSERT INTO tokens (id, tenant, role, name, hash, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6)";
                let row = params![
                    &token.id,
                    &token.tenant,
                    token.role.as_str(),
                    &token.name,
                    &hash,
                    token.created_at
                ];
                tx.execute(sql, &row).await.map(drop)
            })
        })
        .await
    }

    /// The token of a hash, if it is not revoked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>> {
        let hash = hash.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!("SELECT {COLUMNS} FROM tokens WHERE hash = $1 AND revoked_at IS NULL");
                tx.first(&sql, &params![&hash]).await?.map(token).transpose()
            })
        })
        .await
    }

    /// The tokens of one tenant, or of all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn tokens(&self, tenant: Option<&str>) -> Result<Vec<Token>> {
        let tenant = tenant.map(str::to_owned);
        self.read(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM tokens WHERE CAST($1 AS TEXT) IS NULL OR tenant = $1
                     ORDER BY tenant, created_at, id"
                );
                tx.query(&sql, &params![tenant.as_ref()]).await?.into_iter().map(token).collect()
            })
        })
        .await
    }

    /// Revokes a token; whether there was one to revoke.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn revoke_token(&self, tenant: Option<&str>, id: &str, now: i64) -> Result<bool> {
        let (tenant, id) = (tenant.map(str::to_owned), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE tokens SET revoked_at = $3 WHERE id = $2 AND revoked_at IS NULL
                    AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
                Ok(tx.execute(sql, &params![tenant.as_ref(), &id, now]).await? > 0)
            })
        })
        .await
    }
}
