//! Cuts the spans of a clock into slices with one reason each.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::agreement::{Agreement, Term};
use crate::calendar::{ClosedKind, ClosedReason};
use crate::clock::{Pausing, Span};
use crate::document::{Absent, words};
use crate::evaluate::Options;
use crate::instant::Instant;
use crate::interval::{Gather as _, sort};
use crate::name::Name;
use crate::ticket::{Cause, Exclusion, Ticket, Timeline};
use crate::zone::Zone;

use super::{CycleExplanation, Slice};

words! {
    /// Why a slice counts or not. Of several reasons the first of this list, after `counted`, is told.
    pub enum Why as "a reason" {
        /// The clock ran and the calendar was open.
        Counted = "counted",
        /// Nobody promised anything then.
        NoPolicy = "no_policy",
        /// It was found later not to count.
        Excluded = "excluded",
        /// The ticket was resolved.
        Resolved = "resolved",
        /// The clock was paused.
        Paused = "paused",
        /// Closed by the hours of a special day.
        SpecialDay = "special_day",
        /// Closed by a holiday.
        Holiday = "holiday",
        /// Closed by the hours of the week.
        Weekday = "weekday",
        /// Closed while another calendar is open.
        Except = "except",
        /// The calendar never opens.
        Never = "never",
    }
}

impl From<ClosedKind> for Why {
    fn from(kind: ClosedKind) -> Self {
        match kind {
            ClosedKind::SpecialDay => Self::SpecialDay,
            ClosedKind::Holiday => Self::Holiday,
            ClosedKind::Weekday => Self::Weekday,
            ClosedKind::Except => Self::Except,
            ClosedKind::Never => Self::Never,
        }
    }
}

pub(super) struct Slicer<'a> {
    agreement: &'a Agreement,
    timeline: &'a Timeline,
    events: &'a Events,
    /// Stretches of excluded time in order, each with the exclusion that tells why.
    exclusions: Vec<(i64, i64, &'a Exclusion)>,
    /// How many more slices there may be; none when there were too many.
    pub(super) left: Option<usize>,
}

/// A slice that quotes long texts or many events counts for so many bytes as one more.
const BYTES_OF_A_SLICE: usize = 1000;

/// Instants and positions of a ticket's events, in this order.
pub(super) struct Events(Vec<(i64, i64)>);

impl Events {
    pub(super) fn new(ticket: &Ticket, options: Options) -> Self {
        let known = (0..).zip(&ticket.events).filter(|(_, event)| {
            event.recorded_at.zip(options.known_at).is_none_or(|(recorded, known)| recorded <= known)
        });
        let mut events: Vec<(i64, i64)> = known.map(|(place, event)| (event.at.ms(), place)).gather();
        sort(&mut events);
        Self(events)
    }

    /// Positions of the events of an instant.
    fn at(&self, at: Instant) -> Vec<u32> {
        let first = self.0.partition_point(|(known, _)| *known < at.ms());
        let events = self.0.get(first..).unwrap_or_default().iter();
        let events = events.take_while(|(known, _)| *known == at.ms());
        events.filter_map(|(_, place)| u32::try_from(*place).ok()).gather()
    }
}

fn bytes(texts: &[&Option<Name>]) -> usize {
    texts
        .iter()
        .filter_map(|text| text.as_ref())
        .map(|text| text.as_str().len())
        .fold(0, usize::saturating_add)
}

/// Cuts exclusions that overlap: of several the one that comes first on the ticket tells why, up to its end.
fn cut<'a>(exclusions: &[&'a Exclusion]) -> Vec<(i64, i64, &'a Exclusion)> {
    let mut starts: Vec<(i64, i64)> = exclusions.iter().map(|exclusion| exclusion.from).zip(0..).gather();
    sort(&mut starts);
    let mut starts = starts.into_iter().peekable();
    let mut begun = BinaryHeap::new();
    let mut stretches = Vec::with_capacity(exclusions.len());
    let mut at = i64::MIN;
    loop {
        while let Some((_, place)) = starts.next_if(|(from, _)| *from <= at) {
            begun.push(Reverse(place));
        }
        let first = begun.peek().and_then(|Reverse(place)| exclusions.get(usize::try_from(*place).ok()?));
        match (first, starts.peek()) {
            (Some(first), _) if first.to > at => {
                stretches.push((at, first.to, *first));
                at = first.to;
            }
            (Some(_), _) => drop(begun.pop()),
            (None, Some((from, _))) => at = *from,
            (None, None) => return stretches,
        }
    }
}

/// What the calendar says of a slice.
enum Hours {
    /// Open, by the hours of this part where it is made of others.
    Open(Option<Name>),
    /// Closed, and why.
    Closed(Option<ClosedReason>),
}

/// What is the same for all slices of a part of a span.
struct Part<'a> {
    why: Why,
    term: Option<&'a Term>,
    cause: Option<&'a Cause>,
    exclusion: Option<&'a Exclusion>,
    events: Vec<u32>,
}

impl<'a> Slicer<'a> {
    pub(super) fn new(
        agreement: &'a Agreement,
        timeline: &'a Timeline,
        events: &'a Events,
        now: Instant,
        clock: usize,
        left: usize,
    ) -> Self {
        let concerns = |exclusion: &&Exclusion| exclusion.concerns(clock, now);
        let exclusions: Vec<&Exclusion> = timeline.exclusions.iter().filter(concerns).gather();
        Self { agreement, timeline, events, exclusions: cut(&exclusions), left: Some(left) }
    }

