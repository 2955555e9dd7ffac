//! The service: over real HTTP, on both databases, with a clock that the test sets.

mod alarms;
mod api;
mod keeping;
mod kill;
mod load;
mod process;
mod receiver;
mod security;
mod support;
