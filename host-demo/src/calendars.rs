//! The calendars of an agreement as questions about hours take them: each by itself, with the calendars that it is made of
//! written in their places, as each version of the agreement has it.

use serde_json::{Map, Value, json};

use crate::error::Problem;

/// A calendar may be made of so many; the engine allows no more either.
const MOST: usize = 100;

/// One version of an agreement, or the whole of one without versions.
#[derive(Debug)]
pub(crate) struct Version {
    /// Its first date, as it is written.
    pub(crate) from: Option<String>,
    /// Its keys, with those of the document around it that it does not say itself.
    keys: Map<String, Value>,
    /// Where its calendars stand.
    place: String,
}

/// The versions of an agreement as they are written; none where it is no map.
pub(crate) fn versions(document: &Value) -> Vec<Version> {
    let Value::Object(keys) = document else { return Vec::new() };
    let Some(Value::Array(versions)) = keys.get("versions") else {
        return vec![Version { from: None, keys: keys.clone(), place: "/calendars".to_owned() }];
    };
    let read = |(index, own): (usize, &Map<String, Value>)| {
        let is_own = own.contains_key("calendars");
        let place = if is_own { format!("/versions/{index}/calendars") } else { "/calendars".to_owned() };
        let mut keys = keys.clone();
        keys.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
        let from = keys.get("valid").and_then(|valid| valid.get("from")).and_then(Value::as_str);
        Version { from: from.map(str::to_owned), keys, place }
    };
    let maps = versions.iter().map(Value::as_object).enumerate();
    maps.filter_map(|(index, own)| Some(read((index, own?)))).collect()
}

impl Version {
    /// The zone of calendars that name none.
    pub(crate) fn zone(&self) -> Option<&str> {
        self.keys.get("time_zone").and_then(Value::as_str)
    }

    /// The document where that is not an agreement but a calendar.
    pub(crate) fn itself(&self) -> Value {
        Value::Object(self.keys.clone())
    }

    fn calendars(&self) -> Option<&Map<String, Value>> {
        self.keys.get("calendars").and_then(Value::as_object)
    }

    /// The names of its calendars.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.calendars().into_iter().flat_map(Map::keys).map(|name| &**name)
    }

    /// A calendar as one that needs nothing beside it; `None` when there is none of that name.
    ///
    /// # Errors
    /// It is made of itself, or of too many.
    pub(crate) fn calendar(&self, name: &str) -> Result<Option<Value>, Problem> {
        let found = match name {
            "always" => Some(json!({ "hours": { "mon-sun": ["00:00-24:00"] } })),
            "never" => Some(json!({ "hours": {} })),
            name => self.calendars().and_then(|calendars| calendars.get(name)).cloned(),
        };
        let Some(mut calendar) = found else { return Ok(None) };
        let mut room = MOST;
        if !self.complete(&mut calendar, self.zone(), &mut room) {
            return Err(Problem {
                code: slaclock_core::Code::TooLarge.as_str().into(),
                message: format!("the calendar is made of itself, or of more than {MOST} calendars"),
                place: self.place(name, ""),
                mend: Some("make it of fewer".to_owned()),
            });
        }
        Ok(Some(calendar))
    }

    /// Puts calendars in the places of their names, and the zone where none is written; whether there was room for all.
    fn complete(&self, calendar: &mut Value, zone: Option<&str>, room: &mut usize) -> bool {
        let Some(left) = room.checked_sub(1) else { return false };
        *room = left;
        let Some(map) = calendar.as_object_mut() else { return true };
        if !is_made(map)
            && let Some(zone) = zone
        {
            map.entry("time_zone").or_insert_with(|| json!(zone));
        }
        // A window that is written beside the hours is read on the same wall clock.
        let own = map.get("time_zone").and_then(Value::as_str).map(str::to_owned);
        for (key, zone) in [("any_of", zone), ("all_of", zone), ("except", own.as_deref().or(zone))] {
            let parts = match map.get_mut(key) {
                Some(Value::Array(parts)) => parts.as_mut_slice(),
                Some(part) if !part.is_null() => std::slice::from_mut(part),
                _ => continue,
            };
            for part in parts {
                let found = part.as_str().and_then(|name| self.calendars()?.get(name)).cloned();
                let whole = match found {
                    Some(found) => {
                        *part = found;
                        self.complete(part, self.zone(), room)
                    }
                    None => self.complete(part, zone, room),
                };
                if !whole {
                    return false;
                }
            }
        }
        true
    }

    /// Where a part of a calendar stands in the document, of a pointer into the calendar as it was made to need nothing
    /// beside it.
    pub(crate) fn place(&self, name: &str, pointer: &str) -> String {
        let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let mut way = vec![escaped(name)];
        let named = |name: &str| self.calendars().and_then(|calendars| calendars.get(name));
        let mut here = named(name);
        for step in pointer.split('/').skip(1) {
            if let Some(Value::String(part)) = here
                && let Some(found) = named(part)
            {
                (way, here) = (vec![escaped(part)], Some(found));
            }
            here = match here {
                Some(Value::Array(list)) => step.parse().ok().and_then(|index: usize| list.get(index)),
                Some(Value::Object(map)) => map.get(&step.replace("~1", "/").replace("~0", "~")),
                _ => None,
            };
            way.push(step.to_owned());
        }
        format!("{}/{}", self.place, way.join("/"))
    }
}

/// Whether a calendar has others instead of hours of its own, and so no zone.
pub(crate) fn is_made(calendar: &Map<String, Value>) -> bool {
    ["any_of", "all_of"].iter().any(|key| calendar.get(*key).is_some_and(|parts| !parts.is_null()))
}
