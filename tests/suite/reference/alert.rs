//! Alerts: thresholds of a clock's target, noted once each when they are passed.

use serde_json::Value;

use super::agreement::{Agreement, duration};
use super::condition::{Seen, holds};
use super::cycle::Cycle;
use super::goal::Goal;
use super::term::{Clock, Term};
use super::ticket::Snapshot;

/// Where in the life of a cycle an alert lies.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Threshold {
    Percent(i64),
    Before(i64),
    After(i64),
    Due,
    Breach,
}

impl Threshold {
    fn of(text: &str) -> Self {
        match (text.strip_suffix('%'), text.split_once(' ')) {
            (Some(percent), _) => Self::Percent(percent.parse().expect("a percentage")),
            (_, Some((length, "before"))) => Self::Before(duration(length)),
            (_, Some((length, "after"))) => Self::After(duration(length)),
            _ if text == "due" => Self::Due,
            _ if text == "breach" => Self::Breach,
            _ => panic!("no threshold {text}"),
        }
    }

    /// How much of the target must be used, if it is a matter of that.
    fn of_target(&self, target: i64) -> Option<i64> {
        match self {
            Self::Percent(percent) => Some((target * percent + 99).div_euclid(100)),
            Self::Before(length) => Some(target - length).filter(|used| *used > 0),
            Self::After(length) => Some(target + length),
            Self::Due | Self::Breach => None,
        }
    }

    fn warns(&self) -> bool {
        match self {
            Self::Percent(percent) => *percent < 100,
            Self::Before(_) => true,
            _ => false,
        }
    }
}

/// An alert as the agreement asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Alert {
    pub(crate) text: String,
    /// What tells it from the others of its cycle.
    pub(crate) key: String,
    threshold: Threshold,
    notify: Option<String>,
    /// Of an escalation: its condition, and the calendar until whose opening it is held.
    step_of: Option<Value>,
}

impl Alert {
    fn of(text: &Value, notify: Option<&Value>, step_of: Option<&Value>) -> Self {
        let text = text.as_str().expect("a threshold").to_owned();
        let notify = notify.and_then(Value::as_str).map(str::to_owned);
        let key = notify.as_ref().map_or_else(|| text.clone(), |notify| format!("{text}/{notify}"));
        Self { threshold: Threshold::of(&text), text, key, notify, step_of: step_of.cloned() }
    }
}

/// The alerts of the clock's own list, then the steps of escalations.
pub(crate) fn alerts(agreement: &Agreement, clock: &Clock, term: &Term<'_>) -> Vec<Alert> {
    let own = term.clock["alerts"].as_array().into_iter().flatten().map(|text| Alert::of(text, None, None));
    let escalations =
        agreement.versions[term.version].document["escalations"].as_array().into_iter().flatten();
    let steps = escalations.filter(|escalation| escalation["clock"] == *clock.name).flat_map(|escalation| {
        let steps = escalation["steps"].as_array().into_iter().flatten();
        steps.map(move |step| Alert::of(&step["at"], step.get("notify"), Some(escalation)))
    });
    own.chain(steps).collect()
}

/// An alert that was passed.
#[derive(Debug, Clone)]
pub(crate) struct Fired {
    pub(crate) alert: Alert,
    pub(crate) at: i64,
    pub(crate) deliver_at: Option<i64>,
}

impl Fired {
    pub(crate) fn notify(&self) -> Option<&str> {
        self.alert.notify.as_deref()
    }
}

/// What it takes to judge the condition of an escalation at an instant.
pub(crate) struct Passing<'p> {
    pub(crate) agreement: &'p Agreement,
    pub(crate) snapshots: &'p [Snapshot<'p>],
}

