//! Advice on unknown words.

use slaclock_core::nearest;

/// Advice that names the nearest of `known`, or else all of them.
pub(crate) fn advice<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let quoted =
        |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, known.clone()) {
        near if near.is_empty() => format!("known are {}", quoted(known.take(60).collect())),
        near => format!("did you mean {}?", quoted(near)),
    }
}
