//! Receives webhooks, and believes only what is signed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use slaclock_host::notify::Secret;

/// A message that was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) timestamp: i64,
    pub(crate) signature: String,
    pub(crate) text: String,
    pub(crate) body: Value,
    /// What was answered.
    pub(crate) status: u16,
}

/// A receiver on this machine.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    all: Arc<Mutex<Vec<Received>>>,
    status: Arc<AtomicU16>,
    delay_ms: Arc<AtomicU64>,
}

impl Receiver {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            all: Arc::default(),
            status: Arc::new(AtomicU16::new(204)),
            delay_ms: Arc::default(),
        };
        let own = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || own.take(stream));
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it answers from now on.
    pub(crate) fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// How long it waits before it answers, from now on.
    pub(crate) fn wait(&self, delay: Duration) {
        self.delay_ms.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Everything received so far.
    pub(crate) fn all(&self) -> Vec<Received> {
        self.all.lock().unwrap().clone()
    }

    /// What was received and taken, as `ticket kind threshold`.
    pub(crate) fn told(&self) -> Vec<String> {
        let taken = self.all().into_iter().filter(|received| received.status < 300);
        taken.map(|received| received.said()).collect()
    }

    fn take(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        loop {
            let mut headers = std::collections::HashMap::new();
            let mut line = String::new();
            while matches!(reader.read_line(&mut line), Ok(1..)) && !line.trim().is_empty() {
                if let Some((name, value)) = line.trim().split_once(": ") {
                    headers.insert(name.to_ascii_lowercase(), value.to_owned());
                }
                line.clear();
            }
            let Some(length) = headers.get("content-length").and_then(|length| length.parse().ok()) else {
                return;
            };
            let mut body = vec![0; length];
            if reader.read_exact(&mut body).is_err() {
                return;
            }
            let text = String::from_utf8(body).unwrap();
            let status = self.status.load(Ordering::SeqCst);
            let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
            self.all.lock().unwrap().push(Received {
                id: header("webhook-id"),
                timestamp: header("webhook-timestamp").parse().unwrap(),
                signature: header("webhook-signature"),
                body: serde_json::from_str(&text).unwrap(),
                text,
                status,
            });
            std::thread::sleep(Duration::from_millis(self.delay_ms.load(Ordering::SeqCst)));
            let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n");
            if reader.get_mut().write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}

impl Received {
    /// Whether it is signed with a secret, and of that second.
    pub(crate) fn is_signed(&self, secret: &str, now: i64) -> bool {
        let secret = Secret::parse(secret).unwrap();
        secret.verify(&self.id, self.timestamp, self.text.as_bytes(), &self.signature, now)
    }

    /// `ticket kind threshold`.
    pub(crate) fn said(&self) -> String {
        let text = |key: &str| self.body["data"][key].as_str().unwrap_or_default().to_owned();
        let kind = self.body["type"].as_str().unwrap_or_default();
        format!("{} {} {kind} {}", text("ticket"), text("clock"), text("threshold")).trim_end().to_owned()
    }
}
