//! Signatures as Standard Webhooks defines them: HMAC-SHA256 over id, timestamp and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::error::{Code, Problem};

/// Begins every secret.
const PREFIX: &str = "whsec_";

/// A timestamp further from the receiver's clock than this is refused, in seconds.
const TOLERANCE: i64 = 5 * 60;

/// A secret that signs.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads a secret as it is written.
    ///
    /// # Errors
    /// It is not one, or too short or long to be safe.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let bytes = text.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        match bytes.filter(|bytes| (24..=64).contains(&bytes.len())) {
            Some(bytes) => Ok(Self(bytes)),
            None => Err(Problem::new(Code::BadSecret, "this is not a secret of a webhook", "/secret")),
        }
    }

    fn mac(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(mac)
    }

    /// The signature of a message, with its version.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mac = self.mac(id, timestamp, body).map(|mac| mac.finalize().into_bytes());
        format!("v1,{}", STANDARD.encode(mac.unwrap_or_default()))
    }

    /// Whether one of the signatures, divided by spaces, is ours and the message is of now (in seconds).
    #[must_use]
    pub fn verify(&self, id: &str, timestamp: i64, body: &[u8], signatures: &str, now: i64) -> bool {
        let is_fresh = (now - TOLERANCE..=now + TOLERANCE).contains(&timestamp);
        let is_ours = |signature: &str| {
            let bytes = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            // The comparison takes the same time whatever differs.
            bytes
                .zip(self.mac(id, timestamp, body))
                .is_some_and(|(bytes, mac)| mac.verify_slice(&bytes).is_ok())
        };
        is_fresh && signatures.split(' ').any(is_ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        let signature = secret.sign(id, at, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let verify = |id, at, body: &[u8], signature: &str, now| secret.verify(id, at, body, signature, now);
        assert!(verify(id, at, body, &signature, at + 299));
        assert!(verify(id, at, body, &format!("v1,AAAA v2,x {signature}"), at));
        for (case, accepted) in [
            ("replayed later", verify(id, at, body, &signature, at + 301)),
            ("with another id", verify("msg_other", at, body, &signature, at)),
            ("with another time", verify(id, at + 1, body, &signature, at)),
            ("with another body", verify(id, at, b"{}", &signature, at)),
            ("without a signature", verify(id, at, body, "", at)),
            ("with half a signature", verify(id, at, body, &signature[..20], at)),
        ] {
            assert!(!accepted, "{case}");
        }
        assert!(Secret::parse("whsec_AAAA").is_err() && Secret::parse("secret").is_err());
    }
}
