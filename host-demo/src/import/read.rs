//! Reads a mapping document; everything wrong with it is reported at once.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;
use slaclock_core::zone::Zone;

use super::instants::Format;
use super::mapping::{
    Ambiguous, Column, Condition, Early, Field, Mapping, Message, Reply, Skipped, Stamp, StampEvent, Status,
    Take, Values,
};
use super::strict::{Map, Place};
use crate::error::{Code, Problem};

const KEYS: &[&str] = &[
    "slaclock",
    "case",
    "at",
    "created_at",
    "status",
    "fields",
    "stamps",
    "replies",
    "rows",
    "missing",
    "formats",
    "time_zone",
    "ambiguous",
    "skipped",
    "before_creation",
    "unchanged",
    "delimiter",
];

impl Mapping {
    /// Reads a mapping document.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn read(document: &Value) -> Result<Self, Vec<Problem>> {
        let problems = RefCell::new(Vec::new());
        let mapping = Self::read_map(&Place::root(document, &problems));
        let problems = problems.into_inner();
        match mapping {
            Some(mapping) if problems.is_empty() => Ok(mapping),
            _ => Err(problems),
        }
    }

    fn read_map(root: &Place<'_>) -> Option<Self> {
        let map = root.map(KEYS)?;
        if let Some(version) = map.need("slaclock") {
            version.word(&[("1", ())]);
        }
        let at = map.get("at").and_then(|place| column(&place));
        let is_first_row = |place: &Place<'_>| place.value == "first_row";
        let created_at = match map.need("created_at") {
            Some(place) if is_first_row(&place) => None,
            Some(place) => taken_column(&place),
            None => None,
        };
        let formats = map.get("formats").map_or_else(Vec::new, |place| formats(&place));
        let mapping = Self {
            case: map.need("case").and_then(|place| column(&place)).unwrap_or_default(),
            status: map.get("status").and_then(|place| status(&place)),
            fields: map.get("fields").map_or_else(Vec::new, |place| fields(&place)),
            stamps: each(&map, "stamps", stamp),
            replies: each(&map, "replies", reply),
            rows: map.get("rows").map_or_else(Vec::new, |place| conditions(&place)),
            missing: map.get("missing").map_or_else(|| vec![String::new()], |place| texts(&place)),
            zone: map.get("time_zone").and_then(|place| zone(&place)),
            ambiguous: choice(
                &map,
                "ambiguous",
                &[("first", Ambiguous::First), ("second", Ambiguous::Second), ("reject", Ambiguous::Reject)],
            ),
            skipped: choice(
                &map,
                "skipped",
                &[("reject", Skipped::Reject), ("after_gap", Skipped::AfterGap)],
            ),
            early: choice(
                &map,
                "before_creation",
                &[("reject", Early::Reject), ("at_creation", Early::AtCreation)],
            ),
            drop_unchanged: choice(&map, "unchanged", &[("keep", false), ("drop", true)]),
            delimiter: map.get("delimiter").and_then(|place| delimiter(&place)).unwrap_or(b','),
            formats: if formats.is_empty() { vec![Format::Rfc3339] } else { formats },
            at,
            created_at,
        };
        mapping.check(&map, root);
        Some(mapping)
    }

    /// What each key cannot see alone.
    fn check(&self, map: &Map<'_>, root: &Place<'_>) {
        let changes = self.fields.iter().any(|field| field.take == Take::Changes);
        let first_row = map.get("created_at").is_some() && self.created_at.is_none();
        let needs = [
            ("status", self.status.is_some()),
            ("replies", !self.replies.is_empty()),
            ("fields", changes),
            ("created_at", first_row),
        ];
        for (key, _) in needs.iter().filter(|(_, needed)| *needed && self.at.is_none()) {
            if let Some(place) = map.get(key) {
                place.report::<()>(
                    Problem::new(Code::MissingKey, format!("`{key}` needs to know when a row happened"), "")
                        .with_mend("name the column of the row's instant with `at`"),
                );
            }
        }
        if self.zone.is_none() && map.get("time_zone").is_none() && self.formats.iter().any(Format::is_local)
        {
            root.report::<()>(
                Problem::new(
                    Code::MissingKey,
                    "these formats give local times, and no `time_zone` says whose",
                    "",
                )
                .with_mend("add `time_zone`, such as `Europe/Berlin`"),
            );
        }
    }
}

fn each<T>(map: &Map<'_>, key: &str, read: impl Fn(&Place<'_>) -> Option<T>) -> Vec<T> {
    map.get(key).map_or_else(Vec::new, |place| place.list().iter().filter_map(read).collect())
}

fn choice<T: Copy>(map: &Map<'_>, key: &str, words: &[(&'static str, T)]) -> T {
    map.get(key).and_then(|place| place.word(words)).unwrap_or(words[0].1)
}

fn texts(place: &Place<'_>) -> Vec<String> {
    place.list().iter().filter_map(Place::text).collect()
}

fn column(place: &Place<'_>) -> Option<Column> {
    Some(Column { name: place.text()?, pointer: place.pointer.clone() })
}

