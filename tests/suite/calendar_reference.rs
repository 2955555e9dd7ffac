//! Every calendar question against the reference that walks minute after minute and asks the wall clock.

use proptest::array::uniform4;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use slaclock_core::{Calendar, Duration, Instant};

use crate::generate::{CalendarCase, END_OF_TIME, Place, calendar_case, for_all, place};
use crate::reference::{SlowCalendar, Walk};

/// Cases per property; each walks twelve days.
const CASES: u32 = 120;

/// A calendar, both ways, and four instants of its window.
struct Pair {
    calendar: Calendar,
    slow: SlowCalendar,
    walk: Walk,
    window: (i64, i64),
    at: [i64; 4],
}

impl Pair {
    fn of(case: &CalendarCase, places: &[Place; 4]) -> Self {
        let window = case.window();
        let slow = SlowCalendar::of(&case.document);
        let walk = Walk::over(&slow, window.0, window.1);
        let edges = walk.edges();
        let at = places.clone().map(|place| place.resolve(case, &edges));
        Self { calendar: engine(case), slow, walk, window, at }
    }
}

fn engine(case: &CalendarCase) -> Calendar {
    Calendar::from_json(&case.document.to_string())
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", case.document))
}

fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

/// Runs a property on random calendars, each with four instants near its edges.
#[track_caller]
fn check(property: impl Fn(&Pair) -> TestCaseResult) {
    for_all(CASES, (calendar_case(), uniform4(place())), |(case, places)| {
        property(&Pair::of(&case, &places))
    });
}

#[test]
fn an_instant_is_open_when_the_wall_clock_reads_an_open_time() {
    check(|pair| {
        let near_edges = pair.walk.edges().into_iter().flat_map(|edge| [edge - 1, edge]);
        for at in near_edges.chain(pair.at) {
            prop_assert_eq!(pair.calendar.is_open(instant(at)), pair.slow.is_open(at), "at {}", at);
        }
        Ok(())
    });
}

#[test]
fn elapsed_is_the_integral_of_is_open() {
    check(|pair| {
        let [a, b, c, d] = pair.at;
        for (a, b) in [(a, b), (c, d), (b, c), pair.window_inside()] {
            let elapsed = pair.calendar.elapsed(instant(a), instant(b)).ms();
            prop_assert_eq!(elapsed, pair.walk.elapsed(a, b), "from {} to {}", a, b);
        }
        Ok(())
    });
}

#[test]
fn due_is_the_earliest_instant_with_the_time_elapsed() {
    check(|pair| {
        let [a, b, c, _] = pair.at;
        let until_end = pair.walk.elapsed(a, pair.window.1 - 1);
        let wanted =
            [0, 1, pair.walk.elapsed(a.min(b), a.max(b)), (c - pair.window.0) / 3, until_end, until_end + 1];
        for ms in wanted {
            let due = pair.calendar.due(instant(a), Duration::from_ms(ms)).map(Instant::ms);
            match pair.walk.due(a, ms) {
                Some(slow) => prop_assert_eq!(due.unwrap_or(slow), slow, "{} ms from {}", ms, a),
                None => prop_assert!(
                    due.is_none_or(|due| due >= pair.window.1),
                    "{} ms from {}: {:?}",
                    ms,
                    a,
                    due
                ),
            }
            prop_assert!(due.is_some() || pair.walk.due(a, ms).is_none_or(|slow| slow >= END_OF_TIME));
        }
        Ok(())
    });
}

#[test]
fn next_open_and_next_close_are_the_first_instants_that_are_open_and_closed() {
    check(|pair| {
        for at in pair.at {
            let found = [pair.calendar.next_open(instant(at)), pair.calendar.next_close(instant(at))];
            for (found, open) in found.into_iter().zip([true, false]) {
                match pair.walk.next(at, open) {
                    Some(slow) => {
                        prop_assert_eq!(found.map(Instant::ms), Some(slow), "open {} from {}", open, at)
                    }
                    None => {
                        let beyond = found.is_none_or(|found| found.ms() >= pair.window.1);
                        prop_assert!(beyond, "open {} from {}: {:?}", open, at, found);
                    }
                }
            }
        }
        Ok(())
    });
}

#[test]
fn segments_are_the_maximal_open_stretches_cut_to_the_question() {
    check(|pair| {
        let [a, b, c, d] = pair.at;
        for (a, b) in [(a.min(b), a.max(b)), (c.min(d), c.max(d)), pair.window_inside()] {
            let found = pair.calendar.segments(instant(a), instant(b));
            let found: Vec<_> =
                found.into_iter().map(|segment| (segment.from.ms(), segment.until.ms())).collect();
            prop_assert_eq!(found, pair.walk.segments(a, b), "from {} to {}", a, b);
        }
        Ok(())
    });
}

impl Pair {
    /// The whole window, as instants that may be asked about.
    fn window_inside(&self) -> (i64, i64) {
        (self.window.0, self.window.1 - 1)
    }
}
