//! Refusals: coded problems with the status that goes with them, as the host has them.

use slaclock_core::{Code, Problem, to_json};

use super::Response;

/// What can be wrong with a request, beside what the engine finds in its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No token was given, or none that is known.
    NoToken,
    /// There is no such thing.
    NotFound,
    /// A part of the address or a header cannot be understood.
    Request,
    /// The address does not take that method.
    Method,
    /// The body is larger than allowed.
    TooLarge,
    /// The body did not arrive.
    TooSlow,
    /// The body is not UTF-8.
    NotUtf8,
}

impl Wrong {
    const fn facts(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::NoToken => ("SLA-H0701", 401, "send `Authorization: Bearer` with a token of this function"),
            Self::NotFound => ("SLA-H0706", 404, "check the path and the ids in it"),
            Self::Request => ("SLA-H0712", 400, "the description at /v1/openapi.json shows how"),
            Self::Method => ("SLA-H0712", 405, "the description at /v1/openapi.json shows how"),
            Self::TooLarge => ("SLA-H0710", 413, "send it in parts"),
            Self::TooSlow => ("SLA-H0713", 408, "send the request in one go"),
            Self::NotUtf8 => ("SLA-H0003", 400, "send UTF-8"),
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    /// Canonical JSON of each problem.
    problems: Vec<String>,
    headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// The body is larger than `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(Wrong::TooLarge, format!("the body is larger than {limit} bytes"))
    }

    /// The body did not arrive within `limit` milliseconds.
    #[must_use]
    pub fn too_slow(limit: u64) -> Self {
        Self::new(Wrong::TooSlow, format!("the body did not arrive within {limit} ms"))
    }

    /// The sender went away.
    #[must_use]
    pub fn broken_off() -> Self {
        Self::new(Wrong::Request, "the body broke off")
    }

    /// A refusal of the request itself.
    pub(super) fn new(wrong: Wrong, message: impl Into<String>) -> Self {
        Self::at(wrong, message, "")
    }

    /// The same at a place: a JSON pointer with the name of a parameter.
    pub(super) fn at(wrong: Wrong, message: impl Into<String>, pointer: &str) -> Self {
        let (code, status, mend) = wrong.facts();
        let fields = [("code", code), ("message", &message.into()), ("pointer", pointer), ("mend", mend)];
        let pairs = fields.map(|(key, value)| format!("\"{key}\":{}", to_json(&value)));
        Self { status, problems: vec![format!("{{{}}}", pairs.join(","))], headers: Vec::new() }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn response(self) -> Response {
        let first = self.problems.first().map(String::as_str).unwrap_or("null");
        let body = format!("{{\"error\":{first},\"problems\":[{}]}}", self.problems.join(","));
        let mut response = Response::new("application/json", body.into_bytes());
        response.status = self.status;
        response.headers.extend(self.headers);
        response
    }
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        let large = problems.first().is_some_and(|problem| problem.code == Code::TooLarge);
        let status = if large { 413 } else { 422 };
        Self { status, problems: problems.iter().map(to_json).collect(), headers: Vec::new() }
    }
}
