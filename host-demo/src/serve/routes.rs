//! What the server answers, and the headers that keep a page to itself.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::json;

use super::Board;
use super::assets::{Asset, files};
use crate::embedded;
use crate::time::now;

/// Scripts, styles and data come from this server alone; `wasm-unsafe-eval` lets the engine compile.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// How many tickets were left out of `/v1/tickets`.
const REFUSED: HeaderName = HeaderName::from_static("slaclock-refused");

struct Shared {
    files: HashMap<String, Asset>,
    agreement: Asset,
    tickets: Asset,
    refused: u64,
    about: String,
    /// Names are checked only where the server is for this machine alone.
    is_loopback: bool,
}

/// All routes of the server.
pub fn router(board: Board, address: SocketAddr) -> Router {
    let about = json!({
        "name": "slaclock",
        "version": env!("CARGO_PKG_VERSION"),
        "engine": { "version": board.engine.0, "tz_version": board.engine.1 },
        "tickets": board.count,
        "refused": board.refused,
    });
    let shared = Arc::new(Shared {
        files: files(),
        agreement: Asset::new(board.agreement, "application/json"),
        tickets: Asset::new(board.tickets, "application/x-ndjson"),
        refused: board.refused,
        about: about.to_string(),
        is_loopback: address.ip().is_loopback(),
    });
    Router::new()
        .route("/", get(page))
        .route("/playground", get(playground))
        .route("/page/{*file}", get(file))
        .route("/slaclock/{*file}", get(file))
        .route("/v1/agreement", get(agreement))
        .route("/v1/tickets", get(tickets))
        .route("/v1/now", get(present))
        .route("/v1/about", get(about_server))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guarded))
        .with_state(shared)
}

async fn page(State(shared): State<Arc<Shared>>, asked: HeaderMap) -> Response {
    let not_built = || (StatusCode::NOT_FOUND, "this program was built without its page\n").into_response();
    shared.files.get("/page/index.html").map_or_else(not_built, |page| page.respond(&asked))
}

/// To the playground of the package, whose addresses are relative; what follows a `?` goes along, and browsers keep the `#`.
async fn playground(uri: Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("/slaclock/playground/index.html{query}"))
}

async fn file(State(shared): State<Arc<Shared>>, uri: Uri, asked: HeaderMap) -> Response {
    match shared.files.get(uri.path()) {
        Some(file) => file.respond(&asked),
        None if embedded::PACKAGE.is_empty() && uri.path().starts_with("/slaclock/") => {
            (StatusCode::NOT_FOUND, "this program was built without its browser package\n").into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}

async fn agreement(State(shared): State<Arc<Shared>>, asked: HeaderMap) -> Response {
    shared.agreement.respond(&asked)
}

async fn tickets(State(shared): State<Arc<Shared>>, asked: HeaderMap) -> Response {
    let mut response = shared.tickets.respond(&asked);
    response.headers_mut().insert(REFUSED, HeaderValue::from(shared.refused));
    response
}

async fn present() -> Response {
    let mut response = json_text(json!({ "now": now().to_string() }).to_string());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn about_server(State(shared): State<Arc<Shared>>) -> Response {
    json_text(shared.about.clone())
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// Refuses foreign names, and adds the headers that every answer has.
async fn guarded(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // A foreign site may point its own name at this machine to read what only this machine should.
    let mut response = if shared.is_loopback && !is_own_name(host) {
        (StatusCode::MISDIRECTED_REQUEST, "this server answers only as localhost or by its address\n")
            .into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// Whether a `Host` is `localhost` or an address, with or without a port.
fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_are_its_own_names() {
        for own in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:80", "[::1]"] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in ["evil.example", "evil.example:8080", "", "localhost.evil.example"] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }
}
