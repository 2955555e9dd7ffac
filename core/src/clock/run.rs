//! One clock of a ticket at an instant: runs the machine, and the corrections that need it to run twice.

use crate::agreement::{Agreement, TermId};
use crate::document::Absent;
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::interval::merged;
use crate::notice::Notice;
use crate::ticket::{Exclusion, Timeline, Update};

use super::counting::Counting;
use super::cycle::{Around, Cycle, Pausing};
use super::exclusions::Exclusions;
use super::ledger::Ledger;
use super::look_back::Sources;
use super::machine::Machine;
use super::outcome::ClockResult;
use super::verdict::Verdicts;

/// A clock at an instant, beside its result.
pub(crate) struct Clock {
    /// The earliest later instant at which something happens to it.
    pub(crate) next_event: Option<Instant>,
    pub(crate) notices: Vec<Notice>,
    /// An instant of the result lies beyond the range.
    pub(crate) beyond_range: bool,
}

/// The exclusions of a clock that are known by an instant.
fn exclusions_for(timeline: &Timeline, clock: usize, known: Instant) -> Vec<(i64, i64)> {
    if timeline.exclusions.is_empty() {
        return Vec::new();
    }
    let concerned = timeline.exclusions.iter().filter(|exclusion| exclusion.concerns(clock, known));
    merged(concerned.map(|exclusion| (exclusion.from, exclusion.to)).gather())
}

/// A part of a cycle in which nothing about it changed, for explanations.
pub(crate) struct Span {
    pub(crate) cycle: u32,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    /// When what holds in it began.
    pub(crate) since: Instant,
    pub(crate) pausing: Option<Pausing>,
    /// Between a stop by resolving and the reopening that went on with the cycle.
    pub(crate) resolved: bool,
    pub(crate) term: Option<TermId>,
}

/// The parts of all cycles of a clock up to `now`, in order; none where no policy ever promised it.
pub(crate) fn explain(agreement: &Agreement, clock: usize, timeline: &Timeline, now: Instant) -> Vec<Span> {
    let count = timeline.updates.partition_point(|update| update.at <= now);
    let updates = timeline.updates.get(..count).unwrap_or_default();
    let exclusions = exclusions_for(timeline, clock, now);
    let looks_back = agreement.clocks.get(clock).is_some_and(|def| def.looks_back);
    let sources = looks_back.then(|| Sources::new(agreement, timeline, clock, updates));
    let ledger = Some(Ledger::default());
    let machine = Machine::new(agreement, timeline, clock, &exclusions, sources.as_ref(), ledger);
    let Some(mut machine) = machine else { return Vec::new() };
    machine.run(updates, now);
    let stretches = machine.ledger.take().map(|ledger| ledger.stretches).unwrap_or_default();
    let mut spans: Vec<Span> = Vec::new();
    for cycle in machine.cycles() {
        if cycle.judge.is_none() {
            continue;
        }
        // Cycles follow one another, and so do their stretches.
        let begin = stretches.partition_point(|stretch| stretch.cycle < cycle.number);
        let own = stretches.iter().skip(begin).take_while(|stretch| stretch.cycle == cycle.number);
        // Time before the first promise was counted by it.
        let first = own.clone().find_map(|stretch| stretch.promised).or(cycle.judge);
        let mut begun = false;
        for stretch in own {
            begun |= stretch.promised.is_some();
            let promised = if begun { stretch.promised } else { first };
            let term = promised.map(|promised| promised.term);
            match spans.last_mut() {
                Some(last)
                    if last.cycle == stretch.cycle
                        && last.until == stretch.from
                        && (last.pausing, last.resolved, last.term)
                            == (stretch.pausing, stretch.resolved, term) =>
                {
                    last.until = stretch.until;
                }
                _ => spans.push(Span {
                    cycle: stretch.cycle,
                    from: stretch.from,
                    until: stretch.until,
                    since: stretch.from,
                    pausing: stretch.pausing,
                    resolved: stretch.resolved,
                    term,
                }),
            }
        }
        // After the last promise nobody waits for anything.
        while spans.last().is_some_and(|last| last.cycle == cycle.number && last.term.is_none()) {
            spans.pop();
        }
    }
    spans
}

