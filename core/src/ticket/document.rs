//! Tickets as they are written.

use crate::interval::Gather as _;
use serde_json::Value;

use crate::document::{At, Document, Form, KeyReader, Named, Node, Problems, Reading, Slot, listed, unknown};
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::name::check_length;
use crate::near::nearest;

use super::{Event, EventKind};

/// Most events of one ticket.
pub const MAX_EVENTS: usize = 1_000_000;

/// A ticket: its facts, in any order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Identity in the ticketing system.
    pub id: String,
    /// When it was created.
    pub created_at: Instant,
    /// When the matter was reported, if not at creation.
    pub reported_at: Option<Instant>,
    /// When monitoring saw it.
    pub detected_at: Option<Instant>,
    /// When it began.
    pub occurred_at: Option<Instant>,
    /// Fields as of creation.
    pub fields: Vec<(String, Value)>,
    /// What happened afterwards, in any order; events of one instant keep theirs.
    pub events: Vec<Event>,
}

impl Ticket {
    /// Reads a ticket, as JSON text.
    ///
    /// ```
    /// use slaclock_core::Ticket;
    /// let ticket = Ticket::from_json(r#"{
    ///     "id": "T-1", "created_at": "2026-11-20T16:55:00-05:00", "fields": { "priority": "P2" },
    ///     "events": [{ "at": "2026-11-20T17:10:00-05:00", "status": "Resolved" }]
    /// }"#).unwrap();
    /// assert_eq!(ticket.events.len(), 1);
    /// ```
    ///
    /// # Errors
    /// Every problem of the ticket, each with its JSON pointer.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        let node = Node::from_json(text.as_bytes()).map_err(|problem| vec![problem])?;
        Self::from_node(&node, Reading::default())
    }

    pub(crate) fn from_node(node: &Node<'_>, reading: Reading) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(reading);
        let ticket = Self::decode(node, &At::Root, &mut problems);
        problems.finish(ticket)
    }
}

impl Document for Ticket {
    fn blank() -> Self {
        Self {
            id: String::new(),
            created_at: Instant::MIN,
            reported_at: None,
            detected_at: None,
            occurred_at: None,
            fields: Vec::new(),
            events: Vec::new(),
        }
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        const FORM: Form = Form {
            what: "a ticket",
            keys: &["id", "created_at", "reported_at", "detected_at", "occurred_at", "fields", "events"],
            needed: 0b11,
            later: &[],
        };
        let mut fields = Named::default();
        let read = FORM.read(
            &mut [
                &mut self.id,
                &mut self.created_at,
                &mut self.reported_at,
                &mut self.detected_at,
                &mut self.occurred_at,
                &mut fields,
                &mut self.events,
            ],
            node,
            at,
            problems,
        );
        if matches!(node.get("id"), Some(Node::Text(id)) if id.is_empty()) {
            problems.push(&At::Key(at, "id"), Code::Empty, "the id is empty");
        }
        check_length(&self.id, &At::Key(at, "id"), problems);
        self.fields = fields.0;
        read
    }
}

/// A value of a field: any JSON.
impl Document for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn decode(node: &Node<'_>, _: &At<'_>, _: &mut Problems) -> Option<Self> {
        Some(node.to_value())
    }
}

/// Reads the value of a field from JSON text; `place` is its JSON pointer.
///
/// # Errors
/// [`Code::NotJson`] and [`Code::TooDeep`].
pub fn field_value(json: &str, place: &str) -> Result<Value, Problem> {
    Node::from_json(json.as_bytes()).map(|node| node.to_value()).map_err(|problem| problem.at(place))
}

/// Reads the fields of a ticket alone: a map, as JSON text.
///
/// # Errors
/// Every problem of the text, each with its JSON pointer.
pub(crate) fn fields_from_json(text: &str) -> Result<Vec<(String, Value)>, Vec<Problem>> {
    let node = Node::from_json(text.as_bytes()).map_err(|problem| vec![problem])?;
    let mut problems = Problems::new(Reading::default());
    let fields = Named::decode(&node, &At::Root, &mut problems);
    problems.finish(fields).map(|fields: Named<Value>| fields.0)
}

const KINDS: [&str; 10] =
    ["status", "reply", "field", "pause", "resume", "exclude", "extend", "excuse", "merge", "note"];

impl Document for Event {
    fn blank() -> Self {
        Self { at: Instant::MIN, id: None, recorded_at: None, kind: EventKind::Note }
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        let Some(keys) = KeyReader::new(node, "an event", at, problems) else {
            return false;
        };
        let mut complete = keys.fill("at", true, &mut self.at, at, problems);
        complete &= keys.fill("id", false, &mut self.id, at, problems);
        complete &= keys.fill("recorded_at", false, &mut self.recorded_at, at, problems);
        let entries = keys.entries();
        let rest = entries.iter().filter(|(key, _)| !matches!(key.as_ref(), "at" | "id" | "recorded_at"));
        let rest: Vec<_> = rest.gather();
        let kind = match rest.as_slice() {
            [] => {
                let mend = format!("add one of {}", listed(&KINDS));
                problems.push_mend(at, Code::EventKind, "the event does not say what happened", mend);
                false
            }
            [(key, node)] => {
                self.kind = EventKind::of_key(key);
                self.kind.read(node, &At::Key(at, key), problems)
            }
            several => {
                refuse_several(several.iter().map(|(key, _)| key.as_ref()), at, problems);
                false
            }
        };
        if kind && let Some((place, code, message)) = self.kind.fault() {
            problems.push_under(at, place, code, message);
        }
        complete && kind
    }
}

