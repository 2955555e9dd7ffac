//! Changes of cases that leave them worth asking: most keep the JSON whole, and many keep its sense.

use serde_json::{Value, json};
use slaclock_core::Instant;
use slaclock_tests::case::{PART_LINE, parts};

use crate::words::{WORDS, odd};

/// Milliseconds by which an instant is moved.
const STEPS: [i64; 7] =
    [1, 60_000, 3_600_000, 86_400_000, 7 * 86_400_000, 31_536_000_000, 400 * 31_536_000_000];

/// A source of changes; the same seed gives the same ones.
pub struct Changes(u64);

impl Changes {
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn number(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below.max(1)
    }

    pub fn one_in(&mut self, parts: usize) -> bool {
        self.number(parts) == 0
    }

    fn choose<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.number(among.len()))
    }

    /// A case with one part changed; `None` where the part is not JSON.
    pub fn of_case(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = parts(bytes, PART_LINE).map(<[u8]>::to_vec).collect();
        all.resize(4, Vec::new());
        let which = *self.choose(&[0, 1, 1, 1, 1, 2, 2, 2, 3])?;
        if which == 0 {
            all[0] = self.head(&all)?.into_bytes();
        } else {
            let mut document: Value = serde_json::from_slice(&all[which]).ok()?;
            let root = ["", "agreement", "ticket", "calendar"][which];
            for _ in 0..=self.number(4) {
                self.of_document(&mut document, root)?;
            }
            all[which] = document.to_string().into_bytes();
        }
        Some(all.join(PART_LINE))
    }

    /// Each part from one case or the other.
    pub fn of_two(&mut self, one: &[u8], other: &[u8]) -> Vec<u8> {
        let [one, other] = [one, other].map(|case| parts(case, PART_LINE).collect::<Vec<_>>());
        let from = |all: &[&[u8]], part: usize| all.get(part).copied().unwrap_or_default().to_vec();
        let all: Vec<_> = (0..4).map(|part| from(if self.one_in(2) { &one } else { &other }, part)).collect();
        all.join(PART_LINE)
    }

    /// Another instant to evaluate at, mostly one that the documents name, or beside it.
    fn head(&mut self, all: &[Vec<u8>]) -> Option<String> {
        let old = String::from_utf8_lossy(&all[0]).into_owned();
        let mut instants = vec![old.split_whitespace().next().unwrap_or_default().to_owned()];
        for document in &all[1..] {
            let text = String::from_utf8_lossy(document);
            instants.extend(text.split('"').filter(|text| Instant::parse(text).is_ok()).map(str::to_owned));
        }
        let instant = |changes: &mut Self| {
            let chosen = changes.choose(&instants)?.clone();
            Some(if changes.one_in(3) { chosen } else { changes.moved(&chosen)? })
        };
        let now = instant(self)?;
        if self.one_in(6) { Some(format!("{now} {}", instant(self)?)) } else { Some(now) }
    }

    fn moved(&mut self, instant: &str) -> Option<String> {
        let step = *self.choose(&STEPS)? * [-1, 1][self.number(2)];
        Some(Instant::from_ms(Instant::parse(instant).ok()?.ms() + step)?.to_string())
    }

    fn of_document(&mut self, document: &mut Value, root: &str) -> Option<()> {
        let mut places = Vec::new();
        gather(document, "", root, &mut places);
        let (place, key) = self.choose(&places)?.clone();
        let other = document.pointer(&self.choose(&places)?.0)?.clone();
        let alike = places.iter().filter(|(_, one)| *one == key).map(|(place, _)| place).collect::<Vec<_>>();
        let like = document.pointer(self.choose(&alike)?)?.clone();
        if self.one_in(6) {
            return self.take_out(document, &place);
        }
        let value = document.pointer_mut(&place)?;
        match self.number(9) {
            0 | 1 => *value = self.from_vectors(&key)?,
            2 => *value = if self.one_in(2) { other } else { like },
            3 => *value = self.odd(value)?,
            4..=6 => self.grow(value, &key)?,
            _ => self.edit(value)?,
        }
        Some(())
    }

    fn from_vectors(&mut self, key: &str) -> Option<Value> {
        self.choose(WORDS.under.get(key)?).cloned()
    }

    fn take_out(&mut self, document: &mut Value, place: &str) -> Option<()> {
        let (parent, key) = place.rsplit_once('/')?;
        match document.pointer_mut(parent)? {
            Value::Object(keys) => drop(keys.remove(&key.replace("~1", "/").replace("~0", "~"))),
            Value::Array(items) => drop(items.remove(key.parse().ok()?)),
            _ => {}
        }
        Some(())
    }

    fn odd(&mut self, value: &Value) -> Option<Value> {
        match self.number(4) {
            0 => self.choose(&odd().collect::<Vec<_>>()).cloned(),
            1 => Some(json!([value])),
            _ => self.choose(&WORDS.texts).map(|text| json!(text)),
        }
    }

    /// One more item or key, as the vectors have them beside such.
    fn grow(&mut self, value: &mut Value, key: &str) -> Option<()> {
        match value {
            Value::Array(items) => {
                let donor = match self.from_vectors(key)? {
                    Value::Array(more) => self.choose(&more).cloned()?,
                    one => one,
                };
                let at = self.number(items.len() + 1);
                let twice = self.one_in(4).then(|| self.choose(items).cloned()).flatten();
                items.insert(at, twice.unwrap_or(donor));
                if self.one_in(4) {
                    let [one, other] = [(); 2].map(|()| self.number(items.len()));
                    items.swap(one, other);
                }
            }
            Value::Object(keys) => match self.from_vectors(key)? {
                Value::Object(more) => {
                    let more: Vec<_> = more.into_iter().collect();
                    let (name, value) = self.choose(&more)?.clone();
                    keys.insert(name, value);
                }
                _ => {
                    let name = self.choose(&WORDS.texts)?.clone();
                    let value = self.from_vectors(&name).or_else(|| self.odd(&Value::Null))?;
                    keys.insert(name, value);
                }
            },
            _ => self.edit(value)?,
        }
        Some(())
    }

    /// A little more or less of what is there.
    fn edit(&mut self, value: &mut Value) -> Option<()> {
        match value {
            Value::String(text) => *text = self.text(text)?,
            Value::Bool(yes) => *yes = !*yes,
            Value::Number(number) => {
                let near =
                    number.as_i64().unwrap_or_default().wrapping_add([-1, 1, 100, -100][self.number(4)]);
                *value = json!(near);
            }
            _ => *value = self.odd(value)?,
        }
        Some(())
    }

    fn text(&mut self, text: &str) -> Option<String> {
        if Instant::parse(text).is_ok() && !self.one_in(8) {
            return self.moved(text);
        }
        let mut letters: Vec<char> = text.chars().collect();
        let at = self.number(letters.len() + 1);
        match self.number(3) {
            // Digits are numbers: of hours, weeks, days of a month.
            0 => letters.iter_mut().skip(at).find(|letter| letter.is_ascii_digit()).map_or((), |digit| {
                *digit = char::from(b'0' + self.number(10) as u8);
            }),
            1 if at < letters.len() => drop(letters.remove(at)),
            _ => letters
                .insert(at, *self.choose(&['0', '9', '-', '+', '.', ':', ' ', 'Z', 'h', 'd', '/', 'é'])?),
        }
        Some(letters.into_iter().collect())
    }
}

/// The pointer of everything in a document, with the key above it.
fn gather(value: &Value, place: &str, key: &str, all: &mut Vec<(String, String)>) {
    all.push((place.to_owned(), key.to_owned()));
    match value {
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| gather(item, &format!("{place}/{index}"), key, all));
        }
        Value::Object(keys) => {
            for (key, item) in keys {
                gather(item, &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), key, all);
            }
        }
        _ => {}
    }
}
