//! The life of a ticket as a list of snapshots: what changed at each instant, and what held afterwards.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::agreement::{Agreement, Meaning};
use super::condition::{Fields, Seen};
use super::wall::instant_ms;

/// A pause in force: who is waited for, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pause {
    /// `None` for a manual pause that names nobody.
    pub(crate) party: Option<String>,
    pub(crate) since: i64,
    pub(crate) status: Option<Value>,
    pub(crate) reason: Option<Value>,
}

/// The ticket after all that happened at one instant.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot<'a> {
    pub(crate) at: i64,
    pub(crate) creation: bool,
    /// The version of the agreement in force, and whether it begins here.
    pub(crate) version: usize,
    pub(crate) boundary: bool,
    /// The fields as set, and with the derived priority.
    pub(crate) raw: Fields,
    pub(crate) fields: Rc<Fields>,
    pub(crate) resolved: bool,
    /// The pauses in force, the one that began first in front.
    pub(crate) pauses: Vec<Pause>,
    pub(crate) events: Vec<&'a Value>,
}

impl Snapshot<'_> {
    /// A public reply by `by` is part of this update.
    pub(crate) fn has_reply(&self, by: &str) -> bool {
        self.events.iter().any(|event| event["reply"]["by"] == by && event["reply"]["public"] == true)
    }

    /// The ticket is merged into another in this update.
    pub(crate) fn merged(&self) -> bool {
        self.events.iter().any(|event| event.get("merge").is_some())
    }

    /// What conditions see here, with the events of this very update.
    pub(crate) fn seen<'s>(&'s self, agreement: &'s Agreement) -> Seen<'s> {
        Seen { events: &self.events, creation: self.creation, ..self.standing(agreement) }
    }

    /// What conditions see here once the update is over.
    pub(crate) fn standing<'s>(&'s self, agreement: &'s Agreement) -> Seen<'s> {
        Seen::fields(&agreement.versions[self.version], &self.fields)
    }
}

/// The known events of a ticket until `now`, in the order of the input.
pub(crate) fn known_events(ticket: &Value, now: i64, known_at: Option<i64>) -> Vec<&Value> {
    let known = |event: &&Value| {
        let recorded = event["recorded_at"].as_str().map(instant_ms);
        let known = recorded.is_none_or(|at| known_at.is_none_or(|known_at| at <= known_at));
        known && at(event) <= now
    };
    let known: Vec<&Value> = ticket["events"].as_array().into_iter().flatten().filter(known).collect();
    // What was merged into another ticket takes nothing more.
    let merged = known.iter().filter(|event| event.get("merge").is_some()).map(|event| at(event)).min();
    known.into_iter().filter(|event| merged.is_none_or(|merged| at(event) <= merged)).collect()
}

pub(crate) fn at(event: &Value) -> i64 {
    instant_ms(event["at"].as_str().expect("at"))
}

pub(crate) fn created_at(ticket: &Value) -> i64 {
    instant_ms(ticket["created_at"].as_str().expect("created_at"))
}

/// Creation, then one snapshot for each instant at which something is known to happen: events until `now`,
/// and beginnings of versions, which lie ahead too.
pub(crate) fn snapshots<'a>(
    agreement: &Agreement,
    ticket: &'a Value,
    events: &[&'a Value],
) -> Vec<Snapshot<'a>> {
    let created = created_at(ticket);
    assert!(events.iter().all(|event| at(event) >= created), "an event before creation");
    let mut life =
        Life { agreement, at_start: agreement.version_at(created), manual: vec![], status_pause: None };
    let fields = ticket["fields"].as_object().cloned().unwrap_or_default();
    let mut snapshots = vec![life.after(created, true, fields, vec![])];
    let mut instants: BTreeSet<i64> = events.iter().map(|event| at(event)).collect();
    // The instant from which the agreement lets a clock run may lie between all others.
    instants.extend(named_start(agreement, ticket, &snapshots[0]).filter(|at| *at > created));
    if !agreement.at_start {
        instants.extend(agreement.versions.iter().map(|version| version.begins).filter(|at| *at > created));
    }
    let merged = events.iter().filter(|event| event.get("merge").is_some()).map(|event| at(event)).min();
    instants.retain(|at| merged.is_none_or(|merged| *at <= merged));
    for instant in instants {
        let now: Vec<&Value> = events.iter().copied().filter(|event| at(event) == instant).collect();
        let raw = snapshots.last().expect("creation").raw.clone();
        snapshots.push(life.after(instant, false, raw, now));
    }
    snapshots
}

/// The instant that `intake.clock_start` names, where the ticket has it.
pub(crate) fn named_start(agreement: &Agreement, ticket: &Value, creation: &Snapshot<'_>) -> Option<i64> {
    let word = agreement.versions[creation.version].document["intake"]["clock_start"].as_str()?;
    ticket[format!("{word}_at")].as_str().map(instant_ms)
}

struct Life<'g> {
    agreement: &'g Agreement,
    at_start: usize,
    manual: Vec<Pause>,
    status_pause: Option<Pause>,
}

impl Life<'_> {
    fn after<'a>(
        &mut self,
        at: i64,
        creation: bool,
        mut raw: Fields,
        events: Vec<&'a Value>,
    ) -> Snapshot<'a> {
        for event in &events {
            if let Some(status) = event.get("status") {
                raw.insert("status".to_owned(), status.clone());
            }
            for (name, value) in event["field"].as_object().into_iter().flatten() {
                raw.insert(name.clone(), value.clone());
            }
        }
        raw.retain(|_, value| !value.is_null());
        let number = if self.agreement.at_start { self.at_start } else { self.agreement.version_at(at) };
        let version = &self.agreement.versions[number];
        let meaning = version.meaning(raw.get("status"));
        self.pause_by_status(at, &meaning, raw.get("status"));
        if meaning == Meaning::Resolved {
            self.manual.clear();
        } else {
            events.iter().for_each(|event| self.pause_by_hand(at, event));
        }
        let mut pauses: Vec<Pause> = self.status_pause.iter().chain(&self.manual).cloned().collect();
        pauses.sort_by_key(|pause| pause.since);
        Snapshot {
            at,
            creation,
            version: number,
            boundary: !creation && !self.agreement.at_start && version.begins == at,
            fields: Rc::new(version.derived(&raw)),
            raw,
            resolved: meaning == Meaning::Resolved,
            pauses,
            events,
        }
    }

    fn pause_by_status(&mut self, at: i64, meaning: &Meaning, status: Option<&Value>) {
        let Meaning::Paused(party) = meaning else {
            self.status_pause = None;
            return;
        };
        let before = self.status_pause.take().filter(|pause| pause.party.as_ref() == Some(party));
        let since = before.map_or(at, |pause| pause.since);
        self.status_pause =
            Some(Pause { party: Some(party.clone()), since, status: status.cloned(), reason: None });
    }

    /// Manual pauses are a set keyed by party; a `resume` that names nobody ends them all.
    fn pause_by_hand(&mut self, at: i64, event: &Value) {
        let party = |kind: &Value| kind["party"].as_str().map(str::to_owned);
        if let Some(pause) = event.get("pause") {
            let party = party(pause);
            if !self.manual.iter().any(|active| active.party == party) {
                let reason = pause.get("reason").cloned();
                self.manual.push(Pause { party, since: at, status: None, reason });
            }
        }
        if let Some(resume) = event.get("resume") {
            match party(resume) {
                None => self.manual.clear(),
                party => self.manual.retain(|active| active.party != party),
            }
        }
    }
}
