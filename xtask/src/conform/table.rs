//! The table that proves it.

use std::fs;

use crate::run::{Result, root};

/// Pages that hold the table, between these lines.
const PAGES: [&str; 2] = ["README.md", "docs/conformance.md"];
const BEGIN: &str = "<!-- table: `cargo xtask conform --write` -->\n";
const END: &str = "<!-- end of table -->\n";

/// One target.
#[derive(Default)]
pub(super) struct Row {
    pub(super) target: String,
    pub(super) what: String,
    pub(super) version: String,
    pub(super) cases: usize,
    pub(super) equal: usize,
    pub(super) different: usize,
    /// From nothing to the first answer, in microseconds.
    pub(super) cold_us: Option<u64>,
    /// A question and its answer, in microseconds, once it is warm.
    pub(super) each_us: Option<u64>,
    pub(super) size: Option<u64>,
    /// Why it was not asked.
    pub(super) missing: Option<String>,
}

/// The table, with times where they were taken.
pub(super) fn markdown(rows: &[Row]) -> String {
    let times = rows.iter().any(|row| row.each_us.is_some());
    let (names, rule) = if times { (" cold start | a question |", "--:|--:|") } else { ("", "") };
    let mut text = format!(
        "| runs on | as | version | cases | equal | different | size |{names}\n|---|---|---|--:|--:|--:|--:|{rule}\n"
    );
    for row in rows {
        let Row { target, what, version, cases, equal, different, .. } = row;
        if let Some(why) = &row.missing {
            text.push_str(&format!("| {target} | {what} | not here: {why} |\n"));
            continue;
        }
        let size = row.size.map(|size| format!("{} kB", size / 1000)).unwrap_or_default();
        let (cases, equal) = (grouped(*cases), grouped(*equal));
        text.push_str(&format!(
            "| {target} | {what} | {version} | {cases} | {equal} | {different} | {size} |"
        ));
        if times {
            let cold = row.cold_us.map(millis).unwrap_or_default();
            let each = row.each_us.map(|us| format!("{us} µs")).unwrap_or_default();
            text.push_str(&format!(" {cold} | {each} |"));
        }
        text.push('\n');
    }
    text
}

fn millis(us: u64) -> String {
    if us < 10_000 { format!("{}.{} ms", us / 1000, us % 1000 / 100) } else { format!("{} ms", us / 1000) }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Row {
    /// What was not asked, and why.
    pub(super) fn skipped(&self) -> Option<String> {
        let why = self.missing.as_ref()?;
        Some(format!("{} ({}): {why}", self.target, self.what))
    }
}

/// Puts the table into the pages.
pub(super) fn write(rows: &[Row]) -> Result {
    let table = markdown(rows);
    for page in PAGES {
        let path = root().join(page);
        let text = fs::read_to_string(&path)?;
        let (before, rest) = text.split_once(BEGIN).ok_or_else(|| format!("{page} has no line {BEGIN}"))?;
        let (_, after) = rest.split_once(END).ok_or_else(|| format!("{page} has no line {END}"))?;
        fs::write(path, format!("{before}{BEGIN}\n{table}\n{END}{after}"))?;
    }
    Ok(())
}
