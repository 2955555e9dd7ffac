//! Holidays by rule: against plain counting of days, tables of Easter, and dates that governments published.

use jiff::civil::{Date, Weekday, date};
use serde_json::{Value, json};
use slaclock_core::{Calendar, Instant};

use crate::vector_files::{shared, text};

/// The dates of a year on which a calendar that is else always open is closed.
pub(crate) fn closed(holidays: &Value, year: i16) -> Vec<Date> {
    let document =
        json!({ "time_zone": "Etc/UTC", "hours": { "mon-sun": ["00:00-24:00"] }, "holidays": holidays });
    let calendar = Calendar::from_json(&document.to_string()).expect("a calendar");
    let noon = |day: Date| Instant::parse(&format!("{day}T12:00:00Z")).expect("an instant");
    days_of(year).filter(|day| !calendar.is_open(noon(*day))).collect()
}

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |day| day.year() == year)
}

fn rule(rule: &str) -> Value {
    json!([{ "date": rule }])
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

#[test]
fn the_nth_weekday_is_found_by_counting() {
    for year in [1970, 1999, 2000, 2024, 2026, 2100, 2199] {
        for (index, month) in MONTHS.iter().enumerate() {
            for (name, weekday) in WEEKDAYS {
                let in_month = |day: &Date| usize::from(day.month().unsigned_abs()) == index + 1;
                let all: Vec<Date> =
                    days_of(year).filter(in_month).filter(|day| day.weekday() == weekday).collect();
                for (n, ordinal) in ["1st", "2nd", "3rd", "4th", "5th"].iter().enumerate() {
                    let wanted: Vec<Date> = all.get(n).copied().into_iter().collect();
                    assert_eq!(closed(&rule(&format!("{ordinal} {name} {month}")), year), wanted, "{year}");
                }
                let last: Vec<Date> = all.last().copied().into_iter().collect();
                assert_eq!(closed(&rule(&format!("last {name} {month}")), year), last, "{year}");
            }
        }
    }
}

#[test]
fn a_weekday_beside_a_date_is_found_by_counting() {
    for year in 2020..2032 {
        let middle = date(year, 6, 20);
        for (name, weekday) in WEEKDAYS {
            let fits = |day: &Date| day.weekday() == weekday;
            let before = days_of(year).filter(|day| *day < middle).filter(fits).last();
            let on_or_before = days_of(year).filter(|day| *day <= middle).filter(fits).last();
            let after = days_of(year).filter(|day| *day > middle).find(fits);
            let on_or_after = days_of(year).filter(|day| *day >= middle).find(fits);
            let wanted = [
                ("before", before),
                ("on-or-before", on_or_before),
                ("after", after),
                ("on-or-after", on_or_after),
            ];
            for (side, wanted) in wanted {
                let wanted: Vec<Date> = wanted.into_iter().collect();
                assert_eq!(closed(&rule(&format!("{name} {side} 06-20")), year), wanted, "{year} {side}");
            }
        }
    }
}

/// Easter by the tables of the reformed calendar, as Clavius gave them.
fn easter(year: i32) -> Date {
    let golden = year % 19 + 1;
    let century = year / 100 + 1;
    let skipped_leap_years = 3 * century / 4 - 12;
    let moon = (8 * century + 5) / 25 - 5;
    let sunday = 5 * year / 4 - skipped_leap_years - 10;
    let mut epact = (11 * golden + 20 + moon - skipped_leap_years).rem_euclid(30);
    if (epact == 25 && golden > 11) || epact == 24 {
        epact += 1;
    }
    let full_moon = if 44 - epact < 21 { 74 - epact } else { 44 - epact };
    let march = full_moon + 7 - (sunday + full_moon) % 7;
    day_of_march(year, march)
}

/// Easter of the Julian calendar: the Sunday after the full moon that the table gives for each golden number.
fn orthodox_easter(year: i32) -> Date {
    const FULL_MOON: [i32; 19] = [36, 25, 44, 33, 22, 41, 30, 49, 38, 27, 46, 35, 24, 43, 32, 21, 40, 29, 48];
    let behind = if year < 2100 { 13 } else { 14 };
    let golden = usize::try_from(year % 19).expect("not negative");
    let moon = day_of_march(year, FULL_MOON[golden] + behind);
    days_of(year as i16).find(|day| *day > moon && day.weekday() == Weekday::Sunday).expect("a Sunday")
}

fn day_of_march(year: i32, day: i32) -> Date {
    date(year as i16, 3, 1).saturating_add(jiff::Span::new().days(day - 1))
}

#[test]
fn easter_is_where_the_tables_have_it() {
    for year in (1970..2200).step_by(1) {
        let known = (easter(year), orthodox_easter(year));
        let found = (closed(&rule("easter"), year as i16), closed(&rule("orthodox-easter"), year as i16));
        assert_eq!(found, (vec![known.0], vec![known.1]), "{year}");
    }
}

#[test]
fn rules_hold_from_their_first_to_their_last_year() {
    let holidays = json!([{ "date": "--06-19", "from": 2021, "until": 2030 }]);
    let years = [2020, 2021, 2030, 2031].map(|year| closed(&holidays, year).len());
    assert_eq!(years, [0, 1, 1, 0]);
}

#[test]
fn a_holiday_on_a_weekend_is_observed_as_its_rule_says() {
    // The fourth of July is a Saturday in 2026 and a Sunday in 2027.
    for (observed, saturday, sunday) in [
        ("none", "", ""),
        ("next-monday", "06", "05"),
        ("nearest-weekday", "03", "05"),
        ("next-free-weekday", "06", "05"),
    ] {
        for (year, day) in [(2026, saturday), (2027, sunday)] {
            let mut wanted = vec![format!("{year}-07-04")];
            wanted.extend((!day.is_empty()).then(|| format!("{year}-07-{day}")));
            wanted.sort();
            let found = closed(&json!([{ "date": "--07-04", "observed": observed }]), year);
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), wanted, "{observed}");
        }
    }
}

