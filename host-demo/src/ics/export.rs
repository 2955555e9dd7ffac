//! A calendar as a feed: an event for each open stretch of a span, in UTC, and one for each holiday.
//!
//! The engine is asked what is open and which dates a holiday closes; nothing of that is known here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use serde_json::{Value, json};
use slaclock_core::Instant;
use slaclock_core::zone::Zone;

use super::write::{Entry, Writer, utc};
use super::zones::Zones;
use crate::calendars::{Version, is_made, versions};
use crate::document::Document;
use crate::engine::{Engine, Question, answer_batch};
use crate::error::{Code, Problem};

/// What of a calendar is to be written.
#[derive(Debug)]
pub struct Span {
    /// First date, in the calendar's zone.
    pub from: NaiveDate,
    /// Last date.
    pub until: NaiveDate,
    /// DTSTAMP of the events.
    pub now: Instant,
}

/// A calendar as one version of a document has it.
#[derive(Debug)]
struct Found<'a> {
    document: &'a Document,
    version: &'a Version,
    name: Option<&'a str>,
    calendar: Value,
    zone: Zone,
    /// When the version is in force, within the span.
    from: Instant,
    until: Instant,
}

/// Questions asked at once.
const BATCH: usize = 256;

/// Writes the calendar of a document: a calendar itself, or one of the calendars of an agreement.
///
/// # Errors
/// The document has no such calendar, the engine finds something wrong with it, or the output cannot be written.
pub fn calendar(
    document: &Document,
    name: Option<&str>,
    span: &Span,
    engine: &mut dyn Engine,
    out: &mut impl Write,
) -> Result<(), Vec<Problem>> {
    let one = |problem| vec![problem];
    let value = document.value().map_err(one)?;
    let versions = versions(&value);
    let name = named(document, &versions, name).map_err(one)?;
    let found = Found::all(document, &versions, name.as_deref(), span).map_err(one)?;
    let (mut open, mut closed): (Vec<(Instant, Instant)>, Vec<_>) = (Vec::new(), Vec::new());
    for found in &found {
        for (from, to) in found.open(engine).map_err(one)? {
            match open.last_mut() {
                // Open before a version begins and after.
                Some((_, until)) if *until == from => *until = to,
                _ => open.push((from, to)),
            }
        }
        closed.extend(found.closed(span, engine).map_err(one)?);
    }
    let zone = found.first().map(|found| found.zone.name());
    let title = name.as_deref().unwrap_or("calendar");
    let unwritable = |error: std::io::Error| {
        vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")]
    };
    let written = || -> std::io::Result<()> {
        let mut writer = Writer::begin(out, span.now, title, zone)?;
        for (from, to) in open {
            writer.entry(&Entry {
                component: "VEVENT",
                uid: &format!("open/{title}/{}@slaclock", utc(from)),
                plain: &[("DTSTART", utc(from)), ("DTEND", utc(to)), ("TRANSP", "TRANSPARENT".to_owned())],
                texts: &[("SUMMARY", "Open"), ("CATEGORIES", "Opening hours")],
            })?;
        }
        for (first, end, name) in closed {
            let date = |date: NaiveDate| date.format("%Y%m%d").to_string();
            writer.entry(&Entry {
                component: "VEVENT",
                uid: &format!("holiday/{title}/{}/{name}@slaclock", date(first)),
                plain: &[
                    ("DTSTART;VALUE=DATE", date(first)),
                    ("DTEND;VALUE=DATE", date(end)),
                    ("TRANSP", "TRANSPARENT".to_owned()),
                ],
                texts: &[("SUMMARY", &name), ("CATEGORIES", "Holiday")],
            })?;
        }
        writer.end()
    };
    written().map_err(unwritable)
}

/// Which calendar is meant: `None` where the document itself is one.
fn named(document: &Document, versions: &[Version], name: Option<&str>) -> Result<Option<String>, Problem> {
    let names: BTreeSet<&str> = versions.iter().flat_map(Version::names).collect();
    let problem = |message: String, mend: Option<String>| {
        let pointer = if names.is_empty() { "" } else { "/calendars" };
        let problem = document.place(Problem::new(Code::NoCalendar, message, pointer));
        Problem { mend: mend.or(problem.mend.clone()), ..problem }
    };
    match (name, names.first()) {
        (Some(name), None) => Err(problem(format!("there are no calendars, and none called `{name}`"), None)),
        (Some(name), Some(_)) if !names.contains(name) => {
            let advice = crate::near::advice(name, names.iter().copied());
            Err(problem(format!("there is no calendar `{name}`"), Some(advice)))
        }
        (Some(name), _) => Ok(Some(name.to_owned())),
        (None, Some(only)) if names.len() == 1 => Ok(Some((*only).to_owned())),
        (None, Some(_)) => {
            let mend = "say which with --calendar".to_owned();
            Err(problem(format!("there are {} calendars", names.len()), Some(mend)))
        }
        (None, None) => Ok(None),
    }
}

