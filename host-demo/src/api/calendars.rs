//! Feeds for calendar programs, which send the token as the password of Basic authentication.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Months, NaiveDate};
use serde::Deserialize;
use slaclock_core::Options;
use utoipa::IntoParams;

use super::Api;
use super::auth::Reader;
use super::extract::{Asked, Named};
use super::problem::{Refusal, Refused};
use crate::error::Code;
use crate::ics::{Deadlines, Form, Span};
use crate::pipeline::Sink;
use crate::service::ticket_line;
use crate::store::BoardKey;

/// Open tickets of one feed of deadlines.
const MOST_TICKETS: usize = 5_000;

/// Tickets evaluated together.
const TOGETHER: i64 = 500;

/// Which dates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Dates {
    /// First date, in the calendar's zone; today if not given.
    #[param(format = Date)]
    from: Option<String>,
    /// Last date; a year of dates if not given.
    #[param(format = Date)]
    until: Option<String>,
}

fn date(text: Option<&String>, name: &str) -> Result<Option<NaiveDate>, Refusal> {
    let parsed = text.map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d")).transpose();
    parsed.map_err(|_| {
        Refusal::new(
            Code::BadRequest,
            format!("`{name}` is not a date such as 2026-12-25"),
            &format!("/{name}"),
        )
    })
}

/// The open hours and holidays of a calendar of an agreement, as iCalendar.
#[utoipa::path(get, path = "/v1/agreements/{id}/calendars/{calendar}", tag = "calendars",
    security(("token" = ["read"])),
    params(("id" = String, Path), ("calendar" = String, Path, description = "Its name, with or without `.ics`"), Dates),
    responses((status = 200, body = String, content_type = "text/calendar"), (status = "4XX", body = Refused)))]
pub(super) async fn hours(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named((id, calendar)): Named<(String, String)>,
    Asked(dates): Asked<Dates>,
) -> Result<Response, Refusal> {
    let agreement = api.service.agreement(&caller.tenant, &id, None).await?;
    let now = api.service.clock.now();
    let today = DateTime::from_timestamp_millis(now.ms()).map(|now| now.date_naive()).unwrap_or_default();
    let from = date(dates.from.as_ref(), "from")?.unwrap_or(today);
    let year = || from.checked_add_months(Months::new(12)).and_then(|date| date.pred_opt());
    let until = date(dates.until.as_ref(), "until")?.or_else(year).unwrap_or(from);
    if until < from || until.signed_duration_since(from).num_days() > 10 * 366 {
        return Err(Refusal::new(
            Code::BadRequest,
            "from must not be later than until, nor ten years earlier",
            "",
        ));
    }
    let name = calendar.strip_suffix(".ics").unwrap_or(&calendar).to_owned();
    let text =
        api.service.engines.calendar(&caller.tenant, &agreement, name, Span { from, until, now }).await;
    // There the calendar is named on the command line.
    let text = text.map_err(|mut problems| {
        for problem in problems.iter_mut().filter(|problem| problem.is(Code::NoCalendar)) {
            problem.code = Code::NotFound.as_str().into();
        }
        problems
    })?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

/// As what deadlines are written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct As {
    /// As tasks with a due time instead of events.
    #[serde(default)]
    todos: bool,
}

/// When the open clocks of the tickets of an agreement are due, as iCalendar; the first five thousand tickets.
#[utoipa::path(get, path = "/v1/agreements/{id}/deadlines.ics", tag = "calendars", security(("token" = ["read"])),
    params(("id" = String, Path), As),
    responses((status = 200, body = String, content_type = "text/calendar"), (status = "4XX", body = Refused)))]
pub(super) async fn deadlines(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<String>,
    Asked(form): Asked<As>,
) -> Result<Response, Refusal> {
    let agreement = api.service.agreement(&caller.tenant, &id, None).await?;
    let now = api.service.clock.now();
    let form = if form.todos { Form::Todos } else { Form::Events };
    let broken = |error: std::io::Error| Refusal::new(Code::PluginAnswer, error.to_string(), "");
    let mut text = Vec::new();
    let mut deadlines = Deadlines::begin(&mut text, form, &id, now).map_err(broken)?;
    let (mut after, mut seen) = (BoardKey::first(), 0);
    while seen < MOST_TICKETS {
        let found = api.service.store.board(&caller.tenant, true, &after, TOGETHER).await?;
        let Some((last, _)) = found.last() else { break };
        after = last.clone();
        seen += found.len();
        let of_it = found.iter().map(|(_, dossier)| dossier).filter(|dossier| dossier.agreement == id);
        let of_it = of_it.filter(|dossier| dossier.facts.iter().any(|fact| fact.id.is_empty()));
        let lines: String = of_it.map(|dossier| ticket_line(&dossier.ticket, &dossier.facts)).collect();
        let options = Options { now, known_at: None };
        let answers = api
            .service
            .engines
            .tickets(&caller.tenant, &agreement, lines.into_bytes(), options, false)
            .await?;
        deadlines.take(&answers).map_err(broken)?;
    }
    deadlines.finish().map_err(broken)?;
    drop(deadlines);
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}
