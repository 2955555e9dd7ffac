//! Random agreements and the lives of tickets under them, all instants on whole minutes.

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::reference::{DAY, MINUTE, Wall, text_of};

/// An agreement, a ticket under it, and an instant to look at it.
#[derive(Clone)]
pub(crate) struct TicketCase {
    pub(crate) agreement: Value,
    pub(crate) ticket: Value,
    pub(crate) created: i64,
    pub(crate) now: i64,
    pub(crate) known_at: Option<i64>,
}

impl fmt::Debug for TicketCase {
    /// Documents that can be pasted into files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known_at = self.known_at.map(|at| format!("\nknown_at: {}", text_of(at))).unwrap_or_default();
        write!(
            f,
            "agreement: {}\nticket: {}\nnow: {}{known_at}",
            self.agreement,
            self.ticket,
            text_of(self.now)
        )
    }
}

pub(super) const ZONES: [&str; 6] = [
    "Europe/Rome",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Africa/Casablanca",
];

pub(crate) fn ticket_case() -> impl Strategy<Value = TicketCase> {
    let when = (select(&ZONES), any::<bool>(), 0i64..365, 0i64..3 * 24 * 60);
    let agreement = (vec((-2i64..6, 0i64..2), 0..3), vec((-2i64..6, 0usize..3), 0..2), policies());
    let life = (fields(), vec((gap(), event()), 0..10), now());
    (when, agreement, life).prop_map(
        |((zone, at_change, day, minute), (holidays, special, policies), life)| {
            let base = base(zone, at_change, day);
            let created = base + minute * MINUTE;
            let (fields, events, now) = life;
            let mut at = created;
            let events: Vec<Value> = events
                .into_iter()
                .map(|(gap, mut event)| {
                    at += gap * MINUTE;
                    event["at"] = json!(text_of(at));
                    event
                })
                .collect();
            let now = match now {
                Now::AtEvent(index, by) if !events.is_empty() => {
                    let at = events[index % events.len()]["at"].as_str().map(crate::reference::instant_ms);
                    at.map_or(at.unwrap_or(created), |at| at + by * MINUTE)
                }
                Now::AtEvent(_, by) | Now::After(by) => at + by * MINUTE,
                Now::Unborn(by) => created - by * MINUTE,
            };
            let now = now.max(created);
            let ticket =
                json!({"id": "T-1", "created_at": text_of(created), "fields": fields, "events": events});
            TicketCase {
                agreement: agreement_document(zone, base, &holidays, &special, policies),
                ticket,
                created,
                now,
                known_at: None,
            }
        },
    )
}

/// Midnight (UTC) of a day in 2026, or of the day before the zone's next change of offset.
pub(super) fn base(zone: &str, at_change: bool, day: i64) -> i64 {
    let from = (20_454 + day) * DAY;
    let change = Wall::of(zone).next_change(from).filter(|_| at_change);
    change.map_or(from, |change| change.div_euclid(DAY) * DAY - 2 * DAY)
}

#[derive(Debug, Clone)]
pub(super) enum Now {
    /// So many minutes from one of the events.
    AtEvent(usize, i64),
    /// So many minutes after the last event.
    After(i64),
    /// So many minutes before the ticket exists.
    Unborn(i64),
}

pub(super) fn now() -> impl Strategy<Value = Now> {
    prop_oneof![
        12 => (0usize..10, 0i64..3).prop_map(|(index, by)| Now::AtEvent(index, by)),
        12 => (0i64..6 * 24 * 60).prop_map(Now::After),
        1 => (1i64..3000).prop_map(Now::Unborn),
    ]
}

/// Minutes between two events: often none, seldom days.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0i64), 4 => 1i64..90, 3 => 90i64..900, 1 => 900i64..4000]
}

fn fields() -> impl Strategy<Value = Value> {
    (option::weighted(0.8, priority()), status(), option::of(tags()), option::of(service())).prop_map(
        |(priority, status, tags, service)| {
            let mut fields = json!({"status": status});
            let known = [("priority", priority), ("tags", tags), ("service", service)];
            for (name, value) in known.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                fields[name] = value;
            }
            fields
        },
    )
}

fn priority() -> impl Strategy<Value = Value> {
    select(&["P1", "P2", "P3", "P4", "P9"]).prop_map(|name| json!(name))
}

fn tags() -> impl Strategy<Value = Value> {
    select(vec![json!([]), json!(["vip"]), json!(["late", "vip"]), json!(["late"])])
}

fn service() -> impl Strategy<Value = Value> {
    select(&["mail", "files"]).prop_map(|name| json!(name))
}

fn status() -> impl Strategy<Value = Value> {
    let names = select(&["New", "In Progress", "Waiting", "Parts", "Hold", "Resolved", "Closed", "Strange"]);
    prop_oneof![2 => Just("New"), 5 => names].prop_map(|name| json!(name))
}

