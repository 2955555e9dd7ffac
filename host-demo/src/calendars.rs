//! What a document says of its calendars: which there are, whose clock they are on, what their holidays are called. When they
//! are open is for the engine to say.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// One version of an agreement, or the whole of a document without versions.
#[derive(Debug)]
pub(crate) struct Version {
    /// Its first date, as it is written.
    pub(crate) from: Option<String>,
    /// Its keys, with those of the document around it that it does not say itself.
    keys: Map<String, Value>,
}

/// The versions of an agreement as they are written; none where it is no map.
pub(crate) fn versions(document: &Value) -> Vec<Version> {
    let Value::Object(keys) = document else { return Vec::new() };
    let Some(Value::Array(versions)) = keys.get("versions") else {
        return vec![Version { from: None, keys: keys.clone() }];
    };
    let read = |own: &Map<String, Value>| {
        let mut keys = keys.clone();
        keys.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
        let from = keys.get("valid").and_then(|valid| valid.get("from")).and_then(Value::as_str);
        Version { from: from.map(str::to_owned), keys }
    };
    versions.iter().filter_map(Value::as_object).map(read).collect()
}

/// The names of all their calendars.
pub(crate) fn names(versions: &[Version]) -> BTreeSet<&str> {
    let calendars = versions.iter().filter_map(Version::calendars);
    calendars.flat_map(Map::keys).map(|name| &**name).collect()
}

impl Version {
    fn calendars(&self) -> Option<&Map<String, Value>> {
        self.keys.get("calendars").and_then(Value::as_object)
    }

    /// What is written under the name of a calendar; without a name, the document itself.
    pub(crate) fn calendar(&self, name: Option<&str>) -> Option<&Map<String, Value>> {
        match name {
            Some(name) => self.calendars()?.get(name)?.as_object(),
            None => Some(&self.keys),
        }
    }

    /// The zone of calendars that name none.
    pub(crate) fn zone(&self) -> Option<&str> {
        self.keys.get("time_zone")?.as_str()
    }

    /// The zone that holds for a calendar of this version; none where it is made of others and none is named around it.
    pub(crate) fn zone_of<'v>(&'v self, calendar: &'v Map<String, Value>) -> Option<&'v str> {
        calendar.get("time_zone").and_then(Value::as_str).or_else(|| self.zone())
    }
}

/// Whether a calendar has others instead of hours of its own, and so needs no zone.
pub(crate) fn is_made(calendar: &Map<String, Value>) -> bool {
    ["any_of", "all_of"].iter().any(|key| calendar.get(*key).is_some_and(|parts| !parts.is_null()))
}