impl Passing<'_> {
    /// As the version says that the escalation is of.
    fn holds(&self, escalation: &Value, version: usize, at: i64) -> bool {
        let version = &self.agreement.versions[version];
        let seen = Seen { version, ..self.snapshot(at).standing(self.agreement) };
        holds(&escalation["when"], seen)
    }

    /// Whether the condition of an alert holds at the instant or after something known to come.
    pub(crate) fn may_fire(&self, alert: &Alert, version: usize, from: i64) -> bool {
        let Some(escalation) = &alert.step_of else { return true };
        let later = self.snapshots.iter().map(|snapshot| snapshot.at).filter(|at| *at > from);
        [from].into_iter().chain(later).any(|at| self.holds(escalation, version, at))
    }

    /// The last snapshot not after the instant.
    fn snapshot(&self, at: i64) -> &Snapshot<'_> {
        self.snapshots.iter().rev().find(|snapshot| snapshot.at <= at).unwrap_or(&self.snapshots[0])
    }

    /// The next opening of the calendar until which an escalation holds its notices.
    fn deliver_at(&self, escalation: &Value, version: usize, at: i64) -> Option<i64> {
        let calendar = self.agreement.calendar(version, escalation["hold_until_open"].as_str()?);
        let calendar = self.agreement.remembered(calendar);
        let minute = at.div_euclid(super::MINUTE) * super::MINUTE;
        calendar.after_an_open_minute(minute).map(|end| (end - super::MINUTE).max(at))
    }
}

impl Cycle<'_> {
    pub(crate) fn has_fired(&self, alert: &Alert) -> bool {
        self.fired.iter().any(|fired| fired.alert.key == alert.key)
    }

    /// Notes the alerts passed since `t`, when so much was used, or, without that, those that a target which is new
    /// at `t` has put into the past.
    pub(crate) fn pass_alerts(&mut self, passing: &Passing<'_>, t: i64, before: Option<&[i64]>) {
        let Some(goal) = &self.goal else { return };
        for alert in goal.alerts.iter() {
            if self.has_fired(alert) {
                continue;
            }
            let Some(at) = self.passed_at(goal, alert, t, before) else { continue };
            // A step whose condition does not hold yet waits for it.
            if alert
                .step_of
                .as_ref()
                .is_some_and(|escalation| !passing.holds(escalation, goal.term.version, at))
            {
                continue;
            }
            let deliver_at =
                alert.step_of.as_ref().and_then(|step_of| passing.deliver_at(step_of, goal.term.version, at));
            self.fired.push(Fired { alert: alert.clone(), at, deliver_at });
        }
    }

    fn passed_at(&self, goal: &Goal<'_>, alert: &Alert, t: i64, before: Option<&[i64]>) -> Option<i64> {
        match alert.threshold {
            Threshold::Due => return goal.reached().map(|at| at.max(t)),
            Threshold::Breach => return self.late_since.map(|at| at.max(t)),
            _ => {}
        }
        let targets = goal.limits.iter().map(|limit| Some(limit.target));
        let targets = targets.chain(goal.date.iter().map(|date| date.target));
        let used = self.running();
        let before = before.unwrap_or(&used);
        let instants = targets.zip(&used).zip(before).filter_map(|((target, used), before)| {
            let threshold = alert.threshold.of_target(target?)?;
            // What is used in a stretch is used from its beginning without a break.
            (*used >= threshold).then(|| t + (threshold - before).max(0))
        });
        instants.min()
    }

    /// The alerts in the order of their instants, and of what is used where those are the same.
    pub(crate) fn in_order<'f>(&self, mut alerts: Vec<&'f Fired>) -> Vec<&'f Fired> {
        let target = self.goal.as_ref().and_then(Goal::target).unwrap_or(0);
        alerts.sort_by_key(|fired| match fired.alert.threshold {
            Threshold::Due => (fired.at, target),
            Threshold::Breach => (fired.at, target + 1),
            Threshold::Before(length) => (fired.at, target - length),
            _ => (fired.at, fired.alert.threshold.of_target(target).unwrap_or(0)),
        });
        alerts
    }

    /// The text of the highest alert below 100 % that was passed by then.
    pub(crate) fn at_risk(&self, at: i64) -> Option<&str> {
        let target = self.goal.as_ref()?.target()?;
        let passed = self.fired.iter().filter(|fired| fired.at <= at && fired.alert.threshold.warns());
        let highest = passed.max_by_key(|fired| match fired.alert.threshold {
            Threshold::Before(length) => target - length,
            _ => fired.alert.threshold.of_target(target).unwrap_or(0),
        });
        highest.map(|fired| fired.alert.text.as_str())
    }
}
