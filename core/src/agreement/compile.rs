//! From the written agreement to one that can be asked: names resolved, calendars compiled.

use crate::interval::Gather as _;
use std::sync::Arc;

use crate::calendar::{Date, named_zone};
use crate::clock::Metric;
use crate::document::{At, Document as _, Node, Problems, Reading, unknown};
use crate::error::{Code, Problem};
use crate::explain::Digest;
use crate::instant::{DAY_MS, Instant};
use crate::interval::put_in_order;
use crate::name::Name;
use crate::near::nearest;
use crate::numbers::Numbers;
use crate::policy::{Condition, Fields, PriorityOrder};
use crate::ticket::Flags;
use crate::zone::Zone;

use super::calendars::{Calendars, compile_calendars};
use super::document::{AgreementDocument, Intake, Meaning, PriorityMatrix};
use super::limits;
use super::policies::{Compiler, SetDocument};
use super::term::{Promise, Target, Term, TermId, WatchId};
use super::versions::{VersionsApply, Written, documents};

/// Largest agreement, in bytes.
pub(crate) const MAX_AGREEMENT: usize = 1 << 20;

/// A policy with its promises.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) id: Name,
    pub(crate) when: Condition,
    /// Its promises by the numbers of their clocks, in order.
    pub(crate) promises: Vec<(usize, Promise)>,
}

impl Policy {
    fn promise(&self, clock: usize) -> Option<&Promise> {
        let at = |place: usize| self.promises.get(place).filter(|(other, _)| *other == clock);
        // Most policies promise every clock.
        let found = at(clock).or_else(|| at(self.promises.partition_point(|(other, _)| *other < clock)));
        found.map(|(_, promise)| promise)
    }
}

/// What one clock is, over all versions: its facts do not depend on policies.
#[derive(Debug, Clone)]
pub(crate) struct ClockDef {
    pub(crate) set: usize,
    pub(crate) name: Name,
    pub(crate) metric: Metric,
    /// Some policy of it freezes or judges anew.
    pub(crate) looks_back: bool,
}

/// The conditions of a clock in one version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) start: Option<WatchId>,
    pub(crate) stop: Option<WatchId>,
    pub(crate) reset: Option<WatchId>,
    pub(crate) cancel: Option<WatchId>,
}

/// An agreement as it stood from some day on.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// First instant in force; that of the first version is what it says, though it also judges what was before.
    pub(crate) from: Option<Instant>,
    pub(crate) valid_from: Option<Date>,
    /// The instant at which it ceases, if it says so.
    pub(crate) until: Option<Instant>,
    pub(crate) recorded_at: Option<Instant>,
    statuses: Numbers,
    meanings: Vec<Status>,
    pub(crate) intake: Option<Intake>,
    pub(crate) matrix: Option<PriorityMatrix>,
    /// Its calendars, those that no policy names included.
    pub(super) calendars: Calendars,
    /// For each set of the agreement its policies.
    pub(crate) sets: Vec<Vec<Policy>>,
    /// Fields on which it depends which policies hold.
    asked: Vec<String>,
    /// For each clock of the agreement its conditions.
    pub(crate) specs: Vec<Spec>,
}

/// A status that an agreement lists.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) meaning: Meaning,
    /// Its name and the party for which it pauses, to be quoted.
    pub(crate) pause: Option<(Name, Name)>,
}

impl Status {
    fn new(name: &str, meaning: &Meaning) -> Self {
        let pause = match meaning {
            Meaning::Pause { party } => Some((name.into(), party.as_str().into())),
            _ => None,
        };
        Self { meaning: meaning.clone(), pause }
    }
}

impl Version {
    /// What a status means; `None` for one that the agreement does not list.
    pub(crate) fn meaning(&self, status: &str) -> Option<&Status> {
        self.meanings.get(self.statuses.get(status)?)
    }

    /// The policy of a set that holds for these fields: the first whose condition does.
    pub(crate) fn policy_for(&self, set: usize, fields: &Fields) -> Option<usize> {
        self.sets.get(set)?.iter().position(|policy| policy.when.holds(fields))
    }

    /// Whether which policies hold can depend on a field: itself, or the priority that is derived from it.
    pub(crate) fn policies_ask_for(&self, field: &str) -> bool {
        self.asked.iter().any(|asked| asked == field)
    }
}

