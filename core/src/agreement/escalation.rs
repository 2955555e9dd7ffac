//! When people are told: thresholds of clocks, and the steps of escalations.

use crate::document::{At, Document, Node, Problems, expected, record, shortened};
use crate::duration::Duration;
use crate::error::Code;
use crate::policy::ConditionDocument;

record! {
    /// Who is told, and when, as a clock runs.
    pub struct EscalationDocument as "an escalation" {
        /// Name of the clock.
        clock: String,
        /// For which tickets; `{}` is all of them.
        when: ConditionDocument = ConditionDocument::default(),
        /// What happens, step by step.
        steps: Vec<StepDocument>,
        /// A calendar: notices that fall outside its hours are delivered at its next opening.
        hold_until_open: Option<String>,
    }
}

record! {
    /// One step of an escalation.
    pub struct StepDocument as "a step" {
        /// When: `80%`, `30m before`, `due`, `breach`, `1h after`.
        at: Threshold,
        /// Whom to tell.
        notify: String,
    }
}

/// A point in the life of a clock, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// As it stands in the document; part of the identity of alerts.
    pub text: String,
    /// What it means.
    pub point: Point,
}

/// A point in the life of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// So much of the target is used, in per cent.
    Percent(i64),
    /// So much counted time before it is due.
    Before(Duration),
    /// It is due.
    Due,
    /// It is breached: the first instant at which it is overdue.
    Breach,
    /// So much counted time after it was due.
    After(Duration),
}

impl Point {
    /// Highest percentage.
    const MOST: i64 = 10_000;

    fn parse(text: &str) -> Option<Self> {
        if let Some(percent) = text.strip_suffix('%') {
            let plain = percent.bytes().all(|byte| byte.is_ascii_digit()) && !percent.starts_with('0');
            let percent = percent.parse().ok().filter(|percent| plain && (1..=Self::MOST).contains(percent));
            return percent.map(Self::Percent);
        }
        match text {
            "due" => return Some(Self::Due),
            "breach" => return Some(Self::Breach),
            _ => {}
        }
        let (duration, side) = text.split_once(' ')?;
        let duration = Duration::parse(duration).ok().filter(|duration| *duration > Duration::ZERO)?;
        match side {
            "before" => Some(Self::Before(duration)),
            "after" => Some(Self::After(duration)),
            _ => None,
        }
    }

    /// How much of a target is used when it comes; what comes before the start is less than nothing.
    pub(crate) fn mark(self, target: i64) -> i64 {
        match self {
            Self::Percent(percent) => {
                let product = target.saturating_mul(percent);
                product.div_euclid(100).saturating_add(i64::from(product.rem_euclid(100) != 0))
            }
            Self::Before(before) => target.saturating_sub(before.ms()),
            Self::After(after) => target.saturating_add(after.ms()),
            Self::Due => target,
            Self::Breach => target.saturating_add(1),
        }
    }

    /// Whether it comes before the clock is due, so that passing it means being at risk.
    pub(crate) const fn is_warning(self) -> bool {
        match self {
            Self::Percent(percent) => percent < 100,
            Self::Before(_) => true,
            Self::Due | Self::Breach | Self::After(_) => false,
        }
    }
}

impl Document for Threshold {
    fn blank() -> Self {
        Self { text: String::new(), point: Point::Due }
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a threshold such as `80%` or `30m before`", node, at, problems);
        };
        let point = Point::parse(text);
        if point.is_none() {
            let message = format!("`{}` is not a threshold", shortened(text));
            let mend = "use `80%` (1 to 10000), `30m before`, `due`, `breach` or `1h after`";
            problems.push_mend(at, Code::BadThreshold, message, mend);
        }
        Some(Self { text: text.clone().into_owned(), point: point? })
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for Threshold {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        let doc =
            "A point in the life of a clock: `80%` of the target, `30m before`, `due`, `breach`, `1h after`.";
        types.alias("Threshold", doc, |_| crate::document::shape::Shape::Text {
            format: None,
            pattern: Some("^(([1-9]\\d{0,4})%|due|breach|\\S+ (before|after))$"),
        })
    }
}
