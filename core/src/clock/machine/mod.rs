//! The machine: walks a ticket's updates and starts, stops, reopens, re-terms and pauses one clock.

mod correction;
mod moment;
mod pause;
mod promise;
mod start;
mod transition;

use core::cell::Cell;

use crate::agreement::{Agreement, ClockDef, OnChange, Spec, WatchId};
use crate::instant::Instant;
use crate::notice::Notice;
use crate::ticket::{Flags, Path, Timeline, Update};

use super::Metric;
use super::cycle::{Around, Cycle, Going};
use super::forecast::{Forecast, Passed};
use super::ledger::Ledger;
use super::look_back::Sources;
use super::outcome::StopCause;
use super::promised::Promised;
use moment::Moment;
pub(super) use promise::{promised, promised_in};

/// One clock on its way through a ticket.
pub(super) struct Machine<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) timeline: &'a Timeline,
    pub(super) clock: usize,
    pub(super) def: &'a ClockDef,
    /// The flags that it looks at.
    watched: u16,
    pub(super) exclusions: &'a [(i64, i64)],
    pub(super) sources: Option<Sources>,
    /// The last place at which a policy took over that judges all that was before it, with its update.
    pub(super) judged_anew: Option<(usize, usize)>,
    #[expect(clippy::vec_box, reason = "a cycle is large, and comes here from its box")]
    pub(super) earlier: Vec<Box<Cycle>>,
    /// Boxed, since every update takes it out and puts it back.
    pub(super) current: Option<Box<Cycle>>,
    pub(super) ledger: Option<Ledger>,
    pub(super) notices: Vec<Notice>,
    /// The update whose policies and fields hold for the clock.
    held: usize,
    /// The update whose promise the present one asks for.
    source: usize,
    /// The updates that it goes through, and the place of the present one.
    path: Path,
    place: usize,
    /// The clock started with the ticket once.
    begun: bool,
    /// An agent has replied in public.
    replied: bool,
    /// A public message of a requester after that is not answered.
    asked: bool,
    /// A reopening was ignored: the clock stays stopped.
    left_stopped: bool,
    /// Conditions of its own that pause the clock: each since when it holds, and the place it was last seen at.
    own_pauses: Vec<(WatchId, Instant, usize)>,
    /// The last row whose promise depends on nothing else, with it: most updates keep the row.
    plain: Cell<Option<(u32, Option<Promised>)>>,
}

/// What of an update is new to a clock: that it looks at nothing else saves most of the way through a ticket.
enum News {
    None,
    Pauses,
    Any,
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        agreement: &'a Agreement,
        timeline: &'a Timeline,
        (clock, def): (usize, &'a ClockDef),
        exclusions: &'a [(i64, i64)],
        path: Path,
        noted: bool,
    ) -> Self {
        let sources = def.looks_back.then(|| Sources::new(agreement, timeline, clock, path));
        Self {
            agreement,
            timeline,
            clock,
            def,
            watched: Flags::ALWAYS | Flags::used_by(def.metric),
            exclusions,
            sources,
            judged_anew: None,
            earlier: Vec::new(),
            current: None,
            ledger: noted.then(Ledger::default),
            notices: Vec::new(),
            held: 0,
            source: 0,
            path,
            place: 0,
            begun: false,
            replied: false,
            asked: false,
            left_stopped: false,
            own_pauses: Vec::new(),
            plain: Cell::new(None),
        }
    }

    /// Lives through the path, counted up to `now`. Where a policy took over that judges all that was before it, it goes
    /// through the path again as if the last such one had held from the start.
    pub(super) fn live(&mut self, now: Instant) {
        self.run(now);
        if let Some((place, update)) = self.judged_anew
            && let Some(sources) = self.sources.take()
        {
            let at = self.timeline.update(self.path.update(place)).map_or(now, |update| update.at);
            let (own, noted) = ((self.clock, self.def), self.ledger.is_some());
            *self = Self::new(self.agreement, self.timeline, own, self.exclusions, self.path, noted);
            self.sources = Some(sources.judged_anew(place, update, at));
            self.run(now);
        }
    }

