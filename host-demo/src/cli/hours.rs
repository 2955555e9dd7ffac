//! `slaclock hours`: questions about calendars.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::Result;
use super::engines::EngineArguments;
use super::output::{OutputArguments, ended, shown};
use crate::engine::Question;
use crate::pipeline;
use crate::render::{Cell, Progress};

#[derive(Debug, Args)]
#[command(
    after_help = r#"Operations: elapsed (start, end), due (start, ms), is_open, next_open, next_close (at), segments (start, end).
With an "agreement" beside it, "calendar" is the name of one of its calendars.

Example:
  echo '{"id":1,"calendar":{"time_zone":"Europe/Rome","hours":{"mon-fri":["09:00-17:00"]}},
         "op":"due","start":"2026-11-20T16:50:00+01:00","ms":1200000}' | tr -d '\n' | slaclock hours"#
)]
pub(super) struct Arguments {
    /// Files of questions, one a line; standard input if none is given
    #[arg(default_value = "-")]
    questions: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let question = Question::Hours;
    let engines = arguments.engine.engines(&question)?;
    let mut sink = arguments.output.sink(&["Id", "Answer", ""], rows);
    let progress = Progress::new("answers", io::stdout().is_terminal());
    ended(pipeline::run(&arguments.questions, &question, engines, &mut *sink, &progress))
}

fn rows(answer: &Value, rows: &mut Vec<Vec<Cell>>) {
    let id = shown(answer.get("id"));
    if let Some(error) = answer.get("error") {
        return rows.push(vec![Cell::new(id), Cell::new("✗ error"), Cell::new(shown(error.get("message")))]);
    }
    for (key, value) in answer.as_object().into_iter().flatten().filter(|(key, _)| *key != "id") {
        let value = if value.is_null() { "never".to_owned() } else { shown(Some(value)) };
        rows.push(vec![Cell::new(&*id), Cell::new(key), Cell::new(value)]);
    }
}
