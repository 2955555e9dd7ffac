//! From an agreement, a ticket and an instant to an evaluation; one or many at a time.

use crate::agreement::Agreement;
use crate::clock::{ClockResult, Span, run};
use crate::document::{Absent, Node, Reading, output, write_json};
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::name::Name;
use crate::notice::Notice;
use crate::ticket::{Ticket, Timeline};

/// Longest line of a batch, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// The instant to evaluate at, and what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The instant to evaluate at; events after it are ignored.
    pub now: Instant,
    /// Ignore events recorded after this instant, so that an old report can be repeated.
    pub known_at: Option<Instant>,
}

impl Options {
    /// Evaluate at `now`, knowing everything.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self { now, known_at: None }
    }
}

output! {
    /// All clocks of one ticket at one instant.
    pub struct Evaluation {
        /// The ticket's id.
        ticket: Name,
        /// Policy in force at that instant; of several sets, that of the first.
        policy: Option<Name>,
        /// The policy of each set, where the agreement has sets.
        sets: Absent<Vec<SetResult>>,
        /// First day of the version of the agreement in force, where it has several.
        version: Absent<String>,
        /// The clocks, in the order of the metrics.
        clocks: Vec<ClockResult>,
        /// Earliest later instant at which something happens by itself.
        next_event_at: Option<Instant>,
        /// About the input.
        notices: Vec<Notice>,
    }
}

output! {
    /// The policy of one set.
    pub struct SetResult {
        /// Name of the set.
        set: Name,
        /// Policy in force.
        policy: Option<Name>,
    }
}

output! {
    /// A ticket that could not be evaluated.
    pub struct TicketError {
        /// The ticket's id, where it could be read.
        ticket: Option<String>,
        /// What is wrong with it.
        error: Problem,
    }
}

impl Agreement {
    /// All clocks of a ticket at `options.now`.
    ///
    /// ```
    /// use slaclock_core::{Agreement, Instant, Options, Ticket};
    /// let agreement = Agreement::from_json(r#"{
    ///     "slaclock": "1", "id": "acme", "time_zone": "America/New_York",
    ///     "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
    ///     "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "office" } } }]
    /// }"#, false).unwrap();
    /// let ticket = Ticket::from_json(r#"{ "id": "T-1", "created_at": "2026-11-20T16:55:00-05:00" }"#).unwrap();
    /// let now = Instant::parse("2026-11-23T09:05:00-05:00").unwrap();
    /// let evaluation = agreement.evaluate(&ticket, Options::at(now)).unwrap();
    /// assert_eq!(evaluation.clocks[0].elapsed_ms, 10 * 60_000);
    /// assert_eq!(evaluation.clocks[0].due_at.0.unwrap().unwrap().to_string(), "2026-11-23T17:55:00Z");
    /// ```
    ///
    /// # Errors
    /// See [`Timeline::new`].
    pub fn evaluate(&self, ticket: &Ticket, options: Options) -> Result<Evaluation, Problem> {
        Ok(self.evaluate_timeline(&Timeline::new(self, ticket, options.known_at)?, options.now))
    }

    /// All clocks of a compiled ticket at `now`. The timeline must have been made with this agreement.
    #[must_use]
    pub fn evaluate_timeline(&self, timeline: &Timeline, now: Instant) -> Evaluation {
        self.evaluate_noting(timeline, now, None)
    }

