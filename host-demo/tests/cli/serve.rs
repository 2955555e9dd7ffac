//! `slaclock serve` over plain HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

use crate::support::{AGREEMENT, Files, ended, program, ticket};

struct Server {
    child: Option<Child>,
    address: String,
    first_line: String,
}

impl Server {
    fn start(files: &Files, agreement: &str, tickets: &str) -> Self {
        let agreement = files.write("a.yaml", agreement);
        let tickets = files.write("t.jsonl", tickets);
        let mut child =
            program(&["serve", "-a", &agreement, &tickets, "--listen", "127.0.0.1:0"]).spawn().unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first_line).unwrap();
        if first_line.is_empty() {
            panic!("{}", ended(child).err);
        }
        let address = first_line.rsplit("http://").next().unwrap().trim().trim_end_matches('/').to_owned();
        Self { child: Some(child), address, first_line }
    }

    fn get(&self, path: &str, headers: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host =
            if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        write!(stream, "GET {path} HTTP/1.1\r\n{host}Connection: close\r\n{headers}\r\n").unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let response = String::from_utf8_lossy(&response).into_owned();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.to_ascii_lowercase(), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn it_serves_the_page_and_its_data() {
    let files = Files::new();
    let server = Server::start(&files, AGREEMENT, &format!("{}nonsense\n{}", ticket("a"), ticket("b")));
    assert!(
        server.first_line.starts_with("2 tickets (1 refused), live at http://127.0.0.1:"),
        "{}",
        server.first_line
    );

    let (head, body) = server.get("/", "");
    assert!(head.starts_with("http/1.1 200") && body.contains("<html"), "{head}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ",
        "x-content-type-options: nosniff",
        "cache-control: no-cache",
    ] {
        assert!(head.contains(header), "{header} is not in\n{head}");
    }
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    assert!(server.get("/", &format!("If-None-Match: {tag}\r\n")).0.starts_with("http/1.1 304"));
    assert!(server.get("/page/app.js", "").0.contains("content-type: text/javascript"));

    let (head, _) = server.get("/playground?agreement=/v1/agreement", "");
    assert!(head.starts_with("http/1.1 307"), "{head}");
    assert!(head.contains("location: /slaclock/playground/index.html?agreement=/v1/agreement\r\n"), "{head}");
    assert!(server.get("/slaclock/playground/index.html", "").1.contains("<title>slaclock playground"));

    let (head, body) = server.get("/v1/tickets", "");
    assert!(head.contains("application/x-ndjson") && head.contains("slaclock-refused: 1"), "{head}");
    assert_eq!(body, format!("{}{}", ticket("a"), ticket("b")));
    let (_, body) = server.get("/v1/agreement", "");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap()["id"], "test");
    let (head, body) = server.get("/v1/now", "");
    assert!(head.contains("cache-control: no-store") && body.starts_with("{\"now\":\"2"), "{body}");
    assert!(server.get("/v1/about", "").1.contains("\"tickets\":2"));
    assert!(server.get("/page/../Cargo.toml", "").0.starts_with("http/1.1 404"));
    assert!(server.get("/", "Host: evil.example\r\n").0.starts_with("http/1.1 421"));
}

#[test]
fn it_refuses_a_wrong_agreement_and_a_taken_address() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let wrong = files.write("w.yaml", AGREEMENT.replace("office }", "ofice }"));
    let tickets = files.write("t.jsonl", ticket("a"));
    let serve = |agreement: &str, address: &str| {
        ended(program(&["serve", "-a", agreement, &tickets, "--listen", address]).spawn().unwrap())
    };
    let run = serve(&wrong, "127.0.0.1:0");
    assert!(
        run.code == 1 && run.err.contains("w.yaml, line 12, at /policies/0/clocks/first_response/calendar"),
        "{}",
        run.err
    );
    let server = Server::start(&files, AGREEMENT, &ticket("a"));
    let run = serve(&agreement, &server.address);
    assert!(run.code == 1 && run.err.contains("error[SLA-H0402]"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn it_ends_when_told_to() {
    let files = Files::new();
    let mut server = Server::start(&files, AGREEMENT, &ticket("a"));
    // An idle connection must not keep it alive.
    let idle = TcpStream::connect(&server.address).unwrap();
    let child = server.child.take().unwrap();
    let killed =
        std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(ended(child).code, 0);
    drop(idle);
}
