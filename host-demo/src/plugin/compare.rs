//! The same tickets through two engines, and every difference in what they answer.

use std::time::{Duration, Instant as Stopwatch};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use slaclock_core::{Instant, Options};

use crate::engine::{Engine, Question, answer_batch, refused_in};
use crate::input::{lines_of, without_blank_lines};

/// So many lines are asked at a time.
const BATCH: usize = 256;

/// One place in which two answers differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The ticket's id; `null` for a line without one.
    pub ticket: Value,
    /// The instant that was asked about.
    pub now: Instant,
    /// The set of policies of the clock, where the agreement has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The clock; absent for what concerns the whole ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// What differs: a key, or a path of keys and positions such as `alerts/0/at`. Empty for the clock itself, which
    /// only one side has.
    pub key: String,
    /// What the old one answers; `null` also where it says nothing.
    pub old: Value,
    /// What the new one answers; `null` also where it says nothing.
    pub new: Value,
}

/// What came of comparing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Tickets asked about.
    pub tickets: u64,
    /// Tickets answered differently.
    pub different: u64,
    /// Differences in all.
    pub differences: u64,
    /// Tickets about which both say the same in other bytes.
    pub otherwise_written: u64,
    /// Tickets that the old one refuses.
    pub refused_old: u64,
    /// Tickets that the new one refuses.
    pub refused_new: u64,
    /// Time that the old one took, in milliseconds.
    #[serde(rename = "old_ms", serialize_with = "ms")]
    pub old: Duration,
    /// Time that the new one took, in milliseconds.
    #[serde(rename = "new_ms", serialize_with = "ms")]
    pub new: Duration,
}

fn ms<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(duration.as_millis())
}

impl std::ops::AddAssign for Comparison {
    fn add_assign(&mut self, more: Self) {
        self.tickets += more.tickets;
        self.different += more.different;
        self.differences += more.differences;
        self.otherwise_written += more.otherwise_written;
        self.refused_old += more.refused_old;
        self.refused_new += more.refused_new;
        self.old += more.old;
        self.new += more.new;
    }
}

/// Asks both about every line and tells each difference.
pub fn lines(
    old: &mut dyn Engine,
    new: &mut dyn Engine,
    question: &Question,
    lines: &[u8],
    options: Options,
    tell: &mut dyn FnMut(Difference),
) -> Comparison {
    let (lines, _) = without_blank_lines(lines);
    let all: Vec<&[u8]> = lines_of(&lines).collect();
    let mut comparison = Comparison::default();
    for some in all.chunks(BATCH) {
        let batch = some.concat();
        let answers = |engine: &mut dyn Engine, time: &mut Duration| {
            let begun = Stopwatch::now();
            // Both sides name the line alike, so that equal refusals are equal.
            let answers = answer_batch(engine, question, &batch, some.len(), |_| "this ticket".to_owned());
            *time += begun.elapsed();
            answers
        };
        let olds = answers(old, &mut comparison.old);
        let news = answers(new, &mut comparison.new);
        comparison.tickets += some.len() as u64;
        comparison.refused_old += refused_in(&olds) as u64;
        comparison.refused_new += refused_in(&news) as u64;
        for (old, new) in lines_of(&olds).zip(lines_of(&news)).filter(|(old, new)| old != new) {
            let mut found = 0;
            answer(old, new, options.now, &mut |difference| {
                found += 1;
                tell(difference);
            });
            comparison.differences += found;
            comparison.different += u64::from(found > 0);
            comparison.otherwise_written += u64::from(found == 0);
        }
    }
    comparison
}

/// The differences of two answers to one line.
fn answer(old: &[u8], new: &[u8], now: Instant, tell: &mut dyn FnMut(Difference)) {
    // Answers that are no JSON were refused before they came here.
    let parsed = |answer| serde_json::from_slice::<Map<String, Value>>(answer).unwrap_or_default();
    let (mut old, mut new) = (parsed(old), parsed(new));
    let ticket = [&old, &new].into_iter().find_map(|answer| answer.get("ticket")).cloned();
    let ticket = ticket.unwrap_or_default();
    let (old_clocks, new_clocks) = (clocks(&mut old), clocks(&mut new));
    let mut differ = |of: Option<&(Option<String>, String)>, key: &str, old: &Value, new: &Value| {
        let (set, clock) = of.map(|(set, clock)| (set.clone(), clock.clone())).unzip();
        let (ticket, set) = (ticket.clone(), set.flatten());
        tell(Difference { ticket, now, set, clock, key: key.to_owned(), old: old.clone(), new: new.clone() });
    };
    let whole = (Value::Object(old), Value::Object(new));
    walk(&whole.0, &whole.1, &mut String::new(), &mut |key, old, new| differ(None, key, old, new));
    for (name, old) in &old_clocks {
        match new_clocks.iter().find(|(other, _)| other == name) {
            Some((_, new)) => {
                walk(old, new, &mut String::new(), &mut |key, old, new| differ(Some(name), key, old, new));
            }
            None => differ(Some(name), "", old, &Value::Null),
        }
    }
    for (name, new) in new_clocks.iter().filter(|(name, _)| !old_clocks.iter().any(|(old, _)| old == name)) {
        differ(Some(name), "", &Value::Null, new);
    }
}

