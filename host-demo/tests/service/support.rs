//! A service in this process, and what a client needs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant as Moment};

use serde_json::Value;
use slaclock_core::Instant;
use slaclock_host::api::{self, Api, Origins};
use slaclock_host::notify::{self, Sender};
use slaclock_host::plugin::{Limits, Plugin};
use slaclock_host::schedule;
use slaclock_host::service::clock::SetClock;
use slaclock_host::service::{Engines, Service, new_id, new_token, token_hash};
use slaclock_host::store::{Place, Role, Store, Token};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Friday noon in Rome.
pub(crate) const NOON: &str = "2026-11-20T11:00:00Z";

/// An agreement that the tests share; a first reply within an hour of office time.
pub(crate) const AGREEMENT: &str = r#"{
  "slaclock": "1", "id": "test", "time_zone": "Europe/Rome",
  "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] }, "holidays": [] } },
  "statuses": { "Waiting": { "pause": "customer" }, "Done": "resolved" },
  "policies": [{ "id": "all", "when": {}, "clocks": {
    "first_response": { "within": "1h", "calendar": "office", "alerts": ["50%"] },
    "resolution": { "within": "8h", "calendar": "office" } } }]
}"#;

/// Where the tests of both databases run: a file, and PostgreSQL where `cargo xtask test` has started one.
pub(crate) enum Database {
    File(TempDir),
    Url(String),
}

impl Database {
    /// Every kind that is there, each new.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::file()];
        all.extend(postgres());
        all
    }

    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::File(folder) => Place::File(folder.path().join("slaclock.db")),
            Self::Url(url) => Place::Url(url.clone()),
        }
    }
}

impl Database {
    /// Lets nobody in, and throws out who is; or lets everybody in again.
    pub(crate) fn allow(&self, allowed: bool) {
        let Self::Url(url) = self else { return };
        let (server, name) = url.rsplit_once('/').unwrap();
        let mut sql = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed};");
        if !allowed {
            sql.push_str(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ));
        }
        on_server(server, &sql);
    }
}

/// Does something on the server itself.
fn on_server(server: &str, sql: &str) {
    Runtime::new().unwrap().block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    });
}

/// A new database on the server that the environment names.
pub(crate) fn postgres() -> Option<Database> {
    let Ok(server) = std::env::var("SLACLOCK_TEST_POSTGRES") else {
        eprintln!(
            "SKIPPED on PostgreSQL: SLACLOCK_TEST_POSTGRES names no server; `cargo xtask test` starts one"
        );
        return None;
    };
    let name = new_id("test").unwrap();
    on_server(&server, &format!("CREATE DATABASE {name}"));
    Some(Database::Url(format!("{server}/{name}")))
}

fn plugin() -> Plugin {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    PLUGIN.get_or_init(|| Plugin::embedded(Limits::default()).unwrap()).clone()
}

/// A service that listens on this machine.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) service: Service,
    pub(crate) runtime: Runtime,
}

impl Running {
    /// A service on a database, at noon.
    pub(crate) fn on(place: &Place) -> Self {
        Self::at(place, NOON)
    }

    pub(crate) fn at(place: &Place, now: &str) -> Self {
        Self::new(place, now, 100_000)
    }

    /// A service whose answers pages of these origins may read.
    pub(crate) fn on_with_origins(place: &Place, origins: &[&str]) -> Self {
        let names: Vec<String> = origins.iter().map(|name| (*name).to_owned()).collect();
        Self::built(place, NOON, 100_000, Origins::new(&names).unwrap())
    }

    /// A service with so many requests a second for each token.
    pub(crate) fn limited(place: &Place, rate: u32) -> Self {
        Self::new(place, NOON, rate)
    }

    fn new(place: &Place, now: &str, rate: u32) -> Self {
        Self::built(place, now, rate, Origins::default())
    }

