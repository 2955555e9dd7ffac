//! Boards: many tickets in the order in which they are due, with what a list shows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use slaclock_core::{Instant, Options};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::auth::Reader;
use super::extract::{Asked, instant};
use super::problem::{Refusal, Refused};
use crate::error::Code;
use crate::input::lines_of;
use crate::service::{Service, ticket_line};
use crate::store::{BoardKey, Dossier};

/// Tickets evaluated together.
const TOGETHER: i64 = 200;

/// Tickets that one request looks at, of which a filter may leave few.
const MOST_SEEN: usize = 5_000;

/// Rows of one answer.
const MOST_ROWS: usize = 1_000;

/// Which tickets, and what of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Under this agreement.
    agreement: Option<String>,
    /// With a clock in one of these states, divided by commas: `pending`, `running`, `paused`, `outside_hours`, `met`,
    /// `breached`, `cancelled`.
    state: Option<String>,
    /// With a clock that has passed its target, or with none.
    overdue: Option<bool>,
    /// With a clock that has passed a warning, or with none.
    at_risk: Option<bool>,
    /// With open clocks (the default), or with none.
    open: Option<bool>,
    /// Fields to show, divided by commas.
    columns: Option<String>,
    /// Conditions on fields, divided by commas: `priority:P1,group:network`.
    fields: Option<String>,
    /// The instant to evaluate at; the present if not given.
    #[param(format = DateTime)]
    now: Option<String>,
    /// Most rows, up to 1000.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Where to go on: `next` of the answer before.
    after: Option<String>,
}

/// A ticket on a board.
#[derive(Serialize, ToSchema)]
pub(super) struct BoardRow {
    /// The ticket.
    ticket: String,
    /// Its agreement.
    agreement: String,
    /// The fields that were asked for, as they are at that instant.
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// Its clocks, as in an evaluation, without alerts and earlier runs.
    #[schema(value_type = Vec<Object>)]
    clocks: Vec<Value>,
    /// When something happens by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_event_at: Value,
    /// Why it cannot be evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    error: Option<Value>,
}

/// A part of a board.
#[derive(Serialize, ToSchema)]
pub(super) struct BoardBody {
    /// The instant of the evaluation.
    #[schema(format = DateTime)]
    now: String,
    /// The tickets, the first due first.
    rows: Vec<BoardRow>,
    /// Where to go on, if there may be more.
    next: Option<String>,
}

/// Tickets in the order in which they are due.
#[utoipa::path(get, path = "/v1/board", tag = "tickets", security(("token" = ["read"])), params(Which),
    responses((status = 200, body = BoardBody), (status = "4XX", body = Refused)))]
pub(super) async fn get(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(which): Asked<Which>,
) -> Result<Json<BoardBody>, Refusal> {
    let now = instant(which.now.as_deref(), "now")?.unwrap_or_else(|| api.service.clock.now());
    let filter = Filter::of(&which)?;
    let limit = which.limit.unwrap_or(200).clamp(1, MOST_ROWS);
    let mut after = which.after.as_deref().map(cursor).transpose()?.unwrap_or(BoardKey::first());
    let mut rows = Vec::new();
    let mut seen = 0;
    let open = which.open.unwrap_or(true);
    loop {
        let found = api.service.store.board(&caller.tenant, open, &after, TOGETHER).await?;
        let is_last = found.len() < usize::try_from(TOGETHER).unwrap_or(usize::MAX);
        seen += found.len();
        let (keys, dossiers): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let made = rows_of(&api.service, &caller.tenant, &dossiers, &filter, now).await?;
        for (key, row) in keys.into_iter().zip(made) {
            after = key;
            rows.extend(row);
            if rows.len() == limit {
                break;
            }
        }
        if is_last && rows.len() < limit {
            return Ok(Json(BoardBody { now: now.to_string(), rows, next: None }));
        }
        if rows.len() == limit || seen >= MOST_SEEN {
            let next = Some(written(&after));
            return Ok(Json(BoardBody { now: now.to_string(), rows, next }));
        }
    }
}

/// A place in the order, as it is written.
pub(super) fn written(key: &BoardKey) -> String {
    format!("{}:{}", key.due_at, key.ticket)
}

/// Reads a place in the order.
pub(super) fn cursor(text: &str) -> Result<BoardKey, Refusal> {
    let parts = text.split_once(':').and_then(|(due, ticket)| Some((due.parse().ok()?, ticket)));
    let wrong = || Refusal::new(Code::BadRequest, "`after` is not the `next` of an answer", "/after");
    parts.map(|(due_at, ticket)| BoardKey { due_at, ticket: ticket.to_owned() }).ok_or_else(wrong)
}

/// What a ticket must be to be shown, and what is shown.
struct Filter {
    agreement: Option<String>,
    states: Vec<String>,
    overdue: Option<bool>,
    at_risk: Option<bool>,
    columns: Vec<String>,
    fields: Vec<(String, String)>,
}

