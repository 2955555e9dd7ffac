//! One instance of a plugin at work, replaced whenever it breaks.

use slaclock_core::{Instant, Options};
use wasmtime::component::ResourceAny;
use wasmtime::{Store, Trap};

use super::bindings::Plugin as Exports;
use super::bindings::exports::slaclock::sla::engine::{
    Finding as PluginFinding, Options as PluginOptions, Problem as PluginProblem, Severity,
};
use super::{Plugin, TICK, Warden};
use crate::engine::{Engine, Finding, Question};
use crate::error::{Code, Problem};

/// An instance that has grown past this is replaced after its answer, to give the memory back.
const KEPT_MEMORY: usize = 128 << 20;

/// One live instance of a plugin, for calls of any kind.
pub struct Session {
    /// The store of the instance.
    pub store: Store<Warden>,
    /// Its exports.
    pub exports: Exports,
    deadline: u64,
}

impl Plugin {
    /// A fresh instance.
    ///
    /// # Errors
    /// The instance cannot be made within the limits.
    pub fn session(&self) -> Result<Session, Problem> {
        let mut store = Store::new(&self.engine, Warden::new(self.limits));
        store.limiter(|warden| warden);
        let deadline = u64::try_from(self.limits.time.as_nanos() / TICK.as_nanos()).unwrap_or(u64::MAX / 2);
        // One more, as the current tick is already running.
        store.set_epoch_deadline(deadline + 1);
        match self.instance.instantiate(&mut store) {
            Ok(exports) => Ok(Session { store, exports, deadline: deadline + 1 }),
            Err(error) => Err(self.explain(&error, &store)),
        }
    }

    /// A worker that answers a question about each line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement, or the plugin breaks while reading it.
    pub fn worker(&self, question: &Question) -> Result<Worker, Vec<Problem>> {
        let mut worker = Worker { plugin: self.clone(), question: question.clone(), live: None };
        worker.revive()?;
        Ok(worker)
    }

    /// What the engine is made of: its version and that of its time zones.
    ///
    /// # Errors
    /// The plugin breaks.
    pub fn describe(&self) -> Result<(String, String), Problem> {
        let mut session = self.session()?;
        session.wind();
        let about = session.exports.slaclock_sla_engine().call_describe(&mut session.store);
        about
            .map(|about| (about.version, about.tz_version))
            .map_err(|error| self.explain(&error, &session.store))
    }

    /// What is to be looked at in an agreement, as of a day.
    ///
    /// # Errors
    /// The day is no date, the agreement has problems, or the plugin breaks.
    pub fn lint(&self, document: &str, today: &str) -> Result<Vec<Finding>, Vec<Problem>> {
        let mut session = self.session().map_err(|problem| vec![problem])?;
        session.wind();
        match session.exports.slaclock_sla_engine().call_lint(&mut session.store, document, today) {
            Ok(Ok(findings)) => Ok(findings.into_iter().map(Finding::from).collect()),
            Ok(Err(problems)) => Err(problems.into_iter().map(Problem::from).collect()),
            Err(error) => Err(vec![self.explain(&error, &session.store)]),
        }
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    ///
    /// # Errors
    /// The agreement or the fields have problems, or the plugin breaks.
    pub fn preview(
        &self,
        document: &str,
        allow_later: bool,
        fields: &str,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        let mut session = self.session().map_err(|problem| vec![problem])?;
        let agreement = parse(self, &mut session, document, allow_later)?;
        session.wind();
        let guest = session.exports.slaclock_sla_engine();
        match guest.agreement().call_preview(&mut session.store, agreement, fields, now.ms()) {
            Ok(Ok(preview)) => Ok(preview),
            Ok(Err(problems)) => Err(problems.into_iter().map(Problem::from).collect()),
            Err(error) => Err(vec![self.explain(&error, &session.store)]),
        }
    }

    fn explain(&self, error: &wasmtime::Error, store: &Store<Warden>) -> Problem {
        let limits = self.limits;
        let (code, message) = match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => {
                (Code::PluginTime, format!("the plugin ran longer than {} ms", limits.time.as_millis()))
            }
            _ if store.data().refused_memory => (
                Code::PluginMemory,
                format!("the plugin asked for more than {} MiB of memory", limits.memory >> 20),
            ),
            Some(trap) => (Code::PluginTrapped, format!("the plugin trapped: {trap}")),
            None => (Code::PluginTrapped, format!("the plugin broke: {}", super::one_line(error))),
        };
        Problem::new(code, message, self.name())
    }
}

