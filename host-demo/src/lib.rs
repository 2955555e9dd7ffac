//! The slaclock host: the command line, the server, and the runtime of its sandboxed plugin.
//!
//! The product path knows only the WIT contract and the `.wasm`; [`native`] is the one exception, for
//! comparison.

pub mod api;
mod calendars;
pub mod cli;
pub mod document;
pub mod edge;
pub mod embedded;
pub mod engine;
pub mod error;
pub mod ics;
pub mod import;
pub mod input;
mod loss;
pub mod native;
mod near;
pub mod notify;
pub mod pipeline;
pub mod plugin;
pub mod render;
pub mod schedule;
pub mod serve;
pub mod service;
pub mod store;
pub mod time;
mod tls;
