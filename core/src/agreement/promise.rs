//! Compiles one promise: its target and calendar in every case of its overrides and choices.

use crate::document::{At, Problems, unknown};
use crate::duration::Duration;
use crate::error::Code;
use crate::interval::Gather as _;
use crate::name::Name;
use crate::near::nearest;
use crate::numbers::Numbers;
use crate::policy::{Condition, ConditionDocument};

use super::clock::{CalendarChoice, ClockDocument, DueDocument, OverrideDocument, Within};
use super::escalation::Threshold;
use super::policies::Compiler;
use super::term::{ANY_DAY, AlertSpec, Choice, Promise, Target, Term, TermId, WatchId};

/// One case of a promise, as written.
struct Case<'d> {
    within: Option<Within>,
    due: Option<&'d DueDocument>,
    watch: Option<WatchId>,
    days: u8,
    override_: Option<Name>,
}

impl Compiler {
    /// The promise of one policy for the clock of this number.
    pub(super) fn promise(
        &mut self,
        clock: &ClockDocument,
        number: usize,
        policy: &Name,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Promise> {
        let (metric, name) = self.clocks.get(number).map(|clock| (clock.metric, clock.name.clone()))?;
        let alerts = self.alerts(clock, &name);
        let pause_at = At::Key(at, "pause");
        let pause = clock.pause.as_ref();
        let pause = pause.map(|pause| pause.compile(&self.order, &pause_at, problems));
        let pause = pause.and_then(|pause| self.watch(pause));
        let mut choices = Vec::new();
        let own_calendars = self.calendars_of(&clock.calendar, at, problems);
        let overrides_at = At::Key(at, "overrides");
        let bare = |index: usize| Name::from(index.to_string().as_str());
        let cases = clock.overrides.iter().enumerate().map(Some).chain([None]);
        for (place_of_case, case) in cases.enumerate() {
            let place;
            let (here, case, calendar) = match case {
                None => {
                    let case = Case {
                        within: clock.within,
                        due: clock.due.as_ref(),
                        watch: None,
                        days: ANY_DAY,
                        override_: None,
                    };
                    (at, case, None)
                }
                Some((index, written)) => {
                    place = At::Index(&overrides_at, index);
                    let name = written.because.as_deref().map_or_else(|| bare(index), Name::from);
                    let case = self.override_case(clock, written, name, &place, problems);
                    (&place, case, written.calendar.as_ref())
                }
            };
            let Some(target) = self.target(clock, &case, here, problems) else { continue };
            let calendars = match calendar {
                Some(calendar) => self.calendars_of(calendar, here, problems),
                None => own_calendars.clone(),
            };
            // Days of the week are those of the clock's own calendar, whichever the override puts in its place.
            let weeks = if calendar.is_some() && case.days != ANY_DAY { &*own_calendars } else { &[] };
            let mut known: Vec<(String, TermId)> = Vec::new();
            for (by_field, name) in calendars {
                let Some(Some(calendar)) = self.calendars.get(&name) else { continue };
                // Another value of the field that leads to the same calendar is no change.
                let found = known.iter().find(|(other, _)| *other == name).map(|(_, number)| *number);
                let term = Term {
                    policy: policy.clone(),
                    calendar_name: Name::from(name.as_str()),
                    calendar: calendar.clone(),
                    zone: self.zone.clone(),
                    target,
                    on_reopen: clock.on_reopen(self.like, metric),
                    on_change: clock.on_change(self.like, metric),
                    unanswered: clock.unanswered,
                    pauses: clock.pauses(self.like, metric),
                    pause,
                    alerts: alerts.clone(),
                    conditional: alerts.iter().any(|alert| alert.when.is_some()),
                    override_: case.override_.clone(),
                };
                let number = found.unwrap_or(u32::try_from(self.terms.len()).ok()?);
                if found.is_none() {
                    self.terms.push(term);
                    known.push((name, number));
                }
                let watches = || [case.watch, by_field].into_iter().flatten();
                for (by_field, own) in weeks {
                    let Some(Some(own)) = self.calendars.get(own) else { continue };
                    let watches = watches().chain(*by_field).gather();
                    choices.push(Choice {
                        watches,
                        days: case.days,
                        week: Some(own.clone()),
                        case: place_of_case,
                        term: number,
                    });
                }
                if weeks.is_empty() {
                    choices.push(Choice {
                        watches: watches().gather(),
                        days: case.days,
                        week: None,
                        case: place_of_case,
                        term: number,
                    });
                }
            }
        }
        let by_field = |term: TermId| {
            let term = usize::try_from(term).ok().and_then(|term| self.terms.get(term));
            term.is_some_and(|term| matches!(term.target, Target::Field { .. }))
        };
        let plain = match &*choices {
            [Choice { watches, days: ANY_DAY, term, .. }] if watches.is_empty() && !by_field(*term) => {
                Some(*term)
            }
            _ => None,
        };
        Some(Promise { choices, plain }).filter(|promise| !promise.choices.is_empty())
    }

    fn override_case<'d>(
        &mut self,
        clock: &'d ClockDocument,
        written: &'d OverrideDocument,
        name: Name,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Case<'d> {
        let state = Condition::compile(&written.when.state, &self.order, &At::Key(at, "when"), problems);
        let watch = self.watch(state);
        let days = written
            .when
            .started_on
            .as_ref()
            .map_or(ANY_DAY, |days| days.iter().fold(0, |mask, day| mask | day.bit()));
        let own = written.within.is_some() || written.due.is_some();
        let (within, due) =
            if own { (written.within, written.due.as_ref()) } else { (clock.within, clock.due.as_ref()) };
        Case { within, due, watch, days, override_: Some(name) }
    }

