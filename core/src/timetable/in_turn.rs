//! One timetable of several that hold one after the other.

use crate::instant::Instant;
use crate::interval::Gather as _;

use super::build::{Builder, Rule};
use super::{SENTINELS, Timetable};

impl Timetable {
    /// Each part from its instant on, to that of the next one; the first from the beginning of time. Of none, one that never
    /// opens.
    pub(crate) fn in_turn(parts: &[(Instant, &Self)]) -> Self {
        let mut builder = Builder::default();
        for (place, (from, part)) in parts.iter().enumerate() {
            let from = if place == 0 { Instant::MIN } else { *from };
            let until = parts.get(place.wrapping_add(1)).map_or(Instant::MAX, |(next, _)| *next);
            part.copy_to(&mut builder, from.ms(), until.ms());
        }
        let recurs = parts.last().is_some_and(|(_, last)| last.recurs);
        Self { recurs, ..builder.finish() }
    }

    /// Adds what holds in `[from, until)`.
    fn copy_to(&self, builder: &mut Builder, from: i64, until: i64) {
        let blocks = self.blocks.len().saturating_sub(SENTINELS);
        let blocks = self.blocks.get(..blocks).unwrap_or_default();
        let first = blocks.partition_point(|block| block.start <= from).saturating_sub(1);
        let mut numbers: Vec<Option<usize>> = vec![None; self.patterns.len()];
        for block in blocks.iter().skip(first).take_while(|block| block.start < until) {
            let known = self.patterns.get(block.pattern).zip(numbers.get_mut(block.pattern));
            let Some((pattern, number)) = known else { continue };
            let new = || builder.pattern(pattern.period(), &pattern.ranges().gather());
            let pattern_number = *number.get_or_insert_with(new);
            let period = pattern.period().cast_signed();
            let phase = block.origin.checked_rem_euclid(period).unwrap_or(0);
            builder.begin(block.start.max(from), Rule { pattern: pattern_number, period, phase });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::Calendar;

    use super::*;

    fn calendar(document: &str) -> Result<Calendar, String> {
        Calendar::from_json(document).map_err(|problems| format!("{problems:?}"))
    }

    fn at(text: &str) -> Result<Instant, String> {
        Instant::parse(text).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn each_part_holds_in_its_time() -> Result<(), String> {
        let parts = [
            calendar(
                r#"{ "time_zone": "Europe/Rome", "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [{ "date": "--12-25" }] }"#,
            )?,
            Calendar::never(),
            calendar(r#"{ "time_zone": "America/New_York", "hours": { "mon-sun": ["22:00-06:00"] } }"#)?,
            calendar(
                r#"{ "any_of": ["always"], "except": { "time_zone": "UTC", "hours": { "sun": ["02:00-04:00"] } } }"#,
            )?,
        ];
        // In the middle of a week, of a day, of an open stretch.
        let starts = [
            "1970-01-01T00:00:00Z",
            "2026-12-23T11:17:00Z",
            "2027-01-05T12:00:00Z",
            "2027-03-28T00:59:59.999Z",
        ];
        let list: Vec<(Instant, &Timetable)> = starts
            .into_iter()
            .map(at)
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .zip(parts.iter().map(Calendar::timetable))
            .collect();
        let whole = Timetable::in_turn(&list);
        let holding = |ms: i64| list.iter().rev().find(|(from, _)| from.ms() <= ms).map(|(_, part)| *part);
        let mut open = 0;
        let (from, until, step) = (at("2026-12-01T00:00:00Z")?, at("2027-05-01T00:00:00Z")?, 61_001);
        for ms in (from.ms()..until.ms()).step_by(step) {
            let here = Instant::clamped(ms);
            assert_eq!(Some(whole.is_open(here)), holding(ms).map(|part| part.is_open(here)), "{here}");
        }
        for (place, (begin, part)) in list.iter().enumerate() {
            let end = list.get(place + 1).map_or(Instant::MAX, |(next, _)| *next);
            open += part.elapsed(*begin, end).ms();
            assert_eq!(whole.elapsed(Instant::MIN, end).ms(), open);
        }
        assert_eq!(Some(whole.recurs()), parts.last().map(|last| last.timetable().recurs()));
        Ok(())
    }

    #[test]
    fn of_one_it_is_that_one_and_of_none_it_never_opens() -> Result<(), String> {
        let office = calendar(r#"{ "time_zone": "Asia/Kolkata", "hours": { "mon-sat": ["09:30-18:30"] } }"#)?;
        let one = Timetable::in_turn(&[(at("2026-01-01T00:00:00Z")?, office.timetable())]);
        let (from, to) = (Instant::MIN, Instant::MAX);
        assert_eq!(one.elapsed(from, to), office.timetable().elapsed(from, to));
        assert_eq!(one.segments(from, to).count(), office.timetable().segments(from, to).count());
        assert_eq!(Timetable::in_turn(&[]).next_open(from), None);
        Ok(())
    }
}
