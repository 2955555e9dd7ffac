//! Random agreements with everything that an agreement may say about clocks.
//!
//! Dates are written relative to the case (`@d2`, two days after its first) and filled in once that is known.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::clock::{Definition, THRESHOLDS, clock, definitions};

/// An agreement in the given zone.
pub(super) fn document(zone: &'static str) -> impl Strategy<Value = Value> {
    (definitions(), option::weighted(0.2, definitions())).prop_flat_map(move |(sla, ola)| {
        let names: Vec<&'static str> =
            sla.iter().chain(ola.iter().flatten()).map(|definition| definition.name).collect();
        let version = move || (policies("sla", sla.clone()), second_set(ola.clone()));
        let versions = option::weighted(0.3, (vec((version(), 1i64..8), 1..3), any::<bool>(), later_keys()));
        let rare = (
            option::weighted(0.2, intake()),
            option::weighted(0.4, escalations(names)),
            option::weighted(0.5, vec(holiday(), 0..3)),
            vec((-1i64..6, 0usize..4), 0..2),
            option::weighted(0.3, select(vec!["zendesk", "servicenow", "jira", "connectwise"])),
        );
        (version(), versions, rare).prop_map(move |(root, versions, (intake, escalations, holidays, special, like))| {
            let mut document = json!({
                "slaclock": "1",
                "id": "random",
                "time_zone": zone,
                "calendars": calendars(&holidays.unwrap_or_default(), &special),
                "statuses": statuses(),
                "priorities": {
                    "order": ["P1", "P2", "P3", "P4"],
                    "matrix": {"impact": {"all": {"high": "P1", "low": "P2"}, "one": {"high": "P3", "low": "P4"}}},
                },
            });
            with_policies(&mut document, root);
            if let Some(intake) = intake {
                document["intake"] = intake;
            }
            if let Some(escalations) = escalations {
                document["escalations"] = json!(escalations);
            }
            if let Some(like) = like {
                document["like"] = json!(like);
            }
            if let Some((later, at_start, keys)) = versions {
                add_versions(&mut document, later, at_start, keys);
            }
            without_unknown_clocks(&mut document);
            document
        })
    })
}

/// Escalations of clocks that no policy has are refused: takes them out.
fn without_unknown_clocks(document: &mut Value) {
    let mut known: Vec<String> = vec![];
    let versions = document["versions"].as_array().cloned().unwrap_or_else(|| vec![json!({})]);
    for version in &versions {
        // A version that writes policies of its own has none of the root's.
        let own = version.get("policies").or(version.get("policy_sets")).is_some();
        let source = if own { version } else { &*document };
        let sets = source["policy_sets"].as_object().into_iter().flatten().map(|(_, policies)| policies);
        for policy in sets.chain(source.get("policies")).filter_map(Value::as_array).flatten() {
            known.extend(policy["clocks"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    if let Some(escalations) = document.get_mut("escalations").and_then(Value::as_array_mut) {
        escalations.retain(|escalation| known.iter().any(|name| escalation["clock"] == **name));
    }
}

/// The policies of a second set, where there is one.
fn second_set(definitions: Option<Vec<Definition>>) -> BoxedStrategy<Option<Value>> {
    match definitions {
        Some(definitions) => policies("ola", definitions).prop_map(Some).boxed(),
        None => Just(None).boxed(),
    }
}

type Sets = (Value, Option<Value>);

fn with_policies(document: &mut Value, (sla, ola): Sets) {
    match ola {
        None => document["policies"] = sla,
        Some(ola) => document["policy_sets"] = json!({"sla": sla, "ola": ola}),
    }
}

/// The root as first version, then others that begin some days later.
fn add_versions(document: &mut Value, later: Vec<(Sets, i64)>, at_start: bool, keys: Map<String, Value>) {
    let mut versions = vec![json!({"valid": {"until": "@d30"}})];
    let mut day = 0;
    for (policies, days) in later {
        day += days;
        let mut version = json!({"valid": {"from": format!("@d{}", day - 1)}});
        with_policies(&mut version, policies);
        version.as_object_mut().expect("a version").extend(keys.clone());
        versions.push(version);
    }
    document["versions"] = json!(versions);
    if at_start {
        document["versions_apply"] = json!("ticket_start");
    }
}

/// What a later version changes beside its policies.
fn later_keys() -> impl Strategy<Value = Map<String, Value>> {
    let mut strict = statuses();
    strict["Waiting"] = json!("open");
    strict["Closed"] = json!({"pause": "vendor"});
    strict["In Progress"] = json!({"pause": "customer"});
    let mut calendars = calendars(&[json!({"date": "@d4"})], &[]);
    calendars["office"]["hours"] = json!({"mon-sat": ["07:30-19:00"]});
    let keys = [
        ("statuses", strict),
        ("calendars", calendars),
        ("time_zone", json!("Asia/Tokyo")),
        ("recorded_at", json!("@i600")),
        ("priorities", json!({"order": ["P4", "P3", "P2", "P1"]})),
        ("like", json!("jira")),
    ];
    let keys = keys.map(|(key, value)| option::weighted(0.2, Just((key.to_owned(), value))));
    keys.to_vec().prop_map(|keys| keys.into_iter().flatten().collect())
}

fn policies(set: &'static str, definitions: Vec<Definition>) -> impl Strategy<Value = Value> {
    let conditions = vec![
        json!({"priority": "P1"}),
        json!({"priority": {"at_least": "P2"}}),
        json!({"priority": ["P3", "P4"]}),
        json!({"priority": {"not": "P1"}, "service": "mail"}),
        json!({"tags": {"has": "vip"}}),
        json!({"any_of": [{"priority": "P1"}, {"tags": {"has": "late"}}]}),
        json!({"none_of": [{"service": "mail"}, {"priority": {"at_least": "P2"}}]}),
    ];
    let count = definitions.len();
    let clocks = move || vec(option::weighted(0.85, clock()), count);
    let picky = vec((select(conditions), clocks()), 0..3);
    (picky, option::weighted(0.9, clocks())).prop_map(move |(picky, rest)| {
        let all: Vec<(Value, Vec<Option<Value>>)> =
            picky.into_iter().chain(rest.map(|clocks| (json!({}), clocks))).collect();
        // At least one policy, or the document would be none.
        let all = if all.is_empty() { vec![(json!({"service": "none"}), vec![])] } else { all };
        let mut written: Vec<&str> = vec![];
        let policy = |(index, (when, clocks)): (usize, (Value, Vec<Option<Value>>))| {
            let mut policy = json!({"id": format!("{set}-{index}"), "when": when, "clocks": {}});
            for (definition, clock) in definitions.iter().zip(clocks) {
                let Some(mut clock) = clock else { continue };
                // Conditions are written once, or every time; the metric always.
                let again = written.contains(&definition.name) && index % 2 == 1;
                for (key, value) in definition.keys.as_object().expect("keys") {
                    if key == "metric" || !again {
                        clock[key] = value.clone();
                    }
                }
                written.push(definition.name);
                policy["clocks"][definition.name] = clock;
            }
            policy
        };
        Value::Array(all.into_iter().enumerate().map(policy).collect())
    })
}

fn intake() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"channels": ["portal", "phone"], "required": ["service"]}),
        json!({"channels": ["phone"]}),
        json!({"required": ["service", "site"]}),
        json!({"clock_start": "reported"}),
        json!({"clock_start": "detected"}),
        json!({"clock_start": "occurred"}),
    ])
}