/// The clocks of an answer by set and name, taken out of it.
fn clocks(answer: &mut Map<String, Value>) -> Vec<((Option<String>, String), Value)> {
    let Some(Value::Array(clocks)) = answer.remove("clocks") else { return Vec::new() };
    let text = |clock: &Value, key: &str| clock.get(key).and_then(Value::as_str).map(str::to_owned);
    let named = |clock: Value| ((text(&clock, "set"), text(&clock, "clock").unwrap_or_default()), clock);
    clocks.into_iter().map(named).collect()
}

/// Tells the innermost places in which two values differ.
fn walk(old: &Value, new: &Value, path: &mut String, tell: &mut dyn FnMut(&str, &Value, &Value)) {
    let mut step = |key: &str, old: Option<&Value>, new: Option<&Value>| {
        let length = path.len();
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(key);
        walk(old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null), path, tell);
        path.truncate(length);
    };
    match (old, new) {
        (Value::Object(olds), Value::Object(news)) => {
            olds.iter().for_each(|(key, old)| step(key, Some(old), news.get(key)));
            let added = news.iter().filter(|(key, _)| !olds.contains_key(*key));
            added.for_each(|(key, new)| step(key, None, Some(new)));
        }
        (Value::Array(olds), Value::Array(news)) => {
            for index in 0..olds.len().max(news.len()) {
                step(&index.to_string(), olds.get(index), news.get(index));
            }
        }
        _ if old != new => tell(path, old, new),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem;

    /// Answers every batch with the same lines.
    struct Says(&'static str);

    impl Engine for Says {
        fn answer_lines(&mut self, _: &[u8]) -> Result<Vec<u8>, Problem> {
            Ok(self.0.as_bytes().to_vec())
        }
    }

    fn told(old: &'static str, new: &'static str) -> (Comparison, Vec<String>) {
        let mut told = Vec::new();
        let mut tell = |difference: Difference| {
            let Difference { ticket, set, clock, key, old, new, .. } = difference;
            let clock = [set, clock].into_iter().flatten().collect::<Vec<_>>().join("/");
            told.push(format!("{ticket} {clock}:{key} {old} {new}"));
        };
        let question = Question::Hours;
        let options = Options::at(Instant::MIN);
        let comparison = lines(&mut Says(old), &mut Says(new), &question, b"{}\n\n", options, &mut tell);
        let comparison = Comparison { old: Duration::ZERO, new: Duration::ZERO, ..comparison };
        (comparison, told)
    }

    #[test]
    fn every_difference_is_told_at_its_innermost_place() {
        let old = r#"{"ticket":"T","policy":"a","clocks":[{"clock":"x","due_at":"1","alerts":[{"at":"1"}]},{"clock":"y"},{"set":"s","clock":"x"}]}"#;
        let new = r#"{"ticket":"T","policy":"b","clocks":[{"set":"s","clock":"x","rate":1},{"clock":"x","due_at":"2","alerts":[{"at":"1"},{"at":"3"}]}]}"#;
        let (comparison, told) = told(
            Box::leak(format!("{old}\n").into_boxed_str()),
            Box::leak(format!("{new}\n").into_boxed_str()),
        );
        assert_eq!(
            told,
            [
                r#""T" :policy "a" "b""#,
                r#""T" x:alerts/1 null {"at":"3"}"#,
                r#""T" x:due_at "1" "2""#,
                r#""T" y: {"clock":"y"} null"#,
                r#""T" s/x:rate null 1"#,
            ]
        );
        let wanted = Comparison { tickets: 1, different: 1, differences: 5, ..Comparison::default() };
        assert_eq!(comparison, wanted);
    }

    #[test]
    fn the_same_in_other_bytes_is_no_difference_but_counted() {
        let (comparison, told) =
            told("{\"ticket\":\"T\",\"clocks\":[]}\n", "{\"clocks\":[], \"ticket\":\"T\"}\n");
        assert!(told.is_empty());
        assert_eq!((comparison.different, comparison.otherwise_written), (0, 1));
    }

    #[test]
    fn a_refusal_of_one_side_is_a_difference() {
        let refusal = "{\"ticket\":\"T\",\"error\":{\"code\":\"E\",\"message\":\"m\"}}\n";
        let (comparison, told) = told("{\"ticket\":\"T\",\"clocks\":[{\"clock\":\"x\"}]}\n", refusal);
        assert_eq!(told, [r#""T" :error null {"code":"E","message":"m"}"#, r#""T" x: {"clock":"x"} null"#]);
        assert_eq!((comparison.refused_old, comparison.refused_new), (0, 1));
    }
}
