//! `slaclock import ics`: a calendar from iCalendar feeds.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Datelike};
use clap::{Args, ValueEnum};
use slaclock_core::zone::Zone;

use super::import::created;
use super::{Outcome, Result, values};
use crate::error::{Code, Problem};
use crate::ics::{Imported, Kind, Options, Pattern, import};
use crate::render::{complain, grouped};
use crate::time::now;

pub(super) const HELP: &str = "Examples:
  slaclock import ics holidays.ics > holidays.yaml
  slaclock import ics hours.ics holidays.ics --as hours --calendar office --time-zone Europe/Rome
  slaclock import ics feed.ics --without moon --without 'daylight*time' --without description:observance

All-day events become holidays: rules that a calendar can say stay rules, others are written date by date.
With --as hours, timed events become opening hours. Lost events are reported with their lines and counted.";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Feeds, plain or gzip; standard input if none is given
    #[arg(default_value = "-")]
    feeds: Vec<PathBuf>,
    /// What timed events are
    #[arg(long = "as", value_name = "KIND", value_enum, default_value = "holidays")]
    kind: KindArgument,
    /// The zone of the calendar; for hours that of the feed if not given
    #[arg(long, value_name = "ZONE", value_parser = zone_of)]
    time_zone: Option<Zone>,
    /// First year of what is written date by date
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1970..2200))]
    from: Option<i32>,
    /// Last year of it; endless rules end ten years from now if not given
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1970..2200))]
    until: Option<i32>,
    /// Leave out entries with this in their name, any case; `*` stands for anything, `description:` or `category:` before it says where to look
    #[arg(long, value_name = "PATTERN", value_parser = Pattern::parse)]
    without: Vec<Pattern>,
    /// Put the calendar under this name, as an agreement does
    #[arg(long, value_name = "NAME")]
    calendar: Option<String>,
    /// Write JSON on one line instead of YAML
    #[arg(long)]
    json: bool,
    /// Every lost event and the sums, as JSON Lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindArgument {
    /// Nothing that a calendar can say; only all-day events count
    Holidays,
    /// Opening hours; all-day events are holidays
    Hours,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let alone = |problem| vec![problem];
    let report = arguments.report.as_deref().map(created).transpose().map_err(alone)?;
    let report = report.map(|file| Box::new(file) as Box<dyn Write>);
    let kind = match arguments.kind {
        KindArgument::Holidays => Kind::Holidays,
        KindArgument::Hours => Kind::Hours,
    };
    if let (Some(from), Some(until)) = (arguments.from, arguments.until)
        && from > until
    {
        return Err(vec![Problem::new(Code::Usage, "--from is later than --until", "")]);
    }
    let this_year = DateTime::from_timestamp_millis(now().ms()).map_or(2200, |now| now.year());
    let options = Options {
        kind,
        zone: arguments.time_zone,
        from: arguments.from,
        until: arguments.until,
        horizon: (this_year + 10).min(2199),
        without: arguments.without,
        name: arguments.calendar,
        json: arguments.json,
    };
    let imported = import(&arguments.feeds, &options, report)?;
    match io::stdout().lock().write_all(imported.text.as_bytes()) {
        // Who reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Done),
        Err(error) => Err(vec![values::unwritable(&error)]),
        Ok(()) => Ok(told(&imported)),
    }
}

/// Says what became of the events.
fn told(imported: &Imported) -> Outcome {
    complain(&imported.problems);
    let mut text = String::new();
    if imported.summary.not_shown() > 0 {
        let more = grouped(imported.summary.not_shown());
        text = format!("and {more} more lost events; --report lists them all\n");
    }
    for (count, what) in imported.summary.lines() {
        text.push_str(&format!("{:>12}  {what}\n", grouped(count)));
    }
    if let Some(alike) = imported.alike() {
        let sets: Vec<_> = alike.sets.iter().map(|set| format!("`holidays: [{{ use: {set} }}]`")).collect();
        let (first, last) = alike.years.into_inner();
        text.push_str(&format!(
            "On working days of {first} to {last} it closes as {} does, which also has the years to come.\n",
            sets.join(" or ")
        ));
    }
    // Where standard error is closed there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    Outcome::found(imported.summary.lost > 0 || !imported.problems.is_empty())
}

fn zone_of(name: &str) -> std::result::Result<Zone, String> {
    Zone::named(name).map_err(|unknown| match &*unknown.suggestions {
        [] => "no such zone; give an IANA name such as `Europe/Berlin`".to_owned(),
        near => format!("no such zone; did you mean `{}`?", near.join("`, `")),
    })
}
