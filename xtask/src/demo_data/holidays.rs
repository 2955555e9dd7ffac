//! The public holidays of three countries.

use super::dates::{day_of, nth};

/// Dates with their names, for a year.
pub(super) type Holidays = fn(i64) -> Vec<(i64, &'static str)>;

pub(super) fn american(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (nth(year, 1, 0, 3), "Martin Luther King Day"),
        (nth(year, 5, 0, 0), "Memorial Day"),
        (day_of(year, 7, 4), "Independence Day"),
        (nth(year, 9, 0, 1), "Labor Day"),
        (nth(year, 11, 3, 4), "Thanksgiving Day"),
        (day_of(year, 12, 25), "Christmas Day"),
    ]
}

pub(super) fn british(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (nth(year, 5, 0, 1), "Early May bank holiday"),
        (nth(year, 5, 0, 0), "Spring bank holiday"),
        (nth(year, 8, 0, 0), "Summer bank holiday"),
        (day_of(year, 12, 25), "Christmas Day"),
        (day_of(year, 12, 26), "Boxing Day"),
    ]
}

pub(super) fn singaporean(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (day_of(year, 5, 1), "Labour Day"),
        (day_of(year, 8, 9), "National Day"),
        (day_of(year, 12, 25), "Christmas Day"),
    ]
}
