//! Agreements, facts and clocks over HTTP.

use std::io::{BufRead, BufReader};

use serde_json::json;
use slaclock_core::Instant;

use crate::support::{Database, Running, ticket, until};

#[test]
fn facts_in_and_clocks_out() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let took = admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(201);
        assert_eq!(took.json(), json!({ "ticket": "T-1", "stored": 1, "known": 0 }));
        let again = admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(200);
        assert_eq!(again.json(), json!({ "ticket": "T-1", "stored": 0, "known": 1 }));
        let changed = admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:01Z")).expect(409);
        assert_eq!(changed.code(), "SLA-H0707");

        let clocks = admin.get("/v1/tickets/T-1/clocks").expect(200).json();
        assert_eq!(clocks["clocks"][0]["elapsed_ms"], 3_600_000);
        // Out of order, and before its ticket.
        let events = "{\"ticket\":\"T-1\",\"at\":\"2026-11-20T10:30:00Z\",\"reply\":{\"by\":\"agent\",\"public\":true}}\n\
             {\"ticket\":\"T-2\",\"id\":\"e1\",\"at\":\"2026-11-20T10:40:00Z\",\"status\":\"Done\"}\n\
             nonsense\n\n\
             {\"ticket\":\"T-1\",\"at\":\"2026-11-20T10:10:00Z\",\"pause\":7}\n";
        let lines = admin.post_lines("/v1/events", events).expect(200).lines();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!((&lines[0]["stored"], &lines[1]["stored"]), (&json!(1), &json!(1)));
        assert_eq!(lines[2]["error"]["code"], "SLA-H0703");
        assert!(lines[3]["error"]["code"].as_str().unwrap().starts_with("SLA-E"), "{}", lines[3]);
        let clocks = admin.get("/v1/tickets/T-1/clocks").expect(200).json();
        assert_eq!(
            (&clocks["clocks"][0]["state"], &clocks["clocks"][0]["elapsed_ms"]),
            (&json!("met"), &json!(1_800_000))
        );
        assert_eq!(admin.get("/v1/tickets/T-2/clocks").expect(409).code(), "SLA-H0709");
        admin.post("/v1/tickets", &ticket("T-2", "2026-11-20T10:00:00Z")).expect(201);
        let clocks = admin.get("/v1/tickets/T-2/clocks?now=2026-11-20T10:20:00Z").expect(200).json();
        assert_eq!(clocks["clocks"][1]["state"], "running");
        let explained = admin.get("/v1/tickets/T-2/clocks?explain=true").expect(200).json();
        assert!(explained["fingerprint"].is_string() || explained["clocks"].is_array(), "{explained}");
    }
}

#[test]
fn changes_arrive_as_they_happen_and_resume() {
    let database = Database::file();
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    let open = |headers: &str| {
        BufReader::new(admin.open("GET", "/v1/changes", headers, "")).lines().map_while(Result::ok)
    };
    let mut events = open("");
    until("the head", || events.next().filter(|line| line.is_empty()));
    admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(201);
    let id = events.find_map(|line| line.strip_prefix("id: ").map(str::to_owned)).unwrap();
    drop(events);
    admin.post("/v1/tickets", &ticket("T-2", "2026-11-20T10:00:00Z")).expect(201);
    let mut events = open(&format!("Last-Event-ID: {id}\r\n"));
    let data = events.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    assert!(data.contains("\"ticket\":\"T-2\""), "{data}");
}

#[test]
fn the_description_is_the_one_that_is_checked_in() {
    let checked_in = include_str!("../../../docs/openapi.json");
    let is_same = checked_in == slaclock_host::api::description();
    assert!(is_same, "run `slaclock schema --api > docs/openapi.json`");
    let database = Database::file();
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    assert_eq!(admin.get("/v1/openapi.json").expect(200).body, checked_in);
    for path in ["/", "/v1/openapi.js", "/v1/openapi.css"] {
        let answer = admin.get(path).expect(200);
        assert!(answer.head.contains("content-security-policy: default-src 'none'"), "{}", answer.head);
    }
}

