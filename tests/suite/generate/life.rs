//! Random lives of tickets under random agreements, with everything that can happen to a clock.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::document::document;
use super::ticket::{Now, TicketCase, ZONES, base, now};
use crate::reference::{DAY, MINUTE, instant_ms, text_of};

/// An agreement, tickets under it, and for each ticket instants to look at it.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) agreement: Value,
    pub(crate) lives: Vec<Life>,
}

/// A ticket, and instants to look at it: `now` and `known_at`.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) ticket: Value,
    pub(crate) created: i64,
    pub(crate) looks: Vec<(i64, Option<i64>)>,
}

impl Group {
    pub(crate) fn cases(&self) -> impl Iterator<Item = TicketCase> + '_ {
        self.lives.iter().flat_map(|life| {
            life.looks.iter().map(|(now, known_at)| TicketCase {
                agreement: self.agreement.clone(),
                ticket: life.ticket.clone(),
                created: life.created,
                now: *now,
                known_at: *known_at,
            })
        })
    }
}

/// Everything that the reference knows, in a few days around a change of offset or anywhere in the year.
pub(crate) fn whole_case() -> impl Strategy<Value = TicketCase> {
    whole_group(1, 1).prop_map(|group| group.cases().next().expect("a case"))
}

/// So many tickets under one agreement, each looked at so often: cheaper to make than as many single cases.
pub(crate) fn whole_group(tickets: usize, looks: usize) -> impl Strategy<Value = Group> {
    let place = (any::<bool>(), prop_oneof![4 => 0i64..365, 1 => 90i64..97]);
    let look = (now(), option::weighted(0.2, 0i64..6000));
    let happens = vec((gap(), event(), option::weighted(0.07, 0i64..3000)), 0..14);
    let life = (0i64..3 * 24 * 60, fields(), starts(), happens, vec(look, looks));
    let lives = vec(life, tickets);
    (select(&ZONES), place, lives).prop_flat_map(|(zone, (at_change, day), lives)| {
        let base = base(zone, at_change, day);
        document(zone).prop_map(move |agreement| {
            let agreement = filled(&agreement, base, base + DAY, &[]);
            let names = names(&agreement);
            let lives = lives.clone().into_iter().map(|life| lived(life, base, &names)).collect();
            Group { agreement, lives }
        })
    })
}

