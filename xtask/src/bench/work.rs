//! What is measured, described once: a calendar, pairs of instants, an agreement and tickets, as files that all
//! sides read. Everything follows from [`SEED`], so that two runs measure the same work.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use slaclock_core::Instant;

use crate::run::Result;

const SEED: u64 = 0x51AC_10C4;
const PAIRS: usize = 10_000;
const TICKETS: usize = 10_000;

/// The board's tickets come one after the other in this time, and each board's tick takes in as many of them.
const BOARD: i64 = 100_000;
const BOARD_EVERY: i64 = 250;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The 67 years of the calendar, the last one outside.
const YEARS: (i64, i64) = (1970, 2037);

/// Ten holidays of a year; one at a weekend is kept on the Monday after it, so that each is a working day.
const HOLIDAYS: [(i64, i64); 10] =
    [(1, 1), (1, 18), (2, 15), (5, 25), (7, 4), (9, 5), (10, 10), (11, 11), (11, 24), (12, 25)];

/// Lengths of the spans asked about.
const SPANS: [(&str, i64); 6] = [
    ("1 h", HOUR),
    ("3 d", 3 * DAY),
    ("30 d", 30 * DAY),
    ("90 d", 90 * DAY),
    ("3 y", 1096 * DAY),
    ("30 y", 10_957 * DAY),
];

/// What happens to a ticket, so many minutes after its creation.
const STORY: [(i64, &str); 10] = [
    (4, r#""status":"Open""#),
    (31, r#""reply":{"by":"agent","public":true}"#),
    (40, r#""status":"Waiting for customer""#),
    (190, r#""reply":{"by":"requester","public":true}"#),
    (190, r#""status":"Open""#),
    (300, r#""field":{"priority":"P3"}"#),
    (1500, r#""status":"Waiting for vendor""#),
    (4300, r#""note":{}"#),
    (5460, r#""status":"Open""#),
    (5520, r#""reply":{"by":"agent","public":true}"#),
];

/// Writes `work.json` and `tickets.jsonl`.
pub(super) fn write(folder: &Path) -> Result {
    let mut random = Random(SEED);
    let begin = start_of(YEARS.0, 1, 1)?;
    let end = start_of(YEARS.1, 1, 1)?;
    let spans = SPANS.map(|(name, length)| {
        let starts: Vec<i64> = (0..PAIRS).map(|_| random.between(begin, end - length)).collect();
        let ends: Vec<i64> = starts.iter().map(|start| start + length).collect();
        json!({ "name": name, "starts": starts, "ends": ends })
    });
    let calendar = calendar()?;
    let tickets = tickets(&mut random)?;
    let work = json!({
        "begin": begin,
        "end": end,
        "calendar": calendar,
        "spans": spans,
        "agreement": agreement(&calendar),
        "ticket": tickets.lines().next(),
        "now": start_of(2026, 11, 17)? + 16 * HOUR,
        "board": board(&calendar)?,
    });
    fs::create_dir_all(folder)?;
    fs::write(folder.join("work.json"), work.to_string())?;
    Ok(fs::write(folder.join("tickets.jsonl"), tickets)?)
}

fn calendar() -> Result<Value> {
    let mut holidays = Vec::new();
    for year in YEARS.0..YEARS.1 {
        for (month, day) in HOLIDAYS {
            let date = start_of(year, month, day)?;
            // Counted from Monday; 1970-01-01 was a Thursday.
            let weekday = (date / DAY + 3) % 7;
            let kept = date + (7 - weekday) * DAY * i64::from(weekday >= 5);
            holidays.push(json!({ "date": text(kept).get(..10) }));
        }
    }
    Ok(
        json!({ "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": holidays }),
    )
}

fn agreement(calendar: &Value) -> Value {
    let targets = [("P1", "15m", "4h"), ("P2", "1h", "8h"), ("P3", "4h", "24h"), ("P4", "8h", "40h")];
    let policies = targets.map(|(priority, response, resolution)| {
        json!({
            "id": priority,
            "when": { "priority": priority },
            "clocks": {
                "first_response": { "within": response, "calendar": "office" },
                "next_response": { "within": response, "calendar": "office" },
                "periodic_update": { "within": resolution, "calendar": "office" },
                "resolution": { "within": resolution, "calendar": "office" },
            },
        })
    });
    json!({
        "slaclock": "1",
        "id": "bench",
        "calendars": { "office": calendar },
        "statuses": {
            "New": "open",
            "Open": "open",
            "Waiting for customer": { "pause": "customer" },
            "Waiting for vendor": { "pause": "vendor" },
        },
        "policies": policies,
    })
}

/// Tickets of ten events; the first one is the one that is measured alone.
fn tickets(random: &mut Random) -> Result<String> {
    let first = start_of(2026, 11, 13)? + 14 * HOUR;
    let mut lines = String::new();
    for number in 0..TICKETS {
        let created = first - i64::from(number > 0) * random.between(0, 20 * DAY);
        let priority = random.between(1, 5);
        write!(
            lines,
            r#"{{"id":"T-{number}","created_at":"{}","fields":{{"status":"New","priority":"P{priority}","service":"vpn"}},"events":["#,
            text(created)
        )?;
        for (index, (minutes, event)) in STORY.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(lines, r#"{comma}{{"at":"{}",{event}}}"#, text(created + minutes * MINUTE))?;
        }
        lines.push_str("]}\n");
    }
    Ok(lines)
}

/// Open tickets that come while the office is open, and are due at the same time of the next day: a tick of the board
/// that is as long as a hundredth of them took to come passes the targets of so many.
fn board(calendar: &Value) -> Result<Value> {
    let first = start_of(2026, 11, 16)? + 14 * HOUR;
    let mut tickets = String::new();
    for number in 0..BOARD {
        let created = text(first + number * BOARD_EVERY);
        writeln!(tickets, r#"{{"id":"B-{number}","created_at":"{created}"}}"#)?;
    }
    let agreement = json!({
        "slaclock": "1",
        "id": "board",
        "calendars": { "office": calendar },
        "policies": [{ "id": "all", "clocks": { "resolution": { "within": "8h", "calendar": "office" } } }],
    });
    let step = BOARD / 100 * BOARD_EVERY;
    // A clock is overdue one millisecond after it was due; both are to fall into the same tick.
    Ok(json!({ "agreement": agreement, "tickets": tickets, "now": first + DAY + 1, "step": step }))
}

fn start_of(year: i64, month: i64, day: i64) -> Result<i64> {
    Ok(Instant::parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z"))?.ms())
}

fn text(ms: i64) -> String {
    Instant::from_ms(ms).map(|instant| instant.to_string()).unwrap_or_default()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn between(&mut self, from: i64, until: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        from + (mixed % (until - from).unsigned_abs()).cast_signed()
    }
}
