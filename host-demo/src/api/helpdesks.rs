//! Helpdesks: how their messages are read, and the messages.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slaclock_adapters::{Adapter, Forged, Scheme, Settings, Translation, find};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::auth::{Admin, Writer};
use super::extract::{Asked, Named, Whole, json};
use super::problem::{Refusal, Refused};
use crate::error::{Code, Problem};
use crate::notify::Secret;
use crate::service::{Line, instant, new_id, webhook_secret};
use crate::store::Helpdesk;

/// Longest secret of a helpdesk, in bytes.
const LONGEST_SECRET: usize = 1_024;

/// A helpdesk as it is set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHelpdesk {
    /// How its messages are read; docs/adapters.md has the keys.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: serde_json::Map<String, Value>,
    /// Verifies its messages, where it signs: the vendor's secret. Of `generic`, one is made if none is given.
    secret: Option<String>,
}

/// A helpdesk.
#[derive(Serialize, ToSchema)]
pub(super) struct HelpdeskBody {
    /// The adapter that reads it.
    adapter: String,
    /// Where it sends messages that it signs.
    address: String,
    /// How its messages are read.
    #[schema(value_type = Object)]
    settings: Value,
    /// Whether there is a secret that verifies its messages.
    verifies: bool,
    /// The secret that was made, told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// When it was set up.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Helpdesk> for HelpdeskBody {
    fn from(helpdesk: Helpdesk) -> Self {
        Self {
            address: format!("/v1/hooks/{}/{}", helpdesk.adapter, helpdesk.id),
            adapter: helpdesk.adapter,
            settings: serde_json::from_str(&helpdesk.settings).unwrap_or_default(),
            verifies: helpdesk.secret.is_some(),
            secret: None,
            created_at: instant(helpdesk.created_at).to_string(),
        }
    }
}

fn adapter(id: &str) -> Result<&'static Adapter, Refusal> {
    find(id).ok_or_else(|| {
        let known: Vec<&str> = slaclock_adapters::ALL.iter().map(|adapter| adapter.id).collect();
        let message = format!("there is no adapter `{id}`; there are {}", known.join(", "));
        Refusal::new(Code::NotFound, message, "")
    })
}

/// Sets up a helpdesk, one of each adapter. Its address stays when it is set up again.
#[utoipa::path(put, path = "/v1/helpdesks/{adapter}", tag = "helpdesks", security(("token" = ["admin"])),
    params(("adapter" = String, Path, description = "`connectwise`, `generic`, `servicenow` or `zendesk`")),
    request_body = NewHelpdesk,
    responses((status = 200, body = HelpdeskBody), (status = "4XX", body = Refused)))]
pub(super) async fn put(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(name): Named<String>,
    Whole(body): Whole,
) -> Result<Json<HelpdeskBody>, Refusal> {
    let adapter = adapter(&name)?;
    let new: NewHelpdesk = serde_json::from_slice(&body)
        .map_err(|error| Refusal::new(Code::BadSettings, error.to_string(), ""))?;
    let settings = adapter.settings(&Value::from(new.settings).to_string()).map_err(|problem| {
        Refusal::new(Code::BadSettings, problem.message, &format!("/settings{}", problem.pointer))
    })?;
    let bad = |message: &str| Refusal::new(Code::BadSecret, message, "/secret");
    match (&new.secret, adapter.scheme) {
        (Some(_), None) => return Err(bad("this system does not sign: use a token")),
        (Some(secret), Some(Scheme::StandardWebhooks)) => drop(Secret::parse(secret)?),
        (Some(secret), Some(_)) if secret.is_empty() || secret.len() > LONGEST_SECRET => {
            return Err(bad("the secret is empty or too long"));
        }
        _ => {}
    }
    let there = api.service.store.helpdesks(&caller.tenant).await?;
    let has_secret = there.iter().any(|there| there.adapter == name && there.secret.is_some());
    let makes = adapter.scheme == Some(Scheme::StandardWebhooks) && new.secret.is_none() && !has_secret;
    let made = makes.then(webhook_secret).transpose()?;
    let helpdesk = Helpdesk {
        tenant: caller.tenant,
        adapter: name,
        id: new_id("hd")?,
        settings: serde_json::to_string(&settings).unwrap_or_default(),
        secret: new.secret.or_else(|| made.clone()),
        created_at: api.service.now(),
    };
    let kept = api.service.store.put_helpdesk(&helpdesk).await?;
    Ok(Json(HelpdeskBody { secret: made, ..kept.into() }))
}

/// The helpdesks that were set up, without their secrets.
#[utoipa::path(get, path = "/v1/helpdesks", tag = "helpdesks", security(("token" = ["admin"])),
    responses((status = 200, body = Vec<HelpdeskBody>), (status = "4XX", body = Refused)))]
pub(super) async fn list(
    State(api): State<Api>,
    Admin(caller): Admin,
) -> Result<Json<Vec<HelpdeskBody>>, Refusal> {
    let all = api.service.store.helpdesks(&caller.tenant).await?;
    Ok(Json(all.into_iter().map(HelpdeskBody::from).collect()))
}

/// Removes a helpdesk. What it sent stays.
#[utoipa::path(delete, path = "/v1/helpdesks/{adapter}", tag = "helpdesks", security(("token" = ["admin"])),
    params(("adapter" = String, Path)), responses((status = 204), (status = "4XX", body = Refused)))]
