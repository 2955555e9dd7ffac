//! What the reference says about a ticket at `now`, in the keys of the canonical result.

use serde_json::{Map, Value, json};

use super::agreement::{Agreement, or_null};
use super::alert::Fired;
use super::cycle::Cycle;
use super::life::Life;
use super::machine::Machine;
use super::term::{Clock, target_from};
use super::verdict;
use super::wall::text_of;

/// Evaluates one ticket with what was recorded until `known_at` (`None`: all of it). The keys given are a subset
/// of the engine's.
pub(crate) fn evaluate(document: &Value, ticket: &Value, now: i64, known_at: Option<i64>) -> Value {
    evaluate_with(&Agreement::of(document, known_at), ticket, now, known_at)
}

/// As [`evaluate`], with an agreement that was read as it was known then.
pub(crate) fn evaluate_with(agreement: &Agreement, ticket: &Value, now: i64, known_at: Option<i64>) -> Value {
    let life = Life::of(agreement, ticket, now, known_at);
    let mut clocks = vec![];
    let mut next_events = vec![];
    for clock in Clock::all(agreement) {
        let (machine, retroactive) = Machine::run(&life, &clock, now);
        let corrected = |cycle: &Cycle<'_>| {
            let known = (ticket, known_at);
            verdict::corrected(agreement, known, &machine, cycle, retroactive)
        };
        let report = Report { machine: &machine, ticket: &ticket["id"], now, corrected: &corrected };
        match report.object() {
            Some(object) => {
                next_events.extend(report.next_events());
                clocks.push(object);
            }
            None => next_events.extend(first_promised(&life, &clock, now)),
        }
    }
    let next_event = next_events.into_iter().filter(|at| *at > now).min();
    json!({"ticket": ticket["id"], "clocks": clocks, "next_event_at": or_null(next_event.map(text_of))})
}

/// The first later instant at which a clock that nobody has promised is there, if nothing new happens.
fn first_promised(life: &Life<'_>, clock: &Clock, now: i64) -> Option<i64> {
    let to_come = life.snapshots.iter().map(|snapshot| snapshot.at).filter(|at| *at > now);
    to_come.into_iter().find(|at| {
        let (machine, _) = Machine::run(life, clock, *at);
        let never = |_: &Cycle<'_>| false;
        Report { machine: &machine, ticket: &Value::Null, now: *at, corrected: &never }.is_there()
    })
}

struct Report<'r, 'g> {
    machine: &'r Machine<'g>,
    ticket: &'r Value,
    now: i64,
    corrected: &'r dyn Fn(&Cycle<'g>) -> bool,
}

