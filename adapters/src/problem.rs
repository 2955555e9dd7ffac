//! What an adapter refuses, in the form of the engine's problems.

use serde::Serialize;

/// The settings of a helpdesk cannot be read.
pub const BAD_SETTINGS: &str = "SLA-H0714";
/// A message of a helpdesk is not signed as it should be.
pub const BAD_SIGNATURE: &str = "SLA-H0715";

/// One mistake: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code, of the engine or of the host.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub message: String,
    /// JSON pointer into the input, or the name of the argument; empty for the whole of it.
    pub pointer: String,
    /// How to mend it, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Problem {
    /// A mistake.
    pub fn new(code: &'static str, message: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self { code, message: message.into(), pointer: pointer.into(), mend: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}
