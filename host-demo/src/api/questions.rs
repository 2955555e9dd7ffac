//! Questions that need no ticket that is kept: the same as edge functions answer (`edge/openapi.json`).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use slaclock_core::{Instant, Options};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Reader};
use super::extract::{Asked, Whole, instant};
use super::problem::{Refusal, Refused};
use super::{Api, shapes};
use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::service::hex;
use crate::store::{Agreement, Recorded};

/// The earliest instant at which one of the answers ceases to hold by itself.
const NEXT_EVENT: HeaderName = HeaderName::from_static("slaclock-next-event-at");

/// Stands for an agreement on the first line of the body.
const INLINE: &str = "inline";

/// Under which agreement, and when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Under {
    /// The agreement: the one called `default`, or the only one, if not given; `inline` for one on the first line of the
    /// body.
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

/// The agreement of a question, and what is asked about it.
async fn under(
    api: &Api,
    caller: &Caller,
    agreement: Option<&str>,
    body: &[u8],
) -> Result<(Arc<Agreement>, Vec<u8>), Refusal> {
    if std::str::from_utf8(body).is_err() {
        return Err(Refusal::new(Code::NotUtf8, "the body is not UTF-8", ""));
    }
    if agreement == Some(INLINE) {
        let end = memchr::memchr(b'\n', body).unwrap_or(body.len());
        let (document, rest) = body.split_at(end);
        let document = String::from_utf8_lossy(document).into_owned();
        let digest = hex(&Sha256::digest(&document));
        let recorded = Recorded { id: INLINE.to_owned(), version: 0, digest, recorded_at: 0 };
        let rest = rest.strip_prefix(b"\n").unwrap_or_default().to_vec();
        return Ok((Arc::new(Agreement { recorded, document }), rest));
    }
    let found =
        api.service.named_agreement(&caller.tenant, agreement).await.map_err(|mut problem: Problem| {
            if problem.is(Code::NotFound) {
                problem.place = "/agreement".to_owned();
            }
            problem
        })?;
    Ok((found, body.to_vec()))
}

/// What a ticket with these fields would be promised if it were logged now: "a P2 logged now is due …".
#[utoipa::path(post, path = "/v1/preview", tag = "questions", security(("token" = ["read"])), params(Under),
    request_body(description = "The fields, a map", content((shapes::Fields = "application/json"))),
    responses((status = 200, description = "A `Preview` of the npm package", body = shapes::Preview),
        (status = "4XX", body = Refused)))]
pub(super) async fn preview(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(asked): Asked<Under>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let now = instant(asked.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let (agreement, fields) = under(&api, &caller, asked.agreement.as_deref(), &body).await?;
    let fields = String::from_utf8_lossy(&fields).into_owned();
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
    Asked(asked): Asked<Under>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    answered(&api, &caller, &asked, asked.explain, &body).await
}

/// Evaluates tickets that are not kept, with every minute of them explained: a line of answer for each line.
#[utoipa::path(post, path = "/v1/explain", tag = "questions", security(("token" = ["read"])), params(Under),
    request_body(content((String = "application/x-ndjson"), (shapes::Ticket = "application/json"))),
    responses((status = 200, description = "An `Explanation` of the npm package, or a refusal, for each line",
        content((String = "application/x-ndjson"))), (status = "4XX", body = Refused)))]
pub(super) async fn explain(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(asked): Asked<Under>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    answered(&api, &caller, &asked, true, &body).await
}

async fn answered(
    api: &Api,
    caller: &Caller,
    asked: &Under,
    explained: bool,
    body: &[u8],
) -> Result<Response, Refusal> {
    let now = instant(asked.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let options = Options { now, known_at: instant(asked.known_at.as_deref(), "known_at")? };
    let (agreement, lines) = under(api, caller, asked.agreement.as_deref(), body).await?;
    let answers = api.service.engines.tickets(&caller.tenant, &agreement, lines, options, explained).await?;
    let next = next_event(&answers).and_then(|next| HeaderValue::try_from(next.to_string()).ok());
    let mut response = ([(header::CONTENT_TYPE, "application/x-ndjson")], answers).into_response();
    if let Some(next) = next {
        response.headers_mut().insert(NEXT_EVENT, next);
    }
    Ok(response)
}

/// The earliest instant at which one of the answers ceases to hold by itself.
fn next_event(answers: &[u8]) -> Option<Instant> {
    #[derive(Deserialize)]
    struct Next {
        #[serde(default)]
        next_event_at: Option<String>,
    }
    let next = |line: &[u8]| {
        let next: Next = serde_json::from_slice(line).ok()?;
        Instant::parse(&next.next_event_at?).ok()
    };
    lines_of(answers).filter_map(next).min_by_key(|instant| instant.ms())
}

/// Of which day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Today {
    /// The day, such as `2026-11-23`; the present one if not given.
    today: Option<String>,
}

