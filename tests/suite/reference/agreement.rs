//! An agreement read as plainly as possible: its versions, statuses, policies, and calendars minute by minute.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::{Value, json};

use super::calendar::SlowCalendar;
use super::condition::{Fields, Seen, holds};
use super::wall::{Wall, day_number, instant_ms};
use super::{DAY, MINUTE};

/// What a status means to a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    Open,
    /// Waiting for this party.
    Paused(String),
    /// `resolved` and `closed` alike.
    Resolved,
}

/// One version, with what it takes from the root filled in.
pub(crate) struct Version {
    pub(crate) begins: i64,
    pub(crate) document: Value,
}

impl Version {
    /// A document that is its only version.
    pub(crate) fn of(document: Value) -> Self {
        Self { begins: i64::MIN, document }
    }

    pub(crate) fn zone(&self) -> &str {
        self.document["time_zone"].as_str().unwrap_or("UTC")
    }

    /// Place in the order of priorities; 0 is the most urgent.
    pub(crate) fn rank(&self, priority: &Value) -> Option<usize> {
        self.document["priorities"]["order"].as_array()?.iter().position(|name| name == priority)
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

    /// The fields, with the priority that impact and urgency give where none is set.
    pub(crate) fn derived(&self, fields: &Fields) -> Fields {
        let mut fields = fields.clone();
        if !fields.contains_key("priority") {
            let word = |name: &str| fields.get(name).and_then(Value::as_str);
            if let (Some(impact), Some(urgency)) = (word("impact"), word("urgency")) {
                let priority = self.document["priorities"]["matrix"]["impact"][impact][urgency].clone();
                fields.insert("priority".to_owned(), priority);
            }
        }
        fields.retain(|_, value| !value.is_null());
        fields
    }

    /// The policies of a set, or the only list there is.
    pub(crate) fn policies(&self, set: Option<&str>) -> &[Value] {
        let list = match set {
            Some(set) => &self.document["policy_sets"][set],
            None => &self.document["policies"],
        };
        list.as_array().map_or(&[], Vec::as_slice)
    }

    /// The first policy of the set whose condition the (derived) fields meet.
    pub(crate) fn policy(&self, set: Option<&str>, fields: &Fields) -> Option<&Value> {
        self.policies(set).iter().find(|policy| holds(&policy["when"], Seen::fields(self, fields)))
    }
}

/// The document's versions and their calendars, each asked minute by minute and remembered.
pub(crate) struct Agreement {
    pub(crate) versions: Vec<Version>,
    /// `versions_apply: ticket_start`.
    pub(crate) at_start: bool,
    /// Time passes in steps no longer than this.
    pub(crate) longest_stretch: i64,
    names: RefCell<BTreeMap<(usize, String), usize>>,
    calendars: RefCell<Vec<Rc<Remembered>>>,
}

impl Agreement {
    /// Reads the document as it was known at that instant (`None`: all of it).
    pub(crate) fn of(document: &Value, known_at: Option<i64>) -> Self {
        let mut versions: Vec<Version> = match document["versions"].as_array() {
            None => vec![Version::of(document.clone())],
            Some(list) => list
                .iter()
                .filter(|version| {
                    let recorded = version["recorded_at"].as_str().map(instant_ms);
                    recorded.is_none_or(|at| known_at.is_none_or(|known_at| at <= known_at))
                })
                .map(|version| with_root(version, document))
                .collect(),
        };
        super::like::fill_in(&mut versions);
        versions.sort_by_key(|version| version.begins);
        let at_start = document["versions_apply"] == "ticket_start";
        Self {
            versions,
            at_start,
            longest_stretch: i64::MAX / 4,
            names: RefCell::default(),
            calendars: RefCell::default(),
        }
    }

    /// The version in force at the instant; before the first, the first.
    pub(crate) fn version_at(&self, ms: i64) -> usize {
        self.versions.iter().rposition(|version| version.begins <= ms).unwrap_or(0)
    }

    /// A handle for the calendar of this name in this version.
    pub(crate) fn calendar(&self, version: usize, name: &str) -> usize {
        let key = (version, name.to_owned());
        if let Some(index) = self.names.borrow().get(&key) {
            return *index;
        }
        let document = &self.versions[version].document;
        let calendar = SlowCalendar::named(name, &document["calendars"], self.versions[version].zone());
        let mut calendars = self.calendars.borrow_mut();
        calendars.push(Rc::new(Remembered::of(calendar)));
        self.names.borrow_mut().insert(key, calendars.len() - 1);
        calendars.len() - 1
    }

    /// The calendar of a handle, to be asked about many minutes.
    pub(crate) fn remembered(&self, calendar: usize) -> Rc<Remembered> {
        Rc::clone(&self.calendars.borrow()[calendar])
    }

