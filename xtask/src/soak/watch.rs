//! What a program and all below it use while they run, as Linux tells it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::Result;

/// What a program took.
pub(super) struct Used {
    /// From its start to its end.
    pub(super) took: Duration,
    /// Time of processors, of the program and all below it.
    pub(super) processor: Duration,
    /// The most memory of all of them at a time, in bytes; what several share is counted once.
    pub(super) peak: u64,
}

/// Looks so often.
const EVERY: Duration = Duration::from_millis(100);

/// Ticks of the processor's time in a second, as /proc has them.
const TICKS: u64 = 100;

/// Waits for the end of a program that has just been started.
pub(super) fn watch(mut child: Child) -> Result<Used> {
    let begun = Instant::now();
    let mut used = Used { took: Duration::ZERO, processor: Duration::ZERO, peak: 0 };
    loop {
        let (ticks, memory, ended) = family(child.id());
        used.processor = used.processor.max(Duration::from_millis(ticks * 1000 / TICKS));
        used.peak = used.peak.max(memory);
        used.took = begun.elapsed();
        // One that has ended keeps its figures until it is waited for.
        if ended {
            let status = child.wait()?;
            return if status.success() { Ok(used) } else { Err(format!("it failed: {status}").into()) };
        }
        sleep(EVERY);
    }
}

/// Ticks and bytes of memory of a process and all below it, and whether it has ended.
fn family(root: u32) -> (u64, u64, bool) {
    let mut ended = true;
    let mut parents = BTreeMap::new();
    let mut ticks = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name before may hold anything, brackets and spaces too.
        let Some((_, after)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = after.split(' ').collect();
        let number =
            |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        if pid == root {
            ended = fields.first() == Some(&"Z");
        }
        parents.insert(pid, number(1));
        ticks.insert(pid, (11..15).map(number).sum::<u64>());
    }
    let (mut all, mut at) = (vec![root], 0);
    while let Some(parent) = all.get(at).copied() {
        all.extend(parents.iter().filter(|(_, of)| **of == u64::from(parent)).map(|(pid, _)| *pid));
        at += 1;
    }
    let sum = all.iter().filter_map(|pid| ticks.get(pid)).sum();
    (sum, all.iter().map(|pid| memory(*pid)).sum(), ended)
}

/// The proportional share of a process, in bytes.
fn memory(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
