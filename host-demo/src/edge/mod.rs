//! The edge function: the component of `wasi:http` that `edge/wasi-http` makes, with settings put into it, and served.
//!
//! A function in such a component has nowhere to read settings from and is started anew for each request. So it is
//! initialised once, here, and written again as it then is: with its settings, and its agreements compiled.

mod function;
mod ready;
mod state;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::SocketAddr;

use axum::Router;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::{Options, serve as serve_http};
use crate::embedded;
use crate::error::{Code, Problem};
use crate::plugin::{Cache, Limits};
use crate::render::complain;
use crate::serve::asked_to_end;

pub use function::Function;
pub use ready::ready;

/// What a function is made with, as `slaclock_ask::http::Settings` reads it.
#[derive(Debug, Serialize)]
pub struct Settings {
    /// Its agreements by their ids.
    pub agreements: BTreeMap<String, Box<RawValue>>,
    /// SHA-256 of the bearer tokens, in hexadecimal; without any, nobody is asked for one.
    pub tokens: Vec<String>,
    /// Pages that may read the answers.
    pub origins: Vec<String>,
    /// Whether a question may bring its agreement.
    pub inline: bool,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long a body may take to arrive, in milliseconds.
    pub body_time_ms: u64,
}

/// The function that this program carries.
///
/// # Errors
/// The program was built without it.
pub fn embedded_bytes() -> Result<&'static [u8], Problem> {
    embedded::EDGE
        .ok_or_else(|| Problem::new(Code::NotBuilt, "this program was built without the edge function", ""))
}

/// Serves a function until the process is told to end.
///
/// # Errors
/// The address is taken or not of this machine, or the function is no component of `wasi:http`.
pub fn serve(function: &[u8], limits: Limits, listen: SocketAddr) -> Result<(), Problem> {
    let cannot = |error: io::Error| {
        Problem::new(Code::Listen, format!("cannot listen at {listen}: {error}"), "--listen")
    };
    let (function, trouble) = Function::load(function, limits, Cache::of_user().as_ref())?;
    // A cache that cannot be written only costs time; one that others may have written is worth a word.
    if let Some(trouble) = trouble.filter(|trouble| trouble.is(Code::CacheDistrusted)) {
        complain(&[trouble]);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cannot)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let end = asked_to_end().map_err(cannot)?;
        // Without standard output there is nobody to tell, and the server is still of use.
        let _ = writeln!(io::stdout().lock(), "slaclock at the edge: http://{address}");
        let router = Router::new().fallback(move |request| function.clone().answer(request));
        serve_http(listener, router, Options::default(), end).await.map_err(cannot)
    })
}
