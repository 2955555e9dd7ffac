//! What every answer must be, whatever was asked. A law that does not hold panics.

use std::str;

use serde_json::{Value, json};
use slaclock_core::calendar::Date;
use slaclock_core::lint::lint;
use slaclock_core::{
    Agreement, Board, Calendar, Evaluation, Instant, Options, SAFE_INTEGER, Ticket, hours, list_to_json,
    to_json,
};

use crate::case::Case;

/// What may not change before `next_change_at`.
const STANDING: [&str; 10] =
    ["clock", "set", "cycle", "state", "overdue", "rate", "target_ms", "due_at", "policy", "breached_at"];

/// Asks everything there is to ask about a case.
///
/// # Panics
/// When core does, or when an answer breaks a law.
pub fn check(bytes: &[u8]) {
    let case = Case::read(bytes);
    let [agreement, _, question] = case.documents;
    let answers = answer_lines(question, hours::answer_lines);
    assert_eq!(answers, answer_lines(question, hours::answer_lines), "the same question, another answer");
    if let Ok(text) = str::from_utf8(question)
        && let Err(problems) = Calendar::from_json(text)
    {
        refused(&problems);
    }
    let Ok(text) = str::from_utf8(agreement) else { return };
    let lenient = Agreement::from_json(text, true);
    let today = Date::parse(&case.now.to_string()[..10]).expect("every instant has a date");
    match Agreement::from_json(text, false) {
        Ok(agreement) => {
            assert!(lenient.is_ok(), "refused only where later keys are allowed: {lenient:?}");
            lint_finds(text, today);
            evaluates(&agreement, text, &case);
        }
        Err(problems) => {
            refused(&problems);
            lint(text, today).expect_err("lint reads what is refused");
        }
    }
}

/// A line of JSON for each line that is not empty.
fn answer_lines(questions: &[u8], answer: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let asked = questions.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let answers = String::from_utf8(answer(questions)).expect("UTF-8");
    assert_eq!(answers.lines().count(), asked, "not an answer for each line");
    answers.lines().for_each(|line| drop(value(line)));
    answers
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON, {error}: {text}"))
}

fn refused(problems: &[slaclock_core::Problem]) {
    assert!(!problems.is_empty(), "refused without a problem");
    problems.iter().for_each(|problem| drop(value(&to_json(problem))));
}

/// Lint answers for every agreement, and its findings are somewhere.
fn lint_finds(text: &str, today: Date) {
    let document = value(text);
    for finding in lint(text, today).expect("lint refuses what is read") {
        let found = value(&to_json(&finding));
        assert!(document.pointer(&finding.pointer).is_some(), "a finding about nothing: {found}");
    }
}

fn evaluates(agreement: &Agreement, text: &str, case: &Case) {
    let again = Agreement::from_json(text, false).expect("read before");
    let ticket = case.documents[1];
    let options = Options { now: case.now, known_at: case.known_at };
    let lines = answer_lines(ticket, |lines| agreement.evaluate_lines(lines, options));
    let second = answer_lines(ticket, |lines| again.evaluate_lines(lines, options));
    assert_eq!(lines, second, "the same ticket, another answer");
    let Ok(ticket_text) = str::from_utf8(ticket) else { return };
    as_list(agreement, ticket_text, options);
    previews(agreement, ticket_text, case.now);
    let Ok(ticket) = agreement.read_ticket(ticket_text, false) else { return };
    let Ok(evaluation) = agreement.evaluate(&ticket, options) else { return };
    let line = to_json(&evaluation);
    laws(&value(&line), case.now);
    explains(agreement, &ticket, options, &line);
    if case.known_at.is_none() {
        on_board(again, &ticket, case.now, &line);
        until_the_next_change(agreement, ticket_text, case.now);
    }
}

/// A list of one ticket gives a list of its line; with instants as numbers it gives something.
fn as_list(agreement: &Agreement, ticket: &str, options: Options) {
    let Ok(line) = agreement.evaluate_line(ticket.as_bytes(), options) else { return };
    let list = format!("[{ticket}]");
    let answers = agreement.evaluate_list(&list, options, false).expect("a list");
    assert_eq!(list_to_json(&answers), format!("[{}]", to_json(&line)), "alone and in a list");
    let numeric = agreement.evaluate_list(&list, options, true).expect("a list");
    assert_eq!(list_to_json(&numeric), list_to_json(&answers), "texts where numbers are allowed too");
}

