//! `slaclock import zendesk` and its like: what comes out is what `slaclock clocks` takes.

use serde_json::{Value, json};

use crate::support::{Files, NOW, gzip, run};

#[test]
fn an_export_becomes_an_agreement_and_tickets_that_have_clocks() {
    let files = Files::new();
    let policies = json!({ "sla_policies": [{ "id": 1, "title": "All", "position": 1, "filter": { "all": [], "any": [] },
        "policy_metrics": [{ "priority": "high", "metric": "first_reply_time", "target": 60, "business_hours": true }] }] });
    let schedules = json!({ "schedules": [{ "id": 7, "name": "Office", "time_zone": "Rome",
        "intervals": [{ "start_time": 7740, "end_time": 8220 }] }] });
    let tickets = json!({ "tickets": [
        { "id": 1, "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-20T09:00:00Z", "status": "new", "priority": "high" },
        { "id": 2, "created_at": "yesterday" }] });
    let policies = files.write("policies.json", policies.to_string());
    let schedules = files.write("schedules.json.gz", gzip(schedules.to_string().as_bytes()));
    let tickets = files.write("tickets.json", tickets.to_string());
    let settings = files.write("settings.yaml", "agreement: acme\nprefix: ZD-\n");
    let [agreement, out, report] =
        ["acme.json", "out.jsonl", "report.jsonl"].map(|name| files.write(name, ""));
    let import = run(
        &[
            "import",
            "zendesk",
            "--settings",
            &settings,
            "--agreement",
            &agreement,
            "-o",
            &out,
            "--report",
            &report,
            &policies,
            &schedules,
            &tickets,
        ],
        b"",
    );
    // A ticket was lost.
    assert_eq!((import.code, &*import.out), (1, ""), "{}", import.err);
    assert!(import.err.contains("1  tickets") && import.err.contains("2  left out"), "{}", import.err);
    let losses = std::fs::read_to_string(&report).unwrap();
    let losses: Vec<Value> = losses.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        losses.iter().any(|loss| loss["pointer"] == format!("{tickets}/tickets/1/created_at")),
        "{losses:?}"
    );

    let clocks = run(&["clocks", "-a", &agreement, "--now", NOW, &out], b"");
    assert_eq!(clocks.code, 0, "{}", clocks.err);
    let [answer] = &*clocks.lines() else { panic!("{}", clocks.out) };
    assert_eq!(answer["ticket"], "ZD-1");
    // Friday from ten in Rome: an hour of it is used up at eleven.
    assert_eq!(answer["clocks"][0]["breached_at"], "2026-11-20T10:00:00Z", "{answer}");
}

#[test]
fn what_cannot_be_read_is_refused_by_code() {
    let files = Files::new();
    let broken = files.write("tickets.json", "{");
    let empty = files.write("empty.json", "{}");
    let settings = files.write("settings.yaml", "prefixes: ZD-\n");
    for (arguments, code) in [
        (vec!["import", "zendesk", &broken], "SLA-H0703"),
        (vec!["import", "servicenow", "--settings", &settings, &empty], "SLA-H0714"),
        (vec!["import", "connectwise", "/nowhere.json"], "SLA-H0001"),
    ] {
        let import = run(&arguments, b"");
        assert!(import.code == 1 && import.err.contains(code), "{} {}", import.code, import.err);
    }
    let import = run(&["import", "connectwise", &empty], b"");
    assert!(import.code == 1 && import.err.contains("`empty` is not read"), "{}", import.err);
}