#[test]
fn another_weekend_moves_the_observed_day() {
    let holidays = json!([{ "date": "--12-02", "observed": "next-free-weekday", "weekend": ["fri", "sat"] }]);
    // 2 December 2027 is a Thursday, 2 December 2028 a Saturday: Sunday is a working day.
    assert_eq!(closed(&holidays, 2027), [date(2027, 12, 2)]);
    assert_eq!(closed(&holidays, 2028), [date(2028, 12, 2), date(2028, 12, 3)]);
}

#[test]
fn a_holiday_may_depend_on_its_day_of_the_week() {
    // The day before where it would be a Sunday: 27 April is one in 2025, a Monday in 2026.
    let kings_day = json!([
        { "date": "--04-27", "falls_on": ["mon", "tue", "wed", "thu", "fri", "sat"] },
        { "date": "--04-26", "falls_on": ["sat"] },
    ]);
    assert_eq!(closed(&kings_day, 2025), [date(2025, 4, 26)]);
    assert_eq!(closed(&kings_day, 2026), [date(2026, 4, 27)]);
    // Of a range it is the first day.
    let range = json!([{ "date": "--04-25..--04-27", "falls_on": ["sat"] }]);
    assert_eq!(closed(&range, 2026), [date(2026, 4, 25), date(2026, 4, 26), date(2026, 4, 27)]);
    assert_eq!(closed(&range, 2027), []);
    assert_eq!(closed(&json!([{ "date": "--04-25", "falls_on": [] }]), 2026), []);
}

/// Bank holidays of England and Wales by rule; single royal occasions aside.
fn england() -> Value {
    json!([
        { "date": "--01-01", "observed": "next-free-weekday" },
        { "date": "easter-2" },
        { "date": "easter+1" },
        { "date": "1st mon may" },
        { "date": "last mon may" },
        { "date": "last mon aug" },
        { "date": "--12-25", "observed": "next-free-weekday" },
        { "date": "--12-26", "observed": "next-free-weekday" },
    ])
}

#[test]
fn two_holidays_on_one_weekend_take_two_free_days() {
    // Christmas Day and Boxing Day of 2027 are Saturday and Sunday; of 2022 Sunday and Monday.
    let december =
        |year| closed(&england(), year).into_iter().filter(|day| day.month() == 12).map(|day| day.day());
    assert_eq!(december(2027).collect::<Vec<_>>(), [25, 26, 27, 28]);
    assert_eq!(december(2022).collect::<Vec<_>>(), [25, 26, 27]);
}

#[test]
fn bank_holidays_are_those_that_the_government_publishes() {
    let Some(folder) = shared() else {
        println!("skipped: the published dates are not beside this checkout");
        return;
    };
    let published = text(&folder.join("../data/calendars/govuk/bank-holidays.json"));
    let published: Value = serde_json::from_str(&published).expect("JSON");
    let events = published["england-and-wales"]["events"].as_array().expect("events");
    let published: Vec<Date> =
        events.iter().map(|event| event["date"].as_str().expect("a date").parse().expect("a date")).collect();
    assert!(published.len() >= 24, "only {} dates", published.len());
    let years = published.iter().map(|day| day.year());
    let (first, last) = (years.clone().min().expect("a year"), years.max().expect("a year"));
    let weekday = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let found: Vec<Date> = (first..=last).flat_map(|year| closed(&england(), year)).filter(weekday).collect();
    assert_eq!(found, published);
}
