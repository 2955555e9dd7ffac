//! Pages of other origins: none may read answers but those that are named.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::{Code, Problem};

/// Headers that a page may send.
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, last-event-id");

/// Methods that a page may use.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE");

/// Headers of answers that a page may read.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "retry-after, slaclock-agreement, slaclock-next, slaclock-next-event-at, slaclock-position, slaclock-version",
);

/// Origins that may read answers.
#[derive(Debug, Clone, Default)]
pub struct Origins(Arc<[HeaderValue]>);

impl Origins {
    /// Origins as a browser sends them: scheme, name and port, in small letters.
    ///
    /// # Errors
    /// One is none, or stands for all.
    pub fn new(names: &[String]) -> Result<Self, Problem> {
        let origin = |name: &String| {
            let rest = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://"));
            let is_origin = rest.is_some_and(|host| {
                let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
                !host.is_empty() && host.chars().all(part)
            });
            let value = is_origin.then(|| HeaderValue::try_from(name.as_str()).ok()).flatten();
            value.ok_or_else(|| {
                Problem::new(Code::Usage, format!("`{name}` is not an origin"), "--allow-origin")
                    .with_mend("write it as `https://desk.example.com`, in small letters and without a path")
            })
        };
        Ok(Self(names.iter().map(origin).collect::<Result<Vec<_>, _>>()?.into()))
    }

    /// The origin of a request, if it may read the answer.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        self.0.iter().find(|known| *known == origin).cloned()
    }

    /// The answer to a browser that asks whether it may send a request.
    pub(super) fn preflight(&self, parts: &Parts) -> Option<Response> {
        if parts.method != Method::OPTIONS || !parts.headers.contains_key("access-control-request-method") {
            return None;
        }
        let origin = self.of(&parts.headers)?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        Self::allow(&origin, headers);
        Some(response)
    }

    /// Lets an origin read an answer.
    pub(super) fn allow(origin: &HeaderValue, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
}
