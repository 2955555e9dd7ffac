//! `slaclock schema`: the JSON Schema of agreements.

use std::io::{self, Write};

use clap::Args;

use super::{Outcome, Result};
use crate::embedded;
use crate::error::{Code, Problem};

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock schema > agreement.schema.json")]
pub(super) struct Arguments {}

pub(super) fn run(Arguments {}: Arguments) -> Result {
    let schema = embedded::SCHEMA
        .ok_or_else(|| vec![Problem::new(Code::NotBuilt, "this program was built without the schema", "")])?;
    let written = io::stdout().lock().write_all(schema.as_bytes());
    written.map(|()| Outcome::Done).map_err(|error| {
        vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")]
    })
}
