//! From nodes to values, collecting every problem on the way.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::duration::Duration;
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::near::nearest;
use crate::numbers::Numbers;

use super::node::Node;

/// At most so many problems are kept of one document; a person mends the first ones first.
const MAX_PROBLEMS: usize = 100;

/// A place in a document: a chain of keys and indices on the stack, written out only when needed.
#[derive(Clone, Copy)]
pub(crate) enum At<'p> {
    /// The document itself.
    Root,
    /// The value of a key.
    Key(&'p At<'p>, &'p str),
    /// An item of a list.
    Index(&'p At<'p>, usize),
}

impl fmt::Display for At<'_> {
    /// JSON pointer (RFC 6901).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(parent, key) => {
                write!(f, "{parent}/")?;
                key.chars().try_for_each(|char| match char {
                    '~' => f.write_str("~0"),
                    '/' => f.write_str("~1"),
                    char => f.write_char(char),
                })
            }
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// How strictly an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Keys of later versions are skipped instead of refused.
    pub allow_later: bool,
    /// Instants may also be whole numbers of milliseconds since 1970, as JavaScript gives them.
    pub numeric_instants: bool,
}

/// The problems found so far, and how strict to be.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    pub(crate) reading: Reading,
}

impl Problems {
    pub(crate) fn new(reading: Reading) -> Self {
        Self { found: Vec::new(), reading }
    }

    /// Notes a problem; the last one kept says that there are more.
    pub(crate) fn push(&mut self, at: &At<'_>, code: Code, message: impl Into<String>) {
        self.push_at(at, code, message.into(), None);
    }

    /// Notes a problem some keys below `at`.
    pub(crate) fn push_under(&mut self, at: &At<'_>, keys: &[&str], code: Code, message: String) {
        match keys {
            [] => self.push_at(at, code, message, None),
            [key, deeper @ ..] => self.push_under(&At::Key(at, key), deeper, code, message),
        }
    }

    /// Notes a problem and its mend.
    pub(crate) fn push_mend(
        &mut self,
        at: &At<'_>,
        code: Code,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.push_at(at, code, message.into(), Some(mend.into()));
    }

    fn push_at(&mut self, at: &At<'_>, code: Code, message: String, mend: Option<String>) {
        self.add(Problem { code, message, pointer: at.to_string(), mend });
    }

    /// Notes a problem found elsewhere.
    pub(crate) fn add(&mut self, problem: Problem) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(problem);
        } else if let Some(last) = self.found.last_mut() {
            let message = format!("{MAX_PROBLEMS} problems or more; the rest is not listed");
            *last = Problem::whole(Code::TooLarge, message);
        }
    }

    /// Moves problems found since the first `known` from a version of a document to the keys around it, where
    /// the version itself has no such key. One that is known already is dropped.
    pub(crate) fn at_their_source(&mut self, known: usize, own: &[String], at: &At<'_>) {
        let version = at.to_string();
        for mut problem in self.found.split_off(known.min(self.found.len())) {
            if let Some(rest) = problem.pointer.strip_prefix(&version) {
                let key = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
                if !key.is_empty() && !own.iter().any(|name| name == key) {
                    problem.pointer = rest.to_owned();
                }
            }
            if !self.found.contains(&problem) {
                self.found.push(problem);
            }
        }
    }

    /// Whether there are so many that no further one will be read.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MAX_PROBLEMS
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// `value` if nothing was found, else all that was.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ if self.found.is_empty() => {
                Err(vec![Problem::whole(Code::WrongType, "the document could not be read")])
            }
            _ => Err(self.found),
        }
    }
}

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
            problems.found.push(problem);
            None
        }
    }
}

/// Notes that `what` was expected and something else was found.
pub(crate) fn expected<T>(what: &str, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<T> {
    wrong_type(what, node, at, problems);
    None
}

fn wrong_type(what: &str, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) {
    problems.push(at, Code::WrongType, format!("expected {what}, found {}", node.type_name()));
}

fn missing_key(key: &str, at: &At<'_>, problems: &mut Problems) {
    problems.push(at, Code::MissingKey, format!("the key `{key}` is missing"));
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

/// Notes something that this version cannot compute yet, unless the caller allowed to skip it.
pub(crate) fn not_yet(what: &str, at: &At<'_>, problems: &mut Problems) {
    if !problems.reading.allow_later {
        problems.push_mend(
            at,
            Code::NotSupportedYet,
            format!("{what} is not supported yet"),
            "leave it out, or allow later keys to be skipped",
        );
    }
}

/// Notes an unknown name and suggests near ones, or lists what is allowed.
pub(crate) fn unknown(
    code: Code,
    what: &str,
    name: &str,
    near: &[&str],
    allowed: &[&str],
    at: &At<'_>,
    problems: &mut Problems,
) {
    let message = format!("unknown {what} `{}`", shortened(name));
    if !near.is_empty() {
        problems.push_mend(at, code, message, format!("did you mean {}?", listed(near)));
    } else if !allowed.is_empty() && allowed.len() <= 16 {
        problems.push_mend(at, code, message, format!("allowed are {}", listed(allowed)));
    } else {
        problems.push(at, code, message);
    }
}

/// Names in a message: `` `a`, `b` ``.
pub(crate) fn listed(names: &[&str]) -> String {
    let mut list = String::new();
    for name in names {
        list.push_str(if list.is_empty() { "`" } else { ", `" });
        list.push_str(name);
        list.push('`');
    }
    list
}

/// What stands before and after the first `mark`. The standard library's search would be the one reason for a page to
/// load kilobytes of searching in linear time; texts that come here are short.
pub(crate) fn cut<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    text.char_indices().find_map(|(index, _)| {
        let (before, rest) = text.split_at_checked(index)?;
        Some((before, rest.strip_prefix(mark)?))
    })
}

/// Text of an input fit for a message: never more than a line.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    if text.chars().nth(LONGEST).is_none() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().take(LONGEST).chain(['…']).collect())
    }
}

/// Notes every key that stands more than once.
pub(crate) fn refuse_duplicates(entries: &[(Cow<'_, str>, Node<'_>)], at: &At<'_>, problems: &mut Problems) {
    // Most maps are small: comparing all pairs of them is cheaper than building a set.
    let mut seen = Numbers::default();
    for (index, (key, _)) in entries.iter().enumerate() {
        let twice = if entries.len() <= 16 {
            entries.iter().take(index).any(|(earlier, _)| earlier == key)
        } else {
            !seen.is_new(key)
        };
        if twice {
            problems.push(
                &At::Key(at, key),
                Code::DuplicateKey,
                format!("the key `{}` stands twice", shortened(key)),
            );
        }
    }
}

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