    /// As [`Agreement::evaluate_timeline`]; `parts` takes, for each clock by its number, what its figures were counted from.
    pub(crate) fn evaluate_noting(
        &self,
        timeline: &Timeline,
        now: Instant,
        mut parts: Option<&mut Vec<Vec<Span>>>,
    ) -> Evaluation {
        let count = timeline.updates.partition_point(|update| update.at <= now);
        let updates = timeline.updates.get(..count).unwrap_or_default();
        let known = timeline.notices.iter().filter(|(at, _)| *at <= now).map(|(_, notice)| notice.clone());
        let mut notices: Vec<Notice> = known.gather();
        let mut clocks = Vec::with_capacity(self.clocks.len());
        let mut next_event_at: Option<Instant> = None;
        let mut beyond_range = false;
        for number in 0..self.clocks.len() {
            let own = parts.as_mut().map(|parts| {
                parts.push(Vec::new());
                parts.last_mut()
            });
            let clock = run(self, number, timeline, updates, now, &mut clocks, own.flatten());
            let Some(clock) = clock else { continue };
            next_event_at = [next_event_at, clock.next_event].into_iter().flatten().min();
            beyond_range |= clock.beyond_range;
            notices.extend(clock.notices);
        }
        notices.extend(timeline.outside_validity(updates, now));
        notices.extend(beyond_range.then(Notice::beyond_range));
        let row = updates.last().map(|update| update.row);
        let policy_of = |set: usize| {
            let (version, policy) = timeline.policy(self, row?, set)?;
            self.policy(version, set, policy).map(|policy| policy.id.clone())
        };
        let sets =
            self.sets.iter().enumerate().filter_map(|(number, name)| {
                Some(SetResult { set: name.clone()?, policy: policy_of(number) })
            });
        let version = row.and_then(|row| {
            let version = usize::try_from(*timeline.row(self, row).first()?).ok()?;
            self.versions.get(version)?.valid_from.map(|date| date.to_string())
        });
        Evaluation {
            ticket: timeline.id.clone(),
            policy: policy_of(0),
            sets: Absent(Some(sets.gather()).filter(|sets| !sets.is_empty())),
            version: Absent(version.filter(|_| self.versions.len() > 1)),
            clocks,
            next_event_at,
            notices,
        }
    }

    /// Evaluates tickets in bulk: JSON Lines in, canonical JSON Lines out, a line for a line and in the same
    /// order. A line that cannot be answered gives `{"ticket":…,"error":…}`; empty lines give nothing.
    #[must_use]
    pub fn evaluate_lines(&self, tickets: &[u8], options: Options) -> Vec<u8> {
        let mut out = Vec::with_capacity(tickets.len());
        for line in lines(tickets) {
            match self.evaluate_line(line, options) {
                Ok(evaluation) => write_line(&mut out, &evaluation),
                Err(error) => write_line(&mut out, &error),
            }
        }
        out
    }

    /// Evaluates the ticket of one JSON text.
    ///
    /// # Errors
    /// The first problem of the text or ticket, with the ticket's id where that could be read.
    pub fn evaluate_line(&self, line: &[u8], options: Options) -> Result<Evaluation, TicketError> {
        let ticket = self.read_line(line, false)?;
        self.evaluate(&ticket, options).map_err(|error| TicketError { ticket: Some(ticket.id), error })
    }

    /// Reads the ticket of one JSON text.
    ///
    /// # Errors
    /// As [`Agreement::evaluate_line`].
    pub(crate) fn read_line(&self, line: &[u8], numeric_instants: bool) -> Result<Ticket, TicketError> {
        if line.len() > MAX_LINE {
            let message = format!("the line has {} bytes; the limit is {MAX_LINE}", line.len());
            return Err(TicketError { ticket: None, error: Problem::whole(Code::TooLarge, message) });
        }
        let node = Node::from_json(line).map_err(|error| TicketError { ticket: None, error })?;
        self.read_node(&node, numeric_instants)
    }

    /// Reads a ticket as this agreement's batches do. With `numeric_instants`, instants may be milliseconds.
    ///
    /// # Errors
    /// Every problem of the ticket, each with its JSON pointer.
    pub fn read_ticket(&self, text: &str, numeric_instants: bool) -> Result<Ticket, Vec<Problem>> {
        let node = Node::from_json(text.as_bytes()).map_err(|problem| vec![problem])?;
        Ticket::from_node(&node, self.reading(numeric_instants))
    }