type Happening = (i64, Value, Option<i64>);
type Lived = (i64, Value, Vec<(&'static str, i64)>, Vec<Happening>, Vec<(Now, Option<i64>)>);

fn lived((minute, fields, starts, events, looks): Lived, base: i64, names: &[String]) -> Life {
    let created = base + minute * MINUTE;
    let mut at = created;
    let mut instants = vec![];
    let mut all = vec![];
    for (gap, mut event, recorded) in events {
        at += gap * MINUTE;
        event["at"] = json!(text_of(at));
        if let Some(later) = recorded {
            event["recorded_at"] = json!(text_of(at + later * MINUTE));
        }
        instants.push(at);
        all.push(event);
    }
    let look = |(now, known_at): (Now, Option<i64>)| {
        let now = match now {
            Now::AtEvent(index, by) if !instants.is_empty() => instants[index % instants.len()] + by * MINUTE,
            Now::AtEvent(_, by) | Now::After(by) => at + by * MINUTE,
            Now::Unborn(by) => created - by * MINUTE,
        };
        (now, known_at.map(|minutes| created + minutes * MINUTE))
    };
    let looks = looks.into_iter().map(look).collect();
    let mut ticket = json!({"id": "T-1", "created_at": text_of(created), "fields": fields, "events": all});
    for (key, by) in starts {
        ticket[key] = json!(text_of(created + by * MINUTE));
    }
    Life { ticket: filled(&ticket, base, created, names), created, looks }
}

/// The names of all clocks of the first policies.
fn names(agreement: &Value) -> Vec<String> {
    let sets = agreement["policy_sets"].as_object().into_iter().flatten().map(|(_, policies)| policies);
    let policies = sets.chain(agreement.get("policies")).filter_map(Value::as_array).flatten();
    let clocks = policies.filter_map(|policy| policy["clocks"].as_object()).flatten();
    clocks.map(|(name, _)| name.clone()).collect()
}

/// Instants, dates and clocks that were written relative to the case.
fn filled(value: &Value, base: i64, created: i64, clocks: &[String]) -> Value {
    match value {
        Value::String(text) if text.starts_with("@clock") => {
            let number: usize = text["@clock".len()..].parse().expect("a number");
            clocks.get(number % clocks.len().max(1)).map_or(json!("resolution"), |name| json!(name))
        }
        Value::String(text) if text.starts_with('@') => {
            let parts: Vec<String> =
                text.split("..").map(|part| date_or_instant(part, base, created)).collect();
            json!(parts.join(".."))
        }
        Value::Array(items) => items.iter().map(|item| filled(item, base, created, clocks)).collect(),
        Value::Object(keys) => {
            keys.iter().map(|(key, value)| (key.clone(), filled(value, base, created, clocks))).collect()
        }
        other => other.clone(),
    }
}

fn date_or_instant(text: &str, base: i64, created: i64) -> String {
    let number = text.find(|letter: char| letter.is_ascii_digit() || letter == '-').expect("a number");
    let (kind, by) = text.split_at(number);
    let by: i64 = by.parse().expect("a number");
    let ms = base + by * DAY;
    let date = text_of(ms)[..10].to_owned();
    match kind {
        "@i" => text_of(created + by * MINUTE),
        "@d" => date,
        "@nth" => nth_weekday(&date, ms),
        "@easter" => {
            let days = (ms - instant_ms("2026-04-05T00:00:00Z")) / DAY;
            if days.abs() > 60 { format!("--{}", &date[5..]) } else { format!("easter{days:+}") }
        }
        _ => format!("--{}", &date[5..]),
    }
}

/// The rule by which the date is the n-th of its weekday in its month, or the last.
fn nth_weekday(date: &str, ms: i64) -> String {
    let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][(ms / DAY + 3).rem_euclid(7) as usize];
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month: usize = date[5..7].parse().expect("a month");
    let day: usize = date[8..10].parse().expect("a day");
    let last = text_of(ms + 7 * DAY)[5..7] != date[5..7];
    let ordinal = if last { "last" } else { ["1st", "2nd", "3rd", "4th", "5th"][(day - 1) / 7] };
    format!("{ordinal} {weekday} {}", months[month - 1])
}

/// Minutes between two events: often none, seldom days.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0i64), 4 => 1i64..90, 3 => 90i64..900, 1 => 900i64..3000]
}

fn status() -> impl Strategy<Value = Value> {
    let names = select(&["New", "In Progress", "Waiting", "Parts", "Hold", "Resolved", "Closed", "Strange"]);
    prop_oneof![2 => Just("New"), 2 => Just("Resolved"), 6 => names].prop_map(|name| json!(name))
}

/// A field and one of its values.
fn field() -> impl Strategy<Value = (&'static str, Value)> {
    let of = |name: &'static str, values: Vec<Value>| select(values).prop_map(move |value| (name, value));
    prop_oneof![
        4 => of("priority", vec![json!("P1"), json!("P2"), json!("P3"), json!("P4"), json!("P9"), json!(null)]),
        1 => of("impact", vec![json!("all"), json!("one"), json!("none"), json!(null)]),
        1 => of("urgency", vec![json!("high"), json!("low"), json!(null)]),
        3 => of("group", vec![json!("desk"), json!("field"), json!("network"), json!(null)]),
        2 => of("assignee", vec![json!("ann"), json!("bob"), json!(null)]),
        1 => of("service", vec![json!("mail"), json!("files"), json!(null)]),
        1 => of("site", vec![json!("plant"), json!("shop"), json!("else"), json!(null)]),
        1 => of("tags", vec![json!([]), json!(["vip"]), json!(["late", "vip"]), json!(["late"])]),
        1 => of("rca", vec![json!("found"), json!(null)]),
        1 => of("plan", vec![json!("made"), json!(null)]),
        1 => of("channel", vec![json!("portal"), json!("phone"), json!("email")]),
        2 => of("due_date", vec![json!("@d1"), json!("@d3"), json!("@i400"), json!("@i3000"), json!("soon"), json!(null)]),
    ]
}

