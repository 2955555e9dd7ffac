//! What comes if nothing new happens: known exclusions and later versions of the agreement, and else time.

use crate::agreement::{Agreement, AlertSpec, OnChange, Point, Term};
use crate::instant::Instant;
use crate::ticket::{Flags, Timeline, bit};

use super::cycle::{Around, Cycle};
use super::exclusions::Exclusions;
use super::goal::{Gauge, Goal, Ways};
use super::machine::promised_in;

/// A cycle that has run on through all versions to come, and what it met with on the way.
pub(super) struct Passed {
    pub(super) cycle: Cycle,
    /// When the last of them begins, and its update.
    from: Instant,
    update: usize,
    /// When it first reached its target, and each of two limits.
    due: Option<Instant>,
    limits: [Option<Instant>; 2],
}

impl Passed {
    /// Runs a cycle on from an instant, as known at an update; none where nothing is to come.
    #[inline(never)]
    pub(super) fn of(
        agreement: &Agreement,
        timeline: &Timeline,
        clock: usize,
        cycle: &Cycle,
        update: usize,
        from: Instant,
        exclusions: impl FnOnce() -> Vec<(i64, i64)>,
    ) -> Option<Box<Self>> {
        let known = timeline.update(update)?;
        let over = known.flags.has(Flags::RESOLVED) || known.flags.has(Flags::MERGED);
        let versions = timeline.to_come(update).filter(|number| {
            let update = timeline.update(*number);
            !over && update.is_some_and(|update| update.at > from && update.flags.has(Flags::VERSION))
        });
        let mut versions = versions.peekable();
        versions.peek()?;
        let exclusions = exclusions();
        let mut passed = None;
        for number in versions {
            let Some(version) = timeline.update(number) else { continue };
            let mut here = passed.take().unwrap_or_else(|| {
                let cycle = cycle.resumed(from);
                Box::new(Self { cycle, from, update, due: None, limits: [None; 2] })
            });
            let freezes = |term: &Term| term.on_change == OnChange::Freeze;
            // What holds to the end is replaced by none.
            if here.cycle.judging(agreement).is_none_or(freezes) {
                return Some(here);
            }
            let mut around = Around {
                agreement,
                exclusions: &exclusions,
                bits_before: timeline.still_of(agreement, here.update),
                bits: timeline.bits_of(agreement, number),
                update: here.update,
                ledger: None,
            };
            here.cycle.count(version.at, &mut around);
            here.note();
            let next = promised_in(agreement, timeline, clock, version.row, number, cycle.started);
            if here.cycle.promised != next {
                here.cycle.carry(version.at, next, &mut around);
                here.note();
            }
            (here.from, here.update) = (version.at, number);
            passed = Some(here);
        }
        passed
    }

    fn note(&mut self) {
        let cycle = &self.cycle;
        self.due = self.due.or(cycle.reached);
        let limits = match cycle.goal.limits() {
            Some(_) => cycle.limits_reached,
            None => [cycle.reached.filter(|_| cycle.goal.counted.is_some()), None],
        };
        for (first, limit) in self.limits.iter_mut().zip(limits) {
            *first = first.or(limit);
        }
    }
}

/// A cycle, and what is known about its future.
pub(super) struct Forecast<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) cycle: &'a Cycle,
    pub(super) exclusions: Option<&'a Exclusions>,
    pub(super) from: Instant,
    /// What it passes of versions to come.
    pub(super) passed: Option<&'a Passed>,
}

/// Finds an instant, given what is to be reached, what is used, from when on, and how to count.
type Find<'f> = dyn Fn(&Goal, &Gauge, Instant, &Ways<'_>, &Term) -> Option<Instant> + 'f;

impl<'a> Forecast<'a> {
    /// The cycle after all versions to come, since when it is that, and its term; none while nobody promises it.
    fn at_last(&self) -> Option<(&'a Cycle, Instant, &'a Term)> {
        let (cycle, from) = match self.passed {
            Some(passed) => (&passed.cycle, passed.from),
            None => (self.cycle, self.from),
        };
        if self.passed.is_some() && cycle.promised.is_none() {
            return None;
        }
        Some((cycle, from, cycle.judging(self.agreement)?))
    }

    fn find(&self, find: &Find<'_>) -> Option<Instant> {
        let (cycle, from, term) = self.at_last()?;
        find(&cycle.goal, &cycle.gauge, from, &Ways::knowing(term, self.exclusions), term)
    }

    /// When the target is reached.
    pub(super) fn due(&self) -> Option<Instant> {
        // Most clocks are neither paused nor changed, and were promised at their start what they are due.
        if self.cycle.steady && self.passed.is_none() && self.exclusions.is_none() {
            return self.cycle.original_due;
        }
        let passed = self.passed.and_then(|passed| passed.due);
        passed.or_else(|| self.find(&|goal, gauge, from, ways, _| goal.reached(gauge, from, ways)))
    }

    /// When one of two limits is reached: 0 for counted time, 1 for real time.
    pub(super) fn limit_due(&self, number: usize) -> Option<Instant> {
        let passed = self.passed.and_then(|passed| *passed.limits.get(number)?);
        passed
            .or_else(|| self.find(&|goal, gauge, from, ways, _| goal.only(number).reached(gauge, from, ways)))
    }

    /// The last instant at which a stop is in time.
    pub(super) fn breach(&self) -> Option<Instant> {
        let passed = self.passed.and_then(|passed| passed.cycle.breach).map(|crossing| crossing.at);
        passed.or_else(|| {
            let late = self.find(&|goal, gauge, from, ways, _| goal.first_late(gauge, from, ways))?;
            Instant::from_ms(late.ms().saturating_sub(1))
        })
    }

    /// The alerts to come, each with its instant.
    pub(super) fn alerts(&self, timeline: &Timeline, update: usize) -> Vec<(Instant, &'a AlertSpec)> {
        let mut alerts = Vec::new();
        if let Some(passed) = self.passed {
            let new = passed.cycle.fired.iter().skip(self.cycle.fired.len());
            alerts.extend(new.map(|fired| (fired.at, &fired.spec)));
        }
        let Some((cycle, _, term)) = self.at_last() else { return alerts };
        let bits = timeline.bits_of(self.agreement, self.passed.map_or(update, |passed| passed.update));
        for spec in &term.alerts {
            let fired = cycle.fired.iter().any(|fired| fired.spec.key == spec.key)
                || alerts.iter().any(|(_, known)| known.key == spec.key);
            if fired || spec.when.is_some_and(|when| !bit(bits, when)) {
                continue;
            }
            let point = spec.point;
            let at = if point == Point::Breach {
                self.find(&|goal, gauge, from, ways, _| goal.first_late(gauge, from, ways))
            } else {
                let started = cycle.started;
                self.find(&|goal, gauge, from, ways, term| {
                    goal.at_point(point, started, term)?.reached(gauge, from, ways)
                })
            };
            alerts.extend(at.map(|at| (at, spec)));
        }
        alerts
    }
}
