//! The calendar document that comes of feeds, and how it is written.

use serde_json::{Map, Value, json};

use super::event::{Event, whole_days};
use super::expand::Replaced;
use super::feed::Feed;
use super::holidays::Holidays;
use super::hours::{self, Minutes, Week};
use super::report::{Reason, Report};
use super::rule::DAYS;
use super::zones::{ZoneId, Zones};
use super::{Kind, Options};
use crate::error::Problem;

/// A holiday: a date, a range of dates or a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Holiday {
    pub(super) date: String,
    pub(super) name: String,
    pub(super) from: Option<i32>,
    pub(super) until: Option<i32>,
}

/// A date, or a range of dates, with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpecialDay {
    pub(super) date: String,
    pub(super) hours: Vec<Minutes>,
    pub(super) name: String,
}

/// A calendar document.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    name: Option<String>,
    zone: Option<String>,
    week: Week,
    pub(super) holidays: Vec<Holiday>,
    special_days: Vec<SpecialDay>,
}

impl Calendar {
    /// The calendar that feeds describe.
    pub(super) fn of(
        feeds: &[Feed],
        zones: &mut Zones,
        options: &Options,
        report: &mut Report<'_>,
    ) -> Result<Self, Problem> {
        let asked = options.zone.clone().map(|zone| zones.add(zone));
        let replaced = Replaced::of(feeds);
        let events = || feeds.iter().flat_map(|feed| &feed.events).filter(|event| !event.cancelled);
        let mut calendar = Self {
            name: options.name.clone(),
            zone: options.zone.as_ref().map(|zone| zone.name().to_owned()),
            ..Self::default()
        };
        match options.kind {
            Kind::Holidays => {
                let events: Vec<Event> =
                    events().cloned().filter_map(|event| whole(event, asked, feeds, zones, report)).collect();
                let events: Vec<&Event> = events.iter().collect();
                calendar.holidays = Holidays { options, zones, replaced: &replaced, report }.of(&events);
            }
            Kind::Hours => {
                let (all_day, timed): (Vec<&Event>, Vec<&Event>) =
                    events().partition(|event| event.is_all_day());
                let zone = asked.or_else(|| hours::usual_zone(&timed, feeds));
                let zone = zone
                    .or_else(|| if timed.iter().any(|event| event.has_zone()) { zones.utc() } else { None });
                calendar.zone = zone.and_then(|zone| zones.zone(zone)).map(|zone| zone.name().to_owned());
                calendar.holidays = Holidays { options, zones, replaced: &replaced, report }.of(&all_day);
                let hours = hours::Hours { options, zones, replaced: &replaced, report, zone };
                (calendar.week, calendar.special_days) = hours.of(&timed, &all_day)?;
            }
        }
        Ok(calendar)
    }

    fn json_value(&self) -> Value {
        let mut document = Map::new();
        let mut set = |key: &str, value: Value| document.insert(key.to_owned(), value);
        if let Some(zone) = &self.zone {
            set("time_zone", json!(zone));
        }
        let week = self.week_keys();
        if !week.is_empty() {
            set("hours", week.into_iter().map(|(days, hours)| (days, json!(texts(&hours)))).collect());
        }
        if !self.holidays.is_empty() {
            set("holidays", self.holidays.iter().map(Holiday::json).collect());
        }
        if !self.special_days.is_empty() {
            set("special_days", self.special_days.iter().map(|day| object(day.keys())).collect());
        }
        match &self.name {
            Some(name) => json!({ "calendars": { name: document } }),
            None => Value::Object(document),
        }
    }

    /// The document as one line of JSON.
    pub(super) fn json(&self) -> String {
        format!("{}\n", self.json_value())
    }