impl<'a> Found<'a> {
    /// The calendar as each version has it, in the order in which these begin; those left out that do not have it, or that
    /// are in force at no time of the span.
    fn all(
        document: &'a Document,
        versions: &'a [Version],
        name: Option<&'a str>,
        span: &Span,
    ) -> Result<Vec<Self>, Problem> {
        let mut zones = Zones::default();
        let mut begun = Vec::new();
        for (index, version) in versions.iter().enumerate() {
            let date = version.from.as_deref().filter(|_| versions.len() > 1);
            let date = date.and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
            let zone = Zone::named(version.zone().unwrap_or("UTC")).ok().map(|zone| zones.add(zone));
            let from =
                date.zip(zone).and_then(|(date, zone)| zones.instant(date.and_time(NaiveTime::MIN), zone));
            begun.push((from, index));
        }
        begun.sort_unstable();
        let mut all = Vec::new();
        for (position, (from, index)) in begun.iter().enumerate() {
            let Some(version) = versions.get(*index) else { continue };
            // The first holds before it begins, too.
            let from = from.filter(|_| position > 0);
            let until = begun.get(position + 1).and_then(|(next, _)| *next);
            if let Some(mut found) = Self::of(document, version, name, span, &mut zones)? {
                found.from = from.map_or(found.from, |from| from.max(found.from));
                found.until = until.map_or(found.until, |until| until.min(found.until));
                all.extend((found.from < found.until).then_some(found));
            }
        }
        Ok(all)
    }

    fn of(
        document: &'a Document,
        version: &'a Version,
        name: Option<&'a str>,
        span: &Span,
        zones: &mut Zones,
    ) -> Result<Option<Self>, Problem> {
        let calendar = match name {
            Some(name) => version.calendar(name).map_err(|problem| document.place(problem))?,
            None => Some(version.itself()),
        };
        let Some(calendar) = calendar else { return Ok(None) };
        let own = calendar.get("time_zone").and_then(Value::as_str);
        let made = calendar.as_object().is_some_and(is_made);
        let place = |problem: Problem, pointer: &str| {
            let place = name.map_or(pointer.to_owned(), |name| version.place(name, pointer));
            document.place(Problem { place, ..problem })
        };
        let Some(zone) = own.or(version.zone()).or(made.then_some("UTC")) else {
            let problem = Problem::new(Code::NoCalendar, "the calendar names no time zone", "");
            return Err(place(problem.with_mend("add `time_zone`"), ""));
        };
        let zone = Zone::named(zone).map_err(|_| {
            let message = format!("the time zone database has no zone `{zone}`");
            place(Problem::new(Code::UnknownZone, message, ""), "/time_zone")
        })?;
        let id = zones.add(zone.clone());
        let midnight = |date: Option<NaiveDate>| {
            let midnight = date.and_then(|date| zones.instant(date.and_time(NaiveTime::MIN), id));
            let message = "the span reaches out of the years 1970 to 2199";
            midnight.ok_or_else(|| place(Problem::new(Code::Usage, message, ""), ""))
        };
        let (from, until) = (midnight(Some(span.from))?, midnight(span.until.succ_opt())?);
        Ok(Some(Self { document, version, name, calendar, zone, from, until }))
    }

    /// A problem with the calendar, in its document.
    fn place(&self, problem: Problem) -> Problem {
        let pointer = problem.place.strip_prefix("/calendar").unwrap_or(&problem.place);
        let place = self.name.map_or(pointer.to_owned(), |name| self.version.place(name, pointer));
        self.document.place(Problem { place, ..problem })
    }

    /// The open stretches of the span.
    fn open(&self, engine: &mut dyn Engine) -> Result<Vec<(Instant, Instant)>, Problem> {
        let answers = ask(engine, &[question(&self.calendar, self.from, self.until)]);
        let answer = answers.into_iter().next().unwrap_or_default();
        segments(&answer).map_err(|problem| self.place(problem))
    }

    /// Whether the version is in force when a date begins.
    fn holds_on(&self, date: NaiveDate) -> bool {
        let mut zones = Zones::default();
        let zone = zones.add(self.zone.clone());
        let begins = zones.instant(date.and_time(NaiveTime::MIN), zone);
        begins.is_some_and(|begins| (self.from..self.until).contains(&begins))
    }

