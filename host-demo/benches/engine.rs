//! Core in this process and core in the sandbox, on the work of `cargo xtask bench`, which starts this and joins
//! the figures with those of the npm package and its peers.
//!
//! A harness of its own instead of criterion: the sides must take turns, so that a busy moment of the machine
//! meets all of them, and the table needs medians as JSON. Criterion measures one case after the other and
//! writes its JSON for a tool of its own.

#[path = "engine/board.rs"]
mod board;

use std::cell::RefCell;
use std::error::Error;
use std::hint::black_box;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant as Stopwatch;
use std::{env, fs};

use serde_json::{Value, json};
use slaclock_core::{Agreement, Calendar, Duration, Instant, Options, Ticket, Timeline, to_json};
use slaclock_host::plugin::bindings::exports::slaclock::sla::engine as wit;
use slaclock_host::plugin::{Limits, Plugin, Session};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const TURNS: usize = 100;

/// What takes long is measured in one turn of so many only.
const LONG_EVERY: usize = 10;

/// A turn asks this many times: longer than the stopwatch is inexact, and shorter than the time after which
/// another program may take the processor, so that the median is of turns that nothing broke.
const PAIRS: usize = 1000;
const TICKETS: usize = 50;
const BATCH: usize = 100;

fn main() -> Result {
    // `cargo test --benches` and the like start this without work.
    let (Some(folder), Some(plugin)) = (env::var_os("SLACLOCK_BENCH"), env::var_os("SLACLOCK_BENCH_PLUGIN"))
    else {
        eprintln!("nothing is measured: this is a part of `cargo xtask bench`");
        return Ok(());
    };
    let folder = PathBuf::from(folder);
    let work = Work::read(&folder)?;
    let plugin = Plugin::from_file(Path::new(&plugin), Limits::default()).map_err(|error| error.message)?;
    let mut sandbox = Sandbox::new(&plugin, &work)?;
    fs::write(folder.join("native.txt"), checked(&work, &mut sandbox)?)?;

    let mut cases = Vec::new();
    let size = work.calendar.timetable().size();
    let mut notes =
        vec![format!("the timetable of this calendar, 1970 to 2200, holds {} kB", size.div_ceil(1000))];
    calendar_cases(&work, &mut cases);
    ticket_cases(&work, &mut cases);
    cases.push(board::compiled(&work, &mut notes)?);
    cases.push(board::case(&work.board, &mut notes)?);
    let mut native: Vec<Timed<'_>> = cases.into_iter().map(Timed::from).collect();
    let mut sandboxed: Vec<Timed<'_>> = sandbox_cases(&plugin, &mut sandbox, &work)?;
    for turn in 0..TURNS {
        native.iter_mut().chain(&mut sandboxed).for_each(|case| case.take_turn(turn));
    }
    let figures: Vec<Value> = native.iter_mut().chain(&mut sandboxed).map(Timed::figure).collect();
    println!("{}", json!({ "figures": figures, "notes": notes }));
    Ok(())
}

/// The common work, read.
struct Work {
    calendar_json: String,
    calendar: Calendar,
    spans: Vec<Span>,
    agreement_json: String,
    agreement: Agreement,
    ticket_json: String,
    tickets: Vec<u8>,
    batches: Vec<Range<usize>>,
    count: usize,
    options: Options,
    board: Value,
}

struct Span {
    name: String,
    pairs: Vec<(Instant, Instant)>,
    open: Vec<Duration>,
}

impl Work {
    fn read(folder: &Path) -> Result<Self> {
        let work: Value = serde_json::from_slice(&fs::read(folder.join("work.json"))?)?;
        let tickets = fs::read(folder.join("tickets.jsonl"))?;
        let calendar_json = work["calendar"].to_string();
        let agreement_json = work["agreement"].to_string();
        let calendar = Calendar::from_json(&calendar_json).map_err(first)?;
        let mut spans = Vec::new();
        for span in work["spans"].as_array().ok_or("no spans")? {
            let column = |key: &str| -> Option<Vec<Instant>> {
                span[key].as_array()?.iter().map(|ms| Instant::from_ms(ms.as_i64()?)).collect()
            };
            let pairs: Vec<_> = column("starts")
                .zip(column("ends"))
                .map(|(a, b)| a.into_iter().zip(b).collect())
                .ok_or("no pairs")?;
            let open = pairs.iter().map(|(start, end)| calendar.elapsed(*start, *end)).collect();
            spans.push(Span { name: span["name"].as_str().unwrap_or_default().to_owned(), pairs, open });
        }
        let ends = tickets.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(end, _)| end + 1);
        let lines: Vec<Range<usize>> =
            ends.scan(0, |start, end| Some(std::mem::replace(start, end)..end)).collect();
        let now = work["now"].as_i64().and_then(Instant::from_ms).ok_or("no now")?;
        Ok(Self {
            agreement: Agreement::from_json(&agreement_json, false).map_err(first)?,
            calendar,
            calendar_json,
            spans,
            agreement_json,
            ticket_json: work["ticket"].as_str().ok_or("no ticket")?.to_owned(),
            batches: lines
                .chunks(BATCH)
                .filter_map(|lines| Some(lines.first()?.start..lines.last()?.end))
                .collect(),
            count: lines.len(),
            tickets,
            options: Options::at(now),
            board: work["board"].clone(),
        })
    }

    /// The tickets of one turn.
    fn batch(&self, turn: usize) -> &[u8] {
        &self.tickets[self.batches[turn % self.batches.len()].clone()]
    }

    fn ticket(&self) -> Result<Ticket> {
        Ticket::from_json(&self.ticket_json).map_err(first)
    }
}

