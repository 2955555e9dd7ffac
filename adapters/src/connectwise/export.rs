//! Exports: `SLAs` with their `priorities`, `statuses`, `calendars`, `holidays` and `tickets`, as the REST API answers them.

use serde_json::{Map, Value, json};

use crate::agreement::{Building, DAY, holiday, hours};
use crate::instants::{duration, scaled};
use crate::record::Record;
use crate::settings::Settings;
use crate::{Kind, Table, Translation};

/// The goals of a promise, and the clocks that they are.
const GOALS: [(&str, &str); 3] =
    [("respondHours", "first_response"), ("planWithin", "plan"), ("resolutionHours", "resolution")];

/// Days as calendars write them, Sunday first.
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Translates an export.
pub(crate) fn export(tables: &[Table], settings: &Settings, translation: &mut Translation) {
    let mut building = Building::new("connectwise", "ConnectWise PSA", settings);
    let rows = |name: &'static str| {
        let tables = tables.iter().filter(move |table| table.name.eq_ignore_ascii_case(name));
        tables.flat_map(|table| {
            let place = move |index: usize| format!("{}/{}/{index}", table.source, table.name);
            table.records.iter().enumerate().map(move |(index, value)| (place(index), value))
        })
    };
    for (place, value) in rows("statuses") {
        if let Some(record) = Record::of(value, place, translation) {
            status(&record, settings, &mut building, translation);
        }
    }
    let mut closed: Vec<(Option<String>, Value)> = Vec::new();
    for (place, value) in rows("holidays") {
        if let Some(record) = Record::of(value, place, translation) {
            closed.extend(holiday_of(&record, translation));
        }
    }
    let mut calendars = Vec::new();
    for (place, value) in rows("calendars") {
        if let Some(record) = Record::of(value, place, translation) {
            let id = record.text("id").unwrap_or_default();
            let name = calendar(&record, &closed, &mut building, translation);
            calendars.push((id, name));
        }
    }
    let overrides: Vec<(String, &Value)> = rows("priorities").collect();
    let mut slas: Vec<(String, &Value)> = rows("slas").collect();
    // The default holds for tickets that no other is for.
    slas.sort_by_key(|(_, value)| value.get("defaultFlag").and_then(Value::as_bool).unwrap_or(false));
    for (place, value) in slas {
        if let Some(record) = Record::of(value, place, translation) {
            promise(&record, &overrides, &calendars, &mut building, translation);
        }
    }
    translation.agreement = building.document();
    for (place, value) in rows("tickets") {
        if let Some(ticket) = super::ticket(value, &place, true, settings, translation) {
            let message = "exports have no history: the ticket has its present fields all along, its present status since it was resolved or changed";
            translation.approximated(place, message);
            translation.tickets.push(ticket);
        }
    }
    let known = ["slas", "priorities", "statuses", "calendars", "holidays", "tickets"];
    for table in tables.iter().filter(|table| !known.iter().any(|name| table.name.eq_ignore_ascii_case(name)))
    {
        translation.lose(
            Kind::Unknown,
            &table.source,
            format!("`{}` is not read; read are {}", table.name, known.join(", ")),
        );
    }
}

fn status(record: &Record<'_>, settings: &Settings, building: &mut Building, translation: &mut Translation) {
    let Some(name) = record.text("name") else { return };
    let stage = record.text("escalationStatus").unwrap_or_default();
    let meaning = match &*stage {
        _ if record.is_true("closedStatus") => json!("closed"),
        "Resolved" => json!("resolved"),
        "NoEscalation" => json!({ "pause": "customer" }),
        "NotResponded" | "Responded" | "ResolutionPlan" | "" => json!("open"),
        other => {
            translation.lose(
                Kind::Unknown,
                record.place("escalationStatus"),
                format!("the stage `{other}` is taken for open"),
            );
            json!("open")
        }
    };
    if matches!(&*stage, "Responded" | "ResolutionPlan") {
        let message =
            format!("the status `{name}` ends a stage there; here a reply, and the field `planned`, do");
        translation.approximated(record.place("escalationStatus"), message);
    }
    if let Some(before) = building.statuses.insert(settings.status(&name), meaning.clone())
        && before != meaning
    {
        translation.approximated(
            &*record.at,
            format!("`{name}` means different things on two boards; the last one holds"),
        );
    }
}

/// A holiday with the list that it is on.
fn holiday_of(record: &Record<'_>, translation: &mut Translation) -> Option<(Option<String>, Value)> {
    let date = record.text("date")?;
    let date = date.get(..10)?.to_owned();
    let name = record.text("name").unwrap_or_default();
    if record.get("allDayFlag").is_some() && !record.is_true("allDayFlag") {
        translation.approximated(&*record.at, format!("`{name}` closes the whole day here"));
    }
    Some((record.text_in("holidayList", "id"), holiday(&date, &date, &name)))
}

