//! On which line of a document a JSON pointer points.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// A document as its lines only.
enum Lines {
    Leaf,
    List(Vec<Spanned<Lines>>),
    Map(Vec<(Spanned<String>, Lines)>),
}

/// The line, from 1, of the deepest part of `pointer` that the YAML text has.
pub(super) fn line_of(yaml: &str, pointer: &str) -> Option<u64> {
    let root: Lines = serde_saphyr::from_str_with_options(yaml, super::options()).ok()?;
    let mut here = &root;
    let mut line = None;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let next = match here {
            Lines::Leaf => None,
            Lines::List(items) => {
                let item = step.parse().ok().and_then(|index: usize| items.get(index));
                item.map(|item| (item.referenced.line(), &item.value))
            }
            Lines::Map(entries) => {
                let entry = entries.iter().find(|(key, _)| key.value == step);
                entry.map(|(key, value)| (key.referenced.line(), value))
            }
        };
        let Some((at, value)) = next else { break };
        (line, here) = (Some(at), value);
    }
    line.filter(|line| *line > 0)
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinesVisitor)
    }
}

struct LinesVisitor;

impl<'de> Visitor<'de> for LinesVisitor {
    type Value = Lines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lines, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Lines::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lines, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Lines::List(items))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lines, D::Error> {
        Lines::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lines, D::Error> {
        Lines::deserialize(deserializer)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_unit<E>(self) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_none<E>(self) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn pointers_have_lines() {
        let yaml = "a: 1\nb:\n  - x\n  - c/d: true\n    e: null\nf: { g: [1,\n  2.5] }\n";
        assert_eq!(line_of(yaml, "/a"), Some(1));
        assert_eq!(line_of(yaml, "/b"), Some(2));
        assert_eq!(line_of(yaml, "/b/0"), Some(3));
        assert_eq!(line_of(yaml, "/b/1/c~1d"), Some(4));
        assert_eq!(line_of(yaml, "/b/1/e/missing"), Some(5));
        assert_eq!(line_of(yaml, "/f/g/1"), Some(7));
        assert_eq!(line_of(yaml, ""), None);
        assert_eq!(line_of("a: [", "/a"), None);
        assert_eq!(line_of("{\"a\":\n{\"b\": 1}}", "/a/b"), Some(2));
    }
}