    /// The zone whose dates a calendar means: its own, or the agreement's for `always` and those made of others.
    pub(crate) fn zone_of(&self, version: usize, name: &str) -> &str {
        let version = &self.versions[version];
        let calendar = &version.document["calendars"][name];
        let composite = calendar.get("any_of").is_some() || calendar.get("all_of").is_some();
        if composite { version.zone() } else { calendar["time_zone"].as_str().unwrap_or(version.zone()) }
    }
}

/// The version's own keys before those of the root.
fn with_root(version: &Value, root: &Value) -> Version {
    let mut document = root.clone();
    let keys = document.as_object_mut().expect("an object");
    keys.remove("versions");
    for (key, value) in version.as_object().expect("a version") {
        keys.insert(key.clone(), value.clone());
        // One of the two ways to write policies replaces the other.
        match key.as_str() {
            "policies" => _ = keys.remove("policy_sets"),
            "policy_sets" => _ = keys.remove("policies"),
            _ => {}
        }
    }
    let mut version = Version::of(document);
    if let Some(from) = version.document["valid"]["from"].as_str() {
        let day = day_number(from.parse().expect("a date"));
        version.begins = Wall::of(version.zone()).first_reading(day, 0);
    }
    version
}

/// A calendar and what it said, minute by minute, by days of UTC.
pub(crate) struct Remembered {
    pub(crate) calendar: SlowCalendar,
    days: RefCell<HashMap<i64, Rc<Vec<Minute>>>>,
    last: RefCell<Rc<Vec<Minute>>>,
    last_day: Cell<i64>,
}

/// Whether a minute is open, and the first minute of its day that is not as it is, or the end of the day.
#[derive(Debug, Clone, Copy)]
struct Minute {
    open: bool,
    like_it_until: u16,
}

impl Remembered {
    fn of(calendar: SlowCalendar) -> Self {
        let last = RefCell::new(Rc::new(vec![]));
        Self { calendar, days: RefCell::default(), last, last_day: Cell::new(i64::MIN) }
    }

    /// Asks the calendar about every minute of a day.
    fn day(&self, day: i64) -> Rc<Vec<Minute>> {
        let is_open = |minute: i64| self.calendar.is_open(day * DAY + minute * MINUTE);
        let mut minutes: Vec<Minute> =
            (0..1440).map(|minute| Minute { open: is_open(minute), like_it_until: 1440 }).collect();
        for minute in (0..1439).rev() {
            let next = minutes[minute + 1];
            let alike = minutes[minute].open == next.open;
            minutes[minute].like_it_until = if alike { next.like_it_until } else { minute as u16 + 1 };
        }
        Rc::new(minutes)
    }

    fn minute(&self, ms: i64) -> Minute {
        let (day, minute) = (ms.div_euclid(DAY), ms.rem_euclid(DAY) / MINUTE);
        if self.last_day.replace(day) != day {
            let mut days = self.days.borrow_mut();
            let minutes = days.entry(day).or_insert_with(|| self.day(day));
            *self.last.borrow_mut() = Rc::clone(minutes);
        }
        self.last.borrow()[minute as usize]
    }

    /// Whether the minute that begins at `ms` is open.
    pub(crate) fn is_open(&self, ms: i64) -> bool {
        self.minute(ms).open
    }

    /// The end of the minutes from `ms` on that are all open, or all closed; at the latest that of the day.
    pub(crate) fn like_this_until(&self, ms: i64) -> i64 {
        ms.div_euclid(DAY) * DAY + i64::from(self.minute(ms).like_it_until) * MINUTE
    }

    /// The end of the first open minute from `ms` on.
    pub(crate) fn after_an_open_minute(&self, ms: i64) -> Option<i64> {
        self.due(ms, MINUTE)
    }

    /// The earliest instant with so many open minutes since `ms`.
    pub(crate) fn due(&self, ms: i64, counted: i64) -> Option<i64> {
        let (mut at, mut left, mut given_up) = (ms, counted, ms + super::HORIZON);
        while left > 0 {
            let until = self.like_this_until(at);
            if self.is_open(at) {
                if left <= until - at {
                    return Some(at + left);
                }
                left -= until - at;
                given_up = until + super::HORIZON;
            } else if until >= given_up {
                return None;
            }
            at = until;
        }
        Some(at)
    }

    /// Open time in `[from, until)`, none when that is empty.
    pub(crate) fn elapsed(&self, from: i64, until: i64) -> i64 {
        let (mut at, mut open) = (from, 0);
        while at < until {
            let end = self.like_this_until(at).min(until);
            open += if self.is_open(at) { end - at } else { 0 };
            at = end;
        }
        open
    }
}

/// Milliseconds of `1d2h30m`.
pub(crate) fn duration(text: &str) -> i64 {
    let mut total = 0;
    let mut number = 0;
    for letter in text.chars() {
        let unit = match letter {
            'd' => DAY,
            'h' => super::HOUR,
            'm' => MINUTE,
            's' => 1000,
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

/// The canonical `null`, for keys that are not there.
pub(crate) fn or_null(value: Option<impl Into<Value>>) -> Value {
    value.map_or(json!(null), Into::into)
}
