//! `slaclock clocks` and `slaclock hours`.

use crate::support::{AGREEMENT, Files, NOW, run, ticket};

#[test]
fn the_built_in_plugin_and_the_native_engine_print_the_same_bytes() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let mut tickets: String = (0..3000).map(|number| ticket(&format!("T-{number}"))).collect();
    tickets.push_str("{\"id\":\"early\",\"created_at\":\"2026-11-20T09:00:00Z\",\"events\":[{\"at\":\"2026-11-20T08:00:00Z\",\"status\":\"Done\"}]}\nnonsense\n");
    let arguments = ["clocks", "-a", &agreement, "--now", NOW];
    let sandboxed = run(&arguments, tickets.as_bytes());
    let native = run(&[&arguments[..], &["--native"]].concat(), tickets.as_bytes());
    assert_eq!(sandboxed.err, "", "these tests need the plugin: run `cargo xtask build` first");
    assert_eq!((sandboxed.code, native.code), (1, 1));
    assert!(sandboxed.out == native.out, "the bytes differ");
    let lines = sandboxed.lines();
    assert_eq!(lines.len(), 3002);
    assert_eq!(lines[7]["ticket"], "T-7");
    assert_eq!(lines[7]["clocks"][1]["state"], "outside_hours");
    assert_eq!(lines[7]["clocks"][1]["elapsed_ms"], 7 * 3_600_000);
    assert_eq!(lines[3000]["ticket"], "early");
    assert_eq!(sandboxed.error_codes()[3000..], ["SLA-E0301", "SLA-E0001"]);
}

#[test]
fn a_table_has_words_and_icons() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let run = run(&["clocks", "-a", &agreement, "--now", NOW, "--table"], ticket("T-1").as_bytes());
    assert_eq!(run.code, 0, "{}", run.err);
    let expected = "\
Ticket  Policy  Clock           State                            Left  Due (UTC)             Used
T-1     all     first response  ▲ overdue ☾ outside hours  +6 h 0 min over  2026-11-20 10:00:00  700 %
T-1     all     resolution      ☾ outside hours               1 h 0 min left  2026-11-23 09:00:00   87 %
";
    let squeezed = |text: &str| {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(squeezed(&run.out), squeezed(expected));
}

#[test]
fn a_table_names_clocks_as_the_agreement_does() {
    let files = Files::new();
    let agreement = r#"{ "slaclock": "1", "id": "sets", "time_zone": "Europe/Rome",
        "policy_sets": {
            "sla": [{ "id": "all", "clocks": {
                "first_call": { "metric": "custom", "within": { "counted": "1d", "wall": "6h" }, "calendar": "always",
                    "pause": { "held": true } },
                "visit": { "metric": "custom", "due": { "field": "visit" }, "calendar": "always" } } }],
            "ola": [{ "id": "team", "clocks": { "visit": { "metric": "custom", "within": "1d", "calendar": "always" } } }]
        } }"#;
    let agreement = files.write("a.json", agreement);
    let tickets = "{\"id\":\"T-1\",\"created_at\":\"2026-11-20T09:00:00Z\",\"fields\":{\"visit\":\"2026-11-20T09:00:00Z\"}}\n\
         {\"id\":\"T-2\",\"created_at\":\"2026-11-20T09:00:00Z\",\"fields\":{\"held\":true}}\n";
    let now = "2026-11-20T16:00:00Z";
    let run = run(&["clocks", "-a", &agreement, "--now", now, "--table"], tickets.as_bytes());
    assert_eq!((run.code, &*run.err), (0, ""));
    let lines: Vec<Vec<&str>> =
        run.out.lines().map(|line| line.split("  ").map(str::trim).collect()).collect();
    let row = |ticket: &str, clock: &str| -> String {
        let cells = lines.iter().find(|line| line[0] == ticket && line.contains(&clock));
        let cells = cells.unwrap_or_else(|| panic!("no {clock} of {ticket} in\n{}", run.out));
        cells.iter().filter(|cell| !cell.is_empty()).copied().collect::<Vec<_>>().join("|")
    };
    assert_eq!(
        row("T-1", "sla / first call"),
        "T-1|all|sla / first call|▲ overdue|+1 h 0 min over|2026-11-20 15:00:00|116 %"
    );
    assert_eq!(
        row("T-1", "sla / visit"),
        "T-1|all|sla / visit|▲ overdue|+7 h 0 min over|2026-11-20 09:00:00"
    );
    assert_eq!(
        row("T-1", "ola / visit"),
        "T-1|team|ola / visit|▶ running|17 h 0 min left|2026-11-21 09:00:00|29 %"
    );
    assert!(row("T-2", "sla / first call").contains("‖ paused: condition"), "{}", run.out);
}

