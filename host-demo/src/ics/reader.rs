//! Reads an event of what the parser made of its lines.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarPeriod,
    ICalendarProperty as Property, ICalendarStatus, ICalendarValue as Value,
};
use chrono::{Datelike, TimeDelta};

use super::YEARS;
use super::event::{Event, On, Time};
use super::feed::value_of;
use super::guard;
use super::report::{Place, Reason, Report};
use super::zones::Zones;

impl Event {
    /// Reads an event; `None` if it is lost, which the report says.
    pub(super) fn read(
        component: &ICalendarComponent,
        text: &str,
        file: &str,
        line: u64,
        zones: &mut Zones,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let shown = |property: &Property| {
            let text = component.property(property).and_then(|entry| entry.values.first()?.as_text());
            text.map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let (uid, name) = (shown(&Property::Uid), shown(&Property::Summary));
        let place = Place { file, line, uid: &uid, name: &name };
        let mut reader = Reader { place, zones, report };
        let unsound = reader.unsound(text);
        let lost = |reader: &mut Reader<'_, '_, '_>, reason| {
            reader.report.lost(place, reason, unsound.value(reason))
        };
        let read = match reader.times(component, &unsound) {
            Ok(read) => read,
            Err(reason) => {
                lost(&mut reader, reason);
                return None;
            }
        };
        let categories = component.properties(&Property::Categories).flat_map(|entry| &entry.values);
        let cancelled = component.property(&Property::Status).is_some_and(|entry| {
            entry.values.iter().any(|value| {
                matches!(value, Value::Status(ICalendarStatus::Cancelled))
                    || value.as_text().is_some_and(|text| text.trim().eq_ignore_ascii_case("CANCELLED"))
            })
        });
        let mut event = Self {
            file: file.to_owned(),
            line,
            description: shown(&Property::Description),
            categories: categories.filter_map(|value| value.as_text().map(str::to_owned)).collect(),
            start: read.0,
            length: read.1,
            rules: Vec::new(),
            also: Vec::new(),
            except: Vec::new(),
            instead_of: None,
            cancelled,
            is_utc: reader.zones.utc().is_some_and(|utc| read.0.on == On::Zone(utc)),
            name: name.clone(),
            uid: uid.clone(),
        };
        reader.repetition(component, &unsound, &mut event);
        event.as_whole_days(component);
        Some(event)
    }
}

/// Properties whose text is not what it should be, and that text.
struct Unsound<'a>(Vec<(String, &'a str)>);

impl Unsound<'_> {
    fn has(&self, property: &str) -> bool {
        self.0.iter().any(|(name, _)| name == property)
    }

    fn value(&self, reason: Reason) -> Option<&str> {
        let of = |names: &[&str]| {
            self.0.iter().find(|(name, _)| names.contains(&&**name)).map(|(_, value)| *value)
        };
        match reason {
            Reason::BadStart => of(&["DTSTART"]),
            Reason::BadEnd => of(&["DTEND", "DURATION"]),
            Reason::BadRule => of(&["RRULE"]),
            Reason::BadException => of(&["EXDATE", "RDATE", "RECURRENCE-ID"]),
            _ => None,
        }
    }
}

struct Reader<'a, 'b, 'c> {
    place: Place<'a>,
    zones: &'b mut Zones,
    report: &'b mut Report<'c>,
}

