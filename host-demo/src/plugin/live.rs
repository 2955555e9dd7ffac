//! What answers now, a plugin and an agreement, replaced while calls run.
//!
//! A call belongs to one generation from its first line to its last, repeated lines included, so no answer is mixed
//! of two. A swap makes the first instance of the new generation before anybody is sent there; then calls that come
//! go to the new one, calls that run end in the old one, and with the last of them its memory is given back.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use serde::Serialize;
use slaclock_core::{Instant, Options};

use super::tenant::{Admitted, Tenant};
use super::worker::{Asked, Instance};
use super::{Comparison, Difference, Plugin, compare};
use crate::engine::{Engine, Finding, Question, answer_batch, refused_in};
use crate::error::Problem;
use crate::input::without_blank_lines;

/// An agreement as a plugin is given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The document, as JSON text.
    pub agreement: String,
    /// Keys of later versions are skipped instead of refused.
    pub allow_later: bool,
}

impl From<Terms> for Question {
    fn from(Terms { agreement, allow_later }: Terms) -> Self {
        let options = Options { now: Instant::MIN, known_at: None };
        Self::Clocks { agreement, allow_later, options, explained: false }
    }
}

/// One plugin with one agreement, or with none, for questions about calendars.
pub(super) struct Generation {
    pub(super) number: u64,
    pub(super) plugin: Plugin,
    pub(super) question: Question,
    ended: AtomicBool,
    running: AtomicUsize,
    answered: AtomicU64,
}

impl Generation {
    fn new(plugin: &Plugin, question: Question, tenant: &Tenant) -> Arc<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Self {
            number: COUNT.fetch_add(1, Relaxed),
            plugin: plugin.limited(tenant.share().limits),
            question,
            ended: AtomicBool::new(false),
            running: AtomicUsize::new(0),
            answered: AtomicU64::new(0),
        })
    }

    /// Changes only under the lock of the pool.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Relaxed)
    }

    pub(super) fn set_ended(&self) {
        self.ended.store(true, Relaxed);
    }

    fn status(&self) -> GenerationStatus {
        GenerationStatus {
            generation: self.number,
            plugin: self.plugin.name().to_owned(),
            sha256: self.plugin.facts().sha256.clone(),
            running: self.running.load(Relaxed),
            answered: self.answered.load(Relaxed),
        }
    }
}

/// A generation as seen from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GenerationStatus {
    /// Its number, which no other generation of this process has; a later one has a larger one.
    pub generation: u64,
    /// Where its plugin came from.
    pub plugin: String,
    /// SHA-256 of its plugin.
    pub sha256: String,
    /// Calls at work.
    pub running: usize,
    /// Lines answered so far.
    pub answered: u64,
}

/// What answers for a tenant now.
pub struct Live {
    tenant: Arc<Tenant>,
    current: RwLock<Arc<Generation>>,
    ended: Mutex<Vec<Weak<Generation>>>,
}

/// Answers of one generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The generation that gave all of them.
    pub generation: u64,
    /// A line for each line that is not blank, in the same order.
    pub lines: Vec<u8>,
    /// How many of them are refusals.
    pub refused: usize,
}

impl Live {
    /// A plugin with an agreement, for a tenant.
    ///
    /// # Errors
    /// What the plugin finds wrong with the agreement, or it breaks while reading it.
    pub fn new(tenant: Arc<Tenant>, plugin: &Plugin, terms: Terms) -> Result<Self, Vec<Problem>> {
        Self::asked(tenant, plugin, terms.into())
    }

    /// A plugin without an agreement, for a tenant: it answers questions about calendars, and lints.
    ///
    /// # Errors
    /// The plugin breaks.
    pub fn of_hours(tenant: Arc<Tenant>, plugin: &Plugin) -> Result<Self, Vec<Problem>> {
        Self::asked(tenant, plugin, Question::Hours)
    }

    fn asked(tenant: Arc<Tenant>, plugin: &Plugin, question: Question) -> Result<Self, Vec<Problem>> {
        let first = Self::ready(&tenant, plugin, question)?;
        Ok(Self { tenant, current: RwLock::new(first), ended: Mutex::default() })
    }

