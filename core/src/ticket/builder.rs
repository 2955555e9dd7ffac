//! Builds the timeline: takes a ticket through its events and notes what clocks will look at.

use std::borrow::Cow;

use crate::interval::Gather as _;
use serde_json::Value;

use crate::agreement::{Agreement, ClockStart, Meaning, Version};
use crate::calendar::Date;
use crate::instant::Instant;
use crate::interval::{put_in_order, sort};
use crate::notice::Notice;
use crate::numbers::Numbers;
use crate::policy::{Facts, Fields};

use super::timeline::{
    Cause, DueValue, Exclusion, Flags, Known, NO_POLICY, Timeline, Update, gaps, recorded_later, versions_for,
};
use super::{Author, EventKind, Ticket};

/// Stands among the positions of events for something that is no event: the beginning of a version.
const NO_EVENT: i64 = -1;

/// Rows and causes are mostly those of a few updates before; older ones are written again.
const NEAR: usize = 8;

/// Most manual pauses active at once.
const MAX_PAUSES: usize = 64;

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
    manual: Vec<Cause>,
    status_pause: Option<Cause>,
    policies: Vec<u32>,
    flags: Flags,
    channel_used: bool,
    unmapped: Numbers,
    bad_dues: Numbers,
    /// When something comes by itself: versions, and the start that the ticket names.
    to_come: Vec<Instant>,
    /// What will hold is looked at, which is no occasion for notices.
    looks_ahead: bool,
    /// What versions make of the present status.
    foretold: Vec<(usize, Option<&'t Meaning>)>,
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
            id: ticket.id.clone(),
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
        for group in order.chunk_by(|(a, _), (b, _)| a == b) {
            let Some(at) = group.first().and_then(|(ms, _)| Instant::from_ms(*ms)) else { continue };
            if self.flags.has(Flags::MERGED) || until.is_some_and(|until| at > until) {
                break;
            }
            self.update(at, group);
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

    fn update(&mut self, at: Instant, group: &[(i64, i64)]) {
        let ticket = self.ticket;
        let event = |(_, index): &(i64, i64)| {
            let index = usize::try_from(*index).ok()?;
            Some((index, ticket.events.get(index)?))
        };
        let events = || group.iter().filter_map(event);
        self.flags.set(Flags::EVENTS, false);
        let before = self.fields.shared("group").cloned();
        let mut facts = Facts::default();
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
        if self.enter_version(at) {
            changed = true;
            status_from.get_or_insert(StatusFrom::Creation);
        }
        if changed {
            self.derive_priority();
            self.match_policies();
        }
        if let Some(from) = status_from {
            self.foretold.clear();
            self.read_status(at, from);
        }
        if self.flags.has(Flags::RESOLVED) {
            self.manual.clear();
        }
        for (index, event) in events() {
            self.manual_pause(at, index, &event.kind);
        }
        self.flags.set(Flags::GROUP_CHANGED, self.fields.shared("group") != before.as_ref());
        self.look(at, &facts);
    }

    /// Comes under the version in force at an instant; answers whether it is another than before.
    fn enter_version(&mut self, at: Instant) -> bool {
        let version = self.version_at(at);
        let other = version != self.version;
        self.version = version;
        self.flags.set(Flags::VERSION, other);
        other
    }

    fn set_field(&mut self, name: &'t str, value: &'t Value) {
        if name == "priority" {
            self.explicit_priority = !value.is_null();
        }
        if value.is_null() {
            self.fields.remove(name);
        } else {
            self.fields.insert(name, Cow::Borrowed(value));
        }
    }

    /// The priority of a ticket without one, from its impact and urgency.
    fn derive_priority(&mut self) {
        if self.explicit_priority {
            return;
        }
        let matrix = self.in_force().and_then(|version| version.matrix.as_ref());
        let text = |name: &str| self.fields.get(name).and_then(Value::as_str);
        let derived = text("impact").zip(text("urgency")).and_then(|(impact, urgency)| {
            let (_, row) = matrix?.impact.0.iter().find(|(known, _)| known == impact)?;
            row.0.iter().find(|(known, _)| known == urgency).map(|(_, priority)| priority.clone())
        });
        match derived {
            Some(priority) => {
                self.fields.insert("priority", Cow::Owned(Value::String(priority)));
            }
            None => {
                self.fields.remove("priority");
            }
        }
    }

    fn match_policies(&mut self) {
        let Some(version) = self.in_force() else { return };
        for (set, policy) in self.policies.iter_mut().enumerate() {
            let found = version.policy_for(set, &self.fields).and_then(|index| u32::try_from(index).ok());
            *policy = found.unwrap_or(NO_POLICY);
        }
    }

    /// Takes over what the field `status` says.
    fn read_status(&mut self, at: Instant, from: StatusFrom) {
        let version = self.in_force();
        let number;
        let status = match self.fields.get("status") {
            None => None,
            Some(Value::String(status)) => Some(status.as_str()),
            // Some systems number their statuses.
            Some(Value::Number(value)) if value.is_i64() => {
                number = value.to_string();
                Some(number.as_str())
            }
            Some(_) => Some("(not a text)"),
        };
        let read = || status.and_then(|status| version.and_then(|version| version.meaning(status)));
        // The status may be a long text, and mostly is that of the update before.
        let foretold = self.foretold.iter().find(|(version, _)| *version == self.version);
        let meaning = match foretold.filter(|_| self.looks_ahead) {
            Some((_, meaning)) => *meaning,
            None => {
                let meaning = read();
                if self.looks_ahead {
                    self.foretold.push((self.version, meaning));
                }
                meaning
            }
        };
        if let Some(status) = status
            && meaning.is_none()
            && !self.looks_ahead
            && self.unmapped.is_new(status)
        {
            self.out.notices.push((at, Notice::unmapped_status(status, from.pointer())));
        }
        self.flags.set(Flags::RESOLVED, meaning.is_some_and(Meaning::is_resolved));
        self.status_pause = match meaning {
            Some(Meaning::Pause { party }) => {
                // Another status that waits for the same party continues the pause.
                let same = self.status_pause.take().filter(|pause| pause.party.as_ref() == Some(party));
                let since = same.map_or(at, |pause| pause.since);
                let status = status.map(str::to_owned);
                Some(Cause { party: Some(party.clone()), reason: None, status, since })
            }
            _ => None,
        };
    }

    fn manual_pause(&mut self, at: Instant, index: usize, kind: &EventKind) {
        match kind {
            EventKind::Pause(_) if self.flags.has(Flags::RESOLVED) || self.manual.len() >= MAX_PAUSES => {
                self.out.notices.push((at, Notice::void_pause(format!("/events/{index}/pause"))));
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
                    let notice = Notice::resume_without_pause(format!("/events/{index}/resume"));
                    self.out.notices.push((at, notice));
                }
            }
            _ => {}
        }
    }

    /// The clocks of a name; of none, a notice.
    fn clocks_of(&mut self, at: Instant, name: &str, pointer: impl FnOnce() -> String) -> Vec<usize> {
        let clocks = self.agreement.clocks.iter().enumerate();
        let found: Vec<usize> =
            clocks.filter(|(_, clock)| clock.name.as_str() == name).map(|(number, _)| number).gather();
        if found.is_empty() {
            self.out.notices.push((at, Notice::unknown_clock(name, pointer())));
        }
        found
    }

    fn correct(&mut self, at: Instant, index: usize, kind: &EventKind) {
        match kind {
            EventKind::Exclude(exclude) => {
                let mut clocks = Vec::new();
                for (place, name) in exclude.clocks.iter().enumerate() {
                    let pointer = || format!("/events/{index}/exclude/clocks/{place}");
                    clocks.extend(self.clocks_of(at, name, pointer));
                }
                self.out.exclusions.push(Exclusion {
                    known: at,
                    from: exclude.from.ms(),
                    to: exclude.to.ms(),
                    reason: exclude.reason.clone(),
                    party: exclude.party.clone(),
                    clocks: Some(clocks).filter(|_| !exclude.clocks.is_empty()),
                });
            }
            EventKind::Extend(extend) => {
                for clock in self.clocks_of(at, &extend.clock, || format!("/events/{index}/extend/clock")) {
                    self.out.known.push(Known::Extend { at, clock, by: extend.by, event: index });
                    self.flags.set(Flags::CORRECTED, true);
                }
            }
            EventKind::Excuse(excuse) => {
                for clock in self.clocks_of(at, &excuse.clock, || format!("/events/{index}/excuse/clock")) {
                    let (cycle, reason) = (excuse.cycle, excuse.reason.clone());
                    self.out.known.push(Known::Excuse { at, clock, cycle, reason, event: index });
                    self.flags.set(Flags::CORRECTED, true);
                }
            }
            _ => {}
        }
    }

    /// Whether clocks that start with the ticket have begun.
    fn has_begun(&mut self, at: Instant, facts: &Facts<'_>) -> bool {
        if let Some(start) = self.out.start {
            return start <= at;
        }
        let Some(intake) = self.in_force().and_then(|version| version.intake.as_ref()) else {
            return true;
        };
        let agreed = |channel: &str| intake.channels.iter().any(|known| known == channel);
        let by_field = self.fields.get("channel").and_then(Value::as_str).is_some_and(agreed);
        let by_reply = facts
            .replies
            .iter()
            .any(|reply| reply.by == Author::Requester && reply.channel.as_deref().is_some_and(agreed));
        self.channel_used |= intake.channels.is_empty() || by_field || by_reply;
        self.channel_used && intake.required.iter().all(|field| self.fields.get(field).is_some())
    }

    /// Notes what clocks will look at.
    fn look(&mut self, at: Instant, facts: &Facts<'_>) {
        let bits = self.bits(facts);
        let still = if self.agreement.asks_for_events { self.bits(&Facts::default()) } else { Vec::new() };
        let dues = self.dues(at);
        let no_event = still.is_empty() || still == bits;
        let same = no_event
            && ends_with(&self.out.bits, &bits)
            && ends_with(&self.out.still, &still)
            && ends_with(&self.out.dues, &dues)
            && !self.out.updates.is_empty();
        let seen = self.seen(at, facts);
        let pauses = self.pauses();
        let update = Update { ahead: self.ahead(at, pauses), pauses, same, ..seen };
        // An update that tells clocks nothing new only costs time later.
        let quiet = self.out.updates.last().is_some_and(|last| {
            let holding = Flags(last.flags.0 & !Flags::EVENTS);
            same && update == Update { at, flags: holding, same, ..*last }
        });
        if !quiet {
            self.out.updates.push(update);
            self.out.bits.extend(bits);
            self.out.still.extend(still);
            self.out.dues.extend(dues);
        }
    }

    /// The ticket as clocks see it, but for conditions, dates, pauses and what is to come.
    fn seen(&mut self, at: Instant, facts: &Facts<'_>) -> Update {
        let begun = self.flags.has(Flags::BEGUN) || self.has_begun(at, facts);
        let replied = |by: Author| facts.replies.iter().any(|reply| reply.public && reply.by == by);
        self.flags.set(Flags::BEGUN, begun);
        self.flags.set(Flags::REPLIED, replied(Author::Agent));
        self.flags.set(Flags::ASKED, replied(Author::Requester));
        self.flags.set(Flags::ASSIGNED, self.fields.get("assignee").is_some());
        self.flags.set(Flags::GROUP_SET, self.fields.get("group").is_some());
        let mut flags = self.flags;
        flags.0 &= self.agreement.uses;
        let version = self.versions.get(self.version).and_then(|(number, _)| u32::try_from(*number).ok());
        let row = row(&mut self.out.rows, version.unwrap_or_default(), &self.policies);
        Update { at, flags, same: false, row, pauses: 0, ahead: 0 }
    }

    /// The position of the list of pauses in force.
    fn pauses(&mut self) -> u32 {
        if self.flags.has(Flags::RESOLVED) || (self.status_pause.is_none() && self.manual.is_empty()) {
            return 0;
        }
        // The pause that began first has the time; of two that began together, the status's.
        let mut active: Vec<&Cause> = self.status_pause.iter().chain(&self.manual).gather();
        if active.len() > 1 {
            put_in_order(&mut active, |cause| cause.since.ms());
        }
        let numbers: Vec<u32> = active
            .into_iter()
            .map(|cause| {
                let causes = &mut self.out.causes;
                let near = causes.iter().enumerate().rev().take(NEAR);
                let found = near.into_iter().find(|(_, known)| *known == cause).map(|(place, _)| place);
                let place = found.unwrap_or_else(|| {
                    causes.push(cause.clone());
                    causes.len().saturating_sub(1)
                });
                u32::try_from(place).unwrap_or(u32::MAX)
            })
            .gather();
        let near = self.out.pauses.iter().enumerate().rev().take(NEAR);
        let found = near.into_iter().find(|(_, known)| **known == numbers).map(|(place, _)| place);
        let place = found.unwrap_or(self.out.pauses.len());
        if found.is_none() {
            self.out.pauses.push(numbers);
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The position of the list of what is to come by itself; `pauses` are those in force.
    fn ahead(&mut self, at: Instant, pauses: u32) -> u32 {
        if self.to_come.last().is_none_or(|last| *last <= at) || self.flags.has(Flags::MERGED) {
            return 0;
        }
        let kept = (self.version, self.flags, self.channel_used);
        let (policies, status_pause) = (self.policies.clone(), self.status_pause.clone());
        let mut manual = None;
        let (mut updates, mut bits, mut dues) = (Vec::new(), Vec::new(), Vec::new());
        self.looks_ahead = true;
        for from in self.to_come.clone().into_iter().filter(|from| *from > at) {
            self.flags.set(Flags::EVENTS, false);
            if self.enter_version(from) {
                self.derive_priority();
                self.match_policies();
                self.read_status(from, StatusFrom::Creation);
            }
            if self.flags.has(Flags::RESOLVED) && manual.is_none() {
                manual = Some(core::mem::take(&mut self.manual));
            }
            let seen = self.seen(from, &Facts::default());
            // Causes may be long texts, and mostly stay as they are.
            let as_before = manual.is_none() && self.status_pause == status_pause;
            let pauses = if as_before { pauses } else { self.pauses() };
            updates.push(Update { pauses, ..seen });
            bits.extend(self.bits(&Facts::default()));
            dues.extend(self.dues(from));
        }
        self.looks_ahead = false;
        (self.version, self.flags, self.channel_used) = kept;
        (self.status_pause, self.policies) = (status_pause, policies);
        if let Some(manual) = manual {
            self.manual = manual;
        }
        self.derive_priority();
        let count = updates.len();
        let known = self.out.later.len().checked_sub(count);
        let end = known.and_then(|from| self.out.later.get(from..)).unwrap_or_default();
        let alike = |(one, other): (&Update, &Update)| *one == Update { ahead: one.ahead, ..*other };
        let same = end.len() == count
            && end.iter().zip(&updates).all(alike)
            && ends_with(&self.later_bits, &bits)
            && ends_with(&self.later_dues, &dues);
        if self.out.aheads.is_empty() {
            self.out.aheads.push((0, 0));
        }
        let entry = (if same { known.unwrap_or_default() } else { self.out.later.len() }, count);
        if self.out.aheads.last() != Some(&entry) {
            self.out.aheads.push(entry);
        }
        let list = u32::try_from(self.out.aheads.len().saturating_sub(1)).unwrap_or(u32::MAX);
        if !same {
            self.out.later.extend(updates.into_iter().map(|update| Update { ahead: list, ..update }));
            self.later_bits.extend(bits);
            self.later_dues.extend(dues);
        }
        list
    }

    fn bits(&self, facts: &Facts<'_>) -> Vec<u64> {
        let mut bits = vec![0_u64; self.agreement.watches.len().div_ceil(64)];
        for (number, watch) in self.agreement.watches.iter().enumerate() {
            if watch.holds_in(&self.fields, facts)
                && let Some(word) = bits.get_mut(number >> 6)
            {
                *word |= 1 << (number & 63);
            }
        }
        bits
    }

    fn dues(&mut self, at: Instant) -> Vec<DueValue> {
        let mut dues = Vec::with_capacity(self.agreement.due_fields.len());
        for field in &self.agreement.due_fields {
            let value = self.fields.get(field);
            let text = value.and_then(Value::as_str);
            let day = text.and_then(Date::parse).map(|date| DueValue::Day(date.day()));
            let due = day.or_else(|| Some(DueValue::At(Instant::parse(text?).ok()?.ms())));
            let empty = value.is_none() || text == Some("");
            if due.is_none() && !empty && !self.looks_ahead && self.bad_dues.is_new(field) {
                self.out.notices.push((at, Notice::bad_due_field(field, String::new())));
            }
            dues.push(due.unwrap_or_default());
        }
        dues
    }
}

/// Whether a list ends with these items.
fn ends_with<T: PartialEq>(all: &[T], items: &[T]) -> bool {
    all.len().checked_sub(items.len()).and_then(|from| all.get(from..)) == Some(items)
}

/// Where the status that holds was set.
#[derive(Clone, Copy)]
enum StatusFrom {
    Creation,
    /// By the status event of this position.
    Event(usize),
    /// By a field event.
    Field(usize),
}

impl StatusFrom {
    fn pointer(self) -> String {
        match self {
            Self::Creation => "/fields/status".to_owned(),
            Self::Event(index) => format!("/events/{index}/status"),
            Self::Field(index) => format!("/events/{index}/field/status"),
        }
    }
}

/// The position of a row of version and policies, which is mostly that of the update before.
fn row(rows: &mut Vec<u32>, version: u32, policies: &[u32]) -> u32 {
    let width = policies.len().saturating_add(1);
    let count = rows.len().checked_div(width).unwrap_or(0);
    let found = (count.saturating_sub(NEAR)..count).rev().find(|place| {
        let from = place.saturating_mul(width);
        let known = rows.get(from..from.saturating_add(width)).and_then(<[u32]>::split_first);
        known == Some((&version, policies))
    });
    if found.is_none() {
        rows.push(version);
        rows.extend_from_slice(policies);
    }
    u32::try_from(found.unwrap_or(count)).unwrap_or(u32::MAX)
}
