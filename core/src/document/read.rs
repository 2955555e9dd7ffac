//! From JSON text to nodes.
//!
//! A reader of our own, since serde_json's, made for every type, would take three times as much of a page. It takes the same
//! texts, gives the same values, and says the same of mistakes; `tests/suite/json_reading.rs` holds it to that.

use std::borrow::Cow;

use serde_json::Number;

use super::json::plain_length;
use super::node::Node;

/// Why a text cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Its lists and maps are nested too deep.
    TooDeep,
    /// It is not JSON.
    Syntax {
        what: &'static str,
        /// So much of the text ends where the mistake is.
        before: usize,
    },
}

/// Reads a text that holds one value, with lists and maps nested at most so deep.
pub(super) fn read(text: &str, depth: usize) -> Result<Node<'_>, Refusal> {
    // Whatever else it is that stops the reader, it says so.
    let mut reader = Reader { text, at: 0, refusal: Refusal::TooDeep };
    let node = reader.value(depth).and_then(|node| match reader.space() {
        Some(_) => reader.refuse_next("trailing characters"),
        None => Some(node),
    });
    node.ok_or(reader.refusal)
}

/// What reads something answers `None` when it cannot, and says why in `refusal`: so values come back in registers.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    refusal: Refusal,
}

const VALUE_ENDS: &str = "EOF while parsing a value";
const TEXT_ENDS: &str = "EOF while parsing a string";
const MAP_ENDS: &str = "EOF while parsing an object";
const NO_NUMBER: &str = "invalid number";
const TOO_LARGE: &str = "number out of range";
const LONE_SURROGATE: &str = "lone leading surrogate in hex escape";