fn refuse_several<'k>(keys: impl Iterator<Item = &'k str> + Clone, at: &At<'_>, problems: &mut Problems) {
    let is_kind = |key: &&str| KINDS.contains(key);
    if keys.clone().filter(is_kind).count() == 1 {
        for key in keys.filter(|key| !is_kind(key)) {
            let known = ["at", "id", "recorded_at"];
            unknown(
                Code::UnknownKey,
                "key",
                key,
                &nearest(key, known.into_iter()),
                &known,
                &At::Key(at, key),
                problems,
            );
        }
    } else {
        let mend = "write one event for each thing that happened; events of one instant are one update";
        problems.push_mend(at, Code::EventKind, "the event says several things at once", mend);
    }
}

impl EventKind {
    /// The kind of this key, to be filled.
    fn of_key(key: &str) -> Self {
        match key {
            "status" => Self::Status(String::new()),
            "reply" => Self::Reply(Document::blank()),
            "field" => Self::Fields(Vec::new()),
            "pause" => Self::Pause(Document::blank()),
            "resume" => Self::Resume(Document::blank()),
            "note" => Self::Note,
            "exclude" => Self::Exclude(Document::blank()),
            "extend" => Self::Extend(Document::blank()),
            "excuse" => Self::Excuse(Document::blank()),
            "merge" => Self::Merge(Document::blank()),
            unknown => Self::Unknown(unknown.to_owned()),
        }
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        let slot: &mut dyn Slot = match self {
            Self::Status(status) => status,
            Self::Reply(reply) => reply,
            Self::Fields(fields) => {
                let mut named = Named::blank();
                let read = named.read(node, at, problems);
                *fields = named.0;
                return read;
            }
            Self::Pause(pause) => pause,
            Self::Resume(resume) => resume,
            Self::Exclude(exclude) => exclude,
            Self::Extend(extend) => extend,
            Self::Excuse(excuse) => excuse,
            Self::Merge(merge) => merge,
            Self::Note | Self::Unknown(_) => return true,
        };
        slot.fill(node, at, problems)
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use crate::document::shape::{Definition, InstantLike, Key, Shape, Shaped, Types};
    use crate::ticket::{Event, Exclude, Excuse, Extend, Merge, Pause, Reply, Resume, Ticket};

    type Fields = crate::document::Named<serde_json::Value>;

    impl Shaped for Ticket {
        fn shape(types: &mut Types) -> Shape {
            types.record("Ticket", &["A ticket: facts only, in any order."], |types| {
                vec![
                    Key::of::<String>(types, "id", &["Identity in the ticketing system."], false),
                    Key::of::<InstantLike>(types, "created_at", &["When it was created."], false),
                    Key::of::<Option<InstantLike>>(
                        types,
                        "reported_at",
                        &["When the matter was reported."],
                        false,
                    ),
                    Key::of::<Option<InstantLike>>(types, "detected_at", &["When monitoring saw it."], false),
                    Key::of::<Option<InstantLike>>(types, "occurred_at", &["When it began."], false),
                    Key::of::<Fields>(
                        types,
                        "fields",
                        &["Fields as of creation: `status`, `priority` and any other."],
                        true,
                    ),
                    Key::of::<Vec<Event>>(
                        types,
                        "events",
                        &["What happened afterwards, in any order."],
                        true,
                    ),
                ]
            })
        }
    }

    impl Shaped for Event {
        fn shape(types: &mut Types) -> Shape {
            let doc = "One thing that happened to a ticket: an instant and exactly one kind. A kind that the engine does \
                       not know is ignored with a notice.";
            types.alias("TicketEvent", doc, |types| {
                let excluded = Key::of::<Exclude>(types, "exclude", &["Time was found not to count."], false);
                types.take_instants_alike("Exclude");
                let kinds = vec![
                    Key::of::<String>(types, "status", &["The ticket took this status."], false),
                    Key::of::<Reply>(types, "reply", &["A message."], false),
                    Key::of::<Fields>(
                        types,
                        "field",
                        &["Fields took these values; `null` unsets one."],
                        false,
                    ),
                    Key::of::<Pause>(types, "pause", &["A manual pause began."], false),
                    Key::of::<Resume>(types, "resume", &["Manual pauses ended."], false),
                    excluded,
                    Key::of::<Extend>(types, "extend", &["A clock was given more time."], false),
                    Key::of::<Excuse>(types, "excuse", &["A cycle was excused."], false),
                    Key::of::<Merge>(types, "merge", &["The ticket was merged into another."], false),
                    Key::of::<serde_json::Value>(types, "note", &["A remark that changes nothing."], false),
                ];
                let common = vec![
                    Key::of::<InstantLike>(
                        types,
                        "at",
                        &["When it happened; not before the ticket was created."],
                        false,
                    ),
                    Key::of::<Option<String>>(types, "id", &["Identity in the ticketing system."], false),
                    Key::of::<Option<InstantLike>>(
                        types,
                        "recorded_at",
                        &["When it became known, if later."],
                        false,
                    ),
                ];
                Shape::OneOf(
                    kinds
                        .into_iter()
                        .map(|kind| Shape::Keys([common.clone(), vec![kind]].concat()))
                        .collect(),
                )
            })
        }
    }

    impl Definition {
        /// The keys, if this is a record.
        #[must_use]
        pub fn keys(&self) -> Option<&[Key]> {
            match self {
                Self::Record(keys) => Some(keys),
                Self::Words(_) | Self::Alias(_) => None,
            }
        }
    }
}
