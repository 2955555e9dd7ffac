//! `slaclock schema`: the JSON Schema of agreements, and the description of the API.

use std::io::{self, Write};

use clap::Args;

use super::{Outcome, Result};
use crate::embedded;
use crate::error::{Code, Problem};

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock schema > agreement.schema.json")]
pub(super) struct Arguments {
    /// Print the OpenAPI description of the service instead
    #[arg(long)]
    api: bool,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let not_built = || vec![Problem::new(Code::NotBuilt, "this program was built without the schema", "")];
    let schema =
        if arguments.api { crate::api::description() } else { embedded::SCHEMA.ok_or_else(not_built)? };
    let written = io::stdout().lock().write_all(schema.as_bytes());
    written.map(|()| Outcome::Done).map_err(|error| {
        vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")]
    })
}