impl<'a> Reader<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The next byte, which is then behind.
    fn next(&mut self) -> Option<u8> {
        let next = self.peek()?;
        self.skip();
        Some(next)
    }

    /// The next byte that is no white space.
    fn space(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.skip(),
                next => return next,
            }
        }
    }

    /// The mistake is the byte just read.
    fn refuse<T>(&mut self, what: &'static str) -> Option<T> {
        self.refusal = Refusal::Syntax { what, before: self.at };
        None
    }

    /// The mistake is the byte that comes next, if any does.
    fn refuse_next<T>(&mut self, what: &'static str) -> Option<T> {
        self.refusal = Refusal::Syntax { what, before: self.at.saturating_add(1).min(self.text.len()) };
        None
    }

    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        let Some(first) = self.space() else {
            return self.refuse_next(VALUE_ENDS);
        };
        self.skip();
        match first {
            b'"' => Some(Node::Text(self.text()?)),
            b'0'..=b'9' => Some(Node::Number(self.number(Some(first), 1.0)?)),
            b'-' => {
                let first = self.next();
                Some(Node::Number(self.number(first, -1.0)?))
            }
            b'n' => self.rest_of("ull", Node::Null),
            b't' => self.rest_of("rue", Node::Bool(true)),
            b'f' => self.rest_of("alse", Node::Bool(false)),
            b'[' | b'{' => {
                let depth = depth.checked_sub(1)?;
                if first == b'[' { self.list(depth) } else { self.map(depth) }
            }
            _ => self.refuse("expected value"),
        }
    }

    fn rest_of(&mut self, word: &str, node: Node<'a>) -> Option<Node<'a>> {
        for expected in word.bytes() {
            match self.next() {
                None => return self.refuse(VALUE_ENDS),
                Some(next) if next != expected => return self.refuse("expected ident"),
                Some(_) => {}
            }
        }
        Some(node)
    }

    fn list(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut items = Vec::new();
        loop {
            match self.space() {
                None => return self.refuse_next("EOF while parsing a list"),
                Some(b']') => {
                    self.skip();
                    return Some(Node::List(items));
                }
                Some(_) if items.is_empty() => {}
                Some(b',') => {
                    self.skip();
                    if self.space() == Some(b']') {
                        return self.refuse_next("trailing comma");
                    }
                }
                Some(_) => return self.refuse_next("expected `,` or `]`"),
            }
            items.push(self.value(depth)?);
        }
    }

    fn map(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut entries = Vec::new();
        loop {
            let mut next = self.space();
            match next {
                None => return self.refuse_next(MAP_ENDS),
                Some(b'}') => {
                    self.skip();
                    return Some(Node::Map(entries));
                }
                Some(_) if entries.is_empty() => {}
                Some(b',') => {
                    self.skip();
                    next = self.space();
                }
                Some(_) => return self.refuse_next("expected `,` or `}`"),
            }
            match next {
                Some(b'"') => self.skip(),
                Some(b'}') => return self.refuse_next("trailing comma"),
                Some(_) => return self.refuse_next("key must be a string"),
                None => return self.refuse_next(VALUE_ENDS),
            }
            let key = self.text()?;
            match self.space() {
                Some(b':') => self.skip(),
                Some(_) => return self.refuse_next("expected `:`"),
                None => return self.refuse_next(MAP_ENDS),
            }
            entries.push((key, self.value(depth)?));
        }
    }

    /// The text after its opening quote: as it stands, unless something in it is escaped.
    fn text(&mut self) -> Option<Cow<'a, str>> {
        let from = self.at;
        let end = self.plain()?;
        let plain = self.text.get(from..self.at)?;
        self.skip();
        if end == b'"' { Some(Cow::Borrowed(plain)) } else { self.copied(plain).map(Cow::Owned) }
    }

    /// The text that begins like this, with what is escaped from here on.
    fn copied(&mut self, plain: &str) -> Option<String> {
        let mut copied = plain.to_owned();
        loop {
            copied.push(self.escaped()?);
            let from = self.at;
            let end = self.plain()?;
            copied.push_str(self.text.get(from..self.at)?);
            self.skip();
            if end == b'"' {
                return Some(copied);
            }
        }
    }

    /// Goes on to the next quote or backslash, and answers which it is.
    #[cfg_attr(not(feature = "small"), inline(always))]
    fn plain(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = plain_length(rest);
        self.at = self.at.saturating_add(length);
        match rest.get(length) {
            Some(end @ (b'"' | b'\\')) => Some(*end),
            Some(_) => {
                self.skip();
                self.refuse("control character (\\u0000-\\u001F) found while parsing a string")
            }
            None => self.refuse(TEXT_ENDS),
        }
    }

    /// What stands after a backslash.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next() {
            None => return self.refuse(TEXT_ENDS),
            Some(same @ (b'"' | b'\\' | b'/')) => same.into(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            Some(_) => return self.refuse("invalid escape"),
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let mut number = self.hex()?;
        if number & 0xfc00 == 0xd800 {
            for expected in [b'\\', b'u'] {
                match self.next() {
                    None => return self.refuse(TEXT_ENDS),
                    Some(next) if next != expected => return self.refuse("unexpected end of hex escape"),
                    Some(_) => {}
                }
            }
            let second = self.hex()?;
            if second & 0xfc00 != 0xdc00 {
                return self.refuse(LONE_SURROGATE);
            }
            number = 0x1_0000_u32.saturating_add((number & 0x3ff) << 10 | second & 0x3ff);
        }
        match char::from_u32(number) {
            Some(char) => Some(char),
            None => self.refuse(LONE_SURROGATE),
        }
    }

    /// Four hexadecimal digits.
    fn hex(&mut self) -> Option<u32> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let Some(digits) = rest.first_chunk::<4>() else {
            self.at = self.text.len();
            return self.refuse(TEXT_ENDS);
        };
        self.at = self.at.saturating_add(4);
        let digit = |number: u32, digit: &u8| Some(number << 4 | char::from(*digit).to_digit(16)?);
        match digits.iter().try_fold(0, digit) {
            Some(number) => Some(number),
            None => self.refuse("invalid escape"),
        }
    }

    /// A number whose sign and first digit are behind.
    fn number(&mut self, first: Option<u8>, sign: f64) -> Option<Number> {
        let mut digits = match first {
            None => return self.refuse(VALUE_ENDS),
            Some(b'0') if self.digit().is_some() => return self.refuse_next(NO_NUMBER),
            Some(first @ b'0'..=b'9') => u64::from(first & 15),
            Some(_) => return self.refuse(NO_NUMBER),
        };
        // Digits beyond those that fit are only counted.
        let (mut exponent, mut whole) = (0_i32, true);
        while let Some(digit) = self.digit() {
            match digits.checked_mul(10).and_then(|digits| digits.checked_add(digit)) {
                Some(more) if whole => digits = more,
                _ => {
                    whole = false;
                    exponent = exponent.saturating_add(1);
                }
            }
            self.skip();
        }
        if self.peek() == Some(b'.') {
            whole = false;
            self.skip();
            exponent = self.decimals(&mut digits, exponent)?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            whole = false;
            exponent = self.exponent(digits, exponent)?;
        }
        if whole && sign.is_sign_positive() {
            return Some(digits.into());
        }
        // `-0` is no whole number, and one that does not fit none either.
        let negative = 0_i64.checked_sub_unsigned(digits).filter(|number| whole && *number < 0);
        if let Some(number) = negative {
            return Some(number.into());
        }
        match scaled(digits, exponent).and_then(|number| Number::from_f64(number.copysign(sign))) {
            Some(number) => Some(number),
            None => self.refuse(TOO_LARGE),
        }
    }

    fn digit(&self) -> Option<u64> {
        self.peek().filter(u8::is_ascii_digit).map(|digit| u64::from(digit & 15))
    }

    /// Takes the decimals after a point to the digits before it; answers the exponent then.
    fn decimals(&mut self, digits: &mut u64, mut exponent: i32) -> Option<i32> {
        if self.digit().is_none() {
            return self.refuse_next(if self.peek().is_some() { NO_NUMBER } else { VALUE_ENDS });
        }
        let mut fits = true;
        while let Some(digit) = self.digit() {
            match digits.checked_mul(10).and_then(|digits| digits.checked_add(digit)) {
                Some(more) if fits => {
                    *digits = more;
                    exponent = exponent.saturating_sub(1);
                }
                _ => fits = false,
            }
            self.skip();
        }
        Some(exponent)
    }

    /// Reads an exponent from its letter on; answers its sum with the one so far.
    fn exponent(&mut self, digits: u64, exponent: i32) -> Option<i32> {
        self.skip();
        let sign = self.peek();
        if let Some(b'+' | b'-') = sign {
            self.skip();
        }
        let negative = sign == Some(b'-');
        let mut written = match self.next() {
            None => return self.refuse(VALUE_ENDS),
            Some(first @ b'0'..=b'9') => i32::from(first & 15),
            Some(_) => return self.refuse(NO_NUMBER),
        };
        while let Some(digit) = self.digit() {
            self.skip();
            let more = written.checked_mul(10).and_then(|written| written.checked_add_unsigned(digit as u32));
            match more {
                Some(more) => written = more,
                None if digits != 0 && !negative => return self.refuse(TOO_LARGE),
                // It is zero in any case.
                None => written = i32::MAX,
            }
        }
        Some(if negative { exponent.saturating_sub(written) } else { exponent.saturating_add(written) })
    }
}

