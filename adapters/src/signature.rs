//! Signatures of messages: that they come from the helpdesk, unchanged, and of now.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use slaclock_core::{Code, Instant};

use crate::Adapter;
use crate::problem::{BAD_SIGNATURE, Problem};

/// A message further from the present than this is refused, in milliseconds: somebody may be sending it again.
const TOLERANCE_MS: i64 = 5 * 60 * 1_000;

/// How a system signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC of instant and body, with the signing secret of the webhook, in `X-Zendesk-Webhook-Signature`.
    Zendesk,
    /// HMAC of the body with the SHA-256 of the signing key, in `X-Content-Signature`. It has no instant.
    ConnectWise,
    /// As Standard Webhooks defines: HMAC of id, instant and body, in `webhook-signature`.
    StandardWebhooks,
}

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forged {
    /// It has no signature.
    Unsigned,
    /// Its signature is another's, or of another message.
    Wrong,
    /// It was signed too long ago, or in the future.
    Stale,
}

impl Forged {
    /// Why, for a person.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Unsigned => "the message is not signed",
            Self::Wrong => "the signature is not that of this secret and message",
            Self::Stale => "the message was signed more than five minutes ago, or in the future",
        }
    }
}

impl Adapter {
    /// Checks that the system sent a message, unchanged and now: against the secret that the system has, at an instant in
    /// milliseconds since 1970. `header` finds a header by its lower-case name.
    ///
    /// # Errors
    /// The message is not to be believed, the secret is empty, or the system does not sign.
    pub fn verify<'h>(
        &self,
        secret: &str,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: i64,
    ) -> Result<(), Problem> {
        let Some(scheme) = self.scheme else {
            let message = format!("{} does not sign its messages", self.title);
            return Err(Problem::new(BAD_SIGNATURE, message, "").mend("ask for a token"));
        };
        if secret.is_empty() {
            let message = "the secret is empty, and anybody could sign with it";
            return Err(Problem::new(Code::Empty.as_str(), message, "secret"));
        }
        scheme.verify(secret, header, body, now).map_err(|forged| {
            let mend = match forged {
                Forged::Unsigned => "leave the headers as they came, and let the system sign",
                Forged::Wrong => "check the secret, and give the body byte for byte as it came",
                Forged::Stale => "check both clocks; somebody may be sending an old message again",
            };
            Problem::new(BAD_SIGNATURE, forged.message(), "").mend(mend)
        })
    }
}

impl Scheme {
    /// Whether this is how the headers of a message begin to look signed. `header` finds one by its lower-case name.
    pub fn is_signed<'h>(self, header: impl Fn(&str) -> Option<&'h str>) -> bool {
        header(self.header()).is_some()
    }

    const fn header(self) -> &'static str {
        match self {
            Self::Zendesk => "x-zendesk-webhook-signature",
            Self::ConnectWise => "x-content-signature",
            Self::StandardWebhooks => "webhook-signature",
        }
    }

    /// Checks a message against its secret, at an instant in milliseconds.
    ///
    /// # Errors
    /// It is not to be believed.
    pub fn verify<'h>(
        self,
        secret: &str,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: i64,
    ) -> Result<(), Forged> {
        let signatures = header(self.header()).ok_or(Forged::Unsigned)?;
        match self {
            Self::Zendesk => {
                let at = header("x-zendesk-webhook-signature-timestamp").ok_or(Forged::Unsigned)?;
                fresh(Instant::parse(at).map(Instant::ms).ok(), now)?;
                is_ours(secret.as_bytes(), &[at.as_bytes(), body], signatures)
            }
            Self::ConnectWise => is_ours(&Sha256::digest(secret), &[body], signatures),
            Self::StandardWebhooks => {
                let id = header("webhook-id").ok_or(Forged::Unsigned)?;
                let at = header("webhook-timestamp").ok_or(Forged::Unsigned)?;
                fresh(at.parse::<i64>().ok().and_then(|at| at.checked_mul(1_000)), now)?;
                let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
                let key = key.ok_or(Forged::Wrong)?;
                let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body];
                let versions = signatures.split(' ').filter_map(|signature| signature.strip_prefix("v1,"));
                let mut found = Err(Forged::Wrong);
                for signature in versions {
                    found = found.or_else(|_| is_ours(&key, &signed, signature));
                }
                found
            }
        }
    }
}

fn fresh(at: Option<i64>, now: i64) -> Result<(), Forged> {
    let is_fresh = at.is_some_and(|at| at.abs_diff(now) <= TOLERANCE_MS.unsigned_abs());
    if is_fresh { Ok(()) } else { Err(Forged::Stale) }
}

fn is_ours(key: &[u8], parts: &[&[u8]], signature: &str) -> Result<(), Forged> {
    let decode = |text: &str| {
        STANDARD
            .decode(text)
            .or_else(|_| URL_SAFE.decode(text))
            .or_else(|_| STANDARD_NO_PAD.decode(text))
            .ok()
    };
    let given = decode(signature.trim()).ok_or(Forged::Wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Forged::Wrong)?;
    parts.iter().for_each(|part| mac.update(part));
    // The comparison takes the same time whatever differs.
    mac.verify_slice(&given).map_err(|_| Forged::Wrong)
}
