//! What the npm package weighs. The table is checked in, so that a part that grows is seen: `cargo xtask test` fails when
//! one is more than a twentieth larger than its line.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::run::{Result, command, root};
use crate::setup;

/// Most growth over the table that nobody has to look at, in per cent.
const GROWTH: u64 = 5;

/// The part of the page that this task writes.
const BEGIN: &str = "<!-- sizes: `cargo xtask size --write` -->\n\n";

/// Shows the sizes, or with `--check` compares them, or with `--write` renews the table.
pub(crate) fn run(args: impl Iterator<Item = String>) -> Result {
    let args: Vec<String> = args.collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => show(),
        ["--write"] => write(),
        ["--check"] => check(),
        _ => Err("usage: cargo xtask size [--check|--write]".into()),
    }
}

/// One part: its name, its bytes, and its bytes as brotli.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    name: String,
    bytes: u64,
    brotli: u64,
}

fn page() -> PathBuf {
    root().join("docs/size.md")
}

fn show() -> Result {
    print!("{}", table(&weigh()?));
    Ok(())
}

fn write() -> Result {
    let text = fs::read_to_string(page())?;
    let (before, _) = text.split_once(BEGIN).ok_or("docs/size.md has lost the mark of its table")?;
    Ok(fs::write(page(), format!("{before}{BEGIN}{}", table(&weigh()?)))?)
}

/// Fails where a part has grown over its line in the table, or has none.
pub(crate) fn check() -> Result {
    let text = fs::read_to_string(page())?;
    let (_, written) = text.split_once(BEGIN).ok_or("docs/size.md has lost the mark of its table")?;
    let now = weigh()?;
    print!("{}", table(&now));
    let faults = faults(&parts_of(written), &now);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

fn faults(written: &[Part], now: &[Part]) -> Vec<String> {
    let mut faults = Vec::new();
    for part in now {
        let Some(known) = written.iter().find(|known| known.name == part.name) else {
            faults.push(format!("{} is not in docs/size.md: run `cargo xtask size --write`", part.name));
            continue;
        };
        if part.brotli * 100 > known.brotli * (100 + GROWTH) {
            faults.push(format!(
                "{} has grown from {} to {} bytes of brotli, by more than {GROWTH} %: make it smaller, or renew \
                 docs/size.md by `cargo xtask size --write` and say why",
                part.name, known.brotli, part.brotli
            ));
        }
    }
    faults
}

/// Weighs the package as it is built.
fn weigh() -> Result<Vec<Part>> {
    setup::npm_packages(setup::BUNDLER)?;
    let mut node = command("node");
    let output = node.arg("weigh.mjs").current_dir(root().join(setup::BUNDLER)).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let parts: Map<String, Value> = serde_json::from_slice(&output.stdout)?;
    let part = |(name, sizes): (String, Value)| {
        let size = |index: usize| sizes[index].as_u64().ok_or("a part has no size");
        Ok(Part { name, bytes: size(0)?, brotli: size(1)? })
    };
    parts.into_iter().map(part).collect()
}

fn table(parts: &[Part]) -> String {
    let mut table = String::from("| part | bytes | brotli |\n|---|--:|--:|\n");
    for Part { name, bytes, brotli } in parts {
        table.push_str(&format!("| {name} | {bytes} | {brotli} |\n"));
    }
    table
}

fn parts_of(table: &str) -> Vec<Part> {
    let part = |line: &str| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let name = cells.next()?.to_owned();
        Some(Part { name, bytes: cells.next()?.parse().ok()?, brotli: cells.next()?.parse().ok()? })
    };
    table.lines().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(brotli: u64) -> Vec<Part> {
        vec![Part { name: "a `b`".to_owned(), bytes: 7, brotli }]
    }

    #[test]
    fn a_table_is_read_as_it_is_written() {
        assert_eq!(parts_of(&table(&part(5))), part(5));
    }

    #[test]
    fn growth_by_more_than_a_twentieth_and_unknown_parts_are_faults() {
        for (now, expected) in [(900, 0), (1000, 0), (1050, 0), (1051, 1)] {
            assert_eq!(faults(&part(1000), &part(now)).len(), expected, "{now}");
        }
        assert_eq!(faults(&[], &part(1)).len(), 1);
    }
}
