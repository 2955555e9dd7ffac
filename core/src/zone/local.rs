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

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Option<Instant> {
        Instant::parse(text).ok()
    }

    /// At which instant a zone shows a time of a date, and what it shows then.
    #[track_caller]
    fn shown(zone: &str, date: &str, minute: i64, expected: &str) {
        let day = instant(&format!("{date}T00:00:00Z")).map(|midnight| midnight.ms().div_euclid(DAY_MS));
        let at = Zone::named(zone).ok().zip(day).and_then(|(zone, day)| zone.at_local(day, minute));
        assert_eq!(at.map(|at| at.to_string()).as_deref(), Some(expected), "{zone} {date} {minute}");
    }

    #[test]
    fn a_local_time_is_the_first_reading_or_the_end_of_the_gap() {
        shown("Europe/Rome", "2026-07-01", 9 * 60, "2026-07-01T07:00:00Z");
        shown("America/New_York", "2026-03-08", 150, "2026-03-08T07:00:00Z");
        shown("America/New_York", "2026-11-01", 90, "2026-11-01T05:30:00Z");
        shown("America/New_York", "2026-11-01", 1440, "2026-11-02T05:00:00Z");
        // The whole date is skipped.
        shown("Pacific/Apia", "2011-12-30", 720, "2011-12-30T10:00:00Z");
        // Midnight is skipped, and comes twice.
        shown("Africa/Cairo", "2026-04-24", 0, "2026-04-23T22:00:00Z");
        shown("America/Havana", "2026-11-01", 0, "2026-11-01T04:00:00Z");
    }

    #[test]
    fn beyond_the_range_nothing_is_shown() {
        let rome = Zone::named("Europe/Rome");
        let at = |day, minute| rome.as_ref().map(|zone| zone.at_local(day, minute));
        assert_eq!(at(0, 30), Ok(None));
        assert_eq!(at(0, 60), Ok(Some(Instant::MIN)));
        assert_eq!(at(84_006, 60), Ok(None));
        assert_eq!((at(i64::MIN, 0), at(i64::MAX, 0)), (Ok(None), Ok(None)));
    }

    /// The spans of a date, as texts.
    #[track_caller]
    fn spans(zone: &str, date: &str, expected: &[&str]) {
        let day =
            instant(&format!("{date}T00:00:00Z")).map_or(0, |midnight| midnight.ms().div_euclid(DAY_MS));
        let zone = Zone::named(zone);
        let spans = zone.iter().flat_map(|zone| zone.spans_of_day(day));
        let texts: Vec<String> =
            spans.flat_map(|(from, until)| [from.to_string(), until.to_string()]).collect();
        assert_eq!(texts, expected, "{date}");
    }

    #[test]
    fn a_date_may_come_in_pieces_or_not_at_all() {
        spans("Europe/Rome", "2026-07-01", &["2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"]);
        spans("Pacific/Apia", "2011-12-30", &[]);
        let first =
            ["2008-11-01T02:30:00Z", "2008-11-02T02:30:00Z", "2008-11-02T02:31:00Z", "2008-11-02T03:30:00Z"];
        spans("America/St_Johns", "2008-11-01", &first);
        let second =
            ["2008-11-02T02:30:00Z", "2008-11-02T02:31:00Z", "2008-11-02T03:30:00Z", "2008-11-03T03:30:00Z"];
        spans("America/St_Johns", "2008-11-02", &second);
    }

    #[test]
    fn a_date_holds_until_the_clock_shows_another() {
        let until = |zone: &str, at: &str| {
            let until = Zone::named(zone).ok().zip(instant(at)).map(|(zone, at)| zone.day_until(at));
            until.map(|at| at.to_string()).unwrap_or_default()
        };
        assert_eq!(until("Europe/Rome", "2026-07-01T12:00:00Z"), "2026-07-01T22:00:00Z");
        assert_eq!(until("Europe/Rome", "2026-10-24T22:00:00Z"), "2026-10-25T23:00:00Z");
        assert_eq!(until("Pacific/Apia", "2011-12-30T09:59:00Z"), "2011-12-30T10:00:00Z");
        assert_eq!(until("America/St_Johns", "2008-11-01T12:00:00Z"), "2008-11-02T02:30:00Z");
        assert_eq!(until("America/St_Johns", "2008-11-02T02:30:00Z"), "2008-11-02T02:31:00Z");
        assert_eq!(until("America/St_Johns", "2008-11-02T02:31:00Z"), "2008-11-02T03:30:00Z");
        assert_eq!(until("UTC", "2199-12-31T12:00:00Z"), "2200-01-01T00:00:00Z");
    }
}