/// The ticket's fields, logged now.
fn previews(agreement: &Agreement, ticket: &str, now: Instant) {
    let fields = serde_json::from_str::<Value>(ticket).ok().and_then(|ticket| ticket.get("fields").cloned());
    match agreement.preview(&fields.unwrap_or(json!({})).to_string(), now) {
        Ok(preview) => {
            let preview = value(&to_json(&preview));
            laws(&preview["evaluation"], now);
        }
        Err(problems) => refused(&problems),
    }
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_str().map(|text| Instant::parse(text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn clocks(evaluation: &Value) -> &[Value] {
    evaluation["clocks"].as_array().expect("clocks")
}

/// What holds for an evaluation by itself.
fn laws(evaluation: &Value, now: Instant) {
    in_range(evaluation);
    let event = instant(&evaluation["next_event_at"]);
    assert!(event.is_none_or(|event| event > now), "an event to come that is past: {evaluation}");
    for clock in clocks(evaluation) {
        let next = instant(&clock["next_change_at"]);
        assert!(next.is_none_or(|next| next > now), "a change to come that is past: {clock}");
        let known = next.is_none_or(|next| event.is_some_and(|event| event <= next));
        assert!(known, "a change before the next event: {evaluation}");
    }
}

/// Every number is one that JavaScript holds exactly.
fn in_range(value: &Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_i64().unwrap_or_else(|| panic!("not a whole number: {number}"));
            assert!((-SAFE_INTEGER..=SAFE_INTEGER).contains(&whole), "too large a number: {number}");
        }
        Value::Array(items) => items.iter().for_each(in_range),
        Value::Object(keys) => keys.values().for_each(in_range),
        _ => {}
    }
}

/// An explanation holds the same evaluation, and its slices tile each run and sum to its figure.
fn explains(agreement: &Agreement, ticket: &Ticket, options: Options, line: &str) {
    let explanation = match agreement.explain(ticket, options) {
        Ok(explanation) => value(&to_json(&explanation)),
        Err(problem) => return refused(&[problem]),
    };
    assert_eq!(explanation["evaluation"], value(line), "explained otherwise than evaluated");
    for clock in explanation["clocks"].as_array().expect("clocks") {
        for cycle in clock["cycles"].as_array().expect("cycles") {
            let (mut end, mut counted) = (None, 0);
            for slice in cycle["slices"].as_array().expect("slices") {
                let (from, until) = (instant(&slice["from"]), instant(&slice["until"]));
                assert!(
                    from < until && (end.is_none() || end == from),
                    "a gap or an overlap: {slice} {cycle}"
                );
                end = until;
                if slice["counted"] == true {
                    counted += slice["duration_ms"].as_i64().expect("a duration");
                }
            }
            assert_eq!(cycle["elapsed_ms"], json!(counted), "slices that do not sum up: {cycle}");
        }
    }
}

/// A board of one ticket tells what the agreement tells.
fn on_board(agreement: Agreement, ticket: &Ticket, now: Instant, line: &str) {
    let mut board = Board::new(agreement, now);
    let row = board.put(ticket).expect("evaluated before");
    board.tick(now);
    assert_eq!(
        board.evaluation(row).map(|one: Evaluation| to_json(&one)).as_deref(),
        Some(line),
        "on a board"
    );
    let next = board.next_event_at();
    assert!(next.is_none_or(|next| next > now), "a board that would wake in the past: {next:?}");
}

/// With nothing but the events until now, every clock stands as it does until just before its next change, and
/// its counted time grows by its rate.
fn until_the_next_change(agreement: &Agreement, ticket: &str, now: Instant) {
    let mut ticket = value(ticket);
    if let Some(events) = ticket["events"].as_array_mut() {
        events.retain(|event| instant(&event["at"]).is_none_or(|at| at <= now));
    }
    let ticket = ticket.to_string();
    let at = |now| {
        let evaluation = agreement.evaluate_line(ticket.as_bytes(), Options::at(now)).ok()?;
        Some(value(&to_json(&evaluation)))
    };
    let Some(first) = at(now) else { return };
    for (index, clock) in clocks(&first).iter().enumerate() {
        let Some(next) = instant(&clock["next_change_at"]) else { continue };
        let Some(last) = Instant::from_ms(next.ms() - 1) else { continue };
        let then = at(last).expect("evaluated before");
        let then = clocks(&then).get(index).expect("the same clocks");
        for key in STANDING {
            let state = clock["state"].as_str().unwrap_or_default();
            let stands = then.get(key) == clock.get(key);
            assert!(
                stands,
                "{key} of a {state} clock changes before its next change: by {last}\n{clock}\n{then}"
            );
        }
        let counted = |clock: &Value| clock["elapsed_ms"].as_i64().expect("a number");
        let rate = clock["rate"].as_i64().expect("a number");
        assert_eq!(counted(then), counted(clock) + rate * (last.ms() - now.ms()), "by {last}: {clock}");
    }
}
