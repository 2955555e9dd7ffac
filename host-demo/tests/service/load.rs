//! Load on one machine, client and service together. Figures, not promises: `cargo xtask soak load` prints them, and no
//! test of continuous integration depends on a clock.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::process::{Process, free_address, token};
use crate::support::{AGREEMENT, Client, Database, postgres, until};

/// A number from the environment.
fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A connection that is kept.
struct Kept {
    reader: BufReader<TcpStream>,
    head: String,
}

impl Kept {
    fn new(client: &Client) -> Self {
        let stream = TcpStream::connect(client.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let token = client.token.clone().unwrap();
        let head = format!("Host: {}\r\nAuthorization: Bearer {token}\r\n", client.address);
        Self { reader: BufReader::with_capacity(1 << 16, stream), head }
    }

    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &str) -> (u16, Vec<u8>) {
        let Self { head, .. } = self;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{head}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        while matches!(self.reader.read_line(&mut line), Ok(1..)) && line != "\r\n" {
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            }
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).unwrap();
        (status, body)
    }
}

/// A ticket of a hundred days with a few events, as a line.
fn line(number: usize, text: &mut String) {
    let (day, hour) = (1 + number % 28, 8 + number % 9);
    let month = 9 + number / 28 % 3;
    let priority = 1 + number % 4;
    let at = |minute: usize| format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z");
    writeln!(
        text,
        "{{\"id\":\"T-{number}\",\"created_at\":\"{}\",\"fields\":{{\"priority\":\"P{priority}\",\"customer\":\"c{}\"}},\"events\":[\
         {{\"at\":\"{}\",\"reply\":{{\"by\":\"agent\",\"public\":true}}}},{{\"at\":\"{}\",\"status\":\"Waiting\"}},\
         {{\"at\":\"{}\",\"status\":\"Open\"}},{{\"at\":\"{}\",\"field\":{{\"group\":\"network\"}}}}]}}",
        at(0),
        number % 500,
        at(10),
        at(20),
        at(30),
        at(40),
    )
    .unwrap();
}

/// Sends tickets in bulk on two connections; how long until all were acknowledged.
fn ingest(client: &Client, count: usize, path: &str) -> Duration {
    const TOGETHER: usize = 2_000;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                let mut kept = Kept::new(client);
                let numbers: Vec<usize> = (0..count).filter(|number| number / TOGETHER % 2 == half).collect();
                for numbers in numbers.chunks(TOGETHER) {
                    let mut body = String::new();
                    numbers.iter().for_each(|number| line(*number, &mut body));
                    let (status, answer) = kept.ask("POST", path, "application/x-ndjson", &body);
                    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
                    let refused = answer.windows(8).filter(|part| part == b"\"error\":").count();
                    assert_eq!(refused, 0, "{}", String::from_utf8_lossy(&answer));
                }
            });
        }
    });
    begun.elapsed()
}

/// Waits until the schedule has looked at every ticket.
fn scheduled(client: &Client, count: usize) {
    let looked = || -> Option<()> {
        let metrics = client.get("/metrics").body;
        let line = metrics.lines().find(|line| line.starts_with("slaclock_tickets_looked_at_total "))?;
        (line.rsplit(' ').next()?.parse::<usize>().ok()? >= count).then_some(())
    };
    let begun = Instant::now();
    while looked().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(3_600), "not scheduled within an hour");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Memory of a process, in MiB: now, and at most.
fn memory(process: &Process) -> (usize, usize) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let figure = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0) / 1_024
    };
    (figure("VmRSS:"), figure("VmHWM:"))
}

fn evaluations(client: &Client, tickets: usize, seconds: u64) -> String {
    let all: Vec<Vec<Duration>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                scope.spawn(move || {
                    let mut kept = Kept::new(client);
                    let mut taken = Vec::new();
                    let begun = Instant::now();
                    let mut number = thread * 7_919;
                    while begun.elapsed() < Duration::from_secs(seconds) {
                        number = (number + 104_729) % tickets;
                        let asked = Instant::now();
                        let path = format!("/v1/tickets/T-{number}/clocks?now=2026-11-25T10:00:00Z");
                        let (status, _) = kept.ask("GET", &path, "text/plain", "");
                        assert_eq!(status, 200);
                        taken.push(asked.elapsed());
                    }
                    taken
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut taken: Vec<Duration> = all.into_iter().flatten().collect();
    taken.sort();
    let share = |percent: usize| taken[(taken.len() - 1) * percent / 100];
    let rate = taken.len() as u64 / seconds;
    format!("{rate} evaluations/s, p50 {:.1?}, p99 {:.1?}, longest {:.1?}", share(50), share(99), share(100))
}

fn load(name: &str, database: &Database) {
    let place = database.place();
    let address = free_address();
    let client = token(&place, address);
    let process = Process::start(&place, address, "");
    client.put("/v1/agreements/test", AGREEMENT).expect(201);
    let count = number("SLACLOCK_TICKETS", 100_000);
    let took = ingest(&client, count, "/v1/tickets?backfill=true");
    eprintln!("{name}: {count} tickets of 5 facts ingested in {took:.1?}");
    let begun = Instant::now();
    scheduled(&client, count);
    eprintln!(
        "{name}: all scheduled {:.1?} later; memory {:?} MiB now, at most",
        begun.elapsed(),
        memory(&process)
    );
    eprintln!("{name}: {}", evaluations(&client, count, 20));
    eprintln!("{name}: memory {:?} MiB now, at most", memory(&process));
}

#[test]
#[ignore = "figures of a release build: cargo xtask soak load"]
fn load_of_a_file() {
    load("SQLite", &Database::file());
}

#[test]
#[ignore = "figures of a release build: cargo xtask soak load"]
fn load_of_postgres() {
    if let Some(database) = postgres() {
        load("PostgreSQL", &database);
    }
}

/// The driver itself, in small.
#[test]
fn a_little_load_is_taken() {
    let database = Database::file();
    let place = database.place();
    let address = free_address();
    let client = token(&place, address);
    let _process = Process::start(&place, address, "");
    client.put("/v1/agreements/test", AGREEMENT).expect(201);
    ingest(&client, 50, "/v1/tickets?backfill=true");
    scheduled(&client, 50);
    until("evaluations", || evaluations(&client, 50, 1).contains("evaluations/s").then_some(()));
}
