//! Runs a plugin: a WebAssembly component that imports nothing, under limits of memory and time.
//!
//! The linker is empty, so a component that wants anything from outside is refused before it runs. Time is
//! limited by epochs rather than fuel: a limit in real time is what somebody who waits understands, and the
//! answers of a call that ends do not depend on it. A store whose guest trapped cannot be entered again, so
//! each [`Worker`] replaces its own.

mod answers;
pub mod bindings;
mod cache;
mod compare;
mod facts;
mod limits;
mod live;
mod pool;
mod runtime;
mod session;
mod tenant;
mod worker;

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use wasmtime::Engine;

use crate::embedded;
use crate::error::{Code, Problem};
use bindings::PluginPre;
use pool::Pool;

pub use cache::Cache;
pub(crate) use cache::compiled;
pub use compare::{Comparison, Difference, lines as compare_lines};
pub(crate) use facts::hex;
pub use facts::{Facts, Producer, contract};
pub use limits::{Limits, Warden};
pub use live::{Answer, Call, GenerationStatus, Live, Terms};
pub use runtime::Runtime;
pub(crate) use runtime::{TICK, engine};
pub use session::Session;
pub use tenant::{Share, Tenant};
pub use worker::Worker;

/// Workers that one plugin can have at a time, unless its [`Runtime`] was made for another number.
pub const MOST_WORKERS: usize = 16;

/// A compiled plugin, ready to be instantiated many times.
#[derive(Clone)]
pub struct Plugin {
    engine: Engine,
    instance: PluginPre<Warden>,
    limits: Limits,
    name: Arc<str>,
    facts: Arc<Facts>,
    origin: Arc<Origin>,
    ours: bool,
    pool: Arc<Pool>,
}

/// Where the compiled code of a plugin came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From the cache.
    Kept,
    /// It was compiled now.
    Compiled {
        /// Why the cache did not give or take it, if there is one.
        trouble: Option<Problem>,
    },
}

impl Origin {
    /// Why the cache did not give or take it, if there is a reason.
    #[must_use]
    pub fn trouble(&self) -> Option<&Problem> {
        match self {
            Self::Kept => None,
            Self::Compiled { trouble } => trouble.as_ref(),
        }
    }
}

impl Plugin {
    /// The plugin that this program carries.
    ///
    /// # Errors
    /// The program was built without it.
    pub fn embedded(limits: Limits) -> Result<Self, Problem> {
        Self::embedded_bytes().and_then(|(bytes, name)| Self::from_bytes(bytes, name, limits))
    }

    /// The component that this program carries, and what it is called.
    ///
    /// # Errors
    /// The program was built without it.
    pub fn embedded_bytes() -> Result<(&'static [u8], &'static str), Problem> {
        let bytes = embedded::PLUGIN
            .ok_or_else(|| Problem::new(Code::NoPlugin, "this program was built without its plugin", ""))?;
        Ok((bytes, "the built-in plugin"))
    }

    /// A plugin from a file.
    ///
    /// # Errors
    /// The file cannot be read or is not a plugin.
    pub fn from_file(path: &Path, limits: Limits) -> Result<Self, Problem> {
        Self::from_bytes(&Self::read(path)?, &path.display().to_string(), limits)
    }

    /// The bytes of a plugin's file, of which no more are read than a plugin may have.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path);
        let read = file.and_then(|file| file.take(facts::LARGEST as u64 + 1).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| {
            let place = path.display().to_string();
            Problem::new(Code::Unreadable, format!("cannot read the plugin: {error}"), place)
        })
    }

    /// A plugin from the bytes of a component, in an engine of its own with the cache of this user.
    ///
    /// # Errors
    /// The bytes are no component, or it imports something, or lacks an export of the contract.
    pub fn from_bytes(bytes: &[u8], name: &str, limits: Limits) -> Result<Self, Problem> {
        Runtime::new(limits, MOST_WORKERS, Cache::of_user())?.load(bytes, name)
    }

    /// Where the plugin came from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its file says of itself.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Where its compiled code came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether it is the plugin that this program carries: what others answer is looked through more closely.
    #[must_use]
    pub const fn is_built_in(&self) -> bool {
        self.ours
    }

    /// What one of its instances may use.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// The same plugin under other limits. Its memory stays within those of its engine.
    #[must_use]
    pub fn limited(&self, limits: Limits) -> Self {
        Self { limits: Limits { memory: limits.memory.min(self.limits.memory), ..limits }, ..self.clone() }
    }
}

/// An error and its causes in one line.
pub(crate) fn one_line(error: &wasmtime::Error) -> String {
    let causes: Vec<_> = error.chain().map(|cause| cause.to_string().replace('\n', " ")).collect();
    causes.join(": ")
}
