//! The timeline: a ticket's events as ordered updates, with everything decided that no clock needs to decide.
//!
//! Creation comes before everything. All other events of one instant are one update: fields and status take
//! their last value in input order, manual pauses begin and end, and only then clocks look at the result.

use std::sync::Arc;

use crate::agreement::{Agreement, Version, VersionsApply};
use crate::clock::Metric;
use crate::duration::Duration;
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::name::Name;
use crate::notice::Notice;
use crate::policy::Fields;

use super::builder::Builder;
use super::document::MAX_EVENTS;
use super::{Event, Ticket};

/// Why clocks that pause are paused. It is shared, since its texts may be long, and the same one is found soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) party: Option<Name>,
    pub(crate) reason: Option<Name>,
    /// The status that pauses, unless the pause is manual.
    pub(crate) status: Option<Name>,
    pub(crate) since: Instant,
}

/// What holds after an update, and what happened in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) u16);

impl Flags {
    /// Resolved or closed.
    pub(crate) const RESOLVED: u16 = 1;
    /// A public reply by an agent was part of it.
    pub(crate) const REPLIED: u16 = 1 << 1;
    /// A public message by a requester was part of it.
    pub(crate) const ASKED: u16 = 1 << 2;
    /// Somebody is assigned.
    pub(crate) const ASSIGNED: u16 = 1 << 3;
    /// A group has it.
    pub(crate) const GROUP_SET: u16 = 1 << 4;
    /// It came to another group, or to none.
    pub(crate) const GROUP_CHANGED: u16 = 1 << 5;
    /// Clocks that start with the ticket have begun.
    pub(crate) const BEGUN: u16 = 1 << 6;
    /// It was merged into another ticket.
    pub(crate) const MERGED: u16 = 1 << 7;
    /// Another version of the agreement begins.
    pub(crate) const VERSION: u16 = 1 << 8;
    /// An extension or an excuse was part of it.
    pub(crate) const CORRECTED: u16 = 1 << 9;
    /// Flags that tell what happened, not what holds.
    pub(crate) const EVENTS: u16 =
        Self::REPLIED | Self::ASKED | Self::GROUP_CHANGED | Self::VERSION | Self::CORRECTED;

    /// Flags that every clock looks at.
    pub(crate) const ALWAYS: u16 =
        Self::RESOLVED | Self::BEGUN | Self::MERGED | Self::VERSION | Self::CORRECTED;

    /// Flags that clocks of a metric look at beside these.
    pub(crate) const fn used_by(metric: Metric) -> u16 {
        match metric {
            Metric::FirstResponse | Metric::PeriodicUpdate => Self::REPLIED,
            Metric::NextResponse => Self::REPLIED | Self::ASKED,
            Metric::Assignment => Self::ASSIGNED,
            Metric::Ownership => Self::GROUP_SET | Self::GROUP_CHANGED,
            _ => 0,
        }
    }

    pub(crate) const fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    pub(crate) const fn set(&mut self, flag: u16, on: bool) {
        if on {
            self.0 |= flag;
        } else {
            self.0 &= !flag;
        }
    }
}

/// The ticket after all that happened at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) at: Instant,
    pub(crate) flags: Flags,
    /// Conditions and due dates are what they were after the update before, whatever happened in either.
    pub(crate) same: bool,
    /// The version and policies that hold: position of a row.
    pub(crate) row: u32,
    /// The pauses in force: position of a list.
    pub(crate) pauses: u32,
    /// What is to come by itself, if nothing else happens: position of a list.
    pub(crate) ahead: u32,
}

/// What a field that holds a due date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum DueValue {
    /// Nothing that could be promised.
    #[default]
    None,
    At(i64),
    /// The end of this local date, in days since 1970-01-01.
    Day(i64),
}

/// Time found not to count, known from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exclusion {
    pub(crate) known: Instant,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) reason: Option<Name>,
    pub(crate) party: Option<Name>,
    /// The clocks concerned, by number; all when absent.
    pub(crate) clocks: Option<Vec<usize>>,
}

/// Something decided about one clock, known from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    Extend { at: Instant, clock: usize, by: Duration, event: usize },
    Excuse { at: Instant, clock: usize, cycle: Option<u32>, reason: Option<Name>, event: usize },
}

