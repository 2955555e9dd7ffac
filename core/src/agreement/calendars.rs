//! The calendars of an agreement, compiled in whatever order they name one another.

use crate::calendar::{Around, BUILT_IN, Calendar, CalendarDocument, MOST_CALENDARS, Others, too_many};
use crate::document::{At, Problems, unknown};
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::interval::Gather as _;
use crate::near::nearest;
use crate::numbers::Numbers;
use crate::timetable::Timetable;

use super::compile::Agreement;
use super::document::AgreementDocument;
use super::limits::{MAX_STRETCHES, refuse};

/// Calendars by name; `None` where one has problems of its own, so that its users do not repeat them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calendars {
    pub(super) names: Numbers,
    compiled: Vec<Option<Calendar>>,
}

impl Calendars {
    /// The calendar of this name; the outer `None` when there is none.
    pub(crate) fn get(&self, name: &str) -> Option<&Option<Calendar>> {
        self.compiled.get(self.names.get(name)?)
    }
}

impl Agreement {
    /// The calendar of this name; `always` and `never` are built in. Of several versions each has its own hours from its first
    /// day on, and one that does not have the calendar never opens.
    ///
    /// ```
    /// use slaclock_core::{Agreement, Instant};
    /// let agreement = Agreement::from_json(r#"{ "slaclock": "1", "id": "acme", "time_zone": "UTC",
    ///     "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
    ///     "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "office" } } }] }"#, false).unwrap();
    /// let monday = Instant::parse("2026-11-23T08:00:00Z").unwrap();
    /// assert!(!agreement.calendar("office").unwrap().is_open(monday));
    /// assert_eq!(agreement.calendar("ofice").unwrap_err()[0].mend.as_deref(), Some("did you mean `office`?"));
    /// ```
    ///
    /// # Errors
    /// [`Code::UnknownCalendar`], with near names.
    pub fn calendar(&self, name: &str) -> Result<Calendar, Vec<Problem>> {
        let never = Calendar::never();
        let (mut parts, mut last) = (Vec::new(), None);
        for version in &self.versions {
            let calendar = version.calendars.get(name).and_then(Option::as_ref);
            let from = version.from.unwrap_or(Instant::MIN);
            parts.push((from, calendar.unwrap_or(&never).timetable()));
            last = calendar.or(last);
        }
        let Some(last) = last else {
            let mut known: Vec<&str> = Vec::new();
            for name in self.versions.iter().flat_map(|version| version.calendars.names.texts()) {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            let near = nearest(name, known.iter().copied());
            let mut problems = Problems::default();
            let at = At::Key(&At::Root, "calendar");
            unknown(Code::UnknownCalendar, "calendar", name, &near, &known, &at, &mut problems);
            return problems.finish(None);
        };
        Ok(match parts.as_slice() {
            [_] => last.clone(),
            several => last.with_timetable(Timetable::in_turn(several)),
        })
    }
}

/// How many more stretches of regular hours the calendars of an agreement may have.
pub(crate) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MAX_STRETCHES)
    }
}

/// Compiles the calendars of an agreement that stands at `at`, and adds those that are built in.
pub(crate) fn compile_calendars(
    document: &AgreementDocument,
    room: &mut Room,
    at: &At<'_>,
    problems: &mut Problems,
) -> Calendars {
    let at = At::Key(at, "calendars");
    let mut compiler = Compiler {
        at: &at,
        zone: document.time_zone.as_deref(),
        names: Numbers::default(),
        states: Vec::new(),
        under_way: Vec::new(),
        room,
    };
    compiler.add("always", State::Done(Some(Calendar::always())));
    compiler.add("never", State::Done(Some(Calendar::never())));
    for (name, calendar) in &document.calendars.0 {
        if BUILT_IN.contains(&name.as_str()) {
            let (message, mend) = (format!("`{name}` is built in"), "give the calendar another name");
            problems.push_mend(&At::Key(&at, name), Code::ReservedName, message, mend);
        } else {
            compiler.add(name, State::Waiting(name, calendar));
        }
    }
    let mut compiled = Vec::new();
    for number in 0..compiler.states.len() {
        compiled.push(compiler.calendar(number, 0, problems));
    }
    Calendars { names: compiler.names, compiled }
}

