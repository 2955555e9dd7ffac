//! The timeline: a ticket's events as ordered updates, with everything decided that no clock needs to decide.
//!
//! Creation comes before everything. All other events of one instant are one update: fields and status take
//! their last value in input order, manual pauses begin and end, and only then clocks look at the result.

use serde_json::Value;

use crate::agreement::{Agreement, Meaning};
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::interval::sort;
use crate::notice::Notice;
use crate::numbers::Numbers;
use crate::policy::Fields;

use super::document::MAX_EVENTS;
use super::{Author, Event, EventKind, Ticket};

/// Why clocks that pause are paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) party: Option<String>,
    pub(crate) reason: Option<String>,
    /// The status that pauses, unless the pause is manual.
    pub(crate) status: Option<String>,
    pub(crate) since: Instant,
}

/// The ticket after all that happened at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) at: Instant,
    /// Resolved or closed.
    pub(crate) resolved: bool,
    /// A public reply by an agent was part of it.
    pub(crate) replied: bool,
    /// The active pause that began first.
    pub(crate) paused: Option<u32>,
    /// The policy that matches.
    pub(crate) policy: Option<u32>,
}

/// A ticket compiled against an agreement: ready to be evaluated at any instant.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub(crate) id: String,
    pub(crate) updates: Vec<Update>,
    pub(crate) causes: Vec<Cause>,
    /// Notices, each from the instant on at which it is known.
    pub(crate) notices: Vec<(Instant, Notice)>,
}

impl Timeline {
    /// Orders the ticket's events and matches policies, once for all later evaluations.
    ///
    /// Events recorded after `known_at` are left out; events after the `now` of an evaluation are left out then.
    ///
    /// # Errors
    /// [`Code::EventBeforeCreation`] and [`Code::TooManyEvents`].
    pub fn new(agreement: &Agreement, ticket: &Ticket, known_at: Option<Instant>) -> Result<Self, Problem> {
        if ticket.events.len() > MAX_EVENTS {
            let message = format!("the ticket has {} events; the limit is {MAX_EVENTS}", ticket.events.len());
            return Err(Problem {
                pointer: "/events".to_owned(),
                ..Problem::whole(Code::TooManyEvents, message)
            });
        }
        if let Some((index, event)) =
            ticket.events.iter().enumerate().find(|(_, event)| event.at < ticket.created_at)
        {
            let message = format!(
                "event {index} of ticket `{}` happened at {}, before the ticket was created at {}",
                ticket.id, event.at, ticket.created_at
            );
            let problem =
                Problem::whole(Code::EventBeforeCreation, message).mend("mend the instant of one of the two");
            return Err(Problem { pointer: format!("/events/{index}/at"), ..problem });
        }
        let recorded_later =
            |event: &Event| event.recorded_at.zip(known_at).is_some_and(|(recorded, known)| recorded > known);
        let known = (0..).zip(&ticket.events).filter(|(_, event)| !recorded_later(event));
        // The position in the pair keeps the order of events of one instant.
        let mut order: Vec<(i64, i64)> = known.map(|(index, event)| (event.at.ms(), index)).collect();
        sort(&mut order);
        let mut builder = Builder::new(agreement, ticket);
        builder.create();
        for group in order.chunk_by(|(a, _), (b, _)| a == b) {
            builder.update(group);
        }
        Ok(Self {
            id: ticket.id.clone(),
            updates: builder.updates,
            causes: builder.causes,
            notices: builder.notices,
        })
    }

    /// When the ticket was created.
    #[must_use]
    pub fn created_at(&self) -> Instant {
        self.updates.first().map_or(Instant::MIN, |update| update.at)
    }
}

struct Builder<'t> {
    agreement: &'t Agreement,
    ticket: &'t Ticket,
    fields: Fields,
    /// Active manual pauses, in the order in which they began.
    manual: Vec<Cause>,
    status_pause: Option<Cause>,
    policy: Option<u32>,
    resolved: bool,
    unmapped: Numbers,
    updates: Vec<Update>,
    causes: Vec<Cause>,
    notices: Vec<(Instant, Notice)>,
}

