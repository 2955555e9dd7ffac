//! Webhooks: who is told, and what became of each message.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::auth::{Admin, Reader};
use super::extract::{Asked, Named, Whole, instant as instant_of, json};
use super::problem::{Refusal, Refused};
use crate::error::Code;
use crate::notify::Secret;
use crate::service::{KINDS, Line, instant, new_id, webhook_secret};
use crate::store::{Endpoint, Message};

/// Messages listed at once.
const MOST_LISTED: i64 = 1_000;

/// How long an old secret signs beside a new one: a day.
const ROTATION_MS: i64 = 24 * 60 * 60 * 1_000;

/// A webhook as it is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// Where messages go: https.
    url: String,
    /// `whsec_` and 24 to 64 bytes in base64; one is made if none is given.
    secret: Option<String>,
    /// Kinds of messages that it wants: `clock.alert`, `clock.breached`. All of them if not given.
    kinds: Option<Vec<String>>,
}

/// A webhook.
#[derive(Serialize, ToSchema)]
pub(super) struct Webhook {
    /// By which it is removed.
    id: String,
    /// Where messages go.
    url: String,
    /// Signs every message; told once, when it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Kinds of messages that it wants; all of them if not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<Vec<String>>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When its receiver said that it wants nothing more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    disabled_at: Option<String>,
}

impl Webhook {
    fn of(endpoint: Endpoint, with_secret: bool) -> Self {
        Self {
            id: endpoint.id,
            url: endpoint.url,
            secret: with_secret.then_some(endpoint.secret),
            kinds: endpoint.kinds.map(|kinds| kinds.split(' ').map(str::to_owned).collect()),
            created_at: instant(endpoint.created_at).to_string(),
            disabled_at: endpoint.disabled_at.map(|at| instant(at).to_string()),
        }
    }
}

/// Adds a webhook. Messages are signed as Standard Webhooks defines, and sent at least once.
#[utoipa::path(post, path = "/v1/webhooks", tag = "webhooks", security(("token" = ["admin"])),
    request_body = NewWebhook,
    responses((status = 201, body = Webhook), (status = "4XX", body = Refused)))]
pub(super) async fn post(
    State(api): State<Api>,
    Admin(caller): Admin,
    Whole(body): Whole,
) -> Result<(StatusCode, Json<Webhook>), Refusal> {
    let new: NewWebhook = json(&body)?;
    api.sender.check(&new.url)?;
    let secret = match new.secret {
        Some(secret) => Secret::parse(&secret).map(|_| secret)?,
        None => webhook_secret()?,
    };
    let kinds = new.kinds.map(|kinds| kinds_of(&kinds)).transpose()?;
    let endpoint = Endpoint {
        id: new_id("wh")?,
        url: new.url,
        secret,
        old_secret: None,
        created_at: api.service.now(),
        disabled_at: None,
        kinds,
    };
    api.service.store.put_endpoint(&caller.tenant, &endpoint).await?;
    Ok((StatusCode::CREATED, Json(Webhook::of(endpoint, true))))
}

/// Kinds as they are kept.
fn kinds_of(kinds: &[String]) -> Result<String, Refusal> {
    let refuse = |message: String| Err(Refusal::new(Code::BadRequest, message, "/kinds"));
    if let Some(unknown) = kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        return refuse(format!("`{unknown}` is not a kind; there are {}", KINDS.join(", ")));
    }
    if kinds.is_empty() {
        return refuse("a webhook that wants nothing is none".to_owned());
    }
    Ok(kinds.join(" "))
}

/// The webhooks, without their secrets.
#[utoipa::path(get, path = "/v1/webhooks", tag = "webhooks", security(("token" = ["admin"])),
    responses((status = 200, body = Vec<Webhook>), (status = "4XX", body = Refused)))]
pub(super) async fn list(
    State(api): State<Api>,
    Admin(caller): Admin,
) -> Result<Json<Vec<Webhook>>, Refusal> {
    let all = api.service.store.endpoints(&caller.tenant).await?;
    Ok(Json(all.into_iter().map(|endpoint| Webhook::of(endpoint, false)).collect()))
}

/// Removes a webhook, and what waits for it.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "webhooks", security(("token" = ["admin"])),
    params(("id" = String, Path)), responses((status = 204), (status = "4XX", body = Refused)))]
