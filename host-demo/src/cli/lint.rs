//! `slaclock lint`: what an agreement says that should be looked at.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use slaclock_core::calendar::Date;

use super::clocks::placed;
use super::engines::EngineArguments;
use super::output::{OutputArguments, shown};
use super::values::{self, unwritable};
use super::{Outcome, Result};
use crate::document::Document;
use crate::engine::Finding;
use crate::render::Cell;
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Ends with 1 if it finds an error; warnings and notes alone end with 0.

Examples:
  slaclock lint -a agreement.yaml
  slaclock lint --rules")]
pub(super) struct Arguments {
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE", required_unless_present = "rules")]
    agreement: Option<PathBuf>,
    /// List the rules with their meaning instead
    #[arg(long, conflicts_with = "agreement")]
    rules: bool,
    /// The day on which it is read, such as 2026-11-23; the present one in UTC if not given
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    today: Option<Date>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let Some(agreement) = &arguments.agreement else { return rules(&arguments.output) };
    let agreement = Document::read(agreement).map_err(|problem| vec![problem])?;
    let today = match arguments.today {
        Some(today) => today.to_string(),
        None => now().to_string().chars().take(10).collect(),
    };
    let found = arguments.engine.open()?.lint(&agreement.json, &today);
    let found = found.map_err(|problems| placed(problems, &agreement))?;
    let tabular = arguments.output.is_table();
    let mut sink = arguments.output.sink(&["Severity", "Rule", "Line", "Where", "Finding", "Mend"], rows);
    let mut lines = Vec::new();
    for finding in &found {
        // Only a table has lines of the file: canonical JSON says the same wherever the agreement was kept.
        let line = if tabular { agreement.line_of(&finding.pointer) } else { None };
        let written = serde_json::to_writer(&mut lines, &Placed { finding, line });
        written.map_err(|error| vec![unwritable(&error.into())])?;
        lines.push(b'\n');
    }
    sink.take(&lines).map_err(|error| vec![unwritable(&error)])?;
    sink.finish().map_err(|error| vec![unwritable(&error)])?;
    Ok(Outcome::found(found.iter().any(|finding| finding.severity == "error")))
}

/// Lists the rules, those that a document cannot decide with the reason.
fn rules(output: &OutputArguments) -> Result {
    let mut sink = output.sink(&["Severity", "Rule", "Decided", "It finds", "Because"], |rule, rows| {
        let keys = ["severity", "rule", "decided", "finds", "because"];
        rows.push(keys.map(|key| Cell::new(shown(rule.get(key)))).into());
    });
    let lines: String =
        slaclock_core::lint::rules().iter().map(|rule| slaclock_core::to_json(rule) + "\n").collect();
    sink.take(lines.as_bytes()).and_then(|()| sink.finish()).map_err(|error| vec![unwritable(&error)])?;
    Ok(Outcome::Done)
}

/// A finding and the line of the file that it is about.
#[derive(Serialize)]
struct Placed<'f> {
    #[serde(flatten)]
    finding: &'f Finding,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

fn rows(finding: &Value, rows: &mut Vec<Vec<Cell>>) {
    let text = |key: &str| Cell::new(shown(finding.get(key)));
    rows.push(vec![
        text("severity"),
        text("rule"),
        Cell::right(shown(finding.get("line"))),
        text("pointer"),
        text("message"),
        text("mend"),
    ]);
}
