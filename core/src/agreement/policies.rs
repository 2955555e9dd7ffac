//! Compiles sets of policies: which clocks there are, what starts and stops them, and what is promised.

use crate::interval::Gather as _;
use std::sync::Arc;

use crate::calendar::Calendar;
use crate::clock::Metric;
use crate::document::{At, Problems, unknown};
use crate::error::Code;
use crate::interval::put_in_order;
use crate::name::Name;
use crate::near::nearest;
use crate::numbers::Numbers;
use crate::policy::{Condition, ConditionDocument, EventCondition, PriorityOrder};
use crate::zone::Zone;

use super::calendars::{Calendars, Room};
use super::clock::{ClockDocument, OnChange};
use super::compile::{ClockDef, Policy, Spec};
use super::document::{AgreementDocument, PolicyDocument};
use super::escalation::StepDocument;
use super::like::Like;
use super::term::{Promise, Term, WatchId};

/// A list of policies of a document.
pub(super) struct SetDocument<'d> {
    /// Its name, where the document has several.
    pub(super) name: Option<&'d str>,
    pub(super) policies: &'d [PolicyDocument],
}

impl<'d> SetDocument<'d> {
    pub(super) fn of(document: &'d AgreementDocument) -> Vec<Self> {
        let alone = document.policies.iter().map(|policies| Self { name: None, policies });
        let sets = document.policy_sets.iter().flat_map(|sets| &sets.0);
        alone.chain(sets.map(|(name, policies)| Self { name: Some(name), policies })).gather()
    }

    /// The sets of a document, which has them in one of the two ways.
    pub(super) fn all(document: &'d AgreementDocument, at: &At<'_>, problems: &mut Problems) -> Vec<Self> {
        let sets = Self::of(document);
        match (&document.policies, &document.policy_sets) {
            (None, None) => problems.push(at, Code::MissingKey, "the key `policies` is missing"),
            (Some(_), Some(_)) => problems.push_mend(
                &At::Key(at, "policy_sets"),
                Code::PoliciesTwice,
                "there are `policies` and `policy_sets`",
                "put all policies into sets",
            ),
            _ => {}
        }
        if document.policy_sets.as_ref().is_some_and(|sets| sets.0.is_empty()) {
            problems.push(&At::Key(at, "policy_sets"), Code::NoPolicy, "there is no set of policies");
        }
        for set in &sets {
            if set.name == Some("") {
                set.place(at, |here| problems.push(here, Code::Empty, "the name of the set is empty"));
            }
            if set.policies.is_empty() {
                let mend = "add one; with `when: {}` it holds for every ticket";
                set.place(at, |here| problems.push_mend(here, Code::NoPolicy, "there is no policy", mend));
            }
        }
        sets
    }

    /// Calls `with` with the set's place in the document.
    pub(super) fn place<T>(&self, at: &At<'_>, with: impl FnOnce(&At<'_>) -> T) -> T {
        match self.name {
            None => with(&At::Key(at, "policies")),
            Some(name) => with(&At::Key(&At::Key(at, "policy_sets"), name)),
        }
    }
}

/// An agreement being compiled, and the version at hand.
#[derive(Default)]
pub(super) struct Compiler {
    pub(super) sets: Vec<Option<Name>>,
    pub(super) clocks: Vec<ClockDef>,
    pub(super) terms: Vec<Term>,
    pub(super) watches: Vec<Condition>,
    pub(super) due_fields: Vec<String>,
    /// Conditions of the clocks in the version before.
    pub(super) last_specs: Vec<Spec>,
    /// Of the version at hand.
    pub(super) order: PriorityOrder,
    pub(super) like: Option<Like>,
    pub(super) calendars: Calendars,
    /// How much more calendars may hold.
    pub(super) room: Room,
    pub(super) zone: Option<Arc<Zone>>,
    pub(super) escalations: Vec<Escalation>,
    pub(super) ids: Numbers,
    /// The numbers of clocks, by their sets and names.
    numbers: Numbers,
}