const TAKE: &[(&str, Take)] = &[("first", Take::First), ("last", Take::Last)];
const TAKE_LAST: &[(&str, Take)] = &[("last", Take::Last), ("first", Take::First)];
const TAKE_FIELD: &[(&str, Take)] =
    &[("first", Take::First), ("last", Take::Last), ("changes", Take::Changes)];

fn taken_column(place: &Place<'_>) -> Option<(Column, Take)> {
    if !place.value.is_object() {
        return Some((column(place)?, Take::First));
    }
    let map = place.map(&["column", "take"])?;
    Some((column(&map.need("column")?)?, choice(&map, "take", TAKE)))
}

fn values(map: &Map<'_>) -> Option<Values> {
    let renamed = map.get("values").and_then(|place| place.open_map()).map_or_else(HashMap::new, |map| {
        map.entries().filter_map(|(from, to)| Some((from.to_owned(), to.text()?))).collect()
    });
    let list = |key| map.get(key).map_or_else(Vec::new, |place| texts(&place));
    Some(Values {
        column: column(&map.need("column")?)?,
        renamed,
        bad: list("bad"),
        missing: list("missing"),
    })
}

fn plain(place: &Place<'_>) -> Option<Values> {
    Some(Values { column: column(place)?, renamed: HashMap::new(), bad: Vec::new(), missing: Vec::new() })
}

fn status(place: &Place<'_>) -> Option<Status> {
    if !place.value.is_object() {
        return Some(Status { values: plain(place)?, initial: None });
    }
    let map = place.map(&["column", "values", "bad", "missing", "initial"])?;
    Some(Status { values: values(&map)?, initial: map.get("initial").and_then(|place| place.text()) })
}

fn fields(place: &Place<'_>) -> Vec<Field> {
    let read = |(name, place): (&str, Place<'_>)| {
        let name = name.to_owned();
        if !place.value.is_object() {
            return Some(Field { name, values: plain(&place)?, take: Take::First, missing_unsets: false });
        }
        let map = place.map(&["column", "values", "bad", "missing", "take", "missing_unsets"])?;
        let missing_unsets = map.get("missing_unsets").and_then(|place| place.truth()).unwrap_or(false);
        Some(Field { name, values: values(&map)?, take: choice(&map, "take", TAKE_FIELD), missing_unsets })
    };
    place.open_map().map_or_else(Vec::new, |map| map.entries().filter_map(read).collect())
}

fn stamp(place: &Place<'_>) -> Option<Stamp> {
    let map = place.map(&["column", "take", "status", "reply"])?;
    let event = match (map.get("status"), map.get("reply")) {
        (Some(status), None) => StampEvent::Status(status.text()?),
        (None, Some(reply)) => StampEvent::Reply(said(&reply.map(&["by", "public", "channel"])?)?),
        _ => return place.wrong("a stamp needs either `status` or `reply`"),
    };
    Some(Stamp { column: column(&map.need("column")?)?, take: choice(&map, "take", TAKE_LAST), event })
}

fn reply(place: &Place<'_>) -> Option<Reply> {
    let map = place.map(&["when", "by", "public", "channel"])?;
    Some(Reply { when: conditions(&map.need("when")?), said: said(&map)? })
}

fn said(map: &Map<'_>) -> Option<Message> {
    let by = map.need("by")?.word(&[("agent", "agent"), ("requester", "requester"), ("system", "system")])?;
    let public = map.get("public").and_then(|place| place.truth()).unwrap_or(true);
    Some(Message { by, public, channel: map.get("channel").and_then(|place| place.text()) })
}

fn conditions(place: &Place<'_>) -> Vec<Condition> {
    let value = |place: &Place<'_>| if place.value.is_null() { Some(None) } else { place.text().map(Some) };
    let read = |(name, place): (&str, Place<'_>)| {
        let column = Column { name: name.to_owned(), pointer: place.pointer.clone() };
        let negated = place.value.is_object();
        let place = if negated { place.map(&["not"])?.need("not")? } else { place };
        Some(Condition { column, values: place.list().iter().filter_map(value).collect(), negated })
    };
    place.open_map().map_or_else(Vec::new, |map| map.entries().filter_map(read).collect())
}

fn formats(place: &Place<'_>) -> Vec<Format> {
    let read = |place: &Place<'_>| {
        let text = place.text()?;
        Format::parse(&text).or_else(|| {
            place.report(Problem::new(Code::BadFormat, format!("`{text}` is not a format of instants"), ""))
        })
    };
    place.list().iter().filter_map(read).collect()
}

fn zone(place: &Place<'_>) -> Option<Zone> {
    let name = place.text()?;
    Zone::named(&name).map_or_else(
        |unknown| {
            let problem = Problem::new(Code::UnknownZone, format!("unknown time zone `{name}`"), "");
            place.report(match unknown.suggestions.first() {
                Some(near) => problem.with_mend(format!("did you mean `{near}`?")),
                None => problem,
            })
        },
        Some,
    )
}

fn delimiter(place: &Place<'_>) -> Option<u8> {
    match place.text()?.as_bytes() {
        b"\\t" => Some(b'\t'),
        [byte] if !byte.is_ascii_alphanumeric() && *byte != b'"' => Some(*byte),
        _ => place.wrong("a delimiter is one character, such as `;`"),
    }
}
