//! Live changes: the clocks of every ticket whenever something happens to it, by itself or by a fact.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Deserialize;
use slaclock_core::Options;
use tokio::sync::{OwnedSemaphorePermit, watch};
use utoipa::IntoParams;

use super::Api;
use super::auth::{Caller, Reader};
use super::extract::Asked;
use super::problem::{Refusal, Refused};
use crate::error::Code;

/// Tickets read together.
const TOGETHER: i64 = 100;

/// A comment so often keeps connections through proxies.
const ALIVE: Duration = Duration::from_secs(15);

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Begin {
    /// After this position: 0 for every ticket; without it and without `Last-Event-ID`, what happens from now on.
    after: Option<i64>,
}

/// Server-Sent Events: `clocks` with the evaluation of a ticket, whenever it changes. After a break, `Last-Event-ID`
/// brings each ticket that changed meanwhile once, as it is now.
#[utoipa::path(get, path = "/v1/changes", tag = "live", security(("token" = ["read"])),
    params(Begin, ("last-event-id" = Option<String>, Header, description = "The id of the last event that was seen")),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = "4XX", body = Refused)))]
pub(super) async fn get(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(from): Asked<Begin>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let last = headers.get("last-event-id").map(|id| id.to_str().ok().and_then(|id| id.parse::<i64>().ok()));
    let last = match last {
        Some(None) => return Err(Refusal::new(Code::BadRequest, "`Last-Event-ID` is not one of ours", "")),
        Some(last) => last,
        None => from.after,
    };
    let place = Arc::clone(&api.streams).try_acquire_owned();
    let place = place.map_err(|_| {
        Refusal::new(Code::TooManyRequests, "as many follow the changes as may at a time", "").after(10)
    })?;
    // From before the position is read, so that nothing falls in between.
    let changed = api.service.store.signals().changes.subscribe();
    let after = match last {
        Some(after) => after,
        None => api.service.store.last_change().await?,
    };
    let watch = Watch { api, caller, after, changed, ready: VecDeque::new(), _place: place };
    let events = unfold(watch, |mut watch| async move { watch.next().await.map(|event| (Ok(event), watch)) });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

struct Watch {
    api: Api,
    caller: Caller,
    after: i64,
    changed: watch::Receiver<u64>,
    ready: VecDeque<Event>,
    _place: OwnedSemaphorePermit,
}

impl Watch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            self.changed.borrow_and_update();
            let found = self.api.service.store.changes(&self.caller.tenant, self.after, TOGETHER).await;
            match found {
                Ok(found) if found.is_empty() => self.changed.changed().await.ok()?,
                Ok(found) => self.read(found).await,
                // The client comes back with its last id.
                Err(_) => return None,
            }
        }
    }

    async fn read(&mut self, found: Vec<(i64, String)>) {
        let options = Options { now: self.api.service.clock.now(), known_at: None };
        for (change, ticket) in found {
            self.after = change;
            let answer = self.api.service.clocks(&self.caller.tenant, &ticket, options, false).await;
            let (kind, data) = match answer {
                Ok(line) => ("clocks", String::from_utf8_lossy(&line).trim_end().to_owned()),
                Err(problems) => {
                    let error = problems.into_iter().next();
                    ("fault", serde_json::json!({ "ticket": ticket, "error": error }).to_string())
                }
            };
            self.ready.push_back(Event::default().id(change.to_string()).event(kind).data(data));
        }
    }
}
