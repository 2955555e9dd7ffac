//! The face of the command line: tables, words for states, problems in three lines, progress.

mod duration;
mod problem;
mod progress;
mod state;
mod table;

use std::borrow::Cow;

pub use duration::{grouped, time_left};
pub use problem::{complain, wants_colour};
pub use progress::Progress;
pub use state::state_of;
pub use table::{Cell, Table};

/// A text as a terminal may get it: what strangers wrote must not move its cursor or colour its lines.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped =
        |one: char| if one.is_control() { one.escape_default().to_string() } else { one.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_writes_cannot_steer_a_terminal() {
        assert_eq!(plain("Größe ✓"), "Größe ✓");
        assert_eq!(plain("a\u{1b}[2J\nb"), "a\\u{1b}[2J\\nb");
    }
}