impl<'t> Builder<'t> {
    fn new(agreement: &'t Agreement, ticket: &'t Ticket) -> Self {
        let mut fields = Fields::new();
        for (name, value) in ticket.fields.iter().filter(|(_, value)| !value.is_null()) {
            fields.insert(name.clone(), value.clone());
        }
        Self {
            agreement,
            ticket,
            fields,
            manual: Vec::new(),
            status_pause: None,
            policy: None,
            resolved: false,
            unmapped: Numbers::default(),
            updates: Vec::with_capacity(ticket.events.len().saturating_add(1)),
            causes: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn create(&mut self) {
        self.match_policy();
        self.read_status(self.ticket.created_at, "/fields/status");
        self.push(self.ticket.created_at, false);
    }

    fn update(&mut self, group: &[(i64, i64)]) {
        let event = |(_, index): &(i64, i64)| {
            let index = usize::try_from(*index).ok()?;
            Some((index, self.ticket.events.get(index)?))
        };
        let events: Vec<_> = group.iter().filter_map(event).collect();
        let Some(at) = events.first().map(|(_, event)| event.at) else { return };
        let mut replied = false;
        let mut status_from = None;
        let mut changed = false;
        for (index, event) in &events {
            match &event.kind {
                EventKind::Status(status) => {
                    self.fields.insert("status".to_owned(), Value::String(status.clone()));
                    status_from = Some(format!("/events/{index}/status"));
                    changed = true;
                }
                EventKind::Fields(fields) => {
                    for (name, value) in fields {
                        if name == "status" {
                            status_from = Some(format!("/events/{index}/field/status"));
                        }
                        if value.is_null() {
                            self.fields.remove(name);
                        } else {
                            self.fields.insert(name.clone(), value.clone());
                        }
                    }
                    changed = true;
                }
                EventKind::Reply(reply) => replied |= reply.public && reply.by == Author::Agent,
                EventKind::Unknown(kind) => {
                    let notice = Notice::unknown_event(kind, format!("/events/{index}"));
                    self.notices.push((at, notice));
                }
                EventKind::Pause(_) | EventKind::Resume(_) | EventKind::Note => {}
            }
        }
        if changed {
            self.match_policy();
        }
        if let Some(pointer) = status_from {
            self.read_status(at, &pointer);
        }
        if self.resolved {
            self.manual.clear();
        }
        for (index, event) in &events {
            self.manual_pause(at, *index, &event.kind);
        }
        self.push(at, replied);
    }

    fn match_policy(&mut self) {
        self.policy = self.agreement.policy_for(&self.fields).and_then(|index| u32::try_from(index).ok());
    }

    /// Takes over what the field `status` says.
    fn read_status(&mut self, at: Instant, pointer: &str) {
        let status = match self.fields.get("status") {
            None => None,
            Some(Value::String(status)) => Some(status.clone()),
            // Some systems number their statuses.
            Some(Value::Number(number)) if number.is_i64() => {
                number.as_i64().map(|number| number.to_string())
            }
            Some(_) => Some("(not a text)".to_owned()),
        };
        let meaning = status.as_deref().and_then(|status| self.agreement.meaning(status));
        if let Some(status) = &status
            && meaning.is_none()
            && self.unmapped.is_new(status)
        {
            self.notices.push((at, Notice::unmapped_status(status, pointer.to_owned())));
        }
        self.resolved = meaning.is_some_and(Meaning::is_resolved);
        self.status_pause = match meaning {
            Some(Meaning::Pause { party }) => {
                // Another status that waits for the same party continues the pause.
                let same = self.status_pause.take().filter(|pause| pause.party.as_ref() == Some(party));
                let since = same.map_or(at, |pause| pause.since);
                Some(Cause { party: Some(party.clone()), reason: None, status, since })
            }
            _ => None,
        };
    }

    fn manual_pause(&mut self, at: Instant, index: usize, kind: &EventKind) {
        match kind {
            EventKind::Pause(_) if self.resolved => {
                self.notices.push((at, Notice::void_pause(format!("/events/{index}/pause"))));
            }
            EventKind::Pause(pause) if self.manual.iter().any(|active| active.party == pause.party) => {}
            EventKind::Pause(pause) => {
                let (party, reason) = (pause.party.clone(), pause.reason.clone());
                self.manual.push(Cause { party, reason, status: None, since: at });
            }
            EventKind::Resume(resume) => {
                let before = self.manual.len();
                self.manual.retain(|active| resume.party.is_some() && active.party != resume.party);
                if self.manual.len() == before {
                    self.notices.push((at, Notice::resume_without_pause(format!("/events/{index}/resume"))));
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, at: Instant, replied: bool) {
        // The pause that began first has the time; of two that began together, the status's.
        let pause = self.status_pause.iter().chain(&self.manual).min_by_key(|cause| cause.since);
        let paused = pause.filter(|_| !self.resolved).and_then(|cause| {
            if self.causes.last() != Some(cause) {
                self.causes.push(cause.clone());
            }
            u32::try_from(self.causes.len().wrapping_sub(1)).ok()
        });
        let update = Update { at, resolved: self.resolved, replied, paused, policy: self.policy };
        // An update that tells clocks nothing new only costs time later.
        let nothing_new = self.updates.last().is_some_and(|last| {
            !replied
                && (last.resolved, last.paused, last.policy)
                    == (update.resolved, update.paused, update.policy)
        });
        if !nothing_new {
            self.updates.push(update);
        }
    }
}
