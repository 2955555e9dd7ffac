//! Reads maps strictly: every unknown key and every wrong value is a problem, all reported at once.

use std::cell::RefCell;

use serde_json::Value;

use crate::error::{Code, Problem};
use crate::near::advice;

/// A map of the document, with the problems found so far.
pub(super) struct Map<'a> {
    map: &'a serde_json::Map<String, Value>,
    pointer: String,
    problems: &'a RefCell<Vec<Problem>>,
}

/// A value of the document and its place.
#[derive(Clone)]
pub(super) struct Place<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'a> Place<'a> {
    pub(super) fn root(value: &'a Value, problems: &'a RefCell<Vec<Problem>>) -> Self {
        Self { value, pointer: String::new(), problems }
    }

    /// The value as a map with no keys but these.
    pub(super) fn map(&self, known: &[&'static str]) -> Option<Map<'a>> {
        let map = self.open_map()?;
        for key in map.map.keys().filter(|key| !known.contains(&key.as_str())) {
            let place = map.below(key);
            let problem = Problem::new(Code::UnknownKey, format!("unknown key `{key}`"), place);
            self.problems.borrow_mut().push(problem.with_mend(advice(key, known.iter().copied())));
        }
        Some(map)
    }

    /// The value as a map with any keys.
    pub(super) fn open_map(&self) -> Option<Map<'a>> {
        match self.value {
            Value::Object(map) => Some(Map { map, pointer: self.pointer.clone(), problems: self.problems }),
            _ => self.wrong("a map is needed here"),
        }
    }

    /// The places in a list; a single value counts as a list of one.
    pub(super) fn list(&self) -> Vec<Self> {
        match self.value {
            Value::Array(list) => {
                let place = |(index, value)| Place {
                    value,
                    pointer: format!("{}/{index}", self.pointer),
                    problems: self.problems,
                };
                list.iter().enumerate().map(place).collect()
            }
            _ => vec![self.clone()],
        }
    }

    /// A text; numbers and truth values count as they are written.
    pub(super) fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => self.wrong("a text is needed here"),
        }
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&self, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let problem = Problem::new(
                Code::WrongValue,
                format!("`{text}` is not a word for this key"),
                &*self.pointer,
            );
            self.problems
                .borrow_mut()
                .push(problem.with_mend(advice(&text, words.iter().map(|(word, _)| *word))));
        }
        found
    }

    pub(super) fn truth(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong("`true` or `false` is needed here"))
    }

    /// Notes that the value is wrong.
    pub(super) fn wrong<T>(&self, message: impl Into<String>) -> Option<T> {
        self.report(Problem::new(Code::WrongValue, message, ""))
    }

    /// Notes a problem with the value.
    pub(super) fn report<T>(&self, problem: Problem) -> Option<T> {
        self.problems.borrow_mut().push(Problem { place: self.pointer.clone(), ..problem });
        None
    }
}

impl<'a> Map<'a> {
    fn below(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"))
    }

    pub(super) fn get(&self, key: &str) -> Option<Place<'a>> {
        let value = self.map.get(key)?;
        Some(Place { value, pointer: self.below(key), problems: self.problems })
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &str) -> Option<Place<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let problem =
                Problem::new(Code::MissingKey, format!("the key `{key}` is missing"), &*self.pointer);
            self.problems.borrow_mut().push(problem);
        }
        found
    }

    /// All keys and their values.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Place<'a>)> {
        self.map.iter().map(|(key, value)| {
            (key.as_str(), Place { value, pointer: self.below(key), problems: self.problems })
        })
    }
}
