//! Reads TZif files (RFC 8536, version 2 or later): every change of offset from 1970 to the end of 2199.

use std::error::Error;

/// A change of offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) at: i64,
    /// Offset from UTC before it, in seconds.
    pub(super) before: i64,
    /// Offset from UTC after it, in seconds.
    pub(super) after: i64,
}

/// What a zone's clock does from 1970 to the end of 2199.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct History {
    /// Offset at 1970-01-01T00:00:00Z, in seconds.
    pub(super) first: i64,
    /// All changes after it, in order.
    pub(super) changes: Vec<Change>,
}

/// The end of the range: 2200-01-01T00:00:00Z.
const END: i64 = 7_258_118_400;

/// Reads the 64-bit block and the rule for the time after it.
pub(super) fn parse(data: &[u8]) -> Result<History, Box<dyn Error>> {
    let mut rest = data;
    let skipped = Header::read(&mut rest)?;
    take(&mut rest, skipped.length_of_block(4))?;
    let header = Header::read(&mut rest)?;
    let times = take(&mut rest, header.times * 8)?;
    let indices = take(&mut rest, header.times)?;
    let types = take(&mut rest, header.types * 6)?;
    take(&mut rest, header.letters + header.leaps * 12 + header.standard + header.universal)?;
    let offsets: Vec<i64> =
        types.as_chunks::<6>().0.iter().map(|[a, b, c, d, ..]| number(&[*a, *b, *c, *d])).collect();
    let mut known: Vec<(i64, i64)> = Vec::new();
    for (time, index) in times.as_chunks::<8>().0.iter().zip(indices) {
        known.push((i64::from_be_bytes(*time), *offsets.get(usize::from(*index)).ok_or("no such type")?));
    }
    let footer = std::str::from_utf8(rest)?.strip_prefix('\n').and_then(|line| line.strip_suffix('\n'));
    let rule = Rule::parse(footer.ok_or("no footer")?)?;
    let last = known.last().map_or(i64::MIN, |(at, _)| *at);
    known.extend(rule.changes().into_iter().filter(|(at, _)| *at > last));
    Ok(history(*offsets.first().ok_or("no types")?, &known))
}

/// Leaves out what is before 1970, after 2199, or changes only a name.
fn history(offset_before: i64, known: &[(i64, i64)]) -> History {
    let first =
        known.iter().take_while(|(at, _)| *at <= 0).last().map_or(offset_before, |(_, offset)| *offset);
    let mut before = first;
    let mut changes = Vec::new();
    for &(at, after) in known.iter().filter(|(at, _)| (1..END).contains(at)) {
        if after != before {
            changes.push(Change { at, before, after });
            before = after;
        }
    }
    History { first, changes }
}

struct Header {
    universal: usize,
    standard: usize,
    leaps: usize,
    times: usize,
    types: usize,
    letters: usize,
}

impl Header {
    fn read(rest: &mut &[u8]) -> Result<Self, Box<dyn Error>> {
        let bytes = take(rest, 44)?;
        if !bytes.starts_with(b"TZif") || bytes[4] < b'2' {
            return Err("not a TZif file of version 2 or later".into());
        }
        let count =
            |index: usize| usize::try_from(number(&bytes[20 + 4 * index..][..4])).map_err(|_| "a huge file");
        Ok(Self {
            universal: count(0)?,
            standard: count(1)?,
            leaps: count(2)?,
            times: count(3)?,
            types: count(4)?,
            letters: count(5)?,
        })
    }

