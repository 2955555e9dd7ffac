//! Builds the timeline: takes a ticket through its events and notes what clocks will look at.

mod ahead;
mod correction;
mod fields;
mod look;
mod pause;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::agreement::{Agreement, ClockStart, Status, Version};
use crate::instant::Instant;
use crate::interval::{Gather as _, sort};
use crate::notice::Notice;
use crate::numbers::Numbers;
use crate::policy::{Facts, Fields};

use super::timeline::{Cause, DueValue, Flags, NO_POLICY, Timeline, gaps, recorded_later, versions_for};
use super::{EventKind, Ticket};
use fields::StatusFrom;

/// Stands among the positions of events for something that is no event: the beginning of a version.
const NO_EVENT: i64 = -1;

/// Rows and causes are mostly those of a few updates before; older ones are written again.
const NEAR: usize = 8;

pub(super) struct Builder<'t> {
    agreement: &'t Agreement,
    ticket: &'t Ticket,
    known_at: Option<Instant>,
    versions: Vec<(usize, &'t Version)>,
    /// The version in force, by its place in `versions`.
    version: usize,
    pub(crate) fields: Fields<'t>,
    explicit_priority: bool,
    /// Active manual pauses, in the order in which they began.
    manual: Vec<Arc<Cause>>,
    status_pause: Option<Arc<Cause>>,
    policies: Vec<u32>,
    /// The row of these in this version, once it is known.
    row: Option<u32>,
    flags: Flags,
    channel_used: bool,
    unmapped: Numbers,
    bad_dues: Numbers,
    /// When something comes by itself: versions, and the start that the ticket names.
    to_come: Vec<Instant>,
    /// What will hold is looked at, which is no occasion for notices.
    looks_ahead: bool,
    /// What versions make of the present status.
    foretold: Vec<(usize, Option<&'t Status>)>,
    later_bits: Vec<u64>,
    later_dues: Vec<DueValue>,
    out: Timeline,
}

impl<'t> Builder<'t> {
    pub(super) fn new(agreement: &'t Agreement, ticket: &'t Ticket, known_at: Option<Instant>) -> Self {
        let mut fields = Fields::new();
        for (name, value) in ticket.fields.iter().filter(|(_, value)| !value.is_null()) {
            fields.insert(name, Cow::Borrowed(value));
        }
        let explicit_priority = fields.get("priority").is_some();
        let versions = versions_for(agreement, ticket.created_at, known_at);
        let out = Timeline {
            id: ticket.id.as_str().into(),
            updates: Vec::with_capacity(ticket.events.len().saturating_add(1)),
            causes: Vec::new(),
            pauses: vec![Vec::new()],
            rows: Vec::new(),
            bits: Vec::new(),
            still: Vec::new(),
            dues: Vec::new(),
            later: Vec::new(),
            aheads: Vec::new(),
            exclusions: Vec::new(),
            known: Vec::new(),
            start: None,
            created: ticket.created_at,
            gaps: gaps(&versions),
            notices: Vec::new(),
        };
        Self {
            agreement,
            ticket,
            known_at,
            versions,
            version: 0,
            fields,
            explicit_priority,
            manual: Vec::new(),
            status_pause: None,
            policies: vec![NO_POLICY; agreement.sets.len()],
            row: None,
            flags: Flags::default(),
            channel_used: false,
            unmapped: Numbers::default(),
            bad_dues: Numbers::default(),
            to_come: Vec::new(),
            looks_ahead: false,
            foretold: Vec::new(),
            later_bits: Vec::new(),
            later_dues: Vec::new(),
            out,
        }
    }

    /// Takes the ticket through all of its events.
    pub(super) fn build(mut self) -> Timeline {
        self.run(None);
        if self.agreement.asks_for_events {
            self.out.still.extend(&self.later_bits);
        }
        self.out.bits.append(&mut self.later_bits);
        self.out.dues.append(&mut self.later_dues);
        self.out
    }

    /// The ticket's fields after all that happened up to `now`.
    pub(super) fn fields_at(mut self, now: Instant) -> (Fields<'t>, usize) {
        self.run(Some(now));
        let version = self.versions.get(self.version).map_or(0, |(number, _)| *number);
        (self.fields, version)
    }

    fn run(&mut self, until: Option<Instant>) {
        let known = (0..).zip(&self.ticket.events).filter(|(_, event)| !recorded_later(event, self.known_at));
        // The position in the pair keeps the order of events of one instant.
        let mut order: Vec<(i64, i64)> = known.map(|(index, event)| (event.at.ms(), index)).gather();
        let created = self.ticket.created_at;
        let start = self.clock_start();
        let starts = self.versions.iter().skip(1).filter_map(|(_, version)| version.from).chain(start);
        self.to_come = starts.filter(|at| *at > created).gather();
        sort(&mut self.to_come);
        self.to_come.dedup();
        order.extend(self.to_come.iter().map(|at| (at.ms(), NO_EVENT)));
        sort(&mut order);
        if until.is_some_and(|until| created > until) {
            return;
        }
        self.create();
        let mut facts = Facts::default();
        for group in order.chunk_by(|(a, _), (b, _)| a == b) {
            let Some(at) = group.first().and_then(|(ms, _)| Instant::from_ms(*ms)) else { continue };
            if self.flags.has(Flags::MERGED) || until.is_some_and(|until| at > until) {
                break;
            }
            facts.clear();
            self.update(at, group, &mut facts);
        }
    }

    fn in_force(&self) -> Option<&'t Version> {
        self.versions.get(self.version).map(|(_, version)| *version)
    }

    /// The instant from which clocks that start with the ticket count, if that is not when it was logged.
    fn clock_start(&mut self) -> Option<Instant> {
        let created = self.ticket.created_at;
        self.version = self.version_at(created);
        let start =
            self.in_force().and_then(|version| version.intake.as_ref()).map(|intake| intake.clock_start);
        let (instant, key) = match start {
            None | Some(ClockStart::Logged) => return None,
            Some(ClockStart::Reported) => (self.ticket.reported_at, "reported_at"),
            Some(ClockStart::Detected) => (self.ticket.detected_at, "detected_at"),
            Some(ClockStart::Occurred) => (self.ticket.occurred_at, "occurred_at"),
        };
        if instant.is_none() {
            self.out.notices.push((created, Notice::start_missing(key)));
        }
        self.out.start = Some(instant.unwrap_or(created));
        self.out.start
    }

    fn version_at(&self, at: Instant) -> usize {
        let begun = self.versions.partition_point(|(_, version)| version.from.is_none_or(|from| from <= at));
        begun.saturating_sub(1)
    }

    fn create(&mut self) {
        let created = self.ticket.created_at;
        self.derive_priority();
        self.match_policies();
        self.read_status(created, StatusFrom::Creation);
        self.flags.set(Flags::GROUP_CHANGED, self.fields.get("group").is_some());
        self.look(created, &Facts { created: true, ..Facts::default() });
    }

    /// Takes in the events of one instant; `facts`, which is empty, lends its room.
    fn update(&mut self, at: Instant, group: &[(i64, i64)], facts: &mut Facts<'t>) {
        let ticket = self.ticket;
        let event = |(_, index): &(i64, i64)| {
            let index = usize::try_from(*index).ok()?;
            Some((index, ticket.events.get(index)?))
        };
        let events = || group.iter().filter_map(event);
        self.flags.set(Flags::EVENTS, false);
        let by_group = Flags(self.agreement.uses).has(Flags::GROUP_CHANGED);
        let before = by_group.then(|| self.fields.shared("group").cloned()).flatten();
        let mut sets_group = false;
        let mut status_from = None;
        let mut changed = false;
        for (index, event) in events() {
            match &event.kind {
                EventKind::Status(status) => {
                    self.fields.insert("status", Cow::Owned(Value::String(status.clone())));
                    status_from = Some(StatusFrom::Event(index));
                    facts.names.push("status");
                    changed = true;
                }
                EventKind::Fields(fields) => {
                    for (name, value) in fields {
                        if name == "status" {
                            status_from = Some(StatusFrom::Field(index));
                        }
                        sets_group |= name == "group";
                        facts.names.push(name);
                        self.set_field(name, value);
                    }
                    changed = true;
                }
                EventKind::Reply(reply) => facts.replies.push(reply),
                EventKind::Pause(_) => facts.names.push("pause"),
                EventKind::Resume(_) => facts.names.push("resume"),
                EventKind::Note => facts.names.push("note"),
                EventKind::Merge(_) => {
                    facts.names.push("merge");
                    self.flags.set(Flags::MERGED, true);
                }
                EventKind::Exclude(_) | EventKind::Extend(_) | EventKind::Excuse(_) => {
                    self.correct(at, index, &event.kind);
                }
                EventKind::Unknown(kind) => {
                    let notice = Notice::unknown_event(kind, format!("/events/{index}"));
                    self.out.notices.push((at, notice));
                }
            }
        }
        let entered = self.enter_version(at);
        if entered {
            changed = true;
            status_from.get_or_insert(StatusFrom::Creation);
        }
        if changed {
            self.derive_priority();
            // Most updates change the status alone, which few policies ask for.
            let asked = |name: &&str| self.in_force().is_some_and(|version| version.policies_ask_for(name));
            if entered || facts.names.iter().any(asked) {
                self.match_policies();
            }
        }
        if let Some(from) = status_from {
            self.foretold.clear();
            self.read_status(at, from);
        }
        if self.flags.has(Flags::RESOLVED) {
            self.manual.clear();
        }
        for (index, event) in events() {
            if matches!(event.kind, EventKind::Pause(_) | EventKind::Resume(_)) {
                self.manual_pause(at, index, &event.kind);
            }
        }
        // A group may be a long text: it is looked at only where an event sets it.
        let changes_group = by_group && sets_group && self.fields.shared("group") != before.as_ref();
        self.flags.set(Flags::GROUP_CHANGED, changes_group);
        self.look(at, facts);
    }

    /// Comes under the version in force at an instant; answers whether it is another than before.
    fn enter_version(&mut self, at: Instant) -> bool {
        let version = self.version_at(at);
        let other = version != self.version;
        self.version = version;
        self.flags.set(Flags::VERSION, other);
        if other {
            self.row = None;
        }
        other
    }
}
