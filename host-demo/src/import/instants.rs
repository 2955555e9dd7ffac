//! Instants as logs write them, and local times made exact by their zone.

use chrono::NaiveDateTime;
use chrono::format::{Item, Parsed, StrftimeItems, parse};
use slaclock_core::zone::{Readings, Zone};
use slaclock_core::{Instant, InstantError};

use super::mapping::{Ambiguous, Mapping, Skipped};
use super::report::Reason;

/// A way of writing instants.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// RFC 3339, with an offset.
    Rfc3339,
    /// By strftime codes.
    Strftime(Vec<Item<'static>>),
}

impl Format {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "rfc3339" {
            return Some(Self::Rfc3339);
        }
        let items = StrftimeItems::new(text).parse_to_owned().ok()?;
        let tells_time = items.iter().any(|item| matches!(item, Item::Numeric(..) | Item::Fixed(_)));
        tells_time.then_some(Self::Strftime(items))
    }

    /// Whether a zone is needed to make an instant of it.
    pub(super) fn is_local(&self) -> bool {
        const TELL_OFFSET: &str = "%z%:z%::z%:::z%#z%+%s";
        match self {
            Self::Rfc3339 => false,
            Self::Strftime(items) => !StrftimeItems::new(TELL_OFFSET).any(|item| items.contains(&item)),
        }
    }
}

/// An instant read from a log, and what had to be done for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) at: Instant,
    /// The local time occurs twice.
    pub(super) ambiguous: bool,
    /// The local time does not occur; this is the end of the gap.
    pub(super) skipped: bool,
    /// Digits beyond milliseconds were cut.
    pub(super) cut: bool,
}

/// Reads instants as a mapping says.
pub(super) struct Reader<'a> {
    mapping: &'a Mapping,
}

impl<'a> Reader<'a> {
    pub(super) fn new(mapping: &'a Mapping) -> Self {
        Self { mapping }
    }

    /// The instant of a text, by the first format that fits.
    pub(super) fn read(&self, text: &str) -> Result<Read, Reason> {
        let text = text.trim();
        let mut reason = Reason::BadInstant;
        for format in &self.mapping.formats {
            let read = match format {
                Format::Rfc3339 => rfc3339(text),
                Format::Strftime(items) => self.strftime(text, items),
            };
            match read {
                Err(Reason::BadInstant) => {}
                Err(other) => reason = other,
                Ok(read) => return Ok(read),
            }
        }
        Err(reason)
    }

    fn strftime(&self, text: &str, items: &[Item<'static>]) -> Result<Read, Reason> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, items.iter()).map_err(|_| Reason::BadInstant)?;
        // Without a time of day, the day begins at midnight.
        if parsed.hour_div_12().is_none() && parsed.hour_mod_12().is_none() && parsed.timestamp().is_none() {
            parsed.set_hour(0).and_then(|()| parsed.set_minute(0)).map_err(|_| Reason::BadInstant)?;
        }
        let offset = parsed.offset().map_or(0, i64::from);
        let local = parsed.to_naive_datetime_with_offset(0).map_err(|_| Reason::BadInstant)?;
        let (local_ms, cut) = in_ms(local)?;
        if parsed.offset().is_some() || parsed.timestamp().is_some() {
            let at = Instant::from_ms(local_ms - offset * 1000).ok_or(Reason::OutOfRange)?;
            return Ok(Read { at, ambiguous: false, skipped: false, cut });
        }
        match &self.mapping.zone {
            Some(zone) => self.local(zone, local_ms, cut),
            None => Err(Reason::BadInstant),
        }
    }

    fn local(&self, zone: &Zone, local_ms: i64, cut: bool) -> Result<Read, Reason> {
        let read = |at| Read { at, ambiguous: false, skipped: false, cut };
        if Instant::from_ms(local_ms).is_none() {
            return Err(Reason::OutOfRange);
        }
        match (zone.readings_of(local_ms), self.mapping.ambiguous, self.mapping.skipped) {
            (Readings::One(at), _, _) => Ok(read(at)),
            (Readings::Two(at, _), Ambiguous::First, _) | (Readings::Two(_, at), Ambiguous::Second, _) => {
                Ok(Read { ambiguous: true, ..read(at) })
            }
            (Readings::Two(..), Ambiguous::Reject, _) => Err(Reason::AmbiguousTime),
            (Readings::None, _, Skipped::Reject) => Err(Reason::SkippedTime),
            (Readings::None, _, Skipped::AfterGap) => {
                let at = end_of_gap(zone, local_ms).ok_or(Reason::OutOfRange)?;
                Ok(Read { skipped: true, ..read(at) })
            }
        }
    }
}

/// The first instant after the gap that a local time falls into.
fn end_of_gap(zone: &Zone, local_ms: i64) -> Option<Instant> {
    const LONGEST_GAP_MS: i64 = 48 * 3_600_000;
    let (mut inside, mut after) = (local_ms, local_ms + LONGEST_GAP_MS);
    while after - inside > 1 {
        let middle = inside + (after - inside) / 2;
        if zone.readings_of(middle) == Readings::None {
            inside = middle;
        } else {
            after = middle;
        }
    }
    match zone.readings_of(after) {
        Readings::One(at) | Readings::Two(at, _) => Some(at),
        Readings::None => None,
    }
}

fn in_ms(local: NaiveDateTime) -> Result<(i64, bool), Reason> {
    let utc = local.and_utc();
    let nanos = utc.timestamp_subsec_nanos();
    // chrono writes a leap second as a second longer than a second.
    if nanos >= 1_000_000_000 {
        return Err(Reason::BadInstant);
    }
    Ok((utc.timestamp_millis(), !nanos.is_multiple_of(1_000_000)))
}

/// RFC 3339 with any number of decimals; the engine itself takes three.
fn rfc3339(text: &str) -> Result<Read, Reason> {
    let read = |at, cut| Read { at, ambiguous: false, skipped: false, cut };
    match Instant::parse(text) {
        Ok(at) => Ok(read(at, false)),
        Err(InstantError::OutOfRange) => Err(Reason::OutOfRange),
        Err(InstantError::TooPrecise) => {
            let (head, tail) = text.split_once('.').ok_or(Reason::BadInstant)?;
            let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
            let short = format!("{head}.{}{}", &tail[..digits.min(3)], &tail[digits..]);
            Instant::parse(&short).map(|at| read(at, true)).map_err(|_| Reason::BadInstant)
        }
        Err(_) => Err(Reason::BadInstant),
    }
}
