//! A question as one text: its first line says what is asked, the next, where one is needed, is the agreement, and
//! the rest is asked about.

use serde_json::{Map, Value};
use slaclock_core::{Code, Problem, nearest};

/// What may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// What this engine is made of.
    About,
    /// Calendar questions, a line each.
    Hours,
    /// The clocks of tickets, a line each.
    Clocks,
    /// As `Clocks`, with every minute and every condition.
    Explain,
    /// What a ticket with these fields would be promised.
    Preview,
    /// What is to be looked at in an agreement, which is the body.
    Lint,
}

impl What {
    /// Every question with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("about", Self::About),
        ("hours", Self::Hours),
        ("clocks", Self::Clocks),
        ("explain", Self::Explain),
        ("preview", Self::Preview),
        ("lint", Self::Lint),
    ];

    /// The question of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(known, what)| (known == name).then_some(what))
    }

    /// Whether it is asked about an agreement, which then stands on the second line.
    #[must_use]
    pub const fn needs_agreement(self) -> bool {
        matches!(self, Self::Clocks | Self::Explain | Self::Preview)
    }
}

/// A question, not yet looked into.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is asked.
    pub what: What,
    /// The instant to evaluate at.
    pub now: Option<&'a str>,
    /// Leave out what was recorded later.
    pub known_at: Option<&'a str>,
    /// The day of lint.
    pub today: Option<&'a str>,
    /// Skip keys of features that the engine lacks.
    pub allow_later: bool,
    /// The agreement, as JSON.
    pub agreement: Option<&'a str>,
    /// What is asked about.
    pub body: &'a [u8],
}

/// The first line, read.
#[derive(Debug)]
pub(crate) struct Head(Map<String, Value>, What);

const KEYS: [&str; 5] = ["do", "now", "known_at", "today", "allow_later"];

impl Head {
    fn read(line: &[u8]) -> Result<Self, Vec<Problem>> {
        let refuse = |code, message: String, mend: &str| {
            let mend = Some(mend.to_owned()).filter(|mend| !mend.is_empty());
            vec![Problem { code, message, pointer: String::new(), mend }]
        };
        let example = "write `{\"do\":\"clocks\",\"now\":\"2026-11-23T10:00:00Z\"}`";
        let head: Value = serde_json::from_slice(line).map_err(|error| {
            refuse(Code::NotJson, format!("the first line is not JSON: {error}"), example)
        })?;
        let Value::Object(head) = head else {
            return Err(refuse(Code::WrongType, "the first line is not a map".to_owned(), example));
        };
        let mut problems = Vec::new();
        for (key, value) in &head {
            let fits = match key.as_str() {
                "allow_later" => value.is_boolean(),
                _ => value.is_string(),
            };
            let (code, message) = if !KEYS.contains(&key.as_str()) {
                (Code::UnknownKey, "a question has no such key")
            } else if !fits {
                (
                    Code::WrongType,
                    if key == "allow_later" { "expected true or false" } else { "expected a text" },
                )
            } else {
                continue;
            };
            let near = nearest(key, KEYS.into_iter()).first().map(|near| format!("did you mean `{near}`?"));
            let mend = near.filter(|_| code == Code::UnknownKey);
            problems.push(Problem { code, message: message.to_owned(), pointer: format!("/{key}"), mend });
        }
        let Some(asked) = head.get("do") else {
            problems.extend(refuse(Code::MissingKey, "the question needs `do`".to_owned(), example));
            return Err(problems);
        };
        let asked = asked.as_str().unwrap_or_default();
        match What::named(asked) {
            _ if !problems.is_empty() => Err(problems),
            Some(what) => Ok(Self(head, what)),
            None => {
                let names = What::ALL.map(|(name, _)| name).join(", ");
                let message = format!("nothing is called `{}`", asked.chars().take(40).collect::<String>());
                let pointer = "/do".to_owned();
                Err(vec![Problem {
                    code: Code::UnknownOperation,
                    message,
                    pointer,
                    mend: Some(format!("one of {names}")),
                }])
            }
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }
}

impl Question<'_> {
    /// A question that says nothing else.
    pub(crate) const fn of(what: What) -> Self {
        Self { what, now: None, known_at: None, today: None, allow_later: false, agreement: None, body: &[] }
    }

    /// Reads a question and hands it on.
    ///
    /// # Errors
    /// The first line is none, or a line is missing; else what `then` answers.
    pub fn read<T>(
        text: &[u8],
        then: impl FnOnce(Question<'_>) -> Result<T, Vec<Problem>>,
    ) -> Result<T, Vec<Problem>> {
        let (first, mut rest) = first_line(text);
        let head = Head::read(first)?;
        let mut agreement = None;
        if head.1.needs_agreement() {
            let (line, after) = first_line(rest);
            let line = core::str::from_utf8(line).map_err(|_| {
                let message = "the second line, the agreement, is not UTF-8".to_owned();
                vec![Problem { code: Code::NotJson, message, pointer: String::new(), mend: None }]
            })?;
            (agreement, rest) = (Some(line), after);
        }
        then(Question {
            what: head.1,
            now: head.text("now"),
            known_at: head.text("known_at"),
            today: head.text("today"),
            allow_later: head.0.get("allow_later").and_then(Value::as_bool).unwrap_or(false),
            agreement,
            body: rest,
        })
    }
}

fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = text.splitn(2, |byte| *byte == b'\n');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// What a question that cannot be answered is answered with: all its problems, in one line.
#[must_use]
pub fn problems_line(problems: &[Problem]) -> Vec<u8> {
    let mut line = br#"{"problems":["#.to_vec();
    for (index, problem) in problems.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        line.extend(slaclock_core::to_json(problem).into_bytes());
    }
    line.extend(b"]}\n");
    line
}