    /// Walks the updates before `now` or at it, and counts up to it.
    fn run(&mut self, now: Instant) {
        let (timeline, path) = (self.timeline, self.path);
        let mut before: Option<&Update> = None;
        for place in 0..path.len() {
            let number = path.update(place);
            let Some(update) = timeline.update(number) else { continue };
            self.place = place;
            let was_resolved = before.is_some_and(|before| before.flags.has(Flags::RESOLVED));
            // A change while the ticket is resolved takes effect at the reopening.
            if !(was_resolved && update.flags.has(Flags::RESOLVED)) {
                self.held = number;
            }
            match before.map_or(News::Any, |before| self.news(before, update)) {
                News::Any => self.step(update),
                News::Pauses => self.pause(update),
                News::None => {}
            }
            before = Some(update);
        }
        let last = path.last();
        let bits = self.timeline.bits_of(self.agreement, last);
        if let Some(mut cycle) = self.current.take() {
            cycle.count(now, &mut self.around(bits, bits, last));
            self.current = Some(cycle);
        }
    }

    /// All cycles in their order.
    pub(super) fn cycles(&self) -> impl Iterator<Item = &Cycle> {
        self.earlier.iter().chain(&self.current).map(|cycle| &**cycle)
    }

    /// The due instant as computed at the start, with later versions that were known then.
    fn originally_due(&self, cycle: &mut Cycle, update: usize) {
        let Some(promised) = cycle.promised.filter(|_| self.timeline.aheads.len() > 1) else { return };
        let none: &[u64] = &[];
        let around = Around {
            agreement: self.agreement,
            exclusions: &[],
            bits_before: none,
            bits: none,
            update,
            ledger: None,
        };
        let (agreement, from) = (self.agreement, cycle.started);
        let fresh = Cycle::start(cycle.number, from, Some(promised), &around);
        let passed = Passed::of(agreement, self.timeline, self.clock, &fresh, update, from, Vec::new);
        // Which versions were to come may have changed since then.
        cycle.steady = false;
        cycle.original_due =
            Forecast { agreement, cycle: &fresh, exclusions: None, from, passed: passed.as_deref() }.due();
    }

