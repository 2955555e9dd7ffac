//! Calendars: hours that overlap, holidays that nobody spoke of, and calendars that nothing uses.

use crate::agreement::CalendarChoice;
use crate::calendar::{CalendarDocument, DAY, DAY_NAMES, HourRange, Part, Parts};

use super::view::{View, below, item, names_of};
use super::{Findings, Rule};

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    let place = below(&view.base, "calendars");
    let used = used(view);
    for (name, calendar) in &view.document.calendars.0 {
        let here = below(&place, name);
        written_at(view, name, calendar, &here, findings);
        if !used.contains(&name.as_str()) {
            let message = ["nothing uses the calendar `", name, "`"];
            findings.push(Rule::Nm03, &here, &message, "take it out, or name it where it was meant");
        }
    }
}

/// A calendar with hours, and those that are written within it.
fn written_at(
    view: &View<'_>,
    name: &str,
    calendar: &CalendarDocument,
    place: &str,
    findings: &mut Findings,
) {
    overlaps(calendar, place, findings);
    holidays(view, name, calendar, place, findings);
    for (place, part) in parts(calendar, place) {
        if let Part::Written(part) = part {
            written_at(view, name, part, &place, findings);
        }
    }
}

/// What a calendar is made of, with the places.
fn parts<'c>(calendar: &'c CalendarDocument, place: &str) -> Vec<(String, &'c Part)> {
    let keys = [("any_of", &calendar.any_of), ("all_of", &calendar.all_of), ("except", &calendar.except)];
    let mut all = Vec::new();
    for (key, parts) in keys {
        let here = below(place, key);
        match parts {
            None => {}
            Some(Parts::One(part)) => all.push((here, part)),
            Some(Parts::List(parts)) => {
                all.extend(parts.iter().enumerate().map(|(index, part)| (item(&here, index), part)));
            }
        }
    }
    all
}

/// Hours of one day that are written twice.
fn overlaps(calendar: &CalendarDocument, place: &str, findings: &mut Findings) {
    let hours = below(place, "hours");
    for (day, name) in DAY_NAMES.iter().enumerate() {
        let before = calendar.hours.written(day.checked_sub(1).unwrap_or(6)).iter();
        // What the evening before sends into this day.
        let tails = before.filter(|range| range.tail().1 > 0).map(|range| (range, range.tail()));
        let own = calendar.hours.written(day).iter().map(|range| (range, range.own()));
        two_of(&tails.chain(own).collect::<Vec<_>>(), name, &hours, findings);
    }
    let days = below(place, "special_days");
    for (index, day) in calendar.special_days.iter().enumerate() {
        let own: Vec<_> = day.hours.iter().map(|range| (range, range.own())).collect();
        two_of(&own, "the special day", &below(&item(&days, index), "hours"), findings);
    }
}

fn two_of(ranges: &[(&HourRange, (i64, i64))], day: &str, place: &str, findings: &mut Findings) {
    for (index, (second, (from, to))) in ranges.iter().enumerate() {
        let overlapped = ranges
            .iter()
            .take(index)
            .find(|(_, (earlier_from, earlier_to))| earlier_from < to && from < earlier_to);
        if let Some((first, _)) = overlapped {
            let message = [day, ": ", &written(first), " overlaps ", &written(second)];
            findings.push(Rule::Cl10, place, &message, "write one stretch of hours, or mend the times");
            return;
        }
    }
}

/// Opening hours as a document writes them.
fn written(range: &HourRange) -> String {
    let (from, to) = (range.own().0, range.tail().1);
    let to = if to > 0 { to } else { range.own().1 };
    [&time(from), "-", &time(to)].concat()
}

/// `09:05`.
pub(super) fn time(minute: i64) -> String {
    let two = |number: i64| {
        let digits = number.to_string();
        if digits.len() < 2 { ["0", &digits].concat() } else { digits }
    };
    [&two(minute.div_euclid(60)), ":", &two(minute.rem_euclid(60))].concat()
}

/// Working hours without a word on holidays; an empty list of them is a word.
fn holidays(view: &View<'_>, name: &str, calendar: &CalendarDocument, place: &str, findings: &mut Findings) {
    let open: i64 = calendar.hours.days().iter().flatten().map(|(from, to)| to.saturating_sub(*from)).sum();
    let working_hours = open > 0 && open < DAY.saturating_mul(7);
    let closed_day = calendar.special_days.iter().any(|day| day.hours.is_empty());
    if working_hours && !closed_day && view.at(&below(place, "holidays")).is_none() {
        let message = ["`", name, "`: are public holidays working days?"];
        findings.push(Rule::Cl13, place, &message, "list the `holidays`; write `holidays: []` if they are");
    }
}

/// Names of calendars that something refers to.
fn used<'v>(view: &'v View<'_>) -> Vec<&'v str> {
    let mut used: Vec<&str> = Vec::new();
    let mut all =
        |choice: &'v CalendarChoice| used.extend(names_of(choice).into_iter().map(|(_, name)| name));
    for promise in &view.promises {
        all(&promise.clock.calendar);
        promise.clock.overrides.iter().filter_map(|case| case.calendar.as_ref()).for_each(&mut all);
    }
    used.extend(
        view.document.escalations.iter().filter_map(|escalation| escalation.hold_until_open.as_deref()),
    );
    // Parts of calendars that are made of others; a written part may name some in turn.
    let mut made: Vec<&CalendarDocument> =
        view.document.calendars.0.iter().map(|(_, calendar)| calendar).collect();
    while let Some(calendar) = made.pop() {
        for (_, part) in parts(calendar, "") {
            match part {
                Part::Named(name) => used.push(name),
                Part::Written(part) => made.push(part),
            }
        }
    }
    used
}
