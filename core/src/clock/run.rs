//! One clock of a ticket at an instant: runs the machine, and the corrections that need it to run twice.

use crate::agreement::Agreement;
use crate::document::Absent;
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::interval::merged;
use crate::notice::Notice;
use crate::ticket::{Exclusion, Path, Timeline, Update};

use super::counting::Counting;
use super::cycle::{Around, Cycle};
use super::exclusions::Exclusions;
use super::ledger::{Span, spans};
use super::machine::Machine;
use super::outcome::{ClockResult, State};
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
pub(super) fn exclusions_for(timeline: &Timeline, clock: usize, known: Instant) -> Vec<(i64, i64)> {
    if timeline.exclusions.is_empty() {
        return Vec::new();
    }
    let concerned = timeline.exclusions.iter().filter(|exclusion| exclusion.concerns(clock, known));
    merged(concerned.map(|exclusion| (exclusion.from, exclusion.to)).gather())
}

/// Adds the result of the clock of this number at `now`; none where no policy has promised it, and nothing at all where
/// none will by itself. `updates` are those up to `now`. For explanations, `parts` takes what the figures were counted from.
pub(crate) fn run(
    agreement: &Agreement,
    number: usize,
    timeline: &Timeline,
    updates: &[Update],
    now: Instant,
    out: &mut Vec<ClockResult>,
    parts: Option<&mut Vec<Span>>,
) -> Option<Clock> {
    let path = Path::of(updates.len());
    let place = out.len();
    let looked = look(agreement, number, timeline, path, (now, now), out, parts);
    // What comes by itself may change the clock, or how it goes on: the creation, a start, versions.
    let to_come = timeline.to_come(path.last());
    let creation = updates.is_empty().then_some((Path::of(1), timeline.created));
    let born = Path::of(updates.len().max(1));
    let later = to_come.clone().filter_map(|number| {
        let at = timeline.update(number)?.at;
        Some((born.until(to_come.start, number), at)).filter(|_| at > now)
    });
    let mut comes = creation.into_iter().chain(later);
    let then = |path, at, then: &mut Vec<ClockResult>| {
        look(agreement, number, timeline, path, (at, now), then, None)
    };
    let Some(Look { mut clock, .. }) = looked else {
        // Nobody promises it yet: it comes with the first that does.
        let (_, at) = comes.find(|(path, at)| then(*path, *at, &mut Vec::new()).is_some())?;
        return Some(Clock { next_event: Some(at), notices: Vec::new(), beyond_range: false });
    };
    if let Some(found) = out.get_mut(place).filter(|_| updates.is_empty() || !to_come.is_empty()) {
        clock.beyond_range |= look_ahead(found, comes, then);
    }
    let change = out.get(place).and_then(|found| found.next_change_at);
    clock.next_event = [clock.next_event, change].into_iter().flatten().min();
    Some(clock)
}

/// Finds when what comes by itself changes a clock, and when one that waits to be started is due; answers whether that lies
/// beyond the range.
fn look_ahead(
    found: &mut ClockResult,
    to_come: impl Iterator<Item = (Path, Instant)>,
    look: impl Fn(Path, Instant, &mut Vec<ClockResult>) -> Option<Look>,
) -> bool {
    let mut beyond_range = false;
    let mut changed = false;
    let mut waits = found.state == State::Pending;
    for (path, at) in to_come {
        let unchanged = !changed && found.next_change_at.is_none_or(|change| change > at);
        if !unchanged && !waits {
            break;
        }
        let mut then = Vec::new();
        let looked = look(path, at, &mut then);
        let then = then.pop();
        let starts = looked.as_ref().is_some_and(|look| look.starts)
            && then.as_ref().is_some_and(|then| then.state != State::Pending);
        if unchanged {
            changed = starts || then.as_ref().is_none_or(|then| !then.stands_as(found));
            let next = then.as_ref().and_then(|then| then.next_change_at);
            found.next_change_at = if changed { Some(at) } else { next };
        }
        if let Some(then) = then.filter(|_| waits && starts) {
            waits = false;
            found.due_at = Absent(then.due_at.0.or(then.due_if_resumed_now.0));
            found.original_due_at = then.original_due_at;
            beyond_range = looked.is_some_and(|look| look.clock.beyond_range);
        }
    }
    beyond_range
}

/// A clock as it stands somewhere on a path.
struct Look {
    clock: Clock,
    /// Clocks that start with the ticket do so at the last update.
    starts: bool,
}

