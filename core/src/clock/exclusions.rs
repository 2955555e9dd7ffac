//! The exclusions of a clock as pieces of time, by when each became known: what is over keeps what was known at its
//! end, and a ticket may have as many exclusions as runs.

use core::cell::{Cell, RefCell};

use crate::instant::Instant;
use crate::interval::{Gather as _, sort};
use crate::ticket::Timeline;
use crate::timetable::Timetable;

use super::counting::Counting;

/// So many calendars keep their totals at once, and so many totals in all; another one takes the place of that which
/// was asked least lately.
const MOST_CALENDARS: usize = 64;
const MOST_TOTALS: usize = 4 << 20;

/// A stretch of time that some exclusion covers, known from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) known: i64,
}

/// All exclusions of one clock: disjoint pieces in the order of time, with running totals for each calendar.
pub(super) struct Exclusions {
    pub(super) pieces: Vec<Piece>,
    /// When each piece became known and its position, in this order.
    order: Vec<(i64, i64)>,
    /// Pieces that are known later do not count.
    until: Cell<i64>,
    sums: RefCell<Vec<Sums>>,
}

/// Running totals of the pieces on one calendar, as a tree of partial sums: pieces come in as they become known.
struct Sums {
    /// Whose they are: none for all time.
    calendar: Option<*const Timetable>,
    tree: Vec<i64>,
    /// How many pieces have come in, in the order in which they became known.
    taken: usize,
}

impl Exclusions {
    /// The pieces known by `now`.
    #[inline(never)]
    pub(super) fn new(timeline: &Timeline, clock: usize, now: Instant) -> Self {
        let concerned = timeline.exclusions.iter().filter(|exclusion| exclusion.concerns(clock, now));
        let ranges: Vec<(i64, i64, i64)> =
            concerned.map(|exclusion| (exclusion.known.ms(), exclusion.from, exclusion.to)).gather();
        let pieces = pieces(ranges);
        let mut order: Vec<(i64, i64)> = pieces.iter().map(|piece| piece.known).zip(0..).gather();
        sort(&mut order);
        Self { pieces, order, until: Cell::new(now.ms()), sums: RefCell::default() }
    }

    /// From here on only what was known at an instant counts.
    pub(super) fn know_until(&self, at: Instant) {
        self.until.set(at.ms());
    }