fn fields() -> impl Strategy<Value = Value> {
    let status = prop_oneof![3 => Just(json!("New")), 1 => status()];
    let some = json!({"group": "desk", "priority": "P2", "service": "mail"});
    let some = prop_oneof![Just(some), Just(json!({}))];
    (status, some, vec(field(), 0..6)).prop_map(|(status, mut all, fields)| {
        all["status"] = status;
        for (name, value) in fields {
            all[name] = value;
        }
        all
    })
}

/// Instants beside creation, in minutes from it.
fn starts() -> impl Strategy<Value = Vec<(&'static str, i64)>> {
    let names = select(vec!["reported_at", "detected_at", "occurred_at"]);
    vec((names, -2000i64..1500), 0..3)
}

/// A clock of the agreement, seldom one that it does not know.
fn clock() -> impl Strategy<Value = String> {
    prop_oneof![9 => (0..6).prop_map(|number| format!("@clock{number}")), 1 => Just("unheard of".to_owned())]
}

fn event() -> impl Strategy<Value = Value> {
    let party = || option::of(select(vec!["customer", "vendor"]));
    let with_party = |kind: &'static str| {
        party().prop_map(move |party| {
            let mut event = json!({kind: {}});
            if let Some(party) = party {
                event[kind]["party"] = json!(party);
            }
            event
        })
    };
    let channel = option::of(select(vec!["portal", "phone", "email"]));
    let by = prop_oneof![5 => Just("agent"), 4 => Just("requester"), 1 => Just("system")];
    let reply = (by, prop::bool::weighted(0.8), channel).prop_map(|(by, public, channel)| {
        let mut event = json!({"reply": {"by": by, "public": public}});
        if let Some(channel) = channel {
            event["reply"]["channel"] = json!(channel);
        }
        event
    });
    let exclude = (-600i64..4000, 1i64..1500, option::weighted(0.2, clock())).prop_map(|(from, length, clock)| {
        let mut exclude = json!({"from": format!("@i{from}"), "to": format!("@i{}", from + length), "reason": "power cut"});
        if let Some(clock) = clock {
            exclude["clocks"] = json!([clock]);
        }
        json!({"exclude": exclude})
    });
    let extend = (clock(), select(vec!["15m", "2h", "1d"]))
        .prop_map(|(clock, by)| json!({"extend": {"clock": clock, "by": by}}));
    let excuse = (clock(), option::of(1..3)).prop_map(|(clock, cycle)| {
        let mut excuse = json!({"clock": clock, "reason": "agreed"});
        if let Some(cycle) = cycle {
            excuse["cycle"] = json!(cycle);
        }
        json!({"excuse": excuse})
    });
    prop_oneof![
        10 => status().prop_map(|status| json!({"status": status})),
        14 => reply,
        12 => field().prop_map(|(name, value)| json!({"field": {name: value}})),
        2 => (field(), status()).prop_map(|((name, value), status)| json!({"field": {name: value, "status": status}})),
        5 => with_party("pause"),
        4 => with_party("resume"),
        8 => exclude,
        4 => extend,
        2 => excuse,
        1 => Just(json!({"merge": {"into": "T-2"}})),
        1 => Just(json!({"note": "nothing that most clocks mind"})),
    ]
}
