//! Every date of the data beside this checkout; each difference stands in a table with its reason.

use super::{BTreeSet, Date, Value, dates, shared, text};

/// A set, the file without its year, the years, and the differences with their reasons: `+` a date that only the set
/// has, `-` one that only the file has; `*` for every year.
type Case = (&'static str, &'static str, &'static [i16], &'static [(&'static str, &'static str)]);

const ALL: &[i16] = &[2016, 2024, 2025, 2026];
const SUMMER: &str = "the file holds only what all parts of the United Kingdom share";

const CASES: &[Case] = &[
    ("us-federal", "US", ALL, &[]),
    (
        "gb-england",
        "GB",
        ALL,
        &[("+2016-08-29", SUMMER), ("+2024-08-26", SUMMER), ("+2025-08-25", SUMMER), ("+2026-08-31", SUMMER)],
    ),
    ("gb-scotland", "GB-SCT", &[2024, 2025], &[]),
    ("de", "DE", ALL, &[]),
    ("de-by", "DE-BY", &[2024, 2025], &[]),
    ("de-be", "DE-BE", &[2024, 2025], &[]),
];

#[test]
fn sets_agree_with_another_library() {
    let Some(folder) = shared().map(|folder| folder.join("../data/calendars/date-holidays/fixtures")) else {
        println!("skipped: the other library's dates are not beside this checkout");
        return;
    };
    let mut wrong = Vec::new();
    for (set, file, years, differences) in CASES {
        let mut seen = BTreeSet::new();
        for year in *years {
            let listed: Value =
                serde_json::from_str(&text(&folder.join(format!("{file}-{year}.json")))).expect("JSON");
            // British bank holidays are days off for all; elsewhere banks alone are closed on such a day.
            let public = |day: &&Value| match day["type"].as_str() {
                Some("bank") => set.starts_with("gb-"),
                kind => kind == Some("public"),
            };
            let theirs: BTreeSet<Date> =
                listed.as_array().expect("a list").iter().filter(public).map(first_date).collect();
            let ours: BTreeSet<Date> = dates(set, *year).into_iter().collect();
            let only = [(ours.difference(&theirs), '+'), (theirs.difference(&ours), '-')];
            for (day, sign) in only.into_iter().flat_map(|(days, sign)| days.map(move |day| (day, sign))) {
                let yearly = format!("{sign}*-{:02}-{:02}", day.month(), day.day());
                let explained = differences.iter().any(|(known, _)| *known == yearly);
                seen.insert(if explained { yearly } else { format!("{sign}{day}") });
            }
        }
        let explained: BTreeSet<String> = differences.iter().map(|(day, _)| (*day).to_owned()).collect();
        wrong.extend((seen != explained).then(|| format!("{set}: {seen:?}, explained {explained:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn first_date(day: &Value) -> Date {
    let (date, _) = day["date"].as_str().and_then(|date| date.split_once(' ')).expect("date and time");
    date.parse().expect("a date")
}

#[test]
fn sets_agree_with_what_the_british_government_publishes() {
    let Some(folder) = shared().map(|folder| folder.join("../data/calendars/govuk")) else {
        println!("skipped: the published dates are not beside this checkout");
        return;
    };
    let published: Value = serde_json::from_str(&text(&folder.join("bank-holidays.json"))).expect("JSON");
    for (set, division) in [
        ("gb-england", "england-and-wales"),
        ("gb-wales", "england-and-wales"),
        ("gb-scotland", "scotland"),
        ("gb-northern-ireland", "northern-ireland"),
    ] {
        let events = published[division]["events"].as_array().expect("events");
        let theirs: BTreeSet<Date> = events
            .iter()
            .map(|event| event["date"].as_str().expect("a date").parse().expect("a date"))
            .collect();
        assert!(theirs.len() >= 30, "{division}");
        let mut ours: BTreeSet<Date> =
            (2024..=2027).flat_map(|year| dates(set, year)).filter(is_weekday).collect();
        // Proclaimed after the file was made.
        let world_cup = "2026-06-15".parse().expect("a date");
        assert_eq!(ours.remove(&world_cup), set == "gb-scotland");
        assert_eq!(ours, theirs, "{set}");
    }
}

fn is_weekday(day: &Date) -> bool {
    day.weekday().to_monday_one_offset() <= 5
}
