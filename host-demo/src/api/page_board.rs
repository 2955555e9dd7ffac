//! The board page of the service: it asks for a token, keeps it for its session, and reads the API as anybody else.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::serve::assets::{Asset, files};
use crate::serve::routes::POLICY;

fn kept() -> &'static HashMap<String, Asset> {
    static FILES: OnceLock<HashMap<String, Asset>> = OnceLock::new();
    FILES.get_or_init(files)
}

/// The page.
pub(super) async fn page(asked: HeaderMap) -> Response {
    respond("/page/service.html", &asked)
}

/// A file of the page or of the browser package.
pub(super) async fn file(uri: Uri, asked: HeaderMap) -> Response {
    respond(uri.path(), &asked)
}

fn respond(path: &str, asked: &HeaderMap) -> Response {
    let mut response = match kept().get(path) {
        Some(file) => file.respond(asked),
        None => (StatusCode::NOT_FOUND, "this program has no such file\n").into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
