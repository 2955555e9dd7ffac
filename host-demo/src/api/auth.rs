//! Who asks, and what they may.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Api;
use super::problem::Refusal;
use crate::error::Code;
use crate::service::token_hash;
use crate::store::{Role, Store, Token};

/// How long a token is believed without asking the store: as long may a revoked one still be used.
const BELIEVED: Duration = Duration::from_secs(3);

/// Tokens kept in memory.
const MOST_KEPT: usize = 10_000;

/// Who asks: a tenant, with a role that suffices.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Whose data it is about.
    pub tenant: String,
}

/// Tokens seen lately, with what is left of their allowance.
pub(super) struct Gate {
    seen: Mutex<HashMap<String, Seen>>,
    /// Requests a second that a token may make.
    rate: u32,
}

struct Seen {
    token: Arc<Token>,
    since: Instant,
    allowance: f64,
    at: Instant,
}

impl Gate {
    pub(super) fn new(rate: u32) -> Self {
        Self { seen: Mutex::default(), rate }
    }

    /// The token of a request, if it may make one more.
    async fn admit(&self, store: &Store, headers: &HeaderMap) -> Result<Arc<Token>, Refusal> {
        let none = || Refusal::new(Code::NoToken, "the request has no token that is known here", "");
        let hash = token_hash(&given(headers).ok_or_else(none)?);
        let known = self.kept(&hash);
        let token = match known {
            Some(token) => token,
            None => Arc::new(store.token(&hash).await?.ok_or_else(none)?),
        };
        self.spend(hash, &token)?;
        Ok(token)
    }

    /// Takes one request from the allowance of somebody who has no token.
    pub(super) fn spend_of(&self, tenant: &str, who: &str) -> Result<(), Refusal> {
        let token = Token {
            id: who.to_owned(),
            tenant: tenant.to_owned(),
            role: Role::Write,
            name: String::new(),
            created_at: 0,
            revoked_at: None,
        };
        self.spend(who.to_owned(), &Arc::new(token))
    }

    fn kept(&self, hash: &str) -> Option<Arc<Token>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(hash).filter(|seen| seen.since.elapsed() < BELIEVED).map(|seen| Arc::clone(&seen.token))
    }

    /// Takes one request from the allowance, which fills up at the rate, to two seconds' worth.
    #[expect(clippy::float_arithmetic, reason = "an allowance, not a promise")]
    fn spend(&self, hash: String, token: &Arc<Token>) -> Result<(), Refusal> {
        let now = Instant::now();
        let rate = f64::from(self.rate);
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_KEPT {
            all.retain(|_, seen| seen.at.elapsed() < BELIEVED);
        }
        let seen = all.entry(hash).or_insert_with(|| Seen {
            token: Arc::clone(token),
            since: now,
            allowance: rate * 2.0,
            at: now,
        });
        if !Arc::ptr_eq(&seen.token, token) {
            seen.token = Arc::clone(token);
            seen.since = now;
        }
        let filled = seen.allowance + now.duration_since(seen.at).as_secs_f64() * rate;
        seen.allowance = filled.min(rate * 2.0);
        seen.at = now;
        if seen.allowance < 1.0 {
            let message = format!("more than {} requests a second", self.rate);
            return Err(Refusal::new(Code::TooManyRequests, message, "").after(1));
        }
        seen.allowance -= 1.0;
        Ok(())
    }
}

/// The token of a request: `Bearer`, or the password of `Basic`, which is all that calendar programs can send.
fn given(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let both = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        return both.split_once(':').map(|(_, password)| password.to_owned());
    }
    None
}

/// Makes an extractor for each role.
macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $name:ident = $role:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(super) struct $name(pub(super) Caller);

        impl FromRequestParts<Api> for $name {
            type Rejection = Refusal;

            async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
                let token = api.gate.admit(&api.service.store, &parts.headers).await?;
                if token.role < $role {
                    let message = format!("the token `{}` may {}, not {}", token.id, token.role.as_str(), $role.as_str());
                    return Err(Refusal::new(Code::WrongRole, message, ""));
                }
                Ok(Self(Caller { tenant: token.tenant.clone() }))
            }
        }
    )+};
}

roles! {
    /// Somebody who may look.
    Reader = Role::Read;
    /// Somebody who may send facts.
    Writer = Role::Write;
    /// Somebody who may change what is promised.
    Admin = Role::Admin;
}
