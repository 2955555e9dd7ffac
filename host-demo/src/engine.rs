//! The question put to an engine, and batches answered so that one bad line costs only itself.

use serde::Serialize;
use serde_json::Value;
use slaclock_core::Options;

use crate::error::{Code, Problem};
use crate::input::lines_of;

/// What is asked about each line of a file.
#[derive(Debug, Clone)]
pub enum Question {
    /// The line is a ticket: how do its clocks stand?
    Clocks {
        /// The agreement, as JSON text.
        agreement: String,
        /// Keys of later versions are skipped instead of refused.
        allow_later: bool,
        /// When.
        options: Options,
        /// With everything behind the clocks.
        explained: bool,
    },
    /// The line is a question about a calendar.
    Hours,
}

impl Question {
    /// The key under which an answer repeats what identifies its line.
    const fn key(&self) -> &'static str {
        match self {
            Self::Clocks { .. } => "ticket",
            Self::Hours => "id",
        }
    }

    /// The answer to a line that has none.
    #[must_use]
    pub fn refusal(&self, line: &[u8], problem: &Problem) -> Vec<u8> {
        let id = serde_json::from_slice::<Value>(line).ok().and_then(|line| line.get("id").cloned());
        let error = serde_json::to_value(problem).unwrap_or_default();
        let id = id.unwrap_or_default();
        let message = |key: &str| error.get(key).cloned().unwrap_or_default();
        let mut answer = format!(
            "{{\"{}\":{id},\"error\":{{\"code\":{},\"message\":{},\"pointer\":{}",
            self.key(),
            message("code"),
            message("message"),
            message("pointer")
        );
        if let Some(mend) = &problem.mend {
            answer.push_str(&format!(",\"mend\":{}", Value::from(&**mend)));
        }
        answer.push_str("}}\n");
        answer.into_bytes()
    }
}

/// Something about an agreement that should be looked at; its keys are in the order of canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// JSON pointer into the agreement; empty for the whole of it.
    pub pointer: String,
    /// What was found.
    pub message: String,
    /// How to mend it.
    pub mend: String,
}

/// Answers lines, a line for a line.
pub trait Engine: Send {
    /// Answers a batch of lines that are UTF-8 and not blank.
    ///
    /// # Errors
    /// The engine gave up; it answers the next batch as if nothing had happened.
    fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem>;
}

/// After so many lines in a row that took all the time they might, the rest of a batch is refused unasked: an engine
/// that never ends would else take that time for every line.
const PATIENCE: usize = 3;

/// Answers a batch; where the engine gives up, each line alone, so that only the guilty one is refused.
///
/// `count` is the number of lines, `place` names a line by its index in the batch.
pub fn answer_batch(
    engine: &mut dyn Engine,
    question: &Question,
    lines: &[u8],
    count: usize,
    place: impl Fn(usize) -> String,
) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    if let Ok(answers) = engine.answer_lines(lines).and_then(|answers| checked(answers, count)) {
        return answers;
    }
    let mut all = Vec::new();
    let mut late = 0;
    for (index, line) in lines_of(lines).enumerate() {
        let answer = if late < PATIENCE {
            engine.answer_lines(line).and_then(|answer| checked(answer, 1))
        } else {
            let message = format!("not asked: the plugin ran too long on each of {PATIENCE} lines before");
            Err(Problem::new(Code::PluginTime, message, ""))
        };
        match answer {
            Ok(answer) => {
                late = 0;
                all.extend(answer);
            }
            Err(mut problem) => {
                late = if problem.is(Code::PluginTime) { late + 1 } else { 0 };
                problem.place = place(index);
                problem.message = format!("{}: {}", problem.place, problem.message);
                all.extend(question.refusal(line, &problem));
            }
        }
    }
    all
}

fn checked(answers: Vec<u8>, count: usize) -> Result<Vec<u8>, Problem> {
    let given = memchr::memchr_iter(b'\n', &answers).count();
    if given == count && answers.ends_with(b"\n") && std::str::from_utf8(&answers).is_ok() {
        return Ok(answers);
    }
    let message = format!("the plugin gave {given} lines of answer for {count} of input, or not UTF-8");
    Err(Problem::new(Code::PluginAnswer, message, ""))
}

/// How many lines of answers are refusals.
#[must_use]
pub fn refused_in(answers: &[u8]) -> usize {
    // Within a JSON text the quotes would be escaped, so this cannot be part of a value.
    memchr::memmem::find_iter(answers, b",\"error\":{\"code\":").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Fragile {
        asked: usize,
    }

    impl Engine for Fragile {
        fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem> {
            self.asked += 1;
            if lines.windows(4).any(|part| part == b"slow") {
                return Err(Problem::new(Code::PluginTime, "the plugin ran longer than 1 ms", ""));
            }
            if lines.windows(3).any(|part| part == b"bad") {
                return Err(Problem::new(Code::PluginTrapped, "the plugin trapped", ""));
            }
            Ok(lines.to_ascii_uppercase())
        }
    }

    #[test]
    fn only_the_guilty_line_is_refused() {
        let lines = b"{\"id\":\"a\"}\n{\"id\":\"bad\"}\n{\"id\":\"c\"}\n";
        let answers = answer_batch(&mut Fragile::default(), &Question::Hours, lines, 3, |index| {
            format!("line {index}")
        });
        let answers = String::from_utf8(answers).unwrap();
        assert!(answers.starts_with("{\"ID\":\"A\"}\n{\"id\":\"bad\",\"error\":{\"code\":\"SLA-H0105\",\"message\":\"line 1: the plugin trapped\",\"pointer\":\"\",\"mend\":"), "{answers}");
        assert!(answers.ends_with("}}\n{\"ID\":\"C\"}\n"), "{answers}");
        assert_eq!(refused_in(answers.as_bytes()), 1);
    }
    #[test]
    fn a_plugin_that_never_ends_is_not_asked_about_every_line() {
        let mut lines = b"{\"id\":\"slow\"}\n{\"id\":1}\n".to_vec();
        lines.extend(b"{\"id\":\"slow\"}\n".repeat(100));
        let mut fragile = Fragile::default();
        let answers =
            answer_batch(&mut fragile, &Question::Hours, &lines, 102, |index| format!("line {index}"));
        assert_eq!(fragile.asked, 1 + 2 + PATIENCE);
        assert_eq!(refused_in(&answers), 101);
        let last = String::from_utf8(answers).unwrap().lines().last().unwrap().to_owned();
        assert!(last.contains("SLA-H0106") && last.contains("line 101: not asked: "), "{last}");
    }
}
