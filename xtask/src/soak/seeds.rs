//! Where the fuzzer begins: the shared vectors as its cases, and the corpus of earlier searches.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::run::{Result, root};

/// See `tests/src/case.rs`.
const CASE_LINE: &str = "\n===\n";
const PART_LINE: &str = "\n---\n";

/// Most cases of the corpus, and most bytes of its file: continuous integration replays it in seconds.
const MOST_CASES: usize = 1500;
const MOST_BYTES: usize = 200_000;

/// The corpus in the tree.
pub(super) fn corpus() -> PathBuf {
    root().join("tests/corpus/searched.cases.gz")
}

/// Writes a file for each case to begin with.
pub(super) fn write(folder: &Path) -> Result {
    for (number, case) in vectors()?.iter().enumerate() {
        fs::write(folder.join(format!("vector-{number}")), case)?;
    }
    let mut text = Vec::new();
    if corpus().exists() {
        GzDecoder::new(fs::File::open(corpus())?).read_to_end(&mut text)?;
    }
    let mut rest = text.as_slice();
    for number in 0.. {
        let end = rest.windows(CASE_LINE.len()).position(|window| window == CASE_LINE.as_bytes());
        fs::write(folder.join(format!("searched-{number}")), &rest[..end.unwrap_or(rest.len())])?;
        let Some(end) = end else { break };
        rest = &rest[end + CASE_LINE.len()..];
    }
    Ok(())
}

/// Packs the cases of a folder into the corpus, the shortest first, as many as it may hold; says how many of them.
pub(super) fn pack(folder: &Path) -> Result<String> {
    let mut cases = Vec::new();
    for file in fs::read_dir(folder)? {
        cases.push(fs::read(file?.path())?);
    }
    cases.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    let all = cases.len();
    cases.truncate(MOST_CASES);
    loop {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&cases.join(CASE_LINE.as_bytes()))?;
        let packed = gzip.finish()?;
        if packed.len() <= MOST_BYTES {
            fs::write(corpus(), &packed)?;
            return Ok(format!("{} of {all} cases in {} bytes", cases.len(), packed.len()));
        }
        cases.truncate(cases.len() * MOST_BYTES / packed.len());
    }
}

fn vectors() -> Result<Vec<String>> {
    let questions = lines("hours_by_hand.jsonl")?.iter().map(question).collect::<Vec<_>>();
    let tickets =
        [lines("clocks.jsonl")?, lines("clocks_complete.jsonl")?, lines("clocks_like.jsonl")?].concat();
    let mut cases: Vec<[String; 4]> = Vec::new();
    for (case, question) in tickets.iter().zip(questions.iter().cycle()) {
        let word = |key: &str| case[key].as_str().unwrap_or_default();
        let head = format!("{} {}", word("now"), word("known_at")).trim_end().to_owned();
        cases.push([head, case["agreement"].to_string(), case["ticket"].to_string(), question.clone()]);
    }
    let plain = cases.first().ok_or("no vectors")?.clone();
    for case in [lines("errors.jsonl")?, lines("errors_complete.jsonl")?].concat() {
        let mut parts = plain.clone();
        let part = match case["kind"].as_str() {
            Some("agreement") => 1,
            Some("ticket") => 2,
            _ => 3,
        };
        parts[part] = case["input"].as_str().unwrap_or_default().to_owned();
        cases.push(parts);
    }
    for name in ["lint_good.json", "lint_bad.json"] {
        let mut parts = plain.clone();
        parts[1] = serde_json::from_str::<Value>(&text(name)?)?.to_string();
        cases.push(parts);
    }
    Ok(cases.iter().map(|parts| parts.join(PART_LINE)).collect())
}

fn question(case: &Value) -> String {
    let mut case = case.clone();
    if let Some(keys) = case.as_object_mut() {
        keys.remove("expect");
        keys.remove("id");
    }
    case.to_string()
}

fn text(name: &str) -> Result<String> {
    Ok(fs::read_to_string(root().join("tests/vectors").join(name))?)
}

fn lines(name: &str) -> Result<Vec<Value>> {
    Ok(text(name)?
        .lines()
        .filter(|line| !line.is_empty())
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?)
}