    fn target(
        &mut self,
        clock: &ClockDocument,
        case: &Case<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Target> {
        match (case.within, case.due) {
            (Some(within), None) => {
                let here = At::Key(at, "within");
                for (limit, ms) in
                    [("counted", within.counted), ("wall", within.wall.unwrap_or(within.counted))]
                {
                    if ms.ms() <= 0 {
                        let inner = At::Key(&here, limit);
                        let place = if within.wall.is_some() { &inner } else { &here };
                        problems.push(place, Code::ZeroTarget, "a target must be longer than zero");
                        if within.wall.is_none() {
                            break;
                        }
                    }
                }
                Some(Target::Within { counted: within.counted.ms(), wall: within.wall.map(Duration::ms) })
            }
            (None, Some(due)) => match (due.business_days, due.field.as_deref()) {
                (Some(days), None) => {
                    Some(Target::BusinessDays { days: days.count(), minute: due.at.map(|at| at.minute()) })
                }
                (None, Some(field)) if due.at.is_none() => {
                    if field.is_empty() {
                        let here = At::Key(at, "due");
                        problems.push(
                            &At::Key(&here, "field"),
                            Code::Empty,
                            "the name of the field is empty",
                        );
                    }
                    let found = self.due_fields.iter().position(|known| known == field);
                    let number = found.unwrap_or_else(|| {
                        self.due_fields.push(field.to_owned());
                        self.due_fields.len().saturating_sub(1)
                    });
                    Some(Target::Field { number, pause_moves: clock.pause_moves_due })
                }
                _ => {
                    let message = "a due date is either `{ business_days, at }` or `{ field }`";
                    problems.push(&At::Key(at, "due"), Code::TargetTwice, message);
                    None
                }
            },
            (Some(_), Some(_)) => {
                problems.push(at, Code::TargetTwice, "the clock has two targets, `within` and `due`");
                None
            }
            (None, None) => {
                let mend = "add `within: 4h`, or `due` with a date";
                problems.push_mend(at, Code::MissingKey, "the clock has no target", mend);
                None
            }
        }
    }

    /// The calendars that a choice may lead to, each with the condition under which it does.
    fn calendars_of(
        &mut self,
        choice: &CalendarChoice,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Vec<(Option<WatchId>, String)> {
        let here = At::Key(at, "calendar");
        match choice {
            CalendarChoice::Named(name) => {
                self.known_calendar(name, &here, problems);
                vec![(None, name.clone())]
            }
            CalendarChoice::ByField { by, map, otherwise } => {
                let map_at = At::Key(&here, "map");
                let mut all = Vec::with_capacity(map.len().saturating_add(1));
                for (value, name) in map {
                    self.known_calendar(name, &At::Key(&map_at, value), problems);
                    let condition = ConditionDocument::field_is(by, value);
                    let state = Condition::compile(&condition, &self.order, &map_at, problems);
                    all.push((self.watch(state), name.clone()));
                }
                self.known_calendar(otherwise, &At::Key(&here, "else"), problems);
                all.push((None, otherwise.clone()));
                all
            }
        }
    }

    /// Refuses the name of a calendar that does not exist.
    pub(super) fn known_calendar(&self, name: &str, at: &At<'_>, problems: &mut Problems) {
        if self.calendars.get(name).is_none() {
            let known: Vec<&str> = self.calendars.names.texts().gather();
            let near = nearest(name, known.iter().copied().filter(|_| !problems.is_full()));
            unknown(Code::UnknownCalendar, "calendar", name, &near, &known, at, problems);
        }
    }

    /// The clock's own alerts and the steps of its escalations; of equal ones that always come the first.
    fn alerts(&self, clock: &ClockDocument, name: &Name) -> Vec<AlertSpec> {
        let own = clock.alerts.iter().map(|threshold| spec(threshold, None));
        let escalations = self.escalations.iter().filter(|escalation| escalation.clock == name.as_str());
        let steps = escalations.flat_map(|escalation| {
            let (when, hold) = (escalation.when, &escalation.hold);
            escalation.steps.iter().map(move |step| AlertSpec {
                when,
                hold: hold.clone(),
                ..spec(&step.at, Some(&step.notify))
            })
        });
        let mut seen = Numbers::default();
        // Equal steps under different conditions are one alert, which comes when any of them holds.
        own.chain(steps).filter(|alert| alert.when.is_some() || seen.is_new(alert.key.as_str())).gather()
    }
}

fn spec(threshold: &Threshold, notify: Option<&str>) -> AlertSpec {
    let key = match notify {
        Some(notify) => format!("{}/{notify}", threshold.text),
        None => threshold.text.clone(),
    };
    AlertSpec {
        key: Name::from(key.as_str()),
        threshold: Name::from(threshold.text.as_str()),
        point: threshold.point,
        notify: notify.map(Name::from),
        when: None,
        hold: None,
    }
}