/// Found by asking at random from the description (`cargo xtask soak api`).
#[test]
fn answers_are_as_described() {
    let described: serde_json::Value =
        serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let content = |path: &str| described["paths"][path]["get"]["responses"]["200"]["content"].clone();
    let database = Database::file();
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    let kind = content("/metrics").as_object().unwrap().keys().next().unwrap().clone();
    let metrics = admin.get("/metrics").expect(200);
    assert!(metrics.head.contains(&format!("content-type: {kind}")), "{kind}: {}", metrics.head);

    admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(201);
    let shapes = content("/v1/tickets/{ticket}/clocks")["application/json"]["schema"]["$ref"].clone();
    let at = |pointer: &str| described.pointer(pointer.trim_start_matches('#')).unwrap().clone();
    let shapes = at(shapes.as_str().unwrap())["anyOf"].clone();
    for (shape, query) in [(0, ""), (1, "?explain=true")] {
        let answer = admin.get(&format!("/v1/tickets/T-1/clocks{query}")).expect(200).json();
        let shape = at(shapes[shape]["$ref"].as_str().unwrap());
        let has = |name: &serde_json::Value| answer.get(name.as_str().unwrap()).is_some();
        assert!(shape["required"].as_array().unwrap().iter().all(has), "{answer}");
        let properties = shape["properties"].as_object().unwrap();
        assert!(answer.as_object().unwrap().keys().all(|key| properties.contains_key(key)), "{answer}");
    }
}

#[test]
fn boards_list_what_is_due_and_questions_are_answered() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let lines: String = (0..5)
            .map(|number| {
                let priority = 1 + number % 2;
                format!(
                    "{{\"id\":\"T-{number}\",\"created_at\":\"2026-11-20T10:{}0:00Z\",\"fields\":{{\"priority\":\"P{priority}\"}}}}\n",
                    5 - number
                )
            })
            .collect();
        admin.post_lines("/v1/tickets", &lines).expect(200);
        running.settled();
        let board = |query: &str| {
            let board = admin.get(&format!("/v1/board?{query}")).expect(200).json();
            let rows = board["rows"].as_array().unwrap().clone();
            (rows.iter().map(|row| row["ticket"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), board)
        };
        assert_eq!(board("").0, ["T-4", "T-3", "T-2", "T-1", "T-0"]);
        assert_eq!(board("fields=priority:P2&columns=priority").0, ["T-3", "T-1"]);
        let (first, answer) = board("limit=2&columns=priority");
        assert_eq!(first, ["T-4", "T-3"]);
        assert_eq!(answer["rows"][0]["fields"], json!({ "priority": "P1" }));
        let next = answer["next"].as_str().unwrap();
        assert_eq!(board(&format!("limit=2&after={next}")).0, ["T-2", "T-1"]);
        assert_eq!(board("overdue=true&now=2026-11-20T11:15:00Z").0, ["T-4"]);
        let preview = admin.post("/v1/preview?now=2026-11-20T15:30:00Z", "{\"priority\":\"P1\"}").expect(200);
        assert!(preview.body.contains("2026-11-23T08:30:00Z"), "{}", preview.body);
        let hours = r#"{"id":1,"calendar":{"time_zone":"UTC","hours":{"mon-fri":["09:00-17:00"]}},"op":"is_open","at":"2026-11-20T10:00:00Z"}"#;
        assert_eq!(admin.post("/v1/hours", hours).expect(200).body, "{\"id\":1,\"open\":true}\n");
        let evaluated = admin.post("/v1/evaluate", &ticket("not-kept", "2026-11-20T10:00:00Z")).expect(200);
        assert!(evaluated.body.contains("\"ticket\":\"not-kept\""), "{}", evaluated.body);
        admin.get("/v1/tickets/not-kept").expect(404);
        let feed = admin.get("/v1/agreements/test/deadlines.ics").expect(200).body;
        assert_eq!(feed.matches("BEGIN:VEVENT").count(), 10, "{feed}");
    }
}

/// As edge functions have it: the calendar is that of the version in force at the instant.
#[test]
fn a_calendar_is_that_of_the_version_in_force() {
    let all = Database::all();
    let running = Running::on(&all.first().unwrap().place());
    let admin = running.admin("acme");
    let two = r#"{ "slaclock": "1", "id": "two", "time_zone": "UTC",
        "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
        "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "office" } } }],
        "versions": [
            { "valid": { "from": "2026-01-01" } },
            { "valid": { "from": "2026-07-01" }, "calendars": { "office": { "hours": { "mon-fri": ["06:00-12:00"] } } } },
            { "valid": { "from": "2026-09-01" }, "time_zone": "Europe/Rome" }] }"#;
    admin.put("/v1/agreements/two", two).expect(201);
    for (at, open) in [
        ("2025-06-30T16:00:00Z", true),
        ("2026-06-30T16:00:00Z", true),
        ("2026-06-30T06:30:00Z", false),
        ("2026-07-01T16:00:00Z", false),
        ("2026-07-01T06:30:00Z", true),
        ("2026-09-01T07:30:00Z", true),
        ("2026-09-01T15:30:00Z", false),
    ] {
        let answer = admin.get(&format!("/v1/hours?agreement=two&calendar=office&at={at}")).expect(200);
        assert_eq!(answer.json()["open"], open, "{at}: {}", answer.body);
    }
}

