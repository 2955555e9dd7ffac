//! The parts of a composite calendar, as a document writes them.

use crate::document::{At, Document, Node, Problems, expected};
use crate::error::Code;

use super::CalendarDocument;

/// One calendar that another is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// The name of a calendar of the same agreement; `always` and `never` are known everywhere.
    Named(String),
    /// A calendar written in its place.
    Written(Box<CalendarDocument>),
}

/// The calendars that another is made of: a list, or one alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Parts {
    /// One or more of them.
    List(Vec<Part>),
    /// One alone.
    One(Part),
}

impl Document for Part {
    fn blank() -> Self {
        Self::Named(String::new())
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(name) => Some(Self::Named(name.clone().into_owned())),
            Node::Map(_) => {
                CalendarDocument::decode(node, at, problems).map(|part| Self::Written(Box::new(part)))
            }
            _ => expected("the name of a calendar, or a calendar", node, at, problems),
        }
    }
}

impl Document for Parts {
    fn blank() -> Self {
        Self::List(Vec::new())
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::List(list) if list.is_empty() => {
                problems.push_mend(
                    at,
                    Code::NoPart,
                    "no calendar is named",
                    "name at least one, or leave the key out",
                );
                None
            }
            Node::List(_) => Vec::decode(node, at, problems).map(Self::List),
            _ => Part::decode(node, at, problems).map(Self::One),
        }
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{CalendarDocument, Part, Parts};
    use crate::document::shape::{Shape, Shaped, Types};

    impl Shaped for Part {
        fn shape(types: &mut Types) -> Shape {
            let doc = "A calendar of the same agreement by its name (`always` and `never` are built in), or one \
                       written in its place.";
            types.alias("CalendarPart", doc, |types| {
                Shape::OneOf(vec![String::shape(types), CalendarDocument::shape(types)])
            })
        }
    }

    impl Shaped for Parts {
        fn shape(types: &mut Types) -> Shape {
            let part = Part::shape(types);
            Shape::OneOf(vec![part.clone(), Shape::List(Box::new(part))])
        }
    }
}
