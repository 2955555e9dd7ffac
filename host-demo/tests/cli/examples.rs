//! The documented examples work as they stand, on rows made up in the form of the real logs.

use serde_json::json;

use crate::support::{Files, Run, run, text};

const UCI: &str = "\
number,ident_state,active,made_sla,opened_at,sys_updated_at,contact_type,category,category,priority,assignment_group,assigned_to,closed_at
1,New,true,true,1/3/2016 14:00,1/3/2016 14:10,Phone,5,7,3,g1,?,8/3/2016 23:00
1,Awaiting User Info,true,true,1/3/2016 14:00,2/3/2016 14:00,Phone,5,7,3,g1,a1,8/3/2016 23:00
1,Active,true,true,1/3/2016 14:00,2/3/2016 23:00,Phone,5,8,2,g1,a1,8/3/2016 23:00
1,Closed,false,true,1/3/2016 14:00,8/3/2016 23:00,Phone,5,8,3,g2,a1,8/3/2016 23:00
";

const BPIC: &str = "\
caseid,task,user,end_timestamp
7,Accepted+In Progress,Ann,2012-05-02T08:00:00.000000
7,Accepted+Wait - User,Ann,2012-05-02T10:00:00.000000
7,Completed+Resolved,Ben,2012-05-03T10:00:00.000000
";

/// Imports a log and tells its clocks.
#[track_caller]
fn tried(mapping: &str, agreement: &str, log: &str) -> (Run, Run) {
    let files = Files::new();
    let example = |name: &str| format!("{}/../docs/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let log = files.write("log.csv", log);
    let tickets = text(&files.path("tickets.jsonl"));
    let imported = run(&["import", "csv", "-m", &example(mapping), &log, "-o", &tickets], b"");
    assert_eq!(imported.code, 0, "{}", imported.err);
    let told = run(&["clocks", "-a", &example(agreement), "--now", "2018-01-01T00:00:00Z", &tickets], b"");
    assert_eq!((told.code, &*told.err), (0, ""));
    assert_eq!(told.lines()[0]["notices"], json!([]), "{}", told.out);
    (imported, told)
}

#[test]
fn verdicts_of_the_uci_log() {
    let (_, told) = tried("uci/verdicts.mapping.yaml", "uci/verdicts.agreement.yaml", UCI);
    let clock = &told.lines()[0]["clocks"][0];
    assert_eq!((&clock["state"], &clock["policy"]), (&json!("met"), &json!("p3")));
    assert_eq!(clock["elapsed_ms"], 6 * 9 * 3_600_000);
}

#[test]
fn replay_of_the_uci_log() {
    let (imported, told) = tried("uci/replay.mapping.yaml", "uci/replay.agreement.yaml", UCI);
    assert!(imported.err.contains(" 7  events"), "{}", imported.err);
    let clock = &told.lines()[0]["clocks"][0];
    // The last row changes the priority at the instant of the stop, which is too late to judge it.
    assert_eq!((&clock["elapsed_ms"], &clock["policy"]), (&json!(5 * 9 * 3_600_000), &json!("p2")));
    assert_eq!(clock["state"], "breached");
}

#[test]
fn waiting_in_the_bpic_log() {
    let (_, told) = tried("bpic2013/mapping.yaml", "bpic2013/agreement.yaml", BPIC);
    let clock = &told.lines()[0]["clocks"][0];
    assert_eq!((&clock["state"], &clock["elapsed_ms"]), (&json!("met"), &json!(2 * 3_600_000)));
}

/// A real log where it lies beside the checkout; they are too large to be part of it.
fn real_log(name: &str) -> Option<String> {
    let folder = std::env::var_os("SLACLOCK_SHARED").map(std::path::PathBuf::from);
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let log = folder.unwrap_or(beside).join("data").join(name);
    log.exists().then(|| text(&log))
}

#[test]
fn the_whole_uci_log_differs_from_its_recorded_verdicts_25_times() {
    let Some(log) = real_log("uci/incident_event_log.csv.gz") else {
        println!("skipped: the log is not beside this checkout");
        return;
    };
    let files = Files::new();
    let example = |name: &str| format!("{}/../docs/examples/uci/{name}", env!("CARGO_MANIFEST_DIR"));
    let tickets = text(&files.path("tickets.jsonl"));
    let imported =
        run(&["import", "csv", "-m", &example("verdicts.mapping.yaml"), &log, "-o", &tickets], b"");
    assert_eq!(imported.code, 0, "{}", imported.err);
    let agreement = example("verdicts.agreement.yaml");
    let told = run(&["clocks", "-a", &agreement, "--now", "2018-01-01T00:00:00Z", &tickets], b"");
    let recorded = std::fs::read_to_string(&tickets).unwrap();
    let recorded: Vec<bool> = recorded.lines().map(|line| line.contains(r#""made_sla":"true""#)).collect();
    let met: Vec<bool> = told.out.lines().map(|line| line.contains(r#""state":"met""#)).collect();
    assert_eq!((recorded.len(), met.len()), (24_918, 24_918));
    assert_eq!(recorded.iter().zip(&met).filter(|(recorded, met)| recorded != met).count(), 25);
}

/// What became of the clocks of a whole log under some agreements: met, breached, counted hours.
#[track_caller]
fn what_if(log: &str, folder: &str, mapping: &str, agreements: &[(&str, [u64; 3])], now: &str) {
    let Some(log) = real_log(log) else {
        println!("skipped: the log is not beside this checkout");
        return;
    };
    let files = Files::new();
    let example = |name: &str| format!("{}/../docs/examples/{folder}/{name}", env!("CARGO_MANIFEST_DIR"));
    let tickets = text(&files.path("tickets.jsonl"));
    run(&["import", "csv", "-m", &example(mapping), &log, "-o", &tickets], b"");
    for (agreement, expected) in agreements {
        let told = run(&["clocks", "-a", &example(agreement), "--now", now, &tickets], b"");
        assert_eq!((told.code, &*told.err), (0, ""), "{agreement}");
        let clocks: Vec<_> = told.lines().iter().map(|line| line["clocks"][0].clone()).collect();
        let count = |state: &str| clocks.iter().filter(|clock| clock["state"] == state).count() as u64;
        let counted: u64 = clocks.iter().map(|clock| clock["elapsed_ms"].as_u64().unwrap()).sum();
        assert_eq!([count("met"), count("breached"), counted / 3_600_000], *expected, "{agreement}");
    }
}

#[test]
fn pauses_of_the_whole_bpic_log() {
    let agreements =
        [("agreement.yaml", [6_738, 808, 194_440]), ("no-pauses.agreement.yaml", [5_693, 1_853, 383_401])];
    let log = "bpic2013/bpic2013_incidents_merged.csv.gz";
    what_if(log, "bpic2013", "mapping.yaml", &agreements, "2013-01-01T00:00:00Z");
}

#[test]
fn pauses_of_the_whole_uci_log() {
    let agreements = [
        ("replay.agreement.yaml", [22_014, 2_904, 673_573]),
        ("no-pauses.agreement.yaml", [20_415, 4_503, 1_101_197]),
    ];
    let log = "uci/incident_event_log.csv.gz";
    what_if(log, "uci", "replay.mapping.yaml", &agreements, "2018-01-01T00:00:00Z");
}
