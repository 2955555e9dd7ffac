//! `slaclock plugin`: what a plugin is, and what a new one would answer otherwise.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant as Stopwatch};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;
use slaclock_core::{Instant, Options};

use super::clocks::placed;
use super::engines::EngineArguments;
use super::output::{OutputArguments, shown};
use super::values::{self, unwritable};
use super::{Outcome, Result};
use crate::document::Document;
use crate::engine::Question;
use crate::error::Problem;
use crate::input::{Lines, Piece, Source};
use crate::pipeline::Sink;
use crate::plugin::{Comparison, Difference, Facts, Origin, Plugin, compare_lines, contract};
use crate::render::{Cell, complain};
use crate::time::now;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tells what a plugin imports and exports, what it was made with, and whether it can be used
    Inspect(InspectArguments),
    /// Asks a new plugin or agreement and the old one the same, and tells every difference
    Check(CheckArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "Ends with 1 if it cannot be used.

Example:
  slaclock plugin inspect new.wasm")]
pub(super) struct InspectArguments {
    /// The plugin; the built-in one if not given
    file: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The old plugin is the built-in one, or that of --plugin. Ends with 1 if anything differs.

Examples:
  slaclock plugin check new.wasm -a agreement.yaml tickets.jsonl
  slaclock plugin check new.wasm -a agreement.yaml --at 2026-11-23T09:00:00Z --at 2027-01-01T00:00:00Z tickets.jsonl
  slaclock plugin check new.wasm -a agreement.yaml --new-agreement next.yaml tickets.jsonl"
)]
pub(super) struct CheckArguments {
    /// The new plugin
    new: PathBuf,
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    agreement: PathBuf,
    /// An agreement for the new plugin, if another
    #[arg(long, value_name = "FILE")]
    new_agreement: Option<PathBuf>,
    /// An instant to evaluate at, as often as wanted; the present if not given
    #[arg(long = "at", value_name = "INSTANT", value_parser = values::instant)]
    instants: Vec<Instant>,
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

pub(super) fn run(command: Command) -> Result {
    match command {
        Command::Inspect(arguments) => inspect(&arguments),
        Command::Check(arguments) => check(&arguments),
    }
}

/// What inspecting tells.
#[derive(Serialize)]
struct Inspected<'f> {
    file: &'f str,
    #[serde(flatten)]
    facts: &'f Facts,
    /// The contract of this program.
    needs: &'static str,
    built_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<Running>,
}

/// What a plugin tells when it runs.
#[derive(Serialize)]
struct Running {
    engine: String,
    time_zones: String,
    holiday_sets: String,
    code_from: &'static str,
    loaded_in_ms: u128,
    memory: usize,
}

fn inspect(arguments: &InspectArguments) -> Result {
    let one = |problem| vec![problem];
    let file = arguments.file.as_deref().or(arguments.engine.plugin());
    let name = file.map_or_else(|| "the built-in plugin".to_owned(), |file| file.display().to_string());
    let read = file.map(Plugin::read).transpose().map_err(one)?;
    let bytes = match &read {
        Some(bytes) => bytes,
        None => Plugin::embedded_bytes().map_err(one)?.0,
    };
    let facts = Facts::of(bytes, &name).map_err(one)?;
    // What it says of itself is told also where it cannot be used.
    let running = facts.check(&name).and_then(|()| {
        let begun = Stopwatch::now();
        let runtime = arguments.engine.runtime()?;
        let plugin = arguments.engine.load(&runtime, file)?;
        Ok((running(&plugin, begun.elapsed())?, plugin.is_built_in()))
    });
    let (runs, built_in, problem) = match running {
        Ok((runs, built_in)) => (Some(runs), built_in, None),
        Err(problem) => (None, false, Some(problem)),
    };
    let inspected = Inspected { file: &name, facts: &facts, needs: contract(), built_in, runs };
    let mut line = serde_json::to_vec(&inspected).map_err(|error| vec![unwritable(&error.into())])?;
    line.push(b'\n');
    let mut sink = arguments.output.sink(&["What", "Value"], described);
    sink.take(&line).and_then(|()| sink.finish()).map_err(|error| vec![unwritable(&error)])?;
    problem.map_or(Ok(Outcome::Done), |problem| Err(vec![problem]))
}

fn running(plugin: &Plugin, took: Duration) -> std::result::Result<Running, Problem> {
    let about = plugin.about()?;
    Ok(Running {
        engine: about.version,
        time_zones: about.tz_version,
        holiday_sets: about.holiday_sets_version,
        code_from: if matches!(plugin.origin(), Origin::Kept) { "cache" } else { "compiler" },
        loaded_in_ms: took.as_millis(),
        memory: plugin.session()?.store.data().memory,
    })
}

