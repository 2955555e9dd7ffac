//! Texts of a document in messages, and cut in two.

use std::borrow::Cow;

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
