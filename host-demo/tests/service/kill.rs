//! Killed at random moments under load: nothing that was acknowledged is lost, no alarm is lost, and what is told
//! twice carries the same id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use slaclock_host::store::Place;
use slaclock_host::time::now;

use crate::process::{Process, free_address, token};
use crate::receiver::Receiver;
use crate::support::{Client, Database, postgres, until};

/// How often to kill; `cargo xtask soak kill` asks for more.
fn kills() -> u64 {
    std::env::var("SLACLOCK_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(3)
}

/// Seconds instead of hours.
const AGREEMENT: &str = r#"{
  "slaclock": "1", "id": "test", "time_zone": "UTC", "statuses": { "Open": "open" },
  "policies": [{ "id": "all", "when": {}, "clocks": {
    "first_response": { "within": "2s", "calendar": "always", "alerts": ["50%"] } } }]
}"#;

/// What a client was promised.
#[derive(Default)]
struct Promised {
    /// Tickets that nobody answered, which must be told about.
    unanswered: Vec<String>,
    /// Tickets that were answered at once.
    answered: Vec<String>,
}

/// Sends tickets until told to stop, every one until it is acknowledged by one of the hosts.
fn send(writer: usize, hosts: &[Client], stop: &AtomicBool, promised: &Mutex<Promised>) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let id = format!("T-{writer}-{number}");
        let is_answered = number % 3 == 0;
        let created = now();
        let reply =
            format!("{{\"id\":\"r\",\"at\":\"{created}\",\"reply\":{{\"by\":\"agent\",\"public\":true}}}}");
        let lines = format!(
            "{{\"id\":\"{id}\",\"created_at\":\"{created}\",\"events\":[{{\"id\":\"n\",\"at\":\"{created}\",\"note\":{{}}}}{}{}]}}",
            if is_answered { "," } else { "" },
            if is_answered { &reply } else { "" },
        );
        let mut turn = number;
        loop {
            let answer = hosts[turn % hosts.len()].post("/v1/tickets", &lines);
            if matches!(answer.status, 200 | 201) {
                break;
            }
            assert!(matches!(answer.status, 0 | 503), "{}\n{}", answer.head, answer.body);
            turn += 1;
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut promised = promised.lock().unwrap();
        if is_answered { &mut promised.answered } else { &mut promised.unanswered }.push(id);
        drop(promised);
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn survives(place: &Place, hosts: usize) {
    let addresses: Vec<_> = (0..hosts).map(|_| free_address()).collect();
    let first = token(place, addresses[0]);
    let clients: Vec<_> =
        addresses.iter().map(|address| Client { address: *address, ..first.clone() }).collect();
    let mut processes: Vec<_> = addresses.iter().map(|address| Process::start(place, *address, "")).collect();
    first.put("/v1/agreements/test", AGREEMENT).expect(201);
    let receiver = Receiver::new();
    first.post("/v1/webhooks", &format!("{{\"url\":\"{}\"}}", receiver.url())).expect(201);

    let (stop, promised) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Promised::default())));
    let writers: Vec<_> = (0..2)
        .map(|writer| {
            let (clients, stop, promised) = (clients.clone(), Arc::clone(&stop), Arc::clone(&promised));
            std::thread::spawn(move || send(writer, &clients, &stop, &promised))
        })
        .collect();
    let mut moment = u64::from(std::process::id());
    eprintln!("moments begin with {moment}");
    for kill in 0..kills() {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(100 + (moment >> 33) % 2_500));
        let victim = usize::try_from(kill).unwrap() % hosts;
        processes[victim].kill();
        processes[victim] = Process::start(place, addresses[victim], "");
    }
    // Where the machine is slow, a service that starts again leaves little time in between.
    until("enough was promised", || (promised.lock().unwrap().unanswered.len() > 10).then_some(()));
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.join().unwrap();
    }
    let promised = promised.lock().unwrap();
    assert!(promised.unanswered.len() > 10, "{}", promised.unanswered.len());
    for id in promised.unanswered.iter().chain(&promised.answered) {
        let events = first.get(&format!("/v1/tickets/{id}")).expect(200).json()["events"].clone();
        let expected = if promised.answered.contains(id) { 2 } else { 1 };
        assert_eq!(events.as_array().unwrap().len(), expected, "{id}");
    }
    let wanted: BTreeSet<String> = promised
        .unanswered
        .iter()
        .flat_map(|id| {
            [format!("{id} first_response clock.alert 50%"), format!("{id} first_response clock.breached")]
        })
        .collect();
    until("every alarm is told", || {
        let told: BTreeSet<String> = receiver.told().into_iter().collect();
        wanted.is_subset(&told).then_some(())
    });
    let mut ids: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    let all = receiver.all();
    for received in &all {
        ids.entry(received.said()).or_default().insert((received.id.clone(), received.text.clone()));
    }
    for (said, ids) in &ids {
        assert!(wanted.contains(said), "told without reason: {said}");
        assert_eq!(ids.len(), 1, "{said}: {ids:?}");
    }
    let (tickets, alarms) = (promised.unanswered.len() + promised.answered.len(), wanted.len());
    let twice = all.len() - ids.len();
    eprintln!("{} kills: {tickets} tickets and {alarms} alarms, none lost; {twice} told twice", kills());
}

#[test]
fn a_file_survives_kills() {
    survives(&Database::file().place(), 1);
}

#[test]
fn postgres_survives_kills_of_its_host() {
    if let Some(database) = postgres() {
        survives(&database.place(), 1);
    }
}

#[test]
fn of_two_hosts_one_may_be_killed() {
    if let Some(database) = postgres() {
        survives(&database.place(), 2);
    }
}

/// A limit on the size of files is a full disk: what does not fit is refused, what was acknowledged stays.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let database = Database::file();
    let place = database.place();
    let address = free_address();
    let client = token(&place, address);
    // Blocks of 512 bytes; without the trap the kernel would kill the process.
    let mut process = Process::start(&place, address, "trap '' XFSZ; ulimit -f 6000;");
    client.put("/v1/agreements/test", AGREEMENT).expect(201);
    let filler = "x".repeat(20_000);
    let text = |number: usize| {
        format!(
            "{{\"id\":\"T-{number}\",\"created_at\":\"2026-11-20T11:00:00Z\",\"fields\":{{\"f\":\"{filler}\"}}}}"
        )
    };
    let refused = (0..1_000).find(|number| {
        let answer = client.post("/v1/tickets", &text(*number));
        assert!(matches!(answer.status, 201 | 507), "{}\n{}", answer.head, answer.body);
        answer.status == 507
    });
    let refused = refused.expect("the disk was never full");
    assert!(refused > 10, "{refused}");
    client.get("/v1/tickets/T-0/clocks").expect(200);
    process.kill();
    let _process = Process::start(&place, address, "");
    for number in 0..refused {
        client.get(&format!("/v1/tickets/T-{number}")).expect(200);
    }
    client.post("/v1/tickets", &text(refused)).expect(201);
}
