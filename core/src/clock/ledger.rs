//! The stretches that a clock's figures are the sum of, noted as they are counted.

use crate::instant::Instant;

use super::cycle::{Pausing, Promised};

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
