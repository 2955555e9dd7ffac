//! Encoded queries, such as `active=true^priority=1^ORpriority=2`, as conditions of an agreement.

use serde_json::{Map, Value, json};

use super::FIELDS;
use crate::settings::Settings;

/// A query as a condition; what it says that cannot be said here, if anything.
pub(super) fn condition(query: &str, table: &str, settings: &Settings) -> Result<Map<String, Value>, String> {
    let query = query.strip_suffix("^EQ").unwrap_or(query);
    let mut queries = Vec::new();
    for part in query.split("^NQ") {
        queries.push(one(part, table, settings)?);
    }
    match queries.pop() {
        Some(only) if queries.is_empty() => Ok(only),
        Some(last) => {
            queries.push(last);
            Ok(Map::from_iter([("any_of".to_owned(), queries.into_iter().map(Value::Object).collect())]))
        }
        None => Ok(Map::new()),
    }
}

/// Terms that must all hold; one that begins with `OR` is an alternative to the one before.
fn one(query: &str, table: &str, settings: &Settings) -> Result<Map<String, Value>, String> {
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for term in query.split('^').filter(|term| !term.is_empty()) {
        // The order of rows says nothing about them.
        if term.starts_with("ORDERBY") {
            continue;
        }
        match (term.strip_prefix("OR"), groups.last_mut()) {
            (Some(term), Some(group)) => group.push(test(term, table, settings)?),
            _ => groups.push(vec![test(term, table, settings)?]),
        }
    }
    let mut condition = Map::new();
    let mut again = Vec::new();
    for group in groups {
        let whole = match <[Value; 1]>::try_from(group) {
            Ok([only]) => only,
            Err(several) => json!({ "any_of": several }),
        };
        let Value::Object(entries) = whole else { continue };
        for (field, matcher) in entries {
            if condition.contains_key(&field) {
                again.push(json!({ "none_of": [{ field: matcher }] }));
            } else {
                condition.insert(field, matcher);
            }
        }
    }
    if !again.is_empty() {
        condition.insert("none_of".into(), again.into());
    }
    Ok(condition)
}

/// Operators, the longer before those that they begin with.
const OPERATORS: [&str; 14] = [
    "ISNOTEMPTY",
    "ISEMPTY",
    "NOT IN",
    "IN",
    "CHANGESTO",
    "CHANGESFROM",
    "CHANGES",
    "!=",
    ">=",
    "<=",
    "=",
    ">",
    "<",
    "LIKE",
];

fn test(term: &str, table: &str, settings: &Settings) -> Result<Value, String> {
    let cannot = || Err(term.to_owned());
    // The name ends where the first operator begins.
    let found = OPERATORS.iter().filter_map(|operator| Some((term.find(operator)?, *operator)));
    let Some((at, operator)) =
        found.min_by_key(|(at, operator)| (*at, usize::MAX.saturating_sub(operator.len())))
    else {
        return cannot();
    };
    let Some((name, rest)) = term.split_at_checked(at) else { return cannot() };
    let value = rest.get(operator.len()..).unwrap_or_default();
    let field = match name {
        "state" | "incident_state" => "status",
        name => FIELDS.iter().find(|(key, _)| *key == name).map_or(name, |(_, field)| *field),
    };
    if name.contains('.') || name.is_empty() {
        // A column of another record, which facts do not have.
        return cannot();
    }
    let word = |value: &str| match (field, value) {
        ("status", code) => json!(super::state_of(Some(table), None, code, settings)),
        (_, "true") => json!(true),
        (_, "false") => json!(false),
        (_, text) => json!(text),
    };
    let words = || -> Value { value.split(',').map(|value| word(value.trim())).collect() };
    Ok(match operator {
        "=" if value.is_empty() => json!({ field: null }),
        "!=" if value.is_empty() => json!({ field: { "not": null } }),
        "=" if !value.starts_with("javascript:") => json!({ field: word(value) }),
        "!=" if !value.starts_with("javascript:") => json!({ field: { "not": word(value) } }),
        "IN" => json!({ field: words() }),
        "NOT IN" => json!({ field: { "not": words() } }),
        "ISEMPTY" => json!({ field: null }),
        "ISNOTEMPTY" => json!({ field: { "not": null } }),
        _ => return cannot(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_become_conditions() {
        let settings = Settings::default();
        for (query, expected) in [
            ("", json!({})),
            ("active=true^priority=1^EQ", json!({ "active": true, "priority": "1" })),
            ("state=6", json!({ "status": "Resolved" })),
            ("stateIN6,7", json!({ "status": ["Resolved", "Closed"] })),
            (
                "priority=1^ORpriority=2^active=true",
                json!({ "any_of": [{ "priority": "1" }, { "priority": "2" }], "active": true }),
            ),
            ("assigned_toISNOTEMPTY", json!({ "assignee": { "not": null } })),
            ("assignment_group=^impact!=3", json!({ "group": null, "impact": { "not": "3" } })),
            (
                "state!=6^state!=7",
                json!({ "status": { "not": "Resolved" }, "none_of": [{ "none_of": [{ "status": { "not": "Closed" } }] }] }),
            ),
            ("priority=1^NQpriority=2", json!({ "any_of": [{ "priority": "1" }, { "priority": "2" }] })),
        ] {
            assert_eq!(condition(query, "incident", &settings).map(Value::Object), Ok(expected), "{query}");
        }
        for query in [
            "caller_id.vip=true",
            "short_descriptionLIKEprinter",
            "opened_at>javascript:gs.daysAgo(1)",
            "=1",
            "nonsense",
            "assigned_to=javascript:gs.getUserID()",
            "stateCHANGESTO6",
        ] {
            assert_eq!(condition(query, "incident", &settings), Err(query.to_owned()));
        }
    }
}
