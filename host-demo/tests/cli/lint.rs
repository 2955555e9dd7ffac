//! `slaclock lint`.

use crate::support::{Files, run};

const TODAY: &str = "2026-11-23";

const WRONG: &str = include_str!("../../../tests/vectors/lint_bad.json");
const RIGHT: &str = include_str!("../../../tests/vectors/lint_good.json");

#[test]
fn findings_are_the_same_bytes_from_the_plugin_and_natively() {
    let files = Files::new();
    let agreement = files.write("a.json", WRONG);
    let arguments = ["lint", "-a", &agreement, "--today", TODAY];
    let sandboxed = run(&arguments, b"");
    let native = run(&[&arguments[..], &["--native"]].concat(), b"");
    assert_eq!((&*sandboxed.err, sandboxed.code, native.code), ("", 1, 1));
    assert_eq!(sandboxed.out, native.out);
    let today = slaclock_core::calendar::Date::parse(TODAY).unwrap();
    let found = slaclock_core::lint::lint(WRONG, today).unwrap();
    let canonical: String = found.iter().map(|finding| slaclock_core::to_json(finding) + "\n").collect();
    assert_eq!(sandboxed.out, canonical);
    assert!(sandboxed.lines().len() >= 20, "{}", sandboxed.out);
}

#[test]
fn a_good_agreement_gives_nothing_and_ends_with_zero() {
    let files = Files::new();
    let agreement = files.write("a.json", RIGHT);
    let run = run(&["lint", "-a", &agreement, "--today", TODAY], b"");
    assert_eq!((run.code, &*run.out, &*run.err), (0, "", ""));
}

#[test]
fn a_table_says_the_line() {
    let files = Files::new();
    let agreement = crate::support::AGREEMENT.replace("within: 1h", "within: 9h");
    let agreement = files.write("a.yaml", agreement);
    let run = run(&["lint", "-a", &agreement, "--today", TODAY, "--table"], b"");
    assert_eq!((run.code, &*run.err), (1, ""));
    let cells = |line: &str| {
        line.split("  ").map(str::trim).map(str::to_owned).filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(
        cells(run.out.lines().next().unwrap()),
        ["Severity", "Rule", "Line", "Where", "Finding", "Mend"]
    );
    let found = run.out.lines().map(cells).find(|cells| cells[1] == "SLA-CN-01").unwrap();
    assert_eq!(found[..4], ["error", "SLA-CN-01", "13", "/policies/0/clocks/resolution"]);
}

#[test]
fn warnings_alone_end_with_zero() {
    let files = Files::new();
    let mut agreement: serde_json::Value = serde_json::from_str(RIGHT).unwrap();
    agreement["versions_apply"] = "ticket_start".into();
    let agreement = files.write("a.json", agreement.to_string());
    let run = run(&["lint", "-a", &agreement, "--today", TODAY], b"");
    assert_eq!((run.code, run.lines().len()), (0, 1), "{}", run.out);
    assert_ne!(run.lines()[0]["severity"], "error");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let files = Files::new();
    let agreement = files.write("a.yaml", crate::support::AGREEMENT.replace("within: 8h", "witin: 8h"));
    for engine in [&[][..], &["--native"]] {
        let run = run(&[&["lint", "-a", &agreement, "--today", TODAY], engine].concat(), b"");
        assert_eq!((run.code, &*run.out), (1, ""));
        assert!(run.err.contains("a.yaml, line 13, at /policies/0/clocks/resolution"), "{}", run.err);
    }
    assert_eq!(run(&["lint", "-a", &agreement, "--today", "tomorrow"], b"").code, 2);
}
