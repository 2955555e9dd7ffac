//! Canonical JSON: compact, keys in their declared order, whole numbers as they are.
//!
//! One writer with no type parameters and an error of no size: each result type is compiled once for it, where
//! serde_json's would cost the page a good deal more. Its output is serde_json's, byte for byte.

use core::fmt;

use serde::Serialize;
use serde::ser::{
    Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

/// Appends the JSON of `value`.
///
/// # Errors
/// The value holds something that no result holds: bytes, an enum with content, a map key that is not a text.
/// `out` then holds the part before it.
pub(crate) fn write_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), NoJson> {
    value.serialize(&mut Writer { out })
}

/// A value that has no canonical JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoJson;

impl fmt::Display for NoJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no canonical JSON")
    }
}

impl core::error::Error for NoJson {}

impl Error for NoJson {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

impl Writer<'_> {
    fn whole(&mut self, negative: bool, mut rest: u64) {
        let mut digits = [b'0'; 20];
        let mut length = digits.len();
        // Two digits a turn: each division waits for the one before it.
        for [tens, ones] in digits.as_chunks_mut().0.iter_mut().rev() {
            let two = u8::try_from(rest % 100).unwrap_or(0);
            rest /= 100;
            *tens = b'0'.wrapping_add(two / 10);
            *ones = b'0'.wrapping_add(two % 10);
            length = length.saturating_sub(2);
            if rest == 0 {
                break;
            }
        }
        if negative {
            self.out.push(b'-');
        }
        let digits = digits.get(length..).unwrap_or_default();
        let leading = matches!(digits, [b'0', _, ..]);
        self.out.extend_from_slice(digits.get(usize::from(leading)..).unwrap_or_default());
    }

    /// A text that has nothing to escape.
    fn plain(&mut self, text: &str) {
        self.out.reserve(text.len().saturating_add(2));
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    fn text(&mut self, text: &str) {
        if plain_length(text.as_bytes()) == text.len() {
            return self.plain(text);
        }
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some((plain, [byte, tail @ ..])) = rest.split_at_checked(plain_length(rest)) {
            self.out.extend_from_slice(plain);
            self.escaped(*byte);
            rest = tail;
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    fn escaped(&mut self, byte: u8) {
        let short = match byte {
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => byte,
            _ => {
                let low = byte & 15;
                let digit =
                    if low < 10 { b'0'.wrapping_add(low) } else { b'a'.wrapping_sub(10).wrapping_add(low) };
                self.out.extend_from_slice(b"\\u00");
                self.out.extend_from_slice(&[b'0'.wrapping_add(byte >> 4), digit]);
                return;
            }
        };
        self.out.extend_from_slice(&[b'\\', short]);
    }

    /// No result holds one, and so no engine that ships carries this.
    fn fraction<T: Serialize>(&mut self, value: &T) -> Result<(), NoJson> {
        self.out.extend_from_slice(&serde_json::to_vec(value).map_err(NoJson::custom)?);
        Ok(())
    }

    /// A comma, unless the list or map has just begun.
    fn comma(&mut self) {
        if !matches!(self.out.last(), Some(b'[' | b'{')) {
            self.out.push(b',');
        }
    }

    fn begin(&mut self, open: u8) -> Result<&mut Self, NoJson> {
        self.out.push(open);
        Ok(self)
    }
}

/// How many bytes stand before the first one that is escaped. Eight are looked at together, since results are mostly
/// text; a byte of a word is below `n` when taking `n` from it borrows, and the lowest that seems so is.
pub(super) fn plain_length(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let below = |word: u64, n: u64| word.wrapping_sub(ONES.wrapping_mul(n)) & !word;
    let is = |word: u64, byte: u8| below(word ^ ONES.wrapping_mul(u64::from(byte)), 1);
    let escapes = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        (below(word, u64::from(b' ')) | is(word, b'"') | is(word, b'\\')) & ONES.wrapping_mul(128)
    };
    let mut plain = 0_usize;
    for word in text.as_chunks().0 {
        let escapes = escapes(word);
        if escapes != 0 {
            return plain.saturating_add(escapes.trailing_zeros() as usize / 8);
        }
        plain = plain.saturating_add(8);
    }
    // The last word of a text may share letters with the one before.
    if text.last_chunk().is_some_and(|word| escapes(word) == 0) {
        return text.len();
    }
    let rest = text.get(plain..).unwrap_or_default();
    let escaped = rest.iter().position(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\'));
    plain.saturating_add(escaped.unwrap_or(rest.len()))
}

impl Serializer for &mut Writer<'_> {
    type Ok = ();
    type Error = NoJson;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), NoJson>;
    type SerializeTupleVariant = Impossible<(), NoJson>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), NoJson>;

