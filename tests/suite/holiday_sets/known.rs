//! Dates written down by hand from calendars that governments published.

use super::{Date, dates};

/// Set, year, all its dates as `MMDD`; those on a weekend included.
const KNOWN: &[(&str, i16, &str)] = &[
    ("us-federal", 2020, "0101 0120 0217 0525 0703 0704 0907 1012 1111 1126 1225"),
    ("us-federal", 2021, "0101 0118 0215 0531 0618 0619 0704 0705 0906 1011 1111 1125 1224 1225 1231"),
    ("us-federal", 2026, "0101 0119 0216 0525 0619 0703 0704 0907 1012 1111 1126 1225"),
    ("gb-england", 2020, "0101 0410 0413 0508 0525 0831 1225 1226 1228"),
    ("gb-england", 2022, "0101 0103 0415 0418 0502 0602 0603 0829 0919 1225 1226 1227"),
    ("gb-wales", 2023, "0101 0102 0407 0410 0501 0508 0529 0828 1225 1226"),
    ("gb-scotland", 2022, "0101 0102 0103 0104 0415 0502 0602 0603 0801 0919 1130 1225 1226 1227"),
    ("gb-northern-ireland", 2024, "0101 0317 0318 0329 0401 0506 0527 0712 0826 1225 1226"),
    ("de", 2026, "0101 0403 0406 0501 0514 0525 1003 1225 1226"),
    ("de-by", 2026, "0101 0106 0403 0406 0501 0514 0525 0604 1003 1101 1225 1226"),
    ("de-be", 2025, "0101 0308 0418 0421 0501 0508 0529 0609 1003 1225 1226"),
    ("de-sn", 2024, "0101 0329 0401 0501 0509 0520 1003 1031 1120 1225 1226"),
    ("de-hh", 2017, "0101 0414 0417 0501 0525 0605 1003 1031 1225 1226"),
];

#[test]
fn sets_have_the_dates_that_people_know() {
    for (set, year, days) in KNOWN {
        let written = |day: &Date| format!("{:02}{:02}", day.month(), day.day());
        let found: Vec<String> = dates(set, *year).iter().map(written).collect();
        assert_eq!(found.join(" "), *days, "{set} {year}");
    }
}
