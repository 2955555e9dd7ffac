//! What a server shows: an agreement and the tickets that it can be asked about.

use std::path::PathBuf;

use slaclock_core::Options;

use crate::document::Document;
use crate::engine::{Engine, Question, answer_batch, refused_in};
use crate::error::Problem;
use crate::input::{Lines, Piece, Source, lines_of, without_blank_lines};
use crate::render::complain;
use crate::time::now;

/// More than a person reads.
const MOST_SHOWN: usize = 20;

/// An agreement and tickets, checked by the engine.
#[derive(Debug, Default)]
pub struct Board {
    /// The agreement, as JSON text.
    pub agreement: String,
    /// The tickets that can be evaluated, as JSON Lines.
    pub tickets: Vec<u8>,
    /// How many those are.
    pub count: u64,
    /// How many tickets were refused.
    pub refused: u64,
    /// Version of the engine that checked them, and of its time zones.
    pub engine: (String, String),
}

impl Board {
    /// Loads and checks an agreement and tickets. Bad tickets are told on standard error and left out.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement, or no engine.
    pub fn load(
        agreement: &Document,
        files: &[PathBuf],
        allow_later: bool,
        engine: (String, String),
        engines: impl FnOnce(&Question) -> Result<Vec<Box<dyn Engine>>, Vec<Problem>>,
    ) -> Result<Self, Vec<Problem>> {
        let options = Options { now: now(), known_at: None };
        let question =
            Question::Clocks { agreement: agreement.json.clone(), allow_later, options, explained: false };
        let mut board = Self { agreement: agreement.json.clone(), engine, ..Self::default() };
        let mut engines = engines(&question)?;
        let Some(engine) = engines.first_mut() else { return Ok(board) };
        let mut problems = Vec::new();
        for file in files {
            match Source::open(file).and_then(Lines::of) {
                Err(problem) => problems.push(problem),
                Ok(lines) => {
                    let name = file.display().to_string();
                    lines.for_each(|piece| board.take(piece, &name, &mut **engine, &question, &mut problems));
                }
            }
        }
        let more = problems.len().saturating_sub(MOST_SHOWN);
        problems.truncate(MOST_SHOWN);
        complain(&problems);
        if more > 0 {
            eprintln!("and {more} more; `slaclock clocks` tells them all");
        }
        Ok(board)
    }

    fn take(
        &mut self,
        piece: Piece,
        file: &str,
        engine: &mut dyn Engine,
        question: &Question,
        problems: &mut Vec<Problem>,
    ) {
        let bytes = match piece {
            Piece::Lines { bytes, .. } => bytes,
            Piece::Refused(problem) => {
                self.refused += 1;
                return problems.push(problem);
            }
            Piece::Broken(problem) => return problems.push(problem),
        };
        let (lines, count) = without_blank_lines(&bytes);
        let answers = answer_batch(engine, question, &lines, count, |_| file.to_owned());
        for (line, answer) in lines_of(&lines).zip(lines_of(&answers)) {
            if refused_in(answer) == 0 {
                self.count += 1;
                self.tickets.extend_from_slice(line);
            } else {
                self.refused += 1;
                problems.push(refusal(answer, file));
            }
        }
    }
}

/// The problem in an answer.
fn refusal(answer: &[u8], file: &str) -> Problem {
    let answer: serde_json::Value = serde_json::from_slice(answer).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let error = &answer["error"];
    let place = match &answer["ticket"] {
        serde_json::Value::String(id) => format!("{file}, ticket `{id}` {}", text(&error["pointer"])),
        _ => file.to_owned(),
    };
    Problem {
        code: text(&error["code"]).into(),
        message: text(&error["message"]),
        place: place.trim_end().to_owned(),
        mend: error["mend"].as_str().map(str::to_owned),
    }
}
