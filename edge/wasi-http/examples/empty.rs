//! A component of `wasi:http` that does nothing: what the others are measured against.

// Names of its exports are none that other linkers take.
#![cfg(target_family = "wasm")]

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

wasip2::http::proxy::export!(Empty);

struct Empty;

impl Guest for Empty {
    fn handle(_: IncomingRequest, out: ResponseOutparam) {
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body();
        ResponseOutparam::set(out, Ok(response));
        if let Ok(body) = body {
            OutgoingBody::finish(body, None).ok();
        }
    }
}