fn calendar(
    record: &Record<'_>,
    closed: &[(Option<String>, Value)],
    building: &mut Building,
    translation: &mut Translation,
) -> String {
    let mut ranges = Vec::new();
    for (day, name) in DAYS.into_iter().enumerate() {
        let ends = record.text(&format!("{name}StartTime")).zip(record.text(&format!("{name}EndTime")));
        let Some((start, end)) = ends else { continue };
        match minute(&start).zip(minute(&end)) {
            Some((start, 0)) if start > 0 => ranges.push((day, start, DAY)),
            Some((start, end)) if start < end => ranges.push((day, start, end)),
            // Equal ends are how a day is closed.
            Some((start, end)) if start == end => {}
            _ => translation.left_out(
                record.place(&format!("{name}StartTime")),
                format!("`{start}` to `{end}` are no hours"),
            ),
        }
    }
    let list = record.text_in("holidayList", "id");
    let of_it = closed.iter().filter(|(of, _)| of.is_none() || *of == list);
    let holidays: Vec<Value> =
        list.iter().flat_map(|_| of_it.clone()).map(|(_, holiday)| holiday.clone()).collect();
    let name = building.name(&record.text("name").unwrap_or_default());
    building.calendars.insert(name.clone(), json!({ "hours": hours(&ranges), "holidays": holidays }));
    name
}

/// `08:00:00` as a minute of the day.
fn minute(text: &str) -> Option<i64> {
    let mut parts = text.rsplit('T').next()?.split(':');
    let (hours, minutes) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
    let valid = (0..24).contains(&hours) && (0..60).contains(&minutes);
    valid.then(|| hours.saturating_mul(60).saturating_add(minutes))
}

fn promise(
    record: &Record<'_>,
    overrides: &[(String, &Value)],
    calendars: &[(String, String)],
    building: &mut Building,
    translation: &mut Translation,
) {
    let Some(name) = record.text("name") else { return };
    let basis = record.text("basedOn").unwrap_or_default();
    let custom = record.text_in("customCalendar", "id");
    let named = custom.as_ref().and_then(|id| calendars.iter().find(|(known, _)| known == id));
    let calendar = match (&*basis, named, calendars.first()) {
        ("AllHours", ..) => "always",
        ("Custom", Some((_, name)), _) => name,
        (_, _, Some((_, first))) => {
            translation.approximated(
                record.place("basedOn"),
                format!("the hours of `{name}` are those of `{first}`: which they are by `{basis}` is not in the export"),
            );
            first
        }
        _ => {
            translation.approximated(record.place("basedOn"), format!("no calendar is in the export: `{name}` counts always"));
            "always"
        }
    }
    .to_owned();
    let is_default = record.is_true("defaultFlag");
    let when = |priority: Option<&str>| {
        let mut when = Map::new();
        if !is_default {
            when.insert("sla".into(), json!(name));
        }
        if let Some(priority) = priority {
            when.insert("priority".into(), json!(priority));
        }
        when
    };
    let id = record.text("id");
    for (place, value) in overrides {
        let Some(own) = Record::of(value, place.clone(), translation) else { continue };
        if own.text_in("sla", "id") != id {
            continue;
        }
        let Some(priority) = own.text_in("priority", "name") else { continue };
        let clocks = clocks(&own, &calendar, translation);
        if !clocks.is_empty() {
            let policy = building.name(&format!("{name} {priority}"));
            building.policies.push(json!({ "id": policy, "when": when(Some(&priority)), "clocks": clocks }));
        }
    }
    let clocks = clocks(record, &calendar, translation);
    if !clocks.is_empty() {
        let policy = building.name(&name);
        building.policies.push(json!({ "id": policy, "when": when(None), "clocks": clocks }));
    }
}

fn clocks(record: &Record<'_>, calendar: &str, translation: &mut Translation) -> Map<String, Value> {
    let mut clocks = Map::new();
    for (key, clock) in GOALS {
        // No goal is written as none or as zero.
        let Some(hours) = record.get(key).filter(|hours| scaled(hours, 1) != Some(0)) else { continue };
        let Some(within) = scaled(hours, 3_600).and_then(duration) else {
            translation.left_out(record.place(key), format!("`{hours}` is not a number of hours"));
            continue;
        };
        let mut promise = json!({ "within": within, "calendar": calendar });
        if clock == "plan"
            && let Some(promise) = promise.as_object_mut()
        {
            promise.insert("stop".into(), json!({ "planned": true }));
        }
        clocks.insert(clock.to_owned(), promise);
    }
    for key in ["respondPercent", "planWithinPercent", "resolutionPercent"] {
        if record.get(key).is_some() {
            translation.left_out(record.place(key), "the share of tickets that must meet the goal");
        }
    }
    clocks
}
