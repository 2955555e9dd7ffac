//! Types that stand in documents as they are: texts, numbers, instants, durations, lists and maps of them.

use super::decode::Document;
use super::node::Node;
use super::place::At;
use super::problems::{Problems, expected, refuse_duplicates, wrong_type};
use super::text::shortened;
use crate::duration::Duration;
use crate::error::Code;
use crate::instant::Instant;

impl Document for String {
    fn blank() -> Self {
        Self::new()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(text) => Some(text.clone().into_owned()),
            _ => expected("a text", node, at, problems),
        }
    }
}

impl Document for bool {
    fn blank() -> Self {
        false
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => expected("true or false", node, at, problems),
        }
    }
}

impl Document for u32 {
    fn blank() -> Self {
        0
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node.as_i64().and_then(|number| Self::try_from(number).ok()) {
            Some(number) => Some(number),
            None => expected("a whole number", node, at, problems),
        }
    }
}

impl<T: Document> Document for Option<T> {
    const MAY_BE_ABSENT: bool = true;

    fn blank() -> Self {
        None
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        *self = None;
        matches!(node, Node::Null) || self.insert(T::blank()).read(node, at, problems)
    }
}

impl<T: Document> Document for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        self.clear();
        each_item(node, at, problems, &mut |items, node, at, problems| {
            if self.capacity() == 0 {
                self.reserve_exact(items);
            }
            self.push(T::blank());
            if !self.last_mut().is_some_and(|value| value.read(node, at, problems)) {
                self.pop();
            }
        })
    }
}

/// Calls `item` with the length of the list and each item of it.
fn each_item(
    node: &Node<'_>,
    at: &At<'_>,
    problems: &mut Problems,
    read: &mut dyn FnMut(usize, &Node<'_>, &At<'_>, &mut Problems),
) -> bool {
    let Node::List(items) = node else {
        wrong_type("a list", node, at, problems);
        return false;
    };
    for (index, item) in items.iter().enumerate() {
        read(items.len(), item, &At::Index(at, index), problems);
    }
    true
}

impl Document for Instant {
    fn blank() -> Self {
        Self::MIN
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let text = match node {
            Node::Text(text) => text,
            Node::Number(number) if problems.reading.numeric_instants => {
                let instant = number.as_i64().and_then(Self::from_ms);
                if instant.is_none() {
                    let message = "the number is not whole milliseconds from 1970 to 2199";
                    problems.push(at, Code::BadInstant, message);
                }
                return instant;
            }
            _ => return expected("an instant such as `2026-11-20T16:55:00Z`", node, at, problems),
        };
        Self::parse_at(text, "").map_err(|problem| problems.add(problem.at(at.to_string()))).ok()
    }
}

impl Document for Duration {
    fn blank() -> Self {
        Self::ZERO
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("a duration such as `4h` or `1h30m`", node, at, problems);
        };
        let bad = |why| problems.push(at, Code::BadDuration, format!("`{}` is {why}", shortened(text)));
        Self::parse(text).map_err(bad).ok()
    }
}

/// A map in the order in which it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Document> Document for Named<T> {
    fn blank() -> Self {
        Self(Vec::new())
    }

    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        let map = &mut self.0;
        map.clear();
        each_entry(node, at, problems, &mut |entries, key, node, at, problems| {
            if map.capacity() == 0 {
                map.reserve_exact(entries);
            }
            map.push((key.to_owned(), T::blank()));
            if !map.last_mut().is_some_and(|(_, value)| value.read(node, at, problems)) {
                map.pop();
            }
        })
    }
}

/// Calls `read` with the length of the map and each entry of it.
fn each_entry(
    node: &Node<'_>,
    at: &At<'_>,
    problems: &mut Problems,
    read: &mut dyn FnMut(usize, &str, &Node<'_>, &At<'_>, &mut Problems),
) -> bool {
    let Node::Map(entries) = node else {
        wrong_type("a map", node, at, problems);
        return false;
    };
    refuse_duplicates(entries, at, problems);
    for (key, node) in entries {
        read(entries.len(), key, node, &At::Key(at, key), problems);
    }
    true
}
