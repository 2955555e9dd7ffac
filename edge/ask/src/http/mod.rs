//! The HTTP contract of edge functions: a request in, a response out, without a server. The same as the Worker's, and
//! held equal to it by `edge/cases.json`.

mod query;
mod refusal;
mod routes;
mod settings;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use slaclock_core::{Agreement, Instant, Problem};

use crate::desk::Desk;
pub use refusal::Refusal;
use refusal::Wrong;
pub use settings::Settings;

/// A request, less its body.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its method, in capitals.
    pub method: &'a str,
    /// Its path and query.
    pub target: &'a str,
    /// The header `authorization`.
    pub authorization: Option<&'a str>,
    /// The header `origin`.
    pub origin: Option<&'a str>,
    /// The instant at which it came, for questions that name none.
    pub now: Instant,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers; names are in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Response {
    fn new(kind: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", kind.to_owned()), ("cache-control", "no-store".to_owned())];
        Self { status: 200, headers, body }
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }
}

/// Answers requests: the settings, its own agreements once they are compiled, and the last that others brought.
#[derive(Debug, Default)]
pub struct Edge {
    settings: Settings,
    own: BTreeMap<String, Agreement>,
    desk: Desk,
}

impl Edge {
    /// A function with these settings. Its agreements are compiled when they are first asked.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// What it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Compiles its agreements now, so that no request has to wait for it.
    ///
    /// # Errors
    /// The id of an agreement with problems, and those.
    pub fn warm(&mut self) -> Result<(), (String, Vec<Problem>)> {
        for (id, document) in &self.settings.agreements {
            let agreement = Agreement::from_json(document, false);
            self.own.insert(id.clone(), agreement.map_err(|problems| (id.clone(), problems))?);
        }
        Ok(())
    }

    /// The response to a request. Its body is read by `body`, and only when the request may have one.
    pub fn respond(
        &mut self,
        request: &Request<'_>,
        body: impl FnOnce(&Settings) -> Result<Vec<u8>, Refusal>,
    ) -> Response {
        let answered = self.answer(request, body);
        let mut response = answered.unwrap_or_else(|refusal| refusal.response());
        response.headers.push(("vary", "origin".to_owned()));
        if let Some(origin) =
            request.origin.filter(|origin| self.settings.origins.iter().any(|known| known == origin))
        {
            response.headers.push(("access-control-allow-origin", origin.to_owned()));
            for (name, value) in [
                ("access-control-allow-methods", "GET, POST, OPTIONS"),
                ("access-control-allow-headers", "authorization, content-type"),
                ("access-control-expose-headers", "slaclock-next-event-at"),
                ("access-control-max-age", "86400"),
            ] {
                response.headers.push((name, value.to_owned()));
            }
        }
        response
    }

    fn answer(
        &mut self,
        request: &Request<'_>,
        body: impl FnOnce(&Settings) -> Result<Vec<u8>, Refusal>,
    ) -> Result<Response, Refusal> {
        let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
        let Some(methods) = routes::methods(path) else {
            return Err(Refusal::new(Wrong::NotFound, format!("there is nothing at {path}")));
        };
        let allowed = methods.join(", ");
        let method = match request.method {
            "OPTIONS" => {
                let allow = vec![("allow", format!("{allowed}, OPTIONS"))];
                return Ok(Response { status: 204, headers: allow, body: Vec::new() });
            }
            "HEAD" => "GET",
            method => method,
        };
        if !methods.contains(&method) {
            let message = format!("{path} does not take {}", request.method);
            return Err(Refusal::new(Wrong::Method, message).header("allow", allowed));
        }
        if !routes::is_open(path) {
            self.authorize(request.authorization)?;
        }
        let body = if method == "POST" { body(&self.settings)? } else { Vec::new() };
        let asked = query::Query::read(query)?;
        let found = self.route(path, method, &asked, &body, request.now)?;
        Ok(if request.method == "HEAD" { Response { body: Vec::new(), ..found } } else { found })
    }

    /// The tokens are kept as hashes, so that comparing them tells nothing.
    fn authorize(&self, authorization: Option<&str>) -> Result<(), Refusal> {
        if self.settings.tokens.is_empty() {
            return Ok(());
        }
        let token = authorization.and_then(|given| {
            let (scheme, token) = given.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let hash = token.map(|token| {
            Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        });
        if hash.is_some_and(|hash| self.settings.tokens.contains(&hash)) {
            return Ok(());
        }
        let refusal = Refusal::new(Wrong::NoToken, "no token was given, or none that is known");
        Err(refusal.header("www-authenticate", "Bearer realm=\"slaclock\""))
    }
}
