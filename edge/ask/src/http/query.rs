//! The parameters after the question mark.

use super::refusal::{Refusal, Wrong};

/// Decoded parameters, in their order.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        });
        let all: Option<Vec<_>> = decoded.collect();
        all.map(Self).ok_or_else(|| Refusal::new(Wrong::Request, "the query is not UTF-8"))
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut found = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let first = found.next();
        if found.next().is_some() {
            let message = format!("`{name}` is given more than once");
            return Err(Refusal::at(Wrong::Request, message, &format!("/{name}")));
        }
        Ok(first)
    }

    /// An instant; a plus sign in an address reads as a space.
    pub(super) fn instant(&self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self.get(name)?.map(|text| text.trim().replacen(' ', "+", 1)))
    }
}

/// `%20` and `+` are spaces; a stray percent sign stands for itself, as browsers have it.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let byte = match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            _ => *first,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
