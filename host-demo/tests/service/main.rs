//! The service: over real HTTP, on both databases, with a clock that the test sets.

#[path = "../guest/mod.rs"]
mod guest;

mod alarms;
mod api;
mod edge;
mod engines;
mod helpdesks;
mod keeping;
mod kill;
mod load;
mod process;
mod receiver;
mod security;
mod support;
mod tls;