fn first(problems: Vec<slaclock_core::Problem>) -> Box<dyn Error> {
    problems.into_iter().map(|problem| problem.to_string()).collect::<Vec<_>>().join("; ").into()
}

/// Answers of the native side, for comparison with the npm package; those of the component are compared here.
fn checked(work: &Work, sandbox: &mut Sandbox) -> Result<Vec<u8>> {
    let mut answers = String::new();
    for span in &work.spans {
        for ((start, end), open) in span.pairs.iter().zip(&span.open) {
            answers.push_str(&format!("{}\n", open.ms()));
            let due = work.calendar.due(*start, *open).ok_or("no due")?;
            if work.calendar.elapsed(*start, due) != *open || due > *end {
                return Err(format!("{open:?} of open time from {start} are not due at {due}").into());
            }
        }
    }
    for ((start, end), open) in
        work.spans.iter().flat_map(|span| span.pairs.iter().zip(&span.open)).step_by(10)
    {
        if sandbox.elapsed(*start, *end)? != open.ms() {
            return Err(format!("the component counts otherwise from {start} to {end}").into());
        }
    }
    let lines = work.agreement.evaluate_lines(&work.tickets, work.options);
    if sandbox.evaluate_lines(&work.tickets)? != lines {
        return Err("the component's batch differs from the native one".into());
    }
    let evaluation =
        work.agreement.evaluate(&work.ticket()?, work.options).map_err(|problem| first(vec![problem]))?;
    let typed = sandbox.evaluate()?;
    let elapsed: Vec<i64> = typed.clocks.iter().map(|clock| clock.current.elapsed).collect();
    if elapsed.len() != 4
        || elapsed != evaluation.clocks.iter().map(|clock| clock.elapsed_ms).collect::<Vec<_>>()
    {
        return Err("the component's typed answer differs from the native one".into());
    }
    Ok([answers.into_bytes(), lines].concat())
}

/// A case: on which side, what, how often a turn does it, in which turns.
struct Case<'w> {
    side: &'static str,
    work: String,
    count: usize,
    every: usize,
    run: Box<dyn FnMut(usize) + 'w>,
}

struct Timed<'w> {
    case: Case<'w>,
    times: Vec<u128>,
}

impl<'w> From<Case<'w>> for Timed<'w> {
    fn from(case: Case<'w>) -> Self {
        Self { case, times: Vec::with_capacity(TURNS) }
    }
}

impl Timed<'_> {
    fn take_turn(&mut self, turn: usize) {
        if !turn.is_multiple_of(self.case.every) {
            return;
        }
        // The case before has filled the processor's memory with its own things.
        if self.case.every == 1 {
            (self.case.run)(turn + 1);
        }
        let begun = Stopwatch::now();
        (self.case.run)(turn);
        self.times.push(begun.elapsed().as_nanos());
    }

    /// The median, in picoseconds.
    fn figure(&mut self) -> Value {
        self.times.sort_unstable();
        let median = self.times[self.times.len() / 2] * 1000 / self.case.count as u128;
        json!({ "side": self.case.side, "work": self.case.work, "ps": median as u64 })
    }
}

fn native<'w>(work: impl Into<String>, count: usize, run: impl FnMut(usize) + 'w) -> Case<'w> {
    Case { side: "native", work: work.into(), count, every: 1, run: Box::new(run) }
}

fn repeated<T>(mut call: impl FnMut() -> T) -> impl FnMut(usize) {
    move |_| {
        for _ in 0..TICKETS {
            black_box(call());
        }
    }
}

/// Asks about the next few pairs in each turn.
fn asked<'w, T>(
    span: &'w Span,
    mut ask: impl FnMut(Instant, Instant, Duration) -> T + 'w,
) -> impl FnMut(usize) + 'w {
    move |turn| {
        let skipped = turn * PAIRS % span.pairs.len();
        for ((start, end), open) in span.pairs.iter().zip(&span.open).skip(skipped).take(PAIRS) {
            black_box(ask(*start, *end, *open));
        }
    }
}

