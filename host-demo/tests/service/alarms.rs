//! Alarms: told in time, once, signed, and not when they are moot.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use slaclock_core::Instant;

use crate::receiver::Receiver;
use crate::support::{Client, Database, NOON, Running, ticket, until};

/// A receiver that is told about a tenant, with its secret.
fn told(admin: &Client) -> (Receiver, String, String) {
    let receiver = Receiver::new();
    let webhook =
        admin.post("/v1/webhooks", &format!("{{\"url\":\"{}\"}}", receiver.url())).expect(201).json();
    let text = |key: &str| webhook[key].as_str().unwrap().to_owned();
    (receiver, text("secret"), text("id"))
}

#[test]
fn warnings_and_breaches_are_told_when_they_happen() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, secret, _) = told(&admin);
        admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
        running.set("2026-11-20T11:29:59Z");
        std::thread::sleep(Duration::from_millis(100));
        assert!(receiver.told().is_empty(), "{:?}", receiver.told());
        running.set("2026-11-20T11:30:00Z");
        until("the warning", || (receiver.told().len() == 1).then_some(()));
        running.set("2026-11-20T12:00:01Z");
        until("the breach", || (receiver.told().len() == 2).then_some(()));
        assert_eq!(
            receiver.told(),
            ["T-1 first_response clock.alert 50%", "T-1 first_response clock.breached"]
        );
        for received in receiver.all() {
            assert!(received.is_signed(&secret, received.timestamp), "{received:?}");
            assert!(received.id.starts_with("msg_"), "{received:?}");
        }
    }
}

/// The lease of a message is by the clock, which may jump while the receiver takes its time.
#[test]
fn a_message_on_its_way_is_not_sent_again_when_the_clock_jumps() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, ..) = told(&admin);
        receiver.wait(Duration::from_millis(1_000));
        admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
        running.set("2026-11-20T11:30:00Z");
        until("the warning is on its way", || (receiver.all().len() == 1).then_some(()));
        running.set("2026-11-20T11:59:00Z");
        until("the warning has arrived", || {
            let messages = admin.get("/v1/messages").expect(200).json();
            (messages[0]["delivery"] == "done").then_some(())
        });
        assert_eq!(receiver.told(), ["T-1 first_response clock.alert 50%"]);
    }
}

fn reply(ticket: &str, at: &str) -> String {
    format!("{{\"ticket\":\"{ticket}\",\"at\":\"{at}\",\"reply\":{{\"by\":\"agent\",\"public\":true}}}}")
}

#[test]
fn an_answer_that_comes_first_makes_alarms_moot() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, ..) = told(&admin);
        receiver.answer(503);
        admin.post("/v1/tickets", &ticket("in-time", NOON)).expect(201);
        admin.post("/v1/tickets", &ticket("late-news", NOON)).expect(201);
        admin.post("/v1/tickets", &ticket("too-late", NOON)).expect(201);
        running.set("2026-11-20T11:20:00Z");
        admin.post("/v1/events", &reply("in-time", "2026-11-20T11:20:00Z")).expect(201);
        running.set("2026-11-20T11:30:00Z");
        until("two attempts", || (receiver.all().len() == 2).then_some(()));
        // The receiver is down. Of one ticket the news comes late that it was answered before the warning.
        running.set("2026-11-20T11:40:00Z");
        admin.post("/v1/events", &reply("late-news", "2026-11-20T11:25:00Z")).expect(201);
        admin.post("/v1/events", &reply("too-late", "2026-11-20T11:40:00Z")).expect(201);
        running.settled();
        receiver.answer(204);
        running.set("2026-11-20T13:00:00Z");
        until("the warning that happened", || (receiver.told().len() == 1).then_some(()));
        running.settled();
        assert_eq!(receiver.told(), ["too-late first_response clock.alert 50%"]);
        let cancelled = admin.get("/v1/messages?delivery=cancelled").json();
        assert_eq!((cancelled.as_array().unwrap().len(), &cancelled[0]["ticket"]), (1, &json!("late-news")));
    }
}

