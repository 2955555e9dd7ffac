//! The plugin as the service asks it: from tasks, on threads that may wait.

use std::sync::Arc;

use slaclock_core::{Instant, Options};
use tokio::sync::Semaphore;

use crate::document::Document;
use crate::engine::{Finding, Question, answer_batch};
use crate::error::{Code, Problem};
use crate::ics::{Span, export_calendar};
use crate::input::without_blank_lines;
use crate::plugin::Plugin;
use crate::store::Agreement;

/// Calls that run side by side; more would only wait for each other.
const MOST_CALLS: usize = 8;

/// The plugin behind the service.
#[derive(Clone)]
pub struct Engines {
    plugin: Plugin,
    slots: Arc<Semaphore>,
}

impl Engines {
    /// A plugin that answers for all tenants.
    #[must_use]
    pub fn new(plugin: Plugin) -> Self {
        Self { plugin, slots: Arc::new(Semaphore::new(MOST_CALLS)) }
    }

    /// Answers tickets, a line for a line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement; what is wrong with a line is its answer.
    pub async fn tickets(
        &self,
        agreement: &Arc<Agreement>,
        lines: Vec<u8>,
        options: Options,
        explained: bool,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let question = Question::Clocks {
            agreement: agreement.document.clone(),
            allow_later: false,
            options,
            explained,
        };
        self.call(move |plugin| {
            let mut worker = plugin.worker(&question)?;
            let (lines, count) = without_blank_lines(&lines);
            Ok(answer_batch(&mut worker, &question, &lines, count, |index| format!("line {}", index + 1)))
        })
        .await
    }

    /// Answers questions about calendars, a line for a line.
    ///
    /// # Errors
    /// There is no engine.
    pub async fn hours(&self, lines: Vec<u8>) -> Result<Vec<u8>, Vec<Problem>> {
        self.call(move |plugin| {
            let mut worker = plugin.worker(&Question::Hours)?;
            let (lines, count) = without_blank_lines(&lines);
            let place = |index| format!("line {}", index + 1);
            Ok(answer_batch(&mut worker, &Question::Hours, &lines, count, place))
        })
        .await
    }

    /// What a ticket with these fields would be promised.
    ///
    /// # Errors
    /// What the engine finds wrong with the fields.
    pub async fn preview(
        &self,
        agreement: &Arc<Agreement>,
        fields: String,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        let agreement = Arc::clone(agreement);
        self.call(move |plugin| plugin.preview(&agreement.document, false, &fields, now)).await
    }

    /// A calendar of an agreement as a feed.
    ///
    /// # Errors
    /// There is no such calendar.
    pub async fn calendar(
        &self,
        agreement: &Arc<Agreement>,
        name: String,
        span: Span,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let agreement = Arc::clone(agreement);
        self.call(move |plugin| {
            let document = Document::of_json(&agreement.recorded.id, &agreement.document);
            let mut worker = plugin.worker(&Question::Hours)?;
            let mut text = Vec::new();
            export_calendar(&document, Some(&name), &span, &mut worker, &mut text)?;
            Ok(text)
        })
        .await
    }

    /// What is to be looked at in an agreement.
    ///
    /// # Errors
    /// What the engine finds wrong with it.
    pub async fn lint(&self, document: String, today: String) -> Result<Vec<Finding>, Vec<Problem>> {
        self.call(move |plugin| plugin.lint(&document, &today)).await
    }

    /// Version of the engine, and of its time zones.
    ///
    /// # Errors
    /// The plugin breaks.
    pub async fn describe(&self) -> Result<(String, String), Vec<Problem>> {
        self.call(|plugin| plugin.describe().map_err(|problem| vec![problem])).await
    }

    async fn call<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Plugin) -> Result<T, Vec<Problem>> + Send + 'static,
    ) -> Result<T, Vec<Problem>> {
        let broken = || vec![Problem::new(Code::PluginTrapped, "the call to the plugin broke", "")];
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| broken())?;
        let plugin = self.plugin.clone();
        let called = tokio::task::spawn_blocking(move || {
            let answer = ask(&plugin);
            drop(slot);
            answer
        });
        called.await.unwrap_or_else(|_| Err(broken()))
    }
}
