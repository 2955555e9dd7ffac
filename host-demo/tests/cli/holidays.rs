//! `slaclock holidays` and `slaclock lint --rules`.

use crate::support::run;

#[test]
fn all_sets_are_listed() {
    let run = run(&["holidays"], b"");
    assert_eq!((run.code, &*run.err), (0, ""));
    let sets = run.lines();
    assert_eq!(sets.len(), slaclock_core::holiday_sets().len());
    let bavaria = sets.iter().find(|set| set["set"] == "de-by").unwrap();
    assert_eq!(bavaria["title"], "Germany: Bavaria");
    assert!(bavaria["from"].is_i64());
}

#[test]
fn the_days_of_a_set_have_names_and_those_in_their_place() {
    // Independence Day 2026 is a Saturday, kept on the Friday too; Juneteenth is a Friday.
    let arguments = ["holidays", "us-federal", "--year", "2026"];
    let sandboxed = run(&arguments, b"");
    assert_eq!((sandboxed.code, &*sandboxed.err), (0, ""));
    let days: Vec<String> = sandboxed
        .lines()
        .iter()
        .map(|day| {
            let text = |key: &str| day[key].as_str().unwrap();
            let observed = if day["observed"] == true { ", observed" } else { "" };
            format!("{} {} {}{observed}", text("date"), text("weekday"), text("name"))
        })
        .collect();
    assert_eq!(days.len(), 12, "{days:?}");
    assert_eq!(days[0], "2026-01-01 thu New Year's Day");
    assert!(days.contains(&"2026-06-19 fri Juneteenth".to_owned()), "{days:?}");
    let independence: Vec<&String> =
        days.iter().filter(|day| day.contains("Independence Day") && day.contains("-07-")).collect();
    assert_eq!(
        independence,
        ["2026-07-03 fri Independence Day, observed", "2026-07-04 sat Independence Day"]
    );
    assert_eq!(days[11], "2026-12-25 fri Christmas Day");
    let native = run(&[&arguments[..], &["--native"]].concat(), b"");
    assert_eq!(sandboxed.out, native.out);
    let last = run(&["holidays", "jp", "--year", "2199", "--native"], b"");
    assert_eq!(last.code, 0, "{}", last.err);
}

#[test]
fn a_table_is_for_people() {
    let run = run(&["holidays", "it", "--year", "2026", "--table", "--native"], b"");
    let heads = run.out.lines().next().unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(heads, ["Date", "Day", "Holiday", "Observed"]);
    assert!(run.out.contains("2026-04-06"), "Easter Monday: {}", run.out);
}

#[test]
fn an_unknown_set_is_told_with_near_ones() {
    let run = run(&["holidays", "us-federl"], b"");
    assert_eq!((run.code, &*run.out), (1, ""));
    assert!(run.err.contains("SLA-H0401") && run.err.contains("did you mean `us-federal`"), "{}", run.err);
    let wrong = crate::support::run(&["holidays", "--year", "2026"], b"");
    assert_eq!(wrong.code, 2);
}

#[test]
fn the_rules_of_lint_are_listed() {
    let run = run(&["lint", "--rules"], b"");
    assert_eq!((run.code, &*run.err), (0, ""));
    let rules = run.lines();
    assert_eq!(rules.len(), slaclock_core::lint::rules().len());
    assert!(
        rules
            .iter()
            .all(|rule| ["rule", "severity", "finds", "decided"].iter().all(|key| rule[*key].is_string()))
    );
    let table = crate::support::run(&["lint", "--rules", "--table"], b"");
    assert!(table.out.starts_with("Severity") && table.out.contains("SLA-CN-01"), "{}", table.out);
}
