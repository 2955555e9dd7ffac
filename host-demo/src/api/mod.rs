//! The HTTP API. Its description, `/v1/openapi.json`, is made from these handlers.

#![expect(unused_qualifications, reason = "the macros of utoipa write them")]

mod agreements;
mod auth;
mod board;
mod calendars;
mod changes;
mod extract;
mod openapi;
mod ops;
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
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tracing::info;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Code;
use crate::notify::Sender;
use crate::service::Service;
use auth::Gate;
pub use openapi::description;
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
}

impl Api {
    /// An API on a service, with so many requests a second for each token.
    #[must_use]
    pub fn new(service: Service, sender: Sender, rate: u32) -> Self {
        Self { service, sender, gate: Arc::new(Gate::new(rate)) }
    }
}

fn described() -> (Router<Api>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(agreements::list))
        .routes(routes!(agreements::put, agreements::get))
        .routes(routes!(agreements::versions))
        .routes(routes!(agreements::get_version))
        .routes(routes!(tickets::post_tickets))
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
        .routes(routes!(questions::hours))
        .routes(routes!(calendars::hours))
        .routes(routes!(calendars::deadlines))
        .routes(routes!(ops::health))
        .routes(routes!(ops::metrics))
        .split_for_parts()
}

/// All routes.
pub fn router(api: Api) -> Router {
    let (router, _) = described();
    router
        .route("/", get(openapi::page))
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/openapi.css", get(openapi::style))
        .route("/v1/openapi.js", get(openapi::script))
        .fallback(async |uri: Uri| {
            Refusal::new(Code::NotFound, format!("there is nothing at {}", uri.path()), "")
        })
        .method_not_allowed_fallback(async || {
            Refusal::new(Code::BadRequest, "this address does not take that method", "")
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
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
