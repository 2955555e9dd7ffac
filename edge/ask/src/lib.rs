//! One question in, one answer out, without handles: what the plain core module and edge functions share.
//!
//! It reads what is asked and calls core; it decides nothing about time. Answers are core's canonical JSON.

mod desk;
pub mod http;
mod request;

pub use desk::Desk;
pub use request::{Question, What, problems_line};
