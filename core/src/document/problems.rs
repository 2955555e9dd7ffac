//! The problems of a document, all of them with their places.

use std::borrow::Cow;

use super::node::Node;
use super::place::At;
use super::text::{listed, shortened};
use crate::error::{Code, Problem};
use crate::numbers::Numbers;

/// At most so many problems are kept of one document; a person mends the first ones first.
const MAX_PROBLEMS: usize = 100;

/// How strictly an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Keys of later versions are skipped instead of refused.
    pub allow_later: bool,
    /// Instants may also be whole numbers of milliseconds since 1970, as JavaScript gives them.
    pub numeric_instants: bool,
    /// Of an agreement only the calendars are compiled.
    pub calendars_only: bool,
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

    /// Notes the problems of a document that stands below a place.
    pub(crate) fn add_below(&mut self, place: &str, found: Vec<Problem>) {
        for mut problem in found {
            problem.pointer.insert_str(0, place);
            self.add(problem);
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

/// Notes that `what` was expected and something else was found.
pub(crate) fn expected<T>(what: &str, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<T> {
    wrong_type(what, node, at, problems);
    None
}

pub(super) fn wrong_type(what: &str, node: &Node<'_>, at: &At<'_>, problems: &mut Problems) {
    problems.push(at, Code::WrongType, format!("expected {what}, found {}", node.type_name()));
}

pub(super) fn missing_key(key: &str, at: &At<'_>, problems: &mut Problems) {
    problems.push(at, Code::MissingKey, format!("the key `{key}` is missing"));
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
