//! What a plugin may use.

use std::time::Duration;

use wasmtime::{ResourceLimiter, Result, StoreLimits, StoreLimitsBuilder};

/// Limits of one plugin instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: usize,
    /// Real time of one call.
    pub time: Duration,
}

impl Default for Limits {
    /// 1 GiB holds a line of 16 MiB with a million events; ten seconds are a hundred times what that takes.
    fn default() -> Self {
        Self { memory: 1 << 30, time: Duration::from_secs(10) }
    }
}

/// Enough for any component that the usual tools make.
pub(super) const MOST_INSTANCES: usize = 8;
pub(super) const MOST_TABLES: usize = 8;
pub(super) const MOST_TABLE_ELEMENTS: usize = 100_000;

/// Bytes of the stack of a call: a quarter of what any thread of this program has.
pub(super) const MOST_STACK: usize = 512 << 10;

impl Limits {
    /// Bytes that an answer may take in this program: a quarter of the plugin's memory. Without such a limit a plugin
    /// could name one text of its memory in a million places of an answer.
    pub(super) const fn answer(self) -> usize {
        self.memory / 4
    }

    /// An instance that has grown past this is replaced after its answer, to give the memory back before the plugin
    /// runs out of it.
    pub(super) fn kept_memory(self) -> usize {
        (self.memory / 2).min(128 << 20)
    }
}

/// Enforces the limits, and remembers when memory was refused: the plugin's own word for it is only a trap.
pub struct Warden {
    limits: StoreLimits,
    /// Whether the plugin asked for more memory than allowed.
    pub refused_memory: bool,
    /// Whether the plugin asked for a larger table than allowed.
    pub refused_table: bool,
    /// Bytes of memory that the plugin has.
    pub memory: usize,
}

impl Warden {
    pub(crate) fn new(limits: Limits) -> Self {
        let limits = StoreLimitsBuilder::new()
            .memory_size(limits.memory)
            .table_elements(MOST_TABLE_ELEMENTS)
            .instances(MOST_INSTANCES)
            .tables(MOST_TABLES)
            .memories(1)
            .build();
        Self { limits, refused_memory: false, refused_table: false, memory: 0 }
    }
}

impl ResourceLimiter for Warden {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let allowed = self.limits.memory_growing(current, desired, maximum)?;
        self.refused_memory |= !allowed;
        if allowed {
            self.memory = desired;
        }
        Ok(allowed)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> Result<()> {
        self.refused_memory = true;
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let allowed = self.limits.table_growing(current, desired, maximum)?;
        self.refused_table |= !allowed;
        Ok(allowed)
    }

    fn instances(&self) -> usize {
        self.limits.instances()
    }

    fn tables(&self) -> usize {
        self.limits.tables()
    }

    fn memories(&self) -> usize {
        self.limits.memories()
    }
}