    fn length_of_block(&self, time: usize) -> usize {
        let times = self.times * (time + 1) + self.leaps * (time + 4);
        times + self.types * 6 + self.letters + self.standard + self.universal
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Box<dyn Error>> {
    let (head, tail) = rest.split_at_checked(length).ok_or("the file ends early")?;
    *rest = tail;
    Ok(head)
}

/// A signed big-endian number of at most 32 bits.
fn number(bytes: &[u8]) -> i64 {
    let value = bytes.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
    i64::from(value.cast_signed())
}

/// The rule of a footer, such as `EST5EDT,M3.2.0,M11.1.0`.
struct Rule {
    standard: i64,
    summer: Option<Summer>,
}

struct Summer {
    offset: i64,
    start: (Day, i64),
    end: (Day, i64),
}

#[derive(Clone, Copy)]
enum Day {
    /// Month, week (5: the last), weekday from Sunday.
    Weekday(i64, i64, i64),
    /// From 1, never counting 29 February.
    OfCommonYear(i64),
    /// From 0.
    OfYear(i64),
}

impl Rule {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let bad = || format!("not a rule for the future: `{text}`");
        let mut parts = text.split(',');
        let (standard, rest) = name_and_offset(parts.next().unwrap_or("")).ok_or_else(bad)?;
        let standard = standard.ok_or_else(bad)?;
        if rest.is_empty() {
            return Ok(Self { standard, summer: None });
        }
        let (offset, rest) = name_and_offset(rest).ok_or_else(bad)?;
        let start = parts.next().and_then(day_and_time).ok_or_else(bad)?;
        let end = parts.next().and_then(day_and_time).ok_or_else(bad)?;
        if !rest.is_empty() || parts.next().is_some() {
            return Err(bad().into());
        }
        Ok(Self { standard, summer: Some(Summer { offset: offset.unwrap_or(standard + 3600), start, end }) })
    }

    fn changes(&self) -> Vec<(i64, i64)> {
        let Some(Summer { offset, start, end }) = self.summer.as_ref() else { return Vec::new() };
        let of_year = |year| {
            let start = (start.0.in_year(year) * 86_400 + start.1 - self.standard, *offset);
            [start, (end.0.in_year(year) * 86_400 + end.1 - offset, self.standard)]
        };
        let mut changes: Vec<_> = (1969..=2200).flat_map(of_year).collect();
        changes.sort_unstable();
        changes
    }
}

impl Day {
    /// The day of a year, counted from 1970-01-01.
    fn in_year(self, year: i64) -> i64 {
        match self {
            Self::Weekday(month, week, weekday) => {
                let first = day_number(year, month, 1);
                let next_month =
                    if month == 12 { day_number(year + 1, 1, 1) } else { day_number(year, month + 1, 1) };
                let day = first + (weekday - weekday_of(first)).rem_euclid(7) + 7 * (week - 1);
                if day < next_month { day } else { day - 7 }
            }
            Self::OfCommonYear(count) if count >= 60 => day_number(year, 3, 1) + count - 60,
            Self::OfCommonYear(count) => day_number(year, 1, 1) + count - 1,
            Self::OfYear(count) => day_number(year, 1, 1) + count,
        }
    }
}

/// Days from 1970-01-01 to a date.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 719_469
}

/// 0 is Sunday.
pub(super) fn weekday_of(day: i64) -> i64 {
    (day + 4).rem_euclid(7)
}

/// A zone's name and its offset, if one follows, as seconds east of UTC; and the rest.
fn name_and_offset(text: &str) -> Option<(Option<i64>, &str)> {
    let name = if text.starts_with('<') {
        text.find('>')? + 1
    } else {
        text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len())
    };
    let rest = text.get(name..).filter(|_| name >= 3)?;
    let length =
        rest.find(|letter: char| !letter.is_ascii_digit() && !"+-:".contains(letter)).unwrap_or(rest.len());
    let (offset, rest) = rest.split_at(length);
    if offset.is_empty() { Some((None, rest)) } else { Some((Some(-seconds(offset)?), rest)) }
}

/// `[+-]h[:mm[:ss]]`
fn seconds(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0;
    for (part, unit) in text.split(':').zip([3600, 60, 1]) {
        total += part.parse::<i64>().ok()? * unit;
    }
    (text.matches(':').count() < 3).then_some(sign * total)
}

/// `M3.2.0/2`, `J60` or `59`, with 2 o'clock where no time follows.
fn day_and_time(text: &str) -> Option<(Day, i64)> {
    let (day, time) = text.split_once('/').map_or((text, Some(7200)), |(day, time)| (day, seconds(time)));
    let day = if let Some(day) = day.strip_prefix('M') {
        let mut numbers = day.split('.').map(str::parse);
        let (month, week, weekday) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        if numbers.next().is_some() || !(1..=12).contains(&month) || !(1..=5).contains(&week) || weekday > 6 {
            return None;
        }
        Day::Weekday(month, week, weekday)
    } else if let Some(day) = day.strip_prefix('J') {
        Day::OfCommonYear(day.parse().ok()?)
    } else {
        Day::OfYear(day.parse().ok()?)
    };
    Some((day, time?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn falls_on(rule: &str, year: i64, date: (i64, i64), time: i64) {
        let read = day_and_time(rule).map(|(day, time)| (day.in_year(year), time));
        assert_eq!(read, Some((day_number(year, date.0, date.1), time)), "{rule} in {year}");
    }

    #[test]
    fn days_of_rules_follow_posix() {
        falls_on("M3.2.0", 2026, (3, 8), 7200);
        falls_on("M10.5.0/-1", 2026, (10, 25), -3600);
        falls_on("M2.5.4/26:30", 2024, (2, 29), 95_400);
        falls_on("J60", 2024, (3, 1), 7200);
        falls_on("J59/0", 2024, (2, 28), 0);
        falls_on("59", 2024, (2, 29), 7200);
        falls_on("59", 2023, (3, 1), 7200);
        assert!(day_and_time("M13.1.0").is_none() && day_and_time("M3.2").is_none());
    }

    #[test]
    fn rules_without_summer_time_have_no_changes() {
        let rule = Rule::parse("<+0545>-5:45").unwrap();
        assert_eq!((rule.standard, rule.changes().len()), (20_700, 0));
        assert!(Rule::parse("EST5EDT").is_err() && Rule::parse("").is_err());
    }
}