impl Filter {
    fn of(which: &Which) -> Result<Self, Refusal> {
        let listed = |text: &Option<String>| -> Vec<String> {
            let words = text.iter().flat_map(|text| text.split(',')).map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let pair = |word: String| match word.split_once(':') {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(Refusal::new(Code::BadRequest, format!("`{word}` is not `field:value`"), "/fields")),
        };
        Ok(Self {
            agreement: which.agreement.clone(),
            states: listed(&which.state),
            overdue: which.overdue,
            at_risk: which.at_risk,
            columns: listed(&which.columns),
            fields: listed(&which.fields).into_iter().map(pair).collect::<Result<_, _>>()?,
        })
    }

    fn takes(&self, clocks: &[Value], fields: &Map<String, Value>) -> bool {
        let any = |test: &dyn Fn(&Value) -> bool| clocks.iter().any(test);
        let state = |clock: &Value| {
            self.states.iter().any(|state| clock.get("state").and_then(Value::as_str) == Some(state))
        };
        let overdue = |clock: &Value| clock.get("overdue").and_then(Value::as_bool) == Some(true);
        let risk = |clock: &Value| clock.get("at_risk").is_some();
        let has = |(name, wanted): &(String, String)| match fields.get(name) {
            Some(Value::String(value)) => value == wanted,
            Some(Value::Array(values)) => values.iter().any(|value| value.as_str() == Some(wanted)),
            Some(value) => {
                let text = value.to_string();
                text == *wanted
            }
            None => false,
        };
        (self.states.is_empty() || any(&state))
            && self.overdue.is_none_or(|wanted| any(&overdue) == wanted)
            && self.at_risk.is_none_or(|wanted| any(&risk) == wanted)
            && self.fields.iter().all(has)
    }
}

/// Rows for tickets, in their order; none for what the filter leaves out.
async fn rows_of(
    service: &Service,
    tenant: &str,
    dossiers: &[Dossier],
    filter: &Filter,
    now: Instant,
) -> Result<Vec<Option<BoardRow>>, Refusal> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, dossier) in dossiers.iter().enumerate() {
        let is_created = dossier.facts.iter().any(|fact| fact.id.is_empty());
        if is_created && filter.agreement.as_ref().is_none_or(|wanted| *wanted == dossier.agreement) {
            groups.entry(&dossier.agreement).or_default().push(place);
        }
    }
    let mut rows: Vec<Option<BoardRow>> = dossiers.iter().map(|_| None).collect();
    for (id, places) in groups {
        let agreement = service.agreement(tenant, id, None).await?;
        let lines: String = places
            .iter()
            .map(|place| ticket_line(&dossiers[*place].ticket, &dossiers[*place].facts))
            .collect();
        let options = Options { now, known_at: None };
        let answers = service.engines.tickets(tenant, &agreement, lines.into_bytes(), options, false).await?;
        for (place, answer) in places.into_iter().zip(lines_of(&answers)) {
            rows[place] = row(&dossiers[place], answer, filter, now);
        }
    }
    Ok(rows)
}

fn row(dossier: &Dossier, answer: &[u8], filter: &Filter, now: Instant) -> Option<BoardRow> {
    let mut answer: Value = serde_json::from_slice(answer).ok()?;
    let mut clocks = match answer.get_mut("clocks").map(Value::take) {
        Some(Value::Array(clocks)) => clocks,
        _ => Vec::new(),
    };
    for clock in clocks.iter_mut().filter_map(Value::as_object_mut) {
        clock.remove("alerts");
        clock.remove("earlier");
    }
    let fields = fields_at(dossier, now.ms());
    if !filter.takes(&clocks, &fields) {
        return None;
    }
    let shown = filter.columns.iter().filter_map(|name| Some((name.clone(), fields.get(name)?.clone())));
    Some(BoardRow {
        ticket: dossier.ticket.clone(),
        agreement: dossier.agreement.clone(),
        fields: shown.collect(),
        clocks,
        next_event_at: answer.get_mut("next_event_at").map(Value::take).unwrap_or_default(),
        error: answer.get_mut("error").map(Value::take),
    })
}

/// The fields of a ticket as its facts up to an instant leave them. They are shown and filtered by; clocks are the
/// engine's.
fn fields_at(dossier: &Dossier, now: i64) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut facts: Vec<_> = dossier.facts.iter().filter(|fact| fact.at <= now).collect();
    facts.sort_by_key(|fact| (!fact.id.is_empty(), fact.at));
    for fact in facts {
        let Ok(mut body) = serde_json::from_str::<Value>(&fact.body) else { continue };
        let key = if fact.id.is_empty() { "fields" } else { "field" };
        if let Some(Value::Object(changed)) = body.get_mut(key).map(Value::take) {
            fields.extend(changed);
        }
        if let Some(status) = body.get_mut("status").map(Value::take).filter(|_| !fact.id.is_empty()) {
            fields.insert("status".to_owned(), status);
        }
    }
    fields.retain(|_, value| !value.is_null());
    fields
}
