//! A calendar as a feed: an event for each open stretch of a span, in UTC, and one for each holiday.
//!
//! The engine is asked what is open and which dates a holiday closes; nothing of that is known here.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use serde_json::{Value, json};
use slaclock_core::Instant;
use slaclock_core::zone::Zone;

use super::write::{Entry, Writer, utc};
use super::zones::Zones;
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

/// A calendar of a document.
#[derive(Debug)]
struct Found<'a> {
    document: &'a Document,
    calendar: Value,
    name: Option<String>,
    zone: String,
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
    let found = Found::of(document, name).map_err(|problem| vec![problem])?;
    let zone = Zone::named(&found.zone).map_err(|_| {
        let message = format!("the time zone database has no zone `{}`", found.zone);
        vec![found.place(Problem::new(Code::UnknownZone, message, "/time_zone"))]
    })?;
    let open = found.open(&zone, span, engine).map_err(|problem| vec![problem])?;
    let closed = found.closed(span, engine).map_err(|problem| vec![problem])?;
    let title = found.name.as_deref().unwrap_or("calendar");
    let unwritable = |error: std::io::Error| {
        vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), "standard output")]
    };
    let written = || -> std::io::Result<()> {
        let mut writer = Writer::begin(out, span.now, title, Some(&found.zone))?;
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

impl<'a> Found<'a> {
    fn of(document: &'a Document, name: Option<&str>) -> Result<Self, Problem> {
        let value = document.value()?;
        let problem =
            |message: String, pointer: &str| document.place(Problem::new(Code::NoCalendar, message, pointer));
        let (name, mut calendar) = match (value.get("calendars").and_then(Value::as_object), name) {
            (None, Some(name)) => {
                return Err(problem(format!("there are no calendars, and none called `{name}`"), ""));
            }
            (None, None) => (None, value.clone()),
            (Some(calendars), Some(name)) => match calendars.get(name) {
                Some(calendar) => (Some(name.to_owned()), calendar.clone()),
                None => {
                    let advice = crate::near::advice(name, calendars.keys().map(|key| &**key));
                    let message = format!("there is no calendar `{name}`");
                    return Err(problem(message, "/calendars").with_mend(advice));
                }
            },
            (Some(calendars), None) => match calendars.iter().collect::<Vec<_>>().as_slice() {
                [(name, calendar)] => (Some((*name).clone()), (*calendar).clone()),
                _ => {
                    let message = format!("there are {} calendars", calendars.len());
                    return Err(problem(message, "/calendars").with_mend("say which with --calendar"));
                }
            },
        };
        let zone = calendar.get("time_zone").or_else(|| value.get("time_zone"));
        let Some(zone) = zone.and_then(Value::as_str).map(str::to_owned) else {
            return Err(
                problem("the calendar names no time zone".to_owned(), "").with_mend("add `time_zone`")
            );
        };
        if let Some(calendar) = calendar.as_object_mut() {
            calendar.insert("time_zone".to_owned(), json!(zone));
        }
        Ok(Self { document, calendar, name, zone })
    }

    /// A problem with the calendar, in its document.
    fn place(&self, problem: Problem) -> Problem {
        let pointer = problem.place.strip_prefix("/calendar").unwrap_or(&problem.place).to_owned();
        let pointer = match &self.name {
            Some(name) => format!("/calendars/{}{pointer}", name.replace('~', "~0").replace('/', "~1")),
            None => pointer,
        };
        self.document.place(Problem { place: pointer, ..problem })
    }

    /// The open stretches of the span.
    fn open(
        &self,
        zone: &Zone,
        span: &Span,
        engine: &mut dyn Engine,
    ) -> Result<Vec<(Instant, Instant)>, Problem> {
        let mut zones = Zones::default();
        let id = zones.add(zone.clone());
        let midnight = |date: Option<NaiveDate>| {
            let midnight = date.and_then(|date| zones.instant(date.and_time(NaiveTime::MIN), id));
            midnight.ok_or_else(|| {
                Problem::new(Code::Usage, "the span reaches out of the years 1970 to 2199", "")
            })
        };
        let (start, end) = (midnight(Some(span.from))?, midnight(span.until.succ_opt())?);
        let answers = ask(engine, &[question(&self.calendar, start, end)]);
        let answer = answers.into_iter().next().unwrap_or_default();
        segments(&answer).map_err(|problem| self.place(problem))
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
        let mut names: BTreeMap<NaiveDate, Vec<String>> =
            days("/holidays")?.into_iter().map(|date| (date, Vec::new())).collect();
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
