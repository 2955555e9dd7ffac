//! Turns cycles into results.

use crate::agreement::{Agreement, AlertSpec, ClockDef, Term, Unanswered};
use crate::document::Absent;
use crate::duration::Duration;
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::interval::sort;
use crate::ticket::{Exclusion, Timeline};

use super::cycle::{Cycle, Going, Pausing};
use super::exclusions::Exclusions;
use super::forecast::{Forecast, Passed};
use super::goal::Ways;
use super::outcome::{Alert, ClockResult, Limit, LimitKind, PausedBy, State, StopCause};
use super::run::exclusions_for;

pub(super) struct Verdicts<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) def: &'a ClockDef,
    pub(super) timeline: &'a Timeline,
    pub(super) now: Instant,
    /// What was said by then is known.
    pub(super) told: Instant,
    pub(super) exclusions: &'a [(i64, i64)],
    /// The same by when each became known; none where there are none.
    pub(super) known: Option<&'a Exclusions>,
    /// The exclusion at `now`, if there is one.
    pub(super) excluded: Option<&'a Exclusion>,
    /// The cycle at hand as it runs on through versions to come.
    pub(super) passed: Option<Box<Passed>>,
    /// The last update up to now, and the number of the clock.
    pub(super) last: usize,
    pub(super) clock: usize,
    /// Set when an instant of the result lies beyond the range.
    pub(super) beyond_range: bool,
    /// The earliest later instant at which something happens.
    pub(super) next_event: Option<Instant>,
}

/// The earlier of two instants, of which either may not be.
fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    [one, other].into_iter().flatten().min()
}

impl<'a> Verdicts<'a> {
    fn event(&mut self, at: Option<Instant>) {
        self.next_event = earlier(self.next_event, at.filter(|at| *at > self.now));
    }

