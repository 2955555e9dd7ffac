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
use crate::calendars::{Version, is_made, names, versions};
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

/// The calendar that is written.
struct Feed<'a> {
    document: &'a Document,
    /// The document, of which the engine is asked.
    value: &'a Value,
    name: Option<&'a str>,
    zone: Zone,
    from: Instant,
    until: Instant,
}

/// The holidays of a calendar in one version.
struct Listed<'a> {
    holidays: &'a [Value],
    zone: Zone,
    /// When the version is in force.
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
    let feed = Feed::of(document, &value, &versions, name.as_deref(), span).map_err(one)?;
    let open = feed.open(engine).map_err(one)?;
    let mut closed = Vec::new();
    for listed in Listed::all(&versions, name.as_deref()) {
        closed.extend(listed.closed(span, &feed, engine).map_err(one)?);
    }
    let zone = Some(feed.zone.name());
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
    let names = names(versions);
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

impl<'a> Feed<'a> {
    fn of(
        document: &'a Document,
        value: &'a Value,
        versions: &[Version],
        name: Option<&'a str>,
        span: &Span,
    ) -> Result<Self, Problem> {
        let place = |code: Code, message: String| {
            let pointer = name.map_or(String::new(), |name| format!("/calendars/{}", escaped(name)));
            document.place(Problem::new(code, message, &pointer))
        };
        let found = versions.iter().find_map(|version| {
            let calendar = version.calendar(name)?;
            Some((version.zone_of(calendar), is_made(calendar)))
        });
        let (zone, is_made) = found.unwrap_or_default();
        let Some(zone) = zone.or(is_made.then_some("UTC")) else {
            let problem = place(Code::NoCalendar, "the calendar names no time zone".to_owned());
            return Err(problem.with_mend("add `time_zone`"));
        };
        let unknown = |_| place(Code::UnknownZone, format!("the time zone database has no zone `{zone}`"));
        let zone = Zone::named(zone).map_err(unknown)?;
        let mut zones = Zones::default();
        let id = zones.add(zone.clone());
        let midnight = |date: Option<NaiveDate>| {
            let midnight = date.and_then(|date| zones.instant(date.and_time(NaiveTime::MIN), id));
            let message = "the span reaches out of the years 1970 to 2199".to_owned();
            midnight.ok_or_else(|| place(Code::Usage, message))
        };
        let (from, until) = (midnight(Some(span.from))?, midnight(span.until.succ_opt())?);
        Ok(Self { document, value, name, zone, from, until })
    }

    /// The open stretches of the span.
    fn open(&self, engine: &mut dyn Engine) -> Result<Vec<(Instant, Instant)>, Problem> {
        let (start, end) = (self.from.to_string(), self.until.to_string());
        let mut question = json!({ "op": "segments", "start": start, "end": end });
        match self.name {
            Some(name) => {
                question["agreement"] = self.value.clone();
                question["calendar"] = json!(name);
            }
            None => question["calendar"] = self.value.clone(),
        }
        let answers = ask(engine, &[question.to_string()]);
        let answer = answers.into_iter().next().unwrap_or_default();
        segments(&answer).map_err(|problem| self.place(problem))
    }

    /// A problem with the calendar, in its document.
    fn place(&self, problem: Problem) -> Problem {
        let key = if self.name.is_some() { "/agreement" } else { "/calendar" };
        let place = problem.place.strip_prefix(key).unwrap_or(&problem.place).to_owned();
        self.document.place(Problem { place, ..problem })
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl<'a> Listed<'a> {
    /// The holidays as each version has them, in the order in which these begin.
    fn all(versions: &'a [Version], name: Option<&str>) -> Vec<Self> {
        let mut zones = Zones::default();
        let mut begun = Vec::new();
        for version in versions {
            let date = version.from.as_deref().filter(|_| versions.len() > 1);
            let date = date.and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
            let zone = Zone::named(version.zone().unwrap_or("UTC")).ok().map(|zone| zones.add(zone));
            let from =
                date.zip(zone).and_then(|(date, zone)| zones.instant(date.and_time(NaiveTime::MIN), zone));
            begun.push((from, version));
        }
        begun.sort_by_key(|(from, _)| *from);
        let mut all = Vec::new();
        for (position, (from, version)) in begun.iter().enumerate() {
            // The first holds before it begins, too.
            let from = from.filter(|_| position > 0).unwrap_or(Instant::MIN);
            let until = begun.get(position + 1).and_then(|(next, _)| *next).unwrap_or(Instant::MAX);
            let Some(calendar) = version.calendar(name) else { continue };
            let zone = version.zone_of(calendar).and_then(|zone| Zone::named(zone).ok());
            if let (Some(Value::Array(holidays)), Some(zone)) = (calendar.get("holidays"), zone) {
                all.push(Self { holidays, zone, from, until });
            }
        }
        all
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
        feed: &Feed<'_>,
        engine: &mut dyn Engine,
    ) -> Result<Vec<(NaiveDate, NaiveDate, String)>, Problem> {
        let holidays = self.holidays;
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
        // The engine has read them as part of the calendar: whatever is wrong now is not with them.
        let mut days = || {
            let open = segments(&answers.next().unwrap_or_default());
            open.map(|open| gaps(&open, start, end)).map_err(|problem| feed.place(problem))
        };
        let mut names: BTreeMap<NaiveDate, Vec<String>> =
            days()?.into_iter().filter(|date| self.holds_on(*date)).map(|date| (date, Vec::new())).collect();
        for holiday in holidays {
            let name = holiday.get("name").and_then(Value::as_str).unwrap_or("Holiday");
            for date in days()? {
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
