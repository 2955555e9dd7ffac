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

/// A type that a document can hold.
pub(crate) trait Document: Sized {
    /// Reads the value; on a mistake notes the problem and answers `None`.
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self>;

    /// The value of an absent key, if it may be absent.
    fn absent() -> Option<Self> {
        None
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

fn missing<T>(key: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
    missing_key(key, at, problems);
    None
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

    /// The value of `key`, decoded. An absent one is a problem unless its type allows it.
    pub(crate) fn required<T: Document>(&self, key: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
        match self.find(key) {
            Some(node) => T::decode(node, &At::Key(at, key), problems),
            None => T::absent().or_else(|| missing(key, at, problems)),
        }
    }

    #[inline]
    fn find(&self, key: &str) -> Option<&'n Node<'a>> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The value of `key`, decoded, or `default` when it is absent.
    pub(crate) fn or<T: Document>(
        &self,
        key: &str,
        default: T,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<T> {
        match self.find(key) {
            Some(node) => T::decode(node, &At::Key(at, key), problems),
            None => Some(default),
        }
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
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Text(text) => Some(text.clone().into_owned()),
            _ => expected("a text", node, at, problems),
        }
    }
}

impl Document for bool {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => expected("true or false", node, at, problems),
        }
    }
}

impl Document for u32 {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node.as_i64().and_then(|number| Self::try_from(number).ok()) {
            Some(number) => Some(number),
            None => expected("a whole number", node, at, problems),
        }
    }
}

impl<T: Document> Document for Option<T> {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::Null => Some(None),
            _ => T::decode(node, at, problems).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Document> Document for Vec<T> {
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::List(items) = node else {
            return expected("a list", node, at, problems);
        };
        let mut list = Self::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Some(value) = T::decode(item, &At::Index(at, index), problems) {
                list.push(value);
            }
        }
        Some(list)
    }
}

impl Document for Instant {
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
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected("a map", node, at, problems);
        };
        refuse_duplicates(entries, at, problems);
        let mut map = Vec::with_capacity(entries.len());
        for (key, item) in entries {
            if let Some(value) = T::decode(item, &At::Key(at, key), problems) {
                map.push((key.clone().into_owned(), value));
            }
        }
        Some(Self(map))
    }
}
