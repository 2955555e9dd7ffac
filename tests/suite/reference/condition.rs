//! Conditions: do these fields, and these events, fit what the agreement asks for?

use serde_json::{Map, Value};

use super::agreement::Version;

/// The fields of a ticket at some instant.
pub(crate) type Fields = Map<String, Value>;

/// What a condition is held against.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) version: &'a Version,
    pub(crate) fields: &'a Fields,
    /// The events of this very update; none for a condition that asks how things stand.
    pub(crate) events: &'a [&'a Value],
    pub(crate) creation: bool,
    /// Weekday on which the cycle started, Monday 0; only overrides ask for it.
    pub(crate) started_on: Option<usize>,
}

impl<'a> Seen<'a> {
    /// The fields alone.
    pub(crate) fn fields(version: &'a Version, fields: &'a Fields) -> Self {
        Self { version, fields, events: &[], creation: false, started_on: None }
    }
}

/// Whether all that `when` names holds; an empty or missing condition does.
pub(crate) fn holds(when: &Value, seen: Seen<'_>) -> bool {
    let Some(conditions) = when.as_object() else { return true };
    let event = conditions.get("event").and_then(Value::as_str);
    conditions.iter().all(|(key, wanted)| {
        let nested = || wanted.as_array().expect("a list of conditions").iter();
        match key.as_str() {
            "any_of" => nested().any(|when| holds(when, seen)),
            "none_of" => !nested().any(|when| holds(when, seen)),
            "not" if wanted.is_object() => !holds(wanted, seen),
            "event" => happened(event.expect("a kind"), conditions, seen),
            "by" | "public" | "channel" if event == Some("reply") => true,
            "started_on" => seen.started_on.is_some_and(|day| names_day(wanted, day)),
            field => fits(seen.fields.get(field).unwrap_or(&Value::Null), wanted, seen.version),
        }
    })
}

/// Whether an event of this kind, or one that sets this field, is part of the update.
fn happened(kind: &str, conditions: &Map<String, Value>, seen: Seen<'_>) -> bool {
    let is_such = |event: &&Value| match kind {
        "reply" => event.get("reply").is_some_and(|reply| {
            ["by", "public", "channel"]
                .iter()
                .all(|key| conditions.get(*key).is_none_or(|wanted| fits(&reply[*key], wanted, seen.version)))
        }),
        "pause" | "resume" | "merge" | "note" => event.get(kind).is_some(),
        "status" => event.get("status").is_some() || event["field"].get("status").is_some(),
        field => event["field"].get(field).is_some(),
    };
    if kind == "created" { seen.creation } else { seen.events.iter().any(is_such) }
}

fn fits(seen: &Value, wanted: &Value, version: &Version) -> bool {
    match wanted {
        Value::Array(allowed) => allowed.contains(seen),
        Value::Object(test) => test.iter().all(|(key, wanted)| match key.as_str() {
            "not" => !fits(seen, wanted, version),
            "has" => seen.as_array().is_some_and(|items| items.contains(wanted)),
            "at_least" => version.rank(seen).is_some_and(|rank| Some(rank) <= version.rank(wanted)),
            other => panic!("no test {other}"),
        }),
        plain => seen == plain,
    }
}

/// `sun`, `[sat, sun]` or `mon-fri`.
fn names_day(wanted: &Value, day: usize) -> bool {
    const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let place = |name: &str| WEEK.iter().position(|known| *known == name).expect("a weekday");
    let named = |text: &str| match text.split_once('-') {
        Some((first, last)) if place(first) <= place(last) => place(first) <= day && day <= place(last),
        Some((first, last)) => place(first) <= day || day <= place(last),
        None => place(text) == day,
    };
    match wanted {
        Value::Array(days) => days.iter().any(|text| named(text.as_str().expect("a weekday"))),
        text => named(text.as_str().expect("a weekday")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(when: Value, fields: Value, expected: bool) {
        let version = Version::of(json!({"priorities": {"order": ["P1", "P2", "P3"]}, "policies": []}));
        let fields = fields.as_object().expect("fields").clone();
        assert_eq!(holds(&when, Seen::fields(&version, &fields)), expected, "{when} {fields:?}");
    }

    #[test]
    fn conditions_of_the_reference_read_as_written() {
        check(json!({}), json!({}), true);
        check(json!({"priority": "P1"}), json!({"priority": "P1"}), true);
        check(json!({"priority": ["P1", "P2"]}), json!({"priority": "P3"}), false);
        check(json!({"priority": {"not": "P1"}}), json!({}), true);
        check(json!({"priority": {"at_least": "P2"}}), json!({"priority": "P1"}), true);
        check(json!({"priority": {"at_least": "P2"}}), json!({"priority": "P3"}), false);
        check(json!({"priority": {"at_least": "P2"}}), json!({"priority": "P9"}), false);
        check(json!({"tags": {"has": "vip"}}), json!({"tags": ["a", "vip"]}), true);
        check(json!({"any_of": [{"a": 1}, {"b": 2}]}), json!({"b": 2}), true);
        check(json!({"none_of": [{"a": 1}], "b": 2}), json!({"a": 1, "b": 2}), false);
        check(json!({"not": {"a": 1}}), json!({"a": 1}), false);
        check(json!({"event": "reply"}), json!({}), false);
    }

    #[test]
    fn an_event_holds_only_in_its_update() {
        let version = Version::of(json!({"policies": []}));
        let fields = Fields::new();
        let reply = json!({"reply": {"by": "agent", "public": false}});
        let events = [&reply];
        let seen = Seen { events: &events, ..Seen::fields(&version, &fields) };
        assert!(holds(&json!({"event": "reply", "by": "agent"}), seen));
        assert!(!holds(&json!({"event": "reply", "public": true}), seen));
        assert!(!holds(&json!({"event": "created"}), seen));
        assert!(holds(&json!({"event": "created"}), Seen { creation: true, ..seen }));
    }
}