/// How far a calendar has come.
enum State<'d> {
    Waiting(&'d str, &'d CalendarDocument),
    /// Its parts are being compiled.
    UnderWay,
    Done(Option<Calendar>),
}

struct Compiler<'d> {
    /// Where the calendars stand.
    at: &'d At<'d>,
    zone: Option<&'d str>,
    names: Numbers,
    /// In the order of the numbers of their names.
    states: Vec<State<'d>>,
    /// Names of the calendars under way, each a part of the one before.
    under_way: Vec<&'d str>,
    room: &'d mut Room,
}

impl<'d> Compiler<'d> {
    fn add(&mut self, name: &str, state: State<'d>) {
        if self.names.is_new(name) {
            self.states.push(state);
        }
    }

    /// The calendar of this number, compiled now unless it has been.
    fn calendar(&mut self, number: usize, depth: usize, problems: &mut Problems) -> Option<Calendar> {
        let state = self.states.get_mut(number)?;
        let (name, document) = match state {
            State::Done(calendar) => return calendar.clone(),
            State::UnderWay => return None,
            State::Waiting(name, document) => (*name, *document),
        };
        *state = State::UnderWay;
        self.under_way.push(name);
        let at = self.at;
        let mut around = Around { zone: self.zone, others: self, depth };
        let calendar = Calendar::compile(document, &mut around, &At::Key(at, name), problems);
        self.under_way.pop();
        if let Some(state) = self.states.get_mut(number) {
            *state = State::Done(calendar.clone());
        }
        calendar
    }

    /// Notes that a calendar, named once more, is made of itself.
    fn circle(&self, name: &str, at: &At<'_>, problems: &mut Problems) {
        let mut message = format!("the calendar `{name}` is made of itself");
        let between = self.under_way.iter().skip_while(|other| **other != name).skip(1);
        for (place, between) in between.enumerate() {
            message.push_str(if place == 0 { ", by way of `" } else { ", `" });
            message.push_str(between);
            message.push('`');
        }
        problems.push_mend(at, Code::CalendarCircle, message, "name another calendar here");
    }
}