/// `digits` times ten to the power of `exponent`, if it is finite. Rounded twice, as serde_json does: fingerprints of agreements hold
/// such numbers. Multiplication and division are the same on every machine.
#[allow(clippy::float_arithmetic, reason = "JSON has such numbers, and time is not made of them")]
fn scaled(digits: u64, mut exponent: i32) -> Option<f64> {
    let mut number = digits as f64;
    if digits == 0 {
        return Some(number);
    }
    while exponent < -308 {
        number /= power_of_ten(308)?;
        if number == 0.0 {
            return Some(number);
        }
        exponent = exponent.saturating_add(308);
    }
    let power = power_of_ten(exponent.unsigned_abs())?;
    Some(if exponent < 0 { number / power } else { number * power })
}

/// The number nearest to ten to this power. A table of all 309 would take two kilobytes of a page's download.
#[allow(clippy::float_arithmetic, reason = "as above")]
fn power_of_ten(power: u32) -> Option<f64> {
    if power > 308 {
        return None;
    }
    // Powers of five, shifted so that the highest bit stays where it is; what is lost on the way is too little to matter.
    let (mut five, mut shift) = (1_u128 << 124, power);
    for _ in 0..power {
        five = five.wrapping_add(five << 2);
        while five >> 125 != 0 {
            five >>= 1;
            shift = shift.saturating_add(1);
        }
    }
    let high = (five >> 61) as u64 | u64::from(five << 67 != 0);
    let exponent = u64::from(shift).saturating_add(1023).saturating_sub(63);
    Some(high as f64 * f64::from_bits(exponent << 52))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_power_of_ten_is_the_nearest_number() {
        for power in 0..=308 {
            let expected: Option<f64> = format!("1e{power}").parse().ok();
            assert_eq!(power_of_ten(power).map(f64::to_bits), expected.map(f64::to_bits), "{power}");
        }
        assert_eq!(power_of_ten(309), None);
    }
}
