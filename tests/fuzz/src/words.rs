//! What documents are made of: values that stand under a key in the shared vectors, and the words of core's types.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::{fs, iter};

use serde_json::{Value, json};
use slaclock_core::Ticket;
use slaclock_core::agreement::AgreementDocument;
use slaclock_core::calendar::CalendarDocument;
use slaclock_core::document::shape::{Definition, Shaped, Types};

/// Values at the ends of what the formats can say.
const ENDS: [&str; 30] = [
    "",
    "1970-01-01T00:00:00Z",
    "2199-12-31T23:59:59.999Z",
    "2200-01-01T00:00:00Z",
    "1970-01-01",
    "2199-12-31",
    "2024-02-29",
    "1970-01-01..2199-12-31",
    "--02-29",
    "--12-24..--01-02",
    "5th mon feb",
    "easter+1",
    "easter-400",
    "mon-sun",
    "00:00-24:00",
    "23:59-00:00",
    "0s",
    "1ms",
    "83000d",
    "99999999999999999999h",
    "P99999W",
    "never",
    "always",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "jp",
    "\u{0}\u{1F552}\u{202E}",
    "-1",
];

/// Where changes find something to put in.
pub struct Words {
    /// Every value of the vectors, by its key; those of a list have the list's.
    pub under: BTreeMap<String, Vec<Value>>,
    /// Texts and keys.
    pub texts: Vec<String>,
}

/// Read once.
pub static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut under = BTreeMap::new();
    for name in [
        "clocks.jsonl",
        "clocks_complete.jsonl",
        "clocks_like.jsonl",
        "errors_complete.jsonl",
        "hours_by_hand.jsonl",
        "lint_good.json",
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(name);
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        for value in values.map(|value| value.expect("JSON")) {
            for key in ["agreement", "ticket", "calendar"] {
                value.get(key).into_iter().for_each(|value| gather(value, key, &mut under));
            }
            if let Some(input) = value["input"].as_str().and_then(|input| serde_json::from_str(input).ok()) {
                gather(&input, "agreement", &mut under);
            }
            if name == "lint_good.json" {
                gather(&value, "agreement", &mut under);
            }
        }
    }
    for values in under.values_mut() {
        values.sort_by_key(Value::to_string);
        values.dedup();
    }
    let mut texts: Vec<String> = ENDS.iter().map(|end| (*end).to_owned()).chain(of_types()).collect();
    texts.extend(under.keys().cloned());
    Words { under, texts }
});

fn gather(value: &Value, key: &str, under: &mut BTreeMap<String, Vec<Value>>) {
    under.entry(key.to_owned()).or_default().push(value.clone());
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, key, under)),
        Value::Object(keys) => keys.iter().for_each(|(key, value)| gather(value, key, under)),
        _ => {}
    }
}

/// Keys and words that core knows, those included that no vector has.
fn of_types() -> Vec<String> {
    let mut types = Types::default();
    AgreementDocument::shape(&mut types);
    CalendarDocument::shape(&mut types);
    Ticket::shape(&mut types);
    let words = types.named.iter().flat_map(|(_, _, definition)| match definition {
        Definition::Record(keys) => keys.iter().map(|key| key.name.to_owned()).collect(),
        Definition::Words(words) => words.iter().map(|(word, _)| (*word).to_owned()).collect(),
        Definition::Alias(_) => Vec::new(),
    });
    words.collect()
}

/// Values that fit nowhere in particular.
pub fn odd() -> impl Iterator<Item = Value> {
    let numbers = [0, 1, -1, 60, 86_400_000, i64::from(u32::MAX), (1 << 53) - 1, 1 << 53, i64::MAX, i64::MIN];
    let others = [json!(null), json!(true), json!(false), json!([]), json!({}), json!(0.5), json!(1e300)];
    iter::chain(numbers.map(Value::from), others)
}
