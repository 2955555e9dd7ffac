//! Where questions are answered: keeps the last agreements compiled.

use slaclock_core::calendar::Date;
use slaclock_core::{Agreement, Code, EngineVersion, Instant, Options, Problem, hours, to_json};

use crate::request::{Question, What};

/// So many agreements stay compiled. The one asked least recently makes room.
const KEPT: usize = 16;

/// Answers questions, and keeps the agreements that they name compiled: most callers ask about few.
#[derive(Debug, Default)]
pub struct Desk {
    /// The last asked is last.
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    document: String,
    allow_later: bool,
    agreement: Agreement,
}

impl Desk {
    /// The answer to a question: JSON Lines, a line for a line, or one line where one thing is asked.
    ///
    /// # Errors
    /// Every problem of the question or its agreement. Problems of single lines are answered in their place.
    pub fn answer(&mut self, question: &Question<'_>) -> Result<Vec<u8>, Vec<Problem>> {
        Ok(match question.what {
            What::About => line(to_json(&EngineVersion::current())),
            What::Hours => hours::answer_lines(question.body),
            What::Clocks | What::Explain | What::Preview => {
                let document =
                    question.agreement.ok_or_else(|| vec![missing("agreement", "the agreement")])?;
                return about(self.agreement(document, question.allow_later)?, question);
            }
            What::Lint => {
                let today =
                    question.today.ok_or_else(|| vec![missing("today", "`\"today\":\"2026-11-23\"`")])?;
                let today = Date::parse_at(today, "/today").map_err(|problem| vec![problem])?;
                let document = core::str::from_utf8(question.body).map_err(|_| vec![not_text()])?;
                let mut lines = Vec::new();
                for finding in slaclock_core::lint::lint(document, today)? {
                    lines.extend(line(to_json(&finding)));
                }
                lines
            }
        })
    }

    /// An agreement, compiled; the last ones asked stay so.
    ///
    /// # Errors
    /// Every problem of the document.
    pub fn agreement(&mut self, document: &str, allow_later: bool) -> Result<&Agreement, Vec<Problem>> {
        let asked = |kept: &Kept| kept.document == document && kept.allow_later == allow_later;
        let kept = match self.kept.iter().position(asked) {
            Some(found) => self.kept.remove(found),
            None => {
                let agreement = Agreement::from_json(document, allow_later)?;
                if self.kept.len() == KEPT {
                    self.kept.remove(0);
                }
                Kept { document: document.to_owned(), allow_later, agreement }
            }
        };
        self.kept.push(kept);
        self.kept.last().map(|kept| &kept.agreement).ok_or_else(Vec::new)
    }
}

/// The answer to a question about an agreement.
pub(crate) fn about(agreement: &Agreement, question: &Question<'_>) -> Result<Vec<u8>, Vec<Problem>> {
    Ok(match question.what {
        What::Explain => agreement.explain_lines(question.body, options(question)?),
        What::Preview => {
            let fields = core::str::from_utf8(question.body).map_err(|_| vec![not_text()])?;
            line(to_json(&agreement.preview(fields, now(question)?)?))
        }
        _ => agreement.evaluate_lines(question.body, options(question)?),
    })
}

fn line(mut text: String) -> Vec<u8> {
    text.push('\n');
    text.into_bytes()
}

fn now(question: &Question<'_>) -> Result<Instant, Vec<Problem>> {
    let now = question.now.ok_or_else(|| vec![missing("now", "`\"now\":\"2026-11-23T10:00:00Z\"`")])?;
    Instant::parse_at(now, "/now").map_err(|problem| vec![problem])
}

fn options(question: &Question<'_>) -> Result<Options, Vec<Problem>> {
    let known_at = question.known_at.map(|known_at| Instant::parse_at(known_at, "/known_at"));
    Ok(Options { now: now(question)?, known_at: known_at.transpose().map_err(|problem| vec![problem])? })
}

fn missing(key: &str, what: &str) -> Problem {
    Problem {
        code: Code::MissingKey,
        message: format!("the question needs `{key}`"),
        pointer: String::new(),
        mend: Some(format!("add {what}")),
    }
}

fn not_text() -> Problem {
    Problem {
        code: Code::NotJson,
        message: "the text is not UTF-8".to_owned(),
        pointer: String::new(),
        mend: None,
    }
}
