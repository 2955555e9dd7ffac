//! The machine: walks a ticket's updates and starts, stops, reopens, re-terms and pauses one clock.

use core::cell::Cell;

use crate::agreement::{
    ANY_DAY, Agreement, Choice, ClockDef, OnChange, OnReopen, PausedFor, Promise, Spec, Target, Term, WatchId,
};
use crate::instant::Instant;
use crate::notice::Notice;
use crate::ticket::{DueValue, Flags, Known, Path, Timeline, Update, bit};

use super::Metric;
use super::cycle::{Around, Cycle, Going, Pausing, Promised};
use super::forecast::{Forecast, Passed};
use super::goal::Ways;
use super::ledger::Ledger;
use super::look_back::Sources;
use super::outcome::{Excused, StopCause};

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

/// One update as the clock sees it.
#[derive(Clone, Copy)]
struct Moment<'a> {
    at: Instant,
    index: usize,
    /// The update before; none before the creation.
    previous: Option<usize>,
    flags: Flags,
    before: Flags,
    bits: &'a [u64],
    bits_before: &'a [u64],
    spec: &'a Spec,
    own_stop: Option<StopCause>,
    resolving: bool,
}

impl Moment<'_> {
    fn holds(&self, watch: Option<WatchId>) -> bool {
        watch.is_some_and(|watch| bit(self.bits, watch))
    }

    /// Whether a condition holds now and did not before.
    fn becomes_true(&self, watch: Option<WatchId>) -> bool {
        self.holds(watch) && watch.is_some_and(|watch| !bit(self.bits_before, watch))
    }

    fn is(&self, flag: u16) -> bool {
        self.flags.has(flag)
    }

    /// The update that held until this one.
    fn held(&self) -> usize {
        self.previous.unwrap_or_default()
    }

    fn reopening(&self) -> bool {
        self.before.has(Flags::RESOLVED) && !self.is(Flags::RESOLVED)
    }
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        agreement: &'a Agreement,
        timeline: &'a Timeline,
        clock: usize,
        exclusions: &'a [(i64, i64)],
        sources: Option<Sources>,
        ledger: Option<Ledger>,
    ) -> Option<Self> {
        let def = agreement.clocks.get(clock)?;
        Some(Self {
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
            ledger,
            notices: Vec::new(),
            held: 0,
            source: 0,
            path: Path::of(0),
            place: 0,
            begun: false,
            replied: false,
            asked: false,
            left_stopped: false,
            own_pauses: Vec::new(),
            plain: Cell::new(None),
        })
    }

    /// Walks the updates before `now` or at it, and counts up to it.
    pub(super) fn run(&mut self, path: Path, now: Instant) {
        self.path = path;
        let timeline = self.timeline;
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

    /// The promise for a cycle that started at `started`, as the ticket was after the update `source`.
    fn promised(&self, source: usize, started: Instant) -> Option<Promised> {
        let row = self.timeline.update(source)?.row;
        if let Some((known, promised)) = self.plain.get()
            && known == row
        {
            return promised;
        }
        let (agreement, timeline) = (self.agreement, self.timeline);
        let promise = promise_in(agreement, timeline, self.clock, row);
        let promised = promise.and_then(|promise| chosen(promise, agreement, timeline, source, started));
        if promise.is_none_or(|promise| promise.plain.is_some()) {
            self.plain.set(Some((row, promised)));
        }
        promised
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

    fn moment(&self, update: &Update) -> Moment<'a> {
        let (agreement, timeline) = (self.agreement, self.timeline);
        let index = self.path.update(self.place);
        let previous = self.place.checked_sub(1).map(|place| self.path.update(place));
        let before = previous.and_then(|index| timeline.update(index)).map(|update| update.flags);
        let before = before.unwrap_or_default();
        let bits = timeline.bits_of(agreement, index);
        let bits_before = previous.map(|index| timeline.still_of(agreement, index)).unwrap_or_default();
        let spec = self.spec(index);
        let flags = update.flags;
        let resolving = flags.has(Flags::RESOLVED) && !before.has(Flags::RESOLVED);
        let stops = |flag: u16, cause: StopCause| flags.has(flag).then_some(cause);
        let own_stop = match self.def.metric {
            Metric::FirstResponse | Metric::NextResponse | Metric::PeriodicUpdate => {
                stops(Flags::REPLIED, StopCause::Reply)
            }
            Metric::Assignment => stops(Flags::ASSIGNED, StopCause::Assigned),
            Metric::Ownership => stops(Flags::GROUP_CHANGED, StopCause::HandedOver),
            Metric::Plan | Metric::Custom => {
                spec.stop.is_some_and(|stop| bit(bits, stop)).then_some(StopCause::Condition)
            }
            Metric::Resolution | Metric::RequesterWait | Metric::AgentWork => None,
        };
        Moment { at: update.at, index, previous, flags, before, bits, bits_before, spec, own_stop, resolving }
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
        self.note_judging_anew(source, &moment);
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
    fn note_judging_anew(&mut self, source: usize, moment: &Moment<'_>) {
        if self.sources.is_none() || self.place == 0 || source == self.source || moment.is(Flags::VERSION) {
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

    /// Stops an open cycle; answers whether it is to start anew.
    fn stop(&mut self, cycle: &mut Cycle, moment: &Moment<'_>) -> bool {
        let at = moment.at;
        let previous = moment.held();
        if cycle.is_over() {
            let resolved = matches!(cycle.going, Going::Stopped(_, StopCause::Resolved));
            cycle.answered |= resolved && moment.is(Flags::RESOLVED) && moment.own_stop.is_some();
            return false;
        }
        let cancel = moment.becomes_true(moment.spec.cancel);
        let reset = moment.becomes_true(moment.spec.reset);
        let ends = moment.own_stop.is_some() || moment.resolving || moment.is(Flags::MERGED);
        if !(ends || cancel || reset) {
            return false;
        }
        let mut around = self.around(moment.bits_before, moment.bits, previous);
        if let Some(cause) = moment.own_stop {
            cycle.stop(at, cause, &mut around);
        } else if moment.resolving && !cancel {
            cycle.stop(at, StopCause::Resolved, &mut around);
        } else if moment.is(Flags::MERGED) || cancel {
            cycle.end(at, &mut around);
            self.asked = false;
        } else if reset {
            cycle.stop(at, StopCause::Reset, &mut around);
            return true;
        }
        false
    }

    /// Goes on with a cycle that resolving had stopped, or starts the next.
    fn reopen(
        &mut self,
        mut cycle: Box<Cycle>,
        moment: &Moment<'_>,
        promised: Option<Promised>,
        reset: &mut bool,
    ) -> Box<Cycle> {
        let stopped = matches!(cycle.going, Going::Stopped(_, StopCause::Resolved));
        let closed = moment.is(Flags::RESOLVED) || moment.is(Flags::MERGED);
        if !stopped || closed || self.left_stopped || self.def.metric.begins_anew() {
            return cycle;
        }
        let Some(term) = promised.and_then(|promised| self.agreement.term(promised.term)) else {
            return cycle;
        };
        // A promise that restarts what it takes over leaves the stopped cycle its verdict.
        let changed = cycle.promised.is_some() && !Promised::same(cycle.promised, promised, self.agreement);
        let restarts = changed && term.on_change == OnChange::Restart;
        let continues = match term.on_reopen {
            OnReopen::Ignore => {
                self.left_stopped = true;
                return cycle;
            }
            OnReopen::Continue => !restarts,
            OnReopen::Restart => false,
        };
        if continues {
            // Answered while the ticket was resolved: there is nothing left to wait for.
            if !cycle.answered {
                cycle.reopen(moment.at, &mut self.around(moment.bits_before, moment.bits, moment.held()));
                // What reopens a ticket may also answer it.
                *reset = self.stop(&mut cycle, moment);
            }
            return cycle;
        }
        let stops = moment.own_stop.is_some() || moment.holds(moment.spec.cancel);
        let starts = match self.def.metric {
            // A message must be left to answer.
            Metric::NextResponse => self.asked && !stops,
            Metric::Custom => !stops,
            _ => true,
        };
        if starts {
            cycle = self.next_cycle(cycle, moment);
            self.stop_at_start(&mut cycle, moment);
        }
        cycle
    }

    /// Ends a cycle that has started together with what it waits for, or what cancels it.
    fn stop_at_start(&mut self, cycle: &mut Cycle, moment: &Moment<'_>) {
        let mut around = self.around(moment.bits, moment.bits, moment.index);
        if let Some(cause) = moment.own_stop {
            cycle.stop(moment.at, cause, &mut around);
        } else if moment.holds(moment.spec.cancel) {
            cycle.end(moment.at, &mut around);
        }
    }

    fn next_cycle(&mut self, cycle: Box<Cycle>, moment: &Moment<'_>) -> Box<Cycle> {
        let number = cycle.number.saturating_add(1);
        self.earlier.push(cycle);
        // It may have started on another day of the week.
        let promised = self.promised(self.source, moment.at);
        let around = self.around(moment.bits, moment.bits, moment.index);
        let mut cycle = Cycle::start(number, moment.at, promised, &around);
        self.originally_due(&mut cycle, moment.index);
        cycle
    }

    /// Another policy, or none, takes over an open cycle.
    fn change(
        &mut self,
        mut cycle: Box<Cycle>,
        moment: &Moment<'_>,
        promised: Option<Promised>,
    ) -> Box<Cycle> {
        let (at, previous, agreement) = (moment.at, moment.held(), self.agreement);
        let mut around = self.around(moment.bits_before, moment.bits, previous);
        if cycle.started == at {
            cycle.begin_under(promised, &around);
            self.originally_due(&mut cycle, moment.index);
            return cycle;
        }
        let term = promised.and_then(|promised| agreement.term(promised.term));
        let restarts = term.is_some_and(|term| term.on_change == OnChange::Restart)
            && !Promised::same(cycle.promised, promised, around.agreement);
        // A cycle that no policy asked for just now is taken up again, and a new version carries on.
        if restarts && cycle.promised.is_some() && !moment.is(Flags::VERSION) {
            cycle.end(at, &mut around);
            return self.next_cycle(cycle, moment);
        }
        let first = cycle.judge.is_none();
        if first {
            cycle.count(at, &mut around);
            if let Some(term) = term {
                self.settle(&mut cycle, term);
            }
        }
        cycle.carry(at, promised, &mut self.around(moment.bits_before, moment.bits, previous));
        if first {
            self.originally_due(&mut cycle, moment.index);
        }
        cycle
    }

    /// Counts time before the first promise as that one says: on its calendar, less what pauses it.
    fn settle(&mut self, cycle: &mut Cycle, term: &Term) {
        for (from, until, update) in cycle.take_uncounted() {
            let pausing = self.timeline.update(update).filter(|_| until > self.timeline.created);
            let pausing = pausing.and_then(|known| {
                let bits = self.timeline.bits_of(self.agreement, update);
                let own = term.pause.filter(|pause| bit(bits, *pause)).map(|_| known.at);
                self.pausing_by(&term.pauses, known, own)
            });
            let ways = Ways::of(term, self.exclusions);
            cycle.count_late(from, until, &ways, pausing.is_some());
            if let Some(ledger) = self.ledger.as_mut().filter(|_| pausing.is_some()) {
                ledger.pause(cycle.number, from, pausing);
            }
        }
    }

    /// Starts a cycle where none is open and something calls for one.
    fn begin(&mut self, moment: &Moment<'_>, source: usize, reset: bool) {
        let replied_before = self.replied;
        self.note_messages(moment);
        if moment.is(Flags::MERGED) || self.current.as_ref().is_some_and(|cycle| !cycle.is_over()) {
            return;
        }
        let metric = self.def.metric;
        let resolved = moment.is(Flags::RESOLVED);
        let with_ticket = !self.begun && moment.is(Flags::BEGUN);
        let first = self.place == 0;
        let cancelled = moment.holds(moment.spec.cancel);
        let stops = moment.own_stop.is_some() || cancelled;
        let starts = match metric {
            Metric::NextResponse => {
                // One that waits for a policy to be reopened under goes on then.
                let waits = self.current.as_ref().is_some_and(|cycle| {
                    matches!(cycle.going, Going::Stopped(_, StopCause::Resolved)) && !cycle.answered
                });
                self.asked && !waits && !resolved && !self.left_stopped && !cancelled
            }
            Metric::PeriodicUpdate => {
                let replied = moment.is(Flags::REPLIED) || moment.reopening();
                with_ticket || (self.begun && !resolved && replied && !cancelled)
            }
            Metric::Ownership => {
                let got = moment.is(Flags::GROUP_CHANGED) || moment.reopening();
                moment.is(Flags::GROUP_SET) && got && (first || !resolved) && !cancelled
            }
            Metric::Custom => {
                let fires = match moment.spec.start {
                    Some(_) => moment.becomes_true(moment.spec.start),
                    None => with_ticket,
                };
                fires && !stops
            }
            _ => with_ticket,
        };
        self.begun |= moment.is(Flags::BEGUN);
        let starts_anew = reset && !resolved && !stops;
        if !starts && !starts_anew {
            return;
        }
        let by_itself = metric == Metric::Custom && moment.spec.start.is_none();
        let begins = with_ticket && (metric.starts_with_ticket() || by_itself);
        let at = self.timeline.start.filter(|start| begins && *start <= moment.at).unwrap_or(moment.at);
        let promised = self.promised(source, at);
        let number = self.current.as_ref().map_or(0, |cycle| cycle.number).saturating_add(1);
        let around = self.around(moment.bits, moment.bits, moment.index);
        let mut cycle = Cycle::start(number, at, promised, &around);
        if with_ticket && metric.starts_with_ticket() {
            // A first reply before the clock was let run is a first reply all the same.
            let answered = (metric == Metric::FirstResponse && replied_before).then_some(StopCause::Reply);
            let own_stop = moment.own_stop.or(answered).filter(|_| metric != Metric::PeriodicUpdate);
            self.stop_at_start(&mut cycle, &Moment { own_stop, ..*moment });
        }
        let mut around = self.around(moment.bits, moment.bits, moment.index);
        if !cycle.is_over()
            && resolved
            && (begins && metric != Metric::Custom || first && metric == Metric::Ownership)
        {
            cycle.stop(moment.at, StopCause::Resolved, &mut around);
        }
        self.originally_due(&mut cycle, moment.index);
        self.earlier.extend(self.current.replace(cycle));
    }

    fn note_messages(&mut self, moment: &Moment<'_>) {
        if moment.is(Flags::REPLIED) {
            self.asked = false;
        } else if moment.is(Flags::ASKED) && self.replied {
            // What cancels the clock cancels a message that it would start for.
            let cancelled = moment.holds(moment.spec.cancel) && !moment.is(Flags::RESOLVED);
            let open = self.current.as_ref().is_some_and(|cycle| !cycle.is_over());
            self.asked |= open || !cancelled;
        }
        self.replied |= moment.is(Flags::REPLIED);
    }

    /// Extensions and excuses of this update.
    fn correct(&mut self, moment: &Moment<'_>) {
        let (timeline, clock) = (self.timeline, self.clock);
        let first = timeline.known.partition_point(|known| known.at() < moment.at);
        let now = timeline.known.iter().skip(first).take_while(|known| known.at() == moment.at);
        let mut extended: i64 = 0;
        for known in now.filter(|known| known.clock() == clock) {
            let name = self.def.name.as_str();
            match known {
                Known::Extend { by, event, .. } => {
                    if self.current.as_ref().is_some_and(|cycle| !cycle.is_over()) {
                        extended = extended.saturating_add(by.ms());
                    } else {
                        self.notices.push(Notice::nothing_to_extend(name, format!("/events/{event}/extend")));
                    }
                }
                Known::Excuse { at, cycle, reason, event, .. } => {
                    let last = self
                        .current
                        .as_deref()
                        .or(self.earlier.last().map(|cycle| &**cycle))
                        .map(|cycle| cycle.number);
                    let excused = cycle.or(last).and_then(|number| self.numbered(number));
                    match excused {
                        Some(known) => {
                            known.excused = Some(Excused { at: *at, reason: reason.clone().into() });
                        }
                        None => {
                            let pointer = format!("/events/{event}/excuse");
                            self.notices.push(Notice::nothing_to_excuse(name, pointer));
                        }
                    }
                }
            }
        }
        if let Some(mut cycle) = self.current.take() {
            if extended > 0 {
                let mut around = self.around(moment.bits_before, moment.bits, moment.held());
                cycle.extend(moment.at, extended, &mut around);
            }
            self.current = Some(cycle);
        }
    }

    /// The cycle of a number: they are numbered as they come.
    fn numbered(&mut self, number: u32) -> Option<&mut Cycle> {
        if self.current.as_ref().is_some_and(|cycle| cycle.number == number) {
            return self.current.as_deref_mut();
        }
        let place = self.earlier.partition_point(|cycle| cycle.number < number);
        self.earlier.get_mut(place).map(|cycle| &mut **cycle).filter(|cycle| cycle.number == number)
    }

    /// Pauses or resumes the open cycle, as the ticket now is.
    fn pause(&mut self, update: &Update) {
        let Some(mut cycle) = self.current.take() else { return };
        if !cycle.is_over() {
            let (agreement, timeline) = (self.agreement, self.timeline);
            let bits = timeline.bits_of(agreement, self.path.update(self.place));
            let previous = self.place.checked_sub(1).map(|place| self.path.update(place));
            let bits_before =
                previous.map(|previous| timeline.still_of(agreement, previous)).unwrap_or_default();
            let held = previous.unwrap_or_default();
            let pausing = self.pausing(&cycle, update, bits);
            // Alerts with a condition look at it as it was up to here, and a ledger names the update behind.
            let conditional = cycle.judging(self.agreement).is_none_or(|term| term.conditional);
            if conditional || self.ledger.is_some() {
                // Of time before the ticket was there, its creation is all that is known.
                let before = if previous.is_none() { bits } else { bits_before };
                cycle.count(update.at, &mut self.around(before, bits, held));
            }
            if cycle.going != pausing.map_or(Going::Running, Going::Paused) {
                cycle.set_paused(update.at, pausing, &mut self.around(bits_before, bits, held));
            }
        }
        self.current = Some(cycle);
    }

    /// Since when a condition that holds has done so.
    fn held_since(&mut self, pause: WatchId, now: Instant) -> Instant {
        let known = self.own_pauses.iter().position(|(known, ..)| *known == pause);
        let before =
            known.and_then(|place| self.own_pauses.get(place)).map(|(_, since, seen)| (*since, *seen));
        let first = before.map_or(0, |(_, seen)| seen.saturating_add(1));
        let (path, place) = (self.path, self.place);
        let held = |place: &usize| bit(self.timeline.still_of(self.agreement, path.update(*place)), pause);
        let at = |place: usize| self.timeline.update(path.update(place)).map_or(now, |update| update.at);
        let since = match (first..place).rev().take_while(held).last() {
            // Nothing was between, or it held all the while since it was last seen.
            None if first >= place => before.map_or(now, |(since, _)| since),
            Some(begin) if begin == first => before.map_or(at(begin), |(since, _)| since),
            Some(begin) => at(begin),
            None => now,
        };
        let entry = (pause, since, place);
        match known.and_then(|place| self.own_pauses.get_mut(place)) {
            Some(slot) => *slot = entry,
            None => self.own_pauses.push(entry),
        }
        since
    }

    fn pausing(&mut self, cycle: &Cycle, update: &Update, bits: &[u64]) -> Option<Pausing> {
        let term = cycle.judge.and_then(|judge| self.agreement.term(judge.term));
        let own = term.and_then(|term| term.pause).filter(|pause| bit(bits, *pause));
        let own_pause = own.map(|pause| self.held_since(pause, update.at));
        match term {
            Some(term) => self.pausing_by(&term.pauses, update, own_pause),
            // Whether a pause counts is for the first promise to say.
            None => None,
        }
    }

    /// What pauses a clock that pauses for these parties, and, since an instant, by a condition of its own.
    fn pausing_by(&self, parties: &PausedFor, update: &Update, own: Option<Instant>) -> Option<Pausing> {
        let list = usize::try_from(update.pauses).ok().and_then(|list| self.timeline.pauses.get(list))?;
        let cause = |number: &u32| self.timeline.causes.get(usize::try_from(*number).ok()?);
        let pauses = |number: &&u32| cause(number).is_some_and(|cause| parties.holds(cause.party.as_deref()));
        let first = list.iter().find(pauses).and_then(|number| Some((*number, cause(number)?.since)));
        match (first, own) {
            (Some((number, since)), own) if own.is_none_or(|own| since <= own) => {
                Some(Pausing::Ticket(number))
            }
            (_, Some(since)) => Some(Pausing::Condition(since)),
            (Some((number, _)), None) => Some(Pausing::Ticket(number)),
            (None, None) => None,
        }
    }
}

/// The promise for a cycle of a clock that started at `started`, as the ticket was after the update `source`.
pub(super) fn promised(
    agreement: &Agreement,
    timeline: &Timeline,
    clock: usize,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    let update = timeline.update(source)?;
    promised_in(agreement, timeline, clock, update.row, source, started)
}

/// The promise to a clock under the policies of a row.
fn promise_in<'a>(
    agreement: &'a Agreement,
    timeline: &Timeline,
    clock: usize,
    row: u32,
) -> Option<&'a Promise> {
    let set = agreement.clocks.get(clock)?.set;
    let (version, policy) = timeline.policy(agreement, row, set)?;
    agreement.promise(version, policy, clock)
}

/// As [`promised`], under the policies of a row.
pub(super) fn promised_in(
    agreement: &Agreement,
    timeline: &Timeline,
    clock: usize,
    row: u32,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    chosen(promise_in(agreement, timeline, clock, row)?, agreement, timeline, source, started)
}

/// What a promise says to a cycle that started at `started`, as the ticket was after the update `source`.
fn chosen(
    promise: &Promise,
    agreement: &Agreement,
    timeline: &Timeline,
    source: usize,
    started: Instant,
) -> Option<Promised> {
    if let Some(term) = promise.plain {
        return Some(Promised { term, due: DueValue::None });
    }
    let mut passed = None;
    let mut fits = |choice: &&Choice| {
        let bits = timeline.bits_of(agreement, source);
        if passed == Some(choice.case) || !choice.watches.iter().all(|watch| bit(bits, *watch)) {
            return false;
        }
        passed = Some(choice.case);
        let on = |term: &Term| choice.days >> term.weekday(started, choice.week.as_ref()) & 1 == 1;
        let day = || agreement.term(choice.term).is_some_and(on);
        choice.days == ANY_DAY || day()
    };
    let term = promise.choices.iter().find(&mut fits)?.term;
    match agreement.term(term)?.target {
        Target::Field { number, .. } => {
            let due = timeline.due(agreement, source, number);
            (due != DueValue::None).then_some(Promised { term, due })
        }
        _ => Some(Promised { term, due: DueValue::None }),
    }
}