fn described(inspected: &Value, rows: &mut Vec<Vec<Cell>>) {
    let mut row = |what: &str, value: String| rows.push(vec![Cell::new(what), Cell::new(value)]);
    let list = |key: &str| {
        let names = inspected.get(key).and_then(Value::as_array).into_iter().flatten();
        names.map(|name| shown(Some(name))).collect::<Vec<_>>()
    };
    row("file", shown(inspected.get("file")));
    row("size", format!("{} bytes", shown(inspected.get("bytes"))));
    row("SHA-256", shown(inspected.get("sha256")));
    let imports = list("imports");
    row("imports", if imports.is_empty() { "nothing".to_owned() } else { imports.join(", ") });
    row("exports", list("exports").join(", "));
    let contract = inspected.get("contract").filter(|contract| contract.is_string());
    row("contract", contract.map_or_else(|| "another".to_owned(), |contract| shown(Some(contract))));
    for producer in inspected.get("producers").and_then(Value::as_array).into_iter().flatten() {
        let name = format!("{} {}", shown(producer.get("name")), shown(producer.get("version")));
        row(&shown(producer.get("role")), name);
    }
    if let Some(runs) = inspected.get("runs") {
        row("engine", shown(runs.get("engine")));
        row("time zones", shown(runs.get("time_zones")));
        row("holiday sets", shown(runs.get("holiday_sets")));
        let loaded = (shown(runs.get("loaded_in_ms")), shown(runs.get("code_from")));
        row("loaded", format!("in {} ms, code from the {}", loaded.0, loaded.1));
        row("memory", format!("{} bytes at rest", shown(runs.get("memory"))));
    }
}

fn check(arguments: &CheckArguments) -> Result {
    let one = |problem| vec![problem];
    let old_agreement = Document::read(&arguments.agreement).map_err(one)?;
    let new_agreement = arguments.new_agreement.as_deref().map(Document::read).transpose().map_err(one)?;
    let new_agreement = new_agreement.as_ref().unwrap_or(&old_agreement);
    let runtime = arguments.engine.runtime().map_err(one)?;
    let load = |file| arguments.engine.load(&runtime, file).map_err(one);
    let (old, new) = (load(arguments.engine.plugin())?, load(Some(&arguments.new))?);
    let instants = if arguments.instants.is_empty() { vec![now()] } else { arguments.instants.clone() };

    let question = |agreement: &Document, at: Instant| Question::Clocks {
        agreement: agreement.json.clone(),
        allow_later: arguments.allow_later,
        options: Options::at(at),
        explained: false,
    };
    let worker = |plugin: &Plugin, agreement: &Document, at: Instant| {
        plugin.worker(&question(agreement, at)).map_err(|problems| placed(problems, agreement))
    };
    // An engine for each side and instant, so that tickets are read once.
    let mut sides = Vec::new();
    for at in instants {
        let sides_at = (worker(&old, &old_agreement, at)?, worker(&new, new_agreement, at)?);
        sides.push((Options::at(at), question(&old_agreement, at), sides_at));
    }
    let names = &["Ticket", "At", "Clock", "Key", "Old", "New"];
    let mut sink = arguments.output.sink(names, rows);
    let (mut comparison, mut problems) = (Comparison::default(), Vec::new());
    for path in &arguments.tickets {
        let lines = match Source::open(path).and_then(Lines::of) {
            Ok(lines) => lines,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for piece in lines {
            let bytes = match piece {
                Piece::Lines { bytes, .. } => bytes,
                // Neither side is asked about what cannot be handed on.
                Piece::Refused(problem) | Piece::Broken(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            for (options, question, (old, new)) in &mut sides {
                let mut told = Vec::new();
                comparison += compare_lines(old, new, question, &bytes, *options, &mut |difference| {
                    told.push(difference);
                });
                write(&mut *sink, &told).map_err(|error| vec![unwritable(&error)])?;
            }
        }
    }
    sink.finish().map_err(|error| vec![unwritable(&error)])?;
    complain(&problems);
    summary(&comparison, (&old, &new)).map_err(|error| vec![unwritable(&error)])?;
    Ok(Outcome::found(comparison.differences > 0 || !problems.is_empty()))
}

fn write(sink: &mut dyn Sink, told: &[Difference]) -> std::io::Result<()> {
    let mut lines = Vec::new();
    for difference in told {
        serde_json::to_writer(&mut lines, difference)?;
        lines.push(b'\n');
    }
    sink.take(&lines)
}

fn rows(difference: &Value, rows: &mut Vec<Vec<Cell>>) {
    let text = |key: &str| shown(difference.get(key));
    let clock = [text("set"), text("clock")].join(" / ");
    let clock = clock.trim_start_matches(" / ").to_owned();
    let row = [text("ticket"), text("now"), clock, text("key"), text("old"), text("new")];
    rows.push(row.into_iter().map(Cell::new).collect());
}

/// What came of it, for a person: standard output has the differences alone.
fn summary(comparison: &Comparison, (old, new): (&Plugin, &Plugin)) -> std::io::Result<()> {
    let Comparison { tickets, different, differences, otherwise_written, refused_old, refused_new, .. } =
        comparison;
    let mut err = std::io::stderr().lock();
    writeln!(err, "{tickets} answers compared: {different} differ, in {differences} places")?;
    if *otherwise_written > 0 {
        writeln!(err, "{otherwise_written} answers say the same in other bytes")?;
    }
    let side = |plugin: &Plugin, refused: &u64, took: Duration| {
        let short: String = plugin.facts().sha256.chars().take(12).collect();
        format!("{} (SHA-256 {short}…): {refused} refused, {} ms", plugin.name(), took.as_millis())
    };
    writeln!(err, "old: {}", side(old, refused_old, comparison.old))?;
    writeln!(err, "new: {}", side(new, refused_new, comparison.new))
}
