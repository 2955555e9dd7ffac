//! What each address answers.

use slaclock_core::{Agreement, EngineVersion, Instant, to_json};

use super::query::Query;
use super::refusal::{Refusal, Wrong};
use super::{Edge, Response};
use crate::desk::about;
use crate::request::{Question, What};

const LINES: &str = "application/x-ndjson";
const JSON: &str = "application/json";

/// The description of the contract, in OpenAPI.
const DESCRIPTION: &str = include_str!("../../../openapi.json");

/// An answer about a given instant may be kept so long, in seconds.
const KEPT: i64 = 60;
const DAY: i64 = 86_400;

/// The methods that an address takes.
pub(super) fn methods(path: &str) -> Option<&'static [&'static str]> {
    Some(match path {
        "/v1/evaluate" | "/v1/explain" | "/v1/preview" | "/v1/lint" => &["POST"],
        "/v1/hours" => &["GET", "POST"],
        "/v1/health" | "/v1/openapi.json" => &["GET"],
        _ => return None,
    })
}

/// Whether it is answered without a token.
pub(super) fn is_open(path: &str) -> bool {
    matches!(path, "/v1/health" | "/v1/openapi.json")
}

impl Edge {
    pub(super) fn route(
        &mut self,
        path: &str,
        method: &str,
        asked: &Query,
        body: &[u8],
        came: Instant,
    ) -> Result<Response, Refusal> {
        match path {
            "/v1/evaluate" => {
                let lines = self.about_agreement(What::Clocks, asked, body, came)?;
                let next = next_event(&lines);
                let response = Response::new(LINES, lines);
                Ok(match next {
                    Some(next) => response.header("slaclock-next-event-at", next.to_string()),
                    None => response,
                })
            }
            "/v1/explain" => {
                Ok(Response::new(LINES, self.about_agreement(What::Explain, asked, body, came)?))
            }
            "/v1/preview" => Ok(Response::new(JSON, self.about_agreement(What::Preview, asked, body, came)?)),
            "/v1/lint" => {
                let day = came.to_string();
                let today = asked.get("today")?.or_else(|| day.get(..10));
                let question = Question { today, body: text(body)?.as_bytes(), ..Question::of(What::Lint) };
                Ok(Response::new(LINES, self.desk.answer(&question)?))
            }
            "/v1/hours" if method == "GET" => self.hours(asked, came),
            "/v1/hours" => {
                let question = Question { body: text(body)?.as_bytes(), ..Question::of(What::Hours) };
                Ok(Response::new(LINES, self.desk.answer(&question)?))
            }
            "/v1/openapi.json" => {
                let response = Response::new(JSON, DESCRIPTION.into());
                Ok(response.header("cache-control", "public, max-age=3600"))
            }
            _ => {
                let about = to_json(&EngineVersion::current());
                let body = format!("{{\"status\":\"ok\",{}\n", about.trim_start_matches('{'));
                Ok(Response::new(JSON, body.into_bytes()))
            }
        }
    }

    /// A question about an agreement: one of the function's own, or one that stands on the first line of the body.
    fn about_agreement(
        &mut self,
        what: What,
        asked: &Query,
        body: &[u8],
        came: Instant,
    ) -> Result<Vec<u8>, Refusal> {
        let Some(id) = asked.get("agreement")? else {
            let message = "`agreement` is missing: an id, or `inline` with the agreement on the first line";
            return Err(Refusal::at(Wrong::Request, message, "/agreement"));
        };
        let body = text(body)?;
        let now = asked.instant("now")?.unwrap_or_else(|| came.to_string());
        let known_at = asked.instant("known_at")?;
        let known_at = known_at.as_deref();
        let question = Question { now: Some(&now), known_at, ..Question::of(what) };
        if id != "inline" {
            return Ok(about(self.own(id)?, &Question { body: body.as_bytes(), ..question })?);
        }
        if !self.settings.inline {
            let message = "this function answers about its own agreements only";
            return Err(Refusal::at(Wrong::Request, message, "/agreement"));
        }
        let (document, body) = body.split_once('\n').unwrap_or((body, ""));
        Ok(self.desk.answer(&Question { agreement: Some(document), body: body.as_bytes(), ..question })?)
    }

    /// Whether a calendar is open: holds until it opens or closes next, and may be kept until then.
    fn hours(&mut self, asked: &Query, came: Instant) -> Result<Response, Refusal> {
        let id = asked.get("agreement")?.unwrap_or_default();
        let Some(calendar) = asked.get("calendar")? else {
            return Err(Refusal::at(Wrong::Request, "`calendar` is missing", "/calendar"));
        };
        let at = asked.instant("at")?;
        let agreement = self.own(id)?;
        let given = at.as_deref().map(|at| Instant::parse_at(at, "/at")).transpose();
        let given = given.map_err(|problem| vec![problem])?;
        let at = given.unwrap_or(came);
        let found = agreement.calendar(calendar)?.hours(at);
        let change = if found.open { found.closes_at } else { found.opens_at };
        let holds = match (given, change) {
            (None, Some(change)) => (change.ms() - came.ms()) / 1000,
            _ => KEPT,
        };
        let holds = holds.clamp(0, DAY);
        let whom = if self.settings.tokens.is_empty() { "public" } else { "private" };
        let body = to_json(&found) + "\n";
        let keep = format!("{whom}, max-age={holds}");
        Ok(Response::new(JSON, body.into_bytes()).header("cache-control", keep))
    }

    /// An agreement of the function's own, compiled.
    fn own(&mut self, id: &str) -> Result<&Agreement, Refusal> {
        if !is_id(id) {
            return Err(Refusal::at(Wrong::NotFound, "no agreement has such an id", "/agreement"));
        }
        if !self.own.contains_key(id)
            && let Some(document) = self.settings.agreements.get(id)
        {
            self.own.insert(id.to_owned(), Agreement::from_json(document, false)?);
        }
        let none = || Refusal::at(Wrong::NotFound, format!("there is no agreement `{id}`"), "/agreement");
        self.own.get(id).ok_or_else(none)
    }
}

/// Whether a text can be the id of an agreement.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@-".contains(&byte);
    (1..=128).contains(&text.len()) && text.bytes().all(fits)
}

fn text(body: &[u8]) -> Result<&str, Refusal> {
    core::str::from_utf8(body).map_err(|_| Refusal::new(Wrong::NotUtf8, "the body is not UTF-8"))
}

/// The earliest instant at which one of the answers ceases to hold by itself.
fn next_event(lines: &[u8]) -> Option<Instant> {
    const KEY: &str = "\"next_event_at\":\"";
    let lines = core::str::from_utf8(lines).ok()?;
    let instants = lines.lines().filter_map(|line| {
        // The last such key is the ticket's: notices, which come after it, hold no instants.
        let (_, after) = line.rsplit_once(KEY)?;
        Instant::parse(after.split_once('"')?.0).ok()
    });
    instants.min()
}