    fn around<'s>(&'s mut self, bits_before: &'s [u64], bits: &'s [u64], update: usize) -> Around<'s> {
        let ledger = self.ledger.as_mut();
        Around { agreement: self.agreement, exclusions: self.exclusions, bits_before, bits, update, ledger }
    }

    /// Whether it starts where clocks that start with the ticket do.
    fn starts_with_ticket(&self) -> bool {
        match self.def.metric {
            Metric::Custom => self.spec(self.held).start.is_none(),
            metric => metric.starts_with_ticket(),
        }
    }

    /// When a clock that has not started will at an instant that the ticket names.
    pub(super) fn starts_at(&self, now: Instant) -> Option<Instant> {
        let unborn = self.path.len() == 0;
        let last = self.timeline.update(self.path.last());
        let merged = last.is_some_and(|last| last.flags.has(Flags::MERGED));
        let to_come = |start: &Instant| unborn || (*start > now && !self.begun && !merged);
        self.timeline.start.filter(to_come).filter(|_| self.starts_with_ticket())
    }

    /// Whether it starts with the ticket at the last update.
    pub(super) fn starts_now(&self) -> bool {
        let begins =
            |number: usize| self.timeline.update(number).is_some_and(|update| update.flags.has(Flags::BEGUN));
        let before = self.path.len().checked_sub(2).map(|place| self.path.update(place));
        self.starts_with_ticket() && begins(self.path.last()) && !before.is_some_and(begins)
    }

    /// The promise for a clock that has not started yet.
    pub(super) fn promised_pending(&self, started: Instant) -> Option<Promised> {
        let last = self.path.len().saturating_sub(1);
        let source = self.sources.as_ref().map_or(self.held, |sources| sources.of(last));
        self.promised(source, started)
    }

    /// Conditions of the clock in the version that is in force after an update.
    fn spec(&self, update: usize) -> &'a Spec {
        const NONE: &Spec = &Spec { start: None, stop: None, reset: None, cancel: None };
        let version = match &*self.agreement.versions {
            [only] => Some(only),
            versions => {
                let row = self.timeline.update(update).map_or(0, |update| update.row);
                let version = self.timeline.row(self.agreement, row).first();
                version.and_then(|version| versions.get(usize::try_from(*version).ok()?))
            }
        };
        version.and_then(|version| version.specs.get(self.clock)).unwrap_or(NONE)
    }

    /// What of an update is new to the clock.
    fn news(&self, before: &Update, update: &Update) -> News {
        let (was, is) = (before.flags.0 & self.watched, update.flags.0 & self.watched);
        // What later versions promise is part of what a cycle is due by.
        let ahead = update.ahead != before.ahead;
        if !update.same || ahead || is != was & !Flags::EVENTS || self.sources.is_some() {
            return News::Any;
        }
        // Promises and pauses are of open cycles, and a ledger has their stretches from update to update.
        match &self.current {
            Some(cycle) if !cycle.is_over() => {
                if update.row != before.row {
                    News::Any
                } else if update.pauses != before.pauses || self.ledger.is_some() {
                    News::Pauses
                } else {
                    News::None
                }
            }
            // A reopening waits for a policy that promises the clock.
            Some(cycle)
                if update.row != before.row
                    && matches!(cycle.going, Going::Stopped(_, StopCause::Resolved)) =>
            {
                News::Any
            }
            _ => News::None,
        }
    }

    fn step(&mut self, update: &Update) {
        let moment = self.moment(update);
        let source = self.sources.as_ref().map_or(self.held, |sources| sources.of(self.place));
        if self.sources.is_some() {
            self.note_judging_anew(source, &moment);
        }
        self.source = source;
        let mut reset = false;
        if let Some(mut cycle) = self.current.take() {
            reset = self.stop(&mut cycle, &moment);
            // What has stopped by itself is neither reopened nor promised anything else.
            if !cycle.is_over() || matches!(cycle.going, Going::Stopped(_, StopCause::Resolved)) {
                let promised = self.promised(source, cycle.started);
                cycle = self.reopen(cycle, &moment, promised, &mut reset);
                // What has just started may have done so on another day of the week.
                let promised =
                    if cycle.started == moment.at { self.promised(source, moment.at) } else { promised };
                // One that starts here is due as later versions will have it after all of this instant, and a date that
                // lies in the past tells only those who are to be told after all of it.
                let again = self.timeline.aheads.len() > 1 || cycle.goal.has_date();
                let starts = cycle.started == moment.at && again;
                if !cycle.is_over() && (cycle.promised != promised || starts) {
                    cycle = self.change(cycle, &moment, promised);
                }
            }
            self.current = Some(cycle);
        }
        self.begin(&moment, source, reset);
        if moment.is(Flags::CORRECTED) {
            self.correct(&moment);
        }
        self.pause(update);
    }

    /// Whether another policy takes over, for the last cycle so far, that judges all that was before.
    #[inline(never)]
    fn note_judging_anew(&mut self, source: usize, moment: &Moment<'_>) {
        if self.place == 0 || source == self.source || moment.is(Flags::VERSION) {
            return;
        }
        let started = self.current.as_ref().map_or(self.timeline.created, |cycle| cycle.started);
        let (before, next) = (self.promised(self.source, started), self.promised(source, started));
        let term = next.and_then(|next| self.agreement.term(next.term));
        if term.is_some_and(|term| term.on_change == OnChange::Retroactive)
            && !Promised::same(before, next, self.agreement)
        {
            self.judged_anew = Some((self.place, source));
        }
    }
}
