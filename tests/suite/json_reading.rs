//! The engine reads JSON itself. It reads what serde_json reads, with the same values, and says the same of what it refuses.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use slaclock_core::document::{MAX_DEPTH, Node};

use crate::generate::for_all;

/// Pieces of JSON, whole and broken, and numbers at the ends of what fits.
const PIECES: [&str; 62] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "/",
    " ",
    "\n",
    "\t",
    "\r",
    "\u{1}",
    "\u{b}",
    "é",
    "𝄞",
    "null",
    "nul",
    "true",
    "tru",
    "false",
    "fals",
    "-",
    "+",
    ".",
    "e",
    "E",
    "e+",
    "e-",
    "0",
    "00",
    "1",
    "7",
    "10",
    "22",
    "53",
    "308",
    "309",
    "324",
    "999",
    "2147483647",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "0.1",
    "-0",
    "\"a\"",
    "\"\"",
    "\\u",
    "00e9",
    "d834",
    "dd1e",
    "\\ud834\\udd1e",
    "\\n",
    "\\x",
    "\"a\":",
    "{\"a\":[1,{}],\"a\":\"\\u0000\"}",
];

/// JSON of some depth, mostly right.
fn documents() -> impl Strategy<Value = String> {
    let number = (
        select(&["", "-"]),
        select(&PIECES[30..51]),
        select(&["", ".5", ".18446744073709551615", "e-7", "e308", "E+3"]),
    )
        .prop_map(|(sign, digits, rest)| format!("{sign}{digits}{rest}"));
    let text = vec(
        select(&["a", "é", "𝄞", "\\n", "\\\"", "\\u00e9", "\\ud834\\udd1e", "longer than a word "]),
        0..5,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let word = select(&["null", "true", "false"]).prop_map(str::to_owned);
    let leaf = prop_oneof![number, text.clone(), word];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        let space = select(&["", " ", "\n "]);
        let list = (vec(inner.clone(), 0..5), space.clone())
            .prop_map(|(items, space)| format!("[{}]", items.join(&format!("{space},{space}"))));
        let entry = (text.clone(), inner).prop_map(|(key, value)| format!("{key}: {value}"));
        let map = (vec(entry, 0..5), space)
            .prop_map(|(entries, space)| format!("{{{space}{}}}", entries.join(",")));
        prop_oneof![list, map]
    })
}

/// What serde_json says of a text, in the words of the engine.
fn expected(text: &str) -> Result<Node<'_>, String> {
    let too_deep = Cell::new(false);
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = Seed { depth: MAX_DEPTH, too_deep: &too_deep };
    let read = seed.deserialize(&mut json).and_then(|node| json.end().map(|()| node));
    if too_deep.get() {
        return Err(format!("nested deeper than {MAX_DEPTH} levels"));
    }
    read.map_err(|error| format!("not JSON: {error}"))
}

/// Compared as they are shown, which tells numbers apart that are equal, and every bit of those that are not whole.
fn compare(text: &str) -> Result<(), TestCaseError> {
    let found = Node::from_json(text.as_bytes()).map_err(|problem| problem.message);
    let expected = expected(text);
    prop_assert_eq!(format!("{:?}", found), format!("{:?}", expected), "{:?}", text);
    Ok(())
}

#[test]
fn documents_are_read_as_serde_json_reads_them() {
    for_all(3000, documents(), |text| compare(&text));
}

#[test]
fn damaged_documents_are_refused_in_the_same_words_at_the_same_places() {
    let damaged = (documents(), any::<prop::sample::Index>(), 0_usize..3, select(&PIECES)).prop_map(
        |(text, place, length, piece)| {
            let chars: Vec<char> = text.chars().collect();
            let from = place.index(chars.len() + 1);
            let rest = chars.iter().skip(from + length);
            chars.iter().take(from).copied().chain(piece.chars()).chain(rest.copied()).collect::<String>()
        },
    );
    for_all(6000, damaged, |text| compare(&text));
    let cut = (documents(), any::<prop::sample::Index>()).prop_map(|(text, end)| {
        let length = text.chars().count() + 1;
        text.chars().take(end.index(length)).collect::<String>()
    });
    for_all(2000, cut, |text| compare(&text));
}

#[test]
fn heaps_of_pieces_are_read_or_refused_alike() {
    for_all(20_000, vec(select(&PIECES), 0..9).prop_map(|pieces| pieces.concat()), |text| compare(&text));
}

#[test]
fn numbers_are_the_same_to_the_last_bit() {
    let number = (any::<u64>(), 0_u32..20, -400_i32..400).prop_map(|(digits, cut, exponent)| {
        let digits = digits / 10_u64.pow(cut.min(19));
        format!("[{digits}e{exponent}, -{digits}.{digits}e{exponent}, 0.{digits}, {digits}{digits}.{digits}]")
    });
    for_all(5000, number, |text| compare(&text));
}

#[test]
fn the_depth_counts_before_what_follows() {
    for depth in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 200] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for inside in ["1", "[]", "{}", "?", ""] {
                let text = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
                compare(&text).unwrap();
                compare(&open.repeat(depth)).unwrap();
            }
        }
    }
}

/// Reads a node by serde_json, and counts the depth left.
#[derive(Clone, Copy)]
struct Seed<'s> {
    depth: usize,
    too_deep: &'s Cell<bool>,
}

impl Seed<'_> {
    /// The seed for what a list or map holds; `None` beyond the depth, which is then noted.
    fn deeper(self) -> Option<Self> {
        let depth = self.depth.checked_sub(1);
        self.too_deep.set(self.too_deep.get() || depth.is_none());
        Some(Self { depth: depth?, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Number(Number::from_f64(value).expect("JSON has finite numbers")))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let Some(seed) = self.deeper() else { return Ok(Node::Null) };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(seed)? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let Some(seed) = self.deeper() else { return Ok(Node::Null) };
        let mut map = Vec::new();
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            map.push((key, entries.next_value_seed(seed)?));
        }
        Ok(Node::Map(map))
    }
}

/// Reads a key, which the parser knows to be a text.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
