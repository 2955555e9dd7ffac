//! What is refused: each by its code, and never with a 500.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use slaclock_host::store::Role;

use crate::support::{AGREEMENT, Client, Database, Running, ticket};

#[test]
fn who_may_do_what() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let other = running.admin("other");
        let (reader, writer) = (running.token("acme", Role::Read), running.token("acme", Role::Write));
        admin.post("/v1/tickets", &ticket("T-1", "2026-11-20T10:00:00Z")).expect(201);
        let nobody = Client { token: None, ..admin.clone() };
        let guessed = Client { token: Some("slaclock_AAAA".into()), ..admin.clone() };
        let revoked = running.token("acme", Role::Admin);
        running.runtime.block_on(running.service.store.revoke_token(None, &revoked.id, 1)).unwrap();

        for (who, client, method, path, body, status) in [
            ("nobody", &nobody, "GET", "/v1/tickets/T-1", "", 401),
            ("a guess", &guessed, "GET", "/v1/tickets/T-1", "", 401),
            ("a revoked token", &revoked, "GET", "/v1/tickets/T-1", "", 401),
            ("a reader", &reader, "GET", "/v1/tickets/T-1", "", 200),
            ("a reader", &reader, "POST", "/v1/tickets", "{}", 403),
            ("a reader", &reader, "POST", "/v1/preview", "{}", 200),
            ("a writer", &writer, "POST", "/v1/tickets", "{}", 422),
            ("a writer", &writer, "PUT", "/v1/agreements/test", AGREEMENT, 403),
            ("a writer", &writer, "POST", "/v1/webhooks", "{}", 403),
            ("a writer", &writer, "GET", "/v1/webhooks", "", 403),
            ("another tenant", &other, "GET", "/v1/tickets/T-1", "", 404),
            ("another tenant", &other, "GET", "/v1/tickets/T-1/clocks", "", 404),
            ("an admin", &admin, "PUT", "/v1/agreements/test", AGREEMENT, 200),
        ] {
            let answer = client.ask(method, path, "Content-Type: application/json\r\n", body);
            assert_eq!(answer.status, status, "{who} {method} {path}: {}", answer.body);
        }
        assert_eq!(other.get("/v1/board").json()["rows"].as_array().unwrap().len(), 0);
        assert_eq!(nobody.get("/v1/tickets/T-1").code(), "SLA-H0701");
        assert!(nobody.get("/v1/tickets/T-1").head.contains("www-authenticate: bearer"));
        assert_eq!(reader.post("/v1/tickets", "{}").code(), "SLA-H0702");
        // A calendar program sends the token as a password.
        let basic = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(format!("x:{}", reader.token.clone().unwrap()))
        };
        let feed = "/v1/agreements/test/calendars/office.ics";
        let answer = nobody.ask("GET", feed, &format!("Authorization: Basic {basic}\r\n"), "").expect(200);
        assert!(answer.body.starts_with("BEGIN:VCALENDAR"), "{}", answer.body);
        let metrics = nobody.get("/metrics").expect(200).body;
        for refused in ["SLA-H0701", "SLA-H0702"] {
            assert!(metrics.contains(&format!("slaclock_refusals_total{{code=\"{refused}\"}}")), "{metrics}");
        }
    }
}