/// Calendars made of others, on several clocks, in versions: asked about one by one, and as a feed.
const MADE_OF_OTHERS: &str = r#"{ "slaclock": "1", "id": "made", "time_zone": "Europe/Rome",
    "calendars": {
        "rome": { "hours": { "mon-fri": ["09:00-17:00"] }, "except": { "hours": { "mon-sun": ["12:00-13:00"] } } },
        "york": { "time_zone": "America/New_York", "hours": { "mon-fri": ["09:00-17:00"] },
            "except": { "hours": { "mon-sun": ["12:00-13:00"] } } },
        "sun": { "any_of": ["rome", "york", { "hours": { "sat": ["10:00-12:00"] } }], "except": "never" },
        "both": { "all_of": ["rome", "sun", "always"] },
        "c1": { "any_of": ["rome"] }, "c2": { "any_of": "c1" }, "c3": { "any_of": "c2" }, "c4": { "any_of": "c3" },
        "c5": { "any_of": "c4" }, "c6": { "any_of": "c5" }, "c7": { "any_of": "c6" }, "c8": { "any_of": "c7" },
        "c9": { "any_of": "c8" }, "c10": { "any_of": "c9" } },
    "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "sun" } } }],
    "versions": [
        { "valid": { "from": "2026-11-24" }, "time_zone": "America/New_York" },
        { "valid": { "from": "2026-01-01" } },
        { "valid": { "from": "2026-11-27" },
          "policies": [{ "id": "all", "clocks": { "resolution": { "within": "4h", "calendar": "rome" } } }],
          "calendars": { "rome": { "hours": { "mon-sun": ["20:00-04:00"] }, "holidays": [{ "date": "2026-11-28", "name": "Closed" }] },
            "new": { "hours": { "mon-fri": ["09:00-10:00"] } } } }] }"#;

/// What a feed says of a moment is what the service answers about that moment.
#[test]
fn a_feed_opens_when_the_calendar_does() {
    let all = Database::all();
    let running = Running::on(&all.first().unwrap().place());
    let admin = running.admin("acme");
    admin.put("/v1/agreements/made", MADE_OF_OTHERS).expect(201);
    let second = |text: &str| Instant::parse(text).unwrap().ms();
    for calendar in ["rome", "york", "sun", "both", "c10", "new"] {
        let span = "from=2026-11-20&until=2026-11-30";
        let feed =
            admin.get(&format!("/v1/agreements/made/calendars/{calendar}.ics?{span}")).expect(200).body;
        let times = |key: &str| -> Vec<i64> {
            let lines =
                feed.lines().filter_map(|line| line.strip_prefix(key)).filter(|line| line.len() == 16);
            let dashed = |line: &str| {
                let (date, time) = line.trim_end().split_once('T').unwrap();
                let two = |text: &str, at: usize| text[at..at + 2].to_owned();
                let date = format!("{}-{}-{}", &date[..4], two(date, 4), two(date, 6));
                second(&format!("{date}T{}:{}:{}Z", two(time, 0), two(time, 2), two(time, 4)))
            };
            lines.map(dashed).collect()
        };
        let (starts, ends) = (times("DTSTART:"), times("DTEND:"));
        assert!(!starts.is_empty() && starts.len() == ends.len(), "{calendar}: {feed}");
        let (mut at, mut opened) = (second("2026-11-21T00:30:00Z"), 0);
        while at < second("2026-11-30T12:00:00Z") {
            let open = starts.iter().zip(&ends).any(|(start, end)| (*start..*end).contains(&at));
            let when = Instant::from_ms(at).unwrap();
            let answer = admin.get(&format!("/v1/hours?agreement=made&calendar={calendar}&at={when}"));
            assert_eq!(answer.expect(200).json()["open"], open, "{calendar} at {when}: {feed}");
            opened += u32::from(open);
            at += 3_600_000;
        }
        assert!(opened > 0, "{calendar}");
        assert!(starts.windows(2).zip(&ends).all(|(pair, end)| pair[1] > *end), "{calendar}: {feed}");
    }
    let feed = admin.get("/v1/agreements/made/calendars/rome.ics?from=2026-11-20&until=2026-11-30").body;
    assert_eq!(feed.matches("DTSTART;VALUE=DATE:20261128").count(), 1, "{feed}");
    let unknown = admin.get("/v1/agreements/made/calendars/rme.ics").expect(404);
    assert!(unknown.body.contains("`rome`"), "{}", unknown.body);
    let later =
        admin.get("/v1/agreements/made/calendars/new.ics?from=2026-11-20&until=2026-11-21").expect(200);
    assert_eq!(later.body.matches("BEGIN:VEVENT").count(), 0, "{}", later.body);
}
