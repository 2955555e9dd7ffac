//! The files that the program carries, as a browser wants them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::embedded;

/// Bytes with their type and a tag that changes with them.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    bytes: axum::body::Bytes,
    kind: &'static str,
    tag: HeaderValue,
}

impl Asset {
    pub(crate) fn new(bytes: impl Into<axum::body::Bytes>, kind: &'static str) -> Self {
        let bytes = bytes.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let tag = HeaderValue::try_from(format!("\"{:016x}\"", hasher.finish()));
        Self { bytes, kind, tag: tag.unwrap_or(HeaderValue::from_static("\"\"")) }
    }

    /// The asset, or word that the browser has it already.
    pub(crate) fn respond(&self, asked: &HeaderMap) -> Response {
        let has_it = asked.get_all(header::IF_NONE_MATCH).iter().any(|tag| tag == self.tag);
        let mut response = if has_it {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(self.bytes.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
            response
        };
        response.headers_mut().insert(header::ETAG, self.tag.clone());
        response
    }
}

/// Files by their path on the server.
pub(crate) fn files() -> HashMap<String, Asset> {
    let page = embedded::PAGE.iter().map(|(name, bytes)| (format!("/page/{name}"), *name, *bytes));
    let package = embedded::PACKAGE.iter().map(|(name, bytes)| (format!("/slaclock/{name}"), *name, *bytes));
    page.chain(package).map(|(path, name, bytes)| (path, Asset::new(bytes, kind_of(name)))).collect()
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