/// The fields on which it depends which of these policies hold.
fn fields_asked(sets: &[Vec<Policy>]) -> Vec<String> {
    let mut names = Vec::new();
    for policy in sets.iter().flatten() {
        policy.when.note_fields(&mut names);
    }
    if names.iter().any(|name| name == "priority") {
        names.extend(["impact", "urgency"].map(str::to_owned));
    }
    names
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
    /// Fingerprint of the document.
    pub(crate) digest: String,
    pub(crate) versions: Vec<Version>,
    pub(crate) apply: VersionsApply,
    /// Names of the sets of policies; a single one without a name where the document has none.
    pub(crate) sets: Vec<Option<Name>>,
    pub(crate) clocks: Vec<ClockDef>,
    terms: Vec<Term>,
    /// Conditions evaluated at every update.
    pub(crate) watches: Vec<Condition>,
    /// Some of them asks for an event.
    pub(crate) asks_for_events: bool,
    /// What of an update clocks of this agreement look at.
    pub(crate) uses: u16,
    /// Some target is a date.
    pub(crate) has_dates: bool,
    /// Fields that hold due dates.
    pub(crate) due_fields: Vec<String>,
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
        Self::from_node(&node, Reading { allow_later, ..Reading::default() })
    }

    /// As [`Agreement::from_json`], of a document that is read already.
    pub(crate) fn from_node(node: &Node<'_>, reading: Reading) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(reading);
        let documents = documents(node, &mut problems);
        let apply = versions_apply(node, &mut problems);
        let documents = documents.filter(|documents| limits::check(documents, &mut problems));
        let agreement = documents.map(|documents| compile(&documents, apply, &mut problems));
        let mut digest = Digest::new();
        digest.node(node);
        let digest = digest.finish();
        problems.finish(agreement.map(|agreement| Self { digest, ..agreement }))
    }

    /// All promises of all policies.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Identity of the agreement.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn term(&self, id: TermId) -> Option<&Term> {
        self.terms.get(usize::try_from(id).ok()?)
    }

    /// The promise of a policy for a clock; positions as in a row of a timeline.
    pub(crate) fn promise(&self, version: u32, policy: u32, clock: usize) -> Option<&Promise> {
        let set = self.clocks.get(clock)?.set;
        self.policy(version, set, policy)?.promise(clock)
    }

    pub(crate) fn policy(&self, version: u32, set: usize, policy: u32) -> Option<&Policy> {
        let version = self.versions.get(usize::try_from(version).ok()?)?;
        version.sets.get(set)?.get(usize::try_from(policy).ok()?)
    }
}

fn versions_apply(node: &Node<'_>, problems: &mut Problems) -> VersionsApply {
    let Node::Map(entries) = node else {
        return VersionsApply::Instant;
    };
    // A single document has been read with this key already.
    let has_versions = entries.iter().any(|(key, _)| key == "versions");
    let found = entries.iter().find(|(key, _)| key == "versions_apply").filter(|_| has_versions);
    let at = At::Key(&At::Root, "versions_apply");
    found.and_then(|(_, node)| VersionsApply::decode(node, &at, problems)).unwrap_or(VersionsApply::Instant)
}

fn compile(documents: &[Written], apply: VersionsApply, problems: &mut Problems) -> Agreement {
    let root = &At::Root;
    let here = At::Key(root, "versions");
    let id = documents.first().map(|written| written.document.id.clone()).unwrap_or_default();
    if id.is_empty() {
        problems.push(&At::Key(root, "id"), Code::Empty, "the id is empty");
    }
    let mut compiler = Compiler::default();
    for written in documents {
        compiler.note_clocks(&written.document);
    }
    compiler.order_clocks();
    let mut versions = Vec::with_capacity(documents.len());
    for Written { document, version: listed } in documents {
        let place = listed.as_ref().map(|(index, _)| At::Index(&here, *index));
        let at = place.as_ref().unwrap_or(root);
        let before = problems.count();
        if document.id != id {
            let message = format!("the version has the id `{}`, the agreement `{id}`", document.id);
            problems.push(&At::Key(at, "id"), Code::VersionStart, message);
        }
        versions.push(version(document, &mut compiler, at, problems));
        if let Some((_, says)) = listed {
            problems.at_their_source(before, says, at);
        }
    }
    if versions.len() > 1 {
        check_starts(documents, &versions, problems);
    }
    put_in_order(&mut versions, |version| version.from.map_or(i64::MIN, Instant::ms));
    // Clocks run from the facts alone, so that one which a later version brings has run before it.
    let mut later: Vec<Spec> = Vec::new();
    for version in versions.iter_mut().rev() {
        for (clock, spec) in version.specs.iter_mut().enumerate() {
            let has = |policy: &Policy| policy.promise(clock).is_some();
            if *spec == Spec::default()
                && !version.sets.iter().flatten().any(has)
                && let Some(later) = later.get(clock)
            {
                *spec = *later;
            }
        }
        later.clone_from(&version.specs);
    }
    Agreement {
        id,
        digest: String::new(),
        uses: compiler.clocks.iter().fold(Flags::ALWAYS, |uses, clock| uses | Flags::used_by(clock.metric)),
        asks_for_events: compiler.watches.iter().any(Condition::asks_for_event),
        has_dates: compiler.terms.iter().any(|term| !matches!(term.target, Target::Within { .. })),
        versions,
        apply,
        sets: compiler.sets,
        clocks: compiler.clocks,
        terms: compiler.terms,
        watches: compiler.watches,
        due_fields: compiler.due_fields,
        allow_later: problems.reading.allow_later,
    }
}

