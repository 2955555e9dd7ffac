//! What will be if nothing new happens: due instants, alerts to come, the next change.

use std::rc::Rc;

use super::alert::alerts;
use super::cycle::Cycle;
use super::machine::Machine;
use super::term::{Target, Term, Wanted, matched, target_from, term};
use super::{DAY, HORIZON};

/// No calendar and no status turns without a known cause after so long.
const LOOK_AHEAD: i64 = 40 * DAY;

/// What stands as long as nothing changes.
#[derive(Debug, PartialEq)]
struct Standing<'g> {
    cycle: usize,
    state: &'static str,
    late: bool,
    at_risk: Option<String>,
    /// The target was reached in a pause, so that its instant is told.
    reached_in_pause: bool,
    targets: Vec<Option<i64>>,
    /// The date before anything moves it.
    date: Option<i64>,
    /// Policy, calendar, override.
    term: Option<(&'g str, &'g str, Option<String>)>,
}

/// A cycle that ran on, and when it first reached its target on the way: any limit, and each.
pub(crate) struct Ahead<'g> {
    pub(crate) cycle: Cycle<'g>,
    pub(crate) due: Option<i64>,
    pub(crate) limits: [Option<i64>; 2],
}

impl Ahead<'_> {
    fn note(&mut self) {
        let Some(goal) = &self.cycle.goal else { return };
        self.due = self.due.or_else(|| goal.reached());
        for (first, limit) in self.limits.iter_mut().zip(&goal.limits) {
            *first = first.or(limit.reached);
        }
    }
}

impl<'g> Machine<'g> {
    /// The due instant as computed at the start: no pauses, no exclusions.
    pub(super) fn original_due(&self, index: usize, term: Term<'g>) -> Option<i64> {
        let cycle = self.cycles.last()?;
        let mut plain = Cycle::new(cycle.number, cycle.start, index);
        plain.carry_to(self.life.agreement, term, Rc::default(), &self.life.passing(), cycle.start);
        let plain = self.walk_on(plain, cycle.start, index, |_| false, |ahead, _| ahead.due.is_some());
        plain.due
    }

