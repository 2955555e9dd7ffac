//! Random but repeatable inputs: calendars around the edges of time zones, agreements and tickets.

mod calendar;
mod clock;
mod composite;
mod document;
mod life;
mod ticket;

pub(crate) use calendar::{CalendarCase, END_OF_TIME, Place, calendar_case, place};
pub(crate) use composite::composite_case;
pub(crate) use life::whole_case;
pub(crate) use ticket::{TicketCase, ticket_case};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

/// Runs `test` on `cases` inputs, the same ones on every run and machine. `SLACLOCK_CASES` raises the
/// number for a longer search, `SLACLOCK_SEED` (0 to 255) chooses others, so that several may run side by side.
#[track_caller]
pub(crate) fn for_all<S: Strategy>(cases: u32, inputs: S, test: impl Fn(S::Value) -> TestCaseResult) {
    let asked = |name: &str| Some(std::env::var(name).ok()?.parse::<u32>().expect("a number"));
    let cases = asked("SLACLOCK_CASES").map_or(cases, |raised| raised.max(cases));
    let seed = asked("SLACLOCK_SEED").map_or(41, |seed| u8::try_from(seed).expect("a seed up to 255"));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&inputs, test) {
        panic!("{failure}");
    }
}
