//! What a policy says about one clock: target, calendar, pauses; and which policy holds after each update.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::agreement::{Agreement, Version, duration};
use super::condition::{Fields, Seen, holds};
use super::ticket::Snapshot;
use super::wall::{Wall, date_or_instant};
use super::{DAY, HORIZON, MINUTE};

/// A clock of one name in one set; the conditions are facts, the same under every policy of the set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clock {
    pub(crate) set: Option<String>,
    pub(crate) name: String,
}

impl Clock {
    /// The clocks of each set, over all versions.
    pub(crate) fn all(agreement: &Agreement) -> Vec<Self> {
        let mut names = BTreeSet::new();
        for version in &agreement.versions {
            let sets = version.document["policy_sets"].as_object().into_iter().flatten();
            let sets = sets.map(|(set, _)| Some(set.as_str()));
            for set in sets.chain(version.document.get("policies").map(|_| None)) {
                for policy in version.policies(set) {
                    let clocks = policy["clocks"].as_object().into_iter().flatten();
                    names.extend(clocks.map(|(name, _)| (set.map(str::to_owned), name.clone())));
                }
            }
        }
        names.into_iter().map(|(set, name)| Self { set, name }).collect()
    }

    /// The key as the first policy that writes it has it, in the version; one that does not have the clock at all takes
    /// it from the version before that has, or the one after.
    pub(crate) fn key<'g>(&self, agreement: &'g Agreement, version: usize, key: &str) -> &'g Value {
        let (before, from) = agreement.versions.split_at(version);
        let mut nearest = from[..1].iter().chain(before.iter().rev()).chain(&from[1..]);
        let nearest = nearest.find(|version| self.written(version).next().is_some());
        let written = nearest.and_then(|version| self.written(version).find_map(|clock| clock.get(key)));
        written.unwrap_or(&Value::Null)
    }

    /// The clock in each policy of a version that promises it.
    fn written<'g>(&self, version: &'g Version) -> impl Iterator<Item = &'g Value> {
        let policies = version.policies(self.set.as_deref());
        policies.iter().filter_map(|policy| policy["clocks"].get(&self.name))
    }

    /// The metric: written, in whatever version, or the name itself.
    pub(crate) fn metric<'c>(&'c self, agreement: &'c Agreement) -> &'c str {
        let mut written = agreement.versions.iter().flat_map(|version| self.written(version));
        let metric = written.find_map(|clock| clock.get("metric"));
        metric.and_then(Value::as_str).unwrap_or(&self.name)
    }
}

/// A policy that promises the clock, for the fields of some instant.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'g> {
    pub(crate) version: usize,
    pub(crate) policy: &'g Value,
    pub(crate) clock: &'g Value,
    pub(crate) fields: Rc<Fields>,
}

impl Wanted<'_> {
    pub(crate) fn on_change(&self) -> &str {
        self.clock["on_change"].as_str().unwrap_or("carry")
    }
}

/// What the fields ask for under a version, if anything.
pub(crate) fn matched<'g>(
    agreement: &'g Agreement,
    clock: &Clock,
    version: usize,
    fields: &Rc<Fields>,
) -> Option<Wanted<'g>> {
    let policy = agreement.versions[version].policy(clock.set.as_deref(), fields)?;
    let clock = policy["clocks"].get(&clock.name)?;
    let wanted = Wanted { version, policy, clock, fields: Rc::clone(fields) };
    // An empty field promises nothing, unless an override for some weekday of the start says how long.
    (0..7).any(|day| term(agreement, &wanted, day * DAY).is_some()).then_some(wanted)
}

/// The policy in force after each update of a ticket whose clocks start at `start`: a change while resolved waits,
/// and `freeze` holds to the end.
pub(crate) fn effective<'g>(
    agreement: &'g Agreement,
    clock: &Clock,
    snapshots: &[Snapshot<'_>],
    start: i64,
) -> Vec<Option<Wanted<'g>>> {
    let mut effective: Vec<Option<Wanted<'g>>> = vec![];
    for (index, snapshot) in snapshots.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| (&snapshots[before], effective[before].clone()));
        let wanted = match before {
            Some((before, held)) if before.resolved && snapshot.resolved => held,
            // Only what promises something holds to the end.
            Some((before, Some(held)))
                if held.on_change() == "freeze"
                    && before.at < snapshot.at
                    && term(agreement, &held, start).is_some() =>
            {
                Some(held)
            }
            _ => matched(agreement, clock, snapshot.version, &snapshot.fields),
        };
        effective.push(wanted);
    }
    effective
}

/// How long, or until when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    Within {
        counted: i64,
        wall: Option<i64>,
    },
    BusinessDays {
        days: i64,
        at: Option<i64>,
    },
    /// An instant (`Ok`) or the end of a date (`Err`).
    Until {
        due: Result<i64, i64>,
        moves: bool,
    },
}

/// A policy resolved for one cycle.
#[derive(Debug, Clone)]
pub(crate) struct Term<'g> {
    pub(crate) version: usize,
    pub(crate) policy: &'g str,
    pub(crate) clock: &'g Value,
    pub(crate) calendar_name: &'g str,
    pub(crate) calendar: usize,
    pub(crate) target: Target,
    /// The override that holds, by its reason as results give it, or its number.
    pub(crate) exception: Option<String>,
}

