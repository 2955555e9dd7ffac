//! TLS as a client: by the certificate authorities that this machine trusts.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};
use tracing::warn;

/// Why nothing can be reached over TLS where no authority is trusted, and what to do.
pub(crate) const NOBODY: &str = "this machine trusts no certificate authority: install their certificates \
    (`ca-certificates`), or name a file of them in SSL_CERT_FILE, and start again";

/// How to connect, and whether any authority is trusted: the certificates of this machine, or those of `SSL_CERT_FILE` and
/// `SSL_CERT_DIR`, read once.
pub(crate) fn client() -> (ClientConfig, bool) {
    static CLIENT: OnceLock<(ClientConfig, bool)> = OnceLock::new();
    CLIENT.get_or_init(read).clone()
}

fn read() -> (ClientConfig, bool) {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        warn!(%error, "a certificate store of this machine cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    let trusts = !roots.is_empty();
    if !trusts {
        warn!("{NOBODY}");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    // The provider has all versions of the protocol.
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3");
    (config.with_root_certificates(roots).with_no_client_auth(), trusts)
}
