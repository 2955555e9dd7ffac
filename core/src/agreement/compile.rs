//! From the written agreement to one that can be asked: names resolved, calendars compiled.

use crate::calendar::{Calendar, named_zone};
use crate::clock::{METRICS, Metric};
use crate::document::{At, Document as _, Named, Node, Problems, Reading, not_yet, unknown};
use crate::error::{Code, Problem};
use crate::name::Name;
use crate::near::nearest;
use crate::numbers::Numbers;
use crate::policy::{Condition, Fields, PriorityOrder};

use super::calendars::{Calendars, compile_calendars};
use super::document::{AgreementDocument, ClockDocument, Meaning, OnChange, OnReopen, PolicyDocument};

/// Metrics that the format knows and this version does not measure yet.
const LATER_METRICS: [&str; 7] =
    ["next_response", "periodic_update", "assignment", "ownership", "plan", "requester_wait", "agent_work"];

/// Largest agreement, in bytes.
pub(crate) const MAX_AGREEMENT: usize = 1 << 20;

/// Position of a [`Term`] within its agreement.
pub(crate) type TermId = u32;

/// One promise of one policy.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) policy: Name,
    pub(crate) calendar_name: Name,
    pub(crate) calendar: Calendar,
    /// Counted milliseconds, over zero.
    pub(crate) target: i64,
    pub(crate) on_reopen: OnReopen,
    pub(crate) on_change: OnChange,
}

/// A policy with its terms, one for each metric that it promises.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) id: Name,
    when: Condition,
    pub(crate) terms: [Option<TermId>; METRICS],
}

/// An agreement compiled once and asked many times.
///
/// ```
/// use slaclock_core::Agreement;
/// let agreement = Agreement::from_json(r#"{
///     "slaclock": "1",
///     "id": "acme",
///     "statuses": { "Solved": "resolved" },
///     "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "always" } } }]
/// }"#, false).unwrap();
/// assert_eq!(agreement.id(), "acme");
/// ```
#[derive(Debug, Clone)]
pub struct Agreement {
    id: String,
    statuses: Numbers,
    meanings: Vec<Meaning>,
    pub(crate) policies: Vec<Policy>,
    terms: Vec<Term>,
    pub(crate) allow_later: bool,
}

impl Agreement {
    /// Reads and compiles an agreement, as JSON text. With `allow_later`, keys of features that this version
    /// lacks are skipped instead of refused.
    ///
    /// # Errors
    /// Every problem of the document, each with its code, JSON pointer and, where possible, the mend.
    pub fn from_json(text: &str, allow_later: bool) -> Result<Self, Vec<Problem>> {
        if text.len() > MAX_AGREEMENT {
            let message = format!("the agreement has {} bytes; the limit is {MAX_AGREEMENT}", text.len());
            return Err(vec![Problem::whole(Code::TooLarge, message)]);
        }
        let node = Node::from_json(text.as_bytes()).map_err(|problem| vec![problem])?;
        let mut problems = Problems::new(Reading { allow_later, ..Reading::default() });
        let document = AgreementDocument::decode(&node, &At::Root, &mut problems);
        let agreement = document.map(|document| compile(&document, &mut problems));
        problems.finish(agreement)
    }

    /// Identity of the agreement.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The policy that holds for these fields: the first whose condition does.
    pub(crate) fn policy_for(&self, fields: &Fields) -> Option<usize> {
        self.policies.iter().position(|policy| policy.when.holds(fields))
    }

    pub(crate) fn term(&self, id: TermId) -> Option<&Term> {
        self.terms.get(usize::try_from(id).ok()?)
    }

    /// What a status means; `None` for one that the agreement does not list.
    pub(crate) fn meaning(&self, status: &str) -> Option<&Meaning> {
        self.meanings.get(self.statuses.get(status)?)
    }
}