/// An escalation of the version at hand.
pub(super) struct Escalation {
    pub(super) clock: String,
    pub(super) when: Option<WatchId>,
    pub(super) hold: Option<Calendar>,
    pub(super) steps: Vec<StepDocument>,
}

/// What tells a clock from all others.
fn key(set: usize, name: &str) -> String {
    format!("{set}/{name}")
}

/// The metric of a clock: what it says, or what its name says.
pub(crate) fn metric_of(name: &str, clock: &ClockDocument) -> Option<Metric> {
    clock.metric.or_else(|| Metric::ALL.iter().copied().find(|metric| metric.as_str() == name))
}

impl Compiler {
    pub(super) fn set_number(&mut self, name: Option<&str>) -> usize {
        let found = self.sets.iter().position(|known| known.as_ref().map(Name::as_str) == name);
        found.unwrap_or_else(|| {
            self.sets.push(name.map(Name::from));
            self.sets.len().saturating_sub(1)
        })
    }

    /// Notes the clocks of a version: they are the same over all versions.
    pub(super) fn note_clocks(&mut self, document: &AgreementDocument) {
        for set in SetDocument::of(document) {
            let number = self.set_number(set.name);
            for (name, clock) in set.policies.iter().flat_map(|policy| &policy.clocks.0) {
                let looks_back = |metric| {
                    let on_change = clock.on_change(document.like, metric);
                    matches!(on_change, OnChange::Freeze | OnChange::Retroactive)
                };
                match self.clock(number, name).and_then(|known| self.clocks.get_mut(known)) {
                    Some(known) => known.looks_back |= looks_back(known.metric),
                    None => {
                        let Some(metric) = metric_of(name, clock) else { continue };
                        self.numbers.set(&key(number, name), self.clocks.len());
                        self.clocks.push(ClockDef {
                            set: number,
                            name: Name::from(name.as_str()),
                            metric,
                            looks_back: looks_back(metric),
                        });
                    }
                }
            }
        }
    }

    /// Set by set, metrics in their order, then clocks with names of their own as they come.
    pub(super) fn order_clocks(&mut self) {
        // Greater than every metric's rank.
        const OWN_NAME: i64 = 1 << 16;
        let rank = |clock: &ClockDef| {
            let own_name = clock.name.as_str() != clock.metric.as_str();
            let rank =
                if own_name { OWN_NAME } else { i64::try_from(clock.metric.rank()).unwrap_or(OWN_NAME) };
            i64::try_from(clock.set)
                .unwrap_or(i64::MAX)
                .saturating_mul(OWN_NAME.saturating_add(1))
                .saturating_add(rank)
        };
        put_in_order(&mut self.clocks, rank);
        for (number, clock) in self.clocks.iter().enumerate() {
            self.numbers.set(&key(clock.set, clock.name.as_str()), number);
        }
    }

    pub(super) fn clock(&self, set: usize, name: &str) -> Option<usize> {
        self.numbers.get(&key(set, name))
    }

    /// The number of a condition; equal ones share it.
    pub(super) fn watch(&mut self, watch: Condition) -> Option<WatchId> {
        let found = self.watches.iter().position(|known| *known == watch);
        let number = found.unwrap_or_else(|| {
            self.watches.push(watch);
            self.watches.len().saturating_sub(1)
        });
        u32::try_from(number).ok()
    }