#[test]
fn a_receiver_that_was_down_for_an_hour_is_told_once_in_order() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, ..) = told(&admin);
        receiver.answer(500);
        admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
        for minute in 30..60 {
            running.set(&format!("2026-11-20T11:{minute}:00Z"));
            std::thread::sleep(Duration::from_millis(15));
        }
        running.set("2026-11-20T12:20:00Z");
        running.settled();
        receiver.answer(204);
        running.set("2026-11-20T13:30:00Z");
        until("both", || (receiver.told().len() == 2).then_some(()));
        running.set("2026-11-20T15:30:00Z");
        running.settled();
        assert_eq!(
            receiver.told(),
            ["T-1 first_response clock.alert 50%", "T-1 first_response clock.breached"]
        );
        let ids: BTreeSet<_> = receiver.all().into_iter().map(|received| received.id).collect();
        assert!(ids.len() == 2 && receiver.all().len() > 4, "{} attempts", receiver.all().len());
    }
}

#[test]
fn after_a_stop_or_a_jump_everything_due_is_told_once_in_order() {
    for database in Database::all() {
        let receiver = {
            let running = Running::on(&database.place());
            let admin = running.admin("acme");
            let (receiver, ..) = told(&admin);
            for id in ["T-1", "T-2"] {
                admin.post("/v1/tickets", &ticket(id, NOON)).expect(201);
            }
            running.settled();
            running.stop();
            receiver
        };
        // It was off from Friday to Monday.
        let running = Running::at(&database.place(), "2026-11-23T11:00:00Z");
        until("all", || (receiver.told().len() == 4).then_some(()));
        // The clock is set back, then far ahead.
        running.set("2026-11-20T11:10:00Z");
        running.settled();
        running.set("2026-11-27T11:00:00Z");
        until("the breaches of Monday", || (receiver.told().len() == 6).then_some(()));
        running.settled();
        for id in ["T-1", "T-2"] {
            let of_it: Vec<_> = receiver.told().into_iter().filter(|said| said.starts_with(id)).collect();
            let expected = [
                format!("{id} first_response clock.alert 50%"),
                format!("{id} first_response clock.breached"),
                format!("{id} resolution clock.breached"),
            ];
            assert_eq!(of_it, expected);
        }
    }
}

#[test]
fn what_is_held_waits_for_the_opening_and_may_become_moot() {
    const HELD: &str = r#"{
      "slaclock": "1", "id": "test", "time_zone": "Europe/Rome",
      "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [] } },
      "statuses": { "Open": "open" },
      "policies": [{ "id": "all", "when": {}, "clocks": {
        "first_response": { "within": "20h", "calendar": "always" } } }],
      "escalations": [{ "clock": "first_response", "hold_until_open": "office",
        "steps": [{ "at": "50%", "notify": "lead" }] }]
    }"#;
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        admin.put("/v1/agreements/test", HELD).expect(201);
        let (receiver, ..) = told(&admin);
        for id in ["answered", "waiting"] {
            admin.post("/v1/tickets", &ticket(id, NOON)).expect(201);
        }
        // Half is used at 22:00 on Friday.
        running.set("2026-11-20T21:00:00Z");
        running.settled();
        running.set("2026-11-21T06:00:00Z");
        admin.post("/v1/events", &reply("answered", "2026-11-21T06:00:00Z")).expect(201);
        running.settled();
        assert!(receiver.told().is_empty(), "{:?}", receiver.told());
        running.set("2026-11-23T08:00:00Z");
        until("the opening", || (receiver.told().len() == 2).then_some(()));
        running.settled();
        let mut told = receiver.told();
        told.sort();
        assert_eq!(told, ["waiting first_response clock.alert 50%", "waiting first_response clock.breached"]);
    }
}

