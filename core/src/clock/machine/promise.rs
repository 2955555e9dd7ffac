//! What a clock is promised after an update.

use crate::agreement::{ANY_DAY, Agreement, Choice, Promise, Target, Term};
use crate::instant::Instant;
use crate::ticket::{DueValue, Timeline, bit};

use super::Machine;
use crate::clock::promised::Promised;

impl Machine<'_> {
    /// The promise for a cycle that started at `started`, as the ticket was after the update `source`.
    pub(super) fn promised(&self, source: usize, started: Instant) -> Option<Promised> {
        let row = self.timeline.update(source)?.row;
        if let Some((known, promised)) = self.plain.get()
            && known == row
        {
            return promised;
        }
        let (agreement, timeline) = (self.agreement, self.timeline);
        let promise = promise_in(agreement, timeline, self.clock, row);
        let promised = promise.and_then(|promise| chosen(promise, agreement, timeline, source, started));
        if promise.is_none_or(|promise| promise.plain.is_some()) {
            self.plain.set(Some((row, promised)));
        }
        promised
    }
}

/// The promise for a cycle of a clock that started at `started`, as the ticket was after the update `source`.
pub(in crate::clock) fn promised(
    agreement: &Agreement,
    timeline: &Timeline,
    clock: usize,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    let update = timeline.update(source)?;
    promised_in(agreement, timeline, clock, update.row, source, started)
}

/// The promise to a clock under the policies of a row.
fn promise_in<'a>(
    agreement: &'a Agreement,
    timeline: &Timeline,
    clock: usize,
    row: u32,
) -> Option<&'a Promise> {
    let set = agreement.clocks.get(clock)?.set;
    let (version, policy) = timeline.policy(agreement, row, set)?;
    agreement.promise(version, policy, clock)
}

/// As [`promised`], under the policies of a row.
pub(in crate::clock) fn promised_in(
    agreement: &Agreement,
    timeline: &Timeline,
    clock: usize,
    row: u32,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    chosen(promise_in(agreement, timeline, clock, row)?, agreement, timeline, source, started)
}

/// What a promise says to a cycle that started at `started`, as the ticket was after the update `source`.
fn chosen(
    promise: &Promise,
    agreement: &Agreement,
    timeline: &Timeline,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    if let Some(term) = promise.plain {
        return Some(Promised { term, due: DueValue::None });
    }
    let mut passed = None;
    let mut fits = |choice: &&Choice| {
        let bits = timeline.bits_of(agreement, source);
        if passed == Some(choice.case) || !choice.watches.iter().all(|watch| bit(bits, *watch)) {
            return false;
        }
        passed = Some(choice.case);
        let on = |term: &Term| choice.days >> term.weekday(started, choice.week.as_ref()) & 1 == 1;
        let day = || agreement.term(choice.term).is_some_and(on);
        choice.days == ANY_DAY || day()
    };
    let term = promise.choices.iter().find(&mut fits)?.term;
    match agreement.term(term)?.target {
        Target::Field { number, .. } => {
            let due = timeline.due(agreement, source, number);
            (due != DueValue::None).then_some(Promised { term, due })
        }
        _ => Some(Promised { term, due: DueValue::None }),
    }
}
