//! Tickets and events as they are sent, taken apart into facts without changing a value.
//!
//! Values stay the text that they were: only the engine reads them. What is looked at is what the store needs,
//! ids and instants.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use slaclock_core::Instant;

use crate::error::{Code, Problem};
use crate::store::Fact;

/// Longest id of a ticket, an event or an agreement, in bytes.
const LONGEST_ID: usize = 256;

/// One line of input: facts of one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The ticket.
    pub ticket: String,
    /// The agreement that it names.
    pub agreement: Option<String>,
    /// Its creation, its events, or both.
    pub facts: Vec<Fact>,
}

/// The entries of a JSON object, in their order, duplicates included.
struct Entries<'j>(Vec<(Cow<'j, str>, &'j RawValue)>);

impl<'de: 'j, 'j> Deserialize<'de> for Entries<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    entries.push((key.0, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'j>(Cow<'j, str>);

impl<'de: 'j, 'j> Deserialize<'de> for Key<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

impl<'j> Entries<'j> {
    fn of(text: &'j str, what: &str) -> Result<Self, Problem> {
        serde_json::from_str(text)
            .map_err(|error| Problem::new(Code::NotJson, format!("{what} is not a JSON object: {error}"), ""))
    }

    /// Takes an entry out; of several, all of them, and keeps the last.
    fn take(&mut self, key: &str) -> Option<&'j str> {
        let mut found = None;
        self.0.retain(|(name, value)| {
            if name == key {
                found = Some(value.get());
            }
            name != key
        });
        found
    }

    /// Takes a text out.
    fn take_text(&mut self, key: &str, pointer: &str) -> Result<Option<String>, Problem> {
        let Some(raw) = self.take(key) else { return Ok(None) };
        let text: String = serde_json::from_str(raw)
            .map_err(|_| Problem::new(Code::BadId, format!("`{key}` is not a text"), pointer))?;
        Line::check_id(&text, key, pointer)?;
        Ok(Some(text))
    }

    /// Reads an instant, which stays.
    fn instant(&self, key: &str, pointer: &str) -> Result<Option<i64>, Problem> {
        let Some((_, raw)) = self.0.iter().rev().find(|(name, _)| name == key) else { return Ok(None) };
        let text: Cow<'_, str> = serde_json::from_str(raw.get()).map_err(|_| {
            Problem::new(Code::BadInstant, format!("`{key}` is not a text"), format!("{pointer}/{key}"))
        })?;
        let instant = Instant::parse_at(&text, &format!("{pointer}/{key}"))?;
        Ok(Some(instant.ms()))
    }

    /// The entries that are left, as JSON text in one line.
    fn text(&self) -> String {
        let mut text = String::from("{");
        for (key, value) in &self.0 {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&serde_json::Value::from(key.as_ref()).to_string());
            text.push(':');
            one_line(value.get(), &mut text);
        }
        text.push('}');
        text
    }
}

/// Line breaks in JSON stand only between its parts, so they can be left out.
fn one_line(raw: &str, out: &mut String) {
    if raw.contains(['\n', '\r']) {
        out.extend(raw.chars().filter(|c| !matches!(c, '\n' | '\r')));
    } else {
        out.push_str(raw);
    }
}

impl Line {
    /// Checks an id.
    ///
    /// # Errors
    /// It is not one that can be kept.
    pub fn check_id(id: &str, what: &str, pointer: &str) -> Result<(), Problem> {
        if !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control) {
            return Ok(());
        }
        let message = format!("`{what}` is empty, longer than {LONGEST_ID} bytes, or has control characters");
        Err(Problem::new(Code::BadId, message, pointer))
    }

    /// Reads a line: a ticket with its events, or, where a ticket is named in it or beside it, an event.
    ///
    /// # Errors
    /// What the store needs to know is missing or cannot be read.
    pub fn read(line: &[u8], ticket: Option<&str>, now: i64) -> Result<Self, Problem> {
        let text = std::str::from_utf8(line)
            .map_err(|_| Problem::new(Code::NotUtf8, "the input is not UTF-8", ""))?;
        let mut entries = Entries::of(text, "the input")?;
        let agreement = entries.take_text("agreement", "/agreement")?;
        let named = entries.take_text("ticket", "/ticket")?;
        let named = match (named, ticket) {
            (Some(named), Some(asked)) if named != asked => {
                let message = format!("the event is of the ticket `{named}`, sent to `{asked}`");
                return Err(Problem::new(Code::BadId, message, "/ticket"));
            }
            (named, asked) => named.or_else(|| asked.map(str::to_owned)),
        };
        if let Some(ticket) = named {
            let event = event(entries, "", now)?;
            return Ok(Self { ticket, agreement, facts: vec![event] });
        }
        let Some(id) = entries.take_text("id", "/id")? else {
            let message = "the input names no ticket: `id` for a ticket, `ticket` for an event";
            return Err(Problem::new(Code::BadId, message, ""));
        };
        let events = entries.take("events").unwrap_or("[]");
        let events: Vec<&RawValue> = serde_json::from_str(events)
            .map_err(|_| Problem::new(Code::NotJson, "`events` is not a list", "/events"))?;
        let Some(at) = entries.instant("created_at", "")? else {
            let message = "the ticket does not say when it was created";
            return Err(Problem::new(Code::BadInstant, message, "/created_at"));
        };
        let mut facts = vec![Fact { id: String::new(), at, recorded_at: now, body: entries.text() }];
        for (index, raw) in events.iter().enumerate() {
            let pointer = format!("/events/{index}");
            let entries = Entries::of(raw.get(), "the event")
                .map_err(|problem| Problem { place: pointer.clone(), ..problem })?;
            facts.push(event(entries, &pointer, now)?);
        }
        Ok(Self { ticket: id, agreement, facts })
    }
}

