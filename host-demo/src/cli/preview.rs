//! `slaclock preview`: what a ticket logged now would be promised.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};
use slaclock_core::Instant;

use super::clocks::placed;
use super::engines::EngineArguments;
use super::output::OutputArguments;
use super::values::{self, unwritable};
use super::{Outcome, Result};
use crate::document::Document;
use crate::error::{Code, Problem};
use crate::time::now;

#[derive(Debug, Args)]
#[command(
    after_help = r#"A value is text, unless it is JSON: a number, `true`, `false`, `null`, a list or text in quotes.

Example:
  slaclock preview -a agreement.yaml --now 2026-11-20T16:55:00+01:00 priority=P2 vip=true 'tags=["billing"]'"#
)]
pub(super) struct Arguments {
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    agreement: PathBuf,
    /// The instant at which the ticket would be logged; the present if not given
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    now: Option<Instant>,
    /// Skip keys of the agreement that belong to later versions, instead of refusing them
    #[arg(long)]
    allow_later: bool,
    /// Fields of the ticket
    #[arg(value_name = "FIELD=VALUE", value_parser = values::field)]
    fields: Vec<(String, Value)>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let agreement = Document::read(&arguments.agreement).map_err(|problem| vec![problem])?;
    let mut fields = Map::new();
    for (name, value) in arguments.fields {
        if fields.contains_key(&name) {
            let message = format!("the field `{name}` is given twice");
            return Err(vec![Problem::new(Code::Usage, message, "")]);
        }
        fields.insert(name, value);
    }
    let fields = Value::from(fields).to_string();
    let now = arguments.now.unwrap_or_else(now);
    let preview = arguments.engine.open()?.preview(&agreement.json, arguments.allow_later, &fields, now);
    let mut preview = preview.map_err(|problems| placed(problems, &agreement))?;
    preview.push('\n');
    let mut sink = arguments.output.words_sink();
    let written = sink.take(preview.as_bytes()).and_then(|()| sink.finish());
    written.map(|()| Outcome::Done).map_err(|error| vec![unwritable(&error)])
}
