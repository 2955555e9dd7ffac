//! One promise as it is written: a clock with its target, calendar, conditions and alerts.

use crate::calendar::TimeOfDay;
use crate::clock::Metric;
use crate::document::{At, Document, KeyReader, Named, Node, Problems, expected, record, unknown, words};
use crate::duration::Duration;
use crate::error::Code;
use crate::near::nearest;
use crate::policy::{EventCondition, OverrideCondition};

use super::escalation::Threshold;

record! {
    /// One promise: a target, and the calendar on which time counts.
    pub struct ClockDocument as "a clock" {
        /// What it measures, where its name is not a metric.
        metric: Option<Metric>,
        /// The target: how much counted time may pass, or that and a limit in real time.
        within: Option<Within>,
        /// The target: by when. Exactly one of `within` and `due` is there.
        due: Option<DueDocument>,
        /// The calendar on which time counts: a name, or a choice by a field.
        calendar: CalendarChoice,
        /// When it starts; for `custom` alone, which starts with the ticket without it.
        start: Option<EventCondition>,
        /// When it stops; for `custom`, and for `plan`, which needs it.
        stop: Option<EventCondition>,
        /// A condition that pauses it, beside the ticket's pauses.
        pause: Option<EventCondition>,
        /// Which pauses of the ticket pause it; without it as `like` has it, else as the metric has it.
        pauses: Option<PausedFor>,
        /// A condition that stops it and starts it anew.
        reset: Option<EventCondition>,
        /// A condition that ends it without a verdict.
        cancel: Option<EventCondition>,
        /// What resolving does to it while it waits for something else.
        unanswered: Unanswered = Unanswered::Judge,
        /// What a reopening does to a clock that resolving had stopped; without it as `like` has it, else `continue`.
        on_reopen: Option<OnReopen>,
        /// What happens when this policy takes over a running clock; without it as `like` has it, else `carry`.
        on_change: Option<OnChange>,
        /// Whether pauses move a due instant that a field gives.
        pause_moves_due: bool = false,
        /// When to warn: `80%`, `30m before`, `due`, `breach`, `1h after`.
        alerts: Vec<Threshold> = Vec::new(),
        /// Other targets or calendars under conditions; the first that holds replaces the keys that it names.
        overrides: Vec<OverrideDocument> = Vec::new(),
    }
}

record! {
    /// Another target or calendar under a condition.
    pub struct OverrideDocument as "an override" {
        /// When it holds: a condition, which may ask on which day of the week the clock `started_on`.
        when: OverrideCondition,
        /// Another target.
        within: Option<Within>,
        /// Another target.
        due: Option<DueDocument>,
        /// Another calendar.
        calendar: Option<CalendarChoice>,
        /// Why, for explanations.
        because: Option<String>,
    }
}

/// A target in counted time, perhaps with a limit in real time beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// Counted time.
    pub counted: Duration,
    /// Real time less pauses and exclusions; whichever comes first governs.
    pub wall: Option<Duration>,
}

impl Document for Within {
    fn blank() -> Self {
        Self { counted: Duration::ZERO, wall: None }
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        if !matches!(node, Node::Map(_)) {
            return Duration::decode(node, at, problems).map(|counted| Self { counted, wall: None });
        }
        let keys = KeyReader::new(node, "a target", at, problems)?;
        keys.finish(&["counted", "wall"], &[], at, problems);
        let counted = keys.required("counted", at, problems);
        let wall = keys.required("wall", at, problems);
        Some(Self { counted: counted?, wall: Some(wall?) })
    }
}

record! {
    /// A target by date: so many business days, or what a field says.
    pub struct DueDocument as "a due date" {
        /// So many open dates after the date of the start, from 1 to 3660.
        business_days: Option<BusinessDays>,
        /// Time of that date; its last closing when absent.
        at: Option<TimeOfDay>,
        /// The field that holds the due date or instant.
        field: Option<String>,
    }
}

/// A number of business days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessDays(u32);

impl BusinessDays {
    const MOST: i64 = 3660;

    /// How many.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0
    }
}

impl Document for BusinessDays {
    fn blank() -> Self {
        Self(1)
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let days = node.as_i64().filter(|days| (1..=Self::MOST).contains(days));
        match days.and_then(|days| u32::try_from(days).ok()) {
            Some(days) => Some(Self(days)),
            None => expected("a whole number of days from 1 to 3660", node, at, problems),
        }
    }
}

/// The calendar of a clock: one, or one for each value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarChoice {
    /// The calendar of this name.
    Named(String),
    /// A calendar by the value of a field.
    ByField {
        /// The field.
        by: String,
        /// Calendars by its values.
        map: Vec<(String, String)>,
        /// The calendar of all other values.
        otherwise: String,
    },
}

