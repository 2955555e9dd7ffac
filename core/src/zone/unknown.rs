//! The error for a zone name that is not known, with the names that were perhaps meant.

use crate::interval::Gather as _;
use core::fmt;

use super::names;
use crate::near::nearest;

/// A time zone name that is not in the database.
///
/// ```
/// use slaclock_core::zone::Zone;
/// let error = Zone::named("Berlin").unwrap_err();
/// assert_eq!(error.to_string(), "unknown time zone `Berlin`; did you mean `Europe/Berlin`?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name that was asked for.
    pub name: String,
    /// At most three known names like it, likeliest first.
    pub suggestions: Vec<&'static str>,
}

impl UnknownZone {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), suggestions: suggestions(name) }
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown time zone `{}`", self.name)?;
        for (index, suggestion) in self.suggestions.iter().enumerate() {
            write!(f, "{} `{suggestion}`", if index == 0 { "; did you mean" } else { " or" })?;
        }
        f.write_str(if self.suggestions.is_empty() { "" } else { "?" })
    }
}

impl core::error::Error for UnknownZone {}

/// Same but for case and spaces; else the same last part (a city without its region, or under a wrong one);
/// else the nearest by spelling, of the whole name and then of the last part.
fn suggestions(name: &str) -> Vec<&'static str> {
    let name: String = name.trim().chars().map(|letter| if letter == ' ' { '_' } else { letter }).collect();
    let city = last_part(&name);
    let mut found: Vec<_> = names().filter(|known| known.eq_ignore_ascii_case(&name)).gather();
    // `Etc/GMT+5` lies five hours behind UTC, the opposite of what people mean by `GMT+5`.
    let places = || names().filter(|known| !known.starts_with("Etc/GMT"));
    if found.is_empty() {
        found = places().filter(|known| last_part(known).eq_ignore_ascii_case(city)).take(3).gather();
    }
    // `GMT+0` is no misspelling of `GMT+5`.
    let alike = || places().filter(|known| digits(known).eq(digits(&name)));
    if found.is_empty() {
        found = nearest(&name, alike());
    }
    if found.is_empty() {
        let cities = nearest(city, alike().map(last_part));
        found = alike().filter(|known| cities.contains(&last_part(known))).take(3).gather();
    }
    found
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn digits(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_digit)
}
