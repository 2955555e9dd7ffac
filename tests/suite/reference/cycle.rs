//! One run of a clock from start to stop, counted minute by minute.

use super::MINUTE;
use super::document::{Agreement, Rule};

/// The first crossing of a target, and the policy and target then in force.
#[derive(Debug, Clone)]
pub(crate) struct Breach {
    pub(crate) at: i64,
    pub(crate) policy: String,
    pub(crate) target: i64,
}

/// A stop that a reopen undid.
#[derive(Debug, Clone)]
pub(crate) struct UndoneStop {
    pub(crate) at: i64,
    pub(crate) by: &'static str,
    pub(crate) reopened_at: i64,
}

/// One cycle.
#[derive(Debug, Clone)]
pub(crate) struct Cycle {
    pub(crate) start: i64,
    pub(crate) stop: Option<(i64, &'static str)>,
    pub(crate) stops: Vec<UndoneStop>,
    /// Ended without a stop, by a restart.
    pub(crate) ended: Option<i64>,
    /// The rule in force, `None` while no policy has this metric.
    pub(crate) rule: Option<Rule>,
    /// When the last rule ceased to hold, while none does.
    pub(crate) left: Option<i64>,
    /// The rule in force last, `None` until the first.
    pub(crate) last_rule: Option<Rule>,
    /// Minutes that ran before the first rule; they count on the calendar of that rule.
    waiting_minutes: Vec<i64>,
    pub(crate) used: i64,
    /// The instant at which the present target was reached.
    pub(crate) reached: Option<i64>,
    pub(crate) breach: Option<Breach>,
    pub(crate) original_due: Option<i64>,
}

impl Cycle {
    pub(crate) fn new(start: i64) -> Self {
        Self {
            start,
            stop: None,
            stops: vec![],
            ended: None,
            rule: None,
            left: None,
            last_rule: None,
            waiting_minutes: vec![],
            used: 0,
            reached: None,
            breach: None,
            original_due: None,
        }
    }

    /// Started, and neither stopped nor ended.
    pub(crate) fn is_open(&self) -> bool {
        self.stop.is_none() && self.ended.is_none()
    }

    /// Lets the minute that begins at `t` pass: the clock runs, the calendar decides whether it counts.
    pub(crate) fn minute(&mut self, agreement: &Agreement<'_>, t: i64) {
        match self.rule.clone() {
            Some(rule) if agreement.is_open(&rule.calendar, t) => self.count(&rule, t),
            None if self.last_rule.is_none() => self.waiting_minutes.push(t),
            _ => {}
        }
    }

    fn count(&mut self, rule: &Rule, t: i64) {
        if self.used >= rule.target && self.breach.is_none() {
            self.breach = Some(Breach { at: t, policy: rule.policy.clone(), target: rule.target });
        }
        self.used += MINUTE;
        if self.used >= rule.target && self.reached.is_none() {
            self.reached = Some(t + MINUTE);
        }
    }

    /// A rule takes over at `t`; what was counted stays counted.
    pub(crate) fn carry_to(&mut self, agreement: &Agreement<'_>, rule: Rule, t: i64) {
        let first = self.last_rule.is_none();
        if first {
            let open = |minute: &&i64| agreement.is_open(&rule.calendar, **minute);
            self.used = self.waiting_minutes.iter().filter(open).count() as i64 * MINUTE;
        }
        if first {
            self.original_due = due(agreement, &rule, self.start, rule.target);
        }
        let target_before = self.last_rule.as_ref().map(|rule| rule.target);
        if target_before != Some(rule.target) {
            self.reached = (self.used >= rule.target).then_some(t);
            if self.used > rule.target && self.breach.is_none() {
                self.breach = Some(Breach { at: t, policy: rule.policy.clone(), target: rule.target });
            }
        }
        self.left = None;
        self.last_rule = Some(rule.clone());
        self.rule = Some(rule);
    }

    /// When the target is reached if the clock runs on from `from`.
    pub(crate) fn due_from(&self, agreement: &Agreement<'_>, from: i64) -> Option<i64> {
        let rule = self.last_rule.as_ref()?;
        due(agreement, rule, from, rule.target - self.used)
    }
}

/// How far ahead the calendar is walked before it is taken to open never again.
const HORIZON: i64 = 150 * 24 * 60;

fn due(agreement: &Agreement<'_>, rule: &Rule, from: i64, counted: i64) -> Option<i64> {
    let mut left = counted;
    for t in (0..HORIZON).map(|minute| from + minute * MINUTE) {
        if left <= 0 {
            return Some(t);
        }
        if agreement.is_open(&rule.calendar, t) {
            left -= MINUTE;
        }
    }
    None
}
