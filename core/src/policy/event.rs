//! Conditions that may ask what happened, beside what the fields are: `{ event: reply, by: requester }`.

use crate::interval::Gather as _;
use std::borrow::Cow;

use crate::document::{At, Document, KeyReader, Node, Problems};
use crate::error::Code;
use crate::ticket::{Author, Reply};

use super::condition::{Condition, ConditionDocument, PriorityOrder};

/// A condition of a clock: states of fields, and perhaps events. One that asks for an event holds only within
/// the update that the event is part of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventCondition(pub(crate) ConditionDocument);

impl Document for EventCondition {
    fn blank() -> Self {
        Self::default()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        ConditionDocument::decode(node, at, problems).map(Self)
    }
}

impl EventCondition {
    pub(crate) fn compile(&self, order: &PriorityOrder, at: &At<'_>, problems: &mut Problems) -> Condition {
        Condition::with(&self.0, order, true, at, problems)
    }
}

/// What must have happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventTest {
    /// `reply`, `status`, `pause`, `resume`, `merge`, `note`, `created`, or a field that was set.
    pub(crate) event: String,
    by: Option<Author>,
    public: Option<bool>,
    channel: Option<String>,
}

/// Keys of a condition that ask about an event.
pub(super) const EVENT_KEYS: [&str; 4] = ["event", "by", "public", "channel"];

impl EventTest {
    /// That the ticket was created.
    pub(crate) fn created() -> Self {
        Self { event: "created".to_owned(), by: None, public: None, channel: None }
    }

    /// Whether every event that fits `other` fits this one too.
    pub(crate) fn asks_no_more_than(&self, other: &Self) -> bool {
        self.event == other.event
            && (self.by.is_none() || self.by == other.by)
            && (self.public.is_none() || self.public == other.public)
            && (self.channel.is_none() || self.channel == other.channel)
    }

    pub(super) fn decode(
        entries: &[(Cow<'_, str>, Node<'_>)],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let about_event = entries.iter().filter(|(key, _)| EVENT_KEYS.contains(&key.as_ref()));
        let about_event = Node::Map(about_event.cloned().gather());
        let keys = KeyReader::new(&about_event, "a condition", at, problems)?;
        let event: Option<String> = keys.required("event", at, problems);
        let by = keys.required("by", at, problems);
        let public = keys.required("public", at, problems);
        let channel = keys.required("channel", at, problems);
        let test = Self { event: event?, by: by?, public: public?, channel: channel? };
        let here = At::Key(at, "event");
        if test.event.is_empty() {
            problems.push(&here, Code::Empty, "the event is empty");
        }
        let about_reply = test.by.is_some() || test.public.is_some() || test.channel.is_some();
        if about_reply && test.event != "reply" {
            let message = "`by`, `public` and `channel` can only be asked of the event `reply`";
            problems.push(&here, Code::BadCondition, message);
        }
        Some(test)
    }

    pub(super) fn happened(&self, facts: &Facts<'_>) -> bool {
        match self.event.as_str() {
            "created" => facts.created,
            "reply" => facts.replies.iter().any(|reply| self.fits(reply)),
            name => facts.names.contains(&name),
        }
    }

    fn fits(&self, reply: &Reply) -> bool {
        self.by.is_none_or(|by| by == reply.by)
            && self.public.is_none_or(|public| public == reply.public)
            && self.channel.as_ref().is_none_or(|channel| reply.channel.as_ref() == Some(channel))
    }
}

/// What happened within one update.
#[derive(Debug, Default)]
pub(crate) struct Facts<'t> {
    pub(crate) created: bool,
    pub(crate) replies: Vec<&'t Reply>,
    /// Kinds of the other events and the names of the fields that were set.
    pub(crate) names: Vec<&'t str>,
}

impl Facts<'_> {
    /// Forgets what happened, and keeps the room for what will.
    pub(crate) fn clear(&mut self) {
        self.created = false;
        self.replies.clear();
        self.names.clear();
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for EventCondition {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        use crate::document::shape::Shape;
        let doc = "A condition on fields that may also ask for an event of the same update: `event` is `reply` \
                   (with `by`, `public`, `channel`), `status`, `pause`, `resume`, `merge`, `note`, `created`, \
                   or a field that was set.";
        types.alias("EventCondition", doc, |_| Shape::Map(Box::new(Shape::Any)))
    }
}