    /// The parts of pieces within `[from, until)`, in order, each with when it became known.
    pub(super) fn between(
        &self,
        from: Instant,
        until: Instant,
    ) -> impl Iterator<Item = (Instant, Instant, i64)> + '_ {
        let first = self.pieces.partition_point(|piece| piece.to <= from.ms());
        let pieces = self.pieces.iter().skip(first).take_while(move |piece| piece.from < until.ms());
        pieces.map(move |piece| {
            let (begin, end) = (Instant::clamped(piece.from), Instant::clamped(piece.to));
            (begin.max(from), end.min(until), piece.known)
        })
    }

    /// The first instant from `at` on that is not excluded; where time ran until an exclusion from `from` on, that is
    /// its first.
    pub(super) fn out_of(&self, from: Instant, at: Instant) -> Option<Instant> {
        let counts = |piece: &&Piece| piece.known <= self.until.get();
        let first = self.pieces.partition_point(|piece| piece.to <= at.ms());
        let around = self.pieces.get(first).filter(counts).filter(|piece| piece.from <= at.ms());
        let Some(around) = around else { return Some(at) };
        let before = first.checked_sub(1).and_then(|before| self.pieces.get(before)).filter(counts);
        let begins = before.is_none_or(|before| before.to < around.from);
        if begins && around.from == at.ms() && at != from {
            return Some(at);
        }
        let mut end = around.to;
        for piece in self.pieces.iter().skip(first.saturating_add(1)).take_while(counts) {
            if piece.from > end {
                break;
            }
            end = piece.to;
        }
        Instant::from_ms(end)
    }

    /// Time of a calendar that the pieces take from `[from, until)`; of all time without a calendar.
    pub(super) fn taken(&self, calendar: Option<&Timetable>, from: Instant, until: Instant) -> i64 {
        self.with_sums(calendar, |sums| {
            let before = self.before(sums, calendar, until);
            before.saturating_sub(self.before(sums, calendar, from))
        })
    }

    /// The earliest instant by which so much has been counted since `from`.
    pub(super) fn due(&self, calendar: Option<&Timetable>, from: Instant, ms: i64) -> Option<Instant> {
        let way = Counting { calendar, ..Counting::default() };
        let taken = self.with_sums(calendar, |sums| {
            let gone = self.before(sums, calendar, from);
            // The pieces that begin before it is due; counted time only grows from one to the next.
            let (mut low, mut high) =
                (self.pieces.partition_point(|piece| piece.from <= from.ms()), self.pieces.len());
            while low < high {
                let middle = low.midpoint(high);
                let start = self.pieces.get(middle).map_or(i64::MAX, |piece| piece.from);
                let plain = way.plain(from, Instant::clamped(start));
                if plain.saturating_sub(sums.total(middle).saturating_sub(gone)) >= ms {
                    high = middle;
                } else {
                    low = middle.saturating_add(1);
                }
            }
            sums.total(low).saturating_sub(gone)
        });
        way.plain_due(from, ms.saturating_add(taken))
    }

    /// Time that the pieces take before an instant.
    fn before(&self, sums: &Sums, calendar: Option<&Timetable>, at: Instant) -> i64 {
        let count = self.pieces.partition_point(|piece| piece.from < at.ms());
        let whole = sums.total(count);
        let last = count.checked_sub(1).and_then(|last| self.pieces.get(last));
        match last.filter(|last| last.to > at.ms() && last.known <= self.until.get()) {
            Some(last) => whole.saturating_sub(open(calendar, at.ms(), last.to)),
            None => whole,
        }
    }

    /// Calls `with` with the totals on a calendar, of all pieces known by now.
    fn with_sums(&self, calendar: Option<&Timetable>, with: impl FnOnce(&Sums) -> i64) -> i64 {
        let mut all = self.sums.borrow_mut();
        let whose = calendar.map(core::ptr::from_ref);
        let mut sums = match all.iter().position(|sums| sums.calendar == whose) {
            Some(place) => all.remove(place),
            None => {
                let most =
                    MOST_TOTALS.checked_div(self.pieces.len()).map_or(1, |most| most.min(MOST_CALENDARS));
                if !all.is_empty() && all.len() >= most {
                    all.remove(0);
                }
                Sums { calendar: whose, tree: vec![0; self.pieces.len()], taken: 0 }
            }
        };
        let until = self.until.get();
        while let Some((_, place)) = self.order.get(sums.taken).filter(|(known, _)| *known <= until) {
            let place = usize::try_from(*place).unwrap_or_default();
            if let Some(piece) = self.pieces.get(place) {
                sums.take(place, open(calendar, piece.from, piece.to));
            }
            sums.taken = sums.taken.saturating_add(1);
        }
        let result = with(&sums);
        all.push(sums);
        result
    }
}

fn open(calendar: Option<&Timetable>, from: i64, to: i64) -> i64 {
    Counting { calendar, ..Counting::default() }.plain(Instant::clamped(from), Instant::clamped(to))
}

impl Sums {
    fn take(&mut self, place: usize, open: i64) {
        let mut place = place;
        while let Some(node) = self.tree.get_mut(place) {
            *node = node.saturating_add(open);
            place |= place.saturating_add(1);
        }
    }

    /// Of the first so many pieces.
    fn total(&self, count: usize) -> i64 {
        let (mut count, mut total) = (count, 0_i64);
        while let Some(last) = count.checked_sub(1) {
            total = total.saturating_add(self.tree.get(last).copied().unwrap_or_default());
            count &= last;
        }
        total
    }
}

