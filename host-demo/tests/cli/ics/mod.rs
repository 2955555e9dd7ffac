//! `slaclock import ics` and `slaclock export ics`.

mod export;
mod feeds;
mod holidays;
mod hours;

use serde_json::{Value, json};

use crate::support::{Files, Run, run};

/// A feed of some events, each the lines of it but the first and last.
fn feed(events: &[&str]) -> String {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}

#[track_caller]
fn import(feed: impl AsRef<[u8]>, arguments: &[&str]) -> Run {
    let files = Files::new();
    let feed = files.write("feed.ics", feed);
    run(&[&["import", "ics", &feed, "--json"], arguments].concat(), b"")
}

/// The calendar that a feed gives without any loss.
#[track_caller]
fn calendar(events: &[&str], arguments: &[&str]) -> Value {
    let run = import(feed(events), arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    run.lines().remove(0)
}

/// The open stretches of a calendar, as the engine tells them; which one it is makes no difference.
#[track_caller]
fn segments(calendar: &Value, from: &str, until: &str) -> Value {
    let question = json!({ "calendar": calendar, "op": "segments", "start": from, "end": until });
    let answer = run(&["hours", "--native"], format!("{question}\n").as_bytes()).lines().remove(0);
    assert!(answer["segments"].is_array(), "{answer}");
    answer["segments"].clone()
}
