//! The HTTP API. Its description, `/v1/openapi.json`, is made from these handlers.

#![expect(unused_qualifications, reason = "the macros of utoipa write them")]

mod agreements;
mod auth;
mod board;
mod calendars;
mod changes;
mod extract;
mod helpdesks;
mod keeping;
mod openapi;
mod ops;
mod origins;
mod page_board;
mod patience;
mod problem;
mod questions;
mod server;
mod shapes;
mod tickets;
mod webhooks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tracing::info;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Code;
use crate::notify::Sender;
use crate::service::Service;
use auth::Gate;
pub use openapi::description;
pub use origins::Origins;
pub use problem::Refusal;
pub use server::{Options, serve};

/// The version of an agreement that an answer is about.
const VERSION: HeaderName = HeaderName::from_static("slaclock-version");

/// Largest body of one ticket, event or document, in bytes.
const LARGEST: usize = 16 << 20;

/// What the handlers share.
#[derive(Clone)]
pub struct Api {
    pub(crate) service: Service,
    sender: Sender,
    gate: Arc<Gate>,
    origins: Origins,
    streams: Arc<Semaphore>,
}

/// Live changes that may be followed at a time, so that they leave connections for all else.
const MOST_STREAMS: usize = 512;

impl Api {
    /// An API on a service, with so many requests a second for each token.
    #[must_use]
    pub fn new(service: Service, sender: Sender, rate: u32) -> Self {
        let (gate, streams) = (Arc::new(Gate::new(rate)), Arc::new(Semaphore::new(MOST_STREAMS)));
        Self { service, sender, gate, origins: Origins::default(), streams }
    }

    /// The same, with pages of these origins that may read answers.
    #[must_use]
    pub fn with_origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }
}

fn described() -> (Router<Api>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(agreements::list))
        .routes(routes!(agreements::put, agreements::get))
        .routes(routes!(agreements::versions))
        .routes(routes!(agreements::get_version))
        .routes(routes!(tickets::post_tickets, tickets::list))
        .routes(routes!(tickets::post_events))
        .routes(routes!(tickets::get_ticket))
        .routes(routes!(tickets::post_ticket_events))
        .routes(routes!(tickets::get_clocks))
        .routes(routes!(board::get))
        .routes(routes!(changes::get))
        .routes(routes!(webhooks::post, webhooks::list))
        .routes(routes!(webhooks::delete))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::replay))
        .routes(routes!(webhooks::messages))
        .routes(routes!(questions::preview))
        .routes(routes!(questions::evaluate))
        .routes(routes!(questions::explain))
        .routes(routes!(questions::lint))
        .routes(routes!(questions::hours, questions::open_hours))
        .routes(routes!(helpdesks::put, helpdesks::delete))
        .routes(routes!(helpdesks::list))
        .routes(routes!(helpdesks::receive))
        .routes(routes!(helpdesks::receive_signed))
        .routes(routes!(keeping::post_token, keeping::list_tokens))
        .routes(routes!(keeping::delete_token))
        .routes(routes!(keeping::purge))
        .routes(routes!(keeping::erase))
        .routes(routes!(keeping::figures))
        .routes(routes!(calendars::hours))
        .routes(routes!(calendars::deadlines))
        .routes(routes!(ops::health))
        .routes(routes!(ops::engine_health))
        .routes(routes!(ops::metrics))
        .split_for_parts()
}

/// All routes.
pub fn router(api: Api) -> Router {
    let (router, _) = described();
    router
        .route("/", get(openapi::page))
        .route("/board", get(page_board::page))
        .route("/page/{*file}", get(page_board::file))
        .route("/slaclock/{*file}", get(page_board::file))
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/openapi.css", get(openapi::style))
        .route("/v1/openapi.js", get(openapi::script))
        .fallback(async |uri: Uri| {
            Refusal::new(Code::NotFound, format!("there is nothing at {}", uri.path()), "")
        })
        .method_not_allowed_fallback(async || {
            Refusal::new(Code::BadRequest, "this address does not take that method", "")
                .with_status(StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(api.clone(), watched))
        .with_state(api)
}

/// Longest time of a request, its body included. Live changes go on after their head.
const PATIENCE: Duration = Duration::from_secs(60);

/// Counts and logs every request, ends those that take too long, and adds the headers that every answer has.
async fn watched(State(api): State<Api>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let slow = || Refusal::new(Code::TooSlow, "the request took too long", "").into_response();
    let origin = api.origins.of(request.headers());
    let (parts, body) = request.into_parts();
    if let Some(answer) = api.origins.preflight(&parts) {
        return answer;
    }
    let request = Request::from_parts(parts, body);
    let uri = request.uri();
    // No id has a zero byte, and not every database takes one.
    let mut response =
        if [uri.path(), uri.query().unwrap_or_default()].iter().any(|part| part.contains("%00")) {
            Refusal::new(Code::BadRequest, "the address has a zero byte", "").into_response()
        } else {
            tokio::time::timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|_| slow())
        };
    let status = response.status().as_u16();
    let code = response.extensions().get::<problem::Said>().map(|said| said.0.clone());
    if let Some(code) = &code {
        api.service.metrics.refusal(code);
    }
    let took = begun.elapsed();
    api.service.metrics.request(method.as_str(), &route, status, took);
    info!(%method, route, status, code = code.as_deref(), us = took.as_micros() as u64, "request");
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        Origins::allow(&origin, headers);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
