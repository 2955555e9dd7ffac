//! The cases of the HTTP contract, which hold the handler of the npm package as well.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use slaclock_ask::http::{Edge, Refusal, Request, Response, Settings};
use slaclock_core::Instant;

const CASES: &str = include_str!("../../cases.json");

fn function(cases: &Value) -> Edge {
    Edge::new(Settings::from_json(&cases["settings"].to_string()).expect("settings"))
}

fn body(request: &Value) -> Vec<u8> {
    if let Some(text) = request["base64"].as_str() {
        return BASE64_STANDARD.decode(text).expect("base64");
    }
    if let Some([part, times]) = request["repeat"].as_array().map(Vec::as_slice) {
        return part.as_str().expect("a text").repeat(times.as_u64().expect("a count") as usize).into_bytes();
    }
    request["body"].as_str().unwrap_or_default().into()
}

fn ask(edge: &mut Edge, request: &Value) -> Response {
    let header = |name: &str| request["headers"][name].as_str();
    let body = body(request);
    let asked = Request {
        method: request["method"].as_str().expect("a method"),
        target: request["path"].as_str().expect("a path"),
        authorization: header("authorization"),
        origin: header("origin"),
        now: Instant::parse("2026-11-20T16:30:00Z").expect("an instant"),
    };
    edge.respond(&asked, |limits| match body.len() <= limits.max_body {
        true => Ok(body),
        false => Err(Refusal::too_large(limits.max_body)),
    })
}

/// What is wrong with an answer; nothing when all is as expected.
fn faults(response: &Response, expect: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut wanted = |what: &str, value: &Value, is: Value| {
        if *value != is {
            found.push(format!("{what}: wanted {value}, found {is}"));
        }
    };
    let header = |name: &str| {
        let all: Vec<&str> = response
            .headers
            .iter()
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
            .collect();
        assert!(all.len() < 2, "{name} is there more than once");
        all.first().copied()
    };
    let text = std::str::from_utf8(&response.body).expect("UTF-8");
    wanted("status", &expect["status"], response.status.into());
    for (name, value) in expect["headers"].as_object().into_iter().flatten() {
        wanted(name, value, header(name).into());
    }
    for name in expect["absent"].as_array().into_iter().flatten() {
        wanted("absent", &Value::Null, header(name.as_str().expect("a name")).into());
    }
    if !expect["text"].is_null() {
        wanted("body", &expect["text"], text.into());
    }
    if !expect["lines"].is_null() {
        wanted("lines", &expect["lines"], text.lines().count().into());
    }
    for part in expect["includes"].as_array().into_iter().flatten() {
        wanted("the body has", part, part.as_str().filter(|part| text.contains(part)).unwrap_or(text).into());
    }
    if !expect["code"].is_null() {
        let refused: Value = serde_json::from_str(text).expect("JSON");
        wanted("content-type", &"application/json".into(), header("content-type").into());
        wanted("code", &expect["code"], refused["error"]["code"].clone());
        wanted("pointer", &expect["pointer"], refused["error"]["pointer"].clone());
        wanted("first problem", &refused["error"], refused["problems"][0].clone());
    }
    found
}

#[test]
fn every_case_is_answered_as_written() {
    let all: Value = serde_json::from_str(CASES).expect("JSON");
    let cases = all["cases"].as_array().expect("cases");
    assert!(cases.len() >= 46, "only {} cases", cases.len());
    let mut edge = function(&all);
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let found = faults(&ask(&mut edge, &case["request"]), &case["expect"]);
            found.into_iter().map(|fault| format!("{}: {fault}", case["name"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn hours(edge: &mut Edge, now: &str) -> String {
    let now = Instant::parse(now).expect("an instant");
    let target = "/v1/hours?agreement=acme&calendar=office";
    let asked = Request { method: "GET", target, authorization: None, origin: None, now };
    let response = edge.respond(&asked, |_| panic!("a GET has no body"));
    assert_eq!(response.status, 200);
    let header = response.headers.into_iter().find(|(name, _)| *name == "cache-control");
    header.expect("cache-control").1
}

#[test]
fn hours_of_now_are_cached_until_they_change() {
    let mut all: Value = serde_json::from_str(CASES).expect("JSON");
    all["settings"]["tokens"] = Value::Array(Vec::new());
    let mut edge = function(&all);
    for (now, expected) in [
        ("2026-11-20T16:30:00Z", "public, max-age=1800"),
        ("2026-11-20T16:30:00.001Z", "public, max-age=1799"),
        ("2026-11-20T18:00:00Z", "public, max-age=86400"),
        ("2026-11-23T08:59:59Z", "public, max-age=1"),
    ] {
        assert_eq!(hours(&mut edge, now), expected, "{now}");
    }
}

#[test]
fn an_agreement_with_a_mistake_is_named_when_it_is_warmed_and_answered_when_it_is_asked() {
    let settings =
        r#"{"agreements":{"good":{"slaclock":"1","id":"good","policies":[]},"bad":{"slaclock":"1"}}}"#;
    let mut edge = Edge::new(Settings::from_json(settings).expect("settings"));
    let (id, problems) = edge.warm().expect_err("`bad` has no policies");
    assert_eq!(
        (id.as_str(), problems.first().map(|problem| problem.code.as_str())),
        ("bad", Some("SLA-E0006"))
    );
    let request = serde_json::json!({"method": "POST", "path": "/v1/evaluate?agreement=bad"});
    assert_eq!(ask(&mut edge, &request).status, 422);
}

#[test]
fn settings_say_what_is_wrong_with_them() {
    for (settings, expected) in [
        ("[]", "the settings are no map"),
        (r#"{"token":[]}"#, "`token` cannot be []"),
        (r#"{"tokens":"x"}"#, "`tokens` is no list"),
        (r#"{"origins":[1]}"#, "`origins` cannot hold 1"),
        (r#"{"max_body":-1}"#, "`max_body` is no number of bytes"),
    ] {
        assert_eq!(Settings::from_json(settings).expect_err(settings), expected);
    }
}