#[test]
fn problems_of_the_agreement_name_the_file_and_the_mend() {
    let files = Files::new();
    let wrong = AGREEMENT
        .replace("Europe/Rome", "Europe/Roma")
        .replace("within: 8h", "witin: 8h")
        .replace("17:00", "25:00");
    let agreement = files.write("a.yaml", wrong);
    let run = run(&["clocks", "-a", &agreement], ticket("T-1").as_bytes());
    assert_eq!((run.code, &*run.out), (1, ""));
    for part in [
        "Europe/Roma",
        "Europe/Rome",
        "witin",
        "within",
        "25:00",
        "a.yaml, line 13, at /policies/0/clocks/resolution",
    ] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
}

#[test]
fn wrong_yaml_is_placed_by_line() {
    let files = Files::new();
    let agreement = files.write("a.yaml", "slaclock: \"1\"\nid: x\nid: y\n");
    let run = run(&["clocks", "-a", &agreement], b"");
    assert_eq!(run.code, 1);
    assert!(
        run.err.starts_with("error[SLA-H0007]: ") && run.err.contains("a.yaml, line 3 column 1"),
        "{}",
        run.err
    );
}

#[test]
fn wrong_usage_ends_with_two() {
    assert_eq!(run(&["clocks"], b"").code, 2);
    assert_eq!(run(&["clocks", "-a", "x.yaml", "--now", "yesterday"], b"").code, 2);
    assert_eq!(run(&["hours", "--time-limit", "0s"], b"").code, 2);
    assert_eq!(run(&["frobnicate"], b"").code, 2);
    assert_eq!(run(&["clocks", "-a", "/does/not/exist.yaml"], b"").code, 1);
    assert_eq!(run(&["--help"], b"").code, 0);
}

#[test]
fn hours_answers_questions() {
    let calendar = "\"calendar\":{\"time_zone\":\"Europe/Rome\",\"hours\":{\"mon-fri\":[\"09:00-17:00\"]}}";
    let questions = format!(
        "{{\"id\":1,{calendar},\"op\":\"due\",\"start\":\"2026-11-20T16:50:00+01:00\",\"ms\":1200000}}\n\n\
         {{\"id\":\"x\",{calendar},\"op\":\"is_open\",\"at\":\"2026-11-20T16:50:00+01:00\"}}\n\
         {{\"id\":2,\"calendar\":{{\"hours\":{{}}}},\"op\":\"is_open\",\"at\":\"2026-11-20T16:50:00+01:00\"}}\n"
    );
    let asked = run(&["hours"], questions.as_bytes());
    assert_eq!(asked.err, "");
    let lines: Vec<_> = asked.out.lines().collect();
    assert_eq!(lines[..2], ["{\"id\":1,\"due\":\"2026-11-23T08:10:00Z\"}", "{\"id\":\"x\",\"open\":true}"]);
    assert_eq!(asked.error_codes(), ["", "", "SLA-E0106"]);
    assert_eq!(asked.code, 1);
    assert_eq!(run(&["hours", "--native"], questions.as_bytes()).out, asked.out);
}

#[test]
fn completions_know_the_commands() {
    let run = run(&["completions", "bash"], b"");
    assert!(run.code == 0 && run.out.contains("--known-at"));
}

#[test]
fn the_schema_is_json() {
    let run = run(&["schema"], b"");
    assert_eq!((run.code, &*run.err), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(schema.is_object());
}
