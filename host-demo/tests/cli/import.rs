//! `slaclock import csv` on the quirks of real logs.

use serde_json::{Value, json};

use crate::support::{Files, Run, gzip, run};

const MAPPING: &str = r#"
slaclock: "1"
case: number
created_at: opened_at
at: updated_at
time_zone: Europe/Rome
formats: ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%.f", rfc3339]
missing: ["?", ""]
status: { column: state, values: { "1": New }, bad: ["-100"] }
fields:
  priority: { column: priority, take: last, values: { "3": P3 } }
  group: { column: "category#2", take: changes }
stamps:
  - { column: closed_at, status: Closed }
"#;

const HEADER: &str = "number,state,opened_at,updated_at,category,category,priority,closed_at\n";

#[track_caller]
fn import(mapping: &str, log: impl AsRef<[u8]>) -> Run {
    let files = Files::new();
    let mapping = files.write("m.yaml", mapping);
    let log = files.write("log.csv", log);
    run(&["import", "csv", "--mapping", &mapping, &log], b"")
}

#[track_caller]
fn rows(mapping: &str, rows: &str) -> Run {
    import(mapping, format!("{HEADER}{rows}"))
}

#[test]
fn rows_become_tickets_whatever_their_order() {
    let log = "\
b,New,1/7/2026 10:00,1/7/2026 10:00,x,g1,3,?
a,Closed,29/2/2024 9:00,2/3/2024 10:00,x,g2,4,2/3/2024 10:00
b,Open,1/7/2026 10:00,1/7/2026 10:30,x,?,3,
a,1,29/2/2024 9:00,29/2/2024 9:05,x,g1,3,?
";
    let run = rows(MAPPING, log);
    let tickets = [
        json!({ "id": "b", "created_at": "2026-07-01T08:00:00Z", "fields": { "group": "g1", "priority": "P3" }, "events": [
            { "at": "2026-07-01T08:00:00Z", "status": "New" },
            { "at": "2026-07-01T08:30:00Z", "status": "Open" },
        ] }),
        json!({ "id": "a", "created_at": "2024-02-29T08:00:00Z", "fields": { "group": "g1", "priority": "4" }, "events": [
            { "at": "2024-02-29T08:05:00Z", "status": "New" },
            { "at": "2024-03-02T09:00:00Z", "field": { "group": "g2" } },
            { "at": "2024-03-02T09:00:00Z", "status": "Closed" },
            { "at": "2024-03-02T09:00:00Z", "status": "Closed" },
        ] }),
    ];
    assert_eq!(run.lines(), tickets, "{}", run.err);
    assert_eq!(run.code, 0);
}

#[test]
fn bad_rows_are_reported_by_line_and_the_rest_imported() {
    let files = Files::new();
    let mapping = files.write("m.yaml", MAPPING);
    let mut log = HEADER.as_bytes().to_vec();
    log.extend_from_slice(
        b"\
a,New,1/7/2026 10:00,1/7/2026 10:00,\"x\ny\",g,3,?\r\n\
a,-100,1/7/2026 10:00,1/7/2026 10:01,x,g,3,?\r\n\
a,New,1/7/2026 10:00,31/6/2026 10:02,x,g,3,?\r\n\
\r\n\
a,New,1/7/2026 10:00\r\n\
?,New,1/7/2026 10:00,1/7/2026 10:03,x,g,3,?\r\n\
a,New,1/7/2026 10:00,?,x,g,3,?\r\n\
a,N\xfc,1/7/2026 10:00,1/7/2026 10:04,x,g,3,?\r\n\
a,Open,1/7/2026 10:00,1/7/2026 09:59,M\xfcller is not mapped,g,3,?\r\n\
b,New,?,1/7/2026 10:00,x,g,3,?\r\n\
a,Open,1/7/2026 10:00,1/7/2300 09:59,x,g,3,?\r\n\
a,Open,1/7/2026 10:00,1/7/2026 10:05,x,g,3,?",
    );
    let log = files.write("log.csv.gz", gzip(&log));
    let report = files.path("report.jsonl");
    let run = run(&["import", "csv", "-m", &mapping, &log, "--report", report.to_str().unwrap()], b"");
    let report = std::fs::read_to_string(report).unwrap();
    let report: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let bad: Vec<_> =
        report.iter().filter_map(|bad| Some((bad["line"].as_u64()?, bad["reason"].as_str()?))).collect();
    assert_eq!(
        bad,
        [
            (4, "bad_value"),
            (5, "bad_instant"),
            (7, "columns"),
            (8, "no_case"),
            (9, "no_instant"),
            (10, "not_utf8"),
            (13, "out_of_range"),
            (11, "before_creation"),
            (12, "no_creation"),
        ]
    );
    let summary = &report.last().unwrap()["summary"];
    assert_eq!((&summary["rows"], &summary["bad"], &summary["tickets"]), (&json!(11), &json!(9), &json!(1)));
    let tickets = run.lines();
    assert_eq!(tickets[0]["events"].as_array().unwrap().len(), 2);
    assert!(run.code == 1 && run.err.contains("log.csv.gz, line 4, column `state`"), "{}", run.err);
}

