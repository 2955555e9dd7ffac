//! `slaclock import`: tickets from an event log, and what other systems export.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Outcome, Result, import_ics as ics, import_system as system};
use crate::document::Document;
use crate::error::{Code, Problem};
use crate::import::{self, Imported};
use crate::input::Source;
use crate::render::{Progress, complain, grouped};

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock import csv --mapping mapping.yaml log.csv.gz -o tickets.jsonl")]
pub(super) struct Arguments {
    #[command(subcommand)]
    system: System,
}

#[derive(Debug, Subcommand)]
enum System {
    /// Makes tickets from any event log in CSV
    #[command(after_help = MAPPING)]
    Csv(CsvArguments),
    /// Makes a calendar of iCalendar feeds of holidays or opening hours
    #[command(after_help = ics::HELP)]
    Ics(ics::Arguments),
    /// Makes an agreement and tickets of exports of Zendesk
    #[command(after_help = system::ZENDESK)]
    Zendesk(system::Arguments),
    /// Makes an agreement and tickets of exports of ServiceNow
    #[command(after_help = system::SERVICENOW, name = "servicenow")]
    ServiceNow(system::Arguments),
    /// Makes an agreement and tickets of exports of ConnectWise PSA
    #[command(after_help = system::CONNECTWISE, name = "connectwise")]
    ConnectWise(system::Arguments),
}

const MAPPING: &str = r#"Example:
  slaclock import csv --mapping mapping.yaml log.csv.gz -o tickets.jsonl

A mapping says which column is what. Columns go by name, `name#2` for the second of two equal names, or number
from 1:
  slaclock: "1"
  case: number                        # the ticket's id
  created_at: opened_at               # a column, or first_row
  at: updated_at                      # when the row's event happened
  time_zone: Europe/Berlin            # of local times
  formats: ["%d/%m/%Y %H:%M", rfc3339]  # strftime codes; rfc3339 if not given
  ambiguous: first                    # first | second | reject: local times that occur twice
  skipped: reject                     # reject | after_gap: local times that do not occur
  before_creation: reject             # reject | at_creation: events before their ticket
  missing: ["", "?"]                  # what stands for no value
  rows: { kind: [change, comment], source: { not: test } }   # rows that count; others are left out
  status: { column: state, values: { "1": New }, bad: ["-100"], initial: New }
  fields:
    priority: { column: prio, values: { "3": P3 }, take: last }   # first | last | changes
    group: { column: team, take: changes, missing_unsets: true }
  stamps:                             # columns that repeat an instant on every row
    - { column: closed_at, status: Closed, take: last }
    - { column: answered_at, reply: { by: agent, public: true } }
  replies:                            # rows that are messages
    - { when: { kind: comment }, by: agent, public: true, channel: email }
  unchanged: keep                     # keep | drop: rows that change nothing
  delimiter: ","

Bad rows are reported with their lines and counted; the rest is imported."#;

#[derive(Debug, Args)]
struct CsvArguments {
    /// How the columns become tickets, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    mapping: PathBuf,
    /// The log, plain or gzip; standard input if not given
    #[arg(default_value = "-")]
    log: PathBuf,
    /// Where the tickets go; standard output if not given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Every bad row and the sums, as JSON Lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) fn run(arguments: Arguments) -> Result {
    match arguments.system {
        System::Csv(arguments) => csv(&arguments),
        System::Ics(arguments) => ics::run(arguments),
        System::Zendesk(arguments) => system::run("zendesk", &arguments),
        System::ServiceNow(arguments) => system::run("servicenow", &arguments),
        System::ConnectWise(arguments) => system::run("connectwise", &arguments),
    }
}

fn csv(arguments: &CsvArguments) -> Result {
    let alone = |problem| vec![problem];
    let mapping = Document::read(&arguments.mapping).map_err(alone)?;
    let log = Source::open(&arguments.log).map_err(alone)?;
    let report = arguments.report.as_deref().map(created).transpose().map_err(alone)?;
    let report = report.map(|file| Box::new(file) as Box<dyn Write>);
    let to_terminal = arguments.output.is_none() && io::stdout().is_terminal();
    let progress = Progress::new("rows", to_terminal);
    progress.start(&log);
    let mut rows = 0;
    let tick = || {
        rows += 1;
        if rows % 1024 == 0 {
            progress.tick(rows);
        }
    };
    let imported = match &arguments.output {
        Some(file) => import::csv(&mapping, log, &mut created(file).map_err(alone)?, report, tick),
        None => import::csv(&mapping, log, &mut BufWriter::new(io::stdout().lock()), report, tick),
    };
    progress.clear();
    imported.map(|imported| told(&imported))
}

/// Says what became of the rows.
fn told(imported: &Imported) -> Outcome {
    complain(&imported.problems);
    let shown = imported.problems.len() as u64;
    let mut text = String::new();
    if imported.summary.bad > shown {
        text =
            format!("and {} more bad rows; --report lists them all\n", grouped(imported.summary.bad - shown));
    }
    for (count, what) in imported.summary.lines() {
        text.push_str(&format!("{:>12}  {what}\n", grouped(count)));
    }
    // Where standard error is closed there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    Outcome::found(imported.summary.bad > 0 || !imported.problems.is_empty())
}

pub(super) fn created(path: &Path) -> std::result::Result<BufWriter<File>, Problem> {
    File::create(path).map(BufWriter::new).map_err(|error| {
        Problem::new(Code::Unwritable, format!("cannot create the file: {error}"), path.display().to_string())
    })
}
