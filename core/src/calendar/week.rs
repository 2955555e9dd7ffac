//! Opening hours and the regular week, as a document writes them.

use crate::document::{At, Document, Node, Problems, expected, refuse_duplicates, shortened};
use crate::error::Code;
use crate::interval::Gather as _;
use crate::interval::merged;
use crate::timetable::Minutes;

/// Minutes of a day.
pub(crate) const DAY: i64 = 24 * 60;

/// Opening hours such as `09:00-17:00`; `22:00-06:00` runs past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourRange {
    /// Minutes from midnight.
    from: i64,
    /// Minutes from the same midnight; over 1440 when past the next one.
    to: i64,
}

impl HourRange {
    /// Reads `HH:MM-HH:MM`, or says what is wrong.
    fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once('-').ok_or("two times with a `-` between them are needed")?;
        let (from, to) = (minute_of_day(from)?, minute_of_day(to)?);
        if from == DAY {
            return Err("`24:00` can only be an end".to_owned());
        }
        if from == to {
            return Err("it is empty: the whole day is `00:00-24:00`".to_owned());
        }
        Ok(Self { from, to: if to < from { to.saturating_add(DAY) } else { to } })
    }

    /// The part on its own date.
    pub(crate) fn own(self) -> Minutes {
        (self.from, self.to.min(DAY))
    }

    /// The part on the next date; empty unless it runs past midnight.
    pub(crate) fn tail(self) -> Minutes {
        (0, self.to.saturating_sub(DAY).max(0))
    }
}

/// Minutes from midnight of `HH:MM`.
pub(super) fn minute_of_day(text: &str) -> Result<i64, String> {
    let number = |high: u8, low: u8| {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte.wrapping_sub(b'0')));
        digit(high).zip(digit(low)).map(|(high, low)| high.wrapping_mul(10).wrapping_add(low))
    };
    let time = match *text.as_bytes() {
        [a, b, b':', c, d] => number(a, b).zip(number(c, d)),
        _ => None,
    };
    match time {
        Some((hour @ 0..=23, minute @ 0..=59)) => Ok(hour.saturating_mul(60).saturating_add(minute)),
        Some((24, 0)) => Ok(DAY),
        _ => Err(format!("`{}` is not a time from `00:00` to `24:00`", shortened(text))),
    }
}

impl Document for HourRange {
    fn blank() -> Self {
        Self { from: 0, to: 0 }
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Text(text) = node else {
            return expected("hours such as `09:00-17:00`", node, at, problems);
        };
        Self::parse(text)
            .map_err(|why| {
                let message = format!("`{}` is not opening hours: {why}", shortened(text));
                problems.push_mend(at, Code::BadHours, message, "write them as `09:00-17:00`");
            })
            .ok()
    }
}

/// The days of the week as keys, Monday first.
pub(crate) const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The regular week: for each day from Monday its opening hours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeeklyHours([Vec<HourRange>; 7]);

impl WeeklyHours {
    /// Open all the time.
    pub(crate) fn always() -> Self {
        Self(core::array::from_fn(|_| vec![HourRange { from: 0, to: DAY }]))
    }

    /// The hours of a day from Monday as they are written.
    pub(crate) fn written(&self, day: usize) -> &[HourRange] {
        self.0.get(day).map_or(&[], Vec::as_slice)
    }

    /// Whether no day has any hours.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Open minutes of each day from Monday: its own hours and the tail of the day before.
    pub(crate) fn days(&self) -> [Vec<Minutes>; 7] {
        core::array::from_fn(|day| {
            let day_before = day.checked_sub(1).unwrap_or(6);
            let own = self.0.get(day).into_iter().flatten().map(|range| range.own());
            let tails = self.0.get(day_before).into_iter().flatten().map(|range| range.tail());
            merged(own.chain(tails).gather())
        })
    }
}

/// The days that a key names, and whether it is a range.
pub(crate) fn days_of_key(key: &str) -> Option<(Vec<usize>, bool)> {
    let number = |name: &str| DAY_NAMES.iter().position(|known| *known == name);
    let Some((first, last)) = key.split_once('-') else {
        return number(key).map(|day| (vec![day], false));
    };
    let (first, last) = (number(first)?, number(last)?);
    let days = if first <= last { (first..=last).gather() } else { (first..7).chain(0..=last).gather() };
    Some((days, true))
}

impl Document for WeeklyHours {
    fn blank() -> Self {
        Self::default()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::Map(entries) = node else {
            return expected("a map from days (`mon-fri`, `sat`) to hours", node, at, problems);
        };
        refuse_duplicates(entries, at, problems);
        let mut week = Self::default();
        let mut named_by_range = [false; 7];
        let mut named_alone = [false; 7];
        for (key, hours) in entries {
            let here = At::Key(at, key);
            let hours = Vec::<HourRange>::decode(hours, &here, problems);
            let Some((days, is_range)) = days_of_key(key) else {
                let message = format!("`{}` is neither a day nor a range of days", shortened(key));
                problems.push_mend(
                    &here,
                    Code::BadDay,
                    message,
                    "use `mon` to `sun`, or a range such as `mon-fri`",
                );
                continue;
            };
            for day in days {
                let (Some(by_range), Some(alone)) = (named_by_range.get_mut(day), named_alone.get_mut(day))
                else {
                    continue;
                };
                if is_range && *by_range {
                    let name = DAY_NAMES.get(day).copied().unwrap_or_default();
                    problems.push_mend(
                        &here,
                        Code::DayTwice,
                        format!("two ranges name `{name}`"),
                        "let one day be in one range; a single day's key may replace it",
                    );
                }
                // A single day's key replaces a range's, whichever stands first.
                let replaces = !is_range || !*alone;
                *(if is_range { by_range } else { alone }) = true;
                if let Some(slot) = week.0.get_mut(day).filter(|_| replaces) {
                    slot.clone_from(hours.as_ref().unwrap_or(&Vec::new()));
                }
            }
        }
        Some(week)
    }
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{DAY_NAMES, HourRange, WeeklyHours};
    use crate::document::shape::{Key, Shape, Shaped, Types};

    impl Shaped for HourRange {
        fn shape(types: &mut Types) -> Shape {
            let doc =
                "Opening hours: `09:00-17:00`. `24:00` only as an end; `22:00-06:00` runs past midnight.";
            types.alias("HourRange", doc, |_| Shape::Text {
                format: None,
                pattern: Some("^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$"),
            })
        }
    }

    impl Shaped for WeeklyHours {
        fn shape(types: &mut Types) -> Shape {
            let doc = "Hours of the regular week. A key is a day (`mon` to `sun`) or a range (`mon-fri`); \
                       a single day's key replaces a range's, two ranges that name the same day are an error.";
            types.alias("WeeklyHours", doc, |types| {
                let hours = Shape::List(Box::new(HourRange::shape(types)));
                let mut keys: Vec<Key> = Vec::new();
                let usual = DAY_NAMES.iter().copied().chain(["mon-fri", "mon-sat", "mon-sun", "sat-sun"]);
                for name in usual {
                    let (doc, shape) = (String::new(), hours.clone());
                    keys.push(Key { name, doc, shape, required: false, later: false });
                }
                Shape::OneOf(vec![Shape::Keys(keys), Shape::Map(Box::new(hours))])
            })
        }
    }
}
