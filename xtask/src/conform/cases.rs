//! The questions that every target is asked, made of the shared cases.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;
use slaclock_core::Instant;

use crate::run::{Result, root};

/// Histories are looked at after so many parts of their length as well, and once after their end.
const PARTS: i64 = 6;

/// Makes the questions: every shared case, clocks and explanations at several instants, mistakes included. Each is one
/// text as `slaclock-ask` reads it. With `fewer`, every so-manieth of the many alike.
pub(super) fn questions(fewer: usize) -> Result<Vec<String>> {
    let mut all = vec!["{\"do\":\"about\"}\n".to_owned()];
    for name in ["hours_by_hand.jsonl", "hours_wall_clock.jsonl.gz", "hours.jsonl.gz"] {
        let step = if name == "hours_by_hand.jsonl" { 1 } else { fewer };
        all.extend(lines(name)?.iter().step_by(step).map(hours));
    }
    for name in ["clocks.jsonl", "clocks_complete.jsonl", "clocks_like.jsonl"] {
        for case in lines(name)? {
            clocks(&case, fewer, &mut all)?;
        }
    }
    for name in ["errors.jsonl", "errors_complete.jsonl"] {
        all.extend(lines(name)?.iter().filter_map(mistake));
    }
    for name in ["lint_bad.json", "lint_good.json"] {
        all.push(format!("{{\"do\":\"lint\",\"today\":\"2026-11-23\"}}\n{}", read(name)?));
    }
    Ok(all)
}

fn read(name: &str) -> Result<String> {
    let path = root().join("tests/vectors").join(name);
    if Path::new(name).extension().is_some_and(|kind| kind == "gz") {
        let mut text = String::new();
        flate2::read::GzDecoder::new(fs::File::open(path)?).read_to_string(&mut text)?;
        return Ok(text);
    }
    Ok(fs::read_to_string(path)?)
}

fn lines(name: &str) -> Result<Vec<Value>> {
    let text = read(name)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(serde_json::from_str).collect::<std::result::Result<_, _>>()?)
}

fn hours(case: &Value) -> String {
    format!("{{\"do\":\"hours\"}}\n{case}\n")
}

/// A ticket at its instant, explained too, and both again along its history.
fn clocks(case: &Value, fewer: usize, all: &mut Vec<String>) -> Result {
    let text = |key: &str| case.get(key).and_then(Value::as_str);
    let (Some(agreement), Some(ticket), Some(now)) = (case.get("agreement"), case.get("ticket"), text("now"))
    else {
        return Err(format!("a case without agreement, ticket or instant: {case}").into());
    };
    let known_at =
        text("known_at").map(|known_at| format!(",\"known_at\":\"{known_at}\"")).unwrap_or_default();
    let now = Instant::parse(now)?;
    let created = ticket.get("created_at").and_then(Value::as_str).map(Instant::parse);
    let begun = created.and_then(std::result::Result::ok).unwrap_or(now);
    let (begun, length) = (begun.ms(), now.ms() - begun.ms());
    let mut instants: Vec<i64> = vec![now.ms()];
    if fewer == 1 {
        instants.extend((0..PARTS).map(|part| begun + length / PARTS * part));
        instants.extend([now.ms() + 1, now.ms() + 86_400_000, now.ms() + 45 * 86_400_000]);
    }
    for at in instants.into_iter().filter_map(Instant::from_ms) {
        for what in ["clocks", "explain"] {
            all.push(format!("{{\"do\":\"{what}\",\"now\":\"{at}\"{known_at}}}\n{agreement}\n{ticket}\n"));
        }
    }
    if let Some(fields) = ticket.get("fields") {
        all.push(format!("{{\"do\":\"preview\",\"now\":\"{now}\"}}\n{agreement}\n{fields}"));
    }
    Ok(())
}

/// A case of mistakes, where its input can be a line.
fn mistake(case: &Value) -> Option<String> {
    const PLAIN: &str = r#"{"slaclock":"1","id":"plain","statuses":{"Resolved":"resolved"},"policies":[{"id":"all","clocks":{"resolution":{"within":"4h","calendar":"always"}}}]}"#;
    const NOW: &str = "2027-01-15T08:00:00Z";
    let input = case.get("input")?.as_str().filter(|input| !input.contains(['\n', '\r']))?;
    match case.get("kind")?.as_str()? {
        "agreement" => Some(format!(
            "{{\"do\":\"clocks\",\"now\":\"{NOW}\"}}\n{input}\n{{\"id\":\"T-1\",\"created_at\":\"{NOW}\"}}\n"
        )),
        "ticket" => Some(format!("{{\"do\":\"clocks\",\"now\":\"{NOW}\"}}\n{PLAIN}\n{input}\n")),
        "hours" => Some(format!("{{\"do\":\"hours\"}}\n{input}\n")),
        _ => None,
    }
}