    /// The dates that holidays close, each with the day after its last and the name.
    fn closed(
        &self,
        span: &Span,
        engine: &mut dyn Engine,
    ) -> Result<Vec<(NaiveDate, NaiveDate, String)>, Problem> {
        let holidays = self.calendar.get("holidays").and_then(Value::as_array).map_or(&[][..], |list| list);
        if holidays.is_empty() {
            return Ok(Vec::new());
        }
        // On a clock that is always open, what holidays close is all that is closed.
        let always = |holidays: &[Value]| json!({ "time_zone": "UTC", "hours": { "mon-sun": ["00:00-24:00"] }, "holidays": holidays });
        let midnight =
            |date: NaiveDate| Instant::from_ms(date.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
        let (Some(start), Some(end)) = (midnight(span.from), span.until.succ_opt().and_then(midnight)) else {
            return Ok(Vec::new());
        };
        let mut questions = vec![question(&always(holidays), start, end)];
        questions.extend(
            holidays.iter().map(|holiday| question(&always(std::slice::from_ref(holiday)), start, end)),
        );
        let mut answers = ask(engine, &questions).into_iter();
        let mut days = |problem_of: &str| {
            let open = segments(&answers.next().unwrap_or_default());
            open.map(|open| gaps(&open, start, end)).map_err(|problem| {
                let place = problem.place.replacen("/calendar/holidays/0", problem_of, 1);
                self.place(Problem { place, ..problem })
            })
        };
        let mut names: BTreeMap<NaiveDate, Vec<String>> = days("/holidays")?
            .into_iter()
            .filter(|date| self.holds_on(*date))
            .map(|date| (date, Vec::new()))
            .collect();
        for (index, holiday) in holidays.iter().enumerate() {
            let name = holiday.get("name").and_then(Value::as_str).unwrap_or("Holiday");
            for date in days(&format!("/holidays/{index}"))? {
                // A substitute that another holiday moves on is not closed by this one alone.
                if let Some(names) = names.get_mut(&date) {
                    names.push(name.to_owned());
                }
            }
        }
        Ok(joined(names))
    }
}

/// Neighbouring dates of the same name in one.
fn joined(days: BTreeMap<NaiveDate, Vec<String>>) -> Vec<(NaiveDate, NaiveDate, String)> {
    let mut joined: Vec<(NaiveDate, NaiveDate, String)> = Vec::new();
    for (date, names) in days {
        let name = if names.is_empty() { "Holiday (observed)".to_owned() } else { names.join(", ") };
        let next = date.succ_opt().unwrap_or(date);
        match joined.last_mut() {
            Some((_, end, same)) if *end == date && *same == name => *end = next,
            _ => joined.push((date, next, name)),
        }
    }
    joined
}

/// The dates of a span in UTC that are not open.
fn gaps(open: &[(Instant, Instant)], start: Instant, end: Instant) -> Vec<NaiveDate> {
    let mut dates = Vec::new();
    let mut reached = start;
    for (from, to) in open.iter().copied().chain([(end, end)]) {
        let date = |at: Instant| DateTime::from_timestamp_millis(at.ms()).map(|time| time.date_naive());
        if let (Some(first), Some(end)) = (date(reached), date(from)) {
            let days = usize::try_from((end - first).num_days()).unwrap_or(0);
            dates.extend(
                (0..days)
                    .filter_map(|day| first.checked_add_signed(TimeDelta::days(i64::try_from(day).ok()?))),
            );
        }
        reached = to;
    }
    dates
}

fn question(calendar: &Value, start: Instant, end: Instant) -> String {
    let (start, end) = (start.to_string(), end.to_string());
    json!({ "calendar": calendar, "op": "segments", "start": start, "end": end }).to_string()
}

/// The answers to some questions, an answer each.
fn ask(engine: &mut dyn Engine, questions: &[String]) -> Vec<Value> {
    let mut answers = Vec::new();
    for batch in questions.chunks(BATCH) {
        let lines = format!("{}\n", batch.join("\n"));
        let place = |_| "the calendar".to_owned();
        let text = answer_batch(engine, &Question::Hours, lines.as_bytes(), batch.len(), place);
        answers.extend(
            crate::input::lines_of(&text).map(|line| serde_json::from_slice(line).unwrap_or_default()),
        );
    }
    answers
}

/// The stretches that an answer holds.
fn segments(answer: &Value) -> Result<Vec<(Instant, Instant)>, Problem> {
    if let Some(error) = answer.get("error") {
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mend = error.get("mend").and_then(Value::as_str).map(str::to_owned);
        return Err(Problem {
            code: text("code").into(),
            message: text("message"),
            place: text("pointer"),
            mend,
        });
    }
    let pair = |pair: &Value| {
        let instant = |index: usize| Instant::parse(pair.get(index)?.as_str()?).ok();
        Some((instant(0)?, instant(1)?))
    };
    let list = answer.get("segments").and_then(Value::as_array);
    let read = list.and_then(|list| list.iter().map(pair).collect::<Option<Vec<_>>>());
    read.ok_or_else(|| Problem::new(Code::PluginAnswer, "the answer holds no open stretches", ""))
}
