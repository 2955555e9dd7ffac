//! Whole days of a feed are holidays.

use serde_json::{Value, json};

use super::{calendar, feed, import};
use crate::support::{Files, gzip, run, ticket};

/// The dates of the holidays of one all-day event, the years given.
#[track_caller]
fn dates(event: &str, expected: &[&str]) {
    let calendar = calendar(&[event], &["--from", "2024", "--until", "2027"]);
    let holidays = calendar["holidays"].as_array().cloned().unwrap_or_default();
    let shown = |holiday: &Value| {
        let years = ["from", "until"].map(|key| holiday[key].as_i64());
        let years = years.map(|year| year.map(|year| year.to_string()).unwrap_or_default());
        let date = holiday["date"].as_str().unwrap();
        if years.concat().is_empty() { date.to_owned() } else { format!("{date} {}-{}", years[0], years[1]) }
    };
    assert_eq!(holidays.iter().map(shown).collect::<Vec<_>>(), expected, "{event}");
}

#[test]
fn all_day_events_become_holidays() {
    for (event, expected) in [
        ("DTSTART;VALUE=DATE:20261225", &["2026-12-25"][..]),
        ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102", &["2026-12-24..2027-01-01"]),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P2D", &["2026-12-24..2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P1W", &["2026-12-24..2026-12-30"]),
        ("DTSTART:20261225", &["2026-12-25"]),
        // From midnight to midnight, as Outlook writes it, and up to the last second.
        ("DTSTART:20261225T000000\nDTEND:20261226T000000", &["2026-12-25"]),
        ("DTSTART;TZID=Europe/Rome:20261225T000000\nDTEND;TZID=Europe/Rome:20261225T235959", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20230101", &[]),
        (
            "DTSTART;VALUE=DATE:20261225\nRDATE;VALUE=DATE:20271227,20251229",
            &["2025-12-29", "2026-12-25", "2027-12-27"],
        ),
    ] {
        dates(event, expected);
    }
}

#[test]
fn rules_stay_rules_where_a_calendar_has_them() {
    for (rule, expected) in [
        ("20121225\nRRULE:FREQ=YEARLY;INTERVAL=1", &["--12-25 2012-"][..]),
        ("19600101\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", &["--01-01"]),
        ("20121225\nRRULE:FREQ=YEARLY;COUNT=3", &["--12-25 2012-2014"]),
        ("20121225\nRRULE:FREQ=YEARLY;UNTIL=20151224", &["--12-25 2012-2014"]),
        ("20201224\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY", &["--12-24..--12-26 2020-"]),
        ("20201231\nDTEND;VALUE=DATE:20210103\nRRULE:FREQ=YEARLY", &["--12-31..--01-02 2020-"]),
        ("20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", &["4th thu nov 2020-"]),
        ("20200525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", &["last mon may 2020-"]),
        ("20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYSETPOS=4", &["4th thu nov 2020-"]),
        (
            "20200620\nRRULE:FREQ=YEARLY;BYMONTH=6;BYDAY=SA;BYMONTHDAY=20,21,22,23,24,25,26",
            &["sat on-or-after 06-20 2020-"],
        ),
        ("20240229\nRRULE:FREQ=YEARLY", &["--02-29 2024-"]),
    ] {
        dates(&format!("DTSTART;VALUE=DATE:{rule}"), expected);
    }
}

#[test]
fn other_rules_are_written_date_by_date() {
    for (rule, expected) in [
        ("20240101\nRRULE:FREQ=YEARLY;INTERVAL=2", &["2024-01-01", "2026-01-01"][..]),
        (
            "20240101\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20250101",
            &["2024-01-01", "2026-01-01", "2027-01-01"],
        ),
        ("20240101\nRRULE:FREQ=YEARLY\nEXDATE:20250101T000000Z", &["2024-01-01", "2026-01-01", "2027-01-01"]),
        ("20260130\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=3", &["2026-01-30", "2026-02-27", "2026-03-30"]),
        ("20260105\nRRULE:FREQ=WEEKLY;UNTIL=20260119T000000Z", &["2026-01-05", "2026-01-12", "2026-01-19"]),
        (
            "20240228\nDTEND;VALUE=DATE:20240301\nRRULE:FREQ=YEARLY;COUNT=2",
            &["2024-02-28..2024-02-29", "2025-02-28..2025-03-01"],
        ),
        // The fourth Thursday of the year, not of a month.
        ("20260122\nRRULE:FREQ=YEARLY;BYDAY=4TH;COUNT=2", &["2026-01-22", "2027-01-28"]),
        // A start that its rule does not give counts as well.
        ("20260102\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;COUNT=1", &["2026-01-02", "2027-01-01"]),
    ] {
        dates(&format!("DTSTART;VALUE=DATE:{rule}"), expected);
    }
}

#[test]
fn occurrences_are_moved_and_cancelled() {
    let yearly = "UID:a\nDTSTART;VALUE=DATE:20240101\nRRULE:FREQ=YEARLY;COUNT=4";
    let moved = "UID:a\nRECURRENCE-ID;VALUE=DATE:20250101\nDTSTART;VALUE=DATE:20250103";
    let gone = "UID:a\nRECURRENCE-ID;VALUE=DATE:20260101\nDTSTART;VALUE=DATE:20260101\nSTATUS:CANCELLED";
    let run =
        import(feed(&[yearly, moved, gone, "UID:b\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20250601"]), &[]);
    let holidays = &run.lines()[0]["holidays"];
    assert_eq!(
        *holidays,
        json!([{ "date": "2024-01-01" }, { "date": "2025-01-03" }, { "date": "2027-01-01" }])
    );
    assert!(run.code == 0 && run.err.contains("2  cancelled events"), "{}", run.err);
}

#[test]
fn texts_are_unfolded_and_unescaped() {
    let name = "Ch\u{e9}rie\\, \\\"x\\\"\\; \\\\ back\\nline";
    let folded = format!("SUMMARY;LANGUAGE=fr:{name}\nDTSTART;VALUE=DATE:20261225");
    let mut bytes = feed(&[&folded]).into_bytes();
    // A fold within the two bytes of a character.
    let at = bytes.iter().position(|byte| *byte == 0xc3).unwrap();
    bytes.splice(at + 1..at + 1, *b"\r\n ");
    let with_mark = [b"\xef\xbb\xbf", &*bytes].concat();
    let unix: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    let doubled = String::from_utf8(feed(&[&folded]).into_bytes()).unwrap().replace("\r\n", "\r\n\r\n");
    for bytes in [bytes.clone(), with_mark, unix, doubled.into_bytes(), gzip(&bytes)] {
        let run = import(bytes, &[]);
        let name = "Ch\u{e9}rie, \"x\"; \\ back\nline";
        assert_eq!(
            run.lines()[0]["holidays"],
            json!([{ "date": "2026-12-25", "name": name }]),
            "{}",
            run.err
        );
    }
}

#[test]
fn entries_can_be_left_out() {
    let events = [
        "SUMMARY:Full Moon\nDTSTART;VALUE=DATE:20260103",
        "SUMMARY:Daylight Saving Time ends\nDTSTART;VALUE=DATE:20261101",
        "SUMMARY:Carnival\nDESCRIPTION:Observance\\nTo hide\nDTSTART;VALUE=DATE:20260217",
        "SUMMARY:Half term\nCATEGORIES:Work,School\nDTSTART;VALUE=DATE:20260216",
        "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225",
    ];
    let patterns = [
        "--without",
        "moon",
        "--without",
        "daylight*ends",
        "--without",
        "description:observance",
        "--without",
        "category:school",
    ];
    let run = import(feed(&events), &patterns);
    assert_eq!(run.lines()[0]["holidays"], json!([{ "date": "2026-12-25", "name": "Christmas" }]));
    assert!(run.code == 0 && run.err.contains("4  events left out"), "{}", run.err);
    let run = import(feed(&events), &["--without", "easter"]);
    assert!(run.code == 1 && run.err.contains("SLA-H0505"), "{}", run.err);
}

#[test]
fn midnight_may_be_an_instant_and_feeds_may_overlap() {
    let files = Files::new();
    let instant = feed(&["SUMMARY:Christmas\nDTSTART:20261224T230000Z\nDTEND:20261225T230000Z"]);
    let date = feed(&[
        "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225",
        "SUMMARY:No\u{eb}l\nDTSTART;VALUE=DATE:20261225",
    ]);
    let (first, second) = (files.write("a.ics", instant), files.write("b.ics", date));
    let arguments =
        ["import", "ics", &first, &second, "--time-zone", "Europe/Rome", "--calendar", "a: \"b\""];
    let run = run(&arguments, b"");
    let expected = "\
calendars:
  \"a: \\\"b\\\"\":
    time_zone: \"Europe/Rome\"
    holidays:
      - { date: \"2026-12-25\", name: \"Christmas\" }
      - { date: \"2026-12-25\", name: \"No\u{eb}l\" }
";
    assert_eq!((run.code, &*run.out), (0, expected), "{}", run.err);
    assert!(run.err.contains("1  dates that were there already"), "{}", run.err);
    let agreement = format!(
        "slaclock: \"1\"\nid: a\ntime_zone: UTC\npolicies: [{{ id: p, clocks: {{ resolution: {{ within: 1h, calendar: always }} }} }}]\n{expected}"
    );
    let agreement = files.write("agreement.yaml", agreement);
    let told = crate::support::run(&["clocks", "--native", "-a", &agreement], ticket("T-1").as_bytes());
    assert_eq!(told.code, 0, "{}", told.err);
}

#[test]
fn a_feed_of_a_shipped_set_is_recognised() {
    // The federal holidays of the United States, substitutes only, until the feed ends in the middle of 2026.
    let observed = [
        "20240101", "20240115", "20240219", "20240527", "20240619", "20240704", "20240902", "20241014",
        "20241111", "20241128", "20241225", "20250101", "20250120", "20250217", "20250526", "20250619",
        "20250704", "20250901", "20251013", "20251111", "20251127", "20251225", "20260101", "20260119",
    ];
    let events: Vec<_> =
        observed.iter().map(|date| format!("SUMMARY:Closed\nDTSTART;VALUE=DATE:{date}")).collect();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    let told = import(feed(&events), &[]).err;
    let sets = "`holidays: [{ use: us-federal }]` or `holidays: [{ use: us-federal-reserve }]`";
    assert!(told.contains(&format!("On working days of 2024 to 2025 it closes as {sets} does")), "{told}");
    let less = import(feed(&events[1..]), &["--until", "2025"]).err;
    assert!(!less.contains("On working days"), "{less}");
    // Rules go on for ever, as sets do.
    let rule = import(feed(&["DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY"]), &[]).err;
    assert!(!rule.contains("On working days"), "{rule}");
}
