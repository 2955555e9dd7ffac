//! An agreement read as plainly as possible: statuses, policies, conditions, targets.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::calendar::SlowCalendar;
use super::{DAY, HOUR, MINUTE};

/// The fields of a ticket at some instant.
pub(crate) type Fields = Map<String, Value>;

/// What a status means to a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    Open,
    /// Waiting for this party.
    Paused(String),
    /// `resolved` and `closed` alike.
    Resolved,
}

/// One metric of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) policy: String,
    pub(crate) calendar: String,
    pub(crate) target: i64,
    pub(crate) on_reopen: String,
    pub(crate) on_change: String,
}

/// The document and its calendars, each asked minute by minute and remembered.
pub(crate) struct Agreement<'d> {
    document: &'d Value,
    calendars: RefCell<BTreeMap<String, Remembered>>,
}

/// A calendar and what it said, minute by minute from the first one asked about.
struct Remembered {
    calendar: SlowCalendar,
    first: i64,
    open: Vec<bool>,
}

impl Remembered {
    fn is_open(&mut self, ms: i64) -> bool {
        let Ok(index) = usize::try_from((ms - self.first) / MINUTE) else { return self.calendar.is_open(ms) };
        while self.open.len() <= index {
            let next = self.first + self.open.len() as i64 * MINUTE;
            self.open.push(self.calendar.is_open(next));
        }
        self.open[index]
    }
}

impl<'d> Agreement<'d> {
    pub(crate) fn of(document: &'d Value) -> Self {
        Self { document, calendars: RefCell::default() }
    }

    /// Whether the named calendar is open in the minute that begins at `ms`.
    pub(crate) fn is_open(&self, calendar: &str, ms: i64) -> bool {
        let mut calendars = self.calendars.borrow_mut();
        if !calendars.contains_key(calendar) {
            let remembered = Remembered { calendar: self.calendar(calendar), first: ms, open: vec![] };
            calendars.insert(calendar.to_owned(), remembered);
        }
        calendars.get_mut(calendar).expect("just inserted").is_open(ms)
    }

    fn calendar(&self, name: &str) -> SlowCalendar {
        SlowCalendar::built_in(name).unwrap_or_else(|| {
            let document = &self.document["calendars"][name];
            let zone = document["time_zone"].as_str().or(self.document["time_zone"].as_str());
            SlowCalendar::in_zone(document, zone.expect("a zone"))
        })
    }

    /// A status that is not mapped counts as open, and so does no status at all.
    pub(crate) fn meaning(&self, status: Option<&Value>) -> Meaning {
        let mapped = status.and_then(Value::as_str).map(|status| &self.document["statuses"][status]);
        match mapped {
            Some(Value::String(word)) if word == "resolved" || word == "closed" => Meaning::Resolved,
            Some(Value::Object(pause)) => {
                Meaning::Paused(pause["pause"].as_str().expect("a party").to_owned())
            }
            _ => Meaning::Open,
        }
    }

    /// The first policy whose condition the fields meet.
    pub(crate) fn policy(&self, fields: &Fields) -> Option<&'d Value> {
        let policies = self.document["policies"].as_array().expect("policies");
        policies.iter().find(|policy| self.holds(&policy["when"], fields))
    }

    /// What that policy says about the metric, if anything.
    pub(crate) fn rule(policy: Option<&Value>, metric: &str) -> Option<Rule> {
        let clock = policy?["clocks"].get(metric)?;
        let word = |key: &str, default: &str| clock[key].as_str().unwrap_or(default).to_owned();
        Some(Rule {
            policy: policy?["id"].as_str().expect("an id").to_owned(),
            calendar: clock["calendar"].as_str().expect("a calendar").to_owned(),
            target: duration(clock["within"].as_str().expect("a target")),
            on_reopen: word("on_reopen", "continue"),
            on_change: word("on_change", "carry"),
        })
    }

    fn holds(&self, when: &Value, fields: &Fields) -> bool {
        let Some(conditions) = when.as_object() else { return true };
        conditions.iter().all(|(key, wanted)| {
            let nested = || wanted.as_array().expect("a list of conditions").iter();
            match key.as_str() {
                "any_of" => nested().any(|when| self.holds(when, fields)),
                "none_of" => !nested().any(|when| self.holds(when, fields)),
                field => self.fits(fields.get(field).unwrap_or(&Value::Null), wanted),
            }
        })
    }

    fn fits(&self, seen: &Value, wanted: &Value) -> bool {
        match wanted {
            Value::Array(allowed) => allowed.contains(seen),
            Value::Object(test) => test.iter().all(|(key, wanted)| match key.as_str() {
                "not" => !self.fits(seen, wanted),
                "has" => seen.as_array().is_some_and(|items| items.contains(wanted)),
                "at_least" => self.rank(seen).is_some_and(|rank| Some(rank) <= self.rank(wanted)),
                other => panic!("no test {other}"),
            }),
            plain => seen == plain,
        }
    }

    /// Place in the order of priorities; 0 is the most urgent.
    fn rank(&self, priority: &Value) -> Option<usize> {
        self.document["priorities"]["order"].as_array()?.iter().position(|name| name == priority)
    }
}

/// Milliseconds of `1d2h30m`.
fn duration(text: &str) -> i64 {
    let mut total = 0;
    let mut number = 0;
    for letter in text.chars() {
        let unit = match letter {
            'd' => DAY,
            'h' => HOUR,
            'm' => MINUTE,
            digit => {
                number = number * 10 + i64::from(digit.to_digit(10).expect("a digit"));
                continue;
            }
        };
        total += number * unit;
        number = 0;
    }
    total
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(when: Value, fields: Value, holds: bool) {
        let document = json!({"priorities": {"order": ["P1", "P2", "P3"]}, "policies": []});
        let fields = fields.as_object().expect("fields").clone();
        assert_eq!(Agreement::of(&document).holds(&when, &fields), holds, "{when} {fields:?}");
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
    }
}