impl Reader<'_, '_, '_> {
    fn unsound<'t>(&self, text: &'t str) -> Unsound<'t> {
        let unsound = text.lines().filter_map(|line| {
            let name = line[..line.find([':', ';'])?].trim().to_ascii_uppercase();
            let value = value_of(line).unwrap_or_default();
            (!guard::is_sound(&name, value)).then_some((name, value))
        });
        Unsound(unsound.collect())
    }

    /// Start and length.
    fn times(
        &mut self,
        component: &ICalendarComponent,
        unsound: &Unsound<'_>,
    ) -> Result<(Time, TimeDelta), Reason> {
        let start = component.property(&Property::Dtstart).ok_or(Reason::NoStart)?;
        if unsound.has("DTSTART") {
            return Err(Reason::BadStart);
        }
        let start = self.first(start)?.ok_or(Reason::BadStart)?;
        if unsound.has("DTEND") || unsound.has("DURATION") {
            return Err(Reason::BadEnd);
        }
        let all_day = start.on == On::Date;
        if let Some(end) = component.property(&Property::Dtend) {
            let end = self.first(end)?.ok_or(Reason::BadEnd)?;
            return self.until(start, end).map(|length| (start, length));
        }
        let Some(duration) = component.property(&Property::Duration) else {
            return Ok((start, if all_day { TimeDelta::days(1) } else { TimeDelta::zero() }));
        };
        let length = match duration.values.first() {
            Some(Value::Duration(duration)) => duration.to_time_delta().ok_or(Reason::BadEnd)?,
            _ => return Err(Reason::BadEnd),
        };
        if length < TimeDelta::zero() || (all_day && length.num_seconds() % 86_400 != 0) {
            return Err(Reason::BadEnd);
        }
        Ok((start, if all_day { length.max(TimeDelta::days(1)) } else { length }))
    }

    /// The length up to an end, on the wall clock of the start.
    fn until(&mut self, start: Time, end: Time) -> Result<TimeDelta, Reason> {
        let end_local = match (start.on, end.on) {
            (On::Date, On::Date) | (On::Anywhere, On::Anywhere) => end.local,
            (On::Zone(zone), On::Zone(other)) if zone != other => {
                let at = self.zones.instant(end.local, other).ok_or(Reason::OutOfRange)?;
                self.zones.local(at, zone).ok_or(Reason::OutOfRange)?
            }
            (On::Zone(_), On::Zone(_)) => end.local,
            _ => return Err(Reason::BadEnd),
        };
        let length = end_local - start.local;
        if length < TimeDelta::zero() {
            return Err(Reason::BadEnd);
        }
        if start.on == On::Date && length.is_zero() {
            self.report.summary.empty_days += 1;
            return Ok(TimeDelta::days(1));
        }
        Ok(length)
    }

    /// Rules, further occurrences and exceptions. What of them cannot be read is reported; the rest counts.
    fn repetition(&mut self, component: &ICalendarComponent, unsound: &Unsound<'_>, event: &mut Event) {
        let lose =
            |reader: &mut Self, reason| reader.report.lost(reader.place, reason, unsound.value(reason));
        if unsound.has("RRULE") {
            lose(self, Reason::BadRule);
        }
        for entry in component.properties(&Property::Rrule).filter(|_| !unsound.has("RRULE")) {
            match entry.values.first() {
                Some(Value::RecurrenceRule(rule)) if rule.rscale.is_some() || rule.skip.is_some() => {
                    lose(self, Reason::OtherScale);
                }
                Some(Value::RecurrenceRule(rule)) => event.rules.push((**rule).clone()),
                _ => lose(self, Reason::BadRule),
            }
        }
        if component.entries.iter().any(|entry| {
            matches!(&entry.name, Property::Other(name) if name == "EXRULE") || entry.name == Property::Exrule
        }) {
            lose(self, Reason::ExRule);
        }
        for (name, property) in [
            ("RDATE", Property::Rdate),
            ("EXDATE", Property::Exdate),
            ("RECURRENCE-ID", Property::RecurrenceId),
        ] {
            for entry in component.properties(&property) {
                let read = if unsound.has(name) { Err(Reason::BadException) } else { self.all(entry) };
                match (read, &property) {
                    (Err(reason), _) => lose(self, reason),
                    (Ok(times), Property::Rdate) => event.also.extend(times),
                    (Ok(times), Property::Exdate) => {
                        event.except.extend(times.into_iter().map(|(time, _)| time))
                    }
                    (Ok(times), _) => {
                        event.instead_of = times.first().map(|(time, _)| *time);
                        if entry.parameters(&ICalendarParameterName::Range).next().is_some() {
                            lose(self, Reason::ThisAndFuture);
                        }
                    }
                }
            }
        }
    }

    fn first(&mut self, entry: &ICalendarEntry) -> Result<Option<Time>, Reason> {
        match entry.values.first() {
            Some(Value::PartialDateTime(time)) => self.time(time, entry.tz_id()).map(Some),
            _ => Ok(None),
        }
    }

    fn all(&mut self, entry: &ICalendarEntry) -> Result<Vec<(Time, Option<TimeDelta>)>, Reason> {
        let mut times = Vec::new();
        for value in &entry.values {
            times.push(match value {
                Value::PartialDateTime(time) => (self.time(time, entry.tz_id())?, None),
                Value::Period(ICalendarPeriod::Range { start, end }) => {
                    let start = self.time(start, entry.tz_id())?;
                    let end = self.time(end, entry.tz_id())?;
                    (start, Some(self.until(start, end)?))
                }
                Value::Period(ICalendarPeriod::Duration { start, duration }) => {
                    let length = duration.to_time_delta().ok_or(Reason::BadException)?;
                    (self.time(start, entry.tz_id())?, Some(length))
                }
                _ => return Err(Reason::BadException),
            });
        }
        Ok(times)
    }

    fn time(&mut self, time: &PartialDateTime, zone: Option<&str>) -> Result<Time, Reason> {
        let read = time.to_date_time().ok_or(Reason::BadStart)?;
        let on = match (time.has_time(), &read.offset, zone) {
            (false, _, _) => On::Date,
            (true, Some(_), _) => On::Zone(self.zones.utc().ok_or(Reason::UnknownZone)?),
            (true, None, Some(zone)) => On::Zone(self.zones.resolve(zone).ok_or(Reason::UnknownZone)?),
            (true, None, None) => On::Anywhere,
        };
        // A rule may have begun before the range of instants.
        if read.date_time.year() > *YEARS.end() {
            return Err(Reason::OutOfRange);
        }
        Ok(Time { local: read.date_time, on })
    }
}