    /// The cycle once its targets are reached and its alerts passed, running on from its end (or from now)
    /// with nothing that pauses it but the exclusions known then.
    pub(crate) fn predicted(&self, cycle: &Cycle<'g>, now: i64) -> Ahead<'g> {
        let (from, told_until) = cycle.end().map_or((now, i64::MAX), |end| (end, end));
        let base = if cycle.end().is_some() { cycle.judged_in } else { self.in_force() };
        let mut running = cycle.clone();
        // What was given after its end is no part of what it was due by.
        running.extended = if cycle.left.is_some() { cycle.granted } else { cycle.extended };
        (running.stop, running.ended, running.left) = (None, None, None);
        let excluded = |t: i64| {
            let mut known = self.life.exclusions.iter().filter(|exclusion| exclusion.told_at <= told_until);
            known.any(|exclusion| exclusion.from <= t && t < exclusion.to && exclusion.concerns(self.clock))
        };
        self.walk_on(running, from, base, excluded, |ahead, last| {
            let cycle = &ahead.cycle;
            let Some(goal) = &cycle.goal else { return true };
            let each = ahead.limits.iter().zip(&goal.limits).all(|(first, _)| first.is_some());
            let passing = self.life.passing();
            let passed = goal
                .alerts
                .iter()
                .all(|alert| cycle.has_fired(alert) || !passing.may_fire(alert, goal.term.version, from));
            last && each && ahead.due.is_some() && cycle.is_late() && passed
        })
    }

    fn walk_on(
        &self,
        cycle: Cycle<'g>,
        from: i64,
        base: usize,
        excluded: impl Fn(i64) -> bool,
        enough: impl Fn(&Ahead<'g>, bool) -> bool,
    ) -> Ahead<'g> {
        let mut ahead = Ahead { cycle, due: None, limits: [None; 2] };
        let agreement = self.life.agreement;
        let known_from = self.life.snapshots[base].at.max(from);
        let mut boundaries: Vec<usize> = (0..agreement.versions.len()).collect();
        boundaries.retain(|version| !agreement.at_start && agreement.versions[*version].begins > known_from);
        let mut t = from;
        while t < from + HORIZON {
            if let Some(version) = boundaries.iter().find(|version| agreement.versions[**version].begins == t)
            {
                let cycle = &mut ahead.cycle;
                // What holds to the end is replaced by none.
                let frozen = cycle
                    .goal_in_force()
                    .is_some_and(|goal| goal.term.word("on_change", "carry") == "freeze");
                let wanted = self.wanted_from(base, *version);
                match wanted.and_then(|wanted| term(agreement, &wanted, cycle.start)) {
                    _ if frozen => {}
                    None => cycle.left = cycle.left.or(Some(t)),
                    Some(term) => {
                        let alerts = Rc::new(alerts(agreement, self.clock, &term));
                        cycle.carry_to(agreement, term, alerts, &self.life.passing(), t);
                    }
                }
            }
            ahead.note();
            let later = boundaries.iter().map(|version| agreement.versions[*version].begins);
            let boundary = later.filter(|at| *at > t).min().unwrap_or(i64::MAX);
            let last = boundary == i64::MAX;
            if enough(&ahead, last) || last && ahead.cycle.left.is_some() {
                break;
            }
            let end = [boundary, self.life.like_this_until(t), t + self.life.longest_stretch, from + HORIZON];
            let end = end.into_iter().fold(ahead.cycle.like_this_until(t), i64::min);
            ahead.cycle.pass(&self.life.passing(), (t, end), excluded(t));
            ahead.note();
            t = end;
        }
        ahead
    }

    /// The policy from the beginning of a version on, for a ticket that stays as it was after an update.
    fn wanted_from(&self, base: usize, version: usize) -> Option<Wanted<'g>> {
        let held = self.effective[base].clone();
        let snapshot = &self.life.snapshots[base];
        let freezes = held.as_ref().is_some_and(|held| held.on_change() == "freeze");
        if freezes || snapshot.resolved {
            return held;
        }
        let agreement = self.life.agreement;
        let fields = Rc::new(agreement.versions[version].derived(&snapshot.raw));
        matched(agreement, self.clock, version, &fields)
    }

    /// State at the instant up to which the clock was walked.
    pub(crate) fn state(&self, cycle: &Cycle<'g>) -> &'static str {
        let unstopped = cycle.left.is_some() || cycle.ended.is_some() || cycle.given_up;
        if cycle.end().is_some() {
            return match (unstopped, &cycle.breach) {
                (_, Some(_)) => "breached",
                (true, None) => "cancelled",
                (false, None) => "met",
            };
        }
        let held = self.is_paused() || self.life.excluded(self.clock, self.at).is_some();
        let open = cycle.goal.as_ref().is_some_and(|goal| goal.is_open(self.at));
        match (held, open) {
            (true, _) => "paused",
            (false, true) => "running",
            (false, false) => "outside_hours",
        }
    }

    /// The last cycle that some policy promised.
    fn shown(&self) -> Option<&Cycle<'g>> {
        self.cycles.iter().rev().find(|cycle| cycle.goal.is_some())
    }

    /// When the clock will start because the ticket is logged, and from when it will then count.
    pub(crate) fn start_to_come(&self, now: i64) -> Option<(i64, i64)> {
        let (update, start) = self.life.logged?;
        let comes = self.life.snapshots[update].at.max(start);
        (comes > now && self.starts_with_creation(update)).then_some((comes, start))
    }

    /// From when a clock that has not started would count, as far as is known.
    pub(crate) fn pending_start(&self, now: i64) -> i64 {
        self.start_to_come(now).map_or(self.life.snapshots[0].at, |(_, start)| start)
    }

