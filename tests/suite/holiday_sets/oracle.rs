//! Every date of the data beside this checkout; each difference stands in a table with its reason.

use super::{BTreeSet, Date, Value, dates, holiday_set, shared, text};

/// A set, the file without its year, the years, and the differences with their reasons: `+` a date that only the set
/// has, `-` one that only the file has; `*` for every year.
type Case = (&'static str, &'static str, &'static [i16], &'static [(&'static str, &'static str)]);

const ALL: &[i16] = &[2016, 2024, 2025, 2026];

const SUMMER: &str = "the file holds only what all parts of the United Kingdom share";
const FEDERAL: &str = "the file holds only what all provinces share; this is one of the Canada Labour Code";
const LIBERATION: &str = "a day off every fifth year, which the file calls a day for schools";
const ELECTION: &str = "an election on a Sunday, which is no holiday by law";
const EASTER: &str = "not in Western Australia and Tasmania: in the sets of the other states";

const CASES: &[Case] = &[
    ("us-federal", "US", ALL, &[]),
    (
        "ca-federal",
        "CA",
        ALL,
        &[
            ("+2016-05-23", FEDERAL),
            ("+2016-10-10", FEDERAL),
            ("+2024-05-20", FEDERAL),
            ("+2024-10-14", FEDERAL),
            ("+2025-05-19", FEDERAL),
            ("+2025-10-13", FEDERAL),
            ("+2026-05-18", FEDERAL),
            ("+2026-10-12", FEDERAL),
            ("+*-09-30", FEDERAL),
            ("+*-11-11", FEDERAL),
            ("+*-12-26", FEDERAL),
            ("+2016-12-27", FEDERAL),
            ("+2026-12-28", FEDERAL),
        ],
    ),
    (
        "gb-england",
        "GB",
        ALL,
        &[("+2016-08-29", SUMMER), ("+2024-08-26", SUMMER), ("+2025-08-25", SUMMER), ("+2026-08-31", SUMMER)],
    ),
    ("gb-scotland", "GB-SCT", &[2024, 2025], &[]),
    ("de", "DE", ALL, &[]),
    ("fr", "FR", ALL, &[]),
    ("it", "IT", ALL, &[]),
    ("nl", "NL", ALL, &[("+2025-05-05", LIBERATION)]),
    ("be", "BE", ALL, &[]),
    ("se", "SE", ALL, &[]),
    (
        "br",
        "BR",
        ALL,
        &[
            ("-2016-10-02", ELECTION),
            ("-2016-10-30", ELECTION),
            ("-2024-10-06", ELECTION),
            ("-2024-10-27", ELECTION),
            ("-2026-10-04", ELECTION),
            ("-2026-10-25", ELECTION),
        ],
    ),
    (
        "au",
        "AU",
        ALL,
        &[
            ("-2016-03-26", EASTER),
            ("-2016-03-27", EASTER),
            ("-2024-03-30", EASTER),
            ("-2024-03-31", EASTER),
            ("-2025-04-19", EASTER),
            ("-2025-04-20", EASTER),
            ("-2026-04-04", EASTER),
            ("-2026-04-05", EASTER),
        ],
    ),
    ("jp", "JP", ALL, &[]),
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
        assert!(differences.iter().all(|(_, reason)| !reason.is_empty()));
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

/// The date of every event of an iCalendar file, with its name.
fn events(name: &str) -> Option<Vec<(Date, String)>> {
    let Some(folder) = shared() else {
        println!("skipped: {name} is not beside this checkout");
        return None;
    };
    let text = text(&folder.join("../data/calendars/ics").join(name));
    let of = |block: &str, key: &str| {
        let line = block.lines().find(|line| line.starts_with(key))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let event = |block: &str| {
        let day = of(block, "DTSTART")?;
        Some((Date::strptime("%Y%m%d", day.get(..8)?).ok()?, of(block, "SUMMARY")?))
    };
    Some(text.split("BEGIN:VEVENT").skip(1).map(|block| event(block).expect("an event")).collect())
}

#[test]
fn sets_agree_with_calendars_that_people_subscribe_to() {
    for (file, first, last) in
        [("govuk-england-and-wales-2022.ics", 2018, 2025), ("govuk-england-and-wales-makers.ics", 2012, 2017)]
    {
        let Some(events) = events(file) else { return };
        let theirs: BTreeSet<Date> = events.into_iter().map(|(day, _)| day).collect();
        let ours: BTreeSet<Date> =
            (first..=last).flat_map(|year| dates("gb-england", year)).filter(is_weekday).collect();
        assert_eq!(ours, theirs, "{file}");
    }
    for (file, first, last) in
        [("aaronshivers-us_holidays.ics", 2026, 2035), ("travishorn-us_holidays.ics", 2024, 2028)]
    {
        let Some(events) = events(file) else { return };
        let federal = |name: &str| {
            holiday_set("us-federal").is_some_and(|set| {
                let known = if name == "Presidents' Day" { "Washington's Birthday" } else { name };
                set.iter().any(|holiday| holiday.name.as_deref() == Some(known))
            })
        };
        let theirs: BTreeSet<Date> = events
            .iter()
            .filter(|(day, name)| day.year() <= last && federal(name))
            .map(|(day, _)| *day)
            .collect();
        let mut ours: BTreeSet<Date> = (first..=last).flat_map(|year| dates("us-federal", year)).collect();
        // These files know no observed days: a Friday before and a Monday after a holiday on the weekend.
        let beside =
            |day: &Date| [day.yesterday(), day.tomorrow()].into_iter().flatten().any(|day| !is_weekday(&day));
        ours.retain(|day| theirs.contains(day) || !beside(day));
        assert_eq!(ours, theirs, "{file}");
        assert_eq!(theirs.len(), 11 * usize::try_from(last - first + 1).expect("years"), "{file}");
    }
}