    fn serialize_bool(self, value: bool) -> Result<(), NoJson> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), NoJson> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), NoJson> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), NoJson> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), NoJson> {
        self.whole(value < 0, value.unsigned_abs());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), NoJson> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), NoJson> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), NoJson> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), NoJson> {
        self.whole(false, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), NoJson> {
        self.fraction(&value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), NoJson> {
        self.fraction(&value)
    }

    fn serialize_char(self, value: char) -> Result<(), NoJson> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), NoJson> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), NoJson> {
        Err(NoJson)
    }

    fn serialize_none(self) -> Result<(), NoJson> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NoJson> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NoJson> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NoJson> {
        self.serialize_unit()
    }

    /// Keys of results and the words of closed lists stand in this source: they have nothing to escape.
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NoJson> {
        self.plain(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NoJson> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NoJson> {
        Err(NoJson)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NoJson> {
        self.begin(b'[')
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NoJson> {
        self.begin(b'[')
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, NoJson> {
        Err(NoJson)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NoJson> {
        Err(NoJson)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, NoJson> {
        self.begin(b'{')
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NoJson> {
        self.begin(b'{')
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NoJson> {
        Err(NoJson)
    }
}

impl SerializeSeq for &mut Writer<'_> {
    type Ok = ();
    type Error = NoJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoJson> {
        self.comma();
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), NoJson> {
        self.out.push(b']');
        Ok(())
    }
}

impl SerializeTuple for &mut Writer<'_> {
    type Ok = ();
    type Error = NoJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoJson> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), NoJson> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for &mut Writer<'_> {
    type Ok = ();
    type Error = NoJson;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoJson> {
        self.comma();
        let before = self.out.len();
        key.serialize(&mut **self)?;
        if self.out.get(before) != Some(&b'"') {
            return Err(NoJson);
        }
        self.out.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoJson> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), NoJson> {
        self.out.push(b'}');
        Ok(())
    }
}

impl SerializeStruct for &mut Writer<'_> {
    type Ok = ();
    type Error = NoJson;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NoJson> {
        self.serialize_entry(key, value)
    }

    fn end(self) -> Result<(), NoJson> {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    #[track_caller]
    fn same<T: Serialize + ?Sized>(value: &T) {
        let mut out = Vec::new();
        assert_eq!(write_json(&mut out, value), Ok(()));
        assert_eq!(String::from_utf8(out).ok(), serde_json::to_string(value).ok());
    }

    #[test]
    fn texts_are_escaped_as_serde_json_does() {
        // Letters of all planes, and all about the surrogates, which are none.
        let tried =
            |code: u32| code < 0x3000 || code.is_multiple_of(251) || (0xd000..=0x1_0100).contains(&code);
        for letter in (0..=u32::from(char::MAX)).filter(|code| tried(*code)).filter_map(char::from_u32) {
            same(&letter);
            same(&format!("a{letter}b"));
        }
        let all: String = (0..0x500).filter_map(char::from_u32).collect();
        same(&all);
        for text in ["", "\"", "\\", "\"\\\"", "a\u{0}", "\n\n", "\u{7f}", "\u{2028}\u{2029}", "🦀é\u{1f}"]
        {
            same(text);
        }
    }

    #[test]
    fn numbers_are_written_as_serde_json_does() {
        for digits in 0..=19 {
            let power = 10_u64.pow(digits);
            for number in [power - 1, power, power + 1] {
                same(&number);
                let signed = i64::try_from(number).unwrap_or(i64::MAX);
                same(&signed);
                same(&-signed);
            }
        }
        same(&[i64::MIN, i64::MAX, 0, -1]);
        same(&[u64::MAX, 0]);
        same(&[1.5, -0.0, 1e300, f64::NAN]);
        same(&1.1_f32);
        same(&(u8::MAX, i8::MIN, u16::MAX, i16::MIN, u32::MAX, i32::MIN));
    }

    #[test]
    fn lists_and_maps_are_written_as_serde_json_does() {
        for value in [
            json!([]),
            json!({}),
            json!([[], {}, [[]], null, true, false]),
            json!({ "a": {}, "b": [], "[": "{", "": [1, "["], "c": { "d": [{ "e": "\n" }] } }),
            Value::Null,
        ] {
            same(&value);
        }
        same(&((), Some(1), None::<u8>, ("{", ["["])));
        same(&BTreeMap::from([("a\"", vec![Some("x"), None]), ("{", vec![])]));
    }

    #[test]
    fn what_no_result_holds_is_refused() {
        let mut out = Vec::new();
        assert_eq!(write_json(&mut out, &BTreeMap::from([(1, 2)])), Err(NoJson));
        assert_eq!(write_json(&mut out, &Ok::<u8, u8>(1)), Err(NoJson));
    }
}