    /// Adds the result of one cycle; none where no policy ever promised it. It is made where it stays, since it is
    /// large and there are many.
    pub(super) fn cycle<'r>(
        &mut self,
        cycle: &Cycle,
        results: &'r mut Vec<ClockResult>,
    ) -> Option<&'r mut ClockResult> {
        let term = cycle.judging(self.agreement)?;
        let end = cycle.judged_until();
        // What is over keeps what was known at its end.
        let told = end.map_or(self.told, |end| end.min(self.told));
        if let Some(known) = self.known {
            known.know_until(told);
        }
        if self.timeline.aheads.len() > 1 {
            let (update, from) = end.map_or((self.last, self.now), |end| (cycle.last_update, end));
            let (agreement, timeline, clock) = (self.agreement, self.timeline, self.clock);
            let exclusions = || exclusions_for(timeline, clock, told);
            self.passed = Passed::of(agreement, timeline, clock, cycle, update, from, exclusions);
        }
        results.resize_with(results.len().saturating_add(1), || self.blank(cycle, term));
        let result = results.last_mut()?;
        match cycle.going {
            // Nobody promises it any more: what happened since then is not judged.
            _ if cycle.promised.is_none() => {
                self.cancelled(result, cycle, term, cycle.left_at);
            }
            Going::Stopped(at, by) => {
                result.stopped_at = Absent(Some(at));
                result.stopped_by = Absent(Some(by));
                let cancels = by == StopCause::Resolved
                    && term.unanswered == Unanswered::Cancel
                    && !self.def.metric.waits_for_resolution();
                result.state = match cycle.breach {
                    Some(_) => State::Breached,
                    None if cancels => State::Cancelled,
                    None => State::Met,
                };
                if result.state == State::Cancelled {
                    result.stopped_at = Absent(None);
                    result.stopped_by = Absent(None);
                }
                self.over(result, cycle, term, at);
            }
            Going::Ended(at) => self.cancelled(result, cycle, term, at),
            Going::Paused(pausing) => {
                let paused_by = self.paused_by(pausing);
                self.paused(result, cycle, term, paused_by);
            }
            Going::Running => match self.excluded {
                Some(exclusion) => {
                    let paused_by = PausedBy {
                        party: Absent(exclusion.party.clone()),
                        reason: Absent(exclusion.reason.clone()),
                        status: Absent(None),
                        condition: Absent(None),
                        excluded: Absent(Some(true)),
                        since: Instant::clamped(exclusion.from),
                    };
                    self.paused(result, cycle, term, Some(paused_by));
                }
                None => self.running(result, cycle, term),
            },
        }
        if cycle.goal.wall.is_some() {
            self.limits(result, cycle);
        }
        if !(cycle.fired.is_empty() && term.alerts.is_empty() && self.passed.is_none()) {
            self.alerts(result, cycle);
        }
        Some(result)
    }

    /// A result with the figures that no state changes.
    #[inline(always)]
    fn blank(&self, cycle: &Cycle, term: &Term) -> ClockResult {
        let breached_by = cycle.breach.and_then(|crossing| self.agreement.term(crossing.term));
        let (goal, gauge) = (&cycle.goal, &cycle.gauge);
        // No time within the range is so long that this would overflow.
        let share = |used: i64, target: i64| used.wrapping_mul(10_000).checked_div(target);
        let counted = share(gauge.counted, goal.target);
        let wall = goal.wall.and_then(|target| share(gauge.wall, target));
        let limits = goal.wall.map(|wall| {
            let counted = goal.counted.unwrap_or_default();
            let limit = |limit, elapsed_ms: i64, target_ms: i64| Limit {
                limit,
                elapsed_ms,
                target_ms,
                remaining_ms: target_ms.saturating_sub(elapsed_ms),
                due_at: Absent(None),
            };
            vec![limit(LimitKind::Counted, gauge.counted, counted), limit(LimitKind::Wall, gauge.wall, wall)]
        });
        let end = cycle.judged_until().unwrap_or(self.now);
        let set = self.agreement.sets.get(self.def.set).and_then(Clone::clone);
        ClockResult {
            metric: self.def.metric,
            clock: self.def.name.clone(),
            set: Absent(set),
            cycle: cycle.number,
            state: State::Running,
            overdue: cycle.late_since.is_some_and(|late| late <= end),
            at_risk: Absent(None),
            policy: term.policy.clone(),
            calendar: term.calendar_name.clone(),
            because: Absent(term.override_.clone()),
            started_at: Absent(Some(cycle.started)),
            stopped_at: Absent(None),
            stopped_by: Absent(None),
            stops: Absent(Some(cycle.undone.clone()).filter(|stops| !stops.is_empty())),
            elapsed_ms: gauge.counted,
            wall_elapsed_ms: self.now.since(cycle.started).ms(),
            target_ms: goal.target,
            remaining_ms: goal.target.saturating_sub(gauge.counted),
            consumed_bp: counted.max(wall),
            limits: Absent(limits),
            due_at: Absent(cycle.reached.map(Some)),
            due_if_resumed_now: Absent(None),
            original_due_at: cycle.original_due,
            breached_at: cycle.breach.map(|crossing| crossing.at),
            breach_policy: Absent(breached_by.map(|term| term.policy.clone())),
            breach_target_ms: Absent(cycle.breach.map(|crossing| crossing.target)),
            corrected: Absent(None),
            extended_ms: Absent(Some(cycle.extended).filter(|extended| *extended != 0)),
            excused: Absent(cycle.excused.clone()),
            paused_by: Absent(None),
            opens_at: Absent(None),
            alerts: Absent(None),
            rate: 0,
            next_change_at: None,
            earlier: Absent(None),
        }
    }

    /// When each of two limits is due.
    #[inline(never)]
    fn limits(&self, result: &mut ClockResult, cycle: &Cycle) {
        let from = cycle.judged_until().unwrap_or(self.now);
        let paused = result.state == State::Paused;
        for (number, limit) in result.limits.0.iter_mut().flatten().enumerate() {
            let reached = cycle.limits_reached.get(number).copied().flatten();
            limit.due_at = match reached {
                Some(_) => Absent(Some(reached)),
                None if paused => Absent(None),
                None => Absent(Some(self.forecast(cycle, from).limit_due(number))),
            };
        }
    }

    fn forecast<'f>(&'f self, cycle: &'f Cycle, from: Instant) -> Forecast<'f> {
        Forecast {
            agreement: self.agreement,
            cycle,
            exclusions: self.known,
            from,
            passed: self.passed.as_deref(),
        }
    }

    /// When the target is reached by counting on from `from`.
    fn due(&mut self, cycle: &Cycle, term: &Term, from: Instant) -> Option<Instant> {
        let due = self.forecast(cycle, from).due();
        self.beyond_range |=
            due.is_none() && cycle.goal.counted.is_some() && term.calendar.timetable().recurs();
        due
    }

    /// A cycle that is over keeps the due instant that it had at its end.
    fn over(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, at: Instant) {
        result.wall_elapsed_ms = at.since(cycle.started).ms();
        if cycle.reached.is_none() {
            result.due_at = Absent(Some(self.due(cycle, term, at)));
        }
    }

    fn cancelled(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, at: Instant) {
        result.state = if cycle.breach.is_some() { State::Breached } else { State::Cancelled };
        self.over(result, cycle, term, at);
    }

    fn paused_by(&self, pausing: Pausing) -> Option<PausedBy> {
        match pausing {
            Pausing::Condition(since) => Some(PausedBy {
                party: Absent(None),
                reason: Absent(None),
                status: Absent(None),
                condition: Absent(Some(true)),
                excluded: Absent(None),
                since,
            }),
            Pausing::Ticket(cause) => {
                let cause = self.timeline.causes.get(usize::try_from(cause).ok()?)?;
                Some(PausedBy {
                    party: Absent(cause.party.clone()),
                    reason: Absent(cause.reason.clone()),
                    status: Absent(cause.status.clone()),
                    condition: Absent(None),
                    excluded: Absent(None),
                    since: cause.since,
                })
            }
        }
    }

    fn paused(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term, paused_by: Option<PausedBy>) {
        result.state = State::Paused;
        if cycle.reached.is_none() {
            result.due_if_resumed_now = Absent(Some(self.due(cycle, term, self.now)));
        }
        let excluded = paused_by.as_ref().is_some_and(|paused| paused.excluded.0 == Some(true));
        if excluded {
            // Exclusions touch one another here, so that this one ends where time counts again.
            let end = self.exclusions.iter().find(|(_, to)| *to > self.now.ms()).map(|(_, to)| *to);
            result.next_change_at = end.and_then(Instant::from_ms);
        }
        if let Some(date) = cycle.goal.fixed_date().filter(|_| !result.overdue) {
            // `due_at` is there once the date has come, and the next instant is late.
            let late = cycle.reached.unwrap_or(date).checked_add(Duration::from_ms(1));
            let next = if cycle.reached.is_none() { Some(date.max(self.now)) } else { late };
            result.next_change_at = earlier(result.next_change_at, next.filter(|next| *next > self.now));
        }
        result.paused_by = Absent(paused_by.map(Box::new));
    }

    fn running(&mut self, result: &mut ClockResult, cycle: &Cycle, term: &Term) {
        if cycle.reached.is_none() {
            result.due_at = Absent(Some(self.due(cycle, term, self.now)));
        }
        let (open, edge) = term.calendar.timetable().open_until(self.now);
        if open {
            result.rate = 1;
        } else {
            result.state = State::OutsideHours;
            result.opens_at = Absent(edge);
        }
        let simple = cycle.goal.wall.is_none() && !cycle.goal.has_date();
        let late = if result.overdue {
            None
        } else if simple && self.exclusions.is_empty() {
            // Open time runs as real time does until the closing, so the first late instant needs no look-up.
            let late = Duration::from_ms(result.remaining_ms.saturating_add(1));
            let within = |at: &Instant| result.rate == 1 && edge.is_none_or(|edge| at <= &edge);
            self.now.checked_add(late).filter(within)
        } else {
            let ways = Ways::of(term, self.exclusions);
            cycle.goal.first_late(&cycle.gauge, self.now, &ways).filter(|late| *late > self.now)
        };
        let excludes = self.exclusions.iter().map(|(from, _)| *from).find(|from| *from > self.now.ms());
        let excludes = excludes.and_then(Instant::from_ms);
        result.next_change_at = [edge, late, excludes].into_iter().flatten().min();
        let breach = match self.passed {
            _ if cycle.breach.is_some() => None,
            None => late.and_then(|late| Instant::from_ms(late.ms().saturating_sub(1))),
            Some(_) => self.forecast(cycle, self.now).breach(),
        };
        self.event(breach);
    }

    /// Alerts past and to come.
    #[inline(never)]
    fn alerts(&mut self, result: &mut ClockResult, cycle: &Cycle) {
        let clock = match &result.set.0 {
            Some(set) => format!("{}/{set}/{}", self.timeline.id, self.def.name),
            None => format!("{}/{}", self.timeline.id, self.def.name),
        };
        let mut alerts: Vec<Alert> = Vec::new();
        let open = !cycle.is_over() && cycle.promised.is_some();
        let target = cycle.goal.target;
        let mut risk: Option<(i64, &crate::name::Name)> = None;
        let mut order: Vec<(i64, i64, usize)> = Vec::new();
        for fired in &cycle.fired {
            let hold = fired.spec.hold.as_ref().map(|hold| hold.next_open(fired.at));
            self.event(hold.flatten());
            let mark = fired.spec.point.mark(target);
            if fired.spec.point.is_warning() && risk.is_none_or(|(highest, _)| highest <= mark) {
                risk = Some((mark, &fired.spec.threshold));
            }
            order.push((fired.at.ms(), mark, alerts.len()));
            alerts.push(alert(cycle, &clock, &fired.spec, fired.at, hold));
        }
        if open && !result.overdue {
            result.at_risk = Absent(risk.map(|(_, threshold)| threshold.clone()));
        }
        let running = open && result.paused_by.0.is_none();
        if running || open && cycle.goal.is_fixed_date() {
            let coming = self.forecast(cycle, self.now).alerts(self.timeline, self.last);
            let coming: Vec<(Instant, AlertSpec)> = coming
                .into_iter()
                .filter(|(at, _)| *at >= self.now)
                .map(|(at, spec)| (at, spec.clone()))
                .gather();
            for (at, spec) in coming {
                let mark = spec.point.mark(target);
                let raises = risk.is_none_or(|(highest, told)| highest <= mark && *told != spec.threshold);
                if spec.point.is_warning() && raises && !result.overdue && at > self.now {
                    result.next_change_at = earlier(result.next_change_at, Some(at));
                }
                if running {
                    let hold = spec.hold.as_ref().map(|hold| hold.next_open(at));
                    self.event(Some(at));
                    order.push((at.ms(), mark, alerts.len()));
                    alerts.push(alert(cycle, &clock, &spec, at, hold));
                }
            }
        }
        // Those of one instant in the order in which the target is used.
        sort(&mut order);
        let sorted = order.into_iter().filter_map(|(_, _, place)| alerts.get(place).cloned());
        result.alerts = Absent(Some(sorted.gather()).filter(|alerts| !alerts.is_empty()));
    }

    /// A clock that has not started: of a ticket still to be created, or one that waits for something.
    pub(super) fn pending(&mut self, cycle: &Cycle) -> Option<ClockResult> {
        let term = cycle.judging(self.agreement)?;
        let mut result = self.blank(cycle, term);
        result.state = State::Pending;
        result.started_at = Absent(None);
        result.due_at = Absent(Some(None));
        result.original_due_at = None;
        result.wall_elapsed_ms = 0;
        result.overdue = false;
        Some(result)
    }
}

fn alert(
    cycle: &Cycle,
    clock: &str,
    spec: &AlertSpec,
    at: Instant,
    deliver_at: Option<Option<Instant>>,
) -> Alert {
    Alert {
        id: cycle.alert_id(clock, &spec.key),
        threshold: spec.threshold.clone(),
        at,
        notify: Absent(spec.notify.clone()),
        deliver_at: Absent(deliver_at),
    }
}
