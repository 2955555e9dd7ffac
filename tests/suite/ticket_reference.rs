//! Random tickets under random agreements: the engine against the reference that lives them minute by minute.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::engine::{agreement, clocks, result};
use crate::generate::{TicketCase, for_all, ticket_case};
use crate::reference::evaluate;
use crate::subset::differences;

/// Each case walks some days of minutes, twice.
const CASES: u32 = 500;

fn check(case: &TicketCase) -> TestCaseResult {
    let found = result(&agreement(&case.agreement), &case.ticket, case.now);
    let mut wanted = evaluate(&case.agreement, &case.ticket, case.now);
    for clock in wanted["clocks"].as_array_mut().into_iter().flatten() {
        clock.as_object_mut().expect("an object").remove("clock");
    }
    let mut differences = differences(&wanted, &found);
    if clocks(&found).len() != clocks(&wanted).len() {
        differences.push(format!("clocks: wanted {}, found {}", wanted["clocks"], found["clocks"]));
    }
    prop_assert!(differences.is_empty(), "{}\n{}", differences.join("\n"), found);
    Ok(())
}

#[test]
fn the_engine_agrees_with_a_minute_by_minute_life_of_the_ticket() {
    for_all(CASES, ticket_case(), |case| check(&case));
}