impl<'g> Report<'_, 'g> {
    /// Whether somebody promises the clock, or ever did.
    fn is_there(&self) -> bool {
        self.machine.cycles.iter().any(|cycle| cycle.goal.is_some()) || self.pending().is_some()
    }

    /// `None` where nobody promises the clock and nobody ever did.
    fn object(&self) -> Option<Value> {
        let mut judged: Vec<&Cycle<'g>> =
            self.machine.cycles.iter().filter(|cycle| cycle.goal.is_some()).collect();
        let mut object = match judged.pop() {
            Some(last) => self.cycle(last),
            None => self.pending()?,
        };
        let clock = self.machine.clock;
        object.insert("clock".to_owned(), json!(clock.name));
        object.insert("metric".to_owned(), json!(self.machine.metric()));
        if let Some(set) = &clock.set {
            object.insert("set".to_owned(), json!(set));
        }
        object.insert("next_change_at".to_owned(), or_null(self.next_change().map(text_of)));
        if !judged.is_empty() {
            let earlier = judged.into_iter().map(|cycle| self.cycle(cycle));
            object.insert("earlier".to_owned(), earlier.collect());
        }
        Some(Value::Object(object))
    }

    /// Whether the ticket is yet to be created.
    fn unborn(&self) -> bool {
        self.now < self.machine.life.snapshots[0].at
    }

    fn next_change(&self) -> Option<i64> {
        if !self.unborn() {
            return self.machine.next_change();
        }
        // Pending clocks that nothing starts at creation stay as they are, but for a target that depends on the start.
        let mut born = self.machine.clone();
        born.update_here();
        let (pending, then) = (self.pending_target(self.now), self.pending_target(born.at));
        if born.cycles.is_empty() && pending == then { born.next_change() } else { Some(born.at) }
    }

    /// The target of a clock that has not started by an instant.
    fn pending_target(&self, at: i64) -> Option<i64> {
        let machine = self.machine;
        let start = machine.pending_start(at);
        let term = machine.term(machine.in_force(), start)?;
        Some(target_from(machine.life.agreement, &term, start))
    }

    fn pending(&self) -> Option<Map<String, Value>> {
        let machine = self.machine;
        let start = machine.pending_start(self.now);
        if machine.cycles.iter().any(|cycle| cycle.goal.is_none()) {
            return None;
        }
        let term = machine.term(machine.in_force(), start)?;
        let mut object = json!({
            "state": "pending",
            "overdue": false,
            "policy": term.policy,
            "calendar": term.calendar_name,
            "elapsed_ms": 0,
            "breached_at": null,
            "rate": 0,
            "due_at": or_null(self.due_once_started().map(text_of)),
        });
        // What it would be for a start then.
        let target = target_from(machine.life.agreement, &term, start);
        object["target_ms"] = json!(target);
        object["remaining_ms"] = json!(target);
        if let Some(exception) = &term.exception {
            object["because"] = json!(exception);
        }
        object.as_object().cloned()
    }

    /// The due instant of a clock whose start is known but has not come.
    fn due_once_started(&self) -> Option<i64> {
        let mut later = self.machine.clone();
        if self.unborn() {
            later.update_here();
            if let Some(cycle) = later.cycles.last() {
                return later.predicted(cycle, later.at).due;
            }
        }
        let (comes, _) = self.machine.start_to_come(self.now)?;
        later.run_until(comes);
        let cycle = later.cycles.last()?;
        later.predicted(cycle, comes).due
    }

    fn cycle(&self, cycle: &Cycle<'g>) -> Map<String, Value> {
        let machine = self.machine;
        let goal = cycle.goal.as_ref().expect("a goal");
        let state = machine.state(cycle);
        let end = cycle.end().unwrap_or(self.now);
        let target = goal.target();
        let late = cycle.late_since.is_some_and(|since| since <= end);
        let mut object = json!({
            "cycle": cycle.number,
            "state": state,
            "overdue": late,
            "policy": goal.term.policy,
            "calendar": goal.term.calendar_name,
            "started_at": text_of(cycle.start),
            "elapsed_ms": cycle.used,
            "wall_elapsed_ms": end - cycle.start,
            "target_ms": target,
            "remaining_ms": target.map(|target| target - cycle.used),
            "consumed_bp": self.consumed(cycle),
            "original_due_at": cycle.original_due.map(text_of),
            "breached_at": cycle.breach.as_ref().map(|breach| text_of(breach.at)),
            "rate": i64::from(state == "running"),
        });
        let keys = object.as_object_mut().expect("an object");
        let predicted = machine.predicted(cycle, self.now);
        let key = if state == "paused" && goal.reached().is_none() { "due_if_resumed_now" } else { "due_at" };
        keys.insert(key.to_owned(), or_null(predicted.due.map(text_of)));
        if let Some((at, by)) = cycle.stop.filter(|_| cycle.left.is_none() && !cycle.given_up) {
            keys.insert("stopped_at".to_owned(), json!(text_of(at)));
            keys.insert("stopped_by".to_owned(), json!(by));
        }
        verdict::history(cycle, keys);
        if (self.corrected)(cycle) {
            keys.insert("corrected".to_owned(), json!(true));
        }
        if goal.limits.len() > 1 {
            keys.insert("limits".to_owned(), verdict::limits(cycle, &predicted, state == "paused"));
        }
        let at_risk = cycle.at_risk(self.now).filter(|_| cycle.end().is_none() && !late);
        if let Some(text) = at_risk {
            keys.insert("at_risk".to_owned(), json!(text));
        }
        if let Some(exception) = &goal.term.exception {
            keys.insert("because".to_owned(), json!(exception));
        }
        match state {
            "paused" => _ = keys.insert("paused_by".to_owned(), verdict::paused_by(machine)),
            "outside_hours" => {
                let opens = goal.next_open(self.now).map(text_of);
                keys.extend(opens.map(|at| ("opens_at".to_owned(), json!(at))));
            }
            _ => {}
        }
        let alerts = self.alerts(cycle, &predicted.cycle);
        if !alerts.is_empty() {
            keys.insert("alerts".to_owned(), alerts.iter().map(|fired| self.alert(cycle, fired)).collect());
        }
        keys.clone()
    }

    fn consumed(&self, cycle: &Cycle<'g>) -> Option<i64> {
        let goal = cycle.goal.as_ref()?;
        let share = |used: i64, target: i64| (target != 0).then(|| (used * 10_000).div_euclid(target));
        let of_limits = goal
            .limits
            .iter()
            .map(|limit| share(if limit.wall { cycle.wall_used } else { cycle.used }, limit.target));
        let of_date = goal.date.iter().map(|date| share(cycle.used, date.target?));
        of_limits.chain(of_date).flatten().max()
    }

    /// Those passed, and, while nothing holds the clock, those to come.
    fn alerts<'p>(&self, cycle: &'p Cycle<'g>, predicted: &'p Cycle<'g>) -> Vec<&'p Fired> {
        let to_come = cycle.end().is_none() && self.machine.state(cycle) != "paused";
        let listed = if to_come { &predicted.fired } else { &cycle.fired };
        let passed = |fired: &&Fired| to_come || fired.at <= self.end(cycle);
        cycle.in_order(listed.iter().filter(passed).collect())
    }

    fn end(&self, cycle: &Cycle<'g>) -> i64 {
        cycle.end().unwrap_or(self.now)
    }

    fn alert(&self, cycle: &Cycle<'g>, fired: &Fired) -> Value {
        let clock = self.machine.clock;
        let set = clock.set.as_ref().map_or(String::new(), |set| format!("{set}/"));
        let ticket = self.ticket.as_str().expect("an id");
        let id = format!("{ticket}/{set}{}/{}/{}", clock.name, cycle.number, fired.alert.key);
        let mut object = json!({"id": id, "threshold": fired.alert.text, "at": text_of(fired.at)});
        if let Some(notify) = fired.notify() {
            object["notify"] = json!(notify);
        }
        if let Some(at) = fired.deliver_at {
            object["deliver_at"] = json!(text_of(at));
        }
        object
    }

    /// Every instant at which something is due to happen to this clock; those past do no harm.
    fn next_events(&self) -> Vec<i64> {
        let mut events: Vec<i64> = self.next_change().into_iter().collect();
        for cycle in self.machine.cycles.iter().filter(|cycle| cycle.goal.is_some()) {
            let predicted = self.machine.predicted(cycle, self.now);
            let open = cycle.end().is_none() && self.machine.state(cycle) != "paused";
            events.extend(
                self.alerts(cycle, &predicted.cycle)
                    .iter()
                    .flat_map(|fired| [Some(fired.at), fired.deliver_at])
                    .flatten(),
            );
            events.extend(predicted.cycle.breach.filter(|_| open).map(|breach| breach.at));
        }
        events
    }
}
