//! Random but repeatable inputs: calendars around the edges of time zones, agreements and tickets.

mod calendar;
mod clock;
mod composite;
mod document;
mod life;
mod ticket;

pub(crate) use calendar::{CalendarCase, END_OF_TIME, Place, calendar_case, place};
pub(crate) use composite::composite_case;
pub(crate) use life::{Group, whole_case, whole_group};
pub(crate) use ticket::{TicketCase, ticket_case};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

/// Runs `test` on `cases` inputs, the same ones on every run and machine. `SLACLOCK_CASES` raises the
/// number for a longer search, `SLACLOCK_SEED` (0 to 255) chooses others, so that several may run side by side.
#[track_caller]
pub(crate) fn for_all<S: Strategy>(cases: u32, inputs: S, test: impl Fn(S::Value) -> TestCaseResult) {
    for_each(asked_for(cases), 2000, inputs, test);
}

/// As [`for_all`], where an input is a group of so many cases; a failing group is not made smaller.
#[track_caller]
pub(crate) fn for_all_groups<S: Strategy>(
    cases: u32,
    group: u32,
    inputs: S,
    test: impl Fn(S::Value) -> TestCaseResult,
) {
    for_each(asked_for(cases).div_ceil(group), 0, inputs, test);
}

fn asked(name: &str) -> Option<u32> {
    Some(std::env::var(name).ok()?.parse().expect("a number"))
}

fn asked_for(cases: u32) -> u32 {
    asked("SLACLOCK_CASES").map_or(cases, |raised| raised.max(cases))
}

#[track_caller]
fn for_each<S: Strategy>(cases: u32, shrink: u32, inputs: S, test: impl Fn(S::Value) -> TestCaseResult) {
    let seed = asked("SLACLOCK_SEED").map_or(41, |seed| u8::try_from(seed).expect("a seed up to 255"));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: shrink, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&inputs, test) {
        panic!("{failure}");
    }
}
