//! The agreement as it is written.

use crate::calendar::{CalendarDocument, Date};
use crate::document::{At, Document, KeyReader, Named, Node, Problems, expected, record, unknown, words};
use crate::error::Code;
use crate::instant::Instant;
use crate::near::nearest;
use crate::policy::ConditionDocument;

use super::clock::ClockDocument;
use super::escalation::EscalationDocument;
use super::like::Like;
use super::versions::{VersionList, VersionsApply};

record! {
    /// A whole service level agreement: who promises what to whom, when time counts, what is measured.
    pub struct AgreementDocument as "an agreement" later [
        "availability", "combined", "credits", "claims", "fees", "coverage", "reports",
    ] {
        /// Version of this format: `"1"`.
        slaclock: FormatVersion,
        /// Identity of the agreement.
        id: String,
        /// What people call it.
        title: Option<String>,
        /// Who promises.
        provider: Option<String>,
        /// To whom.
        customer: Option<String>,
        /// IANA name of the zone of calendars that name none.
        time_zone: Option<String>,
        /// ISO 4217 code of its amounts.
        currency: Option<String>,
        /// When it is in force and when to look at it again.
        valid: Option<Validity>,
        /// When this version was written down; evaluations as of an earlier `known_at` leave it out.
        recorded_at: Option<Instant>,
        /// Business calendars by name; `always` (24x7) and `never` are built in.
        calendars: Named<CalendarDocument> = Named::default(),
        /// What the ticketing system's statuses mean to a clock; one that is not listed counts as open.
        statuses: Named<Meaning> = Named::default(),
        /// When a call counts as logged, and from when clocks that start with it count.
        intake: Option<Intake>,
        /// The order of priorities, and how they follow from impact and urgency.
        priorities: Option<Priorities>,
        /// Whose ways clocks have in keys that they leave out.
        like: Option<Like>,
        /// Policies, read from the top; the first whose condition holds is in force.
        policies: Option<Vec<PolicyDocument>>,
        /// Lists of policies instead of one: in each list the first match holds, and all lists apply.
        policy_sets: Option<Named<Vec<PolicyDocument>>>,
        /// Who is told, and when, as a clock runs.
        escalations: Vec<EscalationDocument> = Vec::new(),
        /// The agreement as it changed: each version takes what it does not say from the keys beside this one.
        versions: Option<VersionList>,
        /// Which version judges a ticket.
        versions_apply: VersionsApply = VersionsApply::Instant,
    }
}

record! {
    /// Dates of an agreement.
    pub struct Validity as "a map of dates" {
        /// First day in force.
        from: Option<Date>,
        /// Last day in force.
        until: Option<Date>,
        /// When it should be reviewed.
        review_by: Option<Date>,
    }
}

record! {
    /// When a call counts as logged.
    pub struct Intake as "a map of what a call needs" {
        /// Channels by which calls must come; any when the list is empty.
        channels: Vec<String> = Vec::new(),
        /// Fields that must be set.
        required: Vec<String> = Vec::new(),
        /// From when clocks that start with the ticket count.
        clock_start: ClockStart = ClockStart::Logged,
    }
}

words! {
    /// From when clocks that start with the ticket count.
    pub enum ClockStart as "a start of clocks" {
        /// From the instant at which an agreed channel was used and the required fields were set.
        Logged = "logged",
        /// From `reported_at` of the ticket.
        Reported = "reported",
        /// From `detected_at` of the ticket.
        Detected = "detected",
        /// From `occurred_at` of the ticket.
        Occurred = "occurred",
    }
}

record! {
    /// Priorities of tickets.
    pub struct Priorities as "a map with the order of priorities" {
        /// The priorities, most urgent first.
        order: Vec<String> = Vec::new(),
        /// The priority of a ticket that has none, from its fields `impact` and `urgency`.
        matrix: Option<PriorityMatrix>,
    }
}

record! {
    /// Priorities by impact and urgency.
    pub struct PriorityMatrix as "a map from impact to urgency to priority" {
        /// For each value of the field `impact`, a map from values of `urgency` to priorities.
        impact: Named<Named<String>>,
    }
}

record! {
    /// What is promised for the tickets that a condition picks.
    pub struct PolicyDocument as "a policy" {
        /// Identity within the agreement.
        id: String,
        /// What people call it.
        title: Option<String>,
        /// Which tickets; `{}` is all of them.
        when: ConditionDocument = ConditionDocument::default(),
        /// Its clocks by name: a metric such as `resolution`, or a name of your own with the key `metric`.
        clocks: Named<ClockDocument>,
    }
}

/// What a status means to a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Work goes on.
    Open,
    /// Work waits for somebody.
    Pause {
        /// For whom: `customer`, `vendor` and so on.
        party: String,
    },
    /// The matter is solved.
    Resolved,
    /// The matter is done with.
    Closed,
}

impl Meaning {
    /// Whether the ticket is resolved or closed.
    pub(crate) fn is_resolved(&self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }
}

impl Document for Meaning {
    fn blank() -> Self {
        Self::Open
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        const WORDS: &[&str] = &["open", "resolved", "closed"];
        match node {
            Node::Text(text) => match text.as_ref() {
                "open" => Some(Self::Open),
                "resolved" => Some(Self::Resolved),
                "closed" => Some(Self::Closed),
                other => {
                    let near = nearest(other, WORDS.iter().copied());
                    let allowed = ["open", "resolved", "closed", "{ pause: customer }"];
                    unknown(Code::UnknownWord, "meaning of a status", other, &near, &allowed, at, problems);
                    None
                }
            },
            Node::Map(_) => {
                let keys = KeyReader::new(node, "a pause", at, problems)?;
                keys.finish(&["pause"], &[], at, problems);
                keys.required("pause", at, problems).map(|party| Self::Pause { party })
            }
            _ => expected("`open`, `resolved`, `closed` or `{ pause: customer }`", node, at, problems),
        }
    }
}

/// The version of the format: the text `1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatVersion;

impl Document for FormatVersion {
    fn blank() -> Self {
        Self
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(text) if text == "1" => Some(Self),
            Node::Text(text) => {
                let message =
                    format!("the document is in version `{text}` of the format; this engine reads `1`");
                problems.push_mend(at, Code::UnknownVersion, message, "use a newer engine");
                None
            }
            _ => expected("the text \"1\"", node, at, problems),
        }
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{FormatVersion, Meaning};
    use crate::document::shape::{Key, Shape, Shaped, Types};

    impl Shaped for FormatVersion {
        fn shape(_: &mut Types) -> Shape {
            Shape::Literal("1")
        }
    }

    impl Shaped for Meaning {
        fn shape(types: &mut Types) -> Shape {
            types.alias("StatusMeaning", "What a status means to a clock; a pause names whom the ticket waits for.", |types| {
                let doc = "Whom the ticket waits for: `customer`, `vendor`, `third_party`, `scheduled` or another party.";
                let pause = Key::of::<String>(types, "pause", &[doc], false);
                let words = ["open", "resolved", "closed"].map(Shape::Literal);
                Shape::OneOf(words.into_iter().chain([Shape::Keys(vec![pause])]).collect())
            })
        }
    }
}
