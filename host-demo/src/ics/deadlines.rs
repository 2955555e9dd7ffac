//! Deadlines of open clocks as a feed.

use std::io::{self, Write};

use serde_json::Value;
use slaclock_core::Instant;

use super::write::{Entry, Writer, utc};
use crate::error::Problem;
use crate::input::lines_of;
use crate::pipeline::Sink;
use crate::render::time_left;

/// As what deadlines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Events, which every calendar program shows.
    Events,
    /// Tasks with a due time.
    Todos,
}

/// Takes evaluations and writes a deadline for each open clock that has one.
pub struct Deadlines<W: Write> {
    writer: Writer<W>,
    form: Form,
    agreement: String,
    /// Deadlines written.
    pub written: u64,
    /// Open clocks that are paused: they are due only when someone resumes them.
    pub paused: u64,
    /// Open clocks that are never due: their calendar does not open again.
    pub never: u64,
    /// The first tickets that were refused.
    pub problems: Vec<Problem>,
}

/// More than a person reads.
const MOST_SHOWN: usize = 20;

impl<W: Write> Deadlines<W> {
    /// Begins the feed of an agreement, given by its id.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn begin(out: W, form: Form, agreement: &str, now: Instant) -> io::Result<Self> {
        let writer = Writer::begin(out, now, &format!("Deadlines {agreement}"), None)?;
        let agreement = agreement.to_owned();
        Ok(Self { writer, form, agreement, written: 0, paused: 0, never: 0, problems: Vec::new() })
    }

    fn evaluation(&mut self, evaluation: &Value) -> io::Result<()> {
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let ticket = text(evaluation, "ticket");
        if let Some(error) = evaluation.get("error") {
            if self.problems.len() < MOST_SHOWN {
                let mend = error.get("mend").and_then(Value::as_str).map(str::to_owned);
                let place = if ticket.is_empty() { String::new() } else { format!("ticket `{ticket}`") };
                let (code, message) = (text(error, "code").into(), text(error, "message"));
                self.problems.push(Problem { code, message, place, mend });
            }
            return Ok(());
        }
        for clock in evaluation.get("clocks").and_then(Value::as_array).into_iter().flatten() {
            let state = text(clock, "state");
            // Stopped and cancelled clocks have a due instant as well, but nobody can meet it any more.
            if !matches!(&*state, "running" | "outside_hours" | "paused" | "pending") {
                continue;
            }
            match clock.get("due_at") {
                Some(Value::String(due)) => {
                    if let Ok(due) = Instant::parse(due) {
                        self.deadline(&ticket, clock, &state, due)?;
                    }
                }
                Some(_) => self.never += 1,
                None => self.paused += 1,
            }
        }
        Ok(())
    }

    fn deadline(&mut self, ticket: &str, clock: &Value, state: &str, due: Instant) -> io::Result<()> {
        let text = |key: &str| clock.get(key).and_then(Value::as_str).unwrap_or_default();
        let metric = text("metric").replace('_', " ");
        let overdue = clock.get("overdue").and_then(Value::as_bool).unwrap_or(false);
        let cycle = clock.get("cycle").and_then(Value::as_u64).unwrap_or(1);
        let left = clock.get("remaining_ms").and_then(Value::as_i64).map(time_left).unwrap_or_default();
        let summary = format!("{ticket} {metric} {}", if overdue { "overdue" } else { "due" });
        let description =
            format!("Policy: {}\nState: {}\nCounted time: {left}", text("policy"), state.replace('_', " "));
        let uid = format!("{ticket}/{}/{cycle}/{}@slaclock", text("metric"), self.agreement);
        let value = |text: &str| text.to_owned();
        let (component, plain) = match self.form {
            Form::Events => (
                "VEVENT",
                [("DTSTART", utc(due)), ("STATUS", value("CONFIRMED")), ("TRANSP", value("TRANSPARENT"))]
                    .to_vec(),
            ),
            Form::Todos => ("VTODO", [("DUE", utc(due)), ("STATUS", value("NEEDS-ACTION"))].to_vec()),
        };
        let texts = [("SUMMARY", &*summary), ("DESCRIPTION", &*description)];
        self.written += 1;
        self.writer.entry(&Entry { component, uid: &uid, plain: &plain, texts: &texts })
    }
}

impl<W: Write> Sink for Deadlines<W> {
    fn take(&mut self, answers: &[u8]) -> io::Result<()> {
        for line in lines_of(answers) {
            self.evaluation(&serde_json::from_slice(line)?)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.end()
    }
}
