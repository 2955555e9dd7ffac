//! Timed events as opening hours.
//!
//! Rules that repeat every week without end make the regular week. Whatever differs from it on a date, because
//! of an exception, a rule with an end or an event that happens once, makes a special day of that date.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use slaclock_core::Instant;

use super::calendar::SpecialDay;
use super::event::{Event, On};
use super::expand::Replaced;
use super::feed::Feed;
use super::holidays::{bounded, last_date, occurrences};
use super::report::{Reason, Report};
use super::rule;
use super::turned::Turned;
use super::zones::{ZoneId, Zones};
use super::{Options, YEARS};
use crate::error::{Code, Problem};

/// Minutes of a day, half-open.
pub(super) type Minutes = (u32, u32);

/// The open minutes of each day from Monday.
pub(super) type Week = [Vec<Minutes>; 7];

const DAY: u32 = 24 * 60;

/// Most special days of a calendar.
const MOST: usize = 20_000;

/// The zone of most timed events, or else that of the feed.
pub(super) fn usual_zone(timed: &[&Event], feeds: &[Feed]) -> Option<ZoneId> {
    let mut counts: BTreeMap<ZoneId, usize> = BTreeMap::new();
    for event in timed {
        if let On::Zone(zone) = event.start.on {
            // An instant in UTC says nothing about where the wall clock hangs.
            *counts.entry(zone).or_default() += usize::from(!event.is_utc);
        }
    }
    let most = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .max_by_key(|(zone, count)| (*count, std::cmp::Reverse(*zone)));
    most.map(|(zone, _)| zone).or_else(|| feeds.iter().find_map(|feed| feed.zone))
}

/// Makes hours of timed events.
pub(super) struct Hours<'a, 'b> {
    pub(super) options: &'a Options,
    pub(super) zones: &'a Zones,
    pub(super) replaced: &'a Replaced<'a>,
    pub(super) report: &'a mut Report<'b>,
    pub(super) zone: Option<ZoneId>,
}

/// What is open on a date.
#[derive(Debug, Default)]
struct Day {
    /// By events that repeat.
    repeated: Vec<Minutes>,
    /// By events that happen once.
    once: Vec<Minutes>,
    name: String,
}

type Days = BTreeMap<NaiveDate, Day>;

impl Hours<'_, '_> {
    /// The regular week and the special days.
    pub(super) fn of(
        mut self,
        timed: &[&Event],
        all_day: &[&Event],
    ) -> Result<(Week, Vec<SpecialDay>), Problem> {
        let mut week = Week::default();
        let (mut regular, mut others) = (Vec::new(), Vec::new());
        for event in timed {
            if event.length.is_zero() && event.also.iter().all(|(_, length)| length.is_none()) {
                self.report.lost(event.place(), Reason::NoLength, None);
                continue;
            }
            match rule::weekly(event).filter(|_| self.is_on_own_clock(event)) {
                Some(days) => regular.push((*event, days)),
                None => others.push(*event),
            }
        }
        for (event, days) in &regular {
            self.add_to_week(event, days, &mut week);
        }
        let week = week.map(merged);

        let mut days = Days::new();
        let mut turned = Turned::default();
        for event in &others {
            let endless = event.is_endless();
            self.report.summary.endless += u64::from(endless);
            let year = if endless { self.options.end_of_endless() } else { *YEARS.end() };
            self.add_to_days(event, year, None, &mut days, &mut turned);
        }
        // Beyond the last exception the regular week says all.
        let exceptions = regular.iter().flat_map(|(event, _)| self.exceptions(event));
        let last = exceptions.chain(days.last_key_value().map(|(date, _)| *date)).max();
        let first = regular
            .iter()
            .map(|(event, _)| event.start.local.date())
            .chain(days.keys().next().copied())
            .min();
        for (event, _) in &regular {
            self.report.summary.extended +=
                u64::from(first.is_some_and(|first| first.year() >= *YEARS.start()));
            if let Some(last) = last {
                self.add_to_days(event, last.year(), Some(last), &mut days, &mut turned);
            }
        }
        if let Some(zone) = self.zone.and_then(|zone| self.zones.zone(zone)) {
            for place in turned.check(zone, &days_of(&days)) {
                self.report.lost(place.place(), Reason::TurnedClock, None);
            }
        }
        let special = match (first, last) {
            (Some(first), Some(last)) => self.special_days(first, last, &week, &days, all_day)?,
            _ => Vec::new(),
        };
        self.report.summary.weekdays = week.iter().filter(|hours| !hours.is_empty()).count() as u64;
        self.report.summary.special_days = special.len() as u64;
        Ok((week, special))
    }

