//! Conditions that may ask what happened, beside what the fields are: `{ event: reply, by: requester }`.

use crate::document::{At, Document, KeyReader, Node, Problems, expected};
use crate::error::Code;
use crate::ticket::{Author, Reply};

use super::condition::{Condition, ConditionDocument, Fields, PriorityOrder};

/// A condition of a clock: states of fields, and perhaps an event. With an event it holds only within the
/// update that the event is part of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventCondition {
    event: Option<EventTest>,
    pub(crate) state: ConditionDocument,
}

/// What must have happened.
#[derive(Debug, Clone, PartialEq)]
struct EventTest {
    /// `reply`, `status`, `pause`, `resume`, `merge`, `note`, `created`, or a field that was set.
    event: String,
    by: Option<Author>,
    public: Option<bool>,
    channel: Option<String>,
}

/// Keys that ask about the event.
const EVENT_KEYS: [&str; 4] = ["event", "by", "public", "channel"];

impl Document for EventCondition {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected("a condition", node, at, problems);
        };
        if !entries.iter().any(|(key, _)| key == "event") {
            return ConditionDocument::decode(node, at, problems).map(|state| Self { event: None, state });
        }
        let (about_event, about_state): (Vec<_>, Vec<_>) =
            entries.iter().cloned().partition(|(key, _)| EVENT_KEYS.contains(&key.as_ref()));
        let state = ConditionDocument::decode(&Node::Map(about_state), at, problems);
        let about_event = Node::Map(about_event);
        let keys = KeyReader::new(&about_event, "a condition", at, problems)?;
        let event: Option<String> = keys.required("event", at, problems);
        let by = keys.required("by", at, problems);
        let public = keys.required("public", at, problems);
        let channel = keys.required("channel", at, problems);
        let test = EventTest { event: event?, by: by?, public: public?, channel: channel? };
        if test.event.is_empty() {
            problems.push(&At::Key(at, "event"), Code::Empty, "the event is empty");
        }
        let about_reply = test.by.is_some() || test.public.is_some() || test.channel.is_some();
        if about_reply && test.event != "reply" {
            let message = "`by`, `public` and `channel` can only be asked of the event `reply`";
            problems.push(&At::Key(at, "event"), Code::BadCondition, message);
        }
        Some(Self { event: Some(test), state: state? })
    }
}

impl EventCondition {
    /// Whether it asks for no event, or for one that `other` asks for as closely. `None` as `other` is creation.
    pub(crate) fn asks_no_more_than(&self, other: Option<&Self>) -> bool {
        let Some(own) = &self.event else { return true };
        let Some(other) = other else { return own.event == "created" };
        other.event.as_ref().is_some_and(|other| {
            own.event == other.event
                && (own.by.is_none() || own.by == other.by)
                && (own.public.is_none() || own.public == other.public)
                && (own.channel.is_none() || own.channel == other.channel)
        })
    }
}

/// What happened within one update.
#[derive(Debug, Default)]
pub(crate) struct Facts<'t> {
    pub(crate) created: bool,
    pub(crate) replies: Vec<&'t Reply>,
    /// Kinds of the other events and the names of the fields that were set, sorted.
    pub(crate) names: Vec<&'t str>,
}

/// A compiled condition of a clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Watch {
    event: Option<EventTest>,
    state: Condition,
}

impl Watch {
    /// Compiles a condition of a clock.
    pub(crate) fn compile(
        document: &EventCondition,
        order: &PriorityOrder,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let state = Condition::compile(&document.state, order, at, problems);
        Self { event: document.event.clone(), state }
    }

    /// A condition of states alone.
    pub(crate) fn of_state(state: Condition) -> Self {
        Self { event: None, state }
    }

    /// Whether it asks for an event, so that it holds within one update only.
    pub(crate) fn asks_for_event(&self) -> bool {
        self.event.is_some()
    }

    /// Whether it holds after an update.
    pub(crate) fn holds(&self, fields: &Fields, facts: &Facts<'_>) -> bool {
        self.event.as_ref().is_none_or(|event| event.happened(facts)) && self.state.holds(fields)
    }
}

impl EventTest {
    fn happened(&self, facts: &Facts<'_>) -> bool {
        match self.event.as_str() {
            "created" => facts.created,
            "reply" => facts.replies.iter().any(|reply| self.fits(reply)),
            name => facts.names.binary_search(&name).is_ok(),
        }
    }

    fn fits(&self, reply: &Reply) -> bool {
        self.by.is_none_or(|by| by == reply.by)
            && self.public.is_none_or(|public| public == reply.public)
            && self.channel.as_ref().is_none_or(|channel| reply.channel.as_ref() == Some(channel))
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
