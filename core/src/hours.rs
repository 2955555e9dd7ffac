//! Questions about calendars in JSON Lines: one a line, answered a line for a line.
//!
//! `{"id":…,"calendar":{…},"op":"elapsed","start":…,"end":…}` gives `{"id":…,"elapsed_ms":…}`, and so on for
//! `due`, `is_open`, `next_open`, `next_close` and `segments`. With an `agreement` in the question, `calendar` is the name of
//! one of its calendars; each version of the agreement has its own hours from its first day on, and one that does not have
//! the calendar never opens.

use crate::interval::Gather as _;
use serde::{Serialize, Serializer};

use crate::agreement::{Agreement, MAX_AGREEMENT};
use crate::calendar::Calendar;
use crate::document::{Absent, At, KeyReader, Node, Problems, Reading, expected, output, unknown, words};
use crate::duration::Duration;
use crate::error::{Code, Problem};
use crate::evaluate::{MAX_LINE, write_line};
use crate::instant::Instant;
use crate::near::nearest;

/// Calendars are compiled once and kept, up to so many.
const KEPT_CALENDARS: usize = 32;

words! {
    /// What can be asked about a calendar.
    pub enum Operation as "an operation" {
        /// Open time in `[start, end)`, negative when `end` is earlier.
        Elapsed = "elapsed",
        /// The earliest instant by which `ms` of open time has passed since `start`.
        Due = "due",
        /// Whether it is open `at`.
        IsOpen = "is_open",
        /// The earliest open instant from `at` on.
        NextOpen = "next_open",
        /// The earliest closed instant from `at` on.
        NextClose = "next_close",
        /// The open stretches, cut to `[start, end)`.
        Segments = "segments",
    }
}

output! {
    /// The answer to one question; exactly one key beside `id` is there.
    pub struct HoursAnswer {
        /// The question's id, as it stood there.
        id: QuestionId,
        /// Open time in milliseconds.
        elapsed_ms: Absent<i64>,
        /// The due instant; `null` for never.
        due: Absent<Option<Instant>>,
        /// Whether it is open.
        open: Absent<bool>,
        /// The next opening or closing; `null` for none.
        at: Absent<Option<Instant>>,
        /// Open stretches, each a pair of first instant and end.
        segments: Absent<Vec<(Instant, Instant)>>,
        /// What is wrong with the question.
        error: Absent<Problem>,
    }
}

impl HoursAnswer {
    fn new(id: QuestionId) -> Self {
        let (elapsed_ms, due, open) = (Absent(None), Absent(None), Absent(None));
        let (at, segments, error) = (Absent(None), Absent(None), Absent(None));
        Self { id, elapsed_ms, due, open, at, segments, error }
    }
}

/// Answers questions in bulk: JSON Lines in, JSON Lines out, a line for a line; empty lines give nothing.
///
/// ```
/// let question = br#"{"id":1,"calendar":{"time_zone":"Europe/Rome","hours":{"mon-fri":["09:00-17:00"]}},
///     "op":"is_open","at":"2026-11-20T16:00:00Z"}"#;
/// let line: Vec<u8> = question.iter().copied().filter(|byte| *byte != b'\n').collect();
/// assert_eq!(slaclock_core::hours::answer_lines(&line), b"{\"id\":1,\"open\":false}\n");
/// ```
#[must_use]
pub fn answer_lines(questions: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(questions.len() / 4);
    let mut calendars = Calendars::default();
    for line in questions.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
    {
        write_line(&mut out, &answer_line(line, &mut calendars));
    }
    out
}

