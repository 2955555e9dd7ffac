//! Who works when.

use super::dates::{DAY, HOUR, MINUTE, nth, weekday, year_of};
use super::holidays::{self, Holidays};

/// Working hours, roughly as the agreement has them; a place for people to act in, not a clock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    Always,
    Office,
    Extended,
    London,
    Pacific,
    Singapore,
}

impl Hours {
    /// How far local time is ahead of UTC.
    pub(super) fn offset(self, day: i64) -> i64 {
        let year = year_of(day);
        let british = day >= nth(year, 3, 6, 0) && day < nth(year, 10, 6, 0);
        let american = day >= nth(year, 3, 6, 2) && day < nth(year, 11, 6, 1);
        let hours = match self {
            Self::London => i64::from(british),
            Self::Pacific => i64::from(american) - 8,
            Self::Singapore => 8,
            Self::Always | Self::Office | Self::Extended => i64::from(american) - 5,
        };
        hours * HOUR
    }

    /// The working time of a local date, as instants.
    pub(super) fn of_day(self, day: i64) -> Option<(i64, i64)> {
        let free: Holidays = match self {
            Self::London => holidays::british,
            Self::Singapore => holidays::singaporean,
            Self::Always | Self::Office | Self::Extended | Self::Pacific => holidays::american,
        };
        let (from, to) = match (self, weekday(day)) {
            (Self::Always, _) => (0, 24 * 60),
            (Self::Extended, 5) => (9 * 60, 17 * 60),
            (_, 5 | 6) => return None,
            _ if free(year_of(day)).iter().any(|(date, _)| *date == day) => return None,
            (Self::Extended, _) => (7 * 60, 21 * 60),
            (Self::Office, _) => (9 * 60, 17 * 60),
            (Self::London, _) => (8 * 60 + 30, 17 * 60 + 30),
            (Self::Pacific, _) => (8 * 60, 18 * 60),
            (Self::Singapore, _) => (9 * 60, 18 * 60),
        };
        let midnight = day * DAY - self.offset(day);
        Some((midnight + from * MINUTE, midnight + to * MINUTE))
    }

    pub(super) fn open_at(self, instant: i64) -> bool {
        let day = (instant + self.offset(instant.div_euclid(DAY))).div_euclid(DAY);
        self.of_day(day).is_some_and(|(open, close)| (open..close).contains(&instant))
    }

    /// The instant by which so much working time has passed.
    pub(super) fn after(self, start: i64, mut work: i64) -> i64 {
        let first = (start + self.offset(start.div_euclid(DAY))).div_euclid(DAY);
        for day in first - 1..first + 90 {
            let Some((open, close)) = self.of_day(day) else { continue };
            let from = open.max(start);
            if from >= close {
                continue;
            }
            if from + work <= close {
                return from + work;
            }
            work -= close - from;
        }
        start + work
    }
}
