//! One run of a clock: what it has counted, under which term, and when it crossed its target.

use crate::agreement::{Agreement, AlertSpec, Point, Term, TermId};
use crate::instant::Instant;
use crate::name::Name;
use crate::ticket::bit;

use super::goal::{Gauge, Goal, Ways};
use super::ledger::{Ledger, Stretch};
use super::outcome::{Excused, StopCause, UndoneStop};
use super::promised::Promised;

/// What a cycle is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Going {
    Running,
    Paused(Pausing),
    Stopped(Instant, StopCause),
    /// Ended without a stop.
    Ended(Instant),
}

/// What pauses a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pausing {
    /// A pause of the ticket, by the number of its cause.
    Ticket(u32),
    /// The clock's own condition, since this instant.
    Condition(Instant),
}

/// The first crossing of a target, with the term and target in force there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub(super) at: Instant,
    pub(super) term: TermId,
    pub(super) target: i64,
}

/// An alert that has passed.
#[derive(Debug, Clone)]
pub(super) struct Fired {
    pub(super) at: Instant,
    pub(super) spec: AlertSpec,
}

/// What counting needs beside the cycle.
pub(super) struct Around<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) exclusions: &'a [(i64, i64)],
    /// Conditions that hold up to the instant counted to.
    pub(super) bits_before: &'a [u64],
    /// Conditions that hold from that instant on.
    pub(super) bits: &'a [u64],
    /// The update that holds up to the instant counted to.
    pub(super) update: usize,
    pub(super) ledger: Option<&'a mut Ledger>,
}

impl<'a> Around<'a> {
    fn term(&self, promised: Option<Promised>) -> Option<(TermId, &'a Term)> {
        let id = promised?.term;
        Some((id, self.agreement.term(id)?))
    }
}

/// One run of a clock, from its start to its stop.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub(super) number: u32,
    pub(super) started: Instant,
    pub(super) going: Going,
    /// The promise in force; none while no policy has the clock.
    pub(super) promised: Option<Promised>,
    /// The last promise that was in force: the one that judges.
    pub(super) judge: Option<Promised>,
    /// What it waited for happened while it was stopped by something else.
    pub(super) answered: bool,
    /// When the last promise ceased to be in force, while none is.
    pub(super) left_at: Instant,
    /// The update that held over its last instant, once it is over.
    pub(super) last_update: usize,
    pub(super) gauge: Gauge,
    pub(super) goal: Goal,
    /// What extensions have added to the target.
    pub(super) extended: i64,
    /// How much of it the goal has: what is given while nobody promises the clock waits for who does.
    granted: i64,
    since: Instant,
    /// Stretches before the first promise, to be counted as it says, each with the update then in force.
    uncounted: Vec<(Instant, Instant, usize)>,
    /// The earliest instant at which the target in force was reached.
    pub(super) reached: Option<Instant>,
    /// As `reached`, for each limit of a target that has two.
    pub(super) limits_reached: [Option<Instant>; 2],
    /// The first instant past the target in force.
    pub(super) late_since: Option<Instant>,
    pub(super) breach: Option<Crossing>,
    pub(super) original_due: Option<Instant>,
    /// Nothing since the start has moved the instant at which the target is reached.
    pub(super) steady: bool,
    pub(super) undone: Vec<UndoneStop>,
    pub(super) fired: Vec<Fired>,
    pub(super) excused: Option<Box<Excused>>,
}

/// One that has not started: all that a start fills in is without meaning.
impl Default for Cycle {
    fn default() -> Self {
        Self {
            number: 0,
            started: Instant::MIN,
            going: Going::Running,
            promised: None,
            judge: None,
            answered: false,
            left_at: Instant::MIN,
            last_update: 0,
            gauge: Gauge::default(),
            goal: Goal::default(),
            extended: 0,
            granted: 0,
            since: Instant::MIN,
            uncounted: Vec::new(),
            reached: None,
            limits_reached: [None, None],
            late_since: None,
            breach: None,
            original_due: None,
            steady: true,
            undone: Vec::new(),
            fired: Vec::new(),
            excused: None,
        }
    }
}

impl Cycle {
    pub(super) fn start(
        number: u32,
        at: Instant,
        promised: Option<Promised>,
        around: &Around<'_>,
    ) -> Box<Self> {
        // A default is made where it stays; anything else would be moved there.
        let mut cycle = Box::<Self>::default();
        cycle.number = number;
        cycle.started = at;
        cycle.left_at = at;
        cycle.since = at;
        cycle.last_update = around.update;
        cycle.begin_under(promised, around);
        cycle
    }

