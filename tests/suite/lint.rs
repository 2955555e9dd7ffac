//! Lint: a good agreement gives nothing, a bad one much, and each rule finds its own and no more.

use serde_json::Value;
use slaclock_core::calendar::Date;
use slaclock_core::lint::{Decided, Finding, Rule, lint, rules};

use crate::vector_files::{lines, none_of, own_text};

pub(crate) const TODAY: &str = "2026-11-23";

/// The ids and severities of the list that these rules come from, group by group.
const LISTED: [(&str, &str); 9] = [
    ("CL", "EEEEEWWWEWWWWW"),
    ("CN", "EWEEWWE"),
    ("FE", "WWEEEWWWWNWWWWW"),
    ("SC", "WWWWWWWWWW"),
    ("CR", "WWEEWWWWW"),
    ("CX", "WNWN"),
    ("RV", "WWNW"),
    ("SE", "WWW"),
    ("LI", "WNNNW"),
];

/// Findings, or the problems of a document that cannot be read.
fn looked_at(agreement: &Value) -> Result<Vec<Finding>, String> {
    let today = Date::parse(TODAY).expect("a date");
    lint(&agreement.to_string(), today).map_err(|problems| format!("{problems:?}"))
}

#[track_caller]
pub(crate) fn findings(agreement: &Value) -> Vec<Finding> {
    looked_at(agreement).unwrap_or_else(|problems| panic!("{problems}"))
}

pub(crate) fn agreement(name: &str) -> Value {
    serde_json::from_str(&own_text(name)).expect("JSON")
}

/// Sets and removes values by their pointers; `-` appends to a list.
fn changed(agreement: &Value, change: &Value) -> Value {
    let mut changed = agreement.clone();
    for (pointer, value) in change["set"].as_object().into_iter().flatten() {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match changed.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value.clone(),
            Value::Object(keys) => drop(keys.insert(key.to_owned(), value.clone())),
            other => panic!("{pointer} in {other}"),
        }
    }
    for pointer in change["remove"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = changed.pointer_mut(parent).and_then(Value::as_object_mut).expect("a map");
        assert!(parent.remove(key).is_some(), "no {pointer}");
    }
    changed
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

fn shown(findings: &[Finding]) -> String {
    let line = |finding: &Finding| format!("\n  {} {}: {}", finding.rule, finding.pointer, finding.message);
    findings.iter().map(line).collect()
}

#[test]
fn a_good_agreement_gives_no_finding() {
    let found = findings(&agreement("lint_good.json"));
    assert!(found.is_empty(), "{}", shown(&found));
}

#[test]
fn a_bad_agreement_gives_all_that_its_format_can_say() {
    let found = findings(&agreement("lint_bad.json"));
    let expected = [
        "CL-02", "CL-03", "CL-05", "CL-06", "CL-10", "CL-12", "CL-13", "CN-01", "CN-02", "CN-04", "CN-05",
        "CX-03", "RV-01", "RV-02", "SC-06", "LI-02", "PO-03", "PO-04", "PO-06", "NM-02", "EF-01", "EF-02",
        "EF-03", "EF-04",
    ];
    for id in expected {
        let id = format!("SLA-{id}");
        assert!(found.iter().any(|finding| finding.rule.as_str() == id), "{id} is missing:{}", shown(&found));
    }
    // What it would say too, once it can be written: availability, staff, parts, exclusions, penalties.
    for id in ["CL-01", "FE-01", "FE-03", "FE-04", "FE-05", "SC-01", "SC-02", "CR-01"] {
        let id = format!("SLA-{id}");
        let rule = Rule::ALL.iter().find(|rule| rule.as_str() == id).expect("a rule");
        assert_eq!(rule.decided(), Decided::Later, "{id} is decided: let this agreement fire it");
    }
    assert_eq!(
        Rule::ALL.iter().find(|rule| rule.as_str() == "SLA-CL-04").map(|rule| rule.decided()),
        Some(Decided::Format)
    );
}

