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
/// number for a longer search.
#[track_caller]
pub(crate) fn for_all<S: Strategy>(cases: u32, inputs: S, test: impl Fn(S::Value) -> TestCaseResult) {
    let raised = std::env::var("SLACLOCK_CASES").ok().and_then(|text| text.parse().ok());
    let cases = raised.map_or(cases, |raised: u32| raised.max(cases));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[41; 32]);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&inputs, test) {
        panic!("{failure}");
    }
}
