//! Feeds as they come: with losses, damaged, endless, and those of others.

use serde_json::{Value, json};

use super::{feed, import, segments};
use crate::support::{Files, run, text};

/// A few lines of everything that a feed may have.
const MIXED: &str = "BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Europe/Rome\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\nX-LIC-LOCATION:Europe/Rome\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Hours\\, long\r\n er\r\nDTSTART;TZID=Here:20260105T090000\r\nDTEND;TZID=Here:20260105T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20260201T000000Z\r\nEXDATE;TZID=Here:20260112T090000\r\nRDATE;VALUE=PERIOD:20260110T090000Z/PT2H\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:20261225\r\nDURATION:P2D\r\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;COUNT=9\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID;VALUE=DATE:20271225\r\nDTSTART;VALUE=DATE:20271227\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn what_is_lost_is_named_by_line_and_reason() {
    let events = [
        ("no_start", "SUMMARY:x"),
        ("bad_start", "DTSTART;VALUE=DATE:2026122"),
        ("bad_start", "DTSTART;VALUE=DATE:20260230"),
        ("bad_start", "DTSTART:next Friday"),
        ("bad_end", "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224"),
        ("bad_end", "DTSTART;VALUE=DATE:20261225\nDTEND:20261226T000000Z"),
        ("bad_end", "DTSTART;VALUE=DATE:20261225\nDURATION:P1Y"),
        ("bad_rule", "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYEASTER=1"),
        ("bad_rule", "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=FORTNIGHTLY"),
        (
            "other_scale",
            "DTSTART;VALUE=DATE:20261225\nRRULE:RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8",
        ),
        ("bad_exception", "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY\nEXDATE:soon"),
        ("ex_rule", "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY\nEXRULE:FREQ=YEARLY;INTERVAL=2"),
        ("unknown_zone", "DTSTART;TZID=Mars/Olympus:20261225T000000\nDURATION:P1D"),
        ("out_of_range", "DTSTART;VALUE=DATE:19691231"),
        ("out_of_range", "DTSTART;VALUE=DATE:22000101"),
        ("timed", "DTSTART:20261224T120000Z\nDTEND:20261224T180000Z"),
        ("too_many", "DTSTART;VALUE=DATE:16010101\nRRULE:FREQ=DAILY"),
    ];
    let files = Files::new();
    let bad: Vec<&str> = events.iter().map(|(_, event)| *event).collect();
    let good = "DTSTART;VALUE=DATE:20261231\nUID:good";
    let feed = files.write("feed.ics", feed(&[&bad[..], &[good]].concat()));
    let report = text(&files.path("report.jsonl"));
    let run = run(&["import", "ics", &feed, "--json", "--until", "2030", "--report", &report], b"");
    let report = std::fs::read_to_string(report).unwrap();
    let report: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut lost: Vec<_> =
        report.iter().filter_map(|lost| Some((lost["line"].as_u64()?, lost["reason"].as_str()?))).collect();
    lost.sort_unstable();
    let mut line = 3;
    let mut expected = Vec::new();
    for (reason, event) in events {
        expected.push((line, reason));
        line += event.lines().count() as u64 + 2;
    }
    assert_eq!(lost, expected);
    let summary = &report.last().unwrap()["summary"];
    assert_eq!((&summary["events"], &summary["lost"]), (&json!(18), &json!(17)));
    assert!(run.code == 1 && run.err.contains("feed.ics, line 6"), "{}", run.err);
    assert!(run.lines()[0]["holidays"].to_string().contains("2026-12-31"), "{}", run.out);
}