fn calendar_cases<'w>(work: &'w Work, cases: &mut Vec<Case<'w>>) {
    let calendar = &work.calendar;
    for span in &work.spans {
        let elapsed = asked(span, |start, end, _| calendar.elapsed(start, end));
        cases.push(native(format!("elapsed {}", span.name), PAIRS, elapsed));
    }
    for span in &work.spans {
        let due = asked(span, |start, _, open| calendar.due(start, open));
        cases.push(native(format!("due {}", span.name), PAIRS, due));
    }
    if let Some(span) = work.spans.first() {
        cases.push(native("is_open", PAIRS, asked(span, |start, _, _| calendar.is_open(start))));
        cases.push(native("next_close", PAIRS, asked(span, |start, _, _| calendar.next_close(start))));
    }
    cases.push(native("calendar: read and compile", 1, |_| {
        black_box(Calendar::from_json(&work.calendar_json)).ok();
    }));
    cases.push(native("agreement: read and compile", 1, |_| {
        black_box(Agreement::from_json(&work.agreement_json, false)).ok();
    }));
}

fn ticket_cases<'w>(work: &'w Work, cases: &mut Vec<Case<'w>>) {
    let (Ok(ticket), agreement, now) = (work.ticket(), &work.agreement, work.options.now) else { return };
    let Ok(timeline) = Timeline::new(agreement, &ticket, None) else { return };
    let evaluation = agreement.evaluate_timeline(&timeline, now);
    let mut case = |name: &str, run: Box<dyn FnMut(usize) + 'w>| cases.push(native(name, TICKETS, run));
    case("ticket: read its JSON", Box::new(repeated(|| Ticket::from_json(&work.ticket_json))));
    let read = ticket.clone();
    case("ticket: compile", Box::new(repeated(move || Timeline::new(agreement, &read, None))));
    case(
        "ticket, compiled: evaluate",
        Box::new(repeated(move || agreement.evaluate_timeline(black_box(&timeline), now))),
    );
    let explained = ticket.clone();
    case(
        "ticket: explain",
        Box::new(repeated(move || agreement.explain(black_box(&explained), work.options))),
    );
    case("ticket: write its JSON", Box::new(repeated(move || to_json(black_box(&evaluation)))));
    case(
        "ticket of 10 events",
        Box::new(repeated(move || agreement.evaluate(black_box(&ticket), work.options))),
    );
    cases.push(native("ticket of a batch of 100", BATCH, |turn| {
        black_box(agreement.evaluate_lines(work.batch(turn), work.options));
    }));
    let all = native("ticket of a batch of 10,000", work.count, |_| {
        black_box(agreement.evaluate_lines(&work.tickets, work.options));
    });
    cases.push(Case { every: LONG_EVERY, ..all });
}

/// An instance of the plugin with the agreement and calendar inside.
struct Sandbox {
    session: Session,
    agreement: wasmtime::component::ResourceAny,
    calendar: wasmtime::component::ResourceAny,
    ticket: wit::Ticket,
    options: wit::Options,
}

impl Sandbox {
    fn new(plugin: &Plugin, work: &Work) -> Result<Self> {
        let mut session = plugin.session().map_err(|problem| problem.message)?;
        session.wind();
        let engine = session.exports.slaclock_sla_engine();
        let agreement = engine.agreement().call_parse(&mut session.store, &work.agreement_json, false)?;
        let calendar = engine.calendar().call_parse(&mut session.store, &work.calendar_json)?;
        let refused = |_| "the component refuses the work";
        Ok(Self {
            agreement: agreement.map_err(refused)?,
            calendar: calendar.map_err(refused)?,
            session,
            ticket: typed(&work.ticket()?),
            options: work.options.into(),
        })
    }

    fn evaluate_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>> {
        self.session.wind();
        let guest = self.session.exports.slaclock_sla_engine().agreement();
        let answer =
            guest.call_evaluate_lines(&mut self.session.store, self.agreement, lines, self.options)?;
        Ok(answer.map_err(|problem| problem.message)?)
    }

    fn evaluate(&mut self) -> Result<wit::Evaluation> {
        self.session.wind();
        let guest = self.session.exports.slaclock_sla_engine().agreement();
        let answer =
            guest.call_evaluate(&mut self.session.store, self.agreement, &self.ticket, self.options)?;
        Ok(answer.map_err(|problem| problem.message)?)
    }

    fn elapsed(&mut self, start: Instant, end: Instant) -> Result<i64> {
        self.session.wind();
        let guest = self.session.exports.slaclock_sla_engine().calendar();
        let answer = guest.call_elapsed(&mut self.session.store, self.calendar, start.ms(), end.ms())?;
        Ok(answer.map_err(|problem| problem.message)?)
    }
}

