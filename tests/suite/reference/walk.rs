//! A calendar walked step by step over a stretch of time; every figure is counted from `is_open` alone.

use super::{MINUTE, SlowCalendar, SlowComposite, Wall};

/// Whether each step of `[start, end)` is open.
pub(crate) struct Walk {
    start: i64,
    step: i64,
    open: Vec<bool>,
}

impl Walk {
    /// Asks the wall clock at every step from `start` (moved back to a whole step) to `end`.
    pub(crate) fn over(calendar: &SlowCalendar, start: i64, end: i64) -> Self {
        let step = step_of(&calendar.wall, start, end);
        Self::by(step, |at| calendar.is_open(at), start, end)
    }

    /// As [`Walk::over`], for a calendar made of others.
    pub(crate) fn over_composite(calendar: &SlowComposite, start: i64, end: i64) -> Self {
        let step = calendar.walls().iter().fold(MINUTE, |step, wall| gcd(step, step_of(wall, start, end)));
        Self::by(step, |at| calendar.is_open(at), start, end)
    }

    fn by(step: i64, is_open: impl Fn(i64) -> bool, start: i64, end: i64) -> Self {
        let start = start.div_euclid(step) * step;
        let steps = (end - start + step - 1).div_euclid(step);
        let open = (0..steps).map(|index| is_open(start + index * step)).collect();
        Self { start, step, open }
    }

    fn end(&self) -> i64 {
        self.start + self.step * self.open.len() as i64
    }

    /// Steps as `(from, until, open)`.
    fn steps(&self) -> impl Iterator<Item = (i64, i64, bool)> + '_ {
        let from = |index: usize| self.start + self.step * index as i64;
        self.open.iter().enumerate().map(move |(index, open)| (from(index), from(index + 1), *open))
    }

    /// Open time in `[a, b)`, negative when `b < a`.
    pub(crate) fn elapsed(&self, a: i64, b: i64) -> i64 {
        if b < a {
            return -self.elapsed(b, a);
        }
        assert!(self.start <= a && b <= self.end(), "asked beyond the walk");
        let share = |(from, until, open): (i64, i64, bool)| {
            if open { (until.min(b) - from.max(a)).max(0) } else { 0 }
        };
        self.steps().map(share).sum()
    }

    /// The earliest instant with so much open time since `a`; `None` when the walk ends before it.
    pub(crate) fn due(&self, a: i64, ms: i64) -> Option<i64> {
        let mut left = ms;
        if left == 0 {
            return Some(a);
        }
        for (from, until, _) in self.steps().filter(|(_, until, open)| *open && *until > a) {
            let from = from.max(a);
            if until - from >= left {
                return Some(from + left);
            }
            left -= until - from;
        }
        None
    }

    /// The earliest instant from `t` on that is open (or closed); `None` when the walk ends before it.
    pub(crate) fn next(&self, t: i64, open: bool) -> Option<i64> {
        self.steps().find(|step| step.1 > t && step.2 == open).map(|(from, _, _)| from.max(t))
    }

    /// Maximal open stretches, cut to `[a, b)`.
    pub(crate) fn segments(&self, a: i64, b: i64) -> Vec<(i64, i64)> {
        let mut segments: Vec<(i64, i64)> = vec![];
        if a >= b {
            return segments;
        }
        for (from, until, _) in self.steps().filter(|step| step.2 && step.1 > a && step.0 < b) {
            let (from, until) = (from.max(a), until.min(b));
            match segments.last_mut() {
                Some(last) if last.1 == from => last.1 = until,
                _ => segments.push((from, until)),
            }
        }
        segments
    }

    /// Instants at which the walk turns from open to closed or back.
    pub(crate) fn edges(&self) -> Vec<i64> {
        let turns = self.open.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]);
        turns.map(|(index, _)| self.start + self.step * (index as i64 + 1)).collect()
    }
}

/// A minute, or less where the zone's offsets are not whole minutes (Africa/Monrovia until 1972).
fn step_of(wall: &Wall, start: i64, end: i64) -> i64 {
    let mut step = MINUTE;
    let mut at = start;
    while at < end {
        step = gcd(step, wall.offset(at));
        at = match wall.next_change(at) {
            Some(change) if change < end => change,
            _ => break,
        };
        step = gcd(step, at);
    }
    step
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a.rem_euclid(b)) }
}