pub(super) async fn delete(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<String>,
) -> Result<StatusCode, Refusal> {
    if api.service.store.remove_endpoint(&caller.tenant, &id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(none(&id))
}

/// Gives a webhook a new secret. For a day both sign, so that the receiver can change over.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate", tag = "webhooks", security(("token" = ["admin"])),
    params(("id" = String, Path)),
    responses((status = 200, body = Webhook), (status = "4XX", body = Refused)))]
pub(super) async fn rotate(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<String>,
) -> Result<Json<Webhook>, Refusal> {
    let all = api.service.store.endpoints(&caller.tenant).await?;
    let Some(mut endpoint) = all.into_iter().find(|endpoint| endpoint.id == id) else {
        return Err(none(&id));
    };
    let until = api.service.now().saturating_add(ROTATION_MS);
    endpoint.old_secret = Some((std::mem::replace(&mut endpoint.secret, webhook_secret()?), until));
    api.service.store.put_endpoint(&caller.tenant, &endpoint).await?;
    Ok(Json(Webhook::of(endpoint, true)))
}

/// What to send again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replay {
    /// One message; without it, all that were given up.
    message: Option<String>,
    /// Of those, what happened from this instant on.
    #[schema(format = DateTime)]
    since: Option<String>,
}

/// How much is sent again.
#[derive(Serialize, ToSchema)]
pub(super) struct Replayed {
    /// Messages.
    messages: u64,
}

/// Sends messages again, with the ids that they had.
#[utoipa::path(post, path = "/v1/webhooks/{id}/replay", tag = "webhooks", security(("token" = ["admin"])),
    params(("id" = String, Path)), request_body = Replay,
    responses((status = 200, body = Replayed), (status = "4XX", body = Refused)))]
pub(super) async fn replay(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<String>,
    Whole(body): Whole,
) -> Result<Json<Replayed>, Refusal> {
    let asked: Replay = json(&body)?;
    if let Some(message) = &asked.message {
        Line::check_id(message, "message", "/message")?;
    }
    let since = instant_of(asked.since.as_deref(), "since")?.map_or(0, slaclock_core::Instant::ms);
    let now = api.service.now();
    let store = &api.service.store;
    let messages = store.replay(&caller.tenant, &id, asked.message.as_deref(), since, now).await?;
    Ok(Json(Replayed { messages }))
}

/// Which messages to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// About one ticket.
    ticket: Option<String>,
    /// In this state of delivery: `pending`, `done`, `dead` or `cancelled`.
    delivery: Option<String>,
}

/// A message, and what became of it at one webhook.
#[derive(Serialize, ToSchema)]
pub(super) struct MessageBody {
    /// Its id, the same on every attempt.
    id: String,
    /// What it is about.
    ticket: String,
    /// `clock.alert` or `clock.breached`.
    kind: String,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// When it is to be told; `null` for never.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// `due`, `cancelled` (an answer made it moot) or `quiet` (told elsewhere).
    state: String,
    /// The webhook, if there is one.
    webhook: Option<String>,
    /// `pending`, `done`, `dead` or `cancelled`.
    delivery: Option<String>,
    /// How often it was tried.
    attempts: i64,
    /// What the receiver answered last.
    status: Option<i64>,
    /// What went wrong last.
    error: Option<String>,
}

impl From<Message> for MessageBody {
    fn from(message: Message) -> Self {
        let Message { id, ticket, kind, at, due_at, state, endpoint, delivery, attempts, status, error } =
            message;
        Self {
            id,
            ticket,
            kind,
            at: instant(at).to_string(),
            due_at: due_at.map(|at| instant(at).to_string()),
            state,
            webhook: endpoint,
            delivery,
            attempts,
            status,
            error,
        }
    }
}

/// The newest thousand messages, and what became of them.
#[utoipa::path(get, path = "/v1/messages", tag = "webhooks", security(("token" = ["read"])), params(Which),
    responses((status = 200, body = Vec<MessageBody>), (status = "4XX", body = Refused)))]
pub(super) async fn messages(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<MessageBody>>, Refusal> {
    let store = &api.service.store;
    let found = store
        .messages(&caller.tenant, which.ticket.as_deref(), which.delivery.as_deref(), MOST_LISTED)
        .await?;
    Ok(Json(found.into_iter().map(MessageBody::from).collect()))
}

fn none(id: &str) -> Refusal {
    Refusal::new(Code::NotFound, format!("there is no webhook `{id}`"), "")
}
