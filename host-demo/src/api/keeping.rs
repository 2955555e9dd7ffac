//! Tokens, retention and erasure, of the caller's tenant alone.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::auth::Admin;
use super::extract::{Named, Whole, instant as instant_of, json};
use super::problem::{Refusal, Refused};
use crate::error::Code;
use crate::service::{instant, new_id, new_token, token_hash};
use crate::store::{Role, Token};

/// A token as it is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// `read`, `write` or `admin`.
    role: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 256)]
    name: String,
}

/// A token.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenBody {
    /// By which it is revoked.
    id: String,
    /// `read`, `write` or `admin`.
    role: &'static str,
    /// What it is for.
    name: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
    /// The token itself, told once, when it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl TokenBody {
    fn of(token: Token, text: Option<String>) -> Self {
        Self {
            id: token.id,
            role: token.role.as_str(),
            name: token.name,
            created_at: instant(token.created_at).to_string(),
            revoked_at: token.revoked_at.map(|at| instant(at).to_string()),
            token: text,
        }
    }
}

/// Makes a token.
#[utoipa::path(post, path = "/v1/tokens", tag = "keeping", security(("token" = ["admin"])), request_body = NewToken,
    responses((status = 201, body = TokenBody), (status = "4XX", body = Refused)))]
pub(super) async fn post_token(
    State(api): State<Api>,
    Admin(caller): Admin,
    Whole(body): Whole,
) -> Result<(StatusCode, Json<TokenBody>), Refusal> {
    let new: NewToken = json(&body)?;
    let role = Role::of(&new.role)
        .ok_or_else(|| Refusal::new(Code::BadRequest, "a role is `read`, `write` or `admin`", "/role"))?;
    if new.name.len() > 256 || new.name.chars().any(char::is_control) {
        return Err(Refusal::new(Code::BadId, "the name is too long or has control characters", "/name"));
    }
    let text = new_token()?;
    let token = Token {
        id: new_id("tok")?,
        tenant: caller.tenant,
        role,
        name: new.name,
        created_at: api.service.now(),
        revoked_at: None,
    };
    api.service.store.add_token(&token, &token_hash(&text)).await?;
    Ok((StatusCode::CREATED, Json(TokenBody::of(token, Some(text)))))
}

/// The tokens, without what opens.
#[utoipa::path(get, path = "/v1/tokens", tag = "keeping", security(("token" = ["admin"])),
    responses((status = 200, body = Vec<TokenBody>), (status = "4XX", body = Refused)))]
pub(super) async fn list_tokens(
    State(api): State<Api>,
    Admin(caller): Admin,
) -> Result<Json<Vec<TokenBody>>, Refusal> {
    let all = api.service.store.tokens(Some(&caller.tenant)).await?;
    Ok(Json(all.into_iter().map(|token| TokenBody::of(token, None)).collect()))
}

/// Revokes a token; hosts that know it believe it for three seconds more.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "keeping", security(("token" = ["admin"])),
    params(("id" = String, Path)), responses((status = 204), (status = "4XX", body = Refused)))]
pub(super) async fn delete_token(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<String>,
) -> Result<StatusCode, Refusal> {
    if api.service.store.revoke_token(Some(&caller.tenant), &id, api.service.now()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Refusal::new(Code::NotFound, format!("there is no token `{id}` to revoke"), ""))
}

/// How far back tickets are to be removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Purge {
    /// Tickets without an open clock of which nothing was heard since this instant.
    #[schema(format = DateTime)]
    before: String,
}

/// What was removed.
#[derive(Serialize, ToSchema)]
pub(super) struct Purged {
    /// Tickets.
    tickets: u64,
}

/// Removes old tickets. How their clocks ended stays in the figures.
#[utoipa::path(post, path = "/v1/purge", tag = "keeping", security(("token" = ["admin"])), request_body = Purge,
    responses((status = 200, body = Purged), (status = "4XX", body = Refused)))]
pub(super) async fn purge(
    State(api): State<Api>,
    Admin(caller): Admin,
    Whole(body): Whole,
) -> Result<Json<Purged>, Refusal> {
    let asked: Purge = json(&body)?;
    let before = instant_of(Some(&asked.before), "before")?.map_or(0, slaclock_core::Instant::ms);
    let tickets = api.service.purge(Some(&caller.tenant), before).await?;
    Ok(Json(Purged { tickets }))
}

/// What is to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Erase {
    /// A requester's name or address, at least three characters.
    text: String,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasedBody {
    /// What stands in its place.
    pseudonym: String,
    /// Tickets in which it stood.
    tickets: u64,
    /// Of those, the ones whose clocks stand otherwise now, because the agreement asks for the text.
    changed: Vec<String>,
}

/// Puts a pseudonym in the place of a requester's name or address in all facts. Ids of tickets and events stay.
#[utoipa::path(post, path = "/v1/erase", tag = "keeping", security(("token" = ["admin"])), request_body = Erase,
    responses((status = 200, body = ErasedBody), (status = "4XX", body = Refused)))]
pub(super) async fn erase(
    State(api): State<Api>,
    Admin(caller): Admin,
    Whole(body): Whole,
) -> Result<Json<ErasedBody>, Refusal> {
    let asked: Erase = json(&body)?;
    if asked.text.contains('\0') {
        return Err(Refusal::new(Code::BadRequest, "the text has a zero byte", "/text"));
    }
    let erased = api.service.erase(&caller.tenant, &asked.text).await?;
    Ok(Json(ErasedBody { pseudonym: erased.pseudonym, tickets: erased.tickets, changed: erased.changed }))
}

/// How clocks of tickets that were removed ended.
#[derive(Serialize, ToSchema)]
pub(super) struct FigureBody {
    /// The agreement.
    agreement: String,
    /// The month of their creation, such as `2026-11`.
    month: String,
    /// Name of the clock.
    clock: String,
    /// `met`, `breached` or `cancelled`.
    verdict: String,
    /// How many.
    count: i64,
}

/// How clocks of tickets that were removed ended.
#[utoipa::path(get, path = "/v1/figures", tag = "keeping", security(("token" = ["admin"])),
    responses((status = 200, body = Vec<FigureBody>), (status = "4XX", body = Refused)))]
pub(super) async fn figures(
    State(api): State<Api>,
    Admin(caller): Admin,
) -> Result<Json<Vec<FigureBody>>, Refusal> {
    let all = api.service.store.figures(&caller.tenant).await?;
    let body = |(figure, count): (crate::store::Figure, i64)| FigureBody {
        agreement: figure.agreement,
        month: figure.month,
        clock: figure.clock,
        verdict: figure.verdict,
        count,
    };
    Ok(Json(all.into_iter().map(body).collect()))
}
