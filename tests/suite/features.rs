//! The page of features says what is so: every row has a case that exists, or a command that the program has.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slaclock_core::{Instant, Options, Ticket, to_json};

use crate::engine::agreement;
use crate::vector_files::{lines, own_text};

const PAGE: &str = include_str!("../../docs/features.md");

#[test]
fn every_row_is_shown_by_a_case_or_a_command() {
    let cases = lines(&own_text("clocks_complete.jsonl"), 360);
    let names: BTreeSet<&str> = cases.iter().filter_map(|case| case["name"].as_str()).collect();
    let commands = ["`slaclock lint ", "`slaclock clocks ", "`slaclock preview "];
    let rows = PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| row"));
    let rows: Vec<Vec<&str>> =
        rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    let mut numbers = Vec::new();
    let mut shown = BTreeSet::new();
    for row in &rows {
        let [number, _, how, by] = row.as_slice() else { panic!("not four cells: {row:?}") };
        assert!(!how.is_empty(), "{row:?}");
        numbers.push(number.parse::<u32>().expect("a number"));
        for part in by.split("<br>") {
            match part.strip_prefix("case \"").and_then(|name| name.strip_suffix('"')) {
                Some(name) => {
                    assert!(names.contains(name), "no case `{name}`");
                    shown.insert(name);
                }
                None => assert!(commands.iter().any(|command| part.starts_with(command)), "{part}"),
            }
        }
    }
    let wanted: Vec<u32> = (1..=59).chain(75..=79).collect();
    assert_eq!(numbers, wanted);
    let of_rows = names.iter().filter(|name| {
        let number = name.strip_prefix("row ").and_then(|rest| rest.split_once(':')?.0.parse::<u32>().ok());
        number.is_some_and(|number| number < 60)
    });
    let left_out: Vec<_> = of_rows.filter(|name| !shown.contains(**name)).collect();
    assert!(left_out.is_empty(), "cases that the page does not name: {left_out:?}");
}

/// Who has the time on Monday, from 07:00 in London, where three teams follow the sun.
#[test]
fn slices_of_teams_that_follow_the_sun_name_whose_time_it_is() {
    let team = |zone: &str| json!({ "time_zone": zone, "hours": { "mon-fri": ["09:00-17:00"] } });
    let document = json!({ "slaclock": "1", "id": "x",
        "calendars": { "sydney": team("Australia/Sydney"), "london": team("Europe/London"),
            "boston": team("America/New_York"),
            "sun": { "any_of": ["sydney", { "any_of": ["london", "boston"] }], "except": "lunch" },
            "lunch": { "time_zone": "Europe/London", "hours": { "mon-fri": ["12:00-13:00"] } } },
        "policies": [{ "id": "all", "clocks": { "resolution": { "within": "40h", "calendar": "sun" } } }] });
    let ticket = json!({ "id": "T-1", "created_at": "2026-11-23T07:00:00Z", "events": [
        { "at": "2026-11-23T15:00:00Z", "pause": { "party": "customer" } }, { "at": "2026-11-23T16:00:00Z", "resume": {} } ] });
    let ticket = Ticket::from_json(&ticket.to_string()).expect("a ticket");
    let now = Instant::parse("2026-11-23T23:00:00Z").expect("an instant");
    let explanation = agreement(&document).explain(&ticket, Options::at(now)).expect("an explanation");
    let explanation: Value = serde_json::from_str(&to_json(&explanation)).expect("JSON");
    let slices = explanation["clocks"][0]["cycles"][0]["slices"].as_array().expect("slices");
    let told: Vec<String> = slices
        .iter()
        .map(|slice| {
            let text = |key: &str| slice[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {}", &text("from")[11..16], text("why"), slice["open"], text("part"))
        })
        .collect();
    // Sydney's day ends at 06:00Z; London 9-17, less lunch; Boston 14-22, with London until 17; Sydney again at 22.
    let wanted = [
        "07:00 weekday false -",
        "09:00 counted true london",
        "12:00 except false lunch",
        "13:00 counted true london",
        "15:00 paused true london",
        "16:00 counted true london",
        "17:00 counted true boston",
        "22:00 counted true sydney",
    ];
    assert_eq!(told, wanted);
    let words = explanation["words"].to_string();
    assert!(words.contains("counted by boston, "), "{words}");
}
