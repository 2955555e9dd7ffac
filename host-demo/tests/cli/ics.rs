//! `slaclock import ics` on feeds as they come.

use serde_json::{Value, json};

use crate::support::{AGREEMENT, Files, Run, gzip, run, text, ticket};

/// A feed of some events, each the lines of it but the first and last.
fn feed(events: &[&str]) -> String {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}

#[track_caller]
fn import(feed: impl AsRef<[u8]>, arguments: &[&str]) -> Run {
    let files = Files::new();
    let feed = files.write("feed.ics", feed);
    run(&[&["import", "ics", &feed, "--json"], arguments].concat(), b"")
}

/// The calendar that a feed gives without any loss.
#[track_caller]
fn calendar(events: &[&str], arguments: &[&str]) -> Value {
    let run = import(feed(events), arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    run.lines().remove(0)
}

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
fn timed_events_become_hours() {
    let week = "UID:w\nDTSTART;TZID=Eastern Standard Time:20260105T090000\nDTEND;TZID=Eastern Standard Time:20260105T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\nEXDATE;TZID=Eastern Standard Time:20260324T090000";
    let short = "UID:w\nSUMMARY:Training\nRECURRENCE-ID:20260325T130000Z\nDTSTART;TZID=America/New_York:20260325T100000\nDTEND;TZID=America/New_York:20260325T120000";
    let night = "DTSTART;TZID=America/New_York:20260110T220000\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=SA";
    let summer = "SUMMARY:Summer\nDTSTART;TZID=America/New_York:20260601T080000\nDTEND;TZID=America/New_York:20260601T200000\nRRULE:FREQ=DAILY;UNTIL=20260604T035959Z";
    let once = "SUMMARY:Inventory\nDTSTART:20261227T150000Z\nDTEND:20261227T160000Z";
    let christmas = "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY";
    let late = "SUMMARY:Help\nDTSTART;TZID=America/New_York:20261225T230000\nDTEND;TZID=America/New_York:20261226T010000";
    let calendar = calendar(&[week, short, night, summer, once, christmas, late], &["--as", "hours"]);
    let expected = json!({
        "time_zone": "America/New_York",
        "hours": { "mon-fri": ["09:00-17:00"], "sat": ["22:00-24:00"], "sun": ["00:00-06:00"] },
        "holidays": [{ "date": "--12-25", "name": "Christmas", "from": 2020 }],
        "special_days": [
            { "date": "2026-03-24", "hours": [] },
            { "date": "2026-03-25", "hours": ["10:00-12:00"], "name": "Training" },
            { "date": "2026-06-01..2026-06-03", "hours": ["08:00-20:00"] },
            { "date": "2026-12-25", "hours": ["23:00-24:00"], "name": "Help" },
            { "date": "2026-12-26", "hours": ["00:00-01:00", "22:00-24:00"], "name": "Help" },
            { "date": "2026-12-27", "hours": ["00:00-06:00", "10:00-11:00"], "name": "Inventory" },
        ],
    });
    assert_eq!(calendar, expected);
}

/// The open stretches of a calendar, as the engine tells them; which one it is makes no difference.
#[track_caller]
fn segments(calendar: &Value, from: &str, until: &str) -> Value {
    let question = json!({ "calendar": calendar, "op": "segments", "start": from, "end": until });
    let answer = run(&["hours", "--native"], format!("{question}\n").as_bytes()).lines().remove(0);
    assert!(answer["segments"].is_array(), "{answer}");
    answer["segments"].clone()
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let calendars = [
        // Nights, an hour that comes twice, substitutes, a special day on a holiday.
        json!({
            "time_zone": "America/New_York",
            "hours": { "mon-fri": ["09:00-12:30", "13:00-17:00"], "sat": ["22:00-06:00"], "sun": ["00:30-01:30"] },
            "holidays": [
                { "date": "--07-04", "name": "Independence Day; \"the Fourth\"", "observed": "nearest-weekday" },
                { "date": "--12-25", "name": "Christmas" },
                { "date": "--12-26", "name": "St Stephen, \\", "observed": "next-free-weekday" },
            ],
            "special_days": [{ "date": "2026-12-24", "hours": ["09:00-13:00"] }, { "date": "2026-12-25", "hours": ["20:00-02:00"] }],
        }),
        // Always open, on a clock that turns by half an hour.
        json!({ "time_zone": "Australia/Lord_Howe", "hours": { "mon-sun": ["00:00-24:00"] } }),
        // A clock that skips midnight.
        json!({ "time_zone": "Africa/Cairo", "hours": { "thu-fri": ["23:30-01:00"] } }),
        json!({ "time_zone": "Europe/Rome", "holidays": [{ "date": "easter" }] }),
    ];
    for calendar in calendars {
        let files = Files::new();
        let document = files.write("calendar.json", calendar.to_string());
        let exported = run(
            &["export", "ics", "calendar", &document, "--from", "2026-01-01", "--until", "2026-12-31"],
            b"",
        );
        assert_eq!((exported.code, &*exported.err), (0, ""));
        assert!(
            exported.out.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
            "{}",
            exported.out
        );
        let imported = import(&exported.out, &["--as", "hours"]);
        assert_eq!(imported.code, 0, "{}", imported.err);
        let zone = calendar["time_zone"].as_str().unwrap();
        // Beyond the span the feed says nothing.
        let (from, until) = ("2026-01-02T00:00:00Z", "2026-12-31T00:00:00Z");
        let back = &imported.lines()[0];
        assert_eq!(segments(back, from, until), segments(&calendar, from, until), "{zone}");
        if calendar["holidays"].is_array() {
            assert!(back["holidays"].as_array().is_some_and(|holidays| !holidays.is_empty()), "{back}");
        }
    }
}

#[test]
fn holidays_are_exported_as_whole_days() {
    let agreement = r#"
slaclock: "1"
id: test
time_zone: Europe/Rome
calendars:
  office:
    hours: { mon-fri: ["09:00-17:00"] }
    holidays:
      - { date: "--12-25..--12-26", name: Christmas, observed: next-free-weekday }
      - { date: easter+1, name: Easter Monday }
  other: {}
policies: []
"#;
    let files = Files::new();
    let document = files.write("agreement.yaml", agreement);
    let export = |calendar: &str| {
        run(
            &[
                "export",
                "ics",
                "calendar",
                &document,
                "--calendar",
                calendar,
                "--from",
                "2026-04-05",
                "--until",
                "2026-12-31",
                "--now",
                "2026-01-01T00:00:00Z",
            ],
            b"",
        )
    };
    let run = export("office");
    assert_eq!(run.code, 0, "{}", run.err);
    let days: Vec<&str> = run.out.lines().filter(|line| line.contains("VALUE=DATE")).collect();
    assert_eq!(
        days,
        [
            "DTSTART;VALUE=DATE:20260406",
            "DTEND;VALUE=DATE:20260407",
            "DTSTART;VALUE=DATE:20261225",
            "DTEND;VALUE=DATE:20261227",
            "DTSTART;VALUE=DATE:20261228",
            "DTEND;VALUE=DATE:20261229",
        ]
    );
    assert!(
        run.out
            .contains("DTSTAMP:20260101T000000Z\r\nDTSTART:20260407T070000Z\r\nDTEND:20260407T150000Z\r\n")
    );
    let unknown = export("ofice");
    assert!(
        unknown.code == 1 && unknown.err.contains("SLA-H0506") && unknown.err.contains("`office`"),
        "{}",
        unknown.err
    );
    let wrong = files.write("wrong.yaml", agreement.replace("09:00-17:00", "09:00-9"));
    let wrong = crate::support::run(&["export", "ics", "calendar", &wrong, "--calendar", "office"], b"");
    assert!(
        wrong.code == 1 && wrong.err.contains("line 7, at /calendars/office/hours/mon-fri/0"),
        "{}",
        wrong.err
    );
}

#[test]
fn deadlines_of_open_clocks() {
    let files = Files::new();
    let agreement = files.write("agreement.yaml", AGREEMENT);
    let tickets = files.write(
        "tickets.jsonl",
        [
            ticket("T-1, \u{20ac}"),
            "{\"id\":\"T-2\",\"created_at\":\"2026-11-20T09:00:00Z\",\"events\":[{\"at\":\"2026-11-20T09:10:00Z\",\"status\":\"Waiting\"},{\"at\":\"2026-11-20T09:20:00Z\",\"reply\":{\"by\":\"agent\",\"public\":true}}]}\n".to_owned(),
            "{\"id\":\"T-3\"}\n".to_owned(),
        ]
        .concat(),
    );
    let export = |form: &str| {
        run(
            &[
                "export",
                "ics",
                "deadlines",
                "-a",
                &agreement,
                "--as",
                form,
                "--now",
                "2026-11-20T10:30:00.5Z",
                &tickets,
            ],
            b"",
        )
    };
    let run = export("events");
    assert!(
        run.code == 1 && run.err.contains("1  paused clocks") && run.err.contains("ticket `T-3`"),
        "{}",
        run.err
    );
    let expected = "\
BEGIN:VEVENT\r
UID:T-1\\, \u{20ac}/first_response/1/test@slaclock\r
DTSTAMP:20261120T103000Z\r
DTSTART:20261120T100000Z\r
STATUS:CONFIRMED\r
TRANSP:TRANSPARENT\r
SUMMARY:T-1\\, \u{20ac} first response overdue\r
DESCRIPTION:Policy: all\\nState: running\\nCounted time: +30 min over\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:T-1\\, \u{20ac}/resolution/1/test@slaclock\r
DTSTAMP:20261120T103000Z\r
DTSTART:20261123T090000Z\r
STATUS:CONFIRMED\r
TRANSP:TRANSPARENT\r
SUMMARY:T-1\\, \u{20ac} resolution due\r
DESCRIPTION:Policy: all\\nState: running\\nCounted time: 6 h 29 min left\r
END:VEVENT\r
END:VCALENDAR\r
";
    assert!(run.out.ends_with(expected), "{}", run.out);
    let todos = export("todos").out;
    assert!(
        todos.contains("DUE:20261123T090000Z\r\nSTATUS:NEEDS-ACTION\r\n") && !todos.contains("DTSTART"),
        "{todos}"
    );
}

/// A few lines of everything that a feed may have.
const MIXED: &str = "BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Europe/Rome\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\nX-LIC-LOCATION:Europe/Rome\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Hours\\, long\r\n er\r\nDTSTART;TZID=Here:20260105T090000\r\nDTEND;TZID=Here:20260105T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20260201T000000Z\r\nEXDATE;TZID=Here:20260112T090000\r\nRDATE;VALUE=PERIOD:20260110T090000Z/PT2H\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:20261225\r\nDURATION:P2D\r\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;COUNT=9\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID;VALUE=DATE:20271225\r\nDTSTART;VALUE=DATE:20271227\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

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

#[test]
fn a_feed_that_never_ends_is_cut_off() {
    let daily = "DTSTART;TZID=Europe/Rome:19700101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=3;UNTIL=21991231T000000Z";
    let run = import(feed(&vec![daily; 90]), &["--as", "hours", "--from", "2026", "--until", "2027"]);
    assert!(run.code == 1 && run.err.contains("2,000,000 of all"), "{}", run.err);
    assert!(run.lines()[0]["special_days"].as_array().is_some_and(|days| days.len() > 200), "{}", run.err);
}

#[test]
fn times_of_other_zones_are_read_on_the_clock_of_the_calendar() {
    let monday = "DTSTART;TZID=America/New_York:20260302T090000\nDTEND;TZID=America/New_York:20260302T100000\nRRULE:FREQ=WEEKLY;COUNT=5";
    let days = calendar(&[monday], &["--as", "hours", "--time-zone", "Europe/Rome"])["special_days"].clone();
    let at = |day: usize| days[day]["hours"][0].as_str().unwrap().to_owned();
    // For three weeks summer time has begun there and not here.
    assert_eq!(
        [at(0), at(1), at(2), at(3), at(4)],
        ["15:00-16:00", "14:00-15:00", "14:00-15:00", "14:00-15:00", "15:00-16:00"]
    );
    // Without a zone of their own, instants are read in UTC.
    let instant = "DTSTART:20260302T090000Z\nDTEND:20260302T103000Z";
    let calendar = calendar(&[instant], &["--as", "hours"]);
    assert_eq!(
        calendar,
        json!({ "time_zone": "UTC", "special_days": [{ "date": "2026-03-02", "hours": ["09:00-10:30"] }] })
    );
}

#[test]
fn of_two_equal_times_one_cannot_be_open_alone() {
    let first = "DTSTART:20261025T000000Z\nDTEND:20261025T003000Z";
    let second = "DTSTART:20261025T010000Z\nDTEND:20261025T013000Z";
    let zone = ["--as", "hours", "--time-zone", "Europe/Rome"];
    for (events, lost) in [(&[first][..], true), (&[second], true), (&[first, second], false)] {
        let run = import(feed(events), &zone);
        assert_eq!(
            (run.code == 1, run.err.contains("two equal wall-clock times")),
            (lost, lost),
            "{}",
            run.err
        );
        assert_eq!(run.lines()[0]["special_days"][0]["hours"], json!(["02:00-02:30"]));
    }
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