#[test]
fn a_pause_that_ends_while_something_else_is_looked_at_is_not_slept_over() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, ..) = told(&admin);
        receiver.answer(500);
        admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
        running.set("2026-11-20T11:30:00Z");
        let start = running.service.now();
        for attempt in 1..14 {
            // Looked for without a pause, so that the clock leaps while the sender decides how long to sleep.
            // On its way a message is leased for 30 s.
            let now = running.service.now();
            until("the end of the attempt", || {
                let next = running.runtime.block_on(running.service.store.next_delivery(now)).unwrap();
                next.filter(|next| receiver.all().len() == attempt && *next != now + 30_000)
            });
            let leap = i64::try_from(attempt).unwrap() * 8 * 3_600_000;
            running.clock.set(Instant::from_ms(start + leap).unwrap());
        }
    }
}

#[test]
fn what_is_given_up_can_be_sent_again() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (receiver, _, webhook) = told(&admin);
        receiver.answer(500);
        admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
        let dead = || {
            let dead = admin.get("/v1/messages?delivery=dead").json();
            (!dead.as_array().unwrap().is_empty()).then_some(dead)
        };
        let (mut hours, noon) = (0, Instant::parse(NOON).unwrap().ms());
        let dead = until("given up", || {
            hours += 8;
            running.clock.set(Instant::from_ms(noon + hours * 3_600_000).unwrap());
            std::thread::sleep(Duration::from_millis(50));
            dead()
        });
        // The clock leaps over leases, so an attempt may be made twice.
        assert!(dead[0]["attempts"].as_i64() >= Some(15) && dead[0]["status"] == 500, "{dead}");
        receiver.answer(204);
        let replayed = admin.post(&format!("/v1/webhooks/{webhook}/replay"), "{}").expect(200).json();
        assert_eq!(replayed["messages"], 1);
        until("sent again", || {
            receiver.told().contains(&"T-1 first_response clock.alert 50%".to_owned()).then_some(())
        });
        assert_eq!(
            receiver.all().first().map(|first| first.id.clone()),
            dead[0]["id"].as_str().map(str::to_owned)
        );

        receiver.answer(410);
        admin.post("/v1/tickets", &ticket("T-2", NOON)).expect(201);
        until("turned off", || admin.get("/v1/webhooks").json()[0]["disabled_at"].is_string().then_some(()));
    }
}

#[test]
fn history_is_not_told_again() {
    let database = Database::file();
    let running = Running::at(&database.place(), "2026-11-23T11:00:00Z");
    let admin = running.admin("acme");
    let (receiver, ..) = told(&admin);
    admin.post("/v1/tickets?backfill=true", &ticket("old", NOON)).expect(201);
    running.settled();
    assert!(receiver.told().is_empty(), "{:?}", receiver.told());
    let quiet = admin.get("/v1/messages?ticket=old").json();
    assert!(quiet.as_array().unwrap().iter().all(|message| message["state"] == "quiet"), "{quiet}");
    running.set("2026-11-23T16:00:00Z");
    until("what happens from now on", || {
        (receiver.told() == ["old resolution clock.breached"]).then_some(())
    });
}

/// The database is gone for a while and comes back.
#[test]
fn an_outage_of_the_database_is_survived() {
    let Some(database) = crate::support::postgres() else { return };
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    let (receiver, ..) = told(&admin);
    admin.post("/v1/tickets", &ticket("T-1", NOON)).expect(201);
    running.settled();
    database.allow(false);
    until("it is noticed", || (admin.get("/health").status == 503).then_some(()));
    let refused = admin.post("/v1/tickets", &ticket("T-2", NOON));
    assert!(refused.status == 503 && refused.head.contains("retry-after"), "{}", refused.body);
    running.set("2026-11-20T12:10:00Z");
    std::thread::sleep(Duration::from_millis(300));
    database.allow(true);
    until("it is back", || (admin.get("/health").status == 200).then_some(()));
    admin.post("/v1/tickets", &ticket("T-2", "2026-11-20T12:10:00Z")).expect(201);
    until("what was due meanwhile", || (receiver.told().len() == 2).then_some(()));
}
