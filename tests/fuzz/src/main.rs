//! The fuzzer of `cargo xtask soak fuzz`.
//!
//! A panic is caught and its input kept, one for each place in the source and the shortest met, so that a search goes
//! on after its first finding. What cannot be caught (no answer in time, too much memory, an exhausted stack) ends
//! the process, and libFuzzer keeps the input.

#![no_main]

mod change;
mod findings;
mod memory;
mod words;

use std::panic::catch_unwind;

use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};
use slaclock_tests::answers;
use slaclock_tests::case::CASE_LINE;

use change::Changes;

#[global_allocator]
static MEMORY: memory::Counted = memory::Counted;

fuzz_target!(init: findings::install(), |bytes: &[u8]| -> Corpus {
    // A file of several cases could not hold it.
    if bytes.windows(CASE_LINE.len()).any(|window| window == CASE_LINE) {
        return Corpus::Reject;
    }
    memory::begin();
    match catch_unwind(|| answers::check(bytes)) {
        Ok(()) => Corpus::Keep,
        Err(_) => {
            findings::keep(bytes);
            Corpus::Reject
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut changes = Changes::new(seed);
    let changed = if changes.one_in(5) { None } else { changes.of_case(&data[..size]) };
    match changed {
        Some(bytes) if bytes.len() <= max_size => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    let bytes = Changes::new(seed).of_two(one, other);
    let length = bytes.len().min(out.len());
    out[..length].copy_from_slice(&bytes[..length]);
    length
});
