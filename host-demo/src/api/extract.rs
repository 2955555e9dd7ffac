//! What a handler gets of a request; what cannot be understood becomes a coded problem.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use slaclock_core::Instant;

use super::problem::Refusal;
use crate::error::{Code, Problem};

/// Names in the path.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::from_request_parts(parts, state).await;
        let Path(names) = path.map_err(|error| Refusal::new(Code::BadRequest, error.body_text(), ""))?;
        Ok(Self(names))
    }
}

/// Parameters after the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = Query::try_from_uri(&parts.uri);
        let Query(asked) = query.map_err(|error| {
            let text = error.body_text();
            // The words of serde name the parameter between the first quotes.
            let name = text.split_once(" field `").and_then(|(_, rest)| rest.split_once('`'));
            let pointer = name.map(|(name, _)| format!("/{name}")).unwrap_or_default();
            Refusal::new(Code::BadRequest, text, &pointer)
        })?;
        Ok(Self(asked))
    }
}

/// The whole body, within the limit of the route.
pub(super) struct Whole(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let refused = |error: BytesRejection| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Refusal::new(Code::BodyTooLarge, "the body is larger than allowed", "");
            }
            Refusal::new(Code::BadRequest, error.body_text(), "")
        };
        Bytes::from_request(request, state).await.map(Self).map_err(refused)
    }
}

/// A body of JSON, read strictly.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(Code::NotJson, error.to_string(), ""))
}

/// Whether a body is said to be of a kind, parameters aside.
pub(super) fn is_kind(headers: &HeaderMap, kinds: &[&str]) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kinds.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// An instant of a parameter.
pub(super) fn instant(text: Option<&str>, name: &str) -> Result<Option<Instant>, Refusal> {
    // A plus sign in an address reads as a space.
    let text = text.map(|text| text.trim().replace(' ', "+"));
    let parsed = text.map(|text| Instant::parse_at(&text, &format!("/{name}"))).transpose();
    parsed.map_err(|problem| Problem::from(problem).into())
}
