//! One instance of a plugin at work on lines, replaced whenever it breaks.

use slaclock_core::{Instant, Options};
use wasmtime::component::ResourceAny;

use super::answers::check;
use super::bindings::exports::slaclock::sla::engine::Options as PluginOptions;
use super::{Plugin, Session};
use crate::engine::{Engine, Question};
use crate::error::{Code, Problem};

/// An instance with the agreement of its question read; one that broke is `None` until it is needed again.
pub(super) struct Instance {
    session: Session,
    agreement: Option<ResourceAny>,
}

/// What is asked about lines, beside the agreement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// They are questions about calendars.
    Hours,
    /// They are tickets: when, and whether with everything behind the clocks.
    Clocks(Options, bool),
}

impl Asked {
    /// The key under which an answer repeats what identifies its line.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Clocks(..) => "ticket",
            Self::Hours => "id",
        }
    }
}

impl From<&Question> for Asked {
    fn from(question: &Question) -> Self {
        match question {
            Question::Hours => Self::Hours,
            Question::Clocks { options, explained, .. } => Self::Clocks(*options, *explained),
        }
    }
}

impl Plugin {
    /// A worker that answers a question about each line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement, or the plugin breaks while reading it.
    pub fn worker(&self, question: &Question) -> Result<Worker, Vec<Problem>> {
        let live = Some(self.instance(question)?);
        Ok(Worker { plugin: self.clone(), question: question.clone(), live })
    }

    /// A fresh instance that has read the agreement.
    pub(super) fn instance(&self, question: &Question) -> Result<Instance, Vec<Problem>> {
        let mut session = self.session().map_err(|problem| vec![problem])?;
        let agreement = match question {
            Question::Hours => None,
            Question::Clocks { agreement, allow_later, .. } => {
                Some(self.parse(&mut session, agreement, *allow_later)?)
            }
        };
        Ok(Instance { session, agreement })
    }

    /// The instance, made anew where the last one broke.
    fn revived<'l>(
        &self,
        live: &'l mut Option<Instance>,
        question: &Question,
    ) -> Result<&'l mut Instance, Vec<Problem>> {
        let instance = match live.take() {
            Some(instance) => instance,
            None => self.instance(question)?,
        };
        Ok(live.insert(instance))
    }

    /// Answers lines.
    pub(super) fn answer(
        &self,
        live: &mut Option<Instance>,
        question: &Question,
        asked: Asked,
        lines: &[u8],
    ) -> Result<Vec<u8>, Problem> {
        let first = |mut problems: Vec<Problem>| problems.remove(0);
        let Instance { session, agreement } = self.revived(live, question).map_err(first)?;
        session.wind();
        let Session { store, exports, .. } = session;
        let guest = exports.slaclock_sla_engine();
        let answer = match (*agreement, asked) {
            (Some(agreement), Asked::Clocks(options, false)) => {
                guest.agreement().call_evaluate_lines(&mut *store, agreement, lines, options.into())
            }
            (Some(agreement), Asked::Clocks(options, true)) => {
                guest.agreement().call_explain_lines(&mut *store, agreement, lines, options.into())
            }
            (_, Asked::Hours) => guest.call_hours_lines(&mut *store, lines).map(Ok),
            (None, Asked::Clocks(..)) => {
                return Err(Problem::new(Code::Usage, "there is no agreement to answer under", ""));
            }
        };
        let broken = answer.as_ref().err().map(|error| self.explain(error, store));
        if broken.is_some() || store.data().memory > self.limits.kept_memory() {
            *live = None;
        }
        match (answer, broken) {
            (_, Some(problem)) => Err(problem),
            (Ok(Ok(answer)), _) if self.is_built_in() => Ok(answer),
            (Ok(Ok(answer)), _) => check(asked, lines, &answer).map(|()| answer),
            (Ok(Err(problem)), _) => Err(problem.into()),
            (Err(error), None) => {
                Err(Problem::new(Code::PluginTrapped, super::one_line(&error), self.name()))
            }
        }
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    pub(super) fn preview_in(
        &self,
        live: &mut Option<Instance>,
        question: &Question,
        fields: &str,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        let Instance { session, agreement } = self.revived(live, question)?;
        let Some(agreement) = *agreement else {
            return Err(vec![Problem::new(Code::Usage, "questions about calendars have no agreement", "")]);
        };
        let preview = self.preview_with(session, agreement, fields, now);
        // The plugin's own refusals have its codes; after any of ours the instance may be broken.
        if preview.as_ref().is_err_and(|problems| problems.iter().any(|one| one.code.starts_with("SLA-H"))) {
            *live = None;
        }
        preview
    }
}

/// A plugin instance that answers one question about every line it is given.
pub struct Worker {
    plugin: Plugin,
    question: Question,
    live: Option<Instance>,
}

impl Engine for Worker {
    fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem> {
        self.plugin.answer(&mut self.live, &self.question, Asked::from(&self.question), lines)
    }
}

impl From<Options> for PluginOptions {
    fn from(Options { now, known_at }: Options) -> Self {
        Self { now: now.ms(), known_at: known_at.map(Instant::ms) }
    }
}
