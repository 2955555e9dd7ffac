//! Signatures of messages: that they come from the helpdesk, unchanged, and of now.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use slaclock_core::Instant;

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Signed with another program (Python's `hmac`), and the example of Standard Webhooks.
    #[test]
    fn signatures_are_those_of_the_systems_and_no_others() {
        let body = br#"{"test": 2432232314}"#;
        let at = 1_614_265_330_000;
        let standard = [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ];
        let zendesk = [
            ("x-zendesk-webhook-signature", "+Xx9+ZcFIOgOmB58LWb01If9Wg/D5x+a9jBbKoasiUU="),
            ("x-zendesk-webhook-signature-timestamp", "2021-02-25T15:02:10Z"),
        ];
        let connectwise = [("x-content-signature", "9aJQgd+j3rJxGJRtd9CGB/K+tC+THsWKgwgi860AVU8=")];
        let whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let later = at + TOLERANCE_MS + 1;
        type Check<'c> = (Scheme, &'c str, &'c [(&'c str, &'c str)], &'c [u8], i64, Result<(), Forged>);
        let checks: [Check<'_>; 13] = [
            (Scheme::StandardWebhooks, whsec, &standard, body, at, Ok(())),
            (Scheme::StandardWebhooks, whsec, &standard, b"{}", at, Err(Forged::Wrong)),
            (Scheme::StandardWebhooks, whsec, &standard, body, later, Err(Forged::Stale)),
            (Scheme::StandardWebhooks, whsec, &[], body, at, Err(Forged::Unsigned)),
            (Scheme::StandardWebhooks, "nonsense", &standard, body, at, Err(Forged::Wrong)),
            (Scheme::Zendesk, "secret", &zendesk, body, at, Ok(())),
            (Scheme::Zendesk, "secret", &zendesk, b"", at, Err(Forged::Wrong)),
            (Scheme::Zendesk, "another", &zendesk, body, at, Err(Forged::Wrong)),
            (Scheme::Zendesk, "secret", &zendesk, body, later, Err(Forged::Stale)),
            (Scheme::Zendesk, "secret", &connectwise, body, at, Err(Forged::Unsigned)),
            (Scheme::ConnectWise, "key", &connectwise, body, at, Ok(())),
            (Scheme::ConnectWise, "key", &connectwise, b"{}", at, Err(Forged::Wrong)),
            (Scheme::ConnectWise, "key", &zendesk, body, at, Err(Forged::Unsigned)),
        ];
        for (scheme, secret, headers, body, now, expected) in checks {
            let header =
                |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            assert_eq!(scheme.verify(secret, header, body, now), expected, "{scheme:?} {secret} {headers:?}");
        }
    }
}
