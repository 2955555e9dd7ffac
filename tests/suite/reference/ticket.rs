//! The life of a ticket as a list of updates: what changed at each instant, and what held afterwards.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Agreement, Fields, Meaning};
use super::wall::instant_ms;

/// A pause in force: who is waited for, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pause {
    /// `None` for a manual pause that names nobody.
    pub(crate) party: Option<String>,
    pub(crate) since: i64,
}

/// The ticket after all that happened at one instant.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) at: i64,
    pub(crate) fields: Fields,
    pub(crate) resolved: bool,
    /// A public reply by an agent came at this instant.
    pub(crate) answered: bool,
    /// The pauses in force, the one that began first in front.
    pub(crate) pauses: Vec<Pause>,
}

/// Creation, then one update for each instant at which something happened until `now`.
pub(crate) fn updates(agreement: &Agreement<'_>, ticket: &Value, now: i64) -> Vec<Update> {
    let created = instant_ms(ticket["created_at"].as_str().expect("created_at"));
    let mut by_instant: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    for event in ticket["events"].as_array().into_iter().flatten() {
        let at = instant_ms(event["at"].as_str().expect("at"));
        assert!(at >= created, "an event before creation");
        by_instant.entry(at).or_default().push(event);
    }
    let fields = ticket["fields"].as_object().cloned().unwrap_or_default();
    let mut life = Life { agreement, manual: vec![], status_pause: None };
    let mut updates = vec![life.update(created, fields, &[])];
    for (at, events) in by_instant.range(..=now) {
        let before = updates.last().expect("creation").clone();
        updates.push(life.update(*at, before.fields, events));
    }
    updates
}

struct Life<'a, 'd> {
    agreement: &'a Agreement<'d>,
    manual: Vec<Pause>,
    status_pause: Option<Pause>,
}

impl Life<'_, '_> {
    fn update(&mut self, at: i64, mut fields: Fields, events: &[&Value]) -> Update {
        let mut answered = false;
        for event in events {
            if let Some(status) = event.get("status") {
                fields.insert("status".to_owned(), status.clone());
            }
            for (name, value) in event["field"].as_object().into_iter().flatten() {
                fields.insert(name.clone(), value.clone());
            }
            fields.retain(|_, value| !value.is_null());
            answered |= event["reply"]["by"] == "agent" && event["reply"]["public"] != false;
        }
        let meaning = self.agreement.meaning(fields.get("status"));
        let resolved = meaning == Meaning::Resolved;
        self.pause_by_status(at, &meaning);
        if resolved {
            self.manual.clear();
        } else {
            events.iter().for_each(|event| self.pause_by_hand(at, event));
        }
        let mut pauses: Vec<Pause> = self.status_pause.iter().chain(&self.manual).cloned().collect();
        pauses.sort_by_key(|pause| pause.since);
        Update { at, fields, resolved, answered, pauses }
    }

    fn pause_by_status(&mut self, at: i64, meaning: &Meaning) {
        let Meaning::Paused(party) = meaning else {
            self.status_pause = None;
            return;
        };
        let goes_on = self.status_pause.as_ref().is_some_and(|pause| pause.party.as_ref() == Some(party));
        if !goes_on {
            self.status_pause = Some(Pause { party: Some(party.clone()), since: at });
        }
    }

    /// Manual pauses are a set keyed by party; a `resume` that names nobody ends them all.
    fn pause_by_hand(&mut self, at: i64, event: &Value) {
        let party = |kind: &Value| kind["party"].as_str().map(str::to_owned);
        if let Some(pause) = event.get("pause") {
            let party = party(pause);
            if !self.manual.iter().any(|active| active.party == party) {
                self.manual.push(Pause { party, since: at });
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