    fn built(place: &Place, now: &str, rate: u32, origins: Origins) -> Self {
        let runtime = Runtime::new().unwrap();
        let clock = Arc::new(SetClock::at(Instant::parse(now).unwrap()));
        let (service, address) = runtime.block_on(async {
            let store = Store::open(place).await.unwrap();
            let service = Service::new(store, Engines::new(plugin()), Arc::<SetClock>::clone(&clock));
            let sender = Sender::new(true);
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(schedule::run(service.clone()));
            tokio::spawn(notify::run(service.clone(), sender.clone()));
            let router = api::router(Api::new(service.clone(), sender, rate).with_origins(origins));
            tokio::spawn(api::serve(listener, router, api::Options::default(), std::future::pending()));
            (service, address)
        });
        Self { address, clock, service, runtime }
    }

    /// A new token.
    pub(crate) fn token(&self, tenant: &str, role: Role) -> Client {
        let text = new_token().unwrap();
        let token = Token {
            id: new_id("tok").unwrap(),
            tenant: tenant.to_owned(),
            role,
            name: String::new(),
            created_at: 0,
            revoked_at: None,
        };
        self.runtime.block_on(self.service.store.add_token(&token, &token_hash(&text))).unwrap();
        Client { address: self.address, token: Some(text), id: token.id }
    }

    /// An administrator of a tenant that has the agreement of the tests.
    pub(crate) fn admin(&self, tenant: &str) -> Client {
        let admin = self.token(tenant, Role::Admin);
        admin.put("/v1/agreements/test", AGREEMENT).expect(201);
        admin
    }

    /// Lets whatever is due now be done.
    pub(crate) fn settled(&self) {
        let (store, now) = (&self.service.store, self.service.now());
        until("everything due is taken", || {
            let next = self.runtime.block_on(store.next_look()).unwrap();
            next.is_none_or(|next| next > now).then_some(())
        });
        // What was taken, and messages on their way, need a moment.
        std::thread::sleep(Duration::from_millis(250));
    }

    /// Ends it, with everything that it was doing.
    pub(crate) fn stop(self) {
        self.runtime.shutdown_timeout(Duration::from_secs(5));
    }

    pub(crate) fn set(&self, now: &str) {
        self.clock.set(Instant::parse(now).unwrap());
    }
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) token: Option<String>,
    pub(crate) id: String,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The lines, as JSON.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code of the refusal.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    pub(crate) fn put(&self, path: &str, body: &str) -> Answer {
        self.ask("PUT", path, "Content-Type: application/json\r\n", body)
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, "Content-Type: application/json\r\n", body)
    }

    pub(crate) fn post_lines(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, "Content-Type: application/x-ndjson\r\n", body)
    }

    /// A connection on which the request was sent.
    pub(crate) fn open(&self, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
        self.try_open(method, path, headers, body.as_bytes()).unwrap()
    }

    fn try_open(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let token = self.token.iter().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let token: String = token.collect();
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n{token}{headers}\r\n"
        );
        let request = [request.as_bytes(), body].concat();
        // A server that refuses early may close before it has read everything.
        let _ = stream.write_all(&request);
        Ok(stream)
    }

    /// An answer; its status is 0 where nobody answers.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        self.ask_bytes(method, path, headers, body.as_bytes())
    }

    /// As [`Self::ask`], with a body of any bytes.
    pub(crate) fn ask_bytes(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let headers = format!("Connection: close\r\n{headers}");
        let mut answer = Vec::new();
        if let Ok(mut stream) = self.try_open(method, path, &headers, body) {
            let _ = stream.read_to_end(&mut answer);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            unchunked(body)
        } else {
            body.to_owned()
        };
        Answer { status, head: head.to_ascii_lowercase(), body }
    }
}

fn unchunked(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&rest[..size]);
        text = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let since = Moment::now();
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(120), "{what}: not within two minutes");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A ticket created at an instant.
pub(crate) fn ticket(id: &str, created_at: &str) -> String {
    format!("{{\"id\":\"{id}\",\"created_at\":\"{created_at}\"}}")
}
