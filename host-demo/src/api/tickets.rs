//! Tickets and events in; facts and clocks out.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use slaclock_core::Options;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Reader, Writer};
use super::board::{cursor, written};
use super::extract::{Asked, Named, Whole, instant, is_kind};
use super::problem::{Refusal, Refused};
use super::{Api, shapes};
use crate::error::Problem;
use crate::input::lines_of;
use crate::service::{Line, Took, ticket_line};
use crate::store::{BoardKey, Dossier};

/// Lines of a bulk request that are checked and kept together.
const TOGETHER: usize = 500;

/// The position of the last change before a list was read: `GET /v1/changes` goes on from there.
const POSITION: HeaderName = HeaderName::from_static("slaclock-position");

/// The agreement of a ticket, escaped as in an address.
const AGREEMENT: HeaderName = HeaderName::from_static("slaclock-agreement");

/// Where a list goes on.
const NEXT: HeaderName = HeaderName::from_static("slaclock-next");

/// JSON Lines, by their several names.
pub(super) const LINES: [&str; 3] = ["application/x-ndjson", "application/jsonl", "application/json-lines"];

/// What became of a ticket or an event, or of a line of many.
#[derive(Serialize, ToSchema)]
pub(super) struct TookBody {
    /// The ticket.
    ticket: String,
    /// Facts that are new. They are kept for good: the answer is given after they are on the disk.
    stored: usize,
    /// Facts that were known already.
    known: usize,
}

impl From<Took> for TookBody {
    fn from(Took { ticket, stored, known }: Took) -> Self {
        Self { ticket, stored, known }
    }
}

/// How to take facts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Taking {
    /// The facts were known elsewhere: alarms that have passed by now were told there, and are not told again.
    #[serde(default)]
    backfill: bool,
}

/// Takes tickets, each with its events so far: one as JSON, many as JSON Lines. A line may be an event with its
/// `ticket`, too. Sending something twice does nothing; a ticket names its agreement with `agreement`, unless there is
/// one that is called `default` or is the only one.
#[utoipa::path(post, path = "/v1/tickets", tag = "tickets", security(("token" = ["write"])), params(Taking),
    request_body(content((shapes::Ticket = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "Nothing new; or of many, a line for each line", content(
            (TookBody = "application/json"), (String = "application/x-ndjson"))),
        (status = 201, body = TookBody), (status = "4XX", body = Refused)))]
pub(super) async fn post_tickets(
    State(api): State<Api>,
    Writer(caller): Writer,
    Asked(taking): Asked<Taking>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    take(&api, &caller, None, &taking, &headers, &body).await
}

/// Takes events, in any order: one as JSON, many as JSON Lines, each with its `ticket`. Events that come before their
/// ticket wait for it.
#[utoipa::path(post, path = "/v1/events", tag = "tickets", security(("token" = ["write"])), params(Taking),
    request_body(content((shapes::Event = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "Nothing new; or of many, a line for each line", content(
            (TookBody = "application/json"), (String = "application/x-ndjson"))),
        (status = 201, body = TookBody), (status = "4XX", body = Refused)))]
pub(super) async fn post_events(
    State(api): State<Api>,
    Writer(caller): Writer,
    Asked(taking): Asked<Taking>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    take(&api, &caller, None, &taking, &headers, &body).await
}

/// Takes events of one ticket: one as JSON, many as JSON Lines.
#[utoipa::path(post, path = "/v1/tickets/{ticket}/events", tag = "tickets", security(("token" = ["write"])),
    params(("ticket" = String, Path), Taking),
    request_body(content((shapes::Event = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "Nothing new; or of many, a line for each line", content(
            (TookBody = "application/json"), (String = "application/x-ndjson"))),
        (status = 201, body = TookBody), (status = "4XX", body = Refused)))]
pub(super) async fn post_ticket_events(
    State(api): State<Api>,
    Writer(caller): Writer,
    Named(ticket): Named<String>,
    Asked(taking): Asked<Taking>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    Line::check_id(&ticket, "ticket", "")?;
    take(&api, &caller, Some(&ticket), &taking, &headers, &body).await
}

async fn take(
    api: &Api,
    caller: &Caller,
    ticket: Option<&str>,
    taking: &Taking,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Refusal> {
    if is_kind(headers, &LINES) {
        return take_lines(api, caller, ticket, taking, body).await;
    }
    let line = Line::read(body, ticket, api.service.now());
    let taken = api.service.take(&caller.tenant, &[line], taking.backfill).await?;
    match taken.into_iter().next() {
        Some(Ok(took)) => {
            let status = if took.stored > 0 { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, axum::Json(TookBody::from(took))).into_response())
        }
        Some(Err(problem)) => Err(problem.into()),
        None => Ok(StatusCode::OK.into_response()),
    }
}

