//! Messages of helpdesks: from their set-up to clocks; and those that nobody should send.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use slaclock_host::store::Role;

use crate::support::{Client, Database, NOON, Running};

fn status_changed(id: &str, at: &str, status: &str) -> String {
    json!({ "type": "zen:event-type:ticket.status_changed", "time": at,
        "detail": { "id": id, "created_at": "2026-11-20T10:00:00Z", "updated_at": at, "status": status, "mood": "good" },
        "event": { "current": status, "previous": "NEW" } })
    .to_string()
}

/// As Zendesk signs.
fn signed(secret: &str, at: &str, body: &str) -> String {
    use base64::Engine as _;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(at.as_bytes());
    mac.update(body.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    format!("X-Zendesk-Webhook-Signature: {signature}\r\nX-Zendesk-Webhook-Signature-Timestamp: {at}\r\n")
}

#[test]
fn a_helpdesk_is_connected_by_its_set_up() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let writer = running.token("acme", Role::Write);
        let set_up = json!({ "secret": "zendesk's own", "settings": { "prefix": "ZD-", "statuses": { "pending": "Waiting" } } });
        writer.put("/v1/helpdesks/zendesk", &set_up.to_string()).expect(403);
        let made = admin.put("/v1/helpdesks/zendesk", &set_up.to_string()).expect(200).json();
        assert!(made["verifies"] == true && made.get("secret").is_none(), "{made}");
        let address = made["address"].as_str().unwrap().to_owned();
        // Set up again, it keeps its address and its secret.
        let again = json!({ "settings": set_up["settings"] });
        let again = admin.put("/v1/helpdesks/zendesk", &again.to_string()).expect(200).json();
        assert_eq!((&again["address"], &again["verifies"]), (&made["address"], &json!(true)));

        let nobody = Client { token: None, ..admin.clone() };
        let body = status_changed("7", "2026-11-20T10:30:00Z", "PENDING");
        let first =
            nobody.ask("POST", &address, &signed("zendesk's own", NOON, &body), &body).expect(200).json();
        assert_eq!(
            (&first["stored"], &first["known"], &first["tickets"]),
            (&json!(2), &json!(0), &json!(["ZD-7"]))
        );
        assert_eq!(first["losses"][0]["pointer"], "/detail/mood", "{first}");
        // Sent twice, it does nothing more; with a token it is the same.
        let again = writer.post("/v1/hooks/zendesk", &body).expect(200).json();
        assert_eq!((&again["stored"], &again["known"]), (&json!(0), &json!(2)));
        let clocks = admin.get("/v1/tickets/ZD-7/clocks").expect(200).json();
        assert_eq!(clocks["clocks"][1]["state"], "paused", "{clocks}");

        for (what, headers, body, status, code) in [
            ("no signature", String::new(), body.clone(), 401, "SLA-H0715"),
            ("another secret", signed("guess", NOON, &body), body.clone(), 401, "SLA-H0715"),
            (
                "another body",
                signed("zendesk's own", NOON, &body),
                body.replace("PENDING", "SOLVED"),
                401,
                "SLA-H0715",
            ),
            (
                "sent again an hour later",
                signed("zendesk's own", "2026-11-20T10:00:00Z", &body),
                body.clone(),
                401,
                "SLA-H0715",
            ),
            ("no JSON", signed("zendesk's own", NOON, "{"), "{".to_owned(), 400, "SLA-H0703"),
        ] {
            let answer = nobody.ask("POST", &address, &headers, &body);
            assert_eq!((answer.status, &*answer.code()), (status, code), "{what}: {}", answer.body);
        }
        let metrics = nobody.get("/metrics").expect(200).body;
        assert!(metrics.contains("slaclock_refusals_total{code=\"SLA-H0715\"}"), "{metrics}");
        nobody
            .ask(
                "POST",
                "/v1/hooks/zendesk/hd_000000000000000000000000",
                &signed("zendesk's own", NOON, &body),
                &body,
            )
            .expect(401);
        nobody.post("/v1/hooks/zendesk", &body).expect(401);
        let other = running.admin("other");
        assert_eq!(other.get("/v1/helpdesks").expect(200).json(), json!([]));
        admin.ask("DELETE", "/v1/helpdesks/zendesk", "", "").expect(204);
        nobody.ask("POST", &address, &signed("zendesk's own", NOON, &body), &body).expect(401);
        admin.get("/v1/tickets/ZD-7").expect(200);
    }
}

