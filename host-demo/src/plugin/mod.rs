//! Runs a plugin: a WebAssembly component that imports nothing, under limits of memory and time.
//!
//! The linker is empty, so a component that wants anything from outside is refused before it runs. Time is
//! limited by epochs rather than fuel: a limit in real time is what somebody who waits understands, and the
//! answers of a call that ends do not depend on it. A store whose guest trapped cannot be entered again, so
//! each [`Worker`] replaces its own.

pub mod bindings;
mod limits;
mod worker;

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::embedded;
use crate::error::{Code, Problem};
use bindings::PluginPre;
use limits::{MOST_INSTANCES, MOST_TABLE_ELEMENTS, MOST_TABLES};

pub use limits::{Limits, Warden};
pub use worker::{Session, Worker};

/// Epochs pass at this pace; a call may run so much longer than allowed.
const TICK: Duration = Duration::from_millis(10);

/// Workers that one plugin can have at a time.
pub const MOST_WORKERS: usize = 16;

/// A compiled plugin, ready to be instantiated many times.
#[derive(Clone)]
pub struct Plugin {
    engine: Engine,
    instance: PluginPre<Warden>,
    limits: Limits,
    name: Arc<str>,
}

impl Plugin {
    /// The plugin that this program carries.
    ///
    /// # Errors
    /// The program was built without it.
    pub fn embedded(limits: Limits) -> Result<Self, Problem> {
        let bytes = embedded::PLUGIN
            .ok_or_else(|| Problem::new(Code::NoPlugin, "this program was built without its plugin", ""))?;
        Self::from_bytes(bytes, "the built-in plugin", limits)
    }

    /// A plugin from a file.
    ///
    /// # Errors
    /// The file cannot be read or is not a plugin.
    pub fn from_file(path: &Path, limits: Limits) -> Result<Self, Problem> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            Problem::new(Code::Unreadable, format!("cannot read the plugin: {error}"), &*name)
        })?;
        Self::from_bytes(&bytes, &name, limits)
    }

    /// A plugin from the bytes of a component.
    ///
    /// # Errors
    /// The bytes are no component, or it imports something, or lacks an export of the contract.
    pub fn from_bytes(bytes: &[u8], name: &str, limits: Limits) -> Result<Self, Problem> {
        // Bytes 6 and 7 of the header tell the layers apart.
        if bytes.starts_with(b"\0asm") && bytes.get(6..8) == Some(&[0, 0]) {
            return Err(Problem::new(Code::NotAComponent, "this is a core module, not a component", name)
                .with_mend("wrap it into a component, as `cargo xtask build` does"));
        }
        if !bytes.starts_with(b"\0asm") {
            return Err(Problem::new(Code::NotAComponent, "this is not WebAssembly", name));
        }
        // Where address space is scarce, as under `ulimit -v`, a pool cannot be had.
        let engine = Engine::new(config().allocation_strategy(pool(limits)))
            .or_else(|_| Engine::new(&config()))
            .map_err(|error| not_a_component(&error, name))?;
        let component =
            Component::from_binary(&engine, bytes).map_err(|error| not_a_component(&error, name))?;
        let imports: Vec<_> =
            component.component_type().imports(&engine).map(|(import, _)| format!("`{import}`")).collect();
        if !imports.is_empty() {
            let message = format!("the plugin imports {}; a plugin imports nothing", imports.join(", "));
            return Err(Problem::new(Code::PluginImports, message, name));
        }
        let lacks = |error: wasmtime::Error| {
            Problem::new(
                Code::PluginExports,
                format!("the plugin does not keep the contract: {}", one_line(&error)),
                name,
            )
        };
        let instance =
            Linker::new(&engine).instantiate_pre(&component).and_then(PluginPre::new).map_err(lacks)?;
        start_ticking(&engine);
        Ok(Self { engine, instance, limits, name: name.into() })
    }

    /// Where the plugin came from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config
}

/// Room for all workers, made once. The reservation of each memory stays 4 GiB, so that no access needs a check.
fn pool(limits: Limits) -> InstanceAllocationStrategy {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(number(MOST_WORKERS))
        .total_core_instances(number(MOST_WORKERS * MOST_INSTANCES))
        .total_memories(number(MOST_WORKERS))
        .total_tables(number(MOST_WORKERS * MOST_TABLES))
        .max_memories_per_component(1)
        .max_tables_per_component(number(MOST_TABLES))
        .max_core_instances_per_component(number(MOST_INSTANCES))
        .table_elements(MOST_TABLE_ELEMENTS)
        .max_memory_size(limits.memory);
    InstanceAllocationStrategy::Pooling(pool)
}

/// Epochs pass as long as the engine lives.
fn start_ticking(engine: &Engine) {
    let engine = engine.weak();
    thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    });
}

fn not_a_component(error: &wasmtime::Error, name: &str) -> Problem {
    Problem::new(Code::NotAComponent, format!("the plugin cannot be loaded: {}", one_line(error)), name)
}

/// An error and its causes in one line.
fn one_line(error: &wasmtime::Error) -> String {
    let causes: Vec<_> = error.chain().map(|cause| cause.to_string().replace('\n', " ")).collect();
    causes.join(": ")
}
