//! What another's plugin answers, held against the contract before anybody relies on it.
//!
//! The answers of the plugin that this program carries are its own words and are held against the engine in tests.

use serde::Deserialize;
use serde_json::Value;
use slaclock_core::Instant;

use super::Plugin;
use super::worker::Asked;
use crate::error::{Code, Problem};
use crate::input::lines_of;

/// Keys of results that hold an instant and do not end with `_at`.
const INSTANTS: [&str; 7] = ["at", "due", "from", "now", "since", "until", "due_if_resumed_now"];

/// Whether each answer is a JSON object about its own line, with the parts that readers need and possible instants.
pub(super) fn check(asked: Asked, lines: &[u8], answers: &[u8]) -> Result<(), Problem> {
    if std::str::from_utf8(answers).is_err() {
        return Err(wrong("what is not UTF-8"));
    }
    let (lent, given) = (lines_of(lines).count(), lines_of(answers).count());
    if lent != given {
        return Err(wrong(format!("{given} lines of answer for {lent} of input")));
    }
    lines_of(lines).zip(lines_of(answers)).try_for_each(|(line, answer)| check_line(asked, line, answer))
}

fn check_line(asked: Asked, line: &[u8], answer: &[u8]) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        id: Value,
    }
    let answer: Value = serde_json::from_slice(answer).map_err(|error| wrong(format!("no JSON: {error}")))?;
    let evaluation = match asked {
        Asked::Clocks(_, true) if answer.get("error").is_none() => {
            answer.get("evaluation").ok_or_else(|| wrong("an explanation without `evaluation`"))?
        }
        _ => &answer,
    };
    let id = serde_json::from_slice::<Named>(line).map(|line| line.id).unwrap_or_default();
    let key = asked.key();
    let given = evaluation.get(key).unwrap_or(&Value::Null);
    let error = answer.get("error");
    // A line that cannot be read has no name that could be repeated.
    if *given != id && !(given.is_null() && error.is_some()) {
        return Err(wrong(format!("`{key}` {given} to the line of {id}")));
    }
    if let Some(error) = error {
        let texts = ["code", "message"].iter().all(|key| error.get(key).is_some_and(Value::is_string));
        return if texts { Ok(()) } else { Err(wrong("an `error` without `code` or `message`")) };
    }
    if matches!(asked, Asked::Clocks(..)) {
        let clocks = evaluation.get("clocks").and_then(Value::as_array);
        let clocks = clocks.ok_or_else(|| wrong("a result without `clocks`"))?;
        let states = clocks.iter().all(|clock| clock.get("state").is_some_and(Value::is_string));
        if !states || evaluation.get("next_event_at").is_none() {
            return Err(wrong("a result without `state` or `next_event_at`"));
        }
    }
    // In what policies were matched against, names and values are the agreement's own.
    answer.as_object().into_iter().flatten().filter(|(key, _)| *key != "matching").try_for_each(entry)
}

/// Whether what is named as an instant is one.
fn instants(value: &Value) -> Result<(), Problem> {
    match value {
        Value::Array(items) => items.iter().try_for_each(instants),
        Value::Object(entries) => entries.iter().try_for_each(entry),
        _ => Ok(()),
    }
}

fn entry((key, value): (&String, &Value)) -> Result<(), Problem> {
    match value {
        Value::String(text) if key.ends_with("_at") || INSTANTS.contains(&&**key) => {
            Instant::parse(text).map(|_| ()).map_err(|error| wrong(format!("`{key}`: {error}")))
        }
        Value::Number(number) if key.ends_with("_at") => Err(wrong(format!("`{key}`: {number}"))),
        _ => instants(value),
    }
}

fn wrong(what: impl AsRef<str>) -> Problem {
    let message = format!("the plugin gave {}", what.as_ref());
    Problem::new(Code::PluginAnswer, message, "")
}

impl Plugin {
    /// A preview that is JSON and has possible instants.
    pub(super) fn checked_preview(&self, preview: String) -> Result<String, Problem> {
        if !self.is_built_in() {
            let value: Value =
                serde_json::from_str(&preview).map_err(|error| wrong(format!("no JSON: {error}")))?;
            instants(&value)?;
        }
        Ok(preview)
    }
}

#[cfg(test)]
mod tests {
    use slaclock_core::{Agreement, Options, hours};

    use super::*;

    /// What the engine answers passes, whatever the case: refusals, explanations and calendars too.
    #[test]
    fn no_answer_of_the_engine_is_refused() {
        let mut count = 0;
        for line in include_str!("../../../tests/vectors/clocks_complete.jsonl").lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let Ok(agreement) = Agreement::from_json(&case["agreement"].to_string(), false) else { continue };
            let options = Options::at(Instant::parse(case["now"].as_str().unwrap()).unwrap());
            let ticket = format!("{}\n{{\"id\":\"a\"}}\nno ticket\n", case["ticket"]).into_bytes();
            for (explained, answers) in [
                (false, agreement.evaluate_lines(&ticket, options)),
                (true, agreement.explain_lines(&ticket, options)),
            ] {
                let checked = check(Asked::Clocks(options, explained), &ticket, &answers);
                checked.unwrap_or_else(|problem| panic!("{}: {problem}", case["name"]));
                count += 1;
            }
        }
        assert!(count > 500, "{count}");
        let questions = include_bytes!("../../../tests/vectors/hours_by_hand.jsonl");
        check(Asked::Hours, questions, &hours::answer_lines(questions)).unwrap();
    }
}
