//! What comes if nothing new happens: known exclusions and later versions of the agreement, and else time.

use crate::agreement::{Agreement, OnChange, Point, Term};
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::ticket::{Flags, Timeline};

use super::cycle::{Cycle, Promised};
use super::exclusions::Exclusions;
use super::goal::{Gauge, Goal, Ways};
use super::machine::promised_in;

/// An open cycle, and what is known about its future.
pub(super) struct Forecast<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) cycle: &'a Cycle,
    pub(super) term: &'a Term,
    pub(super) exclusions: Option<&'a Exclusions>,
    pub(super) now: Instant,
    /// When later versions begin, and what they promise.
    pub(super) ahead: &'a [(Instant, Option<Promised>)],
}

/// Finds an instant, given what is to be reached, what is used, from when on, and how to count.
type Find<'f> = dyn Fn(&Goal, &Gauge, Instant, &Ways<'_>, &Term) -> Option<Instant> + 'f;

/// When later versions begin after an instant, and what they then promise to a cycle, as known at an update.
/// What holds to the end is replaced by none.
pub(super) fn ahead(
    agreement: &Agreement,
    timeline: &Timeline,
    clock: usize,
    cycle: &Cycle,
    update: usize,
    after: Instant,
) -> Vec<(Instant, Option<Promised>)> {
    let freezes = cycle.judging(agreement).is_none_or(|term| term.on_change == OnChange::Freeze);
    let known = timeline
        .updates
        .get(update)
        .filter(|known| !freezes && !known.flags.has(Flags::RESOLVED) && !known.flags.has(Flags::MERGED));
    let rows = known.and_then(|known| timeline.aheads.get(usize::try_from(known.ahead).ok()?));
    let later = rows.into_iter().flatten().filter(|(from, _)| *from > after);
    let promised = |row| promised_in(agreement, timeline, clock, row, update, cycle.started);
    later.map(|(from, row)| (*from, promised(*row))).gather()
}

impl Forecast<'_> {
    fn find(&self, find: &Find<'_>) -> Option<Instant> {
        let (mut goal, mut gauge, mut term, mut from) =
            (self.cycle.goal, self.cycle.gauge, self.term, self.now);
        // Whether some version promises it; time in which none does is not counted.
        let mut promised = true;
        for &(boundary, next) in self.ahead {
            if promised {
                let ways = Ways::knowing(term, self.exclusions);
                let found = find(&goal, &gauge, from, &ways, term);
                if found.is_some_and(|found| found <= boundary) {
                    return found;
                }
                let counted = ways.calendar.elapsed(from, boundary);
                gauge.counted = gauge.counted.saturating_add(counted);
                gauge.wall = gauge.wall.saturating_add(ways.wall.elapsed(from, boundary));
                let excluded = ways.calendar.plain(from, boundary).saturating_sub(counted);
                gauge.lost = gauge.lost.saturating_add(excluded);
            }
            promised = next.is_some();
            let Some(next) = next else { continue };
            if self.agreement.term(next.term).is_none_or(|next| core::ptr::eq(next, term)) {
                from = boundary;
                continue;
            }
            term = self.agreement.term(next.term)?;
            goal = Goal::of(term, next.due, self.cycle.started, boundary, &gauge)
                .extended(self.cycle.extended, term);
            from = boundary;
        }
        if !promised {
            return None;
        }
        find(&goal, &gauge, from, &Ways::knowing(term, self.exclusions), term)
    }

    /// When the target is reached.
    pub(super) fn due(&self) -> Option<Instant> {
        // Most clocks are neither paused nor changed, and were promised at their start what they are due.
        if self.cycle.steady && self.ahead.is_empty() && self.exclusions.is_none() {
            return self.cycle.original_due;
        }
        self.find(&|goal, gauge, from, ways, _| goal.reached(gauge, from, ways))
    }

    /// When one of two limits is reached: 0 for counted time, 1 for real time.
    pub(super) fn limit_due(&self, number: usize) -> Option<Instant> {
        self.find(&|goal, gauge, from, ways, _| goal.limits()?.get(number)?.reached(gauge, from, ways))
    }

    /// The first instant at which a stop comes too late.
    pub(super) fn first_late(&self) -> Option<Instant> {
        self.find(&|goal, gauge, from, ways, _| goal.first_late(gauge, from, ways))
    }

    /// When an alert passes.
    pub(super) fn alert(&self, point: Point) -> Option<Instant> {
        if point == Point::Breach {
            return self.first_late();
        }
        let started = self.cycle.started;
        self.find(&|goal, gauge, from, ways, term| {
            goal.at_point(point, started, term)?.reached(gauge, from, ways)
        })
    }
}
