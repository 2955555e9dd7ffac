//! The zones that a feed names: IANA names, those of Windows and Outlook, and definitions of its own.

use std::collections::HashMap;
use std::str::FromStr;

use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendarComponent;
use chrono::{DateTime, NaiveDateTime};
use slaclock_core::Instant;
use slaclock_core::zone::{Readings, Zone};

/// One of the zones met so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ZoneId(usize);

/// The zones met so far.
#[derive(Debug, Default)]
pub(super) struct Zones {
    zones: Vec<Zone>,
    /// What the names mean in the current file.
    names: HashMap<String, Option<ZoneId>>,
    /// The definitions of the current file whose name alone says nothing.
    defined: HashMap<String, ZoneId>,
}

const DAY_MS: i64 = 86_400_000;

impl Zones {
    /// Forgets the definitions of the file before.
    pub(super) fn begin_file(&mut self) {
        self.names.clear();
        self.defined.clear();
    }

    pub(super) fn add(&mut self, zone: Zone) -> ZoneId {
        let known = self.zones.iter().position(|known| known.name() == zone.name());
        ZoneId(known.unwrap_or_else(|| {
            self.zones.push(zone);
            self.zones.len() - 1
        }))
    }

    pub(super) fn utc(&mut self) -> Option<ZoneId> {
        self.iana("UTC")
    }

    fn iana(&mut self, name: &str) -> Option<ZoneId> {
        let known = self.zones.iter().position(|known| known.name() == name);
        known.map(ZoneId).or_else(|| Zone::named(name).ok().map(|zone| self.add(zone)))
    }

    /// A VTIMEZONE, whose other properties may say which zone it is.
    pub(super) fn define(&mut self, component: &ICalendarComponent) {
        if let Some((name, tz)) = component.timezone() {
            let name = name.to_owned();
            if let Some(zone) = self.of_crate(tz) {
                self.defined.insert(name, zone);
            }
        }
    }

    fn of_crate(&mut self, tz: Tz) -> Option<ZoneId> {
        match tz {
            Tz::Tz(tz) => self.iana(tz.name()),
            Tz::Fixed(_) | Tz::Floating => None,
        }
    }

    /// The zone of a TZID.
    pub(super) fn resolve(&mut self, name: &str) -> Option<ZoneId> {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let tz = Tz::from_str(name).ok();
        let zone = self.iana(name).or_else(|| self.defined.get(name).copied());
        let zone = zone.or_else(|| tz.and_then(|tz| self.of_crate(tz)));
        self.names.insert(name.to_owned(), zone);
        zone
    }

    pub(super) fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.zones.get(id.0)
    }

    /// Whether two zones have the same clock from an instant on, as Berlin and Rome have.
    pub(super) fn agree(&self, one: ZoneId, other: ZoneId, from: Instant) -> bool {
        let clock = |id| {
            let stretches = self.zone(id).map_or(&[][..], Zone::stretches).iter();
            stretches
                .filter(move |stretch| stretch.until > from)
                .map(|stretch| (stretch.until, stretch.offset_ms))
        };
        one == other || clock(one).eq(clock(other))
    }

    /// The instant at which the wall clock shows a time: the first of two; one that it skips is read with the
    /// offset before the gap, as RFC 5545 says.
    pub(super) fn instant(&self, local: NaiveDateTime, id: ZoneId) -> Option<Instant> {
        let zone = self.zone(id)?;
        let ms = local.and_utc().timestamp_millis();
        match zone.readings_of(ms) {
            Readings::One(at) | Readings::Two(at, _) => Some(at),
            Readings::None => {
                let before = zone.offset_ms_at(Instant::from_ms(ms - 2 * DAY_MS)?);
                Instant::from_ms(ms - before)
            }
        }
    }

    /// What the wall clock of a zone shows at an instant.
    pub(super) fn local(&self, at: Instant, id: ZoneId) -> Option<NaiveDateTime> {
        let ms = at.ms() + self.zone(id)?.offset_ms_at(at);
        DateTime::from_timestamp_millis(ms).map(|local| local.naive_utc())
    }
}