/// What was compiled already, with its documents: questions about one calendar mostly follow one another.
#[derive(Default)]
struct Calendars {
    own: Vec<(Node<'static>, Calendar)>,
    /// Those of the last agreement asked about, and by name those that were asked about.
    agreement: Option<(Node<'static>, Agreement)>,
    named: Vec<(String, Calendar)>,
}

/// Identity of a question: what its answer repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionId {
    /// Absent or `null`.
    None,
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl QuestionId {
    fn of(question: &Node<'_>, problems: &mut Problems) -> Self {
        let Node::Map(entries) = question else {
            return Self::None;
        };
        match entries.iter().find(|(key, _)| key == "id").map(|(_, id)| id) {
            None | Some(Node::Null) => Self::None,
            Some(Node::Text(text)) => Self::Text(text.clone().into_owned()),
            Some(node) => node.as_i64().map_or_else(
                || {
                    let at = At::Key(&At::Root, "id");
                    expected::<()>("a text or a whole number", node, &at, problems);
                    Self::None
                },
                Self::Number,
            ),
        }
    }
}

impl Serialize for QuestionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

fn answer_line(line: &[u8], calendars: &mut Calendars) -> HoursAnswer {
    if line.len() > MAX_LINE {
        let message = format!("the line has {} bytes; the limit is {MAX_LINE}", line.len());
        return refused(QuestionId::None, Problem::whole(Code::TooLarge, message));
    }
    let node = match Node::from_json(line) {
        Ok(node) => node,
        Err(problem) => return refused(QuestionId::None, problem),
    };
    let mut problems = Problems::default();
    let id = QuestionId::of(&node, &mut problems);
    let asks_agreement = matches!(&node, Node::Map(keys) if keys.iter().any(|(key, _)| key == "agreement"));
    let answer = if asks_agreement && line.len() > MAX_AGREEMENT {
        let message =
            format!("the line has {} bytes; with an agreement the limit is {MAX_AGREEMENT}", line.len());
        problems.push(&At::Key(&At::Root, "agreement"), Code::TooLarge, message);
        None
    } else {
        answer(&node, id.clone(), calendars, &mut problems)
    };
    match problems.finish(answer) {
        Ok(answer) => answer,
        Err(problems) => match problems.into_iter().next() {
            Some(problem) => refused(id, problem),
            None => HoursAnswer::new(id),
        },
    }
}

fn refused(id: QuestionId, problem: Problem) -> HoursAnswer {
    let mut answer = HoursAnswer::new(id);
    answer.error = Absent(Some(problem));
    answer
}

/// Milliseconds of open time, as a number.
struct Milliseconds(i64);

impl crate::document::Document for Milliseconds {
    fn blank() -> Self {
        Self(0)
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node.as_i64() {
            Some(ms) => Some(Self(ms)),
            None => expected("a whole number of milliseconds", node, at, problems),
        }
    }
}

fn answer(
    node: &Node<'_>,
    id: QuestionId,
    calendars: &mut Calendars,
    problems: &mut Problems,
) -> Option<HoursAnswer> {
    let root = &At::Root;
    let keys = KeyReader::new(node, "a question", root, problems)?;
    let name: String = keys.required("op", root, problems)?;
    let Some(operation) = Operation::ALL.iter().copied().find(|operation| operation.as_str() == name) else {
        let known: Vec<&str> = Operation::ALL.iter().map(|operation| operation.as_str()).gather();
        let near = nearest(&name, known.iter().copied());
        unknown(Code::UnknownOperation, "operation", &name, &near, &known, &At::Key(root, "op"), problems);
        return None;
    };
    let calendar = calendar_of(node, calendars, problems);
    let known: &[&str] = match operation {
        Operation::Elapsed | Operation::Segments => {
            &["id", "agreement", "calendar", "op", "start", "end", "expect"]
        }
        Operation::Due => &["id", "agreement", "calendar", "op", "start", "ms", "expect"],
        Operation::IsOpen | Operation::NextOpen | Operation::NextClose => {
            &["id", "agreement", "calendar", "op", "at", "expect"]
        }
    };
    keys.finish(known, &[], root, problems);
    let mut answer = HoursAnswer::new(id);
    let mut instant = |key: &str| keys.required::<Instant>(key, root, problems);
    match operation {
        Operation::Elapsed => {
            let (start, end) = (instant("start"), instant("end"));
            answer.elapsed_ms = Absent(Some(calendar?.elapsed(start?, end?).ms()));
        }
        Operation::Due => {
            let start = instant("start");
            let Milliseconds(ms) = keys.required("ms", root, problems)?;
            if ms < 0 {
                problems.push(
                    &At::Key(root, "ms"),
                    Code::BadDuration,
                    "open time to come cannot be negative",
                );
            }
            answer.due = Absent(Some(calendar?.due(start?, Duration::from_ms(ms))));
        }
        Operation::IsOpen => {
            let at = instant("at");
            answer.open = Absent(Some(calendar?.is_open(at?)));
        }
        Operation::NextOpen => {
            let at = instant("at");
            answer.at = Absent(Some(calendar?.next_open(at?)));
        }
        Operation::NextClose => {
            let at = instant("at");
            answer.at = Absent(Some(calendar?.next_close(at?)));
        }
        Operation::Segments => {
            let (start, end) = (instant("start"), instant("end"));
            let segments =
                calendar?.segments_within(start?, end?).map_err(|problem| problems.add(problem)).ok()?;
            let pairs = segments.into_iter().map(|segment| (segment.from, segment.until)).gather();
            answer.segments = Absent(Some(pairs));
        }
    }
    Some(answer)
}

fn calendar_of(node: &Node<'_>, calendars: &mut Calendars, problems: &mut Problems) -> Option<Calendar> {
    let root = &At::Root;
    let Node::Map(entries) = node else {
        return None;
    };
    let key = |key: &str| entries.iter().find(|(known, _)| known == key).map(|(_, node)| node);
    let Some(asked) = key("calendar") else {
        problems.push(root, Code::MissingKey, "the key `calendar` is missing");
        return None;
    };
    let at = &At::Key(root, "calendar");
    match key("agreement") {
        Some(document) => calendars.named(document, asked, at, problems),
        None => calendars.own(asked, at, problems),
    }
}

impl Calendars {
    fn own(&mut self, document: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Calendar> {
        if let Some((_, calendar)) = self.own.iter().rev().find(|(known, _)| known == document) {
            return Some(calendar.clone());
        }
        let before = problems.count();
        let calendar = Calendar::decode(document, at, problems)?;
        // One with problems is refused each time it is asked about.
        if problems.count() == before {
            if self.own.len() >= KEPT_CALENDARS {
                self.own.remove(0);
            }
            self.own.push((document.clone().into_owned(), calendar.clone()));
        }
        Some(calendar)
    }

    fn named(
        &mut self,
        document: &Node<'_>,
        name: &Node<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Calendar> {
        let Node::Text(name) = name else {
            return expected("the name of a calendar of the agreement", name, at, problems);
        };
        if self.agreement.as_ref().is_none_or(|(known, _)| known != document) {
            self.named.clear();
            let reading = Reading { calendars_only: true, ..Reading::default() };
            let read = Agreement::from_node(document, reading);
            let read = read.map_err(|found| problems.add_below("/agreement", found)).ok();
            self.agreement = read.map(|agreement| (document.clone().into_owned(), agreement));
        }
        if let Some((_, calendar)) = self.named.iter().find(|(known, _)| known == name) {
            return Some(calendar.clone());
        }
        let (_, agreement) = self.agreement.as_ref()?;
        let found = agreement.calendar(name);
        let calendar = found.map_err(|found| problems.add_below("", found)).ok()?;
        if self.named.len() >= KEPT_CALENDARS {
            self.named.clear();
        }
        self.named.push((name.clone().into_owned(), calendar.clone()));
        Some(calendar)
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for QuestionId {
    fn shape(_: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        crate::document::shape::Shape::Any
    }
}