#[test]
fn local_times_that_occur_twice_or_never_are_counted() {
    let log = "\
a,New,29/3/2026 1:00,29/3/2026 2:30,x,g,3,?
a,Open,29/3/2026 1:00,25/10/2026 2:30,x,g,3,?
";
    let events = |mapping: &str| {
        let run = rows(mapping, log);
        let events = run.lines()[0]["events"].as_array().unwrap().clone();
        (run, events.iter().map(|event| event["at"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    let (run, at) = events(MAPPING);
    assert_eq!((run.code, &at[..]), (1, &["2026-10-25T00:30:00Z".to_owned()][..]));
    assert!(run.err.contains("1  bad: a local time that does not occur"), "{}", run.err);
    assert!(run.err.contains("1  local times that occur twice"), "{}", run.err);

    let (run, at) = events(&format!("{MAPPING}\nambiguous: second\nskipped: after_gap\n"));
    assert_eq!(
        (run.code, at),
        (0, ["2026-03-29T01:00:00Z", "2026-10-25T01:30:00Z"].map(str::to_owned).to_vec())
    );

    let (run, _) = (rows(&format!("{MAPPING}\nambiguous: reject\n"), log), ());
    assert!(run.err.contains("1  bad: a local time that occurs twice"), "{}", run.err);
}

#[test]
fn digits_beyond_milliseconds_are_cut_and_counted() {
    let log = "\
a,New,2026-07-01T10:00:00.1239999,2026-07-01T10:00:00.1239999+00:00,x,g,3,2026-07-01T12:00:00.5Z
";
    let run = rows(&MAPPING.replace("column: closed_at", "column: closed_at, take: last"), log);
    let ticket = &run.lines()[0];
    assert_eq!(ticket["created_at"], "2026-07-01T08:00:00.123Z");
    assert_eq!(ticket["events"][0]["at"], "2026-07-01T10:00:00.123Z");
    assert_eq!(ticket["events"][1]["at"], "2026-07-01T12:00:00.500Z");
    assert!(run.code == 0 && run.err.contains("2  instants cut to milliseconds"), "{}", run.err);
}

#[test]
fn rows_can_be_left_out_replies_or_dropped() {
    let mapping = r#"
slaclock: "1"
case: 1
created_at: first_row
at: when
rows: { kind: { not: [debug] }, text: { not: null } }
status: { column: state, initial: New }
fields:
  owner: { column: owner, take: changes, missing_unsets: true }
replies:
  - { when: { kind: [mail, chat] }, by: agent, public: true, channel: mail }
unchanged: drop
delimiter: ";"
"#;
    let log = "\
id;when;kind;state;owner;text
1;2026-07-01T10:00:00Z;change;New;ann;x
1;2026-07-01T10:01:00Z;mail;New;ann;x
1;2026-07-01T10:02:00Z;debug;Closed;ann;x
1;2026-07-01T10:03:00Z;change;New;ann;x
1;2026-07-01T10:04:00Z;change;New;;x
1;2026-07-01T10:05:00Z;change;Closed;;
";
    let run = import(mapping, log);
    let expected = json!({ "id": "1", "created_at": "2026-07-01T10:00:00Z", "fields": { "status": "New", "owner": "ann" }, "events": [
        { "at": "2026-07-01T10:01:00Z", "reply": { "by": "agent", "public": true, "channel": "mail" } },
        { "at": "2026-07-01T10:04:00Z", "field": { "owner": null } },
    ] });
    assert_eq!(run.lines(), [expected]);
    assert!(
        run.err.contains("2  rows left out") && run.err.contains("2  rows that change nothing"),
        "{}",
        run.err
    );
}

#[test]
fn every_mistake_of_a_mapping_is_reported_at_once() {
    let wrong = MAPPING
        .replace("case: number", "case: numbr")
        .replace("missing:", "mising:")
        .replace("Europe/Rome", "Europe/Roma")
        .replace("take: changes", "take: change")
        .replace("%d/%m/%Y %H:%M", "%Q");
    let run = rows(&wrong, "");
    assert_eq!((run.code, &*run.out), (1, ""));
    for part in [
        "error[SLA-H0201]: unknown key `mising`",
        "m.yaml, line 8, at /mising",
        "did you mean `missing`?",
        "error[SLA-H0206]: unknown time zone `Europe/Roma`",
        "did you mean `Europe/Rome`?",
        "at /fields/group/take",
        "did you mean `changes`?",
        "error[SLA-H0207]: `%Q`",
    ] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    let columns = rows(&MAPPING.replace("case: number", "case: numbr").replace("category#2", "category"), "");
    for part in [
        "error[SLA-H0204]: the log has no column `numbr`",
        "did you mean `number`?",
        "error[SLA-H0205]: 2 columns are called `category`",
    ] {
        assert!(columns.err.contains(part), "{part} is not in\n{}", columns.err);
    }
}

#[test]
fn a_truncated_log_gives_what_came_before() {
    let lines: String = (0_u32..5000)
        .map(|number| {
            format!("{},New,1/7/2026 10:00,1/7/2026 10:00,x,g,3,?\n", number.wrapping_mul(2_654_435_761))
        })
        .collect();
    let whole = gzip(format!("{HEADER}{lines}").as_bytes());
    let run = import(MAPPING, &whole[..whole.len() / 2]);
    let tickets = run.out.lines().count();
    assert!(
        run.code == 1 && run.err.contains("error[SLA-H0005]") && tickets > 1000 && tickets < 4000,
        "{tickets}"
    );
    assert!(import(MAPPING, "").err.contains("error[SLA-H0303]"));
}

#[test]
fn an_unclosed_quote_costs_no_memory() {
    let mut log = format!("{HEADER}a,New,1/7/2026 10:00,1/7/2026 10:00,x,g,3,?\na,\"New").into_bytes();
    log.resize(log.len() + (20 << 20), b'\n');
    let run = import(MAPPING, log);
    assert!(run.code == 1 && run.out.lines().count() == 1, "{}", run.err);
    assert!(run.err.contains("line 3") && run.err.contains("longer than 16 MiB"), "{}", run.err);
}
