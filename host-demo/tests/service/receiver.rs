//! Receives webhooks, and believes only what is signed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
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
    scheme: &'static str,
}

impl Receiver {
    pub(crate) fn new() -> Self {
        Self::taking("http", Some)
    }

    /// One over TLS, with a certificate for this machine that `tls/authority.pem` vouches for. Nobody has that authority's
    /// key any more.
    pub(crate) fn encrypted() -> Self {
        let chain = CertificateDer::from_pem_slice(include_bytes!("tls/receiver.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/receiver-key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![chain], key).unwrap());
        Self::taking("https", move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).ok()?;
            Some(StreamOwned::new(connection, stream))
        })
    }

    /// Takes what comes over streams that are opened like this.
    fn taking<S: Read + Write>(
        scheme: &'static str,
        open: impl Fn(TcpStream) -> Option<S> + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            all: Arc::default(),
            status: Arc::new(AtomicU16::new(204)),
            delay_ms: Arc::default(),
            scheme,
        };
        let own = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (own, open) = (own.clone(), open.clone());
                std::thread::spawn(move || {
                    if let Some(stream) = open(stream) {
                        own.take(stream);
                    }
                });
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}/hook", self.scheme, self.address)
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

    fn take(&self, stream: impl Read + Write) {
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
