//! Fingerprints: SHA-256 over what an evaluation depends on, and its result.

use crate::interval::Gather as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::document::Node;
use crate::instant::Instant;
use crate::ticket::{Event, EventKind, Ticket};

/// Takes in values one after the other, each marked by its kind and length, so that no two lists of values
/// are taken in alike.
pub(crate) struct Digest(Sha256);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    fn mark(&mut self, kind: u8, length: usize) {
        self.0.update([kind]);
        self.0.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.mark(b't', text.len());
        self.0.update(text);
    }

    fn number(&mut self, number: &serde_json::Number) {
        match number.as_i64() {
            Some(whole) => self.whole(whole),
            None => {
                self.mark(b'f', 8);
                self.0.update(number.as_f64().unwrap_or_default().to_bits().to_be_bytes());
            }
        }
    }

    pub(crate) fn whole(&mut self, whole: i64) {
        self.mark(b'i', 8);
        self.0.update(whole.to_be_bytes());
    }

    pub(crate) fn instant(&mut self, at: Option<Instant>) {
        match at {
            Some(at) => self.whole(at.ms()),
            None => self.mark(b'n', 0),
        }
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.mark(b'n', 0),
        }
    }

    /// A document: the order of a map's keys, spaces and the way of writing numbers do not matter.
    pub(crate) fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Null => self.mark(b'n', 0),
            Node::Bool(value) => self.mark(b'b', usize::from(*value)),
            Node::Number(number) => self.number(number),
            Node::Text(text) => self.text(text),
            Node::List(items) => {
                self.mark(b'l', items.len());
                items.iter().for_each(|item| self.node(item));
            }
            Node::Map(entries) => {
                self.mark(b'm', entries.len());
                for place in in_order(entries.iter().map(|(key, _)| key.as_ref())) {
                    let Some((key, node)) = entries.get(place) else { continue };
                    self.text(key);
                    self.node(node);
                }
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.mark(b'n', 0),
            Value::Bool(value) => self.mark(b'b', usize::from(*value)),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.mark(b'l', items.len());
                items.iter().for_each(|item| self.value(item));
            }
            // Its keys are in order.
            Value::Object(entries) => {
                self.mark(b'm', entries.len());
                for (key, value) in entries {
                    self.text(key);
                    self.value(value);
                }
            }
        }
    }

    fn fields(&mut self, fields: &[(String, Value)]) {
        self.mark(b'm', fields.len());
        for place in in_order(fields.iter().map(|(name, _)| name.as_str())) {
            let Some((name, value)) = fields.get(place) else { continue };
            self.text(name);
            self.value(value);
        }
    }

    /// A ticket, in whatever way it was given.
    pub(crate) fn ticket(&mut self, ticket: &Ticket) {
        self.text(&ticket.id);
        for at in [Some(ticket.created_at), ticket.reported_at, ticket.detected_at, ticket.occurred_at] {
            self.instant(at);
        }
        self.fields(&ticket.fields);
        self.mark(b'l', ticket.events.len());
        ticket.events.iter().for_each(|event| self.event(event));
    }

    fn event(&mut self, event: &Event) {
        self.instant(Some(event.at));
        self.optional(event.id.as_deref());
        self.instant(event.recorded_at);
        match &event.kind {
            EventKind::Status(status) => {
                self.text("status");
                self.text(status);
            }
            EventKind::Reply(reply) => {
                self.text("reply");
                self.text(reply.by.as_str());
                self.mark(b'b', usize::from(reply.public));
                self.optional(reply.channel.as_deref());
            }
            EventKind::Fields(fields) => {
                self.text("field");
                self.fields(fields);
            }
            EventKind::Pause(pause) => {
                self.text("pause");
                self.optional(pause.party.as_deref());
                self.optional(pause.reason.as_deref());
            }
            EventKind::Resume(resume) => {
                self.text("resume");
                self.optional(resume.party.as_deref());
            }
            EventKind::Exclude(exclude) => {
                self.text("exclude");
                self.instant(Some(exclude.from));
                self.instant(Some(exclude.to));
                self.optional(exclude.reason.as_deref());
                self.optional(exclude.party.as_deref());
                self.mark(b'l', exclude.clocks.len());
                exclude.clocks.iter().for_each(|clock| self.text(clock));
            }
            EventKind::Extend(extend) => {
                self.text("extend");
                self.text(&extend.clock);
                self.whole(extend.by.ms());
                self.optional(extend.reason.as_deref());
            }
            EventKind::Excuse(excuse) => {
                self.text("excuse");
                self.text(&excuse.clock);
                self.whole(excuse.cycle.map_or(-1, i64::from));
                self.optional(excuse.reason.as_deref());
            }
            EventKind::Merge(merge) => {
                self.text("merge");
                self.text(&merge.into);
            }
            EventKind::Note => self.text("note"),
            EventKind::Unknown(kind) => {
                self.text("unknown");
                self.text(kind);
            }
        }
    }

    /// `sha256:` and 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let mut text = String::from("sha256:");
        for byte in self.0.finalize() {
            for half in [byte >> 4, byte & 15] {
                text.extend(DIGITS.get(usize::from(half)));
            }
        }
        text
    }
}

/// The positions of keys in their alphabetical order.
fn in_order<'k>(keys: impl Iterator<Item = &'k str>) -> Vec<usize> {
    let mut keys: Vec<(&str, usize)> = keys.zip(0..).gather();
    crate::interval::sort(&mut keys);
    keys.into_iter().map(|(_, place)| place).gather()
}