/// Adds the result of the clock of this number at `now`; none where no policy ever promised it. `updates` are those
/// up to `now`.
pub(crate) fn run(
    agreement: &Agreement,
    clock: usize,
    timeline: &Timeline,
    updates: &[Update],
    now: Instant,
    out: &mut Vec<ClockResult>,
) -> Option<Clock> {
    let def = agreement.clocks.get(clock)?;
    let exclusions = exclusions_for(timeline, clock, now);
    let excludes = !exclusions.is_empty();
    let sources = def.looks_back.then(|| Sources::new(agreement, timeline, clock, updates));
    let ledger = excludes.then(Ledger::default);
    let mut machine = Machine::new(agreement, timeline, clock, &exclusions, sources.as_ref(), ledger)?;
    machine.run(updates, now);
    let last = updates.len().saturating_sub(1);
    // Of exclusions that touch one another the first tells why, so that nothing changes until the last ends.
    let around_now = exclusions.get(exclusions.partition_point(|(_, to)| *to <= now.ms()));
    let around_now = around_now.filter(|(from, _)| *from <= now.ms()).copied();
    let known = excludes.then(|| Exclusions::new(timeline, clock, now));
    let covers = |exclusion: &&Exclusion| {
        exclusion.concerns(clock, now) && around_now.is_some_and(|(from, _)| from == exclusion.from)
    };
    let mut verdicts = Verdicts {
        agreement,
        def,
        timeline,
        now,
        exclusions: &exclusions,
        excluded: if excludes {
            timeline.exclusions.iter().filter(covers).min_by_key(|exclusion| exclusion.from)
        } else {
            None
        },
        known: known.as_ref(),
        ahead: Vec::new(),
        last,
        clock,
        beyond_range: false,
        next_event: None,
    };
    let notices = core::mem::take(&mut machine.notices);
    let corrected = corrected(&machine, sources.as_ref(), known.as_ref(), now);
    let mut judge = |cycle: &Cycle, results: &mut Vec<ClockResult>| {
        let result = verdicts.cycle(cycle, results)?;
        if corrected.binary_search(&cycle.number).is_ok() {
            result.corrected = Absent(Some(true));
        }
        Some(())
    };
    let mut earlier = Vec::with_capacity(machine.earlier.len());
    for cycle in &machine.earlier {
        judge(cycle, &mut earlier);
    }
    let current = match &machine.current {
        Some(cycle) => judge(cycle, out),
        None => {
            // Not started: of a ticket still to be created, or of one that waits for something.
            let born = if updates.is_empty() { born(agreement, clock, timeline) } else { None };
            let starts = born.as_ref().map(|_| timeline.created).or(machine.starts_at(now));
            let at = starts.unwrap_or(timeline.created);
            let promised = machine.promised_pending(last, at)?;
            let around = Around {
                agreement,
                exclusions: &[],
                bits_before: &[],
                bits: &[],
                update: last,
                ledger: None,
            };
            let cycle = Cycle::start(1, at, Some(promised), &around);
            verdicts.pending(&cycle, starts, born.as_deref()).map(|result| out.push(result))
        }
    };
    if current.is_none() {
        out.push(earlier.pop()?);
    }
    if let Some(result) = out.last_mut().filter(|_| !earlier.is_empty()) {
        result.earlier = Absent(Some(earlier));
    }
    Some(Clock { next_event: verdicts.next_event, notices, beyond_range: verdicts.beyond_range })
}

/// The cycle that the creation of a ticket will begin.
fn born(agreement: &Agreement, clock: usize, timeline: &Timeline) -> Option<Box<Cycle>> {
    let creation = timeline.updates.get(..1)?;
    let mut machine = Machine::new(agreement, timeline, clock, &[], None, None)?;
    machine.run(creation, timeline.created);
    machine.current
}

/// Numbers of the finished cycles whose figures were changed after they had ended, in order.
fn corrected(
    machine: &Machine<'_>,
    sources: Option<&Sources>,
    known: Option<&Exclusions>,
    now: Instant,
) -> Vec<u32> {
    let cycles = || machine.cycles();
    let before = sources.and_then(Sources::before).and_then(|(at, sources)| {
        let updates = machine.timeline.updates.get(..at).unwrap_or_default();
        let until = machine.timeline.updates.get(at).map_or(now, |update| update.at);
        let (agreement, clock, exclusions) = (machine.agreement, machine.clock, machine.exclusions);
        let mut before = Machine::new(agreement, machine.timeline, clock, exclusions, Some(&sources), None)?;
        before.run(updates, until);
        Some((before.earlier, before.current, until))
    });
    let rejudged = |cycle: &Cycle| {
        let Some((earlier, current, until)) = &before else { return false };
        if cycle.ended_at().is_none_or(|ended| ended > *until) {
            return false;
        }
        let place = earlier.partition_point(|known| known.number < cycle.number);
        let was = earlier
            .get(place)
            .map(|cycle| &**cycle)
            .or(current.as_deref())
            .filter(|known| known.number == cycle.number);
        was.is_none_or(|was| cycle.differs(was, machine.agreement))
    };
    let stretches = machine.ledger.as_ref().map(|ledger| ledger.stretches.as_slice()).unwrap_or_default();
    let excluded = |cycle: &Cycle| {
        let (Some(ended), Some(known)) = (cycle.ended_at(), known) else { return false };
        let first = stretches.partition_point(|stretch| stretch.cycle < cycle.number);
        let own = stretches.get(first..).unwrap_or_default().iter();
        let own = own.take_while(|stretch| stretch.cycle == cycle.number);
        let mut ran = own.filter(|stretch| stretch.pausing.is_none() && !stretch.resolved);
        ran.any(|stretch| {
            let term = stretch.promised.and_then(|promised| machine.agreement.term(promised.term));
            let calendar = term.map(|term| term.calendar.timetable());
            known.between(stretch.from, stretch.until).any(|(from, until, since)| {
                let counts = |calendar| Counting { calendar, ..Counting::default() }.plain(from, until) > 0;
                since > ended.ms() && (counts(calendar) || (cycle.goal.wall.is_some() && counts(None)))
            })
        })
    };
    let changed = |cycle: &&Cycle| rejudged(cycle) || excluded(cycle);
    cycles().filter(changed).map(|cycle| cycle.number).gather()
}