    fn reading(&self, numeric_instants: bool) -> Reading {
        Reading { allow_later: self.allow_later, numeric_instants, calendars_only: false }
    }

    /// Evaluates the tickets of a JSON list, in order. With `numeric_instants`, instants may be milliseconds.
    ///
    /// # Errors
    /// The text is not a JSON list.
    pub fn evaluate_list(
        &self,
        text: &str,
        options: Options,
        numeric_instants: bool,
    ) -> Result<Vec<Result<Evaluation, TicketError>>, Problem> {
        match Node::list_from_json(text.as_bytes())? {
            Node::List(nodes) => {
                Ok(nodes.iter().map(|node| self.evaluate_node(node, options, numeric_instants)).gather())
            }
            node => Err(Problem::whole(
                Code::WrongType,
                format!("expected a list of tickets, found {}", node.type_name()),
            )),
        }
    }

    fn evaluate_node(
        &self,
        node: &Node<'_>,
        options: Options,
        numeric_instants: bool,
    ) -> Result<Evaluation, TicketError> {
        let ticket = self.read_node(node, numeric_instants)?;
        self.evaluate(&ticket, options).map_err(|error| TicketError { ticket: Some(ticket.id), error })
    }

    fn read_node(&self, node: &Node<'_>, numeric_instants: bool) -> Result<Ticket, TicketError> {
        Ticket::from_node(node, self.reading(numeric_instants)).map_err(|problems| TicketError {
            ticket: id_of(node),
            error: problems
                .into_iter()
                .next()
                .unwrap_or_else(|| Problem::whole(Code::WrongType, "not a ticket")),
        })
    }
}

/// The lines of a batch, less the empty ones.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

/// The id of a ticket that has problems elsewhere.
fn id_of(node: &Node<'_>) -> Option<String> {
    let Node::Map(entries) = node else {
        return None;
    };
    entries.iter().find_map(|(key, value)| match value {
        Node::Text(id) if key == "id" => Some(id.clone().into_owned()),
        _ => None,
    })
}

/// Canonical JSON of a result: compact, keys in their declared order, no rounding.
#[must_use]
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    // Most results fit, and need not move while they grow.
    let mut out = Vec::with_capacity(1024);
    write_line(&mut out, value);
    text_of_line(out)
}

fn text_of_line(mut line: Vec<u8>) -> String {
    line.pop();
    String::from_utf8(line).unwrap_or_default()
}

/// Canonical JSON of many answers: a list of results and errors.
#[must_use]
pub fn list_to_json(answers: &[Result<Evaluation, TicketError>]) -> String {
    let mut lines = Vec::new();
    for answer in answers {
        match answer {
            Ok(evaluation) => write_line(&mut lines, evaluation),
            Err(error) => write_line(&mut lines, error),
        }
    }
    json_lines_to_list(lines)
}

/// JSON Lines as one JSON list.
#[must_use]
pub fn json_lines_to_list(lines: Vec<u8>) -> String {
    let mut list = Vec::with_capacity(lines.len().saturating_add(2));
    list.push(b'[');
    // Canonical JSON has no line feed inside a line.
    list.extend(lines.trim_ascii_end().iter().map(|byte| if *byte == b'\n' { b',' } else { *byte }));
    list.push(b']');
    String::from_utf8(list).unwrap_or_else(|_| "[]".to_owned())
}

/// Appends the canonical JSON of `value` and a line feed.
pub(crate) fn write_line<T: serde::Serialize>(out: &mut Vec<u8>, value: &T) {
    let before = out.len();
    let written = write_json(out, value);
    end_line(out, before, written.is_ok());
}

fn end_line(out: &mut Vec<u8>, before: usize, written: bool) {
    if written {
        out.push(b'\n');
    } else {
        // No type of result is without JSON; of another nothing is written.
        out.truncate(before);
    }
}