fn event() -> impl Strategy<Value = Value> {
    let party = || option::of(select(&["customer", "vendor"]));
    let with_party = |kind: &'static str| {
        party()
            .prop_map(move |party| party.map_or(json!({kind: {}}), |party| json!({kind: {"party": party}})))
    };
    let reply = (select(&["agent", "requester", "system"]), any::<bool>());
    prop_oneof![
        6 => status().prop_map(|status| json!({"status": status})),
        3 => reply.prop_map(|(by, public)| json!({"reply": {"by": by, "public": public}})),
        4 => priority().prop_map(|priority| json!({"field": {"priority": priority}})),
        1 => Just(json!({"field": {"priority": null}})),
        1 => (service(), status()).prop_map(|(service, status)| json!({"field": {"service": service, "status": status}})),
        1 => tags().prop_map(|tags| json!({"field": {"tags": tags}})),
        3 => with_party("pause"),
        2 => with_party("resume"),
        1 => Just(json!({"note": "nothing that a clock minds"})),
    ]
}

fn policies() -> impl Strategy<Value = Vec<Value>> {
    let conditions = vec![
        json!({"priority": "P1"}),
        json!({"priority": {"at_least": "P2"}}),
        json!({"priority": ["P3", "P4"]}),
        json!({"priority": {"not": "P1"}, "service": "mail"}),
        json!({"tags": {"has": "vip"}}),
        json!({"any_of": [{"priority": "P1"}, {"tags": {"has": "late"}}]}),
        json!({"none_of": [{"service": "mail"}, {"priority": {"at_least": "P2"}}]}),
    ];
    let clocks = || (option::weighted(0.85, clock()), option::weighted(0.85, clock()));
    let picky = vec((select(conditions), clocks()), 1..4);
    (picky, option::weighted(0.85, clocks())).prop_map(|(picky, rest)| {
        let all = picky.into_iter().chain(rest.map(|clocks| (json!({}), clocks)));
        let policy = |(index, (when, (first_response, resolution)))| {
            let mut policy = json!({"id": format!("policy-{index}"), "when": when, "clocks": {}});
            for (metric, clock) in [("first_response", first_response), ("resolution", resolution)] {
                if let Some(clock) = clock {
                    policy["clocks"][metric] = clock;
                }
            }
            policy
        };
        all.enumerate().map(policy).collect()
    })
}

fn clock() -> impl Strategy<Value = Value> {
    let within = select(&["10m", "30m", "1h", "90m", "2h", "4h", "8h", "1d", "2d2h"]);
    let calendar = prop_oneof![12 => select(&["office", "split", "nights", "always"]), 1 => Just("never")];
    let on_reopen = prop_oneof![3 => Just("continue"), 2 => Just("restart"), 1 => Just("ignore")];
    let on_change = prop_oneof![5 => Just("carry"), 2 => Just("restart"), 1 => Just("freeze")];
    (within, calendar, on_reopen, on_change).prop_map(|(within, calendar, on_reopen, on_change)| {
        json!({"within": within, "calendar": calendar, "on_reopen": on_reopen, "on_change": on_change})
    })
}

fn agreement_document(
    zone: &str,
    base: i64,
    holidays: &[(i64, i64)],
    special: &[(i64, usize)],
    policies: Vec<Value>,
) -> Value {
    let date = |day: i64| text_of(base + day * DAY)[..10].to_owned();
    let closed: Vec<Value> = holidays
        .iter()
        .map(|(day, more)| json!({"date": format!("{}..{}", date(*day), date(day + more))}))
        .collect();
    let hours = [json!([]), json!(["10:00-14:00"]), json!(["20:00-02:00"])];
    let special: Vec<Value> = special
        .iter()
        .map(|(day, hours_of)| json!({"date": date(*day), "hours": hours[*hours_of]}))
        .collect();
    json!({
        "slaclock": "1",
        "id": "random",
        "time_zone": zone,
        "calendars": {
            "office": {"hours": {"mon-fri": ["09:00-17:00"]}, "holidays": closed, "special_days": special},
            "split": {"time_zone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["10:00-14:00"]}},
            "nights": {"hours": {"mon-sun": ["22:00-06:00"], "sat": ["00:00-24:00"]}, "holidays": closed},
        },
        "statuses": {
            "New": "open",
            "In Progress": "open",
            "Waiting": {"pause": "customer"},
            "Parts": {"pause": "vendor"},
            "Hold": {"pause": "third_party"},
            "Resolved": "resolved",
            "Closed": "closed",
        },
        "priorities": {"order": ["P1", "P2", "P3", "P4"]},
        "policies": policies,
    })
}