/// The start of a local date.
fn start_of(day: i64, zone: Option<&Zone>) -> Instant {
    let start = match zone {
        Some(zone) => zone.start_of_day(day),
        None => Instant::from_ms(day.saturating_mul(DAY_MS)),
    };
    start.unwrap_or(Instant::MAX)
}

fn version(
    document: &AgreementDocument,
    compiler: &mut Compiler,
    at: &At<'_>,
    problems: &mut Problems,
) -> Version {
    let zone_at = At::Key(at, "time_zone");
    let zone = document.time_zone.as_deref().and_then(|name| named_zone(name, &zone_at, problems));
    let valid = document.valid.clone();
    let (valid_from, until) = valid.map_or((None, None), |valid| (valid.from, valid.until));
    if let (Some(from), Some(until)) = (valid_from, until)
        && until < from
    {
        let valid = At::Key(at, "valid");
        problems.push(&At::Key(&valid, "until"), Code::ReversedRange, format!("{until} is before {from}"));
    }
    let priorities = document.priorities.as_ref();
    let order = PriorityOrder(priorities.map(|known| known.order.clone()).unwrap_or_default());
    if let Some(matrix) = priorities.and_then(|known| known.matrix.as_ref()) {
        check_matrix(matrix, &order, &At::Key(at, "priorities"), problems);
    }
    compiler.order = order;
    compiler.like = document.like;
    compiler.calendars = compile_calendars(document, &mut compiler.room, at, problems);
    compiler.zone = zone.map(Arc::new);
    compiler.ids = Numbers::default();
    let calendars_only = problems.reading.calendars_only;
    if !calendars_only {
        compiler.escalate(document, at, problems);
    }
    let (mut sets, mut specs) = (vec![Vec::new(); compiler.sets.len()], compiler.last_specs.clone());
    specs.resize(compiler.clocks.len(), Spec::default());
    let policies = if calendars_only { Vec::new() } else { SetDocument::all(document, at, problems) };
    for set in policies {
        let number = compiler.set_number(set.name);
        let policies = compiler.set(&set, number, &mut specs, at, problems);
        if let Some(slot) = sets.get_mut(number) {
            *slot = policies;
        }
    }
    compiler.last_specs.clone_from(&specs);
    let mut statuses = Numbers::default();
    for (status, _) in &document.statuses.0 {
        statuses.number(status);
    }
    let zone = compiler.zone.as_deref();
    Version {
        from: valid_from.map(|date| start_of(date.day(), zone)),
        valid_from,
        until: until.map(|date| start_of(date.day().saturating_add(1), zone)),
        recorded_at: document.recorded_at,
        statuses,
        meanings: document.statuses.0.iter().map(|(name, meaning)| Status::new(name, meaning)).gather(),
        intake: document.intake.clone(),
        matrix: priorities.and_then(|known| known.matrix.clone()),
        calendars: std::mem::take(&mut compiler.calendars),
        asked: fields_asked(&sets),
        sets,
        specs,
    }
}

/// Refuses priorities of a matrix that the order does not list.
fn check_matrix(matrix: &PriorityMatrix, order: &PriorityOrder, at: &At<'_>, problems: &mut Problems) {
    let at = At::Key(at, "matrix");
    let at = At::Key(&at, "impact");
    for (impact, row) in &matrix.impact.0 {
        let at = At::Key(&at, impact);
        for (urgency, priority) in row.0.iter().filter(|(_, priority)| !order.0.contains(priority)) {
            let known: Vec<&str> = order.0.iter().map(String::as_str).gather();
            let near = nearest(priority, known.iter().copied());
            let here = At::Key(&at, urgency);
            unknown(Code::UnknownPriority, "priority", priority, &near, &known, &here, problems);
        }
    }
}

/// Refuses versions that do not say when they begin, but for the first, and two that begin together.
fn check_starts(documents: &[Written], versions: &[Version], problems: &mut Problems) {
    let here = At::Key(&At::Root, "versions");
    let mut seen: Vec<Option<Instant>> = Vec::new();
    for (written, version) in documents.iter().zip(versions) {
        let index = written.version.as_ref().map(|(index, _)| *index);
        let at = At::Index(&here, index.unwrap_or_default());
        let valid = At::Key(&at, "valid");
        let mend = "give each another `valid.from`";
        match version.valid_from {
            Some(date) if seen.contains(&version.from) => {
                let message = format!("two versions begin on {date}");
                problems.push_mend(&At::Key(&valid, "from"), Code::VersionStart, message, mend);
            }
            None if !seen.is_empty() => {
                let place = if written.document.valid.is_some() { &valid } else { &at };
                let message = "the version does not say when it begins";
                problems.push_mend(place, Code::MissingKey, message, mend);
            }
            _ => {}
        }
        seen.push(version.from);
    }
}
