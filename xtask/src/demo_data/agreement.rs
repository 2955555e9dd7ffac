//! The agreement of the month: a template, with the holidays of its years filled in.

use std::fmt::Write as _;

use super::DAYS;
use super::dates::{DAY, iso, year_of};
use super::holidays::{self, Holidays};

/// Its YEAR, SINCE, AMERICAN, BRITISH, SINGAPOREAN and EVES depend on the present and are filled in.
const TEMPLATE: &str = include_str!("agreement.yaml");

pub(super) fn text(today_ms: i64) -> String {
    let today = today_ms.div_euclid(DAY);
    let years = year_of(today - DAYS - 1)..=year_of(today) + 1;
    let list = |holidays: Holidays| -> String {
        years.clone().flat_map(holidays).fold(String::new(), |mut text, (day, name)| {
            let _ = writeln!(text, "      - {{ date: {}, name: \"{name}\" }}", iso(day));
            text
        })
    };
    let eves = years.clone().fold(String::new(), |mut text, year| {
        let _ =
            writeln!(text, "      - {{ date: {year}-12-24, hours: [\"09:00-13:00\"], name: Christmas Eve }}");
        text
    });
    TEMPLATE
        .replace("YEAR", &year_of(today).to_string())
        .replace("SINCE", &years.start().to_string())
        .replace("AMERICAN\n", &list(holidays::american))
        .replace("BRITISH\n", &list(holidays::british))
        .replace("SINGAPOREAN\n", &list(holidays::singaporean))
        .replace("EVES\n", &eves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_data::tests::PRESENT;

    #[test]
    fn every_word_of_the_template_is_filled_in() {
        let agreement = text(PRESENT);
        assert!(agreement.contains("- { date: 2026-11-26, name: \"Thanksgiving Day\" }"));
        for word in ["YEAR", "SINCE", "AMERICAN", "BRITISH", "SINGAPOREAN", "EVES"] {
            assert!(!agreement.contains(word), "{word}");
        }
    }
}
