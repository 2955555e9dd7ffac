//! Laws that hold between the answers themselves, over spans that no reference could walk.

use proptest::array::uniform3;
use proptest::prelude::*;
use slaclock_core::{Calendar, Duration, Instant};

use crate::generate::{CalendarCase, END_OF_TIME, calendar_case, for_all};
use crate::reference::DAY;

/// Cases per law; each is a handful of look-ups.
const CASES: u32 = 400;

/// A calendar and three instants anywhere from 1970 to 2199.
fn anywhere() -> impl Strategy<Value = (CalendarCase, [Instant; 3])> {
    (calendar_case(), uniform3(0..END_OF_TIME)).prop_map(|(case, at)| (case, at.map(instant)))
}

fn engine(case: &CalendarCase) -> Calendar {
    Calendar::from_json(&case.document.to_string())
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", case.document))
}

fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

#[test]
fn elapsed_is_additive_over_any_cut() {
    for_all(CASES, anywhere(), |(case, [a, b, c])| {
        let calendar = engine(&case);
        let (ab, bc) = (calendar.elapsed(a, b).ms(), calendar.elapsed(b, c).ms());
        prop_assert_eq!(ab + bc, calendar.elapsed(a, c).ms());
        Ok(())
    });
}

#[test]
fn elapsed_backwards_is_the_negative() {
    for_all(CASES, anywhere(), |(case, [a, b, _])| {
        let calendar = engine(&case);
        prop_assert_eq!(calendar.elapsed(a, b).ms(), -calendar.elapsed(b, a).ms());
        prop_assert_eq!(calendar.elapsed(a, a).ms(), 0);
        Ok(())
    });
}

#[test]
fn elapsed_to_the_due_instant_is_the_duration_and_a_millisecond_before_is_less() {
    for_all(CASES, (anywhere(), 1..4000 * DAY), |((case, [a, _, _]), ms)| {
        let calendar = engine(&case);
        match calendar.due(a, Duration::from_ms(ms)) {
            Some(due) => {
                prop_assert_eq!(calendar.elapsed(a, due).ms(), ms);
                prop_assert_eq!(calendar.elapsed(a, instant(due.ms() - 1)).ms(), ms - 1);
            }
            None => prop_assert!(calendar.elapsed(a, instant(END_OF_TIME - 1)).ms() < ms),
        }
        Ok(())
    });
}

#[test]
fn nothing_is_due_at_once() {
    for_all(CASES, anywhere(), |(case, [a, _, _])| {
        prop_assert_eq!(engine(&case).due(a, Duration::ZERO), Some(a));
        Ok(())
    });
}

#[test]
fn segments_of_a_year_add_up_to_elapsed_and_never_touch() {
    for_all(CASES / 4, anywhere(), |(case, [a, _, _])| {
        let calendar = engine(&case);
        let b = instant((a.ms() + 366 * DAY).min(END_OF_TIME - 1));
        let segments: Vec<_> = calendar.segments(a, b).collect();
        let sum: i64 = segments.iter().map(|segment| segment.until.ms() - segment.from.ms()).sum();
        prop_assert_eq!(sum, calendar.elapsed(a, b).ms());
        prop_assert!(segments.windows(2).all(|pair| pair[0].until < pair[1].from));
        prop_assert!(segments.iter().all(|segment| a <= segment.from && segment.from < segment.until));
        prop_assert!(segments.last().is_none_or(|last| last.until <= b));
        Ok(())
    });
}

#[test]
fn between_now_and_the_next_opening_nothing_elapses() {
    for_all(CASES, anywhere(), |(case, [a, b, _])| {
        let calendar = engine(&case);
        let Some(open) = calendar.next_open(a) else {
            prop_assert_eq!(calendar.elapsed(a, b.max(a)).ms(), 0);
            return Ok(());
        };
        prop_assert!(open >= a && calendar.is_open(open));
        prop_assert_eq!(calendar.elapsed(a, open).ms(), 0);
        if let Some(close) = calendar.next_close(open) {
            prop_assert!(!calendar.is_open(close));
            prop_assert_eq!(calendar.elapsed(open, close).ms(), close.ms() - open.ms());
        }
        Ok(())
    });
}