impl Term<'_> {
    /// It is a change only if policy, target, calendar or override differs.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let parts =
            |term: &Self| (term.policy.to_owned(), term.calendar_name.to_owned(), term.exception.clone());
        parts(self) == parts(other) && self.target == other.target
    }

    pub(crate) fn word(&self, key: &str, default: &'static str) -> String {
        self.clock[key].as_str().unwrap_or(default).to_owned()
    }
}

/// The term for a cycle that starts at `start`; `None` where the field that says when is empty.
pub(crate) fn term<'g>(agreement: &'g Agreement, wanted: &Wanted<'g>, start: i64) -> Option<Term<'g>> {
    let own_calendar = calendar_name(&wanted.clock["calendar"], &wanted.fields);
    let wall = Wall::of(agreement.zone_of(wanted.version, own_calendar));
    let weekday = (wall.reads(start).0 + 3).rem_euclid(7) as usize;
    let seen = Seen::fields(&agreement.versions[wanted.version], &wanted.fields);
    let seen = Seen { started_on: Some(weekday), ..seen };
    let mut exceptions = wanted.clock["overrides"].as_array().into_iter().flatten().enumerate();
    let exception = exceptions.find(|(_, exception)| holds(&exception["when"], seen));
    let of_exception = |key: &str| exception.and_then(|(_, exception)| exception.get(key));
    let names_target = of_exception("within").or(of_exception("due")).is_some();
    let with_target = exception.filter(|_| names_target).map_or(wanted.clock, |(_, exception)| exception);
    let calendar_name =
        of_exception("calendar").map_or(own_calendar, |calendar| calendar_name(calendar, &wanted.fields));
    Some(Term {
        version: wanted.version,
        policy: wanted.policy["id"].as_str().expect("an id"),
        clock: wanted.clock,
        calendar_name,
        calendar: agreement.calendar(wanted.version, calendar_name),
        target: target(with_target, wanted)?,
        exception: exception.map(|(index, exception)| {
            exception["because"].as_str().map_or_else(|| index.to_string(), str::to_owned)
        }),
    })
}

/// A name, or the one that a field chooses.
fn calendar_name<'g>(calendar: &'g Value, fields: &Fields) -> &'g str {
    if let Some(name) = calendar.as_str() {
        return name;
    }
    let value = fields.get(calendar["by"].as_str().expect("a field")).and_then(Value::as_str);
    let mapped = value.and_then(|value| calendar["map"][value].as_str());
    mapped.or(calendar["else"].as_str()).expect("a calendar")
}

fn target(clock: &Value, wanted: &Wanted<'_>) -> Option<Target> {
    let length = |value: &Value| value.as_str().map(duration);
    let within = &clock["within"];
    if !within.is_null() {
        let counted = length(within).or(length(&within["counted"])).expect("a target");
        return Some(Target::Within { counted, wall: length(&within["wall"]) });
    }
    if let Some(days) = clock["due"]["business_days"].as_i64() {
        let at = clock["due"]["at"].as_str().map(|text| {
            let (hour, minute) = text.split_once(':').expect("HH:MM");
            (hour.parse::<i64>().expect("hours") * 60 + minute.parse::<i64>().expect("minutes")) * MINUTE
        });
        return Some(Target::BusinessDays { days, at });
    }
    let field = clock["due"]["field"].as_str().expect("a field");
    let due = wanted.fields.get(field)?.as_str().and_then(date_or_instant)?;
    Some(Target::Until { due, moves: wanted.clock["pause_moves_due"] == true })
}

/// The due instant of a target by dates, for a cycle that starts at `start`, before any pause moves it.
pub(crate) fn due_by_date(agreement: &Agreement, term: &Term<'_>, start: i64) -> Option<i64> {
    let wall = Wall::of(agreement.zone_of(term.version, term.calendar_name));
    let calendar = agreement.remembered(term.calendar);
    let minutes_of =
        |day: i64| (wall.first_reading(day, 0)..wall.first_reading(day + 1, 0)).step_by(MINUTE as usize);
    let (days, at) = match &term.target {
        Target::Within { .. } => return None,
        Target::Until { due: Ok(instant), .. } => return Some(*instant),
        Target::Until { due: Err(day), .. } => return Some(wall.first_reading(day + 1, 0)),
        Target::BusinessDays { days, at } => (*days, *at),
    };
    let first = wall.reads(start).0 + 1;
    let open = |day: &i64| minutes_of(*day).any(|t| calendar.is_open(t));
    let day = (first..first + HORIZON / DAY).filter(open).nth(days as usize - 1)?;
    match at {
        Some(at) => Some(wall.first_reading(day, at)),
        None => minutes_of(day).filter(|t| calendar.is_open(*t)).last().map(|t| t + MINUTE),
    }
}

/// `target_ms` of a cycle that starts then: of a date that never comes, none.
pub(crate) fn target_from(agreement: &Agreement, term: &Term<'_>, start: i64) -> i64 {
    match term.target {
        Target::Within { counted, .. } => counted,
        _ => {
            let due = due_by_date(agreement, term, start).unwrap_or(start);
            agreement.remembered(term.calendar).elapsed(start, due)
        }
    }
}