impl Exclusion {
    /// Whether it is known by an instant and concerns the clock of this number.
    pub(crate) fn concerns(&self, clock: usize, known: Instant) -> bool {
        self.known <= known && self.clocks.as_ref().is_none_or(|clocks| clocks.contains(&clock))
    }
}

impl Known {
    pub(crate) const fn at(&self) -> Instant {
        match self {
            Self::Extend { at, .. } | Self::Excuse { at, .. } => *at,
        }
    }

    pub(crate) const fn clock(&self) -> usize {
        match self {
            Self::Extend { clock, .. } | Self::Excuse { clock, .. } => *clock,
        }
    }
}

/// A ticket compiled against an agreement: ready to be evaluated at any instant.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub(crate) id: Name,
    pub(crate) updates: Vec<Update>,
    pub(crate) causes: Vec<Arc<Cause>>,
    /// Lists of causes in force together, the one that began first in front; the first list is empty.
    pub(crate) pauses: Vec<Vec<u32>>,
    /// Version and policies, one after the other: one policy for each set, [`NO_POLICY`] for none.
    pub(crate) rows: Vec<u32>,
    /// Conditions that hold after each update, as bits.
    pub(crate) bits: Vec<u64>,
    /// Those that hold without what happened in the update; empty where no condition asks for events.
    pub(crate) still: Vec<u64>,
    /// Due dates after each update.
    pub(crate) dues: Vec<DueValue>,
    /// Updates to come by themselves, where a version begins or clocks may start: what will hold if nothing else
    /// happens. They are numbered after those of `updates`.
    pub(crate) later: Vec<Update>,
    /// Lists of them, each by its first and how many there are; the first list is empty.
    pub(crate) aheads: Vec<(usize, usize)>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) known: Vec<Known>,
    /// From when clocks that start with the ticket count, where that is not the instant of the update.
    pub(crate) start: Option<Instant>,
    pub(crate) created: Instant,
    /// Stretches in which no version of the agreement says that it is valid.
    pub(crate) gaps: Vec<(i64, i64)>,
    /// Notices, each from the instant on at which it is known.
    pub(crate) notices: Vec<(Instant, Notice)>,
}

/// Updates that a clock goes through: those that happened by some instant, then perhaps some to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    happened: usize,
    /// Number of the first update to come, and how many there are.
    first: usize,
    more: usize,
}

impl Path {
    /// So many updates that happened.
    pub(crate) const fn of(happened: usize) -> Self {
        Self { happened, first: 0, more: 0 }
    }

    /// The same, with what comes by itself until the update of this number.
    pub(crate) const fn until(self, first: usize, update: usize) -> Self {
        let more = update.saturating_sub(first).saturating_add(1);
        Self { first, more, ..self }
    }

    pub(crate) const fn len(self) -> usize {
        self.happened.saturating_add(self.more)
    }

    /// The number of the update at a place.
    pub(crate) const fn update(self, place: usize) -> usize {
        match place.checked_sub(self.happened) {
            None => place,
            Some(more) => self.first.saturating_add(more),
        }
    }

    /// The number of the last update; that of the creation where there is none.
    pub(crate) const fn last(self) -> usize {
        match self.len().checked_sub(1) {
            None => 0,
            Some(last) => self.update(last),
        }
    }

    /// The first so many places.
    pub(crate) fn first(self, places: usize) -> Self {
        let happened = self.happened.min(places);
        Self { happened, more: self.more.min(places.saturating_sub(happened)), ..self }
    }
}

/// Stands in a row for a set in which no policy matches.
pub(crate) const NO_POLICY: u32 = u32::MAX;

