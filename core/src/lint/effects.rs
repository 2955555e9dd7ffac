//! Keys that are written and change nothing, and due times at which nobody works.

use crate::agreement::{DueDocument, OnReopen, Unanswered, Validity};
use crate::calendar::DAY_NAMES;

use super::calendars::time;
use super::starts::from_today;
use super::view::{Promise, View, below, item, names_of};
use super::week::{DayHours, Week, open_hours};
use super::{Findings, Rule};

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    let week = Week::of(view);
    for promise in &view.promises {
        no_effect(promise, findings);
        due_times(view, promise, &week, findings);
    }
    let place = below(&view.base, "escalations");
    for (index, escalation) in view.document.escalations.iter().enumerate() {
        let hold = escalation.hold_until_open.as_deref();
        let calendar = hold.and_then(|hold| view.calendar(hold));
        if calendar.is_some_and(|calendar| calendar.next_open(from_today(view)).is_none()) {
            let message = ["notices held until `", hold.unwrap_or_default(), "` opens are never delivered"];
            let here = below(&item(&place, index), "hold_until_open");
            findings.push(Rule::Ef02, &here, &message, "name a calendar that opens, or leave the key out");
        }
    }
}

fn no_effect(promise: &Promise<'_>, findings: &mut Findings) {
    let (clock, metric) = (promise.clock, promise.metric);
    let mut say = |key: &str, why: &str| {
        let message = ["`", key, "` has no effect on `", promise.name, "`: ", why];
        findings.push(Rule::Ef03, &below(&promise.pointer, key), &message, "leave it out");
    };
    if clock.unanswered == Unanswered::Cancel && metric.waits_for_resolution() {
        say("unanswered", "resolving is what it waits for");
    }
    if clock.on_reopen.is_some_and(|written| written != OnReopen::Continue) && metric.begins_anew() {
        say("on_reopen", "a reopening always begins a new cycle");
    }
    let dues = clock.overrides.iter().filter_map(|case| case.due.as_ref()).chain(&clock.due);
    if clock.pause_moves_due && !dues.into_iter().any(|due| due.field.is_some()) {
        say("pause_moves_due", "its due instant comes from no field");
    }
    let place = below(&promise.pointer, "overrides");
    for (index, case) in clock.overrides.iter().enumerate() {
        if case.within.is_none() && case.due.is_none() && case.calendar.is_none() {
            let message = ["the override of `", promise.name, "` names neither a target nor a calendar"];
            let mend = "add `within`, `due` or `calendar`, or take it out";
            findings.push(Rule::Ef03, &item(&place, index), &message, mend);
        }
    }
}

/// Due times of business days at which the calendar is closed.
fn due_times(view: &View<'_>, promise: &Promise<'_>, week: &Week, findings: &mut Findings) {
    let clock = promise.clock;
    let overrides = below(&promise.pointer, "overrides");
    let cases = clock.overrides.iter().enumerate().map(|(index, case)| {
        let calendar = case.calendar.as_ref().unwrap_or(&clock.calendar);
        (item(&overrides, index), case.due.as_ref(), calendar)
    });
    for (place, due, calendar) in
        cases.chain([(promise.pointer.clone(), clock.due.as_ref(), &clock.calendar)])
    {
        let Some(DueDocument { business_days: Some(_), at: Some(at), .. }) = due else { continue };
        for (_, name) in names_of(calendar) {
            let Some(hours) = open_hours(view, name, week) else { continue };
            let closed = |day: &&DayHours| {
                let minute = at.minute();
                !day.1.iter().any(|(from, to)| *from <= minute && minute <= *to)
            };
            if let Some((day, _)) = hours.iter().find(closed) {
                let day = DAY_NAMES.get(*day).copied().unwrap_or_default();
                let message = [
                    "`",
                    promise.name,
                    "` may be due at ",
                    &time(at.minute()),
                    " on ",
                    day,
                    ", when `",
                    name,
                    "` is closed",
                ];
                let mend =
                    "choose a time within the hours of every day, or leave `at` out for the last closing";
                findings.push(Rule::Ef04, &below(&below(&place, "due"), "at"), &message, mend);
                break;
            }
        }
    }
}

/// The days of a version, if it has any.
pub(super) fn valid(view: &View<'_>) -> Validity {
    let none = Validity { from: None, until: None, review_by: None };
    view.document.valid.clone().unwrap_or(none)
}
