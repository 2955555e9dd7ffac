//! Explanations in plain words, in the local time of each calendar.

use crate::agreement::{Agreement, Term};
use crate::calendar::Date;
use crate::clock::{ClockResult, State};
use crate::evaluate::Evaluation;
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::name::Name;
use crate::zone::Zone;

use super::{ClockExplanation, Explanation, Slice, Why};

/// Most lines; the slices tell the rest.
const MAX_LINES: usize = 1000;

/// `1d 2h 30m`, to the largest four units that are not zero; a day is 24 hours.
pub(crate) fn length(ms: i64) -> String {
    let mut rest = ms.unsigned_abs();
    let mut text = String::from(if ms < 0 { "-" } else { "" });
    let mut first = true;
    for (unit, size) in [("h", 3_600_000_u64), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        let count = rest.checked_div(size).unwrap_or(0);
        rest = rest.checked_rem(size).unwrap_or(0);
        if count > 0 {
            if !first {
                text.push(' ');
            }
            text.push_str(&count.to_string());
            text.push_str(unit);
            first = false;
        }
    }
    if first {
        text.push_str("0m");
    }
    text
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn two(text: &mut String, number: i64) {
    if number < 10 {
        text.push('0');
    }
    text.push_str(&number.to_string());
}

/// `Fri 2026-11-20 16:55`, with seconds and milliseconds where there are any.
pub(crate) fn local(zone: &Zone, at: Instant) -> String {
    let date = Date::of_day(zone.day_at(at));
    let mut text = String::from(DAYS.get(date.weekday()).copied().unwrap_or_default());
    text.push(' ');
    text.push_str(&date.to_string());
    text.push(' ');
    let ms = zone.local_ms_at(at).rem_euclid(86_400_000);
    two(&mut text, ms / 3_600_000);
    text.push(':');
    two(&mut text, ms / 60_000 % 60);
    if ms % 60_000 != 0 {
        text.push(':');
        two(&mut text, ms / 1000 % 60);
    }
    if ms % 1000 != 0 {
        text.push('.');
        let thousandths = ms % 1000;
        if thousandths < 100 {
            text.push('0');
        }
        two(&mut text, thousandths);
    }
    text
}

/// A term that counts on the calendar of this name.
fn term_of<'a>(agreement: &'a Agreement, calendar: &Name) -> Option<&'a Term> {
    agreement.terms().iter().find(|term| term.calendar_name == *calendar)
}

/// A local time on a calendar, with its zone.
fn with_zone(agreement: &Agreement, calendar: &Name, at: Instant) -> String {
    let text = term_of(agreement, calendar)
        .and_then(|term| term.dates(|zone| Some(format!("{} ({})", local(zone, at), zone.name()))));
    text.unwrap_or_else(|| at.to_string())
}

/// When each clock is due, as a sentence a clock.
pub(crate) fn deadlines(agreement: &Agreement, evaluation: &Evaluation) -> Vec<String> {
    let clocks = evaluation.clocks.iter();
    clocks.map(|clock| format!("{}.", headline(agreement, clock))).gather()
}

fn headline(agreement: &Agreement, clock: &ClockResult) -> String {
    let mut text = String::from(clock.clock.as_str());
    if let Some(set) = &clock.set.0 {
        text = format!("{text} ({set})");
    }
    let state = match clock.state {
        State::Pending => "has not started",
        State::Running => "is running",
        State::Paused => "is paused",
        State::OutsideHours => "waits for opening hours",
        State::Met => "was met",
        State::Breached => "was breached",
        State::Cancelled => "was cancelled",
    };
    text = format!("{text} {state}");
    if clock.overdue && clock.stopped_at.0.is_none() {
        text.push_str(" and overdue");
    }
    if clock.state != State::Pending {
        text = format!("{text}, {} of {} used", length(clock.elapsed_ms), length(clock.target_ms));
    } else {
        text = format!("{text}, {} promised", length(clock.target_ms));
    }
    text = format!("{text} on {}, by policy {}", clock.calendar, clock.policy);
    match (clock.due_at.0, clock.due_if_resumed_now.0) {
        (Some(Some(due)), _) => {
            text = format!("{text}; due {}", with_zone(agreement, &clock.calendar, due));
        }
        (_, Some(Some(due))) => {
            let due = with_zone(agreement, &clock.calendar, due);
            text = format!("{text}; due {due} if it were resumed now");
        }
        (Some(None), _) if clock.state != State::Pending => text.push_str("; never due"),
        _ => {}
    }
    if let Some(breached) = clock.breached_at {
        text = format!(
            "{text}; the last instant in time was {}",
            with_zone(agreement, &clock.calendar, breached)
        );
    }
    text
}