/// A line of answer for each line that is not blank. The store's trouble ends the answer: what has a line is kept.
async fn take_lines(
    api: &Api,
    caller: &Caller,
    ticket: Option<&str>,
    taking: &Taking,
    body: &[u8],
) -> Result<Response, Refusal> {
    let lines: Vec<&[u8]> = lines_of(body).filter(|line| !crate::input::is_blank(line)).collect();
    let mut answers = String::new();
    for lines in lines.chunks(TOGETHER) {
        let now = api.service.now();
        let read: Vec<_> = lines.iter().map(|line| Line::read(line, ticket, now)).collect();
        let taken = match api.service.take(&caller.tenant, &read, taking.backfill).await {
            Ok(taken) => taken,
            Err(problem) if answers.is_empty() => return Err(problem.into()),
            Err(problem) => lines.iter().map(|_| Err(problem.clone())).collect(),
        };
        for (taken, read) in taken.into_iter().zip(&read) {
            if let Err(problem) = &taken {
                api.service.metrics.refusal(&problem.code);
            }
            answers.push_str(&answer(taken, read.as_ref().ok()));
            answers.push('\n');
        }
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], answers).into_response())
}

fn answer(taken: Result<Took, Problem>, line: Option<&Line>) -> String {
    let body = match taken {
        Ok(took) => serde_json::to_string(&TookBody::from(took)),
        Err(problem) => {
            let ticket = line.map(|line| &*line.ticket);
            serde_json::to_string(&json!({ "ticket": ticket, "error": problem }))
        }
    };
    body.unwrap_or_default()
}

/// A ticket with all its facts, in the order of their arrival. The header `slaclock-agreement` names its agreement.
#[utoipa::path(get, path = "/v1/tickets/{ticket}", tag = "tickets", security(("token" = ["read"])),
    params(("ticket" = String, Path)),
    responses((status = 200, body = shapes::Ticket), (status = "4XX", body = Refused)))]
pub(super) async fn get_ticket(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(ticket): Named<String>,
) -> Result<Response, Refusal> {
    let dossier = api.service.dossier(&caller.tenant, &ticket).await?;
    let line = ticket_line(&ticket, &dossier.facts);
    let mut response = ([(header::CONTENT_TYPE, "application/json")], line).into_response();
    response.headers_mut().extend(escaped(&dossier.agreement).map(|agreement| (AGREEMENT, agreement)));
    Ok(response)
}

/// Which tickets to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Under this agreement.
    agreement: Option<String>,
    /// With open clocks (the default), or with none.
    open: Option<bool>,
    /// Most tickets that are looked at, up to 5000.
    #[param(minimum = 1, maximum = 5000)]
    limit: Option<i64>,
    /// Where to go on: the header `slaclock-next` of the answer before, as it is.
    after: Option<String>,
}

/// Tickets with all their facts, as JSON Lines, the first due first. While there are more, the header `slaclock-next` says
/// where to go on; `slaclock-position` has the position of the last change before.
#[utoipa::path(get, path = "/v1/tickets", tag = "tickets", security(("token" = ["read"])), params(Listing),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), (status = "4XX", body = Refused)))]
pub(super) async fn list(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(listing): Asked<Listing>,
) -> Result<Response, Refusal> {
    let after = listing.after.as_deref().map(cursor).transpose()?.unwrap_or(BoardKey::first());
    let limit = listing.limit.unwrap_or(1_000).clamp(1, 5_000);
    let open = listing.open.unwrap_or(true);
    let position = api.service.store.last_change().await?;
    let found = api.service.store.board(&caller.tenant, open, &after, limit).await?;
    let last = found.last().filter(|_| found.len() as i64 == limit).map(|(key, _)| written(key));
    let is_wanted = |dossier: &Dossier| {
        listing.agreement.as_ref().is_none_or(|wanted| *wanted == dossier.agreement)
            && dossier.facts.iter().any(|fact| fact.id.is_empty())
    };
    let of_it = found.iter().map(|(_, dossier)| dossier).filter(|dossier| is_wanted(dossier));
    let lines: String = of_it.map(|dossier| ticket_line(&dossier.ticket, &dossier.facts)).collect();
    let mut response = ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response();
    response.headers_mut().insert(POSITION, HeaderValue::from(position));
    if let Some(next) = last.and_then(|next| escaped(&next)) {
        response.headers_mut().insert(NEXT, next);
    }
    Ok(response)
}

/// A text as a header, which holds no text of any kind; as a part of an address it needs nothing more.
fn escaped(text: &str) -> Option<HeaderValue> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    let part = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    HeaderValue::try_from(text.bytes().map(part).collect::<String>()).ok()
}

/// As of when, and how much.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AsOf {
    /// The instant to evaluate at; the present if not given.
    #[param(format = DateTime)]
    now: Option<String>,
    /// Leave out facts and versions of the agreement that were recorded later.
    #[param(format = DateTime)]
    known_at: Option<String>,
    /// With every minute and why it counts.
    #[serde(default)]
    explain: bool,
}

/// The clocks of a ticket.
#[utoipa::path(get, path = "/v1/tickets/{ticket}/clocks", tag = "tickets", security(("token" = ["read"])),
    params(("ticket" = String, Path), AsOf),
    responses((status = 200, description = "An `Evaluation`, or with `explain` an `Explanation`, of the npm package",
        body = shapes::Clocks), (status = "4XX", body = Refused)))]
pub(super) async fn get_clocks(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(ticket): Named<String>,
    Asked(as_of): Asked<AsOf>,
) -> Result<Response, Refusal> {
    let now = instant(as_of.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let known_at = instant(as_of.known_at.as_deref(), "known_at")?;
    let options = Options { now, known_at };
    let answer = api.service.clocks(&caller.tenant, &ticket, options, as_of.explain).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}
