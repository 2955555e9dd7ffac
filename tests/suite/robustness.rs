//! Inputs that nobody meant: damaged texts and extreme values cost an error, never more.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use slaclock_core::{Agreement, Calendar, Instant, Options};

use crate::engine::{agreement, lines as answer_tickets};
use crate::generate::{for_all, ticket_case};
use crate::vector_files::{lines, own_text};

const CASES: u32 = 1500;

/// Texts at the ends of what the formats can say.
const EXTREMES: [&str; 14] = [
    "",
    "1970-01-01T00:00:00Z",
    "2199-12-31T23:59:59.999Z",
    "1970-01-01",
    "2199-12-31",
    "1970-01-01..2199-12-31",
    "00:00-24:00",
    "23:59-00:00",
    "1ms",
    "83000d",
    "99999999999999999999h",
    "P99999W",
    "\u{0}\u{1F552}\u{202E}",
    "Pacific/Apia",
];

/// Puts extreme texts in place of some of a document's own.
fn disturbed(value: &mut Value, choices: &mut impl Iterator<Item = (u8, &'static str)>) {
    match value {
        Value::String(text) => {
            if let Some((0, extreme)) = choices.next() {
                *text = extreme.to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| disturbed(item, choices)),
        Value::Object(keys) => keys.values_mut().for_each(|item| disturbed(item, choices)),
        _ => {}
    }
}

/// What every batch must give: a line of JSON for each line that is not empty.
fn answered(questions: &[u8], answers: &[u8]) -> Result<(), TestCaseError> {
    let asked = questions.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let answers = std::str::from_utf8(answers).map_err(|error| TestCaseError::fail(error.to_string()))?;
    for answer in answers.lines() {
        prop_assert!(serde_json::from_str::<Value>(answer).is_ok(), "{}", answer);
    }
    prop_assert_eq!(answers.lines().count(), asked);
    Ok(())
}

#[test]
fn extreme_texts_in_a_ticket_or_agreement_cost_an_error_at_most() {
    let choices = || vec((0u8..12, select(&EXTREMES)), 64);
    for_all(CASES, (ticket_case(), choices(), choices()), |(mut case, for_ticket, for_agreement)| {
        disturbed(&mut case.agreement, &mut for_agreement.into_iter());
        disturbed(&mut case.ticket, &mut for_ticket.into_iter());
        let Ok(agreement) = Agreement::from_json(&case.agreement.to_string(), false) else { return Ok(()) };
        for now in [case.now, 0, Instant::MAX.ms() - 1] {
            let tickets = case.ticket.to_string();
            answered(tickets.as_bytes(), answer_tickets(&agreement, &tickets, now, Some(now)).as_bytes())?;
        }
        Ok(())
    });
}

#[test]
fn damaged_texts_cost_an_error_at_most() {
    let whole: Vec<String> = lines(&own_text("errors.jsonl"), 60)
        .into_iter()
        .filter_map(|case| case["input"].as_str().map(str::to_owned))
        .chain(lines(&own_text("hours_by_hand.jsonl"), 60).iter().map(Value::to_string))
        .collect();
    let plain = agreement(&lines(&own_text("clocks.jsonl"), 130)[0]["agreement"]);
    let damage = vec((any::<u16>(), any::<u8>(), 0u8..3), 1..4);
    for_all(CASES, (select(whole), damage), |(text, damage)| {
        let mut bytes = text.into_bytes();
        for (at, byte, how) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = usize::from(at) % bytes.len();
            match how {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
        }
        let options = Options::at(Instant::MIN);
        answered(&bytes, &plain.evaluate_lines(&bytes, options))?;
        answered(&bytes, &slaclock_core::hours::answer_lines(&bytes))?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let problems = [Agreement::from_json(text, true).err(), Calendar::from_json(text).err()];
            prop_assert!(problems.iter().flatten().all(|problems| !problems.is_empty()));
        }
        Ok(())
    });
}