/// The whole explanation, line by line.
pub(super) fn explanation(agreement: &Agreement, explanation: &Explanation) -> Vec<String> {
    let evaluation = &explanation.evaluation;
    let mut lines = Vec::new();
    lines.push(match &evaluation.policy {
        Some(policy) => format!("{} at {}: policy {policy} is in force.", evaluation.ticket, explanation.now),
        None => format!("{} at {}: no policy is in force.", evaluation.ticket, explanation.now),
    });
    for clock in &evaluation.clocks {
        lines.push(format!("{}.", headline(agreement, clock)));
        let explained = explanation
            .clocks
            .iter()
            .find(|explained| explained.clock == clock.clock && explained.set == clock.set);
        if let Some(explained) = explained {
            slices(agreement, explained, &mut lines);
        }
    }
    lines
}

fn slices(agreement: &Agreement, clock: &ClockExplanation, lines: &mut Vec<String>) {
    let several = clock.cycles.len() > 1;
    for cycle in &clock.cycles {
        if several {
            lines.push(format!("  cycle {}:", cycle.cycle));
        }
        for slice in &cycle.slices {
            if lines.len() >= MAX_LINES {
                if lines.len() == MAX_LINES {
                    lines.push("  and so on: the slices tell the rest.".to_owned());
                }
                return;
            }
            lines.push(format!("  {}", line(agreement, slice)));
        }
    }
}

fn line(agreement: &Agreement, slice: &Slice) -> String {
    let span = |zone: &Zone| format!("{} to {}", local(zone, slice.from), local(zone, slice.until));
    let term = slice.calendar.0.as_ref().and_then(|calendar| term_of(agreement, calendar));
    let span = match term {
        Some(term) => term.dates(|zone| Some(span(zone))),
        None => Zone::named("Etc/UTC").ok().map(|zone| span(&zone)),
    };
    let span = span.unwrap_or_default();
    let length_text = length(slice.duration_ms);
    if slice.counted {
        let special = slice.name.0.as_ref().map_or(String::new(), |name| format!(" ({name})"));
        let whose = slice.part.0.as_ref().map_or(String::new(), |part| format!(" by {part}"));
        return format!("{span}: {length_text} counted{special}{whose}, {} so far", length(slice.total_ms));
    }
    format!("{span}: {length_text} not counted, {}", reason(slice))
}

fn reason(slice: &Slice) -> String {
    let named = |what: &str| match &slice.name.0 {
        Some(name) => format!("{name} ({what})"),
        None => what.to_owned(),
    };
    let text = match slice.why {
        Why::Counted => String::new(),
        Why::NoPolicy => "no policy promised this clock".to_owned(),
        Why::Excluded => "excluded".to_owned(),
        Why::Resolved => "the ticket was resolved".to_owned(),
        Why::Paused => match (&slice.party.0, &slice.status.0) {
            (Some(party), Some(status)) => format!("paused for {party} (status {status})"),
            (Some(party), None) => format!("paused for {party}"),
            (None, Some(status)) => format!("paused (status {status})"),
            (None, None) => "paused".to_owned(),
        },
        Why::SpecialDay => named("special day"),
        Why::Holiday if slice.observed.0 == Some(true) => named("holiday, observed"),
        Why::Holiday => named("holiday"),
        Why::Weekday => match slice.weekday.0 {
            Some(day) => format!(
                "outside the hours of {}",
                DAYS.get(usize::from(day as u8)).copied().unwrap_or_default()
            ),
            None => "outside the hours".to_owned(),
        },
        Why::Except => "closed while another calendar is open".to_owned(),
        Why::Never => "the calendar never opens".to_owned(),
    };
    let text = match &slice.part.0 {
        Some(part) => format!("{text}, by {part}"),
        None => text,
    };
    match &slice.reason.0 {
        Some(reason) => format!("{text}: {reason}"),
        None => text,
    }
}
