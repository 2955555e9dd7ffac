//! Tickets and events in; facts and clocks out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use slaclock_core::Options;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Reader, Writer};
use super::extract::{Asked, Named, Whole, instant, is_kind};
use super::problem::{Refusal, Refused};
use super::{Api, shapes};
use crate::error::Problem;
use crate::input::lines_of;
use crate::service::{Line, Took, ticket_line};

/// Lines of a bulk request that are checked and kept together.
const TOGETHER: usize = 500;

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

/// A ticket with all its facts, in the order of their arrival.
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
    Ok(([(header::CONTENT_TYPE, "application/json")], line).into_response())
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
        body = shapes::Evaluation), (status = "4XX", body = Refused)))]
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
