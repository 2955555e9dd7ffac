//! Schedules and their spans as calendars.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::text;
use crate::agreement::{Building, DAY, holiday, hours, zone};
use crate::record::Record;
use crate::{Table, Translation};

/// Calendars by the `sys_id` and by the name of their schedules.
pub(super) fn calendars(
    schedules: &[&Table],
    spans: &[&Table],
    building: &mut Building,
    translation: &mut Translation,
) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut made: Vec<(String, String, Map<String, Value>)> = Vec::new();
    for table in schedules {
        for (index, value) in table.records.iter().enumerate() {
            let place = format!("{}/{}/{index}", table.source, table.name);
            let Some(schedule) = Record::of(value, place, translation) else { continue };
            let title = text(&schedule, "name").unwrap_or_default();
            let name = building.name(&title);
            let mut calendar = Map::new();
            match text(&schedule, "time_zone") {
                Some(theirs) => {
                    if let Some(zone) = zone(&theirs, &schedule.place("time_zone"), translation) {
                        calendar.insert("time_zone".into(), json!(zone));
                    }
                }
                None => translation.approximated(
                    schedule.place("time_zone"),
                    "a floating schedule: it has the time zone of the agreement, not of the caller",
                ),
            }
            for key in ["parent", "document_key"] {
                if text(&schedule, key).is_some() {
                    translation
                        .left_out(schedule.place(key), "a schedule below another has only its own entries");
                }
            }
            let id = text(&schedule, "sys_id").unwrap_or_else(|| title.clone());
            names.insert(id.clone(), name.clone());
            names.insert(title, name.clone());
            made.push((id, name, calendar));
        }
    }
    for (id, name, mut calendar) in made {
        let (mut ranges, mut closed) = (Vec::new(), Vec::new());
        for table in spans {
            for (index, value) in table.records.iter().enumerate() {
                let place = format!("{}/{}/{index}", table.source, table.name);
                let Some(span) = Record::of(value, place, translation) else { continue };
                if text(&span, "schedule").as_ref() == Some(&id) {
                    entry(&span, &mut ranges, &mut closed, translation);
                }
            }
        }
        calendar.insert("hours".into(), hours(&ranges).into());
        calendar.insert("holidays".into(), closed.into());
        building.calendars.insert(name, calendar.into());
    }
    names
}

/// `yyyyMMddTHHmmss` as a date and a minute of its day.
fn moment(text: &str) -> Option<(String, i64)> {
    let (date, time) = text.split_once('T')?;
    let digits = |text: &str, from: usize, to: usize| {
        text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned)
    };
    let date = format!("{}-{}-{}", digits(date, 0, 4)?, digits(date, 4, 6)?, digits(date, 6, 8)?);
    let minute = |from: usize| digits(time, from, from.checked_add(2)?)?.parse::<i64>().ok();
    let minutes = minute(0)?.checked_mul(60)?.checked_add(minute(2)?)?;
    Some((date, minutes))
}

fn entry(
    span: &Record<'_>,
    ranges: &mut Vec<(usize, i64, i64)>,
    closed: &mut Vec<Value>,
    translation: &mut Translation,
) {
    let name = text(span, "name").unwrap_or_default();
    let ends = text(span, "start_date_time").zip(text(span, "end_date_time"));
    let Some(((from, start), (to, end))) =
        ends.and_then(|(start, end)| Some((moment(&start)?, moment(&end)?)))
    else {
        translation
            .left_out(&*span.at, format!("the entry `{name}` has no instants of the form yyyyMMddTHHmmss"));
        return;
    };
    let repeats = text(span, "repeat_type");
    match (text(span, "type").as_deref(), repeats.as_deref()) {
        (Some("excluded" | "exclude"), None | Some("does_not_repeat")) => {
            // An entry of whole days ends with the last second of the last or the first of the next.
            if (start > 0 || (end > 0 && end < DAY.saturating_sub(1))) && !span.is_true("all_day") {
                translation.approximated(&*span.at, format!("`{name}` closes whole days here"));
            }
            closed.push(holiday(&from, &to, &name));
        }
        (Some("excluded" | "exclude"), Some("yearly")) if from == to => {
            closed.push(holiday(
                &format!("-{}", from.get(4..).unwrap_or_default()),
                &format!("-{}", from.get(4..).unwrap_or_default()),
                &name,
            ));
        }
        (None, Some(repeats @ ("weekly" | "daily" | "weekdays"))) if from == to => {
            let every = text(span, "repeat_count").filter(|count| count != "1" && count != "0");
            if text(span, "repeat_until").is_some_and(|until| until != "0") || every.is_some() {
                translation
                    .approximated(&*span.at, format!("`{name}` repeats every time and without end here"));
            }
            let days = match repeats {
                "daily" => "1234567".to_owned(),
                "weekdays" => "12345".to_owned(),
                _ => text(span, "days_of_week").unwrap_or_default(),
            };
            let end = if end == DAY.saturating_sub(1) || end == 0 { DAY } else { end };
            if days.is_empty() || start >= end {
                translation.left_out(&*span.at, format!("the entry `{name}` has no days or no length"));
            }
            // 1 is Monday; days are counted from Sunday here.
            let days = days.chars().filter_map(|day| day.to_digit(10)).filter(|day| (1..=7).contains(day));
            ranges.extend(
                days.filter(|_| start < end).map(|day| (usize::try_from(day % 7).unwrap_or(0), start, end)),
            );
        }
        (kind, repeats) => translation.left_out(
            &*span.at,
            format!(
                "the entry `{name}` of type `{}`, repeated `{}`, cannot be said here",
                kind.unwrap_or_default(),
                repeats.unwrap_or("never")
            ),
        ),
    }
}
