//! The agreement as it is written.

use crate::calendar::{CalendarDocument, Date};
use crate::document::{At, Document, KeyReader, Named, Node, Problems, expected, record, unknown, words};
use crate::duration::Duration;
use crate::error::Code;
use crate::near::nearest;
use crate::policy::ConditionDocument;

record! {
    /// A whole service level agreement: who promises what to whom, when time counts, what is measured.
    pub struct AgreementDocument as "an agreement" later [
        "intake", "policy_sets", "versions", "versions_apply", "like", "escalations", "availability", "combined",
        "credits", "claims", "fees", "coverage", "reports",
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
        /// Business calendars by name; `always` (24x7) and `never` are built in.
        calendars: Named<CalendarDocument> = Named::default(),
        /// What the ticketing system's statuses mean to a clock; one that is not listed counts as open.
        statuses: Named<Meaning> = Named::default(),
        /// The order of priorities.
        priorities: Option<Priorities>,
        /// Policies, read from the top; the first whose condition holds is in force.
        policies: Vec<PolicyDocument>,
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
    /// Priorities of tickets.
    pub struct Priorities as "a map with the order of priorities" later ["matrix"] {
        /// The priorities, most urgent first.
        order: Vec<String>,
    }
}

record! {
    /// What is promised for the tickets that a condition picks.
    pub struct PolicyDocument as "a policy" later ["like"] {
        /// Identity within the agreement.
        id: String,
        /// What people call it.
        title: Option<String>,
        /// Which tickets; `{}` is all of them.
        when: ConditionDocument = ConditionDocument::default(),
        /// Its clocks, by metric: `first_response`, `resolution`.
        clocks: Named<ClockDocument>,
    }
}

record! {
    /// One promise: so much counted time, on that calendar.
    pub struct ClockDocument as "a clock" later [
        "due", "alerts", "overrides", "metric", "start", "stop", "pause", "reset", "cancel", "unanswered",
        "pause_moves_due",
    ] {
        /// The target: how much counted time may pass.
        within: Duration,
        /// Name of the calendar on which time counts.
        calendar: String,
        /// What a reopening does to a clock that resolving had stopped.
        on_reopen: OnReopen = OnReopen::Continue,
        /// What happens when this policy takes over a running clock.
        on_change: OnChange = OnChange::Carry,
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
    pub enum OnChange as "a way to change" later ["retroactive"] {
        /// What was counted stays counted; the new target and calendar hold from here on.
        Carry = "carry",
        /// A new cycle starts.
        Restart = "restart",
        /// As `carry`; and from then on this policy holds to the end.
        Freeze = "freeze",
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
