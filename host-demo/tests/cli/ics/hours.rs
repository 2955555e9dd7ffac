//! Times of a feed are hours.

use serde_json::json;

use super::{calendar, feed, import};

#[test]
fn timed_events_become_hours() {
    let week = "UID:w\nDTSTART;TZID=Eastern Standard Time:20260105T090000\nDTEND;TZID=Eastern Standard Time:20260105T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\nEXDATE;TZID=Eastern Standard Time:20260324T090000";
    let short = "UID:w\nSUMMARY:Training\nRECURRENCE-ID:20260325T130000Z\nDTSTART;TZID=America/New_York:20260325T100000\nDTEND;TZID=America/New_York:20260325T120000";
    let night = "DTSTART;TZID=America/New_York:20260110T220000\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=SA";
    let summer = "SUMMARY:Summer\nDTSTART;TZID=America/New_York:20260601T080000\nDTEND;TZID=America/New_York:20260601T200000\nRRULE:FREQ=DAILY;UNTIL=20260604T035959Z";
    let once = "SUMMARY:Inventory\nDTSTART:20261227T150000Z\nDTEND:20261227T160000Z";
    let christmas = "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY";
    let late = "SUMMARY:Help\nDTSTART;TZID=America/New_York:20261225T230000\nDTEND;TZID=America/New_York:20261226T010000";
    let calendar = calendar(&[week, short, night, summer, once, christmas, late], &["--as", "hours"]);
    let expected = json!({
        "time_zone": "America/New_York",
        "hours": { "mon-fri": ["09:00-17:00"], "sat": ["22:00-24:00"], "sun": ["00:00-06:00"] },
        "holidays": [{ "date": "--12-25", "name": "Christmas", "from": 2020 }],
        "special_days": [
            { "date": "2026-03-24", "hours": [] },
            { "date": "2026-03-25", "hours": ["10:00-12:00"], "name": "Training" },
            { "date": "2026-06-01..2026-06-03", "hours": ["08:00-20:00"] },
            { "date": "2026-12-25", "hours": ["23:00-24:00"], "name": "Help" },
            { "date": "2026-12-26", "hours": ["00:00-01:00", "22:00-24:00"], "name": "Help" },
            { "date": "2026-12-27", "hours": ["00:00-06:00", "10:00-11:00"], "name": "Inventory" },
        ],
    });
    assert_eq!(calendar, expected);
}

#[test]
fn times_of_other_zones_are_read_on_the_clock_of_the_calendar() {
    let monday = "DTSTART;TZID=America/New_York:20260302T090000\nDTEND;TZID=America/New_York:20260302T100000\nRRULE:FREQ=WEEKLY;COUNT=5";
    let days = calendar(&[monday], &["--as", "hours", "--time-zone", "Europe/Rome"])["special_days"].clone();
    let at = |day: usize| days[day]["hours"][0].as_str().unwrap().to_owned();
    // For three weeks summer time has begun there and not here.
    assert_eq!(
        [at(0), at(1), at(2), at(3), at(4)],
        ["15:00-16:00", "14:00-15:00", "14:00-15:00", "14:00-15:00", "15:00-16:00"]
    );
    // Without a zone of their own, instants are read in UTC.
    let instant = "DTSTART:20260302T090000Z\nDTEND:20260302T103000Z";
    let calendar = calendar(&[instant], &["--as", "hours"]);
    assert_eq!(
        calendar,
        json!({ "time_zone": "UTC", "special_days": [{ "date": "2026-03-02", "hours": ["09:00-10:30"] }] })
    );
}

#[test]
fn of_two_equal_times_one_cannot_be_open_alone() {
    let first = "DTSTART:20261025T000000Z\nDTEND:20261025T003000Z";
    let second = "DTSTART:20261025T010000Z\nDTEND:20261025T013000Z";
    let zone = ["--as", "hours", "--time-zone", "Europe/Rome"];
    for (events, lost) in [(&[first][..], true), (&[second], true), (&[first, second], false)] {
        let run = import(feed(events), &zone);
        assert_eq!(
            (run.code == 1, run.err.contains("two equal wall-clock times")),
            (lost, lost),
            "{}",
            run.err
        );
        assert_eq!(run.lines()[0]["special_days"][0]["hours"], json!(["02:00-02:30"]));
    }
}
