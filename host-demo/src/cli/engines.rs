//! Which engine answers: the sandboxed plugin, or the core in this process.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use clap::Args;
use slaclock_core::Instant;

use super::Result;
use super::values;
use crate::engine::{Engine, Finding, Question};
use crate::error::{Code, Problem};
use crate::native::Native;
use crate::plugin::{Cache, Limits, MOST_WORKERS, Origin, Plugin, Runtime};
use crate::render::complain;

/// Arguments that choose and limit the engine.
#[derive(Debug, Clone, Args)]
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
    /// Where compiled plugins are kept, which must belong to you alone; `off` keeps none. Without it: SLACLOCK_CACHE,
    /// CACHE_DIRECTORY, XDG_CACHE_HOME/slaclock or ~/.cache/slaclock
    #[arg(long, value_name = "FOLDER", conflicts_with = "native")]
    plugin_cache: Option<PathBuf>,
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

    /// The plugin that the arguments choose: a service runs nothing else.
    pub(super) fn sandboxed(&self) -> Result<Plugin> {
        let plugin = self.runtime().and_then(|runtime| self.load(&runtime, self.plugin.as_deref()));
        plugin.map_err(|problem| vec![problem])
    }

    /// The engine that the arguments choose.
    pub(super) fn open(&self) -> Result<Opened> {
        if self.native {
            return Ok(Opened::Native);
        }
        let plugin = self.runtime().and_then(|runtime| self.load(&runtime, self.plugin.as_deref()));
        plugin.map(|plugin| Opened::Plugin(Box::new(plugin))).map_err(|problem| vec![problem])
    }

    /// The engine that runs plugins.
    pub(super) fn runtime(&self) -> std::result::Result<Runtime, Problem> {
        if self.native {
            return Err(Problem::new(Code::Usage, "`--native` runs no plugin", "--native"));
        }
        let limits = Limits { memory: self.memory_limit, time: self.time_limit };
        let cache = match &self.plugin_cache {
            Some(off) if off.as_os_str() == "off" => None,
            Some(folder) => Some(Cache::at(folder)),
            None => Cache::of_user(),
        };
        Runtime::new(limits, MOST_WORKERS, cache)
    }

    /// A plugin from a file, or the built-in one.
    pub(super) fn load(
        &self,
        runtime: &Runtime,
        file: Option<&Path>,
    ) -> std::result::Result<Plugin, Problem> {
        let plugin = match file {
            Some(file) => runtime.load(&Plugin::read(file)?, &file.display().to_string()),
            None => Plugin::embedded_bytes().and_then(|(bytes, name)| runtime.load(bytes, name)),
        }?;
        // A cache that cannot be written only costs time; one that others may have written is worth a word.
        if let Origin::Compiled { trouble: Some(trouble) } = plugin.origin()
            && (trouble.is(Code::CacheDistrusted) || self.plugin_cache.is_some())
        {
            complain(std::slice::from_ref(trouble));
        }
        Ok(plugin)
    }

    /// The file that was named instead of the built-in plugin.
    pub(super) fn plugin(&self) -> Option<&Path> {
        self.plugin.as_deref()
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