/// Cuts ranges, in the order in which they became known, into disjoint pieces that the first of them covers.
fn pieces(ranges: Vec<(i64, i64, i64)>) -> Vec<Piece> {
    let mut edges: Vec<(i64, i64)> = Vec::with_capacity(ranges.len().saturating_mul(2));
    for (_, from, to) in &ranges {
        edges.extend([(*from, 0), (*to, 0)]);
    }
    sort(&mut edges);
    edges.dedup();
    let mut known: Vec<i64> = vec![i64::MAX; edges.len()];
    // For each stretch between two edges the next one that nobody covers, itself perhaps.
    let mut next: Vec<usize> = (0..=edges.len()).gather();
    let free = |next: &mut Vec<usize>, mut place: usize| {
        while let Some(after) = next.get(place).copied().filter(|after| *after != place) {
            let further = next.get(after).copied().unwrap_or(after);
            if let Some(slot) = next.get_mut(place) {
                *slot = further;
            }
            place = further;
        }
        place
    };
    for (from_when, from, to) in ranges {
        let mut place = free(&mut next, edges.partition_point(|(edge, _)| *edge < from));
        while edges.get(place).is_some_and(|(edge, _)| *edge < to) {
            if let Some(slot) = known.get_mut(place) {
                *slot = from_when;
            }
            if let Some(slot) = next.get_mut(place) {
                *slot = place.saturating_add(1);
            }
            place = free(&mut next, place);
        }
    }
    let mut pieces: Vec<Piece> = Vec::with_capacity(edges.len());
    for ((pair, known), place) in edges.windows(2).zip(&known).zip(0_usize..) {
        let [(from, _), (to, _)] = pair else { continue };
        if next.get(place) == Some(&place) {
            continue;
        }
        match pieces.last_mut() {
            Some(last) if last.to == *from && last.known == *known => last.to = *to,
            _ => pieces.push(Piece { from: *from, to: *to, known: *known }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(from: i64, to: i64, known: i64) -> Piece {
        Piece { from, to, known }
    }

    #[test]
    fn a_piece_is_known_as_soon_as_anything_that_covers_it_is() {
        let ranges = vec![(1, 10, 20), (2, 0, 12), (2, 18, 30), (3, 5, 40), (3, 40, 41)];
        let wanted = [piece(0, 10, 2), piece(10, 20, 1), piece(20, 30, 2), piece(30, 41, 3)];
        assert_eq!(pieces(ranges), wanted);
        assert_eq!(pieces(Vec::new()), []);
    }

    /// What a walk from piece to piece finds.
    fn walked(pieces: &[Piece], until: i64, from: i64, ms: i64) -> i64 {
        let (mut at, mut left) = (from, ms);
        for piece in pieces.iter().filter(|piece| piece.known <= until && piece.to > from) {
            if piece.from > at {
                let between = piece.from.saturating_sub(at);
                if between >= left {
                    break;
                }
                left = left.saturating_sub(between);
            }
            at = piece.to;
        }
        at.saturating_add(left)
    }

    #[test]
    fn running_totals_say_what_a_walk_from_piece_to_piece_does() {
        let mut seed: u64 = 1;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((seed >> 33) % below).unwrap_or(0)
        };
        for _ in 0..300 {
            let mut ranges = Vec::new();
            for known in 0..random(12) {
                let from = random(100);
                ranges.push((known / 2, from, from + 1 + random(15)));
            }
            let pieces = pieces(ranges.clone());
            let order = pieces.iter().map(|piece| piece.known).zip(0..);
            let mut order: Vec<(i64, i64)> = order.collect();
            order.sort_unstable();
            let all = Exclusions { pieces, order, until: Cell::new(0), sums: RefCell::default() };
            for until in -1..7 {
                all.know_until(Instant::clamped(until));
                let until = until.max(0);
                let covered = |at: i64| {
                    ranges.iter().any(|(known, from, to)| *known <= until && *from <= at && at < *to)
                };
                for _ in 0..10 {
                    let (from, length) = (random(100), 1 + random(60));
                    let wanted = (from..from + length).filter(|at| covered(*at)).count();
                    let [begin, end] = [from, from + length].map(Instant::clamped);
                    assert_eq!(all.taken(None, begin, end), i64::try_from(wanted).unwrap_or(-1));
                    let due = all.due(None, begin, length).map(Instant::ms);
                    assert_eq!(due, Some(walked(&all.pieces, until, from, length)));
                }
            }
        }
    }
}
