//! Conditions of overrides, which may ask on which day of the week a clock started.

use crate::calendar::{DayOfWeek, days_of_key};
use crate::document::{At, Document, Node, Problems, expected, shortened};
use crate::error::Code;
use crate::interval::Gather as _;

use super::condition::ConditionDocument;

/// A condition of an override.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OverrideCondition {
    /// Days of the week on which the clock started; any day when absent.
    pub started_on: Option<Vec<DayOfWeek>>,
    /// The rest of the condition.
    pub state: ConditionDocument,
}

impl Document for OverrideCondition {
    fn blank() -> Self {
        Self::default()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected("a condition", node, at, problems);
        };
        let (days, state): (Vec<_>, Vec<_>) =
            entries.iter().cloned().partition(|(key, _)| key == "started_on");
        let state = ConditionDocument::decode(&Node::Map(state), at, problems);
        let here = At::Key(at, "started_on");
        let started_on = match days.first() {
            None => Some(None),
            Some((_, Node::List(days))) => {
                let mut all = Vec::new();
                for (index, day) in days.iter().enumerate() {
                    all.extend(days_of(day, &At::Index(&here, index), problems)?);
                }
                Some(Some(all))
            }
            Some((_, days)) => days_of(days, &here, problems).map(Some),
        };
        Some(Self { started_on: started_on?, state: state? })
    }
}

fn days_of(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Vec<DayOfWeek>> {
    let Node::Text(text) = node else {
        return expected(
            "a day such as `sun`, a range such as `mon-fri`, or a list of them",
            node,
            at,
            problems,
        );
    };
    let days = days_of_key(text).map(|(days, _)| days);
    if days.is_none() {
        let message = format!("`{}` is neither a day nor a range of days", shortened(text));
        problems.push_mend(at, Code::BadDay, message, "use `mon` to `sun`, or a range such as `mon-fri`");
    }
    Some(days?.into_iter().filter_map(|day| DayOfWeek::ALL.get(day).copied()).gather())
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for OverrideCondition {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        use crate::document::shape::Shape;
        let doc = "A condition on fields that may also ask for the day of the week on which the clock started: \
                   `started_on: sun`, `mon-fri` or a list.";
        types.alias("OverrideCondition", doc, |_| Shape::Map(Box::new(Shape::Any)))
    }
}
