//! Calendars and deadlines as feeds.

use serde_json::json;

use super::{import, segments};
use crate::support::{AGREEMENT, Files, run, ticket};

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

#[test]
fn calendars_made_of_others_are_exported_with_what_they_are_made_of() {
    let agreement = r#"
slaclock: "1"
id: test
time_zone: Europe/Rome
calendars:
  rome: { hours: { mon-fri: ["09:00-17:00"] }, holidays: [{ date: --12-25 }] }
  york:
    time_zone: America/New_York
    hours: { mon-fri: ["09:00-17:00"] }
    except: { hours: { mon-sun: ["12:00-13:00"] } }
  both: { all_of: [rome, york] }
  more: { any_of: [both, { hours: { sun: ["10:00-11:00"] } }] }
policies: []
"#;
    let files = Files::new();
    let export = |text: &str, calendar: &str| {
        let document = files.write("agreement.yaml", text);
        let span = ["--from", "2026-12-18", "--until", "2026-12-31"];
        run(&[&["export", "ics", "calendar", &document, "--calendar", calendar], &span[..]].concat(), b"")
    };
    let run = export(agreement, "more");
    assert_eq!((run.code, &*run.err), (0, ""));
    let starts: Vec<&str> = run.out.lines().filter_map(|line| line.strip_prefix("DTSTART:")).collect();
    // Rome closes two hours after New York opens, at Rome's 15:00; not on Christmas, and on Sundays an hour of Rome.
    let expected: Vec<String> =
        ["18T14", "20T09", "21T14", "22T14", "23T14", "24T14", "27T09", "28T14", "29T14", "30T14", "31T14"]
            .map(|start| format!("202612{start}0000Z"))
            .to_vec();
    assert_eq!(starts, expected, "{}", run.out);
    let wrong = export(&agreement.replace("12:00-13:00", "12:00-1"), "more");
    assert!(wrong.err.contains("line 10, at /calendars/york/except/hours/mon-sun/0"), "{}", wrong.err);
    // As everywhere, a mistake in another calendar refuses the agreement.
    let round = export(&agreement.replace("[rome, york]", "[rome, both]"), "rome");
    assert!(
        round.code == 1 && round.err.contains("SLA-E0209") && round.err.contains("`both` is made of itself"),
        "{}",
        round.err
    );
}
