//! Whether the service is well, and its figures.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::problem::{Refusal, Refused};

/// The service answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of this program.
    version: &'static str,
    /// The present instant here.
    #[schema(format = DateTime)]
    now: String,
}

/// Whether the service and its store answer.
#[utoipa::path(get, path = "/health", tag = "operation",
    responses((status = 200, body = Health), (status = 503, body = Refused)))]
pub(super) async fn health(State(api): State<Api>) -> Result<Json<Health>, Refusal> {
    api.service.store.ping().await?;
    let now = api.service.clock.now().to_string();
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), now }))
}

/// The service answers, and what its engine is made of.
#[derive(Serialize, ToSchema)]
pub(super) struct EngineHealth {
    /// `ok`.
    status: &'static str,
    /// Version of the engine.
    version: String,
    /// Version of its time zones.
    tz_version: String,
}

/// Whether the service answers, and what its engine is made of; as edge functions answer it.
#[utoipa::path(get, path = "/v1/health", tag = "operation",
    responses((status = 200, body = EngineHealth), (status = 503, body = Refused)))]
pub(super) async fn engine_health(State(api): State<Api>) -> Result<Json<EngineHealth>, Refusal> {
    let (version, tz_version) = api.service.engines.describe().await?;
    Ok(Json(EngineHealth { status: "ok", version, tz_version }))
}

/// Figures for Prometheus, of this host alone. They name routes and codes, never tenants or tickets.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(api): State<Api>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], api.service.metrics.text()).into_response()
}
