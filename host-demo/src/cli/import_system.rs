//! `slaclock import zendesk`, `servicenow` and `connectwise`: an agreement and tickets of a helpdesk's export.

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use slaclock_adapters::{Adapter, Kind, Loss, Settings, Translation, find};

use super::import::created;
use super::{Outcome, Result, values};
use crate::document::Document;
use crate::error::{Code, Problem};
use crate::input::Source;
use crate::render::grouped;

pub(super) const ZENDESK: &str =
    "Files are answers of the Support API, as they come: sla_policies, group_sla_policies, schedules,
holidays (of one schedule: with its id in the name of the file), tickets, audits, users.

Example:
  slaclock import zendesk policies.json schedules.json holidays-360.json --agreement acme.json
  slaclock import zendesk tickets.json audits.json users.json -o tickets.jsonl";

pub(super) const SERVICENOW: &str = "Files are answers of the Table API, named after their tables: contract_sla, cmn_schedule, cmn_schedule_span,
incident and other tables of tasks, sys_audit, sys_journal_field. Instants must be those of the database, in UTC.

Example:
  slaclock import servicenow contract_sla.json cmn_schedule.json cmn_schedule_span.json --agreement acme.json
  slaclock import servicenow incident.json sys_audit.json -o tickets.jsonl";

pub(super) const CONNECTWISE: &str = "Files are answers of the REST API, named after what they are: SLAs, priorities (of /service/SLAs/ID/priorities),
statuses, calendars, holidays, tickets.

Example:
  slaclock import connectwise SLAs.json priorities.json statuses.json calendars.json --agreement acme.json
  slaclock import connectwise tickets.json -o tickets.jsonl";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The export, in JSON, plain or gzip
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What is particular to this helpdesk, in YAML or JSON: agreement, prefix, statuses, fields, time_zone
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Where the agreement goes
    #[arg(long, value_name = "FILE")]
    agreement: Option<PathBuf>,
    /// Where the tickets go, as JSON Lines; standard output if neither file is given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Everything that was not carried over, as JSON Lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Losses that are shown where no report is asked for.
const MOST_SHOWN: usize = 20;

pub(super) fn run(system: &'static str, arguments: &Arguments) -> Result {
    let alone = |problem| vec![problem];
    let adapter =
        find(system).ok_or_else(|| vec![Problem::new(Code::Usage, "there is no such system", system)])?;
    let read = arguments.settings.as_deref().map(|file| settings(adapter, file));
    let settings = read.transpose().map_err(alone)?.unwrap_or_default();
    let documents =
        arguments.files.iter().map(|file| document(file)).collect::<std::result::Result<Vec<_>, _>>();
    let translation = adapter.export(&documents.map_err(alone)?, &settings);
    if let (Some(file), Some(agreement)) = (&arguments.agreement, &translation.agreement) {
        let mut out = created(file).map_err(alone)?;
        let text = serde_json::to_string_pretty(agreement).unwrap_or_default();
        writeln!(out, "{text}")
            .and_then(|()| out.flush())
            .map_err(|error| vec![values::unwritable(&error)])?;
    }
    let written = match (&arguments.output, &arguments.agreement) {
        (Some(file), _) => tickets(&translation, &mut created(file).map_err(alone)?),
        (None, None) => tickets(&translation, &mut BufWriter::new(io::stdout().lock())),
        (None, Some(_)) => Ok(0),
    };
    let written = written.map_err(|error| vec![values::unwritable(&error)])?;
    if let Some(file) = &arguments.report {
        let mut out = created(file).map_err(alone)?;
        let lines = translation.losses.iter().try_for_each(|loss| {
            serde_json::to_writer(&mut out, loss).map_err(io::Error::from).and_then(|()| writeln!(out))
        });
        lines.and_then(|()| out.flush()).map_err(|error| vec![values::unwritable(&error)])?;
    }
    Ok(told(&translation, written, arguments.report.is_some()))
}

/// What a tenant says about its helpdesk.
fn settings(adapter: &Adapter, file: &Path) -> std::result::Result<Settings, Problem> {
    let document = Document::read(file)?;
    adapter.settings(&document.json).map_err(|problem| {
        let message = format!("the settings cannot be read: {} at `{}`", problem.message, problem.pointer);
        Problem::new(Code::BadSettings, message, file.display().to_string())
    })
}

fn document(file: &Path) -> std::result::Result<(String, Value), Problem> {
    let mut source = Source::open(file)?;
    let mut text = Vec::new();
    source.reader.read_to_end(&mut text).map_err(|error| source.fault.explain(&error))?;
    let value = serde_json::from_slice(&text)
        .map_err(|error| Problem::new(Code::NotJson, format!("this is not JSON: {error}"), &*source.name))?;
    Ok((source.name, value))
}

/// Writes the tickets that can be written, and tells how many.
fn tickets(translation: &Translation, out: &mut impl Write) -> io::Result<usize> {
    let mut written = 0;
    for ticket in translation.tickets.iter().filter_map(slaclock_adapters::Ticket::whole) {
        writeln!(out, "{ticket}")?;
        written += 1;
    }
    out.flush()?;
    Ok(written)
}

fn told(translation: &Translation, tickets: usize, is_reported: bool) -> Outcome {
    let losses = &translation.losses;
    let mut text = String::new();
    if !is_reported {
        for Loss { kind, pointer, message } in losses.iter().take(MOST_SHOWN) {
            text.push_str(&format!("{}: {pointer}: {message}\n", words(*kind)));
        }
        if losses.len() > MOST_SHOWN {
            let more = grouped((losses.len() - MOST_SHOWN) as u64);
            text.push_str(&format!("and {more} more; --report lists them all\n"));
        }
    }
    let count = |kind| losses.iter().filter(|loss| loss.kind == kind).count();
    text.push_str(&format!("{:>12}  tickets\n", grouped(tickets as u64)));
    for kind in [Kind::LeftOut, Kind::Approximated, Kind::Unknown] {
        if count(kind) > 0 {
            text.push_str(&format!("{:>12}  {}\n", grouped(count(kind) as u64), words(kind)));
        }
    }
    // Where standard error is closed there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    Outcome::found(count(Kind::LeftOut) + count(Kind::Unknown) > 0)
}

const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::LeftOut => "left out",
        Kind::Approximated => "approximated",
        Kind::Unknown => "not known",
    }
}
