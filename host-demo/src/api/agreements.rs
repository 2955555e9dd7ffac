//! Agreements and their versions.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::auth::{Admin, Reader};
use super::extract::{Asked, Named, Whole, is_kind};
use super::problem::{Refusal, Refused};
use crate::document::Document;
use crate::engine::Finding;
use crate::error::{Code, Problem};
use crate::service::{hex, instant};
use crate::store::Recorded;

/// A version of an agreement.
#[derive(Serialize, ToSchema)]
pub(super) struct AgreementVersion {
    /// Its id.
    id: String,
    /// From 1.
    version: i64,
    /// SHA-256 of the document as JSON.
    digest: String,
    /// When it was uploaded.
    #[schema(format = DateTime)]
    recorded_at: String,
}

impl From<Recorded> for AgreementVersion {
    fn from(recorded: Recorded) -> Self {
        let Recorded { id, version, digest, recorded_at } = recorded;
        Self { id, version, digest, recorded_at: instant(recorded_at).to_string() }
    }
}

/// What came of an upload.
#[derive(Serialize, ToSchema)]
pub(super) struct Uploaded {
    /// The version that holds now; of a dry run, none.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<AgreementVersion>,
    /// Whether the document says something new.
    is_new: bool,
    /// What should be looked at.
    #[schema(value_type = Vec<super::shapes::Finding>)]
    findings: Vec<Finding>,
}

/// How to upload.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Upload {
    /// Read and lint, but keep nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Uploads an agreement. One that says something new is a new version, and holds for all tickets of its id at once.
#[utoipa::path(put, path = "/v1/agreements/{id}", tag = "agreements", security(("token" = ["admin"])),
    params(("id" = String, Path, description = "The `id` of the document"), Upload),
    request_body(description = "The document", content(
        (super::shapes::Agreement = "application/json"), (String = "application/yaml"))),
    responses((status = 200, body = Uploaded), (status = 201, body = Uploaded, description = "A new version"),
        (status = "4XX", body = Refused)))]
pub(super) async fn put(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<String>,
    Asked(upload): Asked<Upload>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    let is_yaml = is_kind(&headers, &["application/yaml", "application/x-yaml", "text/yaml"]);
    let document = Document::sent(&body, !is_yaml)?;
    let today: String = api.service.clock.now().to_string().chars().take(10).collect();
    let findings = api.service.engines.lint(&caller.tenant, document.clone(), today).await?;
    let named = serde_json::from_str::<serde_json::Value>(&document).unwrap_or_default();
    if named.get("id").and_then(serde_json::Value::as_str) != Some(&id) {
        let message = format!("the document's id is not `{id}`, as the address says");
        let problem = Problem::new(Code::BadId, message, "/id");
        return Err(problem
            .with_mend("send it to the address that ends with its id, or change either")
            .into());
    }
    if id.len() > 256 || id.chars().any(char::is_control) {
        return Err(Problem::new(Code::BadId, "the id is too long or has control characters", "/id").into());
    }
    if upload.dry_run {
        return Ok(Json(Uploaded { agreement: None, is_new: false, findings }).into_response());
    }
    let digest = hex(&Sha256::digest(&document));
    let now = api.service.now();
    let (recorded, is_new) =
        api.service.store.put_agreement(&caller.tenant, &id, &digest, document, now).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Uploaded { agreement: Some(recorded.into()), is_new, findings })).into_response())
}

/// Every version of every agreement.
#[utoipa::path(get, path = "/v1/agreements", tag = "agreements", security(("token" = ["read"])),
    responses((status = 200, body = Vec<AgreementVersion>), (status = "4XX", body = Refused)))]
pub(super) async fn list(
    State(api): State<Api>,
    Reader(caller): Reader,
) -> Result<Json<Vec<AgreementVersion>>, Refusal> {
    let all = api.service.store.agreements(&caller.tenant, None).await?;
    Ok(Json(all.into_iter().map(AgreementVersion::from).collect()))
}

/// Every version of one agreement.
#[utoipa::path(get, path = "/v1/agreements/{id}/versions", tag = "agreements", security(("token" = ["read"])),
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<AgreementVersion>), (status = "4XX", body = Refused)))]
pub(super) async fn versions(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<String>,
) -> Result<Json<Vec<AgreementVersion>>, Refusal> {
    let all = api.service.store.agreements(&caller.tenant, Some(&id)).await?;
    if all.is_empty() {
        return Err(Refusal::new(Code::NotFound, format!("there is no agreement `{id}`"), ""));
    }
    Ok(Json(all.into_iter().map(AgreementVersion::from).collect()))
}

/// The document that holds now.
#[utoipa::path(get, path = "/v1/agreements/{id}", tag = "agreements", security(("token" = ["read"])),
    params(("id" = String, Path)),
    responses((status = 200, body = super::shapes::Agreement), (status = "4XX", body = Refused)))]
pub(super) async fn get(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<String>,
) -> Result<Response, Refusal> {
    document(&api, &caller.tenant, &id, None).await
}

/// The document of one version.
#[utoipa::path(get, path = "/v1/agreements/{id}/versions/{version}", tag = "agreements",
    security(("token" = ["read"])), params(("id" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = super::shapes::Agreement), (status = "4XX", body = Refused)))]
pub(super) async fn get_version(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named((id, version)): Named<(String, i64)>,
) -> Result<Response, Refusal> {
    document(&api, &caller.tenant, &id, Some(version)).await
}

async fn document(api: &Api, tenant: &str, id: &str, version: Option<i64>) -> Result<Response, Refusal> {
    let none = || Refusal::new(Code::NotFound, format!("there is no agreement `{id}` of that version"), "");
    let found = api.service.store.agreement_document(tenant, id, version).await?.ok_or_else(none)?;
    let version = found.recorded.version.to_string();
    let headers = [(header::CONTENT_TYPE, "application/json"), (super::VERSION, &*version)];
    Ok((headers, found.document).into_response())
}