/// What in an agreement should be looked at: a line for each finding.
#[utoipa::path(post, path = "/v1/lint", tag = "questions", security(("token" = ["read"])), params(Today),
    request_body(content((shapes::Agreement = "application/json"))),
    responses((status = 200, description = "A finding a line; none when there is nothing to find",
        content((String = "application/x-ndjson"))), (status = "4XX", body = Refused)))]
pub(super) async fn lint(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(asked): Asked<Today>,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let present = || api.service.clock.now().to_string().chars().take(10).collect();
    let today: String = asked.today.unwrap_or_else(present);
    let document = crate::document::Document::sent(&body, true)?;
    let findings = api.service.engines.lint(&caller.tenant, document, today).await;
    let findings = findings.map_err(|mut problems| {
        // The day is no part of the document.
        let bad_date = slaclock_core::Code::BadDate.as_str();
        for problem in
            problems.iter_mut().filter(|problem| problem.code == bad_date && !problem.place.starts_with('/'))
        {
            problem.place = "/today".to_owned();
        }
        problems
    })?;
    let line = |finding| serde_json::to_string(finding).map(|line| line + "\n").unwrap_or_default();
    let lines: String = findings.iter().map(line).collect();
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
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

/// Which calendar, and when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The agreement: the one called `default`, or the only one, if not given.
    agreement: Option<String>,
    /// The calendar.
    calendar: Option<String>,
    /// The instant; the present if not given.
    #[param(format = DateTime)]
    at: Option<String>,
}

/// Whether a calendar is open.
#[derive(Serialize, ToSchema)]
pub(super) struct HoursBody {
    /// It is.
    open: bool,
    /// When it opens next; `null` for never.
    #[schema(format = DateTime)]
    opens_at: Option<String>,
    /// When it closes next; `null` for never.
    #[schema(format = DateTime)]
    closes_at: Option<String>,
}

/// Longest that an answer about a calendar may be kept, in seconds.
const LONGEST_KEPT: i64 = 24 * 60 * 60;

/// How long an answer about an instant that was given may be kept: as long as the agreement may stay unread.
const KEPT: i64 = 60;

/// Whether a calendar of an agreement is open, and when that changes: until then the answer may be kept.
#[utoipa::path(get, path = "/v1/hours", tag = "questions", security(("token" = ["read"])), params(Which),
    responses((status = 200, description = "`open`, `opens_at` and `closes_at`", body = HoursBody),
        (status = "4XX", body = Refused)))]
pub(super) async fn open_hours(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(which): Asked<Which>,
) -> Result<Response, Refusal> {
    let Some(calendar) = &which.calendar else {
        return Err(Refusal::new(Code::BadRequest, "`calendar` is missing", "/calendar"));
    };
    let given = instant(which.at.as_deref(), "at")?;
    let (agreement, _) = under(&api, &caller, which.agreement.as_deref(), b"").await?;
    let came = api.service.clock.now();
    let found = api.service.hours(&caller.tenant, &agreement, calendar, given.unwrap_or(came)).await?;
    let holds = match (given, found.changes_at()) {
        (None, Some(change)) => (change.ms() - came.ms()) / 1_000,
        _ => KEPT,
    };
    let keep = format!("private, max-age={}", holds.clamp(0, LONGEST_KEPT));
    let body = HoursBody { open: found.open, opens_at: found.opens_at, closes_at: found.closes_at };
    let body = serde_json::to_string(&body).map(|body| body + "\n").unwrap_or_default();
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CACHE_CONTROL, keep)];
    Ok((headers, body).into_response())
}
