//! Questions that need no ticket: previews, calendars, tickets that are not kept.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use slaclock_core::Options;
use utoipa::IntoParams;

use super::auth::Reader;
use super::extract::{Asked, Whole, instant};
use super::problem::{Refusal, Refused};
use super::{Api, shapes};

/// Under which agreement, and when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Under {
    /// The agreement; the one called `default`, or the only one, if not given.
    agreement: Option<String>,
    /// The instant; the present if not given.
    #[param(format = DateTime)]
    now: Option<String>,
    /// Leave out what was recorded later.
    #[param(format = DateTime)]
    known_at: Option<String>,
    /// With every minute and why it counts.
    #[serde(default)]
    explain: bool,
}

/// What a ticket with these fields would be promised if it were logged now: "a P2 logged now is due …".
#[utoipa::path(post, path = "/v1/preview", tag = "questions", security(("token" = ["read"])), params(Under),
    request_body(description = "The fields, a map", content((shapes::Fields = "application/json"))),
    responses((status = 200, description = "A `Preview` of the npm package", body = shapes::Preview),
        (status = "4XX", body = Refused)))]
pub(super) async fn preview(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(under): Asked<Under>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let now = instant(under.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let agreement = api.service.named_agreement(&caller.tenant, under.agreement.as_deref()).await?;
    let fields = String::from_utf8_lossy(&body).into_owned();
    let preview = api.service.engines.preview(&caller.tenant, &agreement, fields, now).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], preview).into_response())
}

/// Evaluates tickets that are not kept: a line of answer for each line.
#[utoipa::path(post, path = "/v1/evaluate", tag = "questions", security(("token" = ["read"])), params(Under),
    request_body(content((String = "application/x-ndjson"), (shapes::Ticket = "application/json"))),
    responses((status = 200, description = "An `Evaluation` of the npm package, or a refusal, for each line",
        content((String = "application/x-ndjson"))), (status = "4XX", body = Refused)))]
pub(super) async fn evaluate(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(under): Asked<Under>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let now = instant(under.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let options = Options { now, known_at: instant(under.known_at.as_deref(), "known_at")? };
    let agreement = api.service.named_agreement(&caller.tenant, under.agreement.as_deref()).await?;
    let answers =
        api.service.engines.tickets(&caller.tenant, &agreement, body.into(), options, under.explain).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], answers).into_response())
}

/// Answers questions about calendars, as `slaclock hours` does: a line of answer for each line.
#[utoipa::path(post, path = "/v1/hours", tag = "questions", security(("token" = ["read"])),
    request_body(content((String = "application/x-ndjson"))),
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = "4XX", body = Refused)))]
pub(super) async fn hours(
    State(api): State<Api>,
    Reader(caller): Reader,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let answers = api.service.engines.hours(&caller.tenant, body.into()).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], answers).into_response())
}