/// The clock after the updates of a path, with what was known at an instant. Its next change is that of time alone.
fn look(
    agreement: &Agreement,
    clock: usize,
    timeline: &Timeline,
    path: Path,
    (now, known): (Instant, Instant),
    out: &mut Vec<ClockResult>,
    parts: Option<&mut Vec<Span>>,
) -> Option<Look> {
    let def = agreement.clocks.get(clock)?;
    let exclusions = exclusions_for(timeline, clock, known);
    let excludes = !exclusions.is_empty();
    let noted = excludes || parts.is_some();
    let mut machine = Machine::new(agreement, timeline, (clock, def), &exclusions, path, noted);
    machine.live(now);
    if let Some(parts) = parts {
        *parts = spans(&machine);
    }
    let pieces = excludes.then(|| Exclusions::new(timeline, clock, known));
    let covers = |exclusion: &&Exclusion| {
        exclusion.concerns(clock, known) && exclusion.from <= now.ms() && now.ms() < exclusion.to
    };
    let mut verdicts = Verdicts {
        agreement,
        def,
        timeline,
        now,
        told: known,
        exclusions: &exclusions,
        excluded: if excludes {
            timeline.exclusions.iter().filter(covers).min_by_key(|exclusion| exclusion.from)
        } else {
            None
        },
        known: pieces.as_ref(),
        passed: None,
        last: path.last(),
        clock,
        beyond_range: false,
        next_event: None,
    };
    let notices = core::mem::take(&mut machine.notices);
    let retroactive = machine.sources.as_ref().and_then(|sources| sources.retroactive);
    let corrected = if retroactive.is_some() || excludes {
        corrected(&machine, timeline, path, known, retroactive, pieces.as_ref())
    } else {
        Vec::new()
    };
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
            let at = machine.starts_at(now).unwrap_or(timeline.created);
            let promised = machine.promised_pending(at)?;
            let around = Around {
                agreement,
                exclusions: &[],
                bits_before: &[],
                bits: &[],
                update: path.last(),
                ledger: None,
            };
            let cycle = Cycle::start(1, at, Some(promised), &around);
            verdicts.pending(&cycle).map(|result| out.push(result))
        }
    };
    if current.is_none() {
        out.push(earlier.pop()?);
    }
    if let Some(result) = out.last_mut().filter(|_| !earlier.is_empty()) {
        result.earlier = Absent(Some(earlier));
    }
    let clock = Clock { next_event: verdicts.next_event, notices, beyond_range: verdicts.beyond_range };
    // The creation starts whatever it starts.
    let starts = machine.starts_now() || (path.len() == 1 && now == timeline.created && known < now);
    Some(Look { clock, starts })
}

/// Of finished cycles the last ones are compared with what they were at their ends, as many as this many updates take; of
/// others only what was counted is, since to live the ticket again for each of very many would never end.
const MOST_WALKED: usize = 100_000;

/// Numbers of the finished cycles whose figures were changed after they had ended, in order.
#[inline(never)]
fn corrected(
    machine: &Machine<'_>,
    timeline: &Timeline,
    path: Path,
    known: Instant,
    retroactive: Option<Instant>,
    pieces: Option<&Exclusions>,
) -> Vec<u32> {
    let mut corrected = Vec::new();
    let (agreement, clock) = (machine.agreement, machine.clock);
    let finished = || machine.cycles().filter_map(|cycle| Some((cycle, cycle.judged_until()?)));
    let stretches = machine.ledger.as_ref().map(|ledger| ledger.stretches.as_slice()).unwrap_or_default();
    let most = MOST_WALKED.checked_div(path.len()).unwrap_or(MOST_WALKED);
    let fully_compared = finished().count().saturating_sub(most);
    for (place, (cycle, ended)) in finished().enumerate() {
        let late = pieces.is_some_and(|pieces| {
            pieces.between(cycle.started, ended).any(|(_, _, since)| since > ended.ms())
        });
        if !late && retroactive.is_none_or(|at| at <= ended) {
            continue;
        }
        if place >= fully_compared {
            let places = (0..path.len()).take_while(|place| {
                timeline.update(path.update(*place)).is_some_and(|update| update.at <= ended)
            });
            let until = path.first(places.count());
            let exclusions = exclusions_for(timeline, clock, ended.min(known));
            let own = (clock, machine.def);
            let mut then = Machine::new(agreement, timeline, own, &exclusions, until, false);
            then.live(ended);
            let before = then.cycles().find(|before| before.number == cycle.number);
            if before.is_none_or(|before| cycle.differs(before, agreement)) {
                corrected.push(cycle.number);
            }
            continue;
        }
        let Some(pieces) = pieces else { continue };
        let first = stretches.partition_point(|stretch| stretch.cycle < cycle.number);
        let own = stretches.get(first..).unwrap_or_default().iter();
        let own = own.take_while(|stretch| stretch.cycle == cycle.number);
        let mut ran = own.filter(|stretch| stretch.pausing.is_none() && !stretch.resolved);
        let changed = ran.any(|stretch| {
            let term = stretch.promised.and_then(|promised| machine.agreement.term(promised.term));
            let calendar = term.map(|term| term.calendar.timetable());
            pieces.between(stretch.from, stretch.until).any(|(from, until, since)| {
                let counts = |calendar| Counting { calendar, ..Counting::default() }.plain(from, until) > 0;
                since > ended.ms() && (counts(calendar) || (cycle.goal.wall.is_some() && counts(None)))
            })
        });
        if changed {
            corrected.push(cycle.number);
        }
    }
    corrected
}
