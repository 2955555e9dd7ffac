//! Sends one message to one address, within limits of time and size, and never to a place that is private.

use std::future::Future;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{io, vec};

use axum::body::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;

use super::sign::Secret;
use crate::error::{Code, Problem, with_causes};

/// A receiver must answer within this; Standard Webhooks asks for 15 to 30 seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends messages.
#[derive(Clone)]
pub struct Sender {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    private: bool,
    /// Some authority vouches for receivers.
    trusts: bool,
}

/// How it went: the answer's status, or what went wrong.
pub type Sent = Result<StatusCode, String>;

impl Sender {
    /// A sender; whether it may send to private addresses.
    #[must_use]
    pub fn new(private: bool) -> Self {
        let mut connector = HttpConnector::new_with_resolver(Resolver { private });
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(PATIENCE));
        let (tls, trusts) = crate::tls::client();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Self { client: Client::builder(TokioExecutor::new()).build(connector), private, trusts }
    }

    /// Whether messages can go to this address.
    ///
    /// # Errors
    /// It is no address of the web, not encrypted, or private.
    pub fn check(&self, url: &str) -> Result<Uri, Problem> {
        let wrong = |message: String| Problem::new(Code::BadUrl, message, "/url");
        let uri: Uri = url.parse().map_err(|error| wrong(format!("this is not an address: {error}")))?;
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(wrong("the address names no host, or a user".to_owned()));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if self.private => {}
            _ => return Err(wrong("the address is not https".to_owned())),
        }
        let is_refused = host.parse::<IpAddr>().is_ok_and(|address| is_private(address) && !self.private);
        if is_refused {
            return Err(wrong("the address is private".to_owned()));
        }
        Ok(uri)
    }

    /// Sends a message, signed by every secret.
    pub async fn send(&self, url: &str, secrets: &[Secret], id: &str, now: i64, body: &str) -> Sent {
        let uri = self.check(url).map_err(|problem| problem.message)?;
        if !self.trusts && uri.scheme_str() == Some("https") {
            return Err(crate::tls::NOBODY.to_owned());
        }
        let timestamp = now.div_euclid(1_000);
        let signatures: Vec<_> =
            secrets.iter().map(|secret| secret.sign(id, timestamp, body.as_bytes())).collect();
        let request = Request::post(uri)
            .header("content-type", "application/json")
            .header("user-agent", concat!("slaclock/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures.join(" "))
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .map_err(|error| error.to_string())?;
        // The body of the answer is not wanted: the connection is given up with it.
        match tokio::time::timeout(PATIENCE, self.client.request(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(with_causes(&error)),
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }
}

/// Looks names up, and leaves out what is private: a name may point anywhere, and change.
#[derive(Clone, Copy)]
struct Resolver {
    private: bool,
}

impl tower_service::Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || (name.as_str(), 0).to_socket_addrs());
            let found = found.await.map_err(io::Error::other)??;
            let allowed: Vec<_> = found.filter(|address| private || !is_private(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other("the name has no public address"));
            }
            Ok(allowed.into_iter())
        })
    }
}

/// Whether an address is of this machine, this network, or not of one machine at all.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0)
                || (a == 198 && (18..20).contains(&b))
        }
        IpAddr::V6(v6) => {
            let [a, ..] = v6.segments();
            let inner = v6.to_ipv4_mapped().or_else(|| match v6.segments() {
                // Addresses that are translated to IPv4.
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                    Some(((u32::from(high) << 16) | u32::from(low)).into())
                }
                [0x2002, high, low, ..] => Some(((u32::from(high) << 16) | u32::from(low)).into()),
                _ => None,
            });
            inner.is_some_and(|v4| is_private(v4.into()))
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || a == 0
                || (a & 0xffc0) == 0xfec0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_places_are_refused() {
        let sender = Sender::new(false);
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.2.3/x",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:192.168.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://user:pass@example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "/relative",
            "",
        ] {
            assert!(sender.check(url).is_err(), "{url}");
        }
        assert!(sender.check("https://example.com/hook?x=1").is_ok());
        assert!(sender.check("https://93.184.216.34:8443/").is_ok());
        assert!(Sender::new(true).check("http://127.0.0.1:9/").is_ok());
    }
}
