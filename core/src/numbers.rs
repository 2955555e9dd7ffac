//! Texts numbered in the order in which they come: the one map from text of this crate.

use std::collections::BTreeMap;

use serde_json::Value;

/// Gives each distinct text a number, from 0.
///
/// The numbers are kept as JSON values, so that this is the same map as a ticket's fields: one of another type would
/// cost the page kilobytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers(BTreeMap<String, Value>);

impl Numbers {
    /// The number of `text`; a new text gets the next one.
    pub(crate) fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.get(text) {
            return number;
        }
        let number = self.0.len();
        self.0.insert(text.to_owned(), number.into());
        number
    }

    /// Whether `text` is new; it is not from now on.
    pub(crate) fn is_new(&mut self, text: &str) -> bool {
        let before = self.0.len();
        self.number(text) == before
    }

    /// Gives `text` a number of the caller's choice, whatever it had. Not to be mixed with [`Numbers::number`].
    pub(crate) fn set(&mut self, text: &str, number: usize) {
        self.0.insert(text.to_owned(), number.into());
    }

    /// The number of `text`, if it has one.
    pub(crate) fn get(&self, text: &str) -> Option<usize> {
        usize::try_from(self.0.get(text)?.as_u64()?).ok()
    }

    /// All texts, in their alphabetical order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Memory held, in bytes, about: a map of this kind is filled to two thirds or more.
    pub(crate) fn size(&self) -> usize {
        let entry = size_of::<(String, Value)>();
        let entries = self.0.len().saturating_mul(entry.saturating_add(entry.div_ceil(2)));
        self.0.keys().map(String::capacity).fold(entries, usize::saturating_add)
    }
}