/// An event. One without an id has its content for an id, so that sending it twice does nothing.
fn event(mut entries: Entries<'_>, pointer: &str, now: i64) -> Result<Fact, Problem> {
    let Some(at) = entries.instant("at", pointer)? else {
        let place = format!("{pointer}/at");
        return Err(Problem::new(Code::BadInstant, "the event does not say when it happened", place));
    };
    let recorded_at = entries.instant("recorded_at", pointer)?;
    entries.take("recorded_at");
    let id = entries.take_text("id", &format!("{pointer}/id"))?;
    let body = entries.text();
    let id = id.unwrap_or_else(|| {
        let value = serde_json::from_str::<serde_json::Value>(&body).unwrap_or_default();
        format!("sha256:{}", hex(&Sha256::digest(value.to_string())[..16]))
    });
    Ok(Fact { id, at, recorded_at: recorded_at.unwrap_or(now), body })
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A ticket as the engine reads it, in one line with its end. One whose creation is not known yet begins with its
/// first event.
#[must_use]
pub(crate) fn ticket_line(ticket: &str, facts: &[Fact]) -> String {
    let creation = facts.iter().find(|fact| fact.id.is_empty());
    let mut line = format!("{{\"id\":{}", serde_json::Value::from(ticket));
    match creation.and_then(|creation| creation.body.strip_prefix('{')?.strip_suffix('}')) {
        Some(body) => {
            line.push(',');
            line.push_str(body);
        }
        None => {
            let first = facts.iter().map(|fact| fact.at).min().unwrap_or_default();
            line.push_str(&format!(",\"created_at\":\"{}\"", instant(first)));
        }
    }
    line.push_str(",\"events\":[");
    let mut is_first = true;
    for fact in facts.iter().filter(|fact| !fact.id.is_empty()) {
        if !is_first {
            line.push(',');
        }
        is_first = false;
        line.push_str(&format!(
            "{{\"id\":{},\"recorded_at\":\"{}\",",
            serde_json::Value::from(&*fact.id),
            instant(fact.recorded_at)
        ));
        line.push_str(fact.body.strip_prefix('{').unwrap_or(&fact.body));
    }
    line.push_str("]}\n");
    line
}

/// An instant as it is written; the ends of the range stand for what lies outside.
pub(crate) fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).unwrap_or(if ms < 0 { Instant::MIN } else { Instant::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_they_were_written() {
        let text = br#"{"id":"T","created_at":"2026-11-20T09:00:00Z","fields":{"n":1e400,"n2":12345678901234567890123},
            "events":[{"at":"2026-11-20T10:00:00Z","status":"a\u0041"},{"id":"e","at":"2026-11-20T10:00:00Z","note":{}}]}"#;
        let line = Line::read(text, None, 0).unwrap();
        assert_eq!(line.facts.len(), 3);
        let back = ticket_line(&line.ticket, &line.facts);
        assert_eq!(
            back,
            "{\"id\":\"T\",\"created_at\":\"2026-11-20T09:00:00Z\",\"fields\":{\"n\":1e400,\"n2\":12345678901234567890123},\"events\":[{\"id\":\"sha256:PLACE\",\"recorded_at\":\"1970-01-01T00:00:00Z\",\"at\":\"2026-11-20T10:00:00Z\",\"status\":\"a\\u0041\"},{\"id\":\"e\",\"recorded_at\":\"1970-01-01T00:00:00Z\",\"at\":\"2026-11-20T10:00:00Z\",\"note\":{}}]}\n"
                .replace("sha256:PLACE", &line.facts[1].id)
        );
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_its_place() {
        let refused = |text: &str| {
            let problem = Line::read(text.as_bytes(), None, 0).unwrap_err();
            format!("{} {}", problem.code, problem.place)
        };
        for (text, expected) in [
            ("nonsense", "SLA-H0703 "),
            ("[]", "SLA-H0703 "),
            ("{}", "SLA-H0704 "),
            (r#"{"id":7}"#, "SLA-H0704 /id"),
            (r#"{"id":"a\u0000b"}"#, "SLA-H0704 /id"),
            (r#"{"id":"a"}"#, "SLA-H0705 /created_at"),
            (r#"{"id":"a","created_at":"yesterday"}"#, "SLA-E0101 /created_at"),
            (r#"{"id":"a","created_at":"2026-11-20T09:00:00Z","events":[7]}"#, "SLA-H0703 /events/0"),
            (r#"{"ticket":"a","status":"Open"}"#, "SLA-H0705 /at"),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
    }
}