#[test]
fn each_rule_finds_its_own_and_no_more() {
    let good = agreement("lint_good.json");
    let cases = lines(&own_text("lint_cases.jsonl"), 60);
    let mut failures = Vec::new();
    for case in &cases {
        let (rule, pointer) = (text(&case["rule"]), text(&case["pointer"]));
        let mut fail = |what: String| failures.push(format!("{rule}, {}: {what}", text(&case["name"])));
        let (found, mended) =
            match (looked_at(&changed(&good, case)), looked_at(&changed(&good, &case["mended"]))) {
                (Ok(found), Ok(mended)) => (found, mended),
                (Err(problems), _) | (_, Err(problems)) => {
                    fail(problems);
                    continue;
                }
            };
        if !found.iter().any(|finding| finding.rule.as_str() == rule && finding.pointer == pointer) {
            fail(format!("not found at {pointer}:{}", shown(&found)));
        }
        let also: Vec<&str> = case["also"].as_array().into_iter().flatten().map(text).collect();
        let known = |finding: &&Finding| {
            let id = finding.rule.as_str();
            let places = case["also_at"][id].as_array();
            id == rule && finding.pointer == pointer
                || also.contains(&id)
                || places.is_some_and(|places| places.iter().any(|place| text(place) == finding.pointer))
        };
        let more: Vec<Finding> = found.iter().filter(|finding| !known(finding)).cloned().collect();
        if !more.is_empty() {
            fail(format!("found too:{}", shown(&more)));
        }
        // Without a mended form of its own, the good agreement is it.
        if !mended.is_empty() {
            fail(format!("mended, but:{}", shown(&mended)));
        }
    }
    for rule in Rule::ALL.iter().filter(|rule| rule.decided() == Decided::Lint) {
        if !cases.iter().any(|case| case["rule"] == rule.as_str()) {
            failures.push(format!("{rule} has no case"));
        }
    }
    none_of(failures, cases.len());
}

#[test]
fn every_listed_rule_is_decided_or_says_what_it_needs() {
    let facts = rules();
    for (group, severities) in LISTED {
        for (number, severity) in (1..).zip(severities.chars()) {
            let id = format!("SLA-{group}-{number:02}");
            let rule = facts.iter().find(|facts| facts.rule.as_str() == id);
            let rule = rule.unwrap_or_else(|| panic!("{id} is missing"));
            assert_eq!(rule.severity.as_str().chars().next(), Some(severity.to_ascii_lowercase()), "{id}");
        }
    }
    for rule in &facts {
        assert_eq!(rule.decided == Decided::Lint, rule.because.0.is_none(), "{}", rule.rule);
        assert!(facts.iter().filter(|other| other.rule.as_str() == rule.rule.as_str()).count() == 1);
    }
}

#[test]
fn findings_are_sorted_and_written_in_canonical_order() {
    let found = findings(&agreement("lint_bad.json"));
    let keys: Vec<_> = found.iter().map(|finding| (finding.pointer.clone(), finding.rule.as_str())).collect();
    let pointers: Vec<_> = keys.iter().map(|(pointer, _)| pointer).collect();
    assert!(pointers.is_sorted());
    assert!(found.iter().all(|finding| !finding.message.is_empty() && !finding.mend.is_empty()));
    let line = slaclock_core::to_json(&found[0]);
    let order: Vec<_> = ["\"rule\"", "\"severity\"", "\"pointer\"", "\"message\"", "\"mend\""]
        .iter()
        .map(|key| line.find(key).expect("the key"))
        .collect();
    assert!(order.is_sorted(), "{line}");
}

#[test]
fn a_document_that_cannot_be_read_gives_its_problems() {
    let today = Date::parse(TODAY).expect("a date");
    let problems = lint(r#"{"slaclock":"1","id":"x","polices":[]}"#, today).expect_err("problems");
    assert!(problems.iter().any(|problem| problem.pointer == "/polices"), "{problems:?}");
}

#[test]
fn versions_are_looked_at_where_they_stand_and_replaced_ones_not() {
    let mut both = agreement("lint_good.json");
    both["versions"] = serde_json::json!([
        { "valid": { "from": "2025-01-01", "review_by": "2026-01-01" }, "title": "asap" },
        { "valid": { "from": "2026-01-01", "review_by": "2027-01-01" }, "intake": {} },
        { "valid": { "from": "2027-01-01", "review_by": "2027-06-01" } },
    ]);
    both["calendars"]["old"] = serde_json::json!({});
    let found: Vec<_> =
        findings(&both).into_iter().map(|finding| (finding.pointer, finding.rule.as_str())).collect();
    let expected = [
        ("/calendars/old", "SLA-NM-03"),
        ("/versions/1/intake", "SLA-CL-03"),
        ("/versions/1/intake", "SLA-CL-12"),
    ];
    assert_eq!(found, expected.map(|(pointer, rule)| (pointer.to_owned(), rule)));
}
