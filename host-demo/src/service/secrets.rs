//! Ids, tokens and secrets, each from the randomness of the system.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::line::hex;
use crate::error::{Code, Problem};

/// Begins every token, so that a leaked one is recognised for what it is.
const TOKEN: &str = "slaclock_";

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Problem::new(Code::StoreUnavailable, format!("this machine has no randomness: {error}"), "")
    })?;
    Ok(bytes)
}

/// A new id with a prefix.
///
/// # Errors
/// The system has no randomness.
pub fn new_id(prefix: &str) -> Result<String, Problem> {
    Ok(format!("{prefix}_{}", hex(&random::<12>()?)))
}

/// A new token of 256 random bits.
///
/// # Errors
/// The system has no randomness.
pub fn new_token() -> Result<String, Problem> {
    Ok(format!("{TOKEN}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// What is kept of a token. Nobody guesses 256 random bits, so a slow hash, as passwords need, would only cost
/// time on every request.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// A new secret of a webhook, as Standard Webhooks writes it.
///
/// # Errors
/// The system has no randomness.
pub fn webhook_secret() -> Result<String, Problem> {
    Ok(format!("whsec_{}", STANDARD.encode(random::<32>()?)))
}
