//! Refusals: coded problems with the status that goes with them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Problem};
use crate::store::StoreError;

/// Why a request was refused.
#[derive(Debug)]
pub struct Refusal {
    problems: Vec<Problem>,
    /// Seconds until it is worth trying again.
    retry_after: Option<u64>,
    /// The status, where it is not the one that goes with the problem.
    status: Option<StatusCode>,
}

/// The body of a refusal.
#[derive(Serialize, ToSchema)]
pub(super) struct Refused {
    /// The first problem.
    error: ProblemBody,
    /// All of them.
    problems: Vec<ProblemBody>,
}

/// One mistake: what, where, and how to mend it.
#[derive(Serialize, ToSchema, Clone)]
#[schema(as = Problem)]
pub(super) struct ProblemBody {
    /// Stable code.
    #[schema(example = "SLA-H0704")]
    code: String,
    /// What is wrong, for a person.
    message: String,
    /// JSON pointer into the input; empty for the whole of it.
    pointer: String,
    /// How to mend it, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

impl From<&Problem> for ProblemBody {
    fn from(problem: &Problem) -> Self {
        let pointer = if problem.place.starts_with('/') { problem.place.clone() } else { String::new() };
        Self {
            code: problem.code.to_string(),
            message: problem.message.clone(),
            pointer,
            mend: problem.mend.clone(),
        }
    }
}

/// The code of the first problem, for who counts them.
#[derive(Clone)]
pub(super) struct Said(pub(super) String);

impl Refusal {
    /// The same with the seconds to wait.
    pub(super) fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same with another status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// A refusal with the host's code.
    pub(super) fn new(code: Code, message: impl Into<String>, place: &str) -> Self {
        Problem::new(code, message, place).into()
    }

    fn status(&self) -> StatusCode {
        if let Some(status) = self.status {
            return status;
        }
        self.problems.first().map_or(StatusCode::INTERNAL_SERVER_ERROR, status)
    }
}

/// The status of a problem.
fn status(problem: &Problem) -> StatusCode {
    let codes = [
        (Code::NoToken, StatusCode::UNAUTHORIZED),
        (Code::BadSignature, StatusCode::UNAUTHORIZED),
        (Code::WrongRole, StatusCode::FORBIDDEN),
        (Code::NotFound, StatusCode::NOT_FOUND),
        (Code::NotCreated, StatusCode::CONFLICT),
        (Code::Conflict, StatusCode::CONFLICT),
        (Code::BodyTooLarge, StatusCode::PAYLOAD_TOO_LARGE),
        (Code::DocumentTooLarge, StatusCode::PAYLOAD_TOO_LARGE),
        (Code::LineTooLong, StatusCode::PAYLOAD_TOO_LARGE),
        (Code::TooManyRequests, StatusCode::TOO_MANY_REQUESTS),
        (Code::TooSlow, StatusCode::REQUEST_TIMEOUT),
        (Code::BadRequest, StatusCode::BAD_REQUEST),
        (Code::NotJson, StatusCode::BAD_REQUEST),
        (Code::NotYaml, StatusCode::BAD_REQUEST),
        (Code::NotUtf8, StatusCode::BAD_REQUEST),
        (Code::StoreUnavailable, StatusCode::SERVICE_UNAVAILABLE),
        (Code::StoreFull, StatusCode::INSUFFICIENT_STORAGE),
        (Code::StoreUnexpected, StatusCode::INTERNAL_SERVER_ERROR),
        // The plugin is somebody else's program behind this one.
        (Code::PluginTrapped, StatusCode::BAD_GATEWAY),
        (Code::PluginAnswer, StatusCode::BAD_GATEWAY),
        (Code::PluginTime, StatusCode::GATEWAY_TIMEOUT),
        (Code::PluginBusy, StatusCode::SERVICE_UNAVAILABLE),
        (Code::PluginMemory, StatusCode::INSUFFICIENT_STORAGE),
    ];
    let found = codes.into_iter().find(|(code, _)| problem.is(*code)).map(|(_, status)| status);
    found.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem], retry_after: None, status: None }
    }
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, retry_after: None, status: None }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(problems = ?self.problems, "a request failed");
        }
        let said = self.problems.first().map(|problem| Said(problem.code.to_string()));
        let problems: Vec<ProblemBody> = self.problems.iter().map(ProblemBody::from).collect();
        let body = problems.first().map(|first| Refused { error: first.clone(), problems: problems.clone() });
        let body = body.and_then(|body| serde_json::to_string(&body).ok()).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(said) = said {
            response.extensions_mut().insert(said);
        }
        if let Some(seconds) = self.retry_after.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(1)) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"slaclock\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