fn escalations(names: Vec<&'static str>) -> impl Strategy<Value = Vec<Value>> {
    let when = select(vec![json!({}), json!({"priority": ["P1", "P2"]}), json!({"service": "mail"})]);
    let step = (select(&THRESHOLDS), select(vec!["lead", "manager"]))
        .prop_map(|(at, notify)| json!({"at": at, "notify": notify}));
    let hold = option::weighted(0.5, select(vec!["office", "nights", "always"]));
    let escalation = (select(names), when, vec(step, 1..3), hold).prop_map(|(clock, when, steps, hold)| {
        let mut escalation = json!({"clock": clock, "when": when, "steps": steps});
        if let Some(hold) = hold {
            escalation["hold_until_open"] = json!(hold);
        }
        escalation
    });
    vec(escalation, 1..3)
}

/// A date of the case's days, a range, or a rule that falls on one of them.
fn holiday() -> impl Strategy<Value = Value> {
    let kinds = select(vec!["@d", "@yearly", "@nth", "@easter"]);
    prop_oneof![
        3 => (kinds, -1i64..7).prop_map(|(kind, day)| json!({"date": format!("{kind}{day}")})),
        1 => (-1i64..5, 1i64..3).prop_map(|(day, more)| json!({"date": format!("@d{day}..@d{}", day + more)})),
    ]
}

fn statuses() -> Value {
    json!({
        "New": "open",
        "In Progress": "open",
        "Waiting": {"pause": "customer"},
        "Parts": {"pause": "vendor"},
        "Hold": {"pause": "third_party"},
        "Resolved": "resolved",
        "Closed": "closed",
    })
}

fn calendars(holidays: &[Value], special: &[(i64, usize)]) -> Value {
    let hours = [json!([]), json!(["10:00-14:00"]), json!(["20:00-02:00"]), json!(["00:00-24:00"])];
    let mut days: Vec<i64> = vec![];
    let mut special_days = vec![];
    for (day, which) in special {
        if !days.contains(day) {
            days.push(*day);
            special_days.push(json!({"date": format!("@d{day}"), "hours": hours[*which]}));
        }
    }
    json!({
        "office": {"hours": {"mon-fri": ["09:00-17:00"]}, "holidays": holidays, "special_days": special_days},
        "split": {"time_zone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["10:00-14:00"]}},
        "nights": {"hours": {"mon-sun": ["22:00-06:00"], "sat": ["00:00-24:00"]}, "holidays": holidays},
        "weekend": {"hours": {"sat-sun": ["10:00-16:30"], "wed": ["01:15-02:45"]}},
        "site": {"hours": {"mon-sat": ["07:00-20:00"]}, "special_days": special_days},
        "lunch": {"time_zone": "Europe/Berlin", "hours": {"mon-fri": ["12:00-12:45"]}},
        "follow_sun": {"any_of": ["office", "split"]},
        "on_site": {"all_of": ["nights", "site"]},
        "patched": {"hours": {"mon-fri": ["06:00-18:00"]}, "except": ["lunch", "weekend"]},
    })
}
