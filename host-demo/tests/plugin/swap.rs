//! Swaps under load: no call is lost, none is answered by two, and the old plugin goes when its calls have ended.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;

use crate::support::{FIRST, SECOND, at_noon, line, live, tenant, terms};
use slaclock_host::plugin::{Live, Plugin, Terms};

/// The marks in an answer of the guests.
fn marks(lines: &[u8]) -> (usize, usize) {
    let count = |own: &[u8]| lines.windows(own.len()).filter(|part| *part == own).count();
    (count(br#""own":"A""#), count(br#""own":"B""#))
}

#[test]
fn no_call_is_lost_or_mixed_while_plugins_are_swapped() {
    const CALLERS: usize = 4;
    const LINES: usize = 20;
    let live = Live::new(tenant(CALLERS), &FIRST, terms()).unwrap();
    let (answered, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    // One line traps, so that every batch is asked a second time, line by line: as wide a door as there can be.
    let batch = [line("a", "=").repeat(LINES / 2), line("b", "!"), line("a", "=").repeat(LINES / 2)].concat();
    let calls: Vec<(usize, usize)> = thread::scope(|scope| {
        let caller = || {
            let (mut first, mut second) = (0, 0);
            while !done.load(Relaxed) {
                let answer = live.answer(batch.as_bytes(), at_noon(), false).unwrap();
                assert_eq!(answer.refused, 1);
                match marks(&answer.lines) {
                    (LINES, 0) => first += 1,
                    (0, LINES) => second += 1,
                    mixed => panic!("mixed or lost: {mixed:?}"),
                }
                answered.fetch_add(1, Relaxed);
            }
            (first, second)
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(caller)).collect();
        let mut generations = vec![live.generations()[0].generation];
        for round in 0..20 {
            // So many that each generation gives some itself, not only calls of the one before.
            let until = answered.load(Relaxed) + 2 * CALLERS;
            while answered.load(Relaxed) < until {
                thread::yield_now();
            }
            let next: &Plugin = if round % 2 == 0 { &SECOND } else { &FIRST };
            generations.push(live.swap(next, terms()).unwrap());
        }
        done.store(true, Relaxed);
        assert!(generations.is_sorted_by(|a, b| a < b));
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    let (first, second) = calls.iter().fold((0, 0), |all, call| (all.0 + call.0, all.1 + call.1));
    assert_eq!(first + second, answered.load(Relaxed));
    assert!(first >= 10 * CALLERS && second >= 10 * CALLERS, "{first} and {second}");
    // All calls have ended, so nothing of the old ones is left.
    assert_eq!(live.generations().len(), 1);
}

#[test]
fn an_old_generation_ends_its_calls_and_then_goes() {
    let live = live(&FIRST);
    let mut call = live.call().unwrap();
    let old = call.generation();
    let new = live.swap(&SECOND, terms()).unwrap();
    assert_eq!(
        live.answer(line("a", "=").as_bytes(), at_noon(), false).unwrap().lines,
        line("a", "B").as_bytes()
    );
    let status = live.generations();
    assert_eq!(
        status.iter().map(|one| (one.generation, one.running)).collect::<Vec<_>>(),
        [(new, 0), (old, 1)]
    );
    // The call that began before the swap has the old one to its end.
    assert_eq!(call.answer(line("a", "=").as_bytes(), at_noon(), false).lines, line("a", "A").as_bytes());
    drop(call);
    let status = live.generations();
    assert_eq!(status.iter().map(|one| one.generation).collect::<Vec<_>>(), [new]);
    assert_eq!(status[0].answered, 1);
    assert_ne!(FIRST.facts().sha256, SECOND.facts().sha256);
}

#[test]
fn a_candidate_is_compared_before_anything_changes() {
    let live = live(&FIRST);
    let tickets = [line("a", "="), line("b", "same"), line("c", "!"), line("d", "=")].concat();
    let mut told = Vec::new();
    let mut tell = |difference: slaclock_host::plugin::Difference| {
        told.push(format!("{} {} {} {}", difference.ticket, difference.key, difference.old, difference.new));
    };
    let comparison = live.compare(&SECOND, terms(), tickets.as_bytes(), at_noon(), &mut tell).unwrap();
    assert_eq!(told, [r#""a" own "A" "B""#, r#""d" own "A" "B""#]);
    assert_eq!((comparison.tickets, comparison.different, comparison.differences), (4, 2, 2));
    assert_eq!((comparison.refused_old, comparison.refused_new), (1, 1));
    // What answers is what answered before, and the candidate has left nothing behind.
    assert_eq!(
        live.answer(line("a", "=").as_bytes(), at_noon(), false).unwrap().lines,
        line("a", "A").as_bytes()
    );
    assert_eq!(live.generations().len(), 1);
    let refused = Terms { agreement: "{}".to_owned(), allow_later: false };
    live.compare(&SECOND, refused, b"", at_noon(), &mut |_| ()).unwrap_err();
}