impl Timeline {
    /// Orders the ticket's events and matches policies, once for all later evaluations.
    ///
    /// Events and versions recorded after `known_at` are left out; events after the `now` of an evaluation are
    /// left out then.
    ///
    /// # Errors
    /// [`Code::EventBeforeCreation`], [`Code::TooManyEvents`], and for an event not read from a document
    /// what reading would have found wrong with it.
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
        for (index, event) in ticket.events.iter().enumerate() {
            if let Some((place, code, message)) = event.kind.fault() {
                let mut pointer = format!("/events/{index}");
                for key in place {
                    pointer.push('/');
                    pointer.push_str(key);
                }
                return Err(Problem { pointer, ..Problem::whole(code, message) });
            }
        }
        Ok(Builder::new(agreement, ticket, known_at).build())
    }

    /// The ticket's fields after all that happened up to `now`, and the version of the agreement then in force.
    pub(crate) fn fields_at<'t>(
        agreement: &'t Agreement,
        ticket: &'t Ticket,
        known_at: Option<Instant>,
        now: Instant,
    ) -> (Fields<'t>, usize) {
        Builder::new(agreement, ticket, known_at).fields_at(now)
    }

    /// The update of this number.
    pub(crate) fn update(&self, number: usize) -> Option<&Update> {
        match number.checked_sub(self.updates.len()) {
            None => self.updates.get(number),
            Some(later) => self.later.get(later),
        }
    }

    /// The numbers of the updates that come by themselves after the one of this number.
    pub(crate) fn to_come(&self, number: usize) -> core::ops::Range<usize> {
        let list = self.update(number).and_then(|update| usize::try_from(update.ahead).ok());
        let (first, count) = list.and_then(|list| self.aheads.get(list)).copied().unwrap_or_default();
        let first = first.saturating_add(self.updates.len());
        first.max(number.saturating_add(1))..first.saturating_add(count)
    }

    /// When the ticket was created.
    #[must_use]
    pub fn created_at(&self) -> Instant {
        self.created
    }

    /// The earliest instant after `now` at which something that is on the ticket already becomes known or begins or
    /// ends: an event, a correction, an exclusion, a notice, the agreement's validity. All else that changes by itself is told by clocks.
    pub(crate) fn next_fact(&self, now: Instant) -> Option<Instant> {
        let next = self.updates.partition_point(|update| update.at <= now);
        let mut earliest = self.updates.get(next).map_or(i64::MAX, |update| update.at.ms());
        let mut fact = |at: i64| {
            if at > now.ms() {
                earliest = earliest.min(at);
            }
        };
        for exclusion in &self.exclusions {
            // Of exclusions that overlap another one may be named once the first has ended.
            for at in [exclusion.known.ms(), exclusion.from, exclusion.to] {
                fact(at);
            }
        }
        self.notices.iter().for_each(|(at, _)| fact(at.ms()));
        self.gaps.iter().for_each(|(from, _)| fact(*from));
        Instant::from_ms(earliest)
    }

    /// Memory held, in bytes, as far as the ticket's own data goes; texts that notices quote are left out.
    #[must_use]
    pub fn size(&self) -> usize {
        let words = [self.rows.capacity().div_ceil(2), self.bits.capacity(), self.still.capacity()];
        let nested = self.pauses.iter().map(|list| list.capacity().saturating_mul(size_of::<u32>()));
        let lists = [
            self.updates.capacity().saturating_mul(size_of::<Update>()),
            self.causes.capacity().saturating_mul(size_of::<Arc<Cause>>()),
            self.causes.len().saturating_mul(size_of::<Cause>().saturating_add(16)),
            self.pauses.capacity().saturating_mul(size_of::<Vec<u32>>()),
            self.dues.capacity().saturating_mul(size_of::<DueValue>()),
            self.later.capacity().saturating_mul(size_of::<Update>()),
            self.aheads.capacity().saturating_mul(size_of::<(usize, usize)>()),
            self.exclusions.capacity().saturating_mul(size_of::<Exclusion>()),
            self.known.capacity().saturating_mul(size_of::<Known>()),
            self.gaps.capacity().saturating_mul(size_of::<(i64, i64)>()),
            self.notices.capacity().saturating_mul(size_of::<(Instant, Notice)>()),
            size_of::<Self>(),
        ];
        let texts = self.causes.iter().flat_map(|cause| [&cause.party, &cause.reason, &cause.status]);
        let texts = texts.flatten().map(Name::size);
        let words = words.iter().map(|words| words.saturating_mul(8));
        let all = words.chain(nested).chain(lists).chain(texts);
        all.fold(0, usize::saturating_add)
    }

    /// The notice that a part of the ticket's time lies outside the agreement's validity.
    pub(crate) fn outside_validity(&self, updates: &[Update], now: Instant) -> Option<Notice> {
        let last = updates.last()?;
        let from = self.start.map_or(self.created, |start| start.min(self.created));
        let over = last.flags.has(Flags::RESOLVED) || last.flags.has(Flags::MERGED);
        let until = if over { last.at } else { now };
        let gap = self.gaps.iter().find(|(start, end)| *start <= until.ms() && *end > from.ms());
        gap.map(|_| Notice::outside_validity())
    }

    /// Version and policies of a row.
    pub(crate) fn row(&self, agreement: &Agreement, row: u32) -> &[u32] {
        let width = agreement.sets.len().saturating_add(1);
        let from = usize::try_from(row).unwrap_or_default().saturating_mul(width);
        self.rows.get(from..from.saturating_add(width)).unwrap_or_default()
    }

    /// The policy of a clock's set in a row, with the version it is of.
    pub(crate) fn policy(&self, agreement: &Agreement, row: u32, set: usize) -> Option<(u32, u32)> {
        let (version, policies) = self.row(agreement, row).split_first()?;
        policies.get(set).copied().filter(|policy| *policy != NO_POLICY).map(|policy| (*version, policy))
    }

    /// Conditions that hold after the update at this position.
    pub(crate) fn bits_of(&self, agreement: &Agreement, update: usize) -> &[u64] {
        if self.bits.is_empty() {
            return &[];
        }
        let width = agreement.watches.len().div_ceil(64);
        let from = update.saturating_mul(width);
        self.bits.get(from..from.saturating_add(width)).unwrap_or_default()
    }

    /// Conditions that still hold once the update at this position is over.
    pub(crate) fn still_of(&self, agreement: &Agreement, update: usize) -> &[u64] {
        if !agreement.asks_for_events {
            return self.bits_of(agreement, update);
        }
        let width = agreement.watches.len().div_ceil(64);
        let from = update.saturating_mul(width);
        self.still.get(from..from.saturating_add(width)).unwrap_or_default()
    }

    /// What the due field of this number says after the update at this position.
    pub(crate) fn due(&self, agreement: &Agreement, update: usize, number: usize) -> DueValue {
        let place = update.saturating_mul(agreement.due_fields.len()).saturating_add(number);
        self.dues.get(place).copied().unwrap_or_default()
    }
}

