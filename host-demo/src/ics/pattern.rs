//! Patterns that leave entries out.

use super::event::Event;

/// A part of a text, in any case; `*` stands for anything between.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    target: Target,
    parts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Name,
    Description,
    Category,
}

impl Pattern {
    /// Reads `moon`, `daylight*ends`, `description:observance` or `category:school`.
    ///
    /// # Errors
    /// It would match everything.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (target, wanted) = match text.split_once(':') {
            Some(("description", wanted)) => (Target::Description, wanted),
            Some(("category", wanted)) => (Target::Category, wanted),
            _ => (Target::Name, text),
        };
        let parts: Vec<String> = wanted
            .split('*')
            .map(|part| part.trim().to_lowercase())
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            return Err("it would leave out everything".to_owned());
        }
        Ok(Self { text: text.to_owned(), target, parts })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, event: &Event) -> bool {
        match self.target {
            Target::Name => self.is_in(&event.name),
            Target::Description => self.is_in(&event.description),
            Target::Category => event.categories.iter().any(|category| self.is_in(category)),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut rest = &*text;
        self.parts.iter().all(|part| match rest.split_once(&**part) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_in(pattern: &str, text: &str, expected: bool) {
        assert_eq!(Pattern::parse(pattern).unwrap().is_in(text), expected, "{pattern} in {text}");
    }

    #[test]
    fn parts_in_order_and_any_case() {
        is_in("moon", "Full Moon", true);
        is_in("daylight*ends", "Daylight Saving Time ends", true);
        is_in("ends*daylight", "Daylight Saving Time ends", false);
        is_in("ärz", "MÄRZ", true);
        is_in("sommerzeit", "Ende der Sommerzeit", true);
        assert!(Pattern::parse("*").is_err() && Pattern::parse("description:").is_err());
    }
}
