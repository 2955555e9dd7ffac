//! `cargo xtask bench`: core, the component, the npm package, the yardstick and the npm peers on the same work, in
//! one run and one table. Nothing here passes or fails by time.

mod edge;
mod work;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::{Result, cargo, command, root};
use crate::{build, setup};
pub(crate) use edge::measure as edge;

/// The sides take turns this often, each time in fresh processes.
const ROUNDS: usize = 3;

/// The page that holds the figures of a run, between these lines.
const PAGE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- figures: `cargo xtask bench --write` -->\n";
const END: &str = "<!-- end of figures -->\n";

/// Measures everything and prints the table; with `write`, puts it into the page too.
pub(crate) fn run_all(write: bool) -> Result {
    setup::node()?;
    setup::npm_packages("tests/bench")?;
    build::component()?;
    build::web()?;
    let engine = program("engine")?;
    let folder = build::target().join("slaclock/bench");
    work::write(&folder)?;

    let mut table = Table::default();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let mut engine = command(&engine);
        engine.env("SLACLOCK_BENCH", &folder).env("SLACLOCK_BENCH_PLUGIN", build::component_path());
        table.add(&mut engine)?;
        table.add(command("node").arg(root().join("tests/bench/bench.mjs")).arg(&folder))?;
        same_answers(&folder)?;
    }
    let text = format!("{}\n{}", table, made_with()?);
    let beside = side_by_side()?;
    print!("{text}\n{beside}");
    if write { put_into_page(&format!("{text}\n## Side by side\n\n{beside}")) } else { Ok(()) }
}

/// A board's clocks and the shared vectors by the package and by what people use today, in one process.
fn side_by_side() -> Result<String> {
    let output = command("node").arg(root().join("tests/bench/side_by_side.mjs")).output()?;
    if !output.status.success() {
        return Err(format!("a side failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds a bench of the host and answers its program, so that no round waits for cargo.
pub(crate) fn program(bench: &str) -> Result<String> {
    let mut cargo = cargo();
    cargo.args(["bench", "--package", "slaclock-host", "--bench", bench, "--no-run"]);
    let built = cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8(built.stdout)?;
    let program =
        messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
            let named = message.pointer("/target/name")? == bench;
            message.get("executable").filter(|_| named)?.as_str().map(str::to_owned)
        });
    program.ok_or_else(|| format!("the bench `{bench}` cannot be built: {}", built.status).into())
}

/// The native side and the npm package have answered everything alike.
fn same_answers(folder: &Path) -> Result {
    if fs::read(folder.join("native.txt"))? == fs::read(folder.join("npm.txt"))? {
        return Ok(());
    }
    Err(format!("native.txt and npm.txt in {} differ: the sides do not answer alike", folder.display())
        .into())
}

/// Figures of all rounds, in the order in which they came.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

struct Row {
    side: String,
    work: String,
    /// Picoseconds, one for each round.
    times: Vec<u64>,
}

impl Row {
    fn median(&self) -> u64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or(0)
    }
}

impl Table {
    /// Runs one side and takes its figures from its output.
    fn add(&mut self, side: &mut Command) -> Result {
        let output = side.output()?;
        if !output.status.success() {
            return Err(format!("a side failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let answer: Value = serde_json::from_slice(&output.stdout)?;
        let list = |key: &str| answer.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        for figure in list("figures") {
            let text = |key: &str| figure.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (side, work) = (text("side"), text("work"));
            let time = figure.get("ps").and_then(Value::as_u64).ok_or("a figure without a time")?;
            match self.rows.iter_mut().find(|row| row.side == side && row.work == work) {
                Some(row) => row.times.push(time),
                None => self.rows.push(Row { side, work, times: vec![time] }),
            }
        }
        for note in list("notes") {
            let note = note.as_str().unwrap_or_default().to_owned();
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(())
    }

    fn time(&self, side: &str, work: &str) -> Option<u64> {
        self.rows.iter().find(|row| row.side == side && row.work == work).map(Row::median)
    }
}

impl std::fmt::Display for Table {
    /// Markdown, rows of one work together.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut order: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.rows {
            let next = order.len();
            order.entry(&row.work).or_insert(next);
        }
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| order.get(row.work.as_str()));
        writeln!(f, "| work | side | median | yardstick ÷ this | this ÷ native |")?;
        writeln!(f, "|---|---|--:|--:|--:|")?;
        for row in rows {
            let median = row.median();
            let faster = self.time("yardstick", &row.work).filter(|_| row.side != "yardstick");
            let native = self.time("native", &row.work).filter(|_| row.side != "native");
            let faster = faster.map(|yardstick| ratio(yardstick, median)).unwrap_or_default();
            let native = native.map(|native| ratio(median, native)).unwrap_or_default();
            writeln!(f, "| {} | {} | {} | {faster} | {native} |", row.work, row.side, time(median))?;
        }
        for note in &self.notes {
            write!(f, "\n- {note}")?;
        }
        writeln!(f)
    }
}

/// Three digits, in a unit that fits.
fn time(ps: u64) -> String {
    let (unit, name) = match ps {
        0..1_000_000 => (1000, "ns"),
        1_000_000..1_000_000_000 => (1_000_000, "µs"),
        _ => (1_000_000_000, "ms"),
    };
    format!("{} {name}", digits(u128::from(ps) * 1000 / unit))
}

/// A ratio; a small one as its inverse.
fn ratio(above: u64, below: u64) -> String {
    let thousandths = |above: u64, below: u64| u128::from(above) * 1000 / u128::from(below.max(1));
    if above < below / 10 {
        format!("1/{}", digits(thousandths(below, above)))
    } else {
        digits(thousandths(above, below))
    }
}

/// Thousandths, cut to what can be meant.
fn digits(thousandths: u128) -> String {
    let whole = thousandths / 1000;
    match whole {
        0..10 => format!("{whole}.{:02}", thousandths % 1000 / 10),
        10..100 => format!("{whole}.{}", thousandths % 1000 / 100),
        _ => whole.to_string(),
    }
}

/// What the figures were made with.
fn made_with() -> Result<String> {
    let mut text = "Made with".to_owned();
    for program in ["rustc", "node"] {
        let version = command(program).arg("--version").current_dir(root()).output()?;
        let version = String::from_utf8(version.stdout)?;
        let number = version.split_whitespace().find(|word| word.contains('.')).unwrap_or_default();
        write!(text, " {program} {},", number.trim_start_matches('v'))?;
    }
    let size = fs::metadata(root().join("wasm-web/dist/slaclock.wasm"))?.len();
    writeln!(
        text,
        " a package of {} kB and a component of {} kB, not compressed.",
        size / 1000,
        component_size()? / 1000
    )?;
    Ok(text)
}

fn component_size() -> Result<u64> {
    Ok(fs::metadata(build::component_path())?.len())
}

fn put_into_page(figures: &str) -> Result {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path)?;
    let (head, rest) = page.split_once(BEGIN).ok_or("the page has no place for figures")?;
    let (_, tail) = rest.split_once(END).ok_or("the place for figures has no end")?;
    Ok(fs::write(path, format!("{head}{BEGIN}\n{figures}\n{END}{tail}"))?)
}