    /// Adds the slices of a span to its cycle.
    pub(super) fn slice(&mut self, span: &Span, cycle: &mut CycleExplanation) {
        let term = span.term.and_then(|term| self.agreement.term(term));
        let cause = match span.pausing {
            Some(Pausing::Ticket(cause)) => {
                usize::try_from(cause).ok().and_then(|cause| self.timeline.causes.get(cause))
            }
            _ => None,
        };
        let why = match (term, span.resolved, span.pausing) {
            (None, ..) => Why::NoPolicy,
            (_, true, _) => Why::Resolved,
            (_, _, Some(_)) => Why::Paused,
            _ => Why::Counted,
        };
        let since = cause.map_or(span.from, |cause| cause.since);
        let part = Part {
            why,
            term,
            cause: cause.map(|cause| &**cause),
            exclusion: None,
            events: self.events.at(since),
        };
        let mut at = span.from;
        while at < span.until {
            let next = self.exclusions.partition_point(|(_, to, _)| *to <= at.ms());
            let next = self.exclusions.get(next).filter(|_| term.is_some());
            let exclusion = next.filter(|(from, ..)| *from <= at.ms()).map(|(.., exclusion)| *exclusion);
            let until = match (next, exclusion) {
                (Some((_, to, _)), Some(_)) => Instant::clamped(*to),
                (Some((from, ..)), None) => Instant::clamped(*from),
                (None, _) => span.until,
            };
            let until = until.min(span.until);
            match exclusion {
                Some(_) => {
                    let events =
                        exclusion.map(|exclusion| self.events.at(exclusion.known)).unwrap_or_default();
                    let part = Part { why: Why::Excluded, term, cause: None, exclusion, events };
                    self.by_hours(at, until, &part, cycle);
                }
                None => self.by_hours(at, until, &part, cycle),
            }
            if self.left.is_none() {
                return;
            }
            at = until;
        }
    }

    /// Cuts a part where the calendar opens and closes.
    fn by_hours(&mut self, from: Instant, until: Instant, part: &Part<'_>, cycle: &mut CycleExplanation) {
        let Some(term) = part.term else {
            self.push(from, until, Hours::Closed(None), part, cycle);
            return;
        };
        let mut at = from;
        while at < until && self.left.is_some() {
            let open = term.calendar.is_open(at);
            let end = if open { term.calendar.next_close(at) } else { term.calendar.next_open(at) };
            let end = end.unwrap_or(until).min(until);
            if open {
                let mut from = at;
                while from < end && self.left.is_some() {
                    let (whose, until) = term.calendar.open_part(from);
                    let until = until.min(end);
                    self.push(from, until, Hours::Open(whose), part, cycle);
                    from = until;
                }
            } else if part.why != Why::Counted {
                self.push(at, end, Hours::Closed(None), part, cycle);
            } else {
                let mut reasons = Vec::new();
                let most = self.left.unwrap_or_default().saturating_add(1);
                let mut note = |from: Instant, until: Instant, reason: ClosedReason| {
                    if reasons.len() < most {
                        reasons.push((from, until, reason));
                    }
                };
                term.dates(|zone: &Zone| {
                    term.calendar.closed_because(at, end, zone, &mut note);
                    Some(())
                });
                for (from, until, reason) in reasons {
                    self.push(from, until, Hours::Closed(Some(reason)), part, cycle);
                }
            }
            at = end;
        }
    }

    fn push(
        &mut self,
        from: Instant,
        until: Instant,
        hours: Hours,
        part: &Part<'_>,
        cycle: &mut CycleExplanation,
    ) {
        let quoted = [
            part.exclusion.map_or(0, |exclusion| bytes(&[&exclusion.party, &exclusion.reason])),
            part.cause.map_or(0, |cause| bytes(&[&cause.party, &cause.reason, &cause.status])),
            part.events.len().saturating_mul(size_of::<u32>()),
        ];
        let quoted = quoted.iter().fold(0_usize, |all, bytes| all.saturating_add(*bytes));
        let cost = quoted.checked_div(BYTES_OF_A_SLICE).unwrap_or(0).saturating_add(1);
        self.left = self.left.and_then(|left| left.checked_sub(cost));
        if self.left.is_none() {
            return;
        }
        let (open, whose, reason) = match hours {
            Hours::Open(whose) => (true, whose, None),
            Hours::Closed(reason) => (false, None, reason),
        };
        let duration_ms = until.since(from).ms();
        let why = reason.as_ref().map_or(part.why, |reason| reason.kind.into());
        let counted = why == Why::Counted;
        if counted {
            cycle.elapsed_ms = cycle.elapsed_ms.saturating_add(duration_ms);
        }
        let special = || part.term.filter(|_| counted).and_then(|term| term.calendar.open_because(from));
        let name = match &reason {
            Some(reason) => reason.name.clone(),
            None => special(),
        };
        let (party, why_so) = match part.exclusion {
            Some(exclusion) => (exclusion.party.clone(), exclusion.reason.clone()),
            None => part.cause.map_or((None, None), |cause| (cause.party.clone(), cause.reason.clone())),
        };
        cycle.slices.push(Slice {
            from,
            until,
            duration_ms,
            counted,
            why,
            open,
            name: Absent(name),
            observed: Absent(reason.as_ref().map(|reason| reason.observed).filter(|observed| *observed)),
            part: Absent(whose.or_else(|| reason.as_ref().and_then(|reason| reason.part.clone()))),
            weekday: Absent(reason.as_ref().and_then(|reason| reason.weekday)),
            party: Absent(party),
            reason: Absent(why_so),
            status: Absent(part.cause.and_then(|cause| cause.status.clone())),
            policy: Absent(part.term.map(|term| term.policy.clone())),
            calendar: Absent(part.term.map(|term| term.calendar_name.clone())),
            events: part.events.clone(),
            total_ms: cycle.elapsed_ms,
        });
    }
}
