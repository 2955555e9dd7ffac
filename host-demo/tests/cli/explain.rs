//! `slaclock clocks --explain` and `slaclock preview`.

use serde_json::Value;

use crate::support::{AGREEMENT, Files, run};

/// Five minutes before closing on a Friday in Rome; one that waited for the customer; two that cannot be explained.
const TICKETS: &str = "\
{\"id\":\"T-1\",\"created_at\":\"2026-11-20T16:55:00+01:00\"}
{\"id\":\"T-2\",\"created_at\":\"2026-11-20T09:00:00+01:00\",\"events\":[\
{\"at\":\"2026-11-20T10:00:00+01:00\",\"status\":\"Waiting\"},{\"at\":\"2026-11-20T12:00:00+01:00\",\"status\":\"Open\"}]}
{\"id\":\"early\",\"created_at\":\"2026-11-20T09:00:00Z\",\"events\":[{\"at\":\"2026-11-20T08:00:00Z\",\"status\":\"Done\"}]}

nonsense
{\"id\":\"T-3\",\"created_at\":\"2026-11-23T09:00:00+01:00\"}
";

const MONDAY: &str = "2026-11-23T09:10:00+01:00";

/// The clock of an explanation.
fn clock<'e>(explanation: &'e Value, name: &str) -> &'e Value {
    let mut clocks = explanation["clocks"].as_array().unwrap().iter();
    clocks.find(|clock| clock["clock"] == name).unwrap_or_else(|| panic!("no {name} in {explanation}"))
}

/// Why, how long and whether each slice of the only cycle counts, in minutes.
fn slices(clock: &Value) -> Vec<(&str, i64, bool)> {
    let cycles = clock["cycles"].as_array().unwrap();
    assert_eq!(cycles.len(), 1, "{clock}");
    let slice = |slice: &'_ Value| slice["duration_ms"].as_i64().unwrap() / 60_000;
    let slices = cycles[0]["slices"].as_array().unwrap().iter();
    slices
        .map(|each| (each["why"].as_str().unwrap(), slice(each), each["counted"].as_bool().unwrap()))
        .collect()
}

#[test]
fn every_minute_is_told_and_errors_keep_their_place() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let arguments = ["clocks", "-a", &agreement, "--now", MONDAY, "--explain"];
    let sandboxed = run(&arguments, TICKETS.as_bytes());
    assert_eq!((&*sandboxed.err, sandboxed.code), ("", 1));
    assert_eq!(sandboxed.error_codes(), ["", "", "SLA-E0301", "SLA-E0001", ""]);
    let lines = sandboxed.lines();
    assert_eq!(lines[2]["ticket"], "early");
    let ids: Vec<_> = [0, 1, 4].iter().map(|line| &lines[*line]["evaluation"]["ticket"]).collect();
    assert_eq!(ids, ["T-1", "T-2", "T-3"]);

    let friday = clock(&lines[0], "resolution");
    let told = slices(friday);
    assert_eq!(told.first(), Some(&("counted", 5, true)));
    assert_eq!(told.last(), Some(&("counted", 10, true)));
    assert!(
        told[1..told.len() - 1].iter().all(|(why, _, counted)| *why == "weekday" && !counted),
        "{told:?}"
    );
    assert_eq!(told.iter().map(|(_, minutes, _)| minutes).sum::<i64>(), 64 * 60 + 15);
    assert_eq!(friday["cycles"][0]["elapsed_ms"], 15 * 60_000);

    let paused = slices(clock(&lines[1], "resolution"));
    assert_eq!(paused[..3], [("counted", 60, true), ("paused", 120, false), ("counted", 300, true)]);
    assert_eq!(lines[1]["matching"][0]["policy"], "all");
    assert!(
        lines[1]["fingerprint"].as_str().is_some_and(|text| text.starts_with("sha256:") && text.len() == 71)
    );

    for more in [&["--native"][..], &["--jobs", "1"]] {
        let other = run(&[&arguments[..], more].concat(), TICKETS.as_bytes());
        assert_eq!((other.code, other.out == sandboxed.out), (1, true), "{more:?}");
    }
}

