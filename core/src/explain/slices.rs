//! Cuts the spans of a clock into slices with one reason each.

use crate::agreement::{Agreement, Term};
use crate::calendar::{ClosedKind, ClosedReason};
use crate::clock::{Pausing, Span};
use crate::document::{Absent, words};
use crate::evaluate::Options;
use crate::instant::Instant;
use crate::interval::Gather as _;
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
    ticket: &'a Ticket,
    timeline: &'a Timeline,
    options: Options,
    exclusions: Vec<&'a Exclusion>,
    /// How many more slices there may be; none when there were too many.
    pub(super) left: Option<usize>,
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
        ticket: &'a Ticket,
        timeline: &'a Timeline,
        options: Options,
        clock: usize,
        left: usize,
    ) -> Self {
        let concerns = |exclusion: &&Exclusion| exclusion.concerns(clock, options.now);
        let exclusions = timeline.exclusions.iter().filter(concerns).gather();
        Self { agreement, ticket, timeline, options, exclusions, left: Some(left) }
    }

    /// Positions of the events of an instant.
    fn events_at(&self, at: Instant) -> Vec<u32> {
        let known = |recorded: Option<Instant>| {
            recorded.zip(self.options.known_at).is_none_or(|(recorded, known)| recorded <= known)
        };
        let events = (0..).zip(&self.ticket.events);
        events
            .filter(|(_, event)| event.at == at && known(event.recorded_at))
            .map(|(place, _)| place)
            .gather()
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
        let since = cause.map_or(span.since, |cause| cause.since);
        let part = Part { why, term, cause, exclusion: None, events: self.events_at(since) };
        let mut at = span.from;
        while at < span.until {
            let covers = |exclusion: &&&Exclusion| exclusion.from <= at.ms() && at.ms() < exclusion.to;
            let exclusion = self.exclusions.iter().find(covers).copied().filter(|_| term.is_some());
            let until = match exclusion {
                Some(exclusion) => Instant::clamped(exclusion.to),
                None => {
                    let later =
                        self.exclusions.iter().map(|exclusion| exclusion.from).filter(|from| *from > at.ms());
                    later.min().map_or(span.until, Instant::clamped)
                }
            };
            let until = until.min(span.until);
            match exclusion {
                Some(_) => {
                    let events =
                        exclusion.map(|exclusion| self.events_at(exclusion.known)).unwrap_or_default();
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
            self.push(from, until, false, part, None, cycle);
            return;
        };
        let mut at = from;
        while at < until && self.left.is_some() {
            let open = term.calendar.is_open(at);
            let end = if open { term.calendar.next_close(at) } else { term.calendar.next_open(at) };
            let end = end.unwrap_or(until).min(until);
            if open || part.why != Why::Counted {
                self.push(at, end, open, part, None, cycle);
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
                    self.push(from, until, false, part, Some(reason), cycle);
                }
            }
            at = end;
        }
    }

    fn push(
        &mut self,
        from: Instant,
        until: Instant,
        open: bool,
        part: &Part<'_>,
        reason: Option<ClosedReason>,
        cycle: &mut CycleExplanation,
    ) {
        self.left = self.left.and_then(|left| left.checked_sub(1));
        if self.left.is_none() {
            return;
        }
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
            part: Absent(reason.as_ref().and_then(|reason| reason.part.clone())),
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