impl Document for CalendarChoice {
    fn blank() -> Self {
        Self::Named(String::new())
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(name) => Some(Self::Named(name.clone().into_owned())),
            Node::Map(_) => {
                let keys = KeyReader::new(node, "a choice of calendars", at, problems)?;
                keys.finish(&["by", "map", "else"], &[], at, problems);
                let by = keys.required("by", at, problems);
                let map: Option<Named<String>> = keys.required("map", at, problems);
                let otherwise = keys.required("else", at, problems);
                Some(Self::ByField { by: by?, map: map?.0, otherwise: otherwise? })
            }
            _ => expected("the name of a calendar, or `{ by, map, else }`", node, at, problems),
        }
    }
}

/// Which pauses of a ticket pause a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PausedFor {
    /// Every pause.
    All,
    /// No pause.
    None,
    /// Those that wait for one of these parties.
    Parties(Vec<String>),
}

impl PausedFor {
    /// Whether a pause for this party pauses the clock.
    pub(crate) fn holds(&self, party: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Parties(parties) => party.is_some_and(|party| parties.iter().any(|known| known == party)),
        }
    }
}

impl Document for PausedFor {
    fn blank() -> Self {
        Self::All
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(text) if text == "all" => Some(Self::All),
            Node::Text(text) if text == "none" => Some(Self::None),
            Node::Text(text) => {
                let words = ["all", "none"];
                let near = nearest(text, words.into_iter());
                unknown(Code::UnknownWord, "choice of pauses", text, &near, &words, at, problems);
                None
            }
            Node::List(_) => Vec::decode(node, at, problems).map(Self::Parties),
            _ => expected("`all`, `none` or a list of parties", node, at, problems),
        }
    }
}

words! {
    /// What resolving a ticket does to a clock that waits for something else.
    pub enum Unanswered as "a verdict" {
        /// It is judged there.
        Judge = "judge",
        /// It is cancelled, unless it was breached.
        Cancel = "cancel",
    }
}

words! {
    /// What a reopening does to a clock that resolving had stopped.
    pub enum OnReopen as "a way to reopen" {
        /// The same cycle goes on from what it had; the time between is not counted.
        Continue = "continue",
        /// A new cycle starts; the old one keeps its verdict.
        Restart = "restart",
        /// The clock stays stopped, whatever follows.
        Ignore = "ignore",
    }
}

words! {
    /// What happens when a policy takes over a running clock.
    pub enum OnChange as "a way to change" {
        /// What was counted stays counted; the new target and calendar hold from here on.
        Carry = "carry",
        /// A new cycle starts.
        Restart = "restart",
        /// As if this policy had held from the start; finished cycles are judged again.
        Retroactive = "retroactive",
        /// As `carry`; and from then on this policy holds to the end.
        Freeze = "freeze",
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{BusinessDays, CalendarChoice, Duration, Named, PausedFor, Within};
    use crate::document::shape::{Key, Shape, Shaped, Types};

    impl Shaped for Within {
        fn shape(types: &mut Types) -> Shape {
            let doc = "A target in counted time, or `{ counted, wall }`: whichever comes first.";
            types.alias("Within", doc, |types| {
                let counted = Key::of::<Duration>(types, "counted", &["Counted time."], false);
                let wall =
                    Key::of::<Duration>(types, "wall", &["Real time less pauses and exclusions."], false);
                Shape::OneOf(vec![Duration::shape(types), Shape::Keys(vec![counted, wall])])
            })
        }
    }

    impl Shaped for BusinessDays {
        fn shape(_: &mut Types) -> Shape {
            Shape::Integer
        }
    }

    impl Shaped for CalendarChoice {
        fn shape(types: &mut Types) -> Shape {
            let doc = "The name of a calendar, or a choice by the value of a field.";
            types.alias("CalendarChoice", doc, |types| {
                let by = Key::of::<String>(types, "by", &["The field."], false);
                let map = Key::of::<Named<String>>(types, "map", &["Calendars by its values."], false);
                let otherwise =
                    Key::of::<String>(types, "else", &["The calendar of all other values."], false);
                Shape::OneOf(vec![String::shape(types), Shape::Keys(vec![by, map, otherwise])])
            })
        }
    }

    impl Shaped for PausedFor {
        fn shape(types: &mut Types) -> Shape {
            let doc = "Which pauses of a ticket pause the clock: `all`, `none`, or those for these parties.";
            types.alias("PausedFor", doc, |types| {
                Shape::OneOf(vec![Shape::Literal("all"), Shape::Literal("none"), Vec::<String>::shape(types)])
            })
        }
    }
}