#[test]
fn damaged_files_are_answered_by_code() {
    for (bytes, code) in [
        (&b"<html>not found</html>"[..], "SLA-H0501"),
        (b"", "SLA-H0501"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "SLA-H0501"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\n", "SLA-H0502"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VCALENDAR\n", "SLA-H0503"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:\xff\nEND:VEVENT\nEND:VCALENDAR\n", "SLA-H0503"),
    ] {
        let run = import(bytes, &[]);
        assert!(run.code == 1 && run.err.contains(code), "{code}: {}", run.err);
    }
    let unended = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n";
    let run = import(unended, &[]);
    assert_eq!(run.lines()[0]["holidays"], json!([{ "date": "2026-12-25" }]));
    assert!(run.err.contains("line 2") && run.err.contains("no end line"), "{}", run.err);
}

#[test]
fn no_damage_makes_an_import_fall_over() {
    use slaclock_host::ics::{Kind, Options, import};
    let files = Files::new();
    let file = files.path("feed.ics");
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let pieces: [&[u8]; 12] = [
        b"\r\n",
        b":",
        b";",
        b"=",
        b",",
        b"\"",
        b"99999999999",
        b"-1",
        b"\xff",
        b"",
        b"BEGIN:VEVENT\r\n",
        b"FREQ=SECONDLY;",
    ];
    let mut calendars = 0;
    for round in 0..1500 {
        let mut bytes = MIXED.as_bytes().to_vec();
        for _ in 0..=round % 4 {
            let at = random(bytes.len());
            let end = (at + random(12)).min(bytes.len());
            let piece = pieces[random(pieces.len())].to_vec();
            bytes.splice(at..end, piece);
        }
        std::fs::write(&file, &bytes).unwrap();
        let kind = if round % 2 == 0 { Kind::Hours } else { Kind::Holidays };
        let options = Options {
            kind,
            zone: None,
            from: None,
            until: None,
            horizon: 2036,
            without: Vec::new(),
            name: None,
            json: true,
        };
        if let Ok(imported) = import(std::slice::from_ref(&file), &options, None) {
            let calendar: Value = serde_json::from_str(&imported.text).unwrap();
            assert!(calendar.is_object());
            calendars += 1;
        }
    }
    assert!(calendars > 1000, "{calendars}");
}

#[test]
fn a_feed_that_never_ends_is_cut_off() {
    let daily = "DTSTART;TZID=Europe/Rome:19700101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=3;UNTIL=21991231T000000Z";
    let run = import(feed(&vec![daily; 90]), &["--as", "hours", "--from", "2026", "--until", "2027"]);
    assert!(run.code == 1 && run.err.contains("2,000,000 of all"), "{}", run.err);
    assert!(run.lines()[0]["special_days"].as_array().is_some_and(|days| days.len() > 200), "{}", run.err);
}

/// The feeds of others where they lie beside the checkout; they are not part of it.
fn beside(name: &str) -> Option<String> {
    let folder = std::env::var_os("SLACLOCK_SHARED").map(std::path::PathBuf::from);
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let file = folder.unwrap_or(beside).join("data/calendars").join(name);
    file.exists().then(|| text(&file))
}

#[test]
fn real_feeds() {
    for (name, holidays) in [
        ("aaronshivers-us_holidays.ics", 230),
        ("travishorn-us_holidays.ics", 111),
        ("govuk-england-and-wales-makers.ics", 49),
        ("govuk-england-and-wales-2022.ics", 67),
        ("zammad-calendar2.ics", 2),
        ("zammad-google-german-excerpt.ics", 2),
    ] {
        let Some(file) = beside(&format!("ics/{name}")) else {
            println!("skipped: the feeds are not beside this checkout");
            return;
        };
        let run = run(&["import", "ics", &file, "--json", "--time-zone", "Europe/London"], b"");
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        let calendar = &run.lines()[0];
        assert_eq!(calendar["holidays"].as_array().unwrap().len(), holidays, "{name}");
        segments(calendar, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    }
}

#[test]
fn the_bank_holidays_of_gov_uk_are_those_of_its_feed() {
    let (Some(feed), Some(list)) =
        (beside("ics/govuk-england-and-wales-2022.ics"), beside("govuk/bank-holidays.json"))
    else {
        println!("skipped: the feeds are not beside this checkout");
        return;
    };
    let imported = run(&["import", "ics", &feed, "--json"], b"").lines().remove(0);
    let list: Value = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    let dates = |list: &Value| -> Vec<String> {
        let date = |entry: &Value| entry["date"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(date).collect()
    };
    let (imported, listed) = (dates(&imported["holidays"]), dates(&list["england-and-wales"]["events"]));
    let (first, last) = (imported.first().max(listed.first()), imported.last().min(listed.last()));
    let common = |dates: &[String]| -> Vec<String> {
        dates.iter().filter(|date| Some(*date) >= first && Some(*date) <= last).cloned().collect()
    };
    assert_eq!(common(&listed).len(), 16, "{listed:?}");
    assert_eq!(common(&imported), common(&listed));
}