    /// Whether the event's wall clock is that of the calendar, at least from its start on.
    fn is_on_own_clock(&self, event: &Event) -> bool {
        match (event.start.on, self.zone) {
            (On::Zone(other), Some(own)) => {
                let from = self.zones.instant(event.start.local, other).unwrap_or(Instant::MIN);
                self.zones.agree(own, other, from)
            }
            (On::Zone(_), None) => false,
            (On::Anywhere | On::Date, _) => true,
        }
    }

    fn add_to_week(&mut self, event: &Event, days: &[bool; 7], week: &mut Week) {
        // Any week will do; this one begins with a Monday.
        let Some(monday) = NaiveDate::from_ymd_opt(2024, 1, 1) else { return };
        for (day, _) in (0..).zip(days).filter(|(_, named)| **named) {
            let start = (monday + TimeDelta::days(day)).and_time(event.start.local.time());
            let end = start.checked_add_signed(event.length.min(TimeDelta::days(7))).unwrap_or(start);
            for (date, minutes) in self.pieces(start, end) {
                if let Some(hours) = week.get_mut(date.weekday().num_days_from_monday() as usize) {
                    hours.push(minutes);
                }
            }
        }
    }

    /// The dates on which something is not as every week.
    fn exceptions(&self, event: &Event) -> Vec<NaiveDate> {
        let times = event.except.iter().chain(event.also.iter().map(|(time, _)| time));
        let times = times.chain(self.replaced.by_others(event)).chain([&event.start]);
        let local = times.filter_map(|time| event.on_own_clock(*time, self.zones));
        // What begins on that date may end later.
        local.filter_map(|local| local.checked_add_signed(event.length)).map(|local| local.date()).collect()
    }

