//! Targets in business days.

use crate::duration::Duration;
use crate::instant::Instant;
use crate::zone::Zone;

use super::Calendar;

impl Calendar {
    /// The zone whose local dates the calendar follows, be it less other calendars. None for `always`, `never`
    /// and calendars made of others, whose parts may lie anywhere.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        self.own_hours().map(|own| &own.zone)
    }

    /// When a target of business days ends: on the `days`-th date (1 is the first) after that of `start` on which
    /// the calendar has any open time. At minute `at` of that date (0 to 1440) even if closed then: at the end of
    /// the gap where the wall clock skips it, the first time where it shows it twice. Without `at`, when the
    /// calendar last closes on that date; hours that run past midnight count to midnight.
    ///
    /// Dates are those of `zone`: the calendar's own or, when it has none, the agreement's. `None` when there is no
    /// such date before 2200.
    ///
    /// ```
    /// use slaclock_core::{Calendar, Instant};
    /// let office = Calendar::from_json(r#"{ "time_zone": "Europe/Rome", "hours": { "mon-fri": ["09:00-17:00"] } }"#).unwrap();
    /// let friday = Instant::parse("2026-11-20T18:30:00+01:00").unwrap();
    /// let due = |days, at| office.business_days_due(office.zone().unwrap(), friday, days, at).unwrap().to_string();
    /// assert_eq!(due(1, None), "2026-11-23T16:00:00Z");
    /// assert_eq!(due(5, Some(12 * 60)), "2026-11-27T11:00:00Z");
    /// ```
    #[must_use]
    pub fn business_days_due(
        &self,
        zone: &Zone,
        start: Instant,
        days: u32,
        at: Option<i64>,
    ) -> Option<Instant> {
        let mut day = zone.day_at(start);
        let mut left = days;
        while left > 0 {
            day = day.saturating_add(1);
            let opening = self.next_open(zone.start_of_day(day)?)?;
            // A clock set back past midnight shows a date, the next, and the first again: that one may be open
            // after the other.
            day = day.max(zone.day_at(opening).saturating_sub(1));
            if self.last_open_span(zone, day).is_some() {
                left = left.saturating_sub(1);
            }
        }
        match at {
            Some(minute) => zone.at_local(day, minute),
            None => {
                let (from, open_time) = self.last_open_span(zone, day)?;
                self.due(from, open_time)
            }
        }
    }

    /// Of the spans of a local date the last one with open time: its first instant, and how much.
    fn last_open_span(&self, zone: &Zone, day: i64) -> Option<(Instant, Duration)> {
        let spans = zone.spans_of_day(day).map(|(from, until)| (from, self.elapsed(from, until)));
        spans.filter(|(_, open_time)| *open_time > Duration::ZERO).last()
    }
}
