//! From nodes to values: what every type of a document can do, and maps with known keys.

use std::borrow::Cow;

use super::node::Node;
use super::place::At;
use super::problems::{Problems, expected, missing_key, not_yet, refuse_duplicates, unknown};
use crate::error::Code;
use crate::near::nearest;

/// A type that a document can hold. It has either `decode`, which answers a value, or `read`, which fills one in its
/// place: records are read in place, so that no field is moved and one reader serves all of them.
pub(crate) trait Document: Sized {
    /// Whether a key of this type may be absent; it is blank then.
    const MAY_BE_ABSENT: bool = false;

    /// A value to be filled.
    fn blank() -> Self;

    /// Reads the value; on a mistake notes the problem and answers `None`.
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let mut value = Self::blank();
        value.read(node, at, problems).then_some(value)
    }

    /// Reads the value into this one; on a mistake notes the problem and answers `false`.
    fn read(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        Self::decode(node, at, problems).map(|value| *self = value).is_some()
    }
}

/// A place for a value of whatever type.
pub(crate) trait Slot {
    /// As [`Document::read`].
    fn fill(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool;
}

impl<T: Document> Slot for T {
    fn fill(&mut self, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> bool {
        self.read(node, at, problems)
    }
}

/// What a map with known keys looks like.
pub(crate) struct Form {
    /// What a person calls it.
    pub(crate) what: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [&'static str],
    /// A bit for each key that must be there, the first key's lowest.
    pub(crate) needed: u64,
    /// Keys of features that this version lacks.
    pub(crate) later: &'static [&'static str],
}

/// The bits of [`Form::needed`].
pub(crate) const fn needed(keys: &[bool]) -> u64 {
    let (mut bits, mut rest) = (0, keys);
    while let [before @ .., last] = rest {
        bits = bits << 1 | *last as u64;
        rest = before;
    }
    bits
}

impl Form {
    /// Reads the values of the keys into their slots, in order. An absent key leaves its slot as it is.
    pub(crate) fn read(
        &self,
        slots: &mut [&mut dyn Slot],
        node: &Node<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> bool {
        let Some(reader) = KeyReader::new(node, self.what, at, problems) else {
            return false;
        };
        reader.finish(self.keys, self.later, at, problems);
        let (mut complete, mut needed) = (true, self.needed);
        for (key, slot) in self.keys.iter().zip(slots) {
            complete &= reader.fill(key, needed & 1 != 0, *slot, at, problems);
            needed >>= 1;
        }
        complete
    }
}

/// Reads one document from JSON text.
pub(crate) fn decode_text<T: Document>(text: &[u8], problems: &mut Problems) -> Option<T> {
    match Node::from_json(text) {
        Ok(node) => T::decode(&node, &At::Root, problems),
        Err(problem) => {
            problems.add(problem);
            None
        }
    }
}

/// The place of a text in a closed list of words. One of a `later` version is noted as such, listed here or not.
pub(crate) fn word(
    node: &Node<'_>,
    what: &str,
    words: &[&str],
    later: &[&str],
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<usize> {
    let Node::Text(text) = node else {
        return expected(what, node, at, problems);
    };
    let found = words.iter().position(|word| word == text);
    if later.contains(&text.as_ref()) {
        not_yet(&format!("`{text}`"), at, problems);
    } else if found.is_none() {
        let near = nearest(text, words.iter().copied());
        unknown(Code::UnknownWord, what, text, &near, words, at, problems);
    }
    found
}

/// The keys of one map, handed out by name; what is left at the end is unknown.
pub(crate) struct KeyReader<'n, 'a> {
    entries: &'n [(Cow<'a, str>, Node<'a>)],
}

impl<'n, 'a> KeyReader<'n, 'a> {
    /// The reader of `node`, which must be a map without duplicate keys.
    pub(crate) fn new(node: &'n Node<'a>, what: &str, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected(what, node, at, problems);
        };
        refuse_duplicates(entries, at, problems);
        Some(Self { entries })
    }

    /// Reads the value of `key` into its slot. An absent one leaves it as it is, and is a problem where it is needed.
    pub(crate) fn fill(
        &self,
        key: &str,
        needed: bool,
        slot: &mut dyn Slot,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> bool {
        match self.entries.iter().find(|(name, _)| name == key) {
            Some((_, node)) => slot.fill(node, &At::Key(at, key), problems),
            None => {
                if needed {
                    missing_key(key, at, problems);
                }
                !needed
            }
        }
    }

    /// The value of `key`, decoded. An absent one is a problem unless its type allows it.
    pub(crate) fn required<T: Document>(&self, key: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
        let mut value = T::blank();
        self.fill(key, !T::MAY_BE_ABSENT, &mut value, at, problems).then_some(value)
    }

    /// The value of `key`, decoded, or `default` when it is absent.
    pub(crate) fn or<T: Document>(
        &self,
        key: &str,
        mut default: T,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<T> {
        self.fill(key, false, &mut default, at, problems).then_some(default)
    }

    /// All keys with their values.
    pub(crate) fn entries(&self) -> &'n [(Cow<'a, str>, Node<'a>)] {
        self.entries
    }

    /// Refuses every key that is neither known nor, where allowed, of a later version.
    pub(crate) fn finish(&self, known: &[&str], later: &[&str], at: &At<'_>, problems: &mut Problems) {
        for (key, _) in self.entries {
            let here = At::Key(at, key);
            if known.contains(&key.as_ref()) {
                continue;
            }
            if later.contains(&key.as_ref()) {
                not_yet(&format!("the key `{key}`"), &here, problems);
                continue;
            }
            let near = nearest(key, known.iter().chain(later).copied());
            unknown(Code::UnknownKey, "key", key, &near, known, &here, problems);
        }
    }
}