#[test]
fn any_json_by_a_mapping_and_what_cannot_be_set_up() {
    let database = Database::file();
    let running = Running::on(&database.place());
    let admin = running.admin("acme");
    let mapping = json!({ "settings": { "mapping": { "ticket": "/no", "created_at": "/opened", "at": "/at", "status": "/state" } } });
    let made = admin.put("/v1/helpdesks/generic", &mapping.to_string()).expect(200).json();
    assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")), "{made}");
    let message = r#"{"no":7,"opened":"2026-11-20T10:00:00Z","at":"2026-11-20T10:10:00Z","state":"Done"}"#;
    let shown = admin.post("/v1/hooks/generic?dry_run=true", message).expect(200).json();
    assert_eq!(
        shown["tickets"][0]["events"],
        json!([{ "at": "2026-11-20T10:10:00Z", "status": "Done" }]),
        "{shown}"
    );
    admin.get("/v1/tickets/7").expect(404);
    assert_eq!(admin.post("/v1/hooks/generic", message).expect(200).json()["stored"], 2);
    // A ticket that came another way keeps its creation, and takes what is new.
    admin
        .post("/v1/tickets", r#"{"id":"8","created_at":"2026-11-20T10:00:00.5Z","fields":{"a":1}}"#)
        .expect(201);
    let taken = admin.post("/v1/hooks/generic", &message.replace(":7", ":8")).expect(200).json();
    assert_eq!((&taken["stored"], taken["losses"].as_array().unwrap().len()), (&json!(1), 1), "{taken}");
    // What cannot be kept is told.
    let lost = admin.post("/v1/hooks/generic", r#"{"no":"\u0000","opened":1,"at":1}"#).expect(200).json();
    assert_eq!((&lost["stored"], &lost["losses"][0]["kind"]), (&json!(0), &json!("left_out")), "{lost}");
    for (adapter, body, status, code) in [
        ("jira", "{}", 404, "SLA-H0706"),
        ("generic", "{}", 422, "SLA-H0714"),
        ("zendesk", r#"{"settings":{"prefixes":"x"}}"#, 422, "SLA-H0714"),
        ("zendesk", r#"{"secret":""}"#, 422, "SLA-H0802"),
        ("servicenow", r#"{"secret":"x"}"#, 422, "SLA-H0802"),
        ("generic", r#"{"secret":"x","settings":{"mapping":{"ticket":"/a","at":"/b"}}}"#, 422, "SLA-H0802"),
    ] {
        let answer = admin.put(&format!("/v1/helpdesks/{adapter}"), body);
        assert_eq!((answer.status, &*answer.code()), (status, code), "{adapter} {body}: {}", answer.body);
    }
    // The place of a mistake is told, and a place that can never be found is one.
    for (adapter, body, place) in [
        ("zendesk", r#"{"settings":{"prefixes":"x"}}"#, "/settings/prefixes"),
        ("zendesk", r#"{"settings":{"fields":{"site":"u_site"}}}"#, "/settings/fields/site"),
        (
            "generic",
            r#"{"settings":{"mapping":{"ticket":"/a","at":"/b","status":{"att":"/c"}}}}"#,
            "/settings/mapping/status",
        ),
    ] {
        let answer = admin.put(&format!("/v1/helpdesks/{adapter}"), body).expect(422).json();
        assert_eq!(answer["error"]["pointer"], place, "{answer}");
    }
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    for message in ["", "[]", "null", "7", &deep, r#"{"no":{},"at":[]}"#] {
        let answer = admin.post("/v1/hooks/generic", message);
        assert!(matches!(answer.status, 200 | 400 | 422), "{message:.40}: {}", answer.body);
    }
}

#[test]
fn keeping_by_the_api_is_of_ones_own_tenant() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let (admin, other) = (running.admin("acme"), running.admin("other"));
        for client in [&admin, &other] {
            client
                .post("/v1/tickets", r#"{"id":"T","created_at":"2026-11-19T10:00:00Z","fields":{"requester":"ann@example.com"},"events":[
                    {"at":"2026-11-19T10:01:00Z","reply":{"by":"agent","public":true}},{"at":"2026-11-19T10:02:00Z","status":"Done"}]}"#)
                .expect(201);
        }
        running.settled();
        let made = admin.post("/v1/tokens", r#"{"role":"read","name":"wall"}"#).expect(201).json();
        let reader = Client { token: made["token"].as_str().map(str::to_owned), ..admin.clone() };
        reader.get("/v1/tickets/T").expect(200);
        reader.post("/v1/erase", r#"{"text":"ann@example.com"}"#).expect(403);
        let listed = admin.get("/v1/tokens").expect(200);
        assert!(!listed.body.contains("slaclock_") && listed.body.contains("wall"), "{}", listed.body);
        assert!(!other.get("/v1/tokens").expect(200).body.contains("wall"));
        let id = made["id"].as_str().unwrap();
        other.ask("DELETE", &format!("/v1/tokens/{id}"), "", "").expect(404);
        admin.ask("DELETE", &format!("/v1/tokens/{id}"), "", "").expect(204);

        let erased = admin.post("/v1/erase", r#"{"text":"ann@example.com"}"#).expect(200).json();
        assert_eq!(erased["tickets"], 1);
        assert_eq!(other.get("/v1/tickets/T").expect(200).json()["fields"]["requester"], "ann@example.com");
        running.settled();
        let before = r#"{"before":"2026-11-20T00:00:00Z"}"#;
        assert_eq!(admin.post("/v1/purge", before).expect(200).json(), json!({ "tickets": 1 }));
        admin.get("/v1/tickets/T").expect(404);
        other.get("/v1/tickets/T").expect(200);
        let figures = admin.get("/v1/figures").expect(200).json();
        assert_eq!(
            figures[0],
            json!({ "agreement": "test", "month": "2026-11", "clock": "first_response", "verdict": "met", "count": 1 })
        );
        assert_eq!(other.get("/v1/figures").expect(200).json(), json!([]));
        for (path, body, code) in [
            ("/v1/tokens", r#"{"role":"root"}"#, "SLA-H0712"),
            ("/v1/tokens", r#"{"role":"read","name":"a\nb"}"#, "SLA-H0704"),
            ("/v1/purge", r#"{"before":"soon"}"#, "SLA-E0101"),
            ("/v1/erase", r#"{"text":"ab"}"#, "SLA-H0712"),
            ("/v1/erase", r#"{"text":"a\u0000bcd"}"#, "SLA-H0712"),
            ("/v1/webhooks", r#"{"url":"https://example.com","kinds":["clock.sang"]}"#, "SLA-H0712"),
            ("/v1/webhooks", r#"{"url":"https://example.com","kinds":[]}"#, "SLA-H0712"),
        ] {
            assert_eq!(admin.post(path, body).code(), code, "{path} {body}");
        }
    }
}

#[test]
fn tickets_are_listed_for_a_board_and_pages_by_name_may_read() {
    let database = Database::file();
    let running = Running::on_with_origins(&database.place(), &["https://desk.example"]);
    let admin = running.admin("acme");
    let lines: String = (0..5)
        .map(|number| format!("{{\"id\":\"T {number}\",\"created_at\":\"2026-11-20T10:0{number}:00Z\"}}\n"))
        .collect();
    admin.post_lines("/v1/tickets", &lines).expect(200);
    running.settled();
    let next = |head: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix("slaclock-next: ")).map(str::to_owned);
        line.map(|next| next.to_uppercase())
    };
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/v1/tickets?agreement=test&limit=2{after}")).expect(200);
        seen.extend(page.lines().iter().map(|ticket| ticket["id"].as_str().unwrap().to_owned()));
        assert!(page.head.contains("slaclock-position: 5"), "{}", page.head);
        match next(&page.head) {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["T 0", "T 1", "T 2", "T 3", "T 4"]);
    assert_eq!(admin.get("/v1/tickets?agreement=none").expect(200).body, "");
    assert!(admin.get("/v1/tickets/T%200").expect(200).head.contains("slaclock-agreement: test"));

    let page = admin.get("/board").expect(200);
    assert!(
        page.head.contains("script-src 'self' 'wasm-unsafe-eval'") && page.body.contains("/page/service.js")
    );
    let nobody = Client { token: None, ..admin.clone() };
    nobody.get("/page/service.js").expect(200);
    nobody.get("/page/../../Cargo.toml").expect(404);

    let asks = "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: authorization\r\n";
    for (origin, allowed) in
        [("https://desk.example", true), ("https://evil.example", false), ("null", false)]
    {
        let preflight = nobody.ask("OPTIONS", "/v1/tickets", &format!("Origin: {origin}\r\n{asks}"), "");
        assert_eq!(preflight.head.contains("access-control-allow-origin"), allowed, "{}", preflight.head);
        let answer = admin.ask("GET", "/v1/board", &format!("Origin: {origin}\r\n"), "").expect(200);
        assert_eq!(
            answer.head.contains(&format!("access-control-allow-origin: {origin}")),
            allowed,
            "{}",
            answer.head
        );
        assert!(!answer.head.contains("access-control-allow-credentials"));
    }
    for name in ["*", "desk.example", "https://desk.example/", "https://Desk.example", ""] {
        assert!(slaclock_host::api::Origins::new(&[name.to_owned()]).is_err(), "{name}");
    }
}

#[test]
fn a_webhook_is_told_the_kinds_that_it_wants() {
    for database in Database::all() {
        let running = Running::on(&database.place());
        let admin = running.admin("acme");
        let (all, breaches) = (crate::receiver::Receiver::new(), crate::receiver::Receiver::new());
        admin.post("/v1/webhooks", &json!({ "url": all.url() }).to_string()).expect(201);
        let wanted = json!({ "url": breaches.url(), "kinds": ["clock.breached"] });
        let made: Value = admin.post("/v1/webhooks", &wanted.to_string()).expect(201).json();
        assert_eq!(made["kinds"], json!(["clock.breached"]));
        admin.post("/v1/tickets", &crate::support::ticket("T-1", NOON)).expect(201);
        running.settled();
        running.set("2026-11-20T12:30:00Z");
        crate::support::until("both are told", || {
            (all.told().len() == 2 && breaches.told().len() == 1).then_some(())
        });
        assert!(breaches.told()[0].contains("clock.breached"), "{:?}", breaches.told());
    }
}