impl Others for Compiler<'_> {
    fn take_room(&mut self, stretches: usize, at: &At<'_>, problems: &mut Problems) -> Option<()> {
        // Zero is left for those that come after one that was refused.
        let Room(left) = self.room;
        if *left == 0 {
            return None;
        }
        *left = left.saturating_sub(stretches);
        if *left == 0 {
            refuse(MAX_STRETCHES, "stretches of hours in all calendars", at, problems);
            return None;
        }
        Some(())
    }

    fn named(&mut self, name: &str, depth: usize, at: &At<'_>, problems: &mut Problems) -> Option<Calendar> {
        let Some(number) = self.names.get(name) else {
            let known: Vec<&str> = self.names.texts().gather();
            let near = nearest(name, known.iter().copied().filter(|_| !problems.is_full()));
            unknown(Code::UnknownCalendar, "calendar", name, &near, &known, at, problems);
            return None;
        };
        match self.states.get(number)? {
            State::UnderWay => {
                self.circle(name, at, problems);
                None
            }
            // Left waiting, it may be found well when it is not so deep down.
            State::Waiting(..) if depth >= MOST_CALENDARS => {
                too_many(at, problems);
                None
            }
            _ => self.calendar(number, depth, problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document as _, Node};

    /// The calendars of an agreement in Rome's time, and the problems.
    fn compiled(calendars: &str) -> (Option<Calendars>, Vec<Problem>) {
        let text = format!(
            r#"{{ "slaclock": "1", "id": "a", "time_zone": "Europe/Rome", "policies": [], "calendars": {calendars} }}"#
        );
        let mut problems = Problems::default();
        let document = Node::from_json(text.as_bytes())
            .ok()
            .and_then(|node| AgreementDocument::decode(&node, &At::Root, &mut problems));
        let calendars = document
            .map(|document| compile_calendars(&document, &mut Room::default(), &At::Root, &mut problems));
        (calendars, problems.finish(Some(())).err().unwrap_or_default())
    }

    #[track_caller]
    fn open(calendars: &str, name: &str, at: &str) -> Option<bool> {
        let (calendars, _) = compiled(calendars);
        let calendar = calendars.as_ref()?.get(name)?.as_ref()?;
        Some(calendar.is_open(Instant::parse(at).ok()?))
    }

    const ON_SITE: &str = r#"{
        "on_site": { "all_of": ["office", "building"], "except": "lunch" },
        "office": { "hours": { "mon-fri": ["09:00-17:00"] } },
        "building": { "hours": { "mon-sat": ["07:00-15:00"] } },
        "lunch": { "time_zone": "UTC", "hours": { "mon-fri": ["12:00-13:00"] } }
    }"#;

    #[test]
    fn parts_are_found_by_name_whatever_their_order() {
        for (at, expected) in
            [("08:30", false), ("09:30", true), ("13:30", false), ("14:30", true), ("15:30", false)]
        {
            let at = format!("2026-11-23T{at}:00+01:00");
            assert_eq!(open(ON_SITE, "on_site", &at), Some(expected), "{at}");
        }
        assert_eq!(open(ON_SITE, "nowhere", "2026-11-23T09:30:00Z"), None);
        assert_eq!(open("{}", "always", "2026-11-23T09:30:00Z"), Some(true));
    }

    #[track_caller]
    fn refused(calendars: &str, code: Code, pointer: &str, message: &str) {
        let (_, problems) = compiled(calendars);
        let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.pointer.as_str())).collect();
        assert_eq!(found, [(code, pointer)]);
        assert!(problems.iter().any(|problem| problem.to_string().contains(message)), "{problems:?}");
    }

    #[test]
    fn a_circle_is_told_once_with_its_way() {
        let message = "`a` is made of itself, by way of `b`, `c`";
        let circle = r#"{ "x": { "any_of": ["a"] }, "a": { "any_of": ["b"] }, "b": { "all_of": ["c"] }, "c": { "any_of": ["a"] } }"#;
        refused(circle, Code::CalendarCircle, "/calendars/c/any_of/0", message);
        refused(
            r#"{ "a": { "any_of": "a" } }"#,
            Code::CalendarCircle,
            "/calendars/a/any_of",
            "is made of itself (at",
        );
    }

    #[test]
    fn an_unknown_part_suggests_near_names() {
        let calendars = r#"{ "a": { "any_of": ["ofice"] }, "office": { "hours": {} } }"#;
        refused(calendars, Code::UnknownCalendar, "/calendars/a/any_of/0", "did you mean `office`?");
    }

    /// A chain of calendars, each made of the next.
    fn chain(length: usize) -> String {
        let links: Vec<String> =
            (1..length).map(|n| format!(r#""c{n}": {{ "any_of": ["c{}"] }}"#, n.saturating_add(1))).collect();
        format!(r#"{{ {}, "c{length}": {{ "any_of": ["always"] }} }}"#, links.join(", "))
    }

    #[test]
    fn chains_have_an_end() {
        assert!(compiled(&chain(MOST_CALENDARS.saturating_sub(1))).1.is_empty());
        for length in [MOST_CALENDARS, 101, 150, 5000] {
            let (_, problems) = compiled(&chain(length));
            let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
            assert!(
                !codes.is_empty() && codes.iter().all(|code| *code == Code::TooLarge),
                "{length}: {codes:?}"
            );
        }
    }

    #[test]
    fn doubling_has_an_end() {
        let doubled = |n: usize| format!(r#""c{}": {{ "any_of": ["c{n}", "c{n}"] }}"#, n.saturating_add(1));
        let links: Vec<String> = (0..40).map(doubled).collect();
        let (_, problems) = compiled(&format!(r#"{{ "c0": {{ "hours": {{}} }}, {} }}"#, links.join(", ")));
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::TooLarge]);
    }
}