    /// Puts a cycle that has not counted anything yet under its first promise.
    pub(super) fn begin_under(&mut self, promised: Option<Promised>, around: &Around<'_>) {
        self.promised = promised;
        self.judge = promised;
        let Some((_, term)) = around.term(promised) else { return };
        self.take_goal(term, self.started);
        // A date before the start is reached at the start.
        self.reached = self.goal.is_reached(&self.gauge, self.started).then_some(self.started);
        self.original_due = self.goal.reached(&self.gauge, self.started, &Ways::of(term, &[]));
        self.fired.clear();
        if self.goal.has_date() {
            let (at, gauge, ways) = (self.started, self.gauge, Ways::of(term, around.exclusions));
            self.fire(at, at, &gauge, term, &ways, around);
        }
    }

    fn take_goal(&mut self, term: &Term, at: Instant) {
        let due = self.promised.map(|promised| promised.due).unwrap_or_default();
        self.goal = Goal::of(term, due, self.started, at, &self.gauge).extended(self.extended, term);
        self.granted = self.extended;
    }

    /// The term that judges.
    pub(super) fn judging<'a>(&self, agreement: &'a Agreement) -> Option<&'a Term> {
        agreement.term(self.judge?.term)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.going, Going::Stopped(..) | Going::Ended(_))
    }

    /// Counts up to `at`, noting when the target and alerts are reached and the target is crossed.
    pub(super) fn count(&mut self, at: Instant, around: &mut Around<'_>) {
        let from = core::mem::replace(&mut self.since, at);
        if self.is_over() || from > at {
            return;
        }
        if from < at
            && let Some(ledger) = around.ledger.as_deref_mut()
        {
            ledger.note(Stretch {
                cycle: self.number,
                from,
                until: at,
                pausing: match self.going {
                    Going::Paused(pausing) => Some(pausing),
                    _ => None,
                },
                resolved: false,
                promised: self.promised,
            });
        }
        let Some((id, term)) = around.term(self.promised) else {
            if self.judge.is_none() && self.going == Going::Running && from < at {
                self.uncounted.push((from, at, around.update));
            }
            return;
        };
        // What begins after it says nothing about the stretch.
        let begun = around.exclusions.partition_point(|(from, _)| *from < at.ms());
        let ways = Ways::of(term, around.exclusions.get(..begun).unwrap_or_default());
        let before = self.gauge;
        let running = self.going == Going::Running;
        if running {
            let counted = ways.calendar.elapsed(from, at);
            self.gauge.counted = before.counted.saturating_add(counted);
            self.gauge.wall = before.wall.saturating_add(ways.wall.elapsed(from, at));
            if !around.exclusions.is_empty() {
                self.steady = false;
                let excluded = ways.calendar.plain(from, at).saturating_sub(counted);
                self.gauge.lost = before.lost.saturating_add(excluded);
            }
        } else if self.goal.has_date() || around.agreement.has_dates {
            self.gauge.lost = before.lost.saturating_add(ways.calendar.plain(from, at));
        }
        // What has just been resumed, and is paused again, has reached nothing.
        if (running && from < at) || self.goal.is_fixed_date() {
            if self.reached.is_none() && self.goal.is_reached(&self.gauge, at) {
                self.reached = self.goal.reached(&before, from, &ways).filter(|reached| *reached <= at);
            }
            for (limit, reached) in self.goal.limits().into_iter().flatten().zip(&mut self.limits_reached) {
                if reached.is_none() && limit.is_reached(&self.gauge, at) {
                    *reached = limit.reached(&before, from, &ways);
                }
            }
            if self.late_since.is_none() && self.goal.is_late(&self.gauge, at, self.reached) {
                let late = self.goal.first_late(&before, from, &ways).filter(|late| *late <= at);
                self.late_since = late;
                if let Some(at) = late.and_then(|late| Instant::from_ms(late.ms().saturating_sub(1))) {
                    self.breach.get_or_insert(Crossing { at, term: id, target: self.goal.target });
                }
            }
        }
        if !term.alerts.is_empty() {
            self.fire(from, at, &before, term, &ways, around);
        }
    }

    /// Notes the alerts that pass in `[from, at]`.
    fn fire(
        &mut self,
        from: Instant,
        at: Instant,
        before: &Gauge,
        term: &Term,
        ways: &Ways<'_>,
        around: &Around<'_>,
    ) {
        let running = self.going == Going::Running;
        let before_these = self.fired.len();
        for spec in &term.alerts {
            if self.fired.iter().take(before_these).any(|fired| fired.spec.key == spec.key) {
                continue;
            }
            let passed = if spec.point == Point::Breach {
                self.late_since.map(|late| late.max(from))
            } else if matches!(spec.point, Point::Due | Point::Percent(100)) {
                self.reached.map(|reached| reached.max(from))
            } else {
                self.goal.at_point(spec.point, self.started, term).and_then(|goal| {
                    if goal.is_reached(before, from) {
                        Some(from)
                    } else if running || goal.is_fixed_date() {
                        goal.is_reached(&self.gauge, at).then(|| goal.reached(before, from, ways)).flatten()
                    } else {
                        None
                    }
                })
            };
            let Some(passed) = passed.filter(|passed| *passed <= at) else { continue };
            let holds = |bits: &[u64]| spec.when.is_none_or(|when| bit(bits, when));
            let fires = if passed < at && holds(around.bits_before) {
                passed
            } else if holds(around.bits) {
                at
            } else {
                continue;
            };
            // Of equal steps under two conditions the first to come is the one.
            match self.fired.iter_mut().skip(before_these).find(|fired| fired.spec.key == spec.key) {
                Some(fired) if fired.at <= fires => {}
                Some(fired) => *fired = Fired { at: fires, spec: spec.clone() },
                None => self.fired.push(Fired { at: fires, spec: spec.clone() }),
            }
        }
    }

    /// Another promise, or none, takes over at `at`; what was counted stays counted.
    pub(super) fn carry(&mut self, at: Instant, next: Option<Promised>, around: &mut Around<'_>) {
        self.count(at, around);
        self.steady = false;
        let before = self.judge.map(|_| self.goal);
        let before_promised = core::mem::replace(&mut self.promised, next);
        let Some((id, term)) = around.term(next) else {
            if self.judge.is_some() && before_promised.is_some() {
                self.left_at = at;
                self.last_update = around.update;
            }
            return;
        };
        let first = self.judge.is_none();
        self.judge = next;
        if first {
            let goal = Goal::of(
                term,
                next.map(|next| next.due).unwrap_or_default(),
                self.started,
                self.started,
                &Gauge::default(),
            );
            self.original_due = goal.reached(&Gauge::default(), self.started, &Ways::of(term, &[]));
        }
        self.take_goal(term, at);
        let forsaken = !first && before_promised.is_none();
        self.retarget(at, before, forsaken, id, term, around);
    }

    pub(super) fn take_uncounted(&mut self) -> Vec<(Instant, Instant, usize)> {
        core::mem::take(&mut self.uncounted)
    }

    /// Counts a stretch before the first promise.
    pub(super) fn count_late(&mut self, from: Instant, until: Instant, ways: &Ways<'_>, paused: bool) {
        let open = ways.calendar.plain(from, until);
        let counted = if paused { 0 } else { ways.calendar.elapsed(from, until) };
        let wall = if paused { 0 } else { ways.wall.elapsed(from, until) };
        self.gauge.counted = self.gauge.counted.saturating_add(counted);
        self.gauge.wall = self.gauge.wall.saturating_add(wall);
        self.gauge.lost = self.gauge.lost.saturating_add(open.saturating_sub(counted));
    }

    /// The same, running from an instant on as if nothing held it.
    pub(super) fn resumed(&self, from: Instant) -> Self {
        let promised = self.promised.or(self.judge);
        // What was given after its end is no part of what it was due by.
        let extended = if self.promised.is_none() { self.granted } else { self.extended };
        Self { going: Going::Running, since: from, promised, extended, ..self.clone() }
    }

    /// After a change of target: it has only been in force since this instant, so nothing before can have
    /// reached it. A date may also have passed while the cycle was forsaken: no policy promised it.
    fn retarget(
        &mut self,
        at: Instant,
        before: Option<Goal>,
        forsaken: bool,
        id: TermId,
        term: &Term,
        around: &Around<'_>,
    ) {
        let (gauge, ways) = (self.gauge, Ways::of(term, around.exclusions));
        let new = before.is_none_or(|before| !before.same_target(&self.goal));
        if new {
            self.reached = self.goal.is_reached(&gauge, at).then_some(at);
            self.limits_reached = [None, None];
            for (limit, reached) in self.goal.limits().into_iter().flatten().zip(&mut self.limits_reached) {
                *reached = limit.is_reached(&gauge, at).then_some(at);
            }
        }
        let gone = (new || forsaken && self.reached.is_none())
            && self.goal.has_gone_by(&gauge, self.extended, at, &ways);
        if gone {
            self.reached.get_or_insert(at);
        }
        if new || gone {
            self.late_since = (gone || self.goal.is_late(&gauge, at, self.reached)).then_some(at);
        }
        if self.late_since.is_some() {
            self.breach.get_or_insert(Crossing { at, term: id, target: self.goal.target });
        }
        self.fire(at, at, &gauge, term, &ways, around);
    }

    /// Adds to the target.
    pub(super) fn extend(&mut self, at: Instant, by: i64, around: &mut Around<'_>) {
        if self.since < at {
            self.count(at, around);
        }
        let before = self.goal;
        self.steady = false;
        self.extended = self.extended.saturating_add(by);
        let Some((id, term)) = around.term(self.promised) else { return };
        self.goal = self.goal.extended(by, term);
        self.granted = self.extended;
        self.retarget(at, Some(before), false, id, term, around);
    }

    /// Pauses or resumes, as the ticket now is.
    pub(super) fn set_paused(&mut self, at: Instant, pausing: Option<Pausing>, around: &mut Around<'_>) {
        self.count(at, around);
        self.steady &= pausing.is_none();
        self.going = pausing.map_or(Going::Running, Going::Paused);
    }

    pub(super) fn stop(&mut self, at: Instant, by: StopCause, around: &mut Around<'_>) {
        self.count(at, around);
        self.ended(around);
        self.going = Going::Stopped(at, by);
    }

    /// Ends without a stop.
    pub(super) fn end(&mut self, at: Instant, around: &mut Around<'_>) {
        self.count(at, around);
        self.ended(around);
        self.going = Going::Ended(at);
    }

    fn ended(&mut self, around: &Around<'_>) {
        if self.promised.is_some() {
            self.last_update = around.update;
        }
    }

    /// Goes on after a stop; the time between is not counted.
    pub(super) fn reopen(&mut self, at: Instant, around: &mut Around<'_>) {
        if let Going::Stopped(stopped, by) = self.going {
            self.undone.push(UndoneStop { at: stopped, by, reopened_at: at });
            self.going = Going::Running;
            self.steady = false;
            self.since = at;
            if let Some((_, term)) = around.term(self.promised).filter(|_| around.agreement.has_dates) {
                // A date moves by it, as by a pause.
                let lost = Ways::of(term, &[]).calendar.plain(stopped, at);
                self.gauge.lost = self.gauge.lost.saturating_add(lost);
            }
            if stopped < at
                && let Some(ledger) = around.ledger.as_deref_mut()
            {
                let (cycle, promised) = (self.number, self.promised);
                ledger.note(Stretch {
                    cycle,
                    from: stopped,
                    until: at,
                    pausing: None,
                    resolved: true,
                    promised,
                });
            }
        }
    }

    /// The instant up to which it is judged, once it is over or nobody promises it any more.
    pub(super) fn judged_until(&self) -> Option<Instant> {
        if self.promised.is_none() { Some(self.left_at) } else { self.ended_at() }
    }

    /// The instant at which it ended.
    pub(super) fn ended_at(&self) -> Option<Instant> {
        match self.going {
            Going::Stopped(at, _) | Going::Ended(at) => Some(at),
            Going::Running | Going::Paused(_) => None,
        }
    }

    /// Whether it reads otherwise: verdict, figures, or by what it was judged.
    pub(super) fn differs(&self, other: &Self, agreement: &Agreement) -> bool {
        let term = |cycle: &Self| {
            let term = cycle.judging(agreement)?;
            Some((&term.policy, &term.calendar_name, &term.override_, term.unanswered))
        };
        let breach = |cycle: &Self| {
            let crossing = cycle.breach?;
            Some((crossing.at, crossing.target, &agreement.term(crossing.term)?.policy))
        };
        let wall = |cycle: &Self| cycle.goal.wall.map(|_| cycle.gauge.wall);
        let figures = |cycle: &Self| (cycle.gauge.counted, wall(cycle), cycle.goal, cycle.judged_until());
        figures(self) != figures(other) || term(self) != term(other) || breach(self) != breach(other)
    }

    /// Name of an alert of this cycle: the same on every evaluation.
    pub(super) fn alert_id(&self, clock: &str, key: &Name) -> String {
        format!("{clock}/{}/{key}", self.number)
    }
}
