//! What clocks of an agreement with `like` have in the keys that they leave out, written into the document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::agreement::Version;

/// What a system does otherwise than a clock without `like`: for each key, metrics and the value they have;
/// the last row that names a metric, or `*`, holds.
fn rows(system: &str) -> Value {
    match system {
        "zendesk" => json!([
            ["on_change", "retroactive", ["resolution", "requester_wait", "agent_work"]],
            ["on_reopen", "restart", ["next_response"]],
            ["pauses", "none", ["resolution", "periodic_update"]],
        ]),
        "servicenow" => json!([
            ["on_change", "restart", ["*"]],
            ["on_reopen", "ignore", ["*"]],
            ["on_reopen", "restart", ["next_response"]],
        ]),
        "jira" => json!([["on_reopen", "restart", ["*"]]]),
        "connectwise" => json!([
            ["on_change", "retroactive", ["resolution"]],
            ["on_reopen", "ignore", ["first_response", "plan"]],
            ["pauses", "all", ["first_response"]],
        ]),
        other => panic!("no system {other}"),
    }
}

/// All clocks of a version, with the name of their set.
fn clocks(document: &mut Value) -> impl Iterator<Item = (String, &String, &mut Value)> {
    let document = document.as_object_mut().expect("an object");
    let lists = document.iter_mut().flat_map(|(key, value)| match (key.as_str(), value) {
        ("policies", list) => vec![(String::new(), list)],
        ("policy_sets", Value::Object(sets)) => {
            sets.iter_mut().map(|(set, list)| (set.clone(), list)).collect()
        }
        _ => vec![],
    });
    lists.flat_map(|(set, list)| {
        let policies = list.as_array_mut().expect("policies").iter_mut();
        let clocks = policies.flat_map(|policy| policy["clocks"].as_object_mut().expect("clocks"));
        clocks.map(move |(name, clock)| (set.clone(), name, clock))
    })
}

/// Fills in what each version's `like` says.
pub(super) fn fill_in(versions: &mut [Version]) {
    let mut metrics: BTreeMap<(String, String), String> = BTreeMap::new();
    for version in &mut *versions {
        for (set, name, clock) in clocks(&mut version.document) {
            if let Some(metric) = clock["metric"].as_str() {
                metrics.entry((set, name.clone())).or_insert(metric.to_owned());
            }
        }
    }
    for version in versions {
        let Some(rows) = version.document["like"].as_str().map(rows) else { continue };
        for (set, name, clock) in clocks(&mut version.document) {
            let metric = metrics.get(&(set, name.clone())).unwrap_or(name);
            let written = clock.clone();
            for row in rows.as_array().expect("rows") {
                let named = row[2].as_array().expect("metrics").iter();
                let mut named = named.filter_map(Value::as_str);
                let key = row[0].as_str().expect("a key");
                if written.get(key).is_none() && named.any(|known| known == metric || known == "*") {
                    clock[key] = row[1].clone();
                }
            }
        }
    }
}
