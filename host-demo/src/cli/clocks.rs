//! `slaclock clocks`: the clocks of tickets under an agreement.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use slaclock_core::{Instant, Options};

use super::engines::EngineArguments;
use super::output::{OutputArguments, ended, shown};
use super::{Result, values};
use crate::document::Document;
use crate::engine::Question;
use crate::error::Problem;
use crate::pipeline;
use crate::render::{Cell, Progress, state_of, time_left};
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock clocks -a agreement.yaml --now 2026-11-23T09:30:00Z tickets.jsonl
  slaclock clocks -a agreement.yaml --explain ticket.json")]
pub(super) struct Arguments {
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    agreement: PathBuf,
    /// The instant to evaluate at; the present if not given
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    now: Option<Instant>,
    /// Ignore events recorded after this instant, to repeat an old report
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    known_at: Option<Instant>,
    /// Account for every minute of every clock, and say why each policy holds or not: in plain words to a terminal,
    /// in JSON Lines to a pipe
    #[arg(long)]
    explain: bool,
    /// Skip keys of the agreement that belong to later versions, instead of refusing them
    #[arg(long)]
    allow_later: bool,
    /// Files of tickets, JSON Lines or a JSON array; standard input if none is given
    #[arg(default_value = "-")]
    tickets: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let agreement = Document::read(&arguments.agreement).map_err(|problem| vec![problem])?;
    let question = Question::Clocks {
        agreement: agreement.json.clone(),
        allow_later: arguments.allow_later,
        options: Options { now: arguments.now.unwrap_or_else(now), known_at: arguments.known_at },
        explained: arguments.explain,
    };
    let engines = arguments.engine.engines(&question).map_err(|problems| placed(problems, &agreement))?;
    let mut sink = if arguments.explain {
        arguments.output.words_sink()
    } else {
        arguments.output.sink(&["Ticket", "Policy", "Clock", "State", "Left", "Due (UTC)", "Used"], rows)
    };
    let progress = Progress::new("tickets", io::stdout().is_terminal());
    ended(pipeline::run(&arguments.tickets, &question, engines, &mut *sink, &progress))
}

/// Places what the engine finds wrong with a document in its file.
pub(super) fn placed(problems: Vec<Problem>, document: &Document) -> Vec<Problem> {
    let placed =
        |problem: Problem| if problem.code.starts_with("SLA-E") { document.place(problem) } else { problem };
    problems.into_iter().map(placed).collect()
}

fn rows(answer: &Value, rows: &mut Vec<Vec<Cell>>) {
    let ticket = shown(answer.get("ticket"));
    if let Some(error) = answer.get("error") {
        let message = format!("{} {}", shown(error.get("code")), shown(error.get("message")));
        return rows.push(vec![
            Cell::new(ticket),
            Cell::new(""),
            Cell::new(""),
            Cell::new(format!("✗ {message}")),
        ]);
    }
    let clocks = answer.get("clocks").and_then(Value::as_array).map_or(&[][..], |clocks| clocks);
    if clocks.is_empty() {
        let policy = shown(answer.get("policy"));
        let policy = if policy.is_empty() { "no policy".to_owned() } else { policy };
        rows.push(vec![Cell::new(&*ticket), Cell::new(policy)]);
    }
    for clock in clocks {
        let (state, style) = state_of(clock);
        let left = left(clock).map(time_left).unwrap_or_default();
        let used = clock.get("consumed_bp").and_then(Value::as_i64);
        rows.push(vec![
            Cell::new(&*ticket),
            Cell::new(shown(clock.get("policy"))),
            Cell::new(name(clock)),
            Cell::styled(state, style),
            Cell::right(left),
            Cell::new(due(clock)),
            Cell::right(used.map(|bp| format!("{} %", bp.div_euclid(100))).unwrap_or_default()),
        ]);
    }
}

/// The name of a clock, with that of its set where there are several.
fn name(clock: &Value) -> String {
    let name = shown(clock.get("clock")).replace('_', " ");
    clock.get("set").map_or_else(|| name.clone(), |set| format!("{} / {name}", shown(Some(set))))
}

/// What is left of the target; of two limits the counted one, unless only the other is passed.
fn left(clock: &Value) -> Option<i64> {
    let counted = clock.get("remaining_ms")?.as_i64()?;
    let limits = clock.get("limits").and_then(Value::as_array).into_iter().flatten();
    let least = limits.filter_map(|limit| limit.get("remaining_ms")?.as_i64()).min();
    let overdue = clock.get("overdue") == Some(&Value::Bool(true));
    Some(least.filter(|_| overdue && counted >= 0).unwrap_or(counted))
}

fn due(clock: &Value) -> String {
    let readable = |instant: &Value| instant.as_str().map(|text| text.replace('T', " ").replace('Z', ""));
    let or_never = |instant: &Value| readable(instant).unwrap_or_else(|| "never".to_owned());
    match (clock.get("due_at"), clock.get("due_if_resumed_now")) {
        (Some(at), _) => or_never(at),
        (None, Some(at)) => format!("{} if resumed now", or_never(at)),
        (None, None) => String::new(),
    }
}
