//! Webhooks over https: only to receivers that the machine's authorities vouch for.

use std::path::Path;

use serde_json::Value;
use slaclock_host::time::now;

use crate::process::{Process, free_address, token};
use crate::receiver::Receiver;
use crate::support::{Database, until};

/// What became of the first message to a receiver over TLS, of a service that trusts the authorities of this file.
fn told(receiver: &Receiver, authorities: &Path) -> Value {
    let (database, address) = (Database::file(), free_address());
    let (place, trust) =
        (database.place(), format!("unset SSL_CERT_DIR; export SSL_CERT_FILE='{}';", authorities.display()));
    let admin = token(&place, address);
    let _process = Process::start(&place, address, &trust);
    let agreement = r#"{ "slaclock": "1", "id": "test", "time_zone": "UTC",
        "policies": [{ "id": "all", "clocks": { "first_response": { "within": "1ms", "calendar": "always" } } }] }"#;
    admin.put("/v1/agreements/test", agreement).expect(201);
    admin.post("/v1/webhooks", &format!("{{\"url\":\"{}\"}}", receiver.url())).expect(201);
    admin.post("/v1/tickets", &format!("{{\"id\":\"T-1\",\"created_at\":\"{}\"}}", now())).expect(201);
    until("an attempt", || {
        let message = admin.get("/v1/messages").expect(200).json()[0].clone();
        (message["delivery"] == "done" || message["error"].is_string()).then_some(message)
    })
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let receiver = Receiver::encrypted();
    let authority = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/tls/authority.pem");
    let message = told(&receiver, &authority);
    assert_eq!(message["delivery"], "done", "{message}");
    assert_eq!(receiver.told(), ["T-1 first_response clock.breached"]);
}

/// As in an image without certificates.
#[test]
fn without_authorities_the_attempt_says_what_is_missing() {
    let receiver = Receiver::encrypted();
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("none.pem");
    std::fs::write(&empty, "").unwrap();
    for authorities in [empty, folder.path().join("missing.pem")] {
        let message = told(&receiver, &authorities);
        let error = message["error"].as_str().unwrap();
        assert!(
            error.contains("trusts no certificate authority") && error.contains("SSL_CERT_FILE"),
            "{error}"
        );
    }
    assert!(receiver.all().is_empty());
}
