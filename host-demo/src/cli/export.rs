//! `slaclock export ics`: calendars and deadlines as iCalendar feeds.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use chrono::{DateTime, Months, NaiveDate};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;
use slaclock_core::{Instant, Options};

use super::clocks::placed;
use super::engines::EngineArguments;
use super::{Outcome, Result, values};
use crate::document::Document;
use crate::engine::Question;
use crate::error::{Code, Problem};
use crate::ics::{Deadlines, Form, Span, export_calendar};
use crate::pipeline;
use crate::render::{Progress, complain, grouped};
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock export ics deadlines -a agreement.yaml tickets.jsonl > deadlines.ics")]
pub(super) struct Arguments {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// Writes iCalendar, for calendar programs
    Ics(IcsArguments),
}

#[derive(Debug, Args)]
struct IcsArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Writes the open hours and holidays of a calendar
    #[command(
        after_help = "Every open stretch of the span becomes an event in UTC, every holiday an all-day event.

Example:
  slaclock export ics calendar agreement.yaml --calendar office --from 2026-01-01 --until 2026-12-31"
    )]
    Calendar(CalendarArguments),
    /// Writes when the open clocks of tickets are due
    #[command(
        after_help = "Paused clocks are not due before they are resumed; they are counted, not written.

Example:
  slaclock export ics deadlines -a agreement.yaml tickets.jsonl > deadlines.ics"
    )]
    Deadlines(DeadlinesArguments),
}

#[derive(Debug, Args)]
struct CalendarArguments {
    /// A calendar, or an agreement with calendars, in YAML or JSON
    document: PathBuf,
    /// Which calendar, if there are several
    #[arg(long, value_name = "NAME")]
    calendar: Option<String>,
    /// First date, in the calendar's zone; today if not given
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    from: Option<NaiveDate>,
    /// Last date; a year of dates if not given
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    until: Option<NaiveDate>,
    /// The instant at which the events are said to be written; the present if not given
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    now: Option<Instant>,
    #[command(flatten)]
    engine: EngineArguments,
}

#[derive(Debug, Args)]
struct DeadlinesArguments {
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    agreement: PathBuf,
    /// The instant to evaluate at; the present if not given
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    now: Option<Instant>,
    /// Ignore events recorded after this instant, to repeat an old report
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    known_at: Option<Instant>,
    /// As what they are written
    #[arg(long = "as", value_name = "FORM", value_enum, default_value = "events")]
    form: FormArgument,
    /// Skip keys of the agreement that belong to later versions, instead of refusing them
    #[arg(long)]
    allow_later: bool,
    /// Files of tickets, JSON Lines or a JSON array; standard input if none is given
    #[arg(default_value = "-")]
    tickets: Vec<PathBuf>,
    #[command(flatten)]
    engine: EngineArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormArgument {
    /// Events, which every calendar program shows
    Events,
    /// Tasks with a due time
    Todos,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let Format::Ics(arguments) = arguments.format;
    match arguments.what {
        What::Calendar(arguments) => calendar(&arguments),
        What::Deadlines(arguments) => deadlines(arguments),
    }
}

fn calendar(arguments: &CalendarArguments) -> Result {
    let document = Document::read(&arguments.document).map_err(|problem| vec![problem])?;
    let now = arguments.now.unwrap_or_else(now);
    let today = DateTime::from_timestamp_millis(now.ms()).map(|now| now.date_naive()).unwrap_or_default();
    let from = arguments.from.unwrap_or(today);
    let year = || from.checked_add_months(Months::new(12)).and_then(|date| date.pred_opt());
    let until = arguments.until.or_else(year).unwrap_or(from);
    if until < from {
        return Err(vec![Problem::new(Code::Usage, "--from is later than --until", "")]);
    }
    let mut engines = arguments.engine.open()?.engines(&Question::Hours, 1)?;
    let Some(engine) = engines.first_mut() else { return Ok(Outcome::Done) };
    let mut text = Vec::new();
    export_calendar(
        &document,
        arguments.calendar.as_deref(),
        &Span { from, until, now },
        &mut **engine,
        &mut text,
    )?;
    match io::stdout().lock().write_all(&text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(vec![values::unwritable(&error)]),
        // Who reads has seen enough, as `head` does.
        _ => Ok(Outcome::Done),
    }
}

fn deadlines(arguments: DeadlinesArguments) -> Result {
    let agreement = Document::read(&arguments.agreement).map_err(|problem| vec![problem])?;
    let now = arguments.now.unwrap_or_else(now);
    let question = Question::Clocks {
        agreement: agreement.json.clone(),
        allow_later: arguments.allow_later,
        options: Options { now, known_at: arguments.known_at },
        explained: false,
    };
    let engines = arguments.engine.engines(&question).map_err(|problems| placed(problems, &agreement))?;
    let id =
        agreement.value().ok().and_then(|value| value.get("id").and_then(Value::as_str).map(str::to_owned));
    let form = match arguments.form {
        FormArgument::Events => Form::Events,
        FormArgument::Todos => Form::Todos,
    };
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let tally = Deadlines::begin(out, form, &id.unwrap_or_default(), now).and_then(|mut deadlines| {
        let progress = Progress::new("tickets", io::stdout().is_terminal());
        let tally = pipeline::run(&arguments.tickets, &question, engines, &mut deadlines, &progress)?;
        complain(&deadlines.problems);
        let mut text = format!("{:>12}  deadlines\n", grouped(deadlines.written));
        for (count, what) in [
            (deadlines.paused, "paused clocks, not due before they are resumed"),
            (deadlines.never, "clocks that are never due"),
            (tally.refused, "tickets refused"),
        ] {
            if count > 0 {
                text.push_str(&format!("{:>12}  {what}\n", grouped(count)));
            }
        }
        // Where standard error is closed there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        Ok(tally)
    });
    super::output::ended(tally)
}
