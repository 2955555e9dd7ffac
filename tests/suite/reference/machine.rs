//! The clock of one metric, taken through the updates of a ticket and the minutes between them.

use super::MINUTE;
use super::cycle::{Cycle, UndoneStop};
use super::document::{Agreement, Rule};
use super::ticket::Update;

/// A clock with its finished cycles and the present one.
pub(crate) struct Clock<'a, 'd> {
    agreement: &'a Agreement<'d>,
    pub(crate) metric: &'static str,
    pub(crate) earlier: Vec<Cycle>,
    pub(crate) cycle: Cycle,
    /// A rule with `freeze` holds, and holds to the end.
    frozen: bool,
    /// An agent has replied in public while the ticket was resolved.
    answered: bool,
    /// A reopening was ignored: the clock stays stopped, whatever follows.
    left_stopped: bool,
}

impl<'a, 'd> Clock<'a, 'd> {
    /// Runs the metric from creation to `now`.
    pub(crate) fn run(
        agreement: &'a Agreement<'d>,
        metric: &'static str,
        updates: &[Update],
        now: i64,
    ) -> Self {
        let cycle = Cycle::new(updates[0].at);
        let mut clock = Self {
            agreement,
            metric,
            earlier: vec![],
            cycle,
            frozen: false,
            answered: false,
            left_stopped: false,
        };
        for (index, update) in updates.iter().enumerate() {
            clock.update(update, index == 0);
            let until = updates.get(index + 1).map_or(now, |next| next.at);
            if clock.pauses(update) {
                continue;
            }
            for t in (update.at..until).step_by(MINUTE as usize) {
                if clock.cycle.is_open() {
                    clock.cycle.minute(agreement, t);
                }
            }
        }
        clock
    }

    /// Whether the pauses in force hold this clock: a first response never waits.
    pub(crate) fn pauses(&self, update: &Update) -> bool {
        self.metric == "resolution" && !update.pauses.is_empty()
    }

    fn update(&mut self, update: &Update, creation: bool) {
        let wanted = Agreement::rule(self.agreement.policy(&update.fields), self.metric);
        if creation {
            self.take_over(wanted.clone(), update.at);
        }
        self.stop(update);
        if update.resolved {
            return;
        }
        let rule =
            if self.frozen && self.cycle.start != update.at { self.cycle.rule.clone() } else { wanted };
        if self.cycle.stop.is_some_and(|(_, by)| by == "resolved") {
            self.reopen(rule.as_ref(), update.at);
            // The reply that reopens a ticket also answers it.
            self.stop(update);
        }
        if self.cycle.is_open() {
            self.take_over(rule, update.at);
        }
    }

    /// What stops at this instant is judged by the rule that held until now.
    fn stop(&mut self, update: &Update) {
        let replied = self.metric == "first_response" && update.answered;
        let by = match (replied, update.resolved) {
            (true, _) => "reply",
            (_, true) => "resolved",
            _ => return,
        };
        if !self.cycle.is_open() {
            self.answered |= replied && update.resolved;
            return;
        }
        self.cycle.stop = Some((update.at, by));
    }

    /// The ticket is open again, and resolving had stopped this cycle.
    fn reopen(&mut self, rule: Option<&Rule>, t: i64) {
        let Some(rule) = rule.filter(|_| !self.left_stopped) else { return };
        // A rule that restarts what it takes over leaves the stopped cycle its verdict.
        let changed = self.cycle.rule.as_ref().is_some_and(|held| held != rule);
        let mode = match rule.on_reopen.as_str() {
            "continue" if changed && rule.on_change == "restart" => "restart",
            mode => mode,
        };
        match mode {
            "ignore" => self.left_stopped = true,
            "restart" => self.begin_anew(rule.clone(), t),
            // The reply has been given: nothing is left to wait for.
            _ if self.answered => {}
            _ => {
                let (at, by) = self.cycle.stop.take().expect("a stopped cycle");
                self.cycle.stops.push(UndoneStop { at, by, reopened_at: t });
            }
        }
    }

    /// The rule that the fields now ask for, on a cycle that is open.
    fn take_over(&mut self, rule: Option<Rule>, t: i64) {
        if rule == self.cycle.rule {
            return;
        }
        if self.cycle.start == t {
            // A cycle that starts at the instant of the change is simply the new policy's.
            self.cycle = Cycle::new(t);
            self.frozen = false;
        }
        let Some(rule) = rule else {
            self.cycle.rule = None;
            self.cycle.left = Some(t);
            return;
        };
        // A cycle that no policy asked for just now is taken up again, whatever the policy says of changes.
        if self.cycle.rule.is_some() && rule.on_change == "restart" {
            self.cycle.ended = Some(t);
            self.begin_anew(rule, t);
            return;
        }
        self.frozen = rule.on_change == "freeze";
        self.cycle.carry_to(self.agreement, rule, t);
    }

    fn begin_anew(&mut self, rule: Rule, t: i64) {
        self.earlier.push(std::mem::replace(&mut self.cycle, Cycle::new(t)));
        self.answered = false;
        self.frozen = rule.on_change == "freeze";
        self.cycle.carry_to(self.agreement, rule, t);
    }
}