pub(super) async fn delete(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(name): Named<String>,
) -> Result<StatusCode, Refusal> {
    if api.service.store.remove_helpdesk(&caller.tenant, &name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Refusal::new(Code::NotFound, format!("the helpdesk `{name}` is not set up"), ""))
}

/// How to take a message.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Taking {
    /// Show what would become of it, and keep nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What became of a message.
#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// Facts that are new. They are kept for good.
    stored: usize,
    /// Facts that were known already.
    known: usize,
    /// The tickets that it is about; in a dry run with all that would be kept.
    #[schema(value_type = Vec<Object>)]
    tickets: Vec<Value>,
    /// What was not carried over: `kind`, `pointer`, `message`.
    #[schema(value_type = Vec<Object>)]
    losses: Vec<Value>,
}

/// Takes a message of a helpdesk, as its adapter reads it. Without a set-up, that of its vendor's defaults.
#[utoipa::path(post, path = "/v1/hooks/{adapter}", tag = "helpdesks", security(("token" = ["write"])),
    params(("adapter" = String, Path), Taking),
    request_body(content((serde_json::Value = "application/json"))),
    responses((status = 200, body = Received), (status = "4XX", body = Refused)))]
pub(super) async fn receive(
    State(api): State<Api>,
    Writer(caller): Writer,
    Named(name): Named<String>,
    Asked(taking): Asked<Taking>,
    Whole(body): Whole,
) -> Result<Json<Received>, Refusal> {
    let adapter = adapter(&name)?;
    let there = api.service.store.helpdesks(&caller.tenant).await?;
    let settings = match there.into_iter().find(|there| there.adapter == name) {
        Some(helpdesk) => settings(&helpdesk)?,
        None => Settings::default(),
    };
    take(&api, adapter, &caller.tenant, &settings, taking.dry_run, &body).await
}

/// Takes a message that the helpdesk signed; the address is that of its set-up.
#[utoipa::path(post, path = "/v1/hooks/{adapter}/{id}", tag = "helpdesks",
    params(("adapter" = String, Path), ("id" = String, Path)),
    request_body(content((serde_json::Value = "application/json"))),
    responses((status = 200, body = Received), (status = "4XX", body = Refused)))]
pub(super) async fn receive_signed(
    State(api): State<Api>,
    Named((name, id)): Named<(String, String)>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Json<Received>, Refusal> {
    let forged = |message: &str| Refusal::new(Code::BadSignature, message, "");
    let nobody = || forged("no helpdesk at this address signs so");
    let helpdesk = api.service.store.helpdesk(&id).await?.filter(|there| there.adapter == name);
    let helpdesk = helpdesk.ok_or_else(nobody)?;
    let adapter = adapter(&name)?;
    let (Some(scheme), Some(secret)) = (adapter.scheme, &helpdesk.secret) else { return Err(nobody()) };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    scheme.verify(secret, header, &body, api.service.now()).map_err(|why| {
        forged(match why {
            Forged::Wrong => "no helpdesk at this address signs so",
            Forged::Unsigned | Forged::Stale => why.message(),
        })
    })?;
    api.gate.spend_of(&helpdesk.tenant, &format!("helpdesk {id}"))?;
    take(&api, adapter, &helpdesk.tenant, &settings(&helpdesk)?, false, &body).await
}

fn settings(helpdesk: &Helpdesk) -> Result<Settings, Refusal> {
    serde_json::from_str(&helpdesk.settings)
        .map_err(|error| Refusal::new(Code::BadSettings, format!("the settings that are kept: {error}"), ""))
}

async fn take(
    api: &Api,
    adapter: &Adapter,
    tenant: &str,
    settings: &Settings,
    dry_run: bool,
    body: &[u8],
) -> Result<Json<Received>, Refusal> {
    let message: Value = json(body)?;
    let Translation { tickets, losses, .. } = adapter.message(&message, settings);
    let mut losses: Vec<Value> = losses.iter().filter_map(|loss| serde_json::to_value(loss).ok()).collect();
    if dry_run {
        let tickets = tickets.iter().filter_map(|ticket| serde_json::to_value(ticket).ok()).collect();
        return Ok(Json(Received { stored: 0, known: 0, tickets, losses }));
    }
    let now = api.service.now();
    let read = |line: Value| Line::read(line.to_string().as_bytes(), None, now);
    let mut lines: Vec<(Result<Line, Problem>, bool)> = Vec::new();
    for ticket in &tickets {
        lines.extend(ticket.creation().map(|line| (read(line), true)));
        lines.extend(ticket.facts().map(|line| (read(line), false)));
    }
    let (lines, are_creations): (Vec<_>, Vec<bool>) = lines.into_iter().unzip();
    let taken = api.service.take(tenant, &lines, false).await?;
    let (mut stored, mut known, mut refused) = (0, 0, Vec::new());
    for (taken, is_creation) in taken.into_iter().zip(are_creations) {
        match taken {
            Ok(took) => {
                stored += took.stored;
                known += took.known;
            }
            // The ticket came another way before, as by an import: what was kept of its creation holds.
            Err(problem) if is_creation && problem.is(Code::Conflict) => {
                losses.push(serde_json::json!({
                    "kind": "left_out", "pointer": "",
                    "message": "the ticket is known with more, or another instant, of its creation, which stays",
                }));
            }
            Err(problem) => refused.push(problem),
        }
    }
    if !refused.is_empty() {
        return Err(refused.into());
    }
    let tickets = tickets.into_iter().map(|ticket| Value::from(ticket.id)).collect();
    Ok(Json(Received { stored, known, tickets, losses }))
}
