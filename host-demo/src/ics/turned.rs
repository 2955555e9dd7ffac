//! Instants that wall-clock hours cannot tell apart: when the clock is turned back, a time of day comes twice.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use slaclock_core::Instant;
use slaclock_core::zone::Zone;

use super::event::Event;
use super::hours::Minutes;

/// Open time that a feed gives as instants, and that which it gives by the wall clock.
#[derive(Debug, Default)]
pub(super) struct Turned<'a> {
    instants: Vec<(i64, i64, &'a Event)>,
    /// In milliseconds since the wall clock showed 1970-01-01T00:00.
    wall: Vec<(i64, i64)>,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

impl<'a> Turned<'a> {
    pub(super) fn add(&mut self, event: &'a Event, from: Instant, to: Instant) {
        self.instants.push((from.ms(), to.ms(), event));
    }

    pub(super) fn add_wall(&mut self, from: NaiveDateTime, to: NaiveDateTime) {
        self.wall.push((from.and_utc().timestamp_millis(), to.and_utc().timestamp_millis()));
    }

    /// The events of whose two equal times only one was open: the hours of `days` open both.
    pub(super) fn check(mut self, zone: &Zone, days: &BTreeMap<NaiveDate, Vec<Minutes>>) -> Vec<&'a Event> {
        self.instants.sort_by_key(|(from, to, _)| (*from, *to));
        if self.instants.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<&'a Event> = Vec::new();
        for pair in zone.stretches().windows(2) {
            let [before, after] = pair else { continue };
            let back = before.offset_ms - after.offset_ms;
            let change = after.from.ms();
            if back <= 0 {
                continue;
            }
            // The wall-clock times from `change + after.offset` on for `back` come twice.
            let first_local = change + after.offset_ms;
            let date = chrono::DateTime::from_timestamp_millis(first_local).map(|local| local.date_naive());
            let Some(date) = date else { continue };
            let near = [Some(date), date.checked_add_signed(TimeDelta::days(1))].into_iter().flatten();
            let doubtful = near.flat_map(|date| {
                let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
                days.get(&date).into_iter().flatten().map(move |(from, to)| {
                    (midnight + i64::from(*from) * MINUTE_MS, midnight + i64::from(*to) * MINUTE_MS)
                })
            });
            for (from, to) in doubtful {
                let (from, to) = (from.max(first_local), to.min(first_local + back));
                if from >= to {
                    continue;
                }
                for offset in [before.offset_ms, after.offset_ms] {
                    if let Some(event) = self.uncovered(from - offset, to - offset, offset) {
                        found.push(event);
                    }
                }
            }
        }
        found.sort_by_key(|event| (&event.file, event.line));
        found.dedup_by_key(|event| (&event.file, event.line));
        found
    }

    /// The event near a stretch of one offset that is not wholly covered by open time.
    fn uncovered(&self, from: i64, to: i64, offset: i64) -> Option<&'a Event> {
        let near = |start: i64, end: i64| end > from - DAY_MS && start < to + DAY_MS;
        let wall = self.wall.iter().map(|(start, end)| (start - offset, end - offset));
        let instants = self.instants.iter().map(|(start, end, _)| (*start, *end));
        let mut open: Vec<(i64, i64)> =
            wall.chain(instants).filter(|(start, end)| near(*start, *end)).collect();
        open.sort_unstable();
        let mut reached = from;
        for (start, end) in open {
            if start <= reached {
                reached = reached.max(end);
            }
        }
        let event = self.instants.iter().find(|(start, end, _)| near(*start, *end));
        event.filter(|_| reached < to).map(|(_, _, event)| *event)
    }
}