/// The ticket as a host hands it over.
fn typed(ticket: &Ticket) -> wit::Ticket {
    use slaclock_core::ticket::EventKind;
    let fields = |fields: &[(String, Value)]| {
        let value = |value: &Value| match value {
            Value::String(text) => wit::FieldValue::Text(text.clone()),
            other => wit::FieldValue::Json(other.to_string()),
        };
        fields.iter().map(|(name, field)| wit::Field { name: name.clone(), value: value(field) }).collect()
    };
    let author = |author| match author {
        slaclock_core::ticket::Author::Agent => wit::Author::Agent,
        slaclock_core::ticket::Author::Requester => wit::Author::Requester,
        slaclock_core::ticket::Author::System => wit::Author::System,
    };
    let kind = |kind: &EventKind| match kind {
        EventKind::Status(status) => wit::EventKind::Status(status.clone()),
        EventKind::Reply(reply) => wit::EventKind::Reply(wit::Reply {
            by: author(reply.by),
            public: reply.public,
            channel: reply.channel.clone(),
        }),
        EventKind::Fields(list) => wit::EventKind::Fields(fields(list)),
        EventKind::Pause(pause) => {
            wit::EventKind::Pause(wit::Pause { party: pause.party.clone(), reason: pause.reason.clone() })
        }
        EventKind::Resume(resume) => wit::EventKind::Resume(resume.party.clone()),
        EventKind::Exclude(exclude) => wit::EventKind::Exclude(wit::Exclude {
            from: exclude.from.ms(),
            to: exclude.to.ms(),
            reason: exclude.reason.clone(),
            party: exclude.party.clone(),
            clocks: exclude.clocks.clone(),
        }),
        EventKind::Extend(extend) => wit::EventKind::Extend(wit::Extend {
            clock: extend.clock.clone(),
            by: extend.by.ms(),
            reason: extend.reason.clone(),
        }),
        EventKind::Excuse(excuse) => wit::EventKind::Excuse(wit::Excuse {
            clock: excuse.clock.clone(),
            cycle: excuse.cycle,
            reason: excuse.reason.clone(),
        }),
        EventKind::Merge(merge) => wit::EventKind::Merge(merge.into.clone()),
        EventKind::Note => wit::EventKind::Note,
        EventKind::Unknown(kind) => wit::EventKind::Unknown(kind.clone()),
    };
    wit::Ticket {
        id: ticket.id.clone(),
        created_at: ticket.created_at.ms(),
        reported_at: ticket.reported_at.map(Instant::ms),
        detected_at: ticket.detected_at.map(Instant::ms),
        occurred_at: ticket.occurred_at.map(Instant::ms),
        fields: fields(&ticket.fields),
        events: ticket
            .events
            .iter()
            .map(|event| wit::Event {
                at: event.at.ms(),
                id: event.id.clone(),
                recorded_at: event.recorded_at.map(Instant::ms),
                kind: kind(&event.kind),
            })
            .collect(),
    }
}

/// The component's cases. Their answers were checked before.
fn sandbox_cases<'w>(plugin: &'w Plugin, sandbox: &'w mut Sandbox, work: &'w Work) -> Result<Vec<Timed<'w>>> {
    let sandbox = Rc::new(RefCell::new(sandbox));
    let case = |work: &str, count, every, run: Box<dyn FnMut(usize) + 'w>| {
        Timed::from(Case { side: "component", work: work.to_owned(), count, every, run })
    };
    let span = work.spans.last().ok_or("no spans")?;
    let (one, batch, all, calendar) = (sandbox.clone(), sandbox.clone(), sandbox.clone(), sandbox);
    let elapsed = asked(span, move |start, end, _| calendar.borrow_mut().elapsed(start, end).is_ok());
    let evaluate = repeated(move || one.borrow_mut().evaluate().is_ok());
    let batch = move |turn| {
        black_box(batch.borrow_mut().evaluate_lines(work.batch(turn))).ok();
    };
    let all = move |_| {
        black_box(all.borrow_mut().evaluate_lines(&work.tickets)).ok();
    };
    // The plugin under test was loaded before, so its code is in the cache.
    let start = |_| {
        black_box(Plugin::from_file(Path::new(plugin.name()), Limits::default())).ok();
    };
    Ok(vec![
        case("start, compiled before", 1, LONG_EVERY, Box::new(start)),
        case("instantiate", TICKETS, 1, Box::new(repeated(|| plugin.session().is_ok()))),
        case(&format!("elapsed {}", span.name), PAIRS, 1, Box::new(elapsed)),
        case("ticket of 10 events", TICKETS, 1, Box::new(evaluate)),
        case("ticket of a batch of 100", BATCH, 1, Box::new(batch)),
        case("ticket of a batch of 10,000", work.count, LONG_EVERY, Box::new(all)),
    ])
}