fn compile(document: &AgreementDocument, problems: &mut Problems) -> Agreement {
    let root = &At::Root;
    if document.id.is_empty() {
        problems.push(&At::Key(root, "id"), Code::Empty, "the id is empty");
    }
    let zone = document.time_zone.as_deref();
    if let Some(name) = zone {
        named_zone(name, &At::Key(root, "time_zone"), problems);
    }
    if let Some(valid) = &document.valid
        && let (Some(from), Some(until)) = (valid.from, valid.until)
        && until < from
    {
        let valid = At::Key(root, "valid");
        problems.push(&At::Key(&valid, "until"), Code::ReversedRange, format!("{until} is before {from}"));
    }
    let order =
        PriorityOrder(document.priorities.as_ref().map(|known| known.order.clone()).unwrap_or_default());
    let calendars = compile_calendars(document, problems);
    let mut compiler = Compiler { calendars, order, terms: Vec::new(), ids: Numbers::default() };
    let at = At::Key(root, "policies");
    if document.policies.is_empty() {
        problems.push_mend(
            &at,
            Code::NoPolicy,
            "there is no policy",
            "add one; with `when: {}` it holds for every ticket",
        );
    }
    let policies = document.policies.iter().enumerate();
    let policies =
        policies.map(|(index, policy)| compiler.policy(policy, &At::Index(&at, index), problems)).collect();
    let mut statuses = Numbers::default();
    for (status, _) in &document.statuses.0 {
        statuses.number(status);
    }
    Agreement {
        id: document.id.clone(),
        statuses,
        meanings: document.statuses.0.iter().map(|(_, meaning)| meaning.clone()).collect(),
        policies,
        terms: compiler.terms,
        allow_later: problems.reading.allow_later,
    }
}

struct Compiler {
    calendars: Calendars,
    order: PriorityOrder,
    terms: Vec<Term>,
    ids: Numbers,
}

impl Compiler {
    fn policy(&mut self, document: &PolicyDocument, at: &At<'_>, problems: &mut Problems) -> Policy {
        let here = At::Key(at, "id");
        if document.id.is_empty() {
            problems.push(&here, Code::Empty, "the id is empty");
        } else if !self.ids.is_new(&document.id) {
            problems.push(&here, Code::PolicyTwice, format!("another policy has the id `{}`", document.id));
        }
        let id = Name::from(document.id.as_str());
        let when = Condition::compile(&document.when, &self.order, &At::Key(at, "when"), problems);
        let terms = self.terms_of(&document.clocks, &id, &At::Key(at, "clocks"), problems);
        Policy { id, when, terms }
    }

    fn terms_of(
        &mut self,
        clocks: &Named<ClockDocument>,
        policy: &Name,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> [Option<TermId>; METRICS] {
        let mut terms = [None; METRICS];
        for (name, clock) in &clocks.0 {
            let here = At::Key(at, name);
            let Some(metric) = Metric::ALL.iter().find(|metric| metric.as_str() == name) else {
                if LATER_METRICS.contains(&name.as_str()) {
                    not_yet(&format!("the metric `{name}`"), &here, problems);
                } else {
                    let known = Metric::ALL.iter().map(|metric| metric.as_str());
                    let near = nearest(name, known.clone().chain(LATER_METRICS));
                    unknown(
                        Code::UnknownMetric,
                        "metric",
                        name,
                        &near,
                        &known.collect::<Vec<_>>(),
                        &here,
                        problems,
                    );
                }
                continue;
            };
            let term = self.term(clock, policy, &here, problems);
            if let (Some(term), Some(slot)) = (term, terms.get_mut(metric.index())) {
                *slot = u32::try_from(self.terms.len()).ok();
                self.terms.push(term);
            }
        }
        terms
    }

    fn term(
        &self,
        clock: &ClockDocument,
        policy: &Name,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Term> {
        let target = clock.within.ms();
        if target <= 0 {
            problems.push(&At::Key(at, "within"), Code::ZeroTarget, "a target must be longer than zero");
        }
        let Some(calendar) = self.calendars.get(&clock.calendar) else {
            let known: Vec<&str> = self.calendars.names.texts().collect();
            let near = nearest(&clock.calendar, known.iter().copied());
            let here = At::Key(at, "calendar");
            unknown(Code::UnknownCalendar, "calendar", &clock.calendar, &near, &known, &here, problems);
            return None;
        };
        Some(Term {
            policy: policy.clone(),
            calendar_name: Name::from(clock.calendar.as_str()),
            calendar: calendar.clone()?,
            target,
            on_reopen: clock.on_reopen,
            on_change: clock.on_change,
        })
    }
}
