//! Comparison of a result with what a case expects of it.

use serde_json::Value;

/// Where `found` does not hold what `wanted` asks for; empty when it does.
///
/// Of a map only the wanted keys are looked at; lists agree item by item; the `clocks` of a result are
/// found by those of `set`, `clock` and `metric` that are wanted. `"absent": ["due_at"]` says which keys must
/// not be there, `"no_clocks": ["resolution"]` which clocks, by their names.
pub(crate) fn differences(wanted: &Value, found: &Value) -> Vec<String> {
    let mut differences = vec![];
    compare("", wanted, found, &mut differences);
    differences
}

fn compare(at: &str, wanted: &Value, found: &Value, differences: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(keys), Value::Object(there)) => {
            for (key, wanted) in keys {
                let here = format!("{at}/{key}");
                match (key.as_str(), there.get(key)) {
                    ("absent", None) => absent(&here, wanted, found, differences),
                    ("no_clocks", None) => no_clocks(&here, wanted, found, differences),
                    ("clocks", Some(found)) => clocks(&here, wanted, found, differences),
                    (_, Some(found)) => compare(&here, wanted, found, differences),
                    (_, None) => differences.push(format!("{here}: wanted {wanted}, the key is missing")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(&format!("{at}/{index}"), wanted, found, differences);
            }
        }
        _ if wanted == found => {}
        _ => differences.push(format!("{at}: wanted {wanted}, found {found}")),
    }
}

fn absent(at: &str, names: &Value, found: &Value, differences: &mut Vec<String>) {
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    let there = names.filter(|name| found.get(name).is_some());
    differences.extend(there.map(|name| format!("{at}: `{name}` should not be there")));
}

fn no_clocks(at: &str, names: &Value, found: &Value, differences: &mut Vec<String>) {
    let clocks = found["clocks"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    let names = names.as_array().into_iter().flatten();
    let there = names.filter(|name| clocks.iter().any(|clock| clock["clock"] == **name));
    differences.extend(there.map(|name| format!("{at}: {name} should not be there")));
}

fn clocks(at: &str, wanted: &Value, found: &Value, differences: &mut Vec<String>) {
    let found = found.as_array().map_or(&[] as &[Value], Vec::as_slice);
    for wanted in wanted.as_array().into_iter().flatten() {
        let known = ["set", "clock", "metric"].map(|key| (key, wanted.get(key)));
        let is_meant =
            |clock: &&Value| known.iter().all(|(key, wanted)| wanted.is_none_or(|w| clock[*key] == *w));
        let names = known.iter().filter_map(|(_, wanted)| wanted.and_then(Value::as_str));
        let here = format!("{at}/{}", names.collect::<Vec<_>>().join("/"));
        match found.iter().find(is_meant) {
            Some(found) => compare(&here, wanted, found, differences),
            None => differences.push(format!("{here}: no such clock")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_comparison_that_should_fail_does() {
        let found = json!({"a": 1, "clocks": [{"metric": "resolution", "due_at": null}], "list": [1, 2]});
        let count = |wanted: Value| differences(&wanted, &found).len();
        assert_eq!(
            count(json!({"a": 1, "clocks": [{"metric": "resolution", "due_at": null}], "list": [1, 2]})),
            0
        );
        assert_eq!(count(json!({"a": 2})), 1);
        assert_eq!(count(json!({"b": null})), 1);
        assert_eq!(count(json!({"list": [1]})), 1);
        assert_eq!(count(json!({"absent": ["a", "b"]})), 1);
        assert_eq!(count(json!({"clocks": [{"metric": "first_response"}]})), 1);
        assert_eq!(count(json!({"clocks": [{"metric": "resolution", "absent": ["due_at"]}]})), 1);
    }

    #[test]
    fn clocks_are_found_by_what_is_said_of_them() {
        let clock = |set: &str, clock: &str, metric: &str, ms: i64| json!({"set": set, "clock": clock, "metric": metric, "elapsed_ms": ms});
        let found = json!({"clocks": [
            clock("sla", "fix", "resolution", 1),
            clock("ola", "fix", "resolution", 2),
            clock("ola", "parts", "custom", 3),
        ]});
        let count = |wanted: Value| differences(&wanted, &found).len();
        assert_eq!(count(json!({"clocks": [{"metric": "custom", "elapsed_ms": 3}]})), 0);
        assert_eq!(count(json!({"clocks": [{"clock": "fix", "elapsed_ms": 1}]})), 0);
        assert_eq!(count(json!({"clocks": [{"set": "ola", "clock": "fix", "elapsed_ms": 2}]})), 0);
        assert_eq!(count(json!({"clocks": [{"set": "uc", "clock": "fix"}]})), 1);
        assert_eq!(count(json!({"no_clocks": ["goods"]})), 0);
        assert_eq!(count(json!({"no_clocks": ["parts", "fix", "goods"]})), 2);
    }
}