    /// A generation that has read its agreement.
    fn ready(tenant: &Tenant, plugin: &Plugin, question: Question) -> Result<Arc<Generation>, Vec<Problem>> {
        let generation = Generation::new(plugin, question, tenant);
        let instance = generation.plugin.pool.take(&generation, tenant.share().wait)?;
        generation.plugin.pool.give(&generation, Some(instance));
        Ok(generation)
    }

    /// Begins a call, which has the plugin and the agreement of this moment until it is dropped.
    ///
    /// # Errors
    /// The tenant has as many calls at work as it may, there is no room for another instance, or the plugin breaks.
    pub fn call(&self) -> Result<Call<'_>, Vec<Problem>> {
        let admitted = self.tenant.admit().map_err(|problem| vec![problem])?;
        let generation = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        Call::begin(generation, self.tenant.share().wait, Some(admitted))
    }

    /// Answers lines of tickets: their clocks, or with `explained` everything behind them.
    ///
    /// # Errors
    /// As [`Self::call`]; what is wrong with a line is its answer.
    pub fn answer(&self, lines: &[u8], options: Options, explained: bool) -> Result<Answer, Vec<Problem>> {
        Ok(self.call()?.answer(lines, options, explained))
    }

    /// Answers questions about calendars, a line for a line.
    ///
    /// # Errors
    /// As [`Self::call`]; what is wrong with a line is its answer.
    pub fn hours(&self, lines: &[u8]) -> Result<Answer, Vec<Problem>> {
        Ok(self.call()?.hours(lines))
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    ///
    /// # Errors
    /// As [`Self::call`], or the fields have problems.
    pub fn preview(&self, fields: &str, now: Instant) -> Result<String, Vec<Problem>> {
        self.call()?.preview(fields, now)
    }

    /// What is to be looked at in an agreement, as of a day.
    ///
    /// # Errors
    /// As [`Self::call`], or the document has problems.
    pub fn lint(&self, document: &str, today: &str) -> Result<Vec<Finding>, Vec<Problem>> {
        let _admitted = self.tenant.admit().map_err(|problem| vec![problem])?;
        let current = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        current.plugin.lint(document, today)
    }

    /// Answers the same tickets as this one and as a candidate would, and tells every difference; nothing changes.
    ///
    /// # Errors
    /// As [`Self::call`], or the candidate refuses its agreement.
    pub fn compare(
        &self,
        plugin: &Plugin,
        terms: Terms,
        lines: &[u8],
        options: Options,
        tell: &mut dyn FnMut(Difference),
    ) -> Result<Comparison, Vec<Problem>> {
        // The turn of the old one is the turn of both.
        let mut old = self.call()?;
        let next = Self::ready(&self.tenant, plugin, terms.into())?;
        let compared = Call::begin(Arc::clone(&next), self.tenant.share().wait, None).map(|mut new| {
            let (mut old, mut new) = (old.asking(options, false), new.asking(options, false));
            compare::lines(&mut old, &mut new, &next.question, lines, options, tell)
        });
        next.plugin.pool.end(&next);
        compared
    }

    /// Lets a plugin with an agreement take over. Answers the number of the new generation.
    ///
    /// # Errors
    /// What the plugin finds wrong with the agreement, or it breaks while reading it: the old one stays.
    pub fn swap(&self, plugin: &Plugin, terms: Terms) -> Result<u64, Vec<Problem>> {
        self.replace(plugin, terms.into())
    }

    /// Lets a plugin take over with the agreement that is in force. Answers the number of the new generation.
    ///
    /// # Errors
    /// As [`Self::swap`].
    pub fn swap_plugin(&self, plugin: &Plugin) -> Result<u64, Vec<Problem>> {
        self.replace(plugin, self.question())
    }

    /// Whether a plugin can read the agreement that is in force.
    ///
    /// # Errors
    /// What it finds wrong with it, or it breaks.
    pub fn try_plugin(&self, plugin: &Plugin) -> Result<(), Vec<Problem>> {
        let next = Self::ready(&self.tenant, plugin, self.question())?;
        next.plugin.pool.end(&next);
        Ok(())
    }

    fn question(&self) -> Question {
        self.current.read().unwrap_or_else(PoisonError::into_inner).question.clone()
    }

    fn replace(&self, plugin: &Plugin, question: Question) -> Result<u64, Vec<Problem>> {
        let next = Self::ready(&self.tenant, plugin, question)?;
        let number = next.number;
        let old = {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, next)
        };
        old.plugin.pool.end(&old);
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|old| old.strong_count() > 0);
        ended.push(Arc::downgrade(&old));
        Ok(number)
    }

    /// The generation that answers now, then older ones that still have calls at work.
    #[must_use]
    pub fn generations(&self) -> Vec<GenerationStatus> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).status();
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = ended.iter().filter_map(Weak::upgrade).map(|old| old.status());
        std::iter::once(current).chain(ended).collect()
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> &Arc<Tenant> {
        &self.tenant
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let current = self.current.get_mut().unwrap_or_else(PoisonError::into_inner);
        current.plugin.pool.end(current);
    }
}

