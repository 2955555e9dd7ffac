//! Which engine answers: the sandboxed plugin, or the core in this process.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Args;
use slaclock_core::Instant;

use super::Result;
use super::values;
use crate::engine::{Engine, Finding, Question};
use crate::native::Native;
use crate::plugin::{Limits, MOST_WORKERS, Plugin};

/// Arguments that choose and limit the engine.
#[derive(Debug, Args)]
#[command(next_help_heading = "Engine")]
pub(super) struct EngineArguments {
    /// Run the engine in this process instead of the sandbox; the answers are the same bytes
    #[arg(long, conflicts_with = "plugin")]
    native: bool,
    /// Take this plugin instead of the built-in one
    #[arg(long, value_name = "FILE")]
    plugin: Option<PathBuf>,
    /// Most memory of the plugin
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = values::memory)]
    memory_limit: usize,
    /// Longest time of one call of the plugin
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration)]
    time_limit: Duration,
    /// Threads that answer; as many as the machine has, at most 4, if not given
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// An engine that was chosen and is there.
pub(super) enum Opened {
    Native,
    Plugin(Box<Plugin>),
}

impl EngineArguments {
    /// An engine for each thread.
    pub(super) fn engines(&self, question: &Question) -> Result<Vec<Box<dyn Engine>>> {
        self.open()?.engines(question, self.jobs.map_or_else(default_jobs, NonZeroUsize::get))
    }

    /// The engine that the arguments choose.
    pub(super) fn open(&self) -> Result<Opened> {
        if self.native {
            return Ok(Opened::Native);
        }
        let limits = Limits { memory: self.memory_limit, time: self.time_limit };
        let plugin = match &self.plugin {
            Some(file) => Plugin::from_file(file, limits),
            None => Plugin::embedded(limits),
        };
        plugin.map(|plugin| Opened::Plugin(Box::new(plugin))).map_err(|problem| vec![problem])
    }
}

impl Opened {
    /// So many engines that answer a question about each line.
    pub(super) fn engines(&self, question: &Question, count: usize) -> Result<Vec<Box<dyn Engine>>> {
        let engine = |_| -> Result<Box<dyn Engine>> {
            Ok(match self {
                Self::Native => Box::new(Native::new(question)?),
                Self::Plugin(plugin) => Box::new(plugin.worker(question)?),
            })
        };
        (0..count.min(MOST_WORKERS)).map(engine).collect()
    }

    /// What is to be looked at in an agreement, as of a day.
    pub(super) fn lint(&self, document: &str, today: &str) -> Result<Vec<Finding>> {
        match self {
            Self::Native => Native::lint(document, today),
            Self::Plugin(plugin) => plugin.lint(document, today),
        }
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    pub(super) fn preview(
        &self,
        document: &str,
        allow_later: bool,
        fields: &str,
        now: Instant,
    ) -> Result<String> {
        match self {
            Self::Native => Native::preview(document, allow_later, fields, now),
            Self::Plugin(plugin) => plugin.preview(document, allow_later, fields, now),
        }
    }

    /// The version of the engine and of its time zones.
    pub(super) fn describe(&self) -> Result<(String, String)> {
        match self {
            Self::Native => Ok(Native::describe()),
            Self::Plugin(plugin) => plugin.describe().map_err(|problem| vec![problem]),
        }
    }
}

fn default_jobs() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get).min(4)
}