#[test]
fn bad_input_is_refused_by_code() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let deep = format!(
            "{{\"id\":\"d\",\"created_at\":\"2026-11-20T10:00:00Z\",\"fields\":{{\"f\":{}{}}}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let large = format!("{{\"id\":\"{}\"}}", "x".repeat(17 << 20));
        let injected = "'; DROP TABLE facts; --";
        for (what, method, path, body, status, code) in [
            ("not JSON", "POST", "/v1/tickets", "nonsense", 400, "SLA-H0703"),
            ("not an object", "POST", "/v1/tickets", "[1,2]", 400, "SLA-H0703"),
            ("half of it", "POST", "/v1/tickets", "{\"id\":\"T", 400, "SLA-H0703"),
            ("nothing", "POST", "/v1/tickets", "", 400, "SLA-H0703"),
            ("nested deeply", "POST", "/v1/tickets", &deep, 422, "SLA-E0003"),
            ("too large", "POST", "/v1/tickets", &large, 413, "SLA-H0710"),
            ("a path trick", "GET", "/v1/../../etc/passwd", "", 404, "SLA-H0706"),
            ("an encoded path trick", "GET", "/v1/tickets/..%2f..%2fetc%2fpasswd", "", 404, "SLA-H0706"),
            ("a broken path", "GET", "/v1/tickets/%ff", "", 400, "SLA-H0712"),
            ("a zero byte", "GET", "/v1/tickets/%00", "", 400, "SLA-H0712"),
            ("a zero byte", "GET", "/v1/board?after=0:%00", "", 400, "SLA-H0712"),
            ("a control character", "POST", "/v1/tickets/%0a/events", "{}", 422, "SLA-H0704"),
            ("an instant", "GET", "/v1/tickets/x/clocks?now=yesterday", "", 422, "SLA-E0101"),
            ("a parameter", "GET", "/v1/board?limit=many", "", 400, "SLA-H0712"),
            ("an unknown parameter", "GET", "/v1/board?limits=1", "", 400, "SLA-H0712"),
            ("a method", "PATCH", "/v1/tickets", "", 405, "SLA-H0712"),
            ("no agreement of the name", "GET", "/v1/agreements/none", "", 404, "SLA-H0706"),
            ("another id", "PUT", "/v1/agreements/other", AGREEMENT, 422, "SLA-H0704"),
            ("an agreement", "PUT", "/v1/agreements/test", "{\"slaclock\":\"1\"}", 422, "SLA-E0006"),
            ("a webhook", "POST", "/v1/webhooks", "{\"url\":\"file:///etc/passwd\"}", 422, "SLA-H0801"),
            (
                "a secret",
                "POST",
                "/v1/webhooks",
                "{\"url\":\"https://example.com\",\"secret\":\"x\"}",
                422,
                "SLA-H0802",
            ),
        ] {
            let answer = admin.ask(method, path, "Content-Type: application/json\r\n", body);
            assert_eq!((answer.status, &*answer.code()), (status, code), "{what}: {}", answer.body);
        }
        // What looks like SQL or a header is a name like any other.
        admin.post("/v1/tickets", &ticket(injected, "2026-11-20T10:00:00Z")).expect(201);
        let encoded = "/v1/tickets/%27%3B%20DROP%20TABLE%20facts%3B%20--";
        assert_eq!(admin.get(encoded).expect(200).json()["id"], injected);
        let header = admin.post("/v1/tickets", &ticket("a\\r\\nSet-Cookie: x", "2026-11-20T10:00:00Z"));
        assert_eq!(header.expect(422).code(), "SLA-H0704");
        let cursor = admin.get("/v1/board?after=0:%27%20OR%201=1%20--").expect(200);
        assert!(cursor.json()["rows"].is_array());
        assert_eq!(
            admin.ask("GET", "/v1/changes", "Last-Event-ID: x\r\n", "").expect(400).code(),
            "SLA-H0712"
        );
    }
}

#[test]
fn slow_clients_are_dropped_and_others_served() {
    let database = Database::file();
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(running.address).unwrap();
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nX: ").unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    admin.get("/health").expect(200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut rest = Vec::new();
        // Closed or refused, but not kept.
        assert!(stream.read_to_end(&mut rest).is_ok() || !rest.is_empty());
    }
}

#[test]
fn a_token_has_its_rate() {
    let database = Database::file();
    let running = Running::limited(&database.place(), 5);
    let admin = running.admin("acme");
    let statuses: Vec<u16> = (0..30).map(|_| admin.get("/v1/board").status).collect();
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    let refused = (0..30).map(|_| admin.get("/v1/board")).find(|answer| answer.status == 429).unwrap();
    assert!(refused.head.contains("retry-after: 1") && refused.code() == "SLA-H0711", "{}", refused.head);
    // Another token has its own.
    running.token("other", Role::Read).get("/v1/board").expect(200);
}