#[test]
fn the_evaluation_within_is_that_without() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let plain = ["clocks", "-a", &agreement, "--now", MONDAY, "--known-at", "2026-11-20T10:30:00+01:00"];
    let explained = run(&[&plain[..], &["--explain"]].concat(), TICKETS.as_bytes()).lines();
    let plain = run(&plain, TICKETS.as_bytes()).lines();
    assert_eq!(explained.len(), plain.len());
    for (explained, plain) in explained.iter().zip(&plain) {
        assert_eq!(explained.get("evaluation").unwrap_or(explained), plain);
    }
    assert_eq!(explained[0]["known_at"], "2026-11-20T09:30:00Z");
}

#[test]
fn words_tell_it_to_people() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let arguments = ["clocks", "-a", &agreement, "--now", MONDAY, "--explain"];
    let lines = run(&arguments, TICKETS.as_bytes()).lines();
    let words = |line: &Value| -> String {
        line["words"].as_array().unwrap().iter().map(|word| format!("{}\n", word.as_str().unwrap())).collect()
    };
    let error = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let error = &line["error"];
        format!("{} ✗ {} {}\n", text(&line["ticket"]), text(&error["code"]), text(&error["message"]))
    };
    let tabular = run(&[&arguments[..], &["--table"]].concat(), TICKETS.as_bytes());
    let wanted = [words(&lines[0]), words(&lines[1]), error(&lines[2]), error(&lines[3]), words(&lines[4])];
    assert_eq!((tabular.code, tabular.out), (1, wanted.join("\n")));
    assert!(wanted[0].contains("Fri 2026-11-20 16:55 to Fri 2026-11-20 17:00: 5m counted"), "{}", wanted[0]);
    assert!(wanted[1].contains("2h not counted, paused for customer (status Waiting)"), "{}", wanted[1]);
}

const BY_PRIORITY: &str = r#"
slaclock: "1"
id: test
time_zone: Europe/Rome
calendars:
  office: { hours: { mon-fri: ["09:00-17:00"] } }
policies:
  - { id: vip, when: { vip: true }, clocks: { resolution: { within: 1h, calendar: always } } }
  - { id: p2, when: { priority: P2 }, clocks: { resolution: { within: 4h, calendar: office } } }
"#;

#[test]
fn a_preview_tells_what_a_ticket_would_be_promised() {
    let files = Files::new();
    let agreement = files.write("a.yaml", BY_PRIORITY);
    let arguments = ["preview", "-a", &agreement, "--now", "2026-11-20T16:00:00+01:00"];
    for (fields, policy, due) in [
        (&["priority=P2"][..], "p2", "2026-11-23T11:00:00Z"),
        (&["priority=P2", "vip=true"], "vip", "2026-11-20T16:00:00Z"),
        (&["priority=P2", "vip=\"true\""], "p2", "2026-11-23T11:00:00Z"),
    ] {
        let arguments = [&arguments[..], fields].concat();
        let sandboxed = run(&arguments, b"");
        assert_eq!((&*sandboxed.err, sandboxed.code), ("", 0));
        let lines = sandboxed.lines();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["evaluation"]["policy"], policy);
        assert_eq!(lines[0]["evaluation"]["clocks"][0]["due_at"], due);
        assert_eq!(run(&[&arguments[..], &["--native"]].concat(), b"").out, sandboxed.out);
        let words = run(&[&arguments[..], &["--table"]].concat(), b"");
        assert_eq!(words.out, format!("{}\n", lines[0]["words"][0].as_str().unwrap()));
    }
}

#[test]
fn a_preview_without_policy_or_with_mistakes_says_so() {
    let files = Files::new();
    let agreement = files.write("a.yaml", BY_PRIORITY);
    let none = run(&["preview", "-a", &agreement], b"");
    assert_eq!((none.code, &none.lines()[0]["evaluation"]["policy"]), (0, &Value::Null));
    assert_eq!(run(&["preview", "-a", &agreement, "priority"], b"").code, 2);
    let twice = run(&["preview", "-a", &agreement, "priority=P1", "priority=P2"], b"");
    assert_eq!((twice.code, &*twice.out), (1, ""));
    assert!(twice.err.contains("the field `priority` is given twice"), "{}", twice.err);
    let agreement = files.write("b.yaml", BY_PRIORITY.replace("within: 4h", "witin: 4h"));
    for engine in [&[][..], &["--native"]] {
        let wrong = run(&[&["preview", "-a", &agreement], engine].concat(), b"");
        assert_eq!((wrong.code, &*wrong.out), (1, ""));
        assert!(wrong.err.contains("b.yaml, line 9, at /policies/1/clocks/resolution"), "{}", wrong.err);
    }
}