    fn add_to_days<'e>(
        &mut self,
        event: &'e Event,
        year: i32,
        last: Option<NaiveDate>,
        days: &mut Days,
        turned: &mut Turned<'e>,
    ) {
        let occurrences = occurrences(event, year, self.replaced, self.zones, self.report);
        let once = event.is_single();
        for (start, length) in occurrences {
            if last.is_some_and(|last| start.date() > last) {
                break;
            }
            let Some((start, end)) =
                start.checked_add_signed(length).and_then(|end| self.own(event, start, end, turned))
            else {
                if once {
                    self.report.lost(event.place(), Reason::OutOfRange, None);
                }
                continue;
            };
            let year = start.year();
            if year < self.options.first_year() || year > self.options.last_year() {
                self.report.summary.outside += u64::from(last.is_none());
                continue;
            }
            let pieces = self.pieces(start, end);
            self.report.occurrences += pieces.len();
            for (date, minutes) in pieces {
                let day = days.entry(date).or_default();
                if once {
                    day.once.push(minutes);
                    if day.name.is_empty() {
                        day.name.clone_from(&event.name);
                    }
                } else {
                    day.repeated.push(minutes);
                }
            }
        }
    }

    /// Both ends of an occurrence on the clock of the calendar.
    fn own<'e>(
        &self,
        event: &'e Event,
        start: NaiveDateTime,
        end: NaiveDateTime,
        turned: &mut Turned<'e>,
    ) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let in_range = start.year() >= *YEARS.start() && end.year() <= *YEARS.end();
        match (event.start.on, self.zone) {
            _ if !in_range => None,
            (On::Zone(other), Some(own)) if own != other => {
                let (from, to) = (self.zones.instant(start, other)?, self.zones.instant(end, other)?);
                turned.add(event, from, to);
                Some((self.zones.local(from, own)?, self.zones.local(to, own)?))
            }
            _ => {
                turned.add_wall(start, end);
                Some((start, end))
            }
        }
    }

    /// The open minutes of each date between two times; parts of minutes count as whole.
    fn pieces(&mut self, start: NaiveDateTime, end: NaiveDateTime) -> Vec<(NaiveDate, Minutes)> {
        let up = if end.second() > 0 {
            TimeDelta::seconds(60 - i64::from(end.second()))
        } else {
            TimeDelta::zero()
        };
        self.report.summary.rounded += u64::from(start.second() > 0) + u64::from(end.second() > 0);
        let end = end.checked_add_signed(up).unwrap_or(end);
        let mut pieces = Vec::new();
        let mut date = start.date();
        while date.and_time(NaiveTime::MIN) < end {
            let minute = |time: NaiveDateTime| time.hour() * 60 + time.minute();
            let from = if date == start.date() { minute(start) } else { 0 };
            let to = if date == end.date() { minute(end) } else { DAY };
            if from < to {
                pieces.push((date, (from, to)));
            }
            match date.succ_opt() {
                Some(next) => date = next,
                None => break,
            }
        }
        pieces
    }

    /// The dates whose hours are not those of their weekday.
    fn special_days(
        &mut self,
        first: NaiveDate,
        last: NaiveDate,
        week: &Week,
        days: &Days,
        all_day: &[&Event],
    ) -> Result<Vec<SpecialDay>, Problem> {
        let first = first.max(NaiveDate::from_ymd_opt(self.options.first_year(), 1, 1).unwrap_or(first));
        let last = last_date(self.options.last_year()).map_or(last, |end| last.min(end));
        let closed = self.closed(all_day, last);
        let mut special: Vec<(NaiveDate, NaiveDate, SpecialDay)> = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            let holiday = closed.contains(&date);
            let day = days.get(&date);
            let once = day.into_iter().flat_map(|day| &day.once);
            let repeated = day.filter(|_| !holiday).into_iter().flat_map(|day| &day.repeated);
            let open = merged(once.chain(repeated).copied().collect());
            let regular = week.get(date.weekday().num_days_from_monday() as usize).filter(|_| !holiday);
            if regular.map_or(open.is_empty(), |regular| *regular == open) {
                continue;
            }
            let name = day.map(|day| day.name.clone()).unwrap_or_default();
            match special.last_mut() {
                Some((_, until, same))
                    if until.succ_opt() == Some(date) && same.hours == open && same.name == name =>
                {
                    *until = date;
                }
                _ => special.push((date, date, SpecialDay { date: String::new(), hours: open, name })),
            }
        }
        if special.len() > MOST {
            let message = format!("the feed needs {} special days; the limit is {MOST}", special.len());
            let mend = "ask for fewer years with --from and --until";
            return Err(Problem::new(Code::FeedTooLarge, message, "").with_mend(mend));
        }
        let dated = |(first, last, day): (NaiveDate, NaiveDate, SpecialDay)| SpecialDay {
            date: if first == last { first.to_string() } else { format!("{first}..{last}") },
            ..day
        };
        Ok(special.into_iter().map(dated).collect())
    }

    /// The dates of all-day events.
    fn closed(&mut self, all_day: &[&Event], last: NaiveDate) -> BTreeSet<NaiveDate> {
        let mut closed = BTreeSet::new();
        for event in all_day {
            // What is wrong with them was said when they became holidays.
            let occurrences =
                bounded(event, last, self.replaced, self.zones, self.report).unwrap_or_default();
            for (start, length) in occurrences.all {
                let dates = start.date().iter_days().take_while(|date| *date <= last);
                let count = usize::try_from(length.num_days()).unwrap_or(0);
                self.report.occurrences += count;
                closed.extend(dates.take(count));
            }
        }
        closed
    }
}

/// The open minutes of each date.
fn days_of(days: &Days) -> BTreeMap<NaiveDate, Vec<Minutes>> {
    let all = |day: &Day| merged(day.once.iter().chain(&day.repeated).copied().collect());
    days.iter().map(|(date, day)| (*date, all(day))).collect()
}

/// Sorted, and joined where they overlap or touch.
pub(super) fn merged(mut minutes: Vec<Minutes>) -> Vec<Minutes> {
    minutes.sort_unstable();
    let mut merged: Vec<Minutes> = Vec::new();
    for (from, to) in minutes {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}
