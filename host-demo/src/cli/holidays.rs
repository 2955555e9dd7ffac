//! `slaclock holidays`: the shipped sets, and the days of one.

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use slaclock_core::{Instant, Options, holiday_sets, nearest};

use super::engines::EngineArguments;
use super::output::{OutputArguments, shown};
use super::values::unwritable;
use super::{Outcome, Result};
use crate::engine::Question;
use crate::error::{Code, Problem};
use crate::render::Cell;
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Without a set it lists all of them; `docs/holiday-sets.md` says what they hold.

Examples:
  slaclock holidays
  slaclock holidays us-federal --year 2027")]
pub(super) struct Arguments {
    /// The set, such as `us-federal` or `de-by`
    #[arg(value_name = "SET")]
    set: Option<String>,
    /// The year; the present one in UTC if not given
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1970..2200), requires = "set")]
    year: Option<i32>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    match &arguments.set {
        None => list(&arguments),
        Some(set) => days(set, &arguments),
    }
}

/// A shipped set, and the years for which it was checked.
#[derive(Serialize)]
struct Set {
    set: &'static str,
    title: &'static str,
    from: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i32>,
}

fn list(arguments: &Arguments) -> Result {
    let sets = holiday_sets().into_iter();
    let sets = sets.map(|set| Set { set: set.id, title: set.title, from: set.from, until: set.until });
    print(arguments, &["Set", "Title", "Checked for"], &sets.collect::<Vec<_>>(), |set, rows| {
        let until = shown(set.get("until"));
        let years = format!("{}–{until}", shown(set.get("from")));
        rows.push(vec![
            Cell::new(shown(set.get("set"))),
            Cell::new(shown(set.get("title"))),
            Cell::new(years),
        ]);
    })
}

/// A closed day of a set.
#[derive(Serialize)]
struct Day {
    date: String,
    weekday: String,
    name: String,
    /// It stands for another date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    observed: bool,
}

fn days(set: &str, arguments: &Arguments) -> Result {
    if !holiday_sets().iter().any(|known| known.id == set) {
        let sets = holiday_sets();
        let near = nearest(set, sets.iter().map(|known| known.id));
        let message = format!("there is no set of holidays `{set}`");
        let mend = match near.as_slice() {
            [] => "`slaclock holidays` lists them".to_owned(),
            near => format!(
                "did you mean {}?",
                near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        return Err(vec![Problem::new(Code::Usage, message, "SET").with_mend(mend)]);
    }
    let this_year = || now().to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or(1970);
    let year = arguments.year.unwrap_or_else(this_year);
    let days = closed_days(set, year, arguments)?;
    print(arguments, &["Date", "Day", "Holiday", "Observed"], &days, |day, rows| {
        let observed = if day.get("observed").is_some() { "for another date" } else { "" };
        let text = |key: &str| Cell::new(shown(day.get(key)));
        rows.push(vec![text("date"), text("weekday"), text("name"), Cell::new(observed)]);
    })
}

/// What the engine says of a year in which nothing but the set's holidays closes: every closed slice is one of its days.
fn closed_days(set: &str, year: i32, arguments: &Arguments) -> Result<Vec<Day>> {
    let agreement = json!({
        "slaclock": "1", "id": "holidays", "time_zone": "Etc/UTC",
        "calendars": { "open": { "hours": { "mon-sun": ["00:00-24:00"] }, "holidays": [{ "use": set }] } },
        "policies": [{ "id": "year", "clocks": { "resolution": { "within": "1d", "calendar": "open" } } }],
    });
    let end = if year == 2199 {
        "2199-12-31T23:59:59.999Z".to_owned()
    } else {
        format!("{}-01-01T00:00:00Z", year + 1)
    };
    let now = Instant::parse(&end).unwrap_or(Instant::MAX);
    let question = Question::Clocks {
        agreement: agreement.to_string(),
        allow_later: false,
        options: Options::at(now),
        explained: true,
    };
    let ticket = json!({ "id": set, "created_at": format!("{year}-01-01T00:00:00Z") }).to_string();
    let mut engines = arguments.engine.open()?.engines(&question, 1)?;
    let mut answer = Vec::new();
    if let Some(engine) = engines.first_mut() {
        answer = engine.answer_lines(ticket.as_bytes()).map_err(|problem| vec![problem])?;
    }
    let answer: Value = serde_json::from_slice(&answer).map_err(|error| {
        vec![Problem::new(Code::PluginAnswer, format!("the answer is not JSON: {error}"), "")]
    })?;
    let slices = answer.pointer("/clocks/0/cycles/0/slices").and_then(Value::as_array);
    let closed =
        slices.into_iter().flatten().filter(|slice| slice.get("counted") == Some(&Value::Bool(false)));
    let day = |slice: &Value| Day {
        date: shown(slice.get("from")).chars().take(10).collect(),
        weekday: shown(slice.get("weekday")),
        name: shown(slice.get("name")),
        observed: slice.get("observed") == Some(&Value::Bool(true)),
    };
    Ok(closed.map(day).collect())
}

fn print<T: Serialize>(
    arguments: &Arguments,
    names: &'static [&'static str],
    items: &[T],
    rows: super::output::Rows,
) -> Result {
    let mut sink = arguments.output.sink(names, rows);
    let mut lines = Vec::new();
    for item in items {
        serde_json::to_writer(&mut lines, item).map_err(|error| vec![unwritable(&error.into())])?;
        lines.push(b'\n');
    }
    sink.take(&lines).and_then(|()| sink.finish()).map_err(|error| vec![unwritable(&error)])?;
    Ok(Outcome::Done)
}