/// A call at work: one generation, one instance.
pub struct Call<'l> {
    generation: Arc<Generation>,
    live: Option<Instance>,
    _admitted: Option<Admitted<'l>>,
}

/// A call that is asked about lines.
pub(super) struct Asking<'c> {
    generation: &'c Generation,
    live: &'c mut Option<Instance>,
    asked: Asked,
}

impl Engine for Asking<'_> {
    fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem> {
        let Generation { plugin, question, .. } = self.generation;
        plugin.answer(self.live, question, self.asked, lines)
    }
}

impl<'l> Call<'l> {
    fn begin(
        generation: Arc<Generation>,
        wait: Duration,
        admitted: Option<Admitted<'l>>,
    ) -> Result<Self, Vec<Problem>> {
        let live = Some(generation.plugin.pool.take(&generation, wait)?);
        generation.running.fetch_add(1, Relaxed);
        Ok(Self { generation, live, _admitted: admitted })
    }

    /// The number of the generation that answers.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.number
    }

    fn asking(&mut self, options: Options, explained: bool) -> Asking<'_> {
        let asked = Asked::Clocks(options, explained);
        Asking { generation: &self.generation, live: &mut self.live, asked }
    }

    /// Answers lines of tickets: their clocks, or with `explained` everything behind them.
    pub fn answer(&mut self, lines: &[u8], options: Options, explained: bool) -> Answer {
        self.batch(lines, Asked::Clocks(options, explained))
    }

    /// Answers questions about calendars, a line for a line.
    pub fn hours(&mut self, lines: &[u8]) -> Answer {
        self.batch(lines, Asked::Hours)
    }

    /// This call as an engine of questions about calendars.
    pub fn calendars(&mut self) -> impl Engine + '_ {
        Asking { generation: &self.generation, live: &mut self.live, asked: Asked::Hours }
    }

    fn batch(&mut self, lines: &[u8], asked: Asked) -> Answer {
        let (lines, count) = without_blank_lines(lines);
        let generation = Arc::clone(&self.generation);
        let question = if matches!(asked, Asked::Hours) { &Question::Hours } else { &generation.question };
        let place = |index: usize| format!("line {}", index + 1);
        let mut asking = Asking { generation: &generation, live: &mut self.live, asked };
        let lines = answer_batch(&mut asking, question, &lines, count, place);
        generation.answered.fetch_add(count as u64, Relaxed);
        Answer { generation: generation.number, refused: refused_in(&lines), lines }
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    ///
    /// # Errors
    /// The fields have problems, or the plugin breaks.
    pub fn preview(&mut self, fields: &str, now: Instant) -> Result<String, Vec<Problem>> {
        let Generation { plugin, question, .. } = &*self.generation;
        plugin.preview_in(&mut self.live, question, fields, now)
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.generation.running.fetch_sub(1, Relaxed);
        self.generation.plugin.pool.give(&self.generation, self.live.take());
    }
}
