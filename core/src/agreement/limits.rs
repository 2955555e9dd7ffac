//! How much one agreement may ask for: what is written once is worked through for every ticket, and its parts multiply.

use crate::document::{At, Problems};
use crate::error::Code;
use crate::interval::Gather as _;
use crate::name::check_length;
use crate::numbers::Numbers;

use super::clock::{CalendarChoice, ClockDocument};
use super::policies::SetDocument;
use super::versions::Written;

/// Most versions of an agreement.
pub(super) const MAX_VERSIONS: usize = 100;
/// Most sets of policies.
const MAX_SETS: usize = 100;
/// Most priorities in the order.
const MAX_PRIORITIES: usize = 100;
/// Most alerts and steps of one promise.
const MAX_ALERTS: usize = 100;
/// Most fields that hold due dates.
const MAX_DUE_FIELDS: usize = 100;
/// Most cases: each promise has one for each override and calendar that it may come to.
const MAX_CASES: usize = 100_000;
/// Most stretches of regular hours in all calendars together: some 200 MB. A calendar in a zone with daylight saving has
/// 460, and two more for each holiday.
pub(super) const MAX_STRETCHES: usize = 4_000_000;

/// Says that there is too much of something.
pub(super) fn refuse(limit: usize, what: &str, at: &At<'_>, problems: &mut Problems) {
    let message = format!("more than {limit} {what}");
    problems.push_mend(at, Code::TooLarge, message, "leave out what no ticket needs, or part the agreement");
}

/// Whether an agreement keeps within the limits; what it exceeds is noted.
pub(super) fn check(documents: &[Written], problems: &mut Problems) -> bool {
    let before = problems.count();
    let root = &At::Root;
    let here = At::Key(root, "versions");
    let (mut cases, mut fields) = (0_usize, Numbers::default());
    let mut told = [false; 2];
    for Written { document, version } in documents {
        let place = version.as_ref().map(|(index, _)| At::Index(&here, *index));
        let at = place.as_ref().unwrap_or(root);
        let sets = document.policy_sets.as_ref().map_or(0, |sets| sets.0.len());
        if sets > MAX_SETS {
            refuse(MAX_SETS, "sets of policies", &At::Key(at, "policy_sets"), problems);
        }
        if document.priorities.as_ref().is_some_and(|priorities| priorities.order.len() > MAX_PRIORITIES) {
            let at = At::Key(at, "priorities");
            refuse(MAX_PRIORITIES, "priorities", &At::Key(&at, "order"), problems);
        }
        let mut steps = Numbers::default();
        for (index, escalation) in document.escalations.iter().enumerate() {
            let at = At::Key(at, "escalations");
            for (number, step) in escalation.steps.iter().enumerate() {
                let here = At::Index(&at, index);
                let steps = At::Key(&here, "steps");
                check_length(&step.notify, &At::Key(&At::Index(&steps, number), "notify"), problems);
            }
            let known = steps.get(&escalation.clock).unwrap_or(0);
            steps.set(&escalation.clock, known.saturating_add(escalation.steps.len()));
        }
        for set in SetDocument::of(document) {
            set.place(at, |at| {
                for (index, policy) in set.policies.iter().enumerate() {
                    let at = At::Index(at, index);
                    check_length(&policy.id, &At::Key(&at, "id"), problems);
                    let at = At::Key(&at, "clocks");
                    for (name, clock) in &policy.clocks.0 {
                        check_length(name, &At::Key(&at, name), problems);
                        let alerts = steps.get(name).unwrap_or(0).saturating_add(clock.alerts.len());
                        if alerts > MAX_ALERTS {
                            refuse(
                                MAX_ALERTS,
                                "alerts and steps of one clock",
                                &At::Key(&at, name),
                                problems,
                            );
                        }
                        cases = cases.saturating_add(cases_of(clock));
                        let dues = clock.overrides.iter().map(|other| &other.due).chain([&clock.due]);
                        for field in dues.flatten().filter_map(|due| due.field.as_deref()) {
                            fields.number(field);
                        }
                        let exceeded = [cases > MAX_CASES, fields.texts().nth(MAX_DUE_FIELDS).is_some()];
                        let what = [
                            (MAX_CASES, "cases of overrides and calendars"),
                            (MAX_DUE_FIELDS, "fields with due dates"),
                        ];
                        for ((told, exceeded), (limit, what)) in told.iter_mut().zip(exceeded).zip(what) {
                            if exceeded && !*told {
                                *told = true;
                                refuse(limit, what, &At::Key(&at, name), problems);
                            }
                        }
                    }
                }
            });
        }
    }
    problems.count() == before
}

/// How many cases a promise has.
fn cases_of(clock: &ClockDocument) -> usize {
    let calendars = |choice: &CalendarChoice| match choice {
        CalendarChoice::Named(_) => 1_usize,
        CalendarChoice::ByField { map, .. } => map.len().saturating_add(1),
    };
    let own = calendars(&clock.calendar);
    let cases: Vec<usize> = clock
        .overrides
        .iter()
        .map(|written| match &written.calendar {
            // Days of the week are those of each of the clock's own calendars.
            Some(calendar) if written.when.started_on.is_some() => calendars(calendar).saturating_mul(own),
            Some(calendar) => calendars(calendar),
            None => own,
        })
        .gather();
    cases.into_iter().fold(own, usize::saturating_add)
}
