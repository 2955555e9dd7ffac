//! The cases that edge functions are held to, asked of the service.

use base64::Engine as _;
use serde_json::Value;

use crate::support::{Database, Running};

/// Cases that the service answers otherwise, and why.
const OTHERWISE: &[(&str, &str)] = &[
    ("the root", "a page is there"),
    ("OPTIONS tells the methods", "the description does"),
    ("no agreement named", "the only one, or the one called default, is meant"),
    ("larger than allowed", "a body may have 16 MiB"),
];

#[test]
fn the_service_answers_stateless_questions_as_edge_functions_do() {
    let cases: Value = serde_json::from_str(include_str!("../../../edge/cases.json")).unwrap();
    let database = Database::file();
    let running = Running::on_with_origins(&database.place(), &["https://desk.example"]);
    let admin = running.token("acme", slaclock_host::store::Role::Admin);
    let agreement = &cases["settings"]["agreements"]["acme"];
    admin.put("/v1/agreements/acme", &agreement.to_string()).expect(201);
    let mut asked = 0;
    for case in cases["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        if OTHERWISE.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let (request, expect) = (&case["request"], &case["expect"]);
        let mut headers = String::new();
        let mut token = None;
        for (key, value) in request["headers"].as_object().unwrap() {
            match (key.as_str(), value.as_str().unwrap()) {
                ("authorization", "Bearer secret") => token = admin.token.clone(),
                ("authorization", "") => {}
                (key, value) => headers.push_str(&format!("{key}: {value}\r\n")),
            }
        }
        let client = crate::support::Client { token, ..admin.clone() };
        let body = match (&request["repeat"], &request["base64"]) {
            (Value::Array(repeat), _) => {
                let count = usize::try_from(repeat[1].as_u64().unwrap()).unwrap();
                repeat[0].as_str().unwrap().repeat(count).into_bytes()
            }
            (_, Value::String(text)) => base64::engine::general_purpose::STANDARD.decode(text).unwrap(),
            _ => request["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
        };
        let (method, path) = (request["method"].as_str().unwrap(), request["path"].as_str().unwrap());
        let answer = client.ask_bytes(method, path, &headers, &body);
        let about = format!("{name}: {}\n{}", answer.head, answer.body);
        assert_eq!(u64::from(answer.status), expect["status"].as_u64().unwrap(), "{about}");
        if let Some(code) = expect["code"].as_str() {
            assert_eq!(answer.code(), code, "{about}");
            let pointer = answer.json()["error"]["pointer"].clone();
            assert_eq!(pointer, expect["pointer"], "{about}");
        }
        if let Some(lines) = expect["lines"].as_u64() {
            assert_eq!(answer.body.lines().count() as u64, lines, "{about}");
        }
        if let Some(text) = expect["text"].as_str() {
            assert_eq!(answer.body, text, "{about}");
        }
        for part in expect["includes"].as_array().into_iter().flatten() {
            assert!(answer.body.contains(part.as_str().unwrap()), "{about}");
        }
        for (header, value) in expect["headers"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap().to_lowercase();
            let line = answer.head.lines().find(|line| line.starts_with(&format!("{header}: ")));
            // The service has more headers that a page may read.
            assert!(line.is_some_and(|line| line.contains(&value)), "{header}: {value}\n{about}");
        }
        for header in expect["absent"].as_array().into_iter().flatten() {
            assert!(!answer.head.contains(header.as_str().unwrap()), "{about}");
        }
        asked += 1;
    }
    assert!(asked > 40, "{asked}");
}
