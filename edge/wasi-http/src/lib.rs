//! The HTTP contract as a `wasi:http` component: it reads a request, asks the contract and writes the response.

mod exchange;

#[expect(unsafe_code, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "function" });
    use super::Function;
    super::bindings::export!(Function with_types_in self);
}

use std::cell::RefCell;

use slaclock_ask::http::{Edge, Settings};
use wasip2::exports::http::incoming_handler::Guest as Handler;
use wasip2::http::types::{IncomingRequest, ResponseOutparam};

// The name of the export is none that other linkers take.
#[cfg(target_family = "wasm")]
wasip2::http::proxy::export!(Function);

struct Function;

thread_local! {
    // Until it is initialised it answers about agreements that questions bring.
    static EDGE: RefCell<Edge> = RefCell::default();
}

impl Handler for Function {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let response = EDGE.with_borrow_mut(|edge| exchange::answer(edge, &request));
        exchange::send(response, out);
    }
}

impl bindings::Guest for Function {
    fn initialize(settings: String) -> Result<(), String> {
        let mut edge = Edge::new(Settings::from_json(&settings)?);
        edge.warm().map_err(|(id, problems)| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            format!("agreement `{id}`: {}", problems.join("; "))
        })?;
        EDGE.set(edge);
        Ok(())
    }
}
