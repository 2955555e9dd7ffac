//! The stretches that a clock's figures are the sum of, noted as they are counted.

use crate::agreement::TermId;
use crate::instant::Instant;

use super::cycle::Pausing;
use super::machine::Machine;
use super::promised::Promised;

/// A stretch of a cycle in which nothing about it changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) cycle: u32,
    pub(super) from: Instant,
    pub(super) until: Instant,
    /// What paused it; it ran where nothing did.
    pub(super) pausing: Option<Pausing>,
    /// It was stopped by resolving, and the reopening went on with it.
    pub(super) resolved: bool,
    pub(super) promised: Option<Promised>,
}

/// All stretches of a clock, in order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) stretches: Vec<Stretch>,
}

impl Ledger {
    pub(super) fn note(&mut self, stretch: Stretch) {
        self.stretches.push(stretch);
    }

    /// The stretch of a cycle that began then was paused.
    pub(super) fn pause(&mut self, cycle: u32, from: Instant, pausing: Option<Pausing>) {
        let own = self.stretches.iter_mut().rev().take_while(|stretch| stretch.cycle == cycle);
        for stretch in own.filter(|stretch| stretch.from == from) {
            stretch.pausing = pausing;
        }
    }
}

/// A part of a cycle in which nothing about it changed, for explanations.
pub(crate) struct Span {
    pub(crate) cycle: u32,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    pub(crate) pausing: Option<Pausing>,
    /// Between a stop by resolving and the reopening that went on with the cycle.
    pub(crate) resolved: bool,
    pub(crate) term: Option<TermId>,
}

/// The parts of all cycles of a clock, in order; none where no policy ever promised it.
pub(super) fn spans(machine: &Machine<'_>) -> Vec<Span> {
    let stretches = machine.ledger.as_ref().map(|ledger| ledger.stretches.as_slice()).unwrap_or_default();
    let mut spans: Vec<Span> = Vec::new();
    for cycle in machine.cycles() {
        if cycle.judge.is_none() {
            continue;
        }
        // Cycles follow one another, and so do their stretches.
        let begin = stretches.partition_point(|stretch| stretch.cycle < cycle.number);
        let own = stretches.iter().skip(begin).take_while(|stretch| stretch.cycle == cycle.number);
        // Time before the first promise was counted by it.
        let first = own.clone().find_map(|stretch| stretch.promised).or(cycle.judge);
        let mut begun = false;
        for stretch in own {
            begun |= stretch.promised.is_some();
            let promised = if begun { stretch.promised } else { first };
            let term = promised.map(|promised| promised.term);
            match spans.last_mut() {
                Some(last)
                    if last.cycle == stretch.cycle
                        && last.until == stretch.from
                        && (last.pausing, last.resolved, last.term)
                            == (stretch.pausing, stretch.resolved, term) =>
                {
                    last.until = stretch.until;
                }
                _ => spans.push(Span {
                    cycle: stretch.cycle,
                    from: stretch.from,
                    until: stretch.until,
                    pausing: stretch.pausing,
                    resolved: stretch.resolved,
                    term,
                }),
            }
        }
        // After the last promise nobody waits for anything.
        while spans.last().is_some_and(|last| last.cycle == cycle.number && last.term.is_none()) {
            spans.pop();
        }
    }
    spans
}