    fn standing(&self) -> Standing<'g> {
        let named = |term: &Term<'g>| (term.policy, term.calendar_name, term.exception.clone());
        let Some(cycle) = self.shown() else {
            let start = self.pending_start(self.at);
            let term = self.term(self.in_force(), start);
            let target = term.as_ref().map(|term| target_from(self.life.agreement, term, start));
            let wall = term.as_ref().and_then(|term| match term.target {
                Target::Within { wall, .. } => wall,
                _ => None,
            });
            return Standing {
                cycle: 0,
                state: "pending",
                late: false,
                at_risk: None,
                reached_in_pause: false,
                targets: vec![target, wall],
                date: None,
                term: term.as_ref().map(named),
            };
        };
        let goal = cycle.goal.as_ref();
        let open = cycle.end().is_none();
        let warned = open && cycle.late_since.is_none_or(|since| since > self.at);
        let wall = goal.into_iter().flat_map(|goal| goal.limits.iter().skip(1));
        let target = goal.map(|goal| Some(goal.target().unwrap_or(0)));
        let date = goal.and_then(|goal| goal.date.as_ref()).and_then(|date| date.unmoved);
        Standing {
            cycle: cycle.number,
            state: self.state(cycle),
            late: cycle.late_since.is_some_and(|since| since <= self.at),
            at_risk: cycle.at_risk(self.at).filter(|_| warned).map(str::to_owned),
            reached_in_pause: self.state(cycle) == "paused"
                && goal.is_some_and(|goal| goal.reached().is_some()),
            targets: target.into_iter().chain(wall.map(|limit| Some(limit.target))).collect(),
            date,
            term: goal.map(|goal| named(&goal.term)),
        }
    }

    /// The first instant after now at which anything changes by itself; the clock was walked to `now`.
    pub(crate) fn next_change(&self) -> Option<i64> {
        let now = self.at;
        let mut later = self.clone();
        let before = self.standing();
        while later.at < now + LOOK_AHEAD {
            if let Some(next) = later.nothing_until(now + LOOK_AHEAD) {
                later.at = next;
            } else {
                later.pass(now + LOOK_AHEAD);
            }
            let crossings = later.shown().into_iter().flat_map(Cycle::crossings);
            let until = later.at;
            let mut crossings: Vec<i64> = crossings.filter(|at| now < *at && *at < until).collect();
            crossings.sort_unstable();
            let arrived = later.at;
            for at in crossings {
                later.at = at;
                if later.alert_or_lateness_differs(&before) {
                    return Some(at);
                }
            }
            later.at = arrived;
            later.update_here();
            let after = later.standing();
            // Another kind of target may be due at the same instant.
            let other_date = after.date != before.date && later.due() != self.due();
            if other_date || (Standing { date: before.date, ..after }) != before {
                return Some(later.at);
            }
        }
        None
    }

    /// The due instant as told where nothing pauses the clock.
    fn due(&self) -> Option<i64> {
        let cycle = self.shown()?;
        self.predicted(cycle, self.at).due.filter(|_| self.state(cycle) != "paused")
    }

    fn alert_or_lateness_differs(&self, before: &Standing<'_>) -> bool {
        let Some(cycle) = self.shown() else { return false };
        let late = cycle.late_since.is_some_and(|since| since <= self.at);
        let at_risk = cycle.at_risk(self.at).filter(|_| !late && cycle.end().is_none());
        late != before.late || at_risk != before.at_risk.as_deref()
    }

    /// Where no minute can change anything: the next instant at which something is known to happen.
    fn nothing_until(&self, end: i64) -> Option<i64> {
        let cycle = self.cycles.last();
        let moving = cycle.filter(|cycle| cycle.end().is_none()).is_some_and(|cycle| {
            let Some(goal) = &cycle.goal else { return false };
            let by_date = goal.date.is_some() && !cycle.is_late();
            let paused = self.is_paused();
            let constant = ["always", "never"].contains(&goal.term.calendar_name);
            by_date || (!paused && !(constant && (cycle.is_late() || goal.term.calendar_name == "never")))
        });
        if moving {
            return None;
        }
        let snapshots = self.life.snapshots.iter().map(|snapshot| snapshot.at);
        let edges = self.life.exclusions.iter().flat_map(|exclusion| [exclusion.from, exclusion.to]);
        Some(snapshots.chain(edges).filter(|at| *at > self.at).min().unwrap_or(end))
    }
}

impl Cycle<'_> {
    /// Instants noted at which lateness or risk may have changed.
    fn crossings(&self) -> impl Iterator<Item = i64> {
        self.late_since.into_iter().chain(self.fired.iter().map(|fired| fired.at))
    }
}
