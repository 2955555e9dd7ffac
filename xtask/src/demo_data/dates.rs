//! Civil dates as days since 1970-01-01, lengths of time in milliseconds.

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// Days from 1970-01-01 to a civil date (Howard Hinnant's algorithm).
pub(super) fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

pub(super) fn year_of(day: i64) -> i64 {
    let guess = 1970 + day.div_euclid(366);
    (guess..=guess + 2).rfind(|year| day_of(*year, 1, 1) <= day).unwrap_or(guess)
}

/// Monday is 0.
pub(super) fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// The n-th weekday of a month, the last one for `n` = 0.
pub(super) fn nth(year: i64, month: i64, wanted: i64, n: i64) -> i64 {
    if n > 0 {
        let first = day_of(year, month, 1);
        return first + (wanted - weekday(first)).rem_euclid(7) + 7 * (n - 1);
    }
    let last = if month == 12 { day_of(year + 1, 1, 1) } else { day_of(year, month + 1, 1) } - 1;
    last - (weekday(last) - wanted).rem_euclid(7)
}

pub(super) fn iso(day: i64) -> String {
    let year = year_of(day);
    let month = (1..=12).rfind(|month| day_of(year, *month, 1) <= day).unwrap_or(1);
    format!("{year:04}-{month:02}-{:02}", day - day_of(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_data::tests::PRESENT;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(iso(day_of(2026, 2, 28)), "2026-02-28");
        assert_eq!(iso(day_of(2028, 2, 29)), "2028-02-29");
        assert_eq!(day_of(2026, 11, 20), PRESENT.div_euclid(DAY));
        assert_eq!(weekday(day_of(2026, 11, 20)), 4);
        assert_eq!(iso(nth(2026, 11, 3, 4)), "2026-11-26");
        assert_eq!(iso(nth(2026, 5, 0, 0)), "2026-05-25");
        assert_eq!(iso(nth(2026, 12, 0, 0)), "2026-12-28");
        for day in 18_000..30_000 {
            let year = year_of(day);
            assert!(day_of(year, 1, 1) <= day && day < day_of(year + 1, 1, 1), "{day}");
        }
    }
}