impl Session {
    /// Gives the next call its full time.
    pub fn wind(&mut self) {
        self.store.set_epoch_deadline(self.deadline);
    }
}

/// A plugin instance that answers one question about every line it is given.
pub struct Worker {
    plugin: Plugin,
    question: Question,
    live: Option<(Session, Option<ResourceAny>)>,
}

impl Worker {
    fn revive(&mut self) -> Result<&mut (Session, Option<ResourceAny>), Vec<Problem>> {
        let live = match self.live.take() {
            Some(live) => live,
            None => {
                let mut session = self.plugin.session().map_err(|problem| vec![problem])?;
                let agreement = match &self.question {
                    Question::Hours => None,
                    Question::Clocks { agreement, allow_later, .. } => {
                        Some(parse(&self.plugin, &mut session, agreement, *allow_later)?)
                    }
                };
                (session, agreement)
            }
        };
        Ok(self.live.insert(live))
    }
}

fn parse(
    plugin: &Plugin,
    session: &mut Session,
    document: &str,
    allow_later: bool,
) -> Result<ResourceAny, Vec<Problem>> {
    session.wind();
    let guest = session.exports.slaclock_sla_engine();
    match guest.agreement().call_parse(&mut session.store, document, allow_later) {
        Ok(Ok(agreement)) => Ok(agreement),
        Ok(Err(problems)) => Err(problems.into_iter().map(Problem::from).collect()),
        Err(error) => Err(vec![plugin.explain(&error, &session.store)]),
    }
}

impl Engine for Worker {
    fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem> {
        let asked = match &self.question {
            Question::Clocks { options, explained, .. } => Some((PluginOptions::from(*options), *explained)),
            Question::Hours => None,
        };
        let (session, agreement) = self.revive().map_err(|mut problems| problems.remove(0))?;
        session.wind();
        let guest = session.exports.slaclock_sla_engine();
        let answer = match (*agreement, asked) {
            (Some(agreement), Some((options, false))) => {
                guest.agreement().call_evaluate_lines(&mut session.store, agreement, lines, options)
            }
            (Some(agreement), Some((options, true))) => {
                guest.agreement().call_explain_lines(&mut session.store, agreement, lines, options)
            }
            _ => guest.call_hours_lines(&mut session.store, lines).map(Ok),
        };
        match answer {
            Ok(answer) => {
                let answer = answer.map_err(Problem::from);
                if session.store.data().memory > KEPT_MEMORY {
                    self.live = None;
                }
                answer
            }
            Err(error) => {
                let problem =
                    self.live.take().map(|(session, _)| self.plugin.explain(&error, &session.store));
                Err(problem.unwrap_or_else(|| Problem::new(Code::PluginTrapped, "the plugin broke", "")))
            }
        }
    }
}

impl From<Options> for PluginOptions {
    fn from(Options { now, known_at }: Options) -> Self {
        Self { now: now.ms(), known_at: known_at.map(Instant::ms) }
    }
}

impl From<PluginProblem> for Problem {
    fn from(PluginProblem { code, message, pointer, mend }: PluginProblem) -> Self {
        Self { code: code.into(), message, place: pointer, mend }
    }
}

impl From<PluginFinding> for Finding {
    fn from(PluginFinding { rule, severity, pointer, message, mend }: PluginFinding) -> Self {
        let severity = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        Self { rule, severity, pointer, message, mend }
    }
}