    /// Compiles the policies of one set.
    pub(super) fn set(
        &mut self,
        set: &SetDocument<'_>,
        number: usize,
        specs: &mut [Spec],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Vec<Policy> {
        set.place(at, |at| {
            self.specs(set, number, specs, at, problems);
            let policies = set.policies.iter().enumerate();
            policies
                .map(|(index, policy)| {
                    let at = At::Index(at, index);
                    self.policy(policy, number, &at, problems)
                })
                .gather()
        })
    }

    fn policy(
        &mut self,
        policy: &PolicyDocument,
        set: usize,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Policy {
        let here = At::Key(at, "id");
        if policy.id.is_empty() {
            problems.push(&here, Code::Empty, "the id is empty");
        } else if !self.ids.is_new(&policy.id) {
            problems.push(&here, Code::PolicyTwice, format!("another policy has the id `{}`", policy.id));
        }
        let id = Name::from(policy.id.as_str());
        let when = Condition::compile(&policy.when, &self.order, &At::Key(at, "when"), problems);
        let mut promises: Vec<(usize, Promise)> = Vec::with_capacity(policy.clocks.0.len());
        let at = At::Key(at, "clocks");
        for (name, clock) in &policy.clocks.0 {
            let here = At::Key(&at, name);
            if name.is_empty() {
                problems.push(&here, Code::Empty, "the name of a clock is empty");
                continue;
            }
            let Some(number) = self.clock(set, name) else {
                self.no_metric(name, &here, problems);
                continue;
            };
            let promise = self.promise(clock, number, &id, &here, problems);
            promises.extend(promise.map(|promise| (number, promise)));
        }
        put_in_order(&mut promises, |(clock, _)| i64::try_from(*clock).unwrap_or(i64::MAX));
        Policy { id, when, promises }
    }

    fn no_metric(&self, name: &str, at: &At<'_>, problems: &mut Problems) {
        let known: Vec<&str> = Metric::ALL.iter().map(|metric| metric.as_str()).gather();
        let near = nearest(name, known.iter().copied());
        if near.is_empty() {
            let message = format!("the clock `{name}` does not say what it measures");
            problems.push_mend(at, Code::UnknownMetric, message, "add `metric: custom` or another metric");
        } else {
            unknown(Code::UnknownMetric, "metric", name, &near, &known, at, problems);
        }
    }

    /// The conditions of the set's clocks: written once, in any policy.
    fn specs(
        &mut self,
        set: &SetDocument<'_>,
        number: usize,
        specs: &mut [Spec],
        at: &At<'_>,
        problems: &mut Problems,
    ) {
        let mut written: Vec<Option<&ClockDocument>> = vec![None; self.clocks.len()];
        for (index, policy) in set.policies.iter().enumerate() {
            let at = At::Index(at, index);
            let at = At::Key(&at, "clocks");
            for (name, clock) in &policy.clocks.0 {
                let here = At::Key(&at, name);
                let Some(place) = self.clock(number, name) else { continue };
                let Some(metric) = self.clocks.get(place).map(|clock| clock.metric) else { continue };
                check_keys(clock, metric, &here, problems);
                let named = Metric::ALL.iter().find(|known| known.as_str() == name);
                if let Some(named) = named.filter(|named| clock.metric.is_some_and(|other| other != **named))
                {
                    let message = format!("`{named}` is the name of a metric, and measures that");
                    let mend = "give the clock another name";
                    problems.push_mend(&At::Key(&here, "metric"), Code::ClockDiffers, message, mend);
                } else if clock.metric.is_some_and(|other| other != metric) {
                    let message = format!("elsewhere the clock `{name}` measures `{metric}`");
                    problems.push(&At::Key(&here, "metric"), Code::ClockDiffers, message);
                }
                let Some(first) = written.get_mut(place) else { continue };
                if let Some(first) = first {
                    for (key, one, other) in conditions(first, clock) {
                        if other.is_some() && one != other {
                            let message = format!("elsewhere the clock `{name}` has another `{key}`");
                            let mend = "write it once; give the clock another name where it differs";
                            problems.push_mend(&At::Key(&here, key), Code::ClockDiffers, message, mend);
                        }
                    }
                    continue;
                }
                *first = Some(clock);
                let mut watch = |key: &str, condition: Option<&EventCondition>| {
                    let order = &self.order;
                    let watch =
                        condition.map(|condition| condition.compile(order, &At::Key(&here, key), problems));
                    watch.and_then(|watch| self.watch(watch))
                };
                let spec = Spec {
                    start: watch("start", clock.start.as_ref()),
                    stop: watch("stop", clock.stop.as_ref()),
                    reset: watch("reset", clock.reset.as_ref()),
                    cancel: watch("cancel", clock.cancel.as_ref()),
                };
                if metric == Metric::Plan && spec.stop.is_none() {
                    problems.push(
                        &here,
                        Code::NotOfMetric,
                        "a `plan` needs `stop`: the condition that it waits for",
                    );
                }
                if let Some(slot) = specs.get_mut(place) {
                    *slot = spec;
                }
            }
        }
    }

    /// Compiles the escalations of a version; each is of a clock that some policy has.
    pub(super) fn escalate(&mut self, document: &AgreementDocument, at: &At<'_>, problems: &mut Problems) {
        let at = At::Key(at, "escalations");
        let mut names = Numbers::default();
        for clock in &self.clocks {
            names.number(clock.name.as_str());
        }
        let mut escalations = Vec::with_capacity(document.escalations.len());
        for (index, written) in document.escalations.iter().enumerate() {
            let here = At::Index(&at, index);
            if names.get(&written.clock).is_none() {
                let known: Vec<&str> = names.texts().gather();
                let candidates = known.iter().copied().filter(|_| !problems.is_full());
                let near = nearest(&written.clock, candidates);
                let here = At::Key(&here, "clock");
                unknown(Code::UnknownClock, "clock", &written.clock, &near, &known, &here, problems);
            }
            let steps_at = At::Key(&here, "steps");
            for (number, _) in written.steps.iter().enumerate().filter(|(_, step)| step.notify.is_empty()) {
                let step = At::Index(&steps_at, number);
                problems.push(&At::Key(&step, "notify"), Code::Empty, "nobody is told");
            }
            let state = Condition::compile(&written.when, &self.order, &At::Key(&here, "when"), problems);
            let always = written.when == ConditionDocument::default();
            let when = if always { None } else { self.watch(state) };
            let hold = written.hold_until_open.as_deref();
            if let Some(hold) = hold {
                self.known_calendar(hold, &At::Key(&here, "hold_until_open"), problems);
            }
            let hold = hold.and_then(|hold| self.calendars.get(hold)?.clone());
            let (clock, steps) = (written.clock.clone(), written.steps.clone());
            escalations.push(Escalation { clock, when, hold, steps });
        }
        self.escalations = escalations;
    }
}

/// The conditions that a clock has in all policies, side by side.
fn conditions<'c>(
    one: &'c ClockDocument,
    other: &'c ClockDocument,
) -> [(&'static str, Option<&'c EventCondition>, Option<&'c EventCondition>); 4] {
    [
        ("start", one.start.as_ref(), other.start.as_ref()),
        ("stop", one.stop.as_ref(), other.stop.as_ref()),
        ("reset", one.reset.as_ref(), other.reset.as_ref()),
        ("cancel", one.cancel.as_ref(), other.cancel.as_ref()),
    ]
}

/// Refuses keys that mean nothing for clocks of the metric.
fn check_keys(clock: &ClockDocument, metric: Metric, at: &At<'_>, problems: &mut Problems) {
    let start = clock.start.is_some() && metric != Metric::Custom;
    let stop = clock.stop.is_some() && !matches!(metric, Metric::Custom | Metric::Plan);
    for key in [(start, "start"), (stop, "stop")].into_iter().filter(|(wrong, _)| *wrong).map(|(_, key)| key)
    {
        let message = format!("`{metric}` has its own `{key}`");
        problems.push_mend(
            &At::Key(at, key),
            Code::NotOfMetric,
            message,
            "use `metric: custom` for one of your own",
        );
    }
}
