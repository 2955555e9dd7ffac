//! One version of an agreement, laid out for the rules.

use crate::agreement::{
    AgreementDocument, CalendarChoice, Calendars, ClockDocument, PolicyDocument, Room, compile_calendars,
    metric_of,
};
use crate::calendar::{Calendar, Date};
use crate::clock::Metric;
use crate::document::{At, Node, Problems};
use crate::policy::{Condition, ConditionDocument, PriorityOrder};
use crate::zone::Zone;

use super::logic::Fuel;

/// Policies of a set that are compared with one another; what follows them is looked at alone.
pub(super) const MOST_COMPARED: usize = 1000;

/// A policy and its place.
pub(super) struct PolicyView<'d> {
    pub(super) document: &'d PolicyDocument,
    pub(super) pointer: String,
    pub(super) when: Condition,
}

/// A clock of a policy, and its place.
pub(super) struct Promise<'d> {
    pub(super) set: usize,
    /// Position within the set.
    pub(super) policy: usize,
    pub(super) pointer: String,
    pub(super) name: &'d str,
    pub(super) metric: Metric,
    pub(super) clock: &'d ClockDocument,
}

/// A version as the rules see it.
pub(super) struct View<'d> {
    pub(super) document: &'d AgreementDocument,
    root: &'d Node<'d>,
    /// Pointer of the version; empty for a document without versions.
    pub(super) base: String,
    pub(super) sets: Vec<Vec<PolicyView<'d>>>,
    pub(super) promises: Vec<Promise<'d>>,
    pub(super) order: PriorityOrder,
    calendars: Calendars,
    /// The agreement's zone, or UTC.
    zone: Option<Zone>,
    pub(super) today: Date,
    /// How large the agreement is, as a measure of what it costs to ask all of it.
    pub(super) size: usize,
    pub(super) fuel: Fuel,
}

impl<'d> View<'d> {
    pub(super) fn new(
        root: &'d Node<'d>,
        index: Option<usize>,
        document: &'d AgreementDocument,
        today: Date,
        length: usize,
    ) -> Self {
        // The agreement has been compiled without problems before.
        let mut problems = Problems::default();
        let calendars = compile_calendars(document, &mut Room::default(), &At::Root, &mut problems);
        let base = index.map(version_place).unwrap_or_default();
        let order =
            PriorityOrder(document.priorities.as_ref().map(|known| known.order.clone()).unwrap_or_default());
        let mut view = Self {
            document,
            root,
            base,
            sets: Vec::new(),
            promises: Vec::new(),
            order,
            calendars,
            zone: Zone::named(document.time_zone.as_deref().unwrap_or("Etc/UTC")).ok(),
            today,
            size: length / 16,
            fuel: Fuel::new(),
        };
        if let Some(policies) = &document.policies {
            let place = below(&view.base, "policies");
            view.add_set(policies, &place);
        }
        for (name, policies) in document.policy_sets.iter().flat_map(|sets| &sets.0) {
            let place = below(&below(&view.base, "policy_sets"), name);
            view.add_set(policies, &place);
        }
        view
    }

    fn add_set(&mut self, policies: &'d [PolicyDocument], place: &str) {
        let set = self.sets.len();
        let mut views = Vec::with_capacity(policies.len());
        for (number, document) in policies.iter().enumerate() {
            let pointer = item(place, number);
            let clocks = below(&pointer, "clocks");
            for (name, clock) in &document.clocks.0 {
                let Some(metric) = metric_of(name, clock).or_else(|| self.metric_elsewhere(set, name)) else {
                    continue;
                };
                let pointer = below(&clocks, name);
                self.promises.push(Promise { set, policy: number, pointer, name, metric, clock });
            }
            let when = self.compiled(&document.when);
            views.push(PolicyView { document, pointer, when });
        }
        self.sets.push(views);
    }

    /// The metric that an earlier policy of the set gave to a clock of this name.
    fn metric_elsewhere(&self, set: usize, name: &str) -> Option<Metric> {
        let known = self.promises.iter().rev().find(|known| known.set == set && known.name == name);
        known.map(|known| known.metric)
    }

    pub(super) fn policy(&self, promise: &Promise<'_>) -> Option<&PolicyView<'d>> {
        self.sets.get(promise.set)?.get(promise.policy)
    }

    /// A condition in a form that can be asked.
    pub(super) fn compiled(&self, condition: &ConditionDocument) -> Condition {
        Condition::compile(condition, &self.order, &At::Root, &mut Problems::default())
    }

    /// What stands at a pointer of this version: its own, or the surrounding document's where it lacks the key.
    pub(super) fn at(&self, pointer: &str) -> Option<&'d Node<'d>> {
        let rest = pointer.strip_prefix(self.base.as_str())?;
        let key = rest.split('/').nth(1).unwrap_or_default();
        let own = resolve(self.root, &self.base).is_some_and(|own| entry(own, key).is_some());
        resolve(self.root, if own { pointer } else { rest })
    }

    /// Whether a pointer below this version leads to anything.
    pub(super) fn says(&self, pointer: &str) -> bool {
        self.at(&[&*self.base, pointer].concat()).is_some()
    }

    pub(super) fn calendar(&self, name: &str) -> Option<&Calendar> {
        self.calendars.get(name)?.as_ref()
    }

    /// Whose dates count for a calendar: its own zone, or the agreement's, or else UTC.
    pub(super) fn zone_of(&self, name: &str) -> Option<&Zone> {
        self.calendar(name).and_then(Calendar::zone).or(self.zone.as_ref())
    }
}

/// The calendars that a choice may lead to, each with its place below the choice.
pub(super) fn names_of(choice: &CalendarChoice) -> Vec<(String, &str)> {
    match choice {
        CalendarChoice::Named(name) => vec![(String::new(), name)],
        CalendarChoice::ByField { map, otherwise, .. } => {
            let of_map = map.iter().map(|(value, name)| (below("/map", value), name.as_str()));
            of_map.chain([("/else".to_owned(), otherwise.as_str())]).collect()
        }
    }
}

/// Pointer of a key.
pub(super) fn below(place: &str, key: &str) -> String {
    [place, &At::Key(&At::Root, key).to_string()].concat()
}

/// Pointer of an item of a list.
pub(super) fn item(place: &str, index: usize) -> String {
    [place, &At::Index(&At::Root, index).to_string()].concat()
}

pub(super) fn version_place(index: usize) -> String {
    item("/versions", index)
}

pub(super) fn version_node<'d>(root: &'d Node<'d>, index: usize) -> Option<&'d Node<'d>> {
    match entry(root, "versions")? {
        Node::List(versions) => versions.get(index),
        _ => None,
    }
}

/// The value of a key of a map.
pub(super) fn entry<'d>(node: &'d Node<'d>, key: &str) -> Option<&'d Node<'d>> {
    match node {
        Node::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, value)| value),
        _ => None,
    }
}

/// What stands at a pointer.
fn resolve<'d>(root: &'d Node<'d>, pointer: &str) -> Option<&'d Node<'d>> {
    pointer.split('/').skip(1).try_fold(root, |node, part| match node {
        Node::List(items) => items.get(part.parse::<usize>().ok()?),
        node => entry(node, &part.replace("~1", "/").replace("~0", "~")),
    })
}
