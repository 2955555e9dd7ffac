//! One Wasmtime engine: its settings, its pool of instances, its passing of time, its cache.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::bindings::PluginPre;
use super::cache::compiled;
use super::limits::{MOST_INSTANCES, MOST_STACK, MOST_TABLE_ELEMENTS, MOST_TABLES};
use super::pool::Pool;
use super::{Cache, Facts, Limits, Plugin, one_line};
use crate::embedded;
use crate::error::{Code, Problem};

/// Epochs pass at this pace; a call may run so much longer than allowed.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// An engine that plugins share: what one instance may use at most, how many there may be, where code is kept.
#[derive(Clone)]
pub struct Runtime {
    engine: Engine,
    most: Limits,
    cache: Option<Cache>,
    pool: Arc<Pool>,
}

/// Instances beside those that are kept warm: for single calls, of which none is kept.
const SPARE: usize = 8;

impl Runtime {
    /// An engine with room for so many instances at a time, each within these limits.
    ///
    /// # Errors
    /// This machine cannot run WebAssembly.
    pub fn new(most: Limits, instances: usize, cache: Option<Cache>) -> Result<Self, Problem> {
        let engine = engine(most, instances.saturating_add(SPARE))?;
        Ok(Self { engine, most, cache, pool: Arc::new(Pool::new(instances)) })
    }

    /// A plugin from the bytes of a component, compiled now or taken from the cache.
    ///
    /// # Errors
    /// The bytes are no component, or it imports something, or lacks an export of the contract.
    pub fn load(&self, bytes: &[u8], name: &str) -> Result<Plugin, Problem> {
        let facts = Facts::of(bytes, name)?;
        facts.check(name)?;
        let compile = || {
            Component::from_binary(&self.engine, bytes).map_err(|error| {
                let message = format!("the plugin cannot be loaded: {}", one_line(&error));
                Problem::new(Code::NotAComponent, message, name)
            })
        };
        let (component, origin) = compiled(self.cache.as_ref(), &self.engine, &facts.sha256, compile)?;
        let lacks = |error: wasmtime::Error| {
            Problem::new(
                Code::PluginExports,
                format!("the plugin does not keep the contract: {}", one_line(&error)),
                name,
            )
        };
        let instance =
            Linker::new(&self.engine).instantiate_pre(&component).and_then(PluginPre::new).map_err(lacks)?;
        let ours = embedded::PLUGIN.is_some_and(|ours| ours == bytes);
        Ok(Plugin {
            engine: self.engine.clone(),
            instance,
            limits: self.most,
            name: name.into(),
            facts: Arc::new(facts),
            origin: Arc::new(origin),
            ours,
            pool: Arc::clone(&self.pool),
        })
    }
}

/// An engine whose epochs pass, with room for so many instances at a time.
pub(crate) fn engine(most: Limits, instances: usize) -> Result<Engine, Problem> {
    // Where address space is scarce, as under `ulimit -v`, a pool cannot be had.
    let engine = Engine::new(config().allocation_strategy(pool(most, instances)))
        .or_else(|_| Engine::new(&config()))
        .map_err(|error| Problem::new(Code::NotAComponent, one_line(&error), "this machine"))?;
    start_ticking(&engine);
    Ok(engine)
}

fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.max_wasm_stack(MOST_STACK);
    // A plugin calls nothing, so nothing can be waited for within a call.
    config.concurrency_support(false);
    // The same bits on every processor.
    config.relaxed_simd_deterministic(true).cranelift_nan_canonicalization(true);
    config
}

/// Room for all instances, made once. The reservation of each memory stays 4 GiB, so that no access needs a check.
fn pool(most: Limits, instances: usize) -> InstanceAllocationStrategy {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(number(instances))
        .total_core_instances(number(instances.saturating_mul(MOST_INSTANCES)))
        .total_memories(number(instances))
        .total_tables(number(instances.saturating_mul(MOST_TABLES)))
        .max_memories_per_component(1)
        .max_tables_per_component(number(MOST_TABLES))
        .max_core_instances_per_component(number(MOST_INSTANCES))
        .table_elements(MOST_TABLE_ELEMENTS)
        .max_memory_size(most.memory);
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