/// Whether the bit of a condition is set.
pub(crate) fn bit(bits: &[u64], watch: u32) -> bool {
    let word = usize::try_from(watch >> 6).ok().and_then(|word| bits.get(word));
    word.is_some_and(|word| word >> (watch & 63) & 1 == 1)
}

/// The versions that apply to a ticket, in their order.
pub(crate) fn versions_for(
    agreement: &Agreement,
    created: Instant,
    known_at: Option<Instant>,
) -> Vec<(usize, &Version)> {
    let recorded = |version: &Version| {
        version.recorded_at.zip(known_at).is_none_or(|(recorded, known)| recorded <= known)
    };
    let known = agreement.versions.iter().enumerate().filter(|(_, version)| recorded(version));
    let mut known: Vec<(usize, &Version)> = known.gather();
    if known.is_empty() {
        // Nothing was written down then: the first version is all there is.
        known = agreement.versions.iter().enumerate().take(1).gather();
    }
    if agreement.apply == VersionsApply::TicketStart {
        let begun = known.partition_point(|(_, version)| version.from.is_none_or(|from| from <= created));
        let one = known.get(begun.saturating_sub(1)).copied();
        known = one.into_iter().gather();
    }
    known
}

/// The stretches that these versions do not say to be valid for.
pub(super) fn gaps(versions: &[(usize, &Version)]) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut covered = i64::MIN;
    for (_, version) in versions {
        let from = version.from.map_or(i64::MIN, Instant::ms);
        if from > covered {
            gaps.push((covered, from));
        }
        covered = version.until.map_or(i64::MAX, Instant::ms);
    }
    if covered < i64::MAX {
        gaps.push((covered, i64::MAX));
    }
    gaps
}

/// Whether an event was recorded too late to be known.
pub(super) fn recorded_later(event: &Event, known_at: Option<Instant>) -> bool {
    event.recorded_at.zip(known_at).is_some_and(|(recorded, known)| recorded > known)
}