    /// The document as YAML, an entry a line.
    pub(super) fn yaml(&self) -> String {
        let mut lines = Vec::new();
        if let Some(zone) = &self.zone {
            lines.push(format!("time_zone: {}", json!(zone)));
        }
        let week = self.week_keys();
        if !week.is_empty() {
            lines.push("hours:".to_owned());
            lines
                .extend(week.iter().map(|(days, hours)| format!("  {days}: {}", flow(&json!(texts(hours))))));
        }
        let mut list = |key: &str, entries: Vec<Keys>| {
            if !entries.is_empty() {
                lines.push(format!("{key}:"));
                lines.extend(entries.into_iter().map(|entry| format!("  - {}", flow_map(&entry))));
            }
        };
        list("holidays", self.holidays.iter().map(Holiday::keys).collect());
        list("special_days", self.special_days.iter().map(SpecialDay::keys).collect());
        if lines.is_empty() {
            lines.push("holidays: []".to_owned());
        }
        let indent = if self.name.is_some() { "    " } else { "" };
        let head = self.name.as_ref().map(|name| format!("calendars:\n  {}:\n", json!(name)));
        let lines = lines.into_iter().map(|line| format!("{indent}{line}\n"));
        head.into_iter().chain(lines).collect()
    }

    /// The week, neighbouring days with the same hours under one key.
    fn week_keys(&self) -> Vec<(String, Vec<Minutes>)> {
        let mut keys: Vec<(usize, usize, &Vec<Minutes>)> = Vec::new();
        for (day, hours) in self.week.iter().enumerate().filter(|(_, hours)| !hours.is_empty()) {
            match keys.last_mut() {
                Some((_, last, same)) if *last + 1 == day && *same == hours => *last = day,
                _ => keys.push((day, day, hours)),
            }
        }
        let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
        let key = |(first, last, hours): (usize, usize, &Vec<Minutes>)| {
            let days = if first == last {
                name(first).to_owned()
            } else {
                format!("{}-{}", name(first), name(last))
            };
            (days, hours.clone())
        };
        keys.into_iter().map(key).collect()
    }
}

/// An event of a feed of holidays, if it is of whole days.
fn whole(
    mut event: Event,
    asked: Option<ZoneId>,
    feeds: &[Feed],
    zones: &Zones,
    report: &mut Report<'_>,
) -> Option<Event> {
    if event.is_all_day() {
        return Some(event);
    }
    let zone = asked.or_else(|| feeds.iter().find_map(|feed| feed.zone));
    // Midnight may be written as an instant.
    if let (true, Some(zone)) = (event.is_single() && event.is_utc, zone) {
        event.move_to(zone, zones);
    }
    if whole_days(event.start.local, event.length).is_some() {
        event.make_whole_days();
        return Some(event);
    }
    report.lost(event.place(), Reason::Timed, None);
    None
}

/// Keys of an entry, in the order in which a person would write them.
type Keys = Vec<(&'static str, Value)>;

impl Holiday {
    pub(super) fn json(&self) -> Value {
        object(self.keys())
    }

    fn keys(&self) -> Keys {
        let year = |key, year: Option<i32>| year.map(|year| (key, json!(year)));
        let name = (!self.name.is_empty()).then(|| ("name", json!(self.name)));
        let keys =
            [Some(("date", json!(self.date))), name, year("from", self.from), year("until", self.until)];
        keys.into_iter().flatten().collect()
    }
}

impl SpecialDay {
    fn keys(&self) -> Keys {
        let name = (!self.name.is_empty()).then(|| ("name", json!(self.name)));
        let keys = [Some(("date", json!(self.date))), Some(("hours", json!(texts(&self.hours)))), name];
        keys.into_iter().flatten().collect()
    }
}

fn object(keys: Keys) -> Value {
    Value::Object(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Hours as a document writes them.
fn texts(hours: &[Minutes]) -> Vec<String> {
    let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    hours.iter().map(|(from, to)| format!("{}-{}", time(*from), time(*to))).collect()
}

/// An entry on one line of YAML; texts in double quotes are written as in JSON.
fn flow_map(keys: &[(&str, Value)]) -> String {
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
    format!("{{ {} }}", keys.join(", "))
}

fn flow(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(flow).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
