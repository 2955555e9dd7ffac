//! Local dates and wall clock times, and the instants at which they are shown.

use crate::instant::{DAY_MS, Instant, MINUTE_MS};

use super::{Readings, Zone};

impl Zone {
    /// What the wall clock shows at an instant, in milliseconds since it showed 1970-01-01T00:00.
    #[must_use]
    pub fn local_ms_at(&self, at: Instant) -> i64 {
        at.ms().saturating_add(self.offset_ms_at(at))
    }

    /// The local date at an instant, in days since 1970-01-01.
    #[must_use]
    pub fn day_at(&self, at: Instant) -> i64 {
        self.local_ms_at(at).div_euclid(DAY_MS)
    }

    /// The minute of the local day at an instant, from 0 to 1439.
    #[must_use]
    pub fn minute_at(&self, at: Instant) -> i64 {
        self.local_ms_at(at).rem_euclid(DAY_MS).div_euclid(MINUTE_MS)
    }

    /// The instant at which the wall clock shows a minute (0 to 1440) of a local date, given in days since
    /// 1970-01-01: the first one where it shows that twice, the end of the gap where it skips it. `None` outside
    /// the range.
    ///
    /// ```
    /// use slaclock_core::{Instant, zone::Zone};
    /// let berlin = Zone::named("Europe/Berlin").unwrap();
    /// let day = berlin.day_at(Instant::parse("2026-03-29T12:00:00Z").unwrap());
    /// assert_eq!(berlin.at_local(day, 2 * 60 + 30).unwrap().to_string(), "2026-03-29T01:00:00Z");
    /// ```
    #[must_use]
    pub fn at_local(&self, day: i64, minute: i64) -> Option<Instant> {
        let local = day.saturating_mul(DAY_MS).saturating_add(minute.saturating_mul(MINUTE_MS));
        match self.readings_of(local) {
            Readings::One(at) | Readings::Two(at, _) => Some(at),
            Readings::None => {
                let jumped = |at: Instant| self.local_ms_at(at) > local;
                let mut changes = self.near(local).map(|stretch| stretch.from);
                // What the clock already shows when the range begins was skipped by nothing.
                changes
                    .find(|at| *at > Instant::MIN && jumped(*at))
                    .filter(|_| local >= self.local_ms_at(Instant::MIN))
            }
        }
    }

    /// The first instant of a local date, given in days since 1970-01-01; `None` outside the range.
    #[must_use]
    pub fn start_of_day(&self, day: i64) -> Option<Instant> {
        self.at_local(day, 0)
    }

    /// The first instant after `at` that has another local date; the end of the range when there is none.
    #[must_use]
    pub fn day_until(&self, at: Instant) -> Instant {
        let day = self.day_at(at);
        let first = self.stretches.partition_point(|stretch| stretch.until <= at);
        for stretch in self.stretches.iter().skip(first) {
            if stretch.from > at && self.day_at(stretch.from) != day {
                return stretch.from;
            }
            let midnight = day.saturating_add(1).saturating_mul(DAY_MS).saturating_sub(stretch.offset_ms);
            if midnight < stretch.until.ms() {
                return Instant::clamped(midnight);
            }
        }
        Instant::MAX
    }

    /// The spans of time in which the wall clock shows a local date, given in days since 1970-01-01: first instant
    /// and end of each. One, but for dates during which, or at whose ends, the clock is set.
    pub fn spans_of_day(&self, day: i64) -> impl Iterator<Item = (Instant, Instant)> + '_ {
        let midnight = day.saturating_mul(DAY_MS);
        self.near(midnight).filter_map(move |stretch| {
            let from = midnight.saturating_sub(stretch.offset_ms);
            let until = Instant::clamped(from.saturating_add(DAY_MS)).min(stretch.until);
            let from = Instant::clamped(from).max(stretch.from);
            (from < until).then_some((from, until))
        })
    }
}
