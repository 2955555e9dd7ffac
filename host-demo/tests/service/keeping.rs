//! Backups, retention and erasure.

use std::fs::File;
use std::io::BufReader;

use serde_json::json;
use slaclock_core::Instant;
use slaclock_host::store::{Place, Role};

use crate::support::{Database, NOON, Running, postgres, ticket};

/// A service with a tenant, two tickets and a message.
fn filled(place: &Place) -> Running {
    let running = Running::on(place);
    let admin = running.admin("acme");
    admin.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/hook\"}").expect(201);
    admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(201);
    let done = "{\"id\":\"T-2\",\"created_at\":\"2026-11-20T10:00:00Z\",\"fields\":{\"requester\":\"j\u{f6}rg@example.com\"},\
         \"events\":[{\"id\":\"d\",\"at\":\"2026-11-20T10:20:00Z\",\"status\":\"Done\"},\
         {\"id\":\"n\",\"at\":\"2026-11-20T10:10:00Z\",\"note\":{\"text\":\"mail from j\\u00f6rg@example.com\"}}]}";
    admin.post("/v1/tickets", done).expect(201);
    running
}

#[test]
fn a_backup_of_either_database_fills_the_other() {
    let kinds = if postgres().is_some() { 2 } else { 1 };
    for from in 0..kinds {
        for to in 0..kinds {
            let (mut source, mut target) = (Database::all(), Database::all());
            let (source, target) = (source.remove(from), target.remove(to));
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("backup");
            let running = filled(&source.place());
            let before = running.token("acme", Role::Read);
            let store = &running.service.store;
            let out = Box::new(File::create(&file).unwrap());
            let rows = running.runtime.block_on(store.dump(out)).unwrap();
            assert!(rows >= 9, "{rows}");

            let copy = Running::on(&target.place());
            let store = &copy.service.store;
            let restore = || {
                let input = Box::new(BufReader::new(File::open(&file).unwrap()));
                copy.runtime.block_on(store.restore(input))
            };
            assert_eq!(restore().unwrap(), rows);
            assert!(restore().unwrap_err().to_string().contains("not empty"));
            let after = crate::support::Client { address: copy.address, ..before.clone() };
            for path in ["/v1/tickets/T-1", "/v1/tickets/T-2/clocks", "/v1/agreements/test", "/v1/agreements"]
            {
                assert_eq!(after.get(path).expect(200).body, before.get(path).expect(200).body, "{path}");
            }
            // A backup that is cut off is no backup.
            let whole = std::fs::read(&file).unwrap();
            std::fs::write(&file, &whole[..whole.len() - 20]).unwrap();
            let third = Running::on(&Database::file().place());
            let input = Box::new(BufReader::new(File::open(&file).unwrap()));
            assert!(third.runtime.block_on(third.service.store.restore(input)).is_err());
        }
    }
}

#[test]
fn figures_stay_of_what_is_purged() {
    for database in Database::all() {
        let running = filled(&database.place());
        let admin = running.token("acme", Role::Admin);
        let purge = |before: &str| {
            let before = Instant::parse(before).unwrap().ms();
            running.runtime.block_on(running.service.purge(None, before)).unwrap()
        };
        running.settled();
        assert_eq!(purge("2026-11-20T10:00:00Z"), 0);
        assert_eq!(purge(NOON), 1, "the open ticket stays");
        admin.get("/v1/tickets/T-1").expect(200);
        admin.get("/v1/tickets/T-2").expect(404);
        let figures = running.runtime.block_on(running.service.store.figures("acme")).unwrap();
        let figures: Vec<_> = figures
            .into_iter()
            .map(|(figure, count)| (figure.month, figure.clock, figure.verdict, count))
            .collect();
        let met = |clock: &str| ("2026-11".to_owned(), clock.to_owned(), "met".to_owned(), 1);
        assert_eq!(figures, [met("first_response"), met("resolution")]);
    }
}

#[test]
fn a_requester_is_erased_and_clocks_stay() {
    for database in Database::all() {
        let running = filled(&database.place());
        let admin = running.token("acme", Role::Admin);
        let clocks = admin.get("/v1/tickets/T-2/clocks").expect(200).body;
        let address = "j\u{f6}rg@example.com";
        let erased = running.runtime.block_on(running.service.erase("acme", address)).unwrap();
        assert_eq!((erased.tickets, erased.changed.len()), (1, 0));
        let ticket = admin.get("/v1/tickets/T-2").expect(200).json();
        assert_eq!(ticket["fields"]["requester"], json!(erased.pseudonym));
        assert_eq!(ticket["events"][1]["note"]["text"], json!(format!("mail from {}", erased.pseudonym)));
        assert_eq!(admin.get("/v1/tickets/T-2/clocks").expect(200).body, clocks);
        if let Place::File(path) = database.place() {
            let log = path.with_extension("db-wal");
            for file in [path, log] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                let stands = bytes.windows(13).any(|part| part == b"g@example.com");
                assert!(!stands, "{} still holds it", file.display());
            }
        }
    }
}
