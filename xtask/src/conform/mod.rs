//! `cargo xtask conform`: the shared cases on every target, in one table. Results are compared, times only shown.

mod cases;
mod languages;
mod table;
mod targets;

use std::fs;
use std::path::Path;

use serde_json::Value;
use slaclock_ask::{Desk, Question, problems_line};

use crate::build;
use crate::run::Result;
pub(crate) use languages::spark_python;
use table::Row;
use targets::Target;

/// Of cases that are many alike, continuous integration asks every so-manieth.
const FEWER: usize = 20;

/// Runs everything. `--check` asks fewer questions of fewer targets, `--times` builds for speed and says how long answers
/// took, for which the machine should be quiet, `--write` renews the table in the documentation, and names choose targets.
/// Any difference fails.
pub(crate) fn run(args: impl Iterator<Item = String>) -> Result {
    let args: Vec<String> = args.collect();
    let asked = |option: &str| args.iter().any(|arg| arg == option);
    let names: Vec<&String> =
        args.iter().filter(|arg| !["--check", "--times", "--write"].contains(&arg.as_str())).collect();
    let fits = |target: &Target, name: &str| {
        format!("{} {}", target.name, target.what).to_lowercase().contains(&name.to_lowercase())
    };
    if let Some(unknown) = names.iter().find(|name| !targets::ALL.iter().any(|target| fits(target, name))) {
        let known: Vec<&str> = targets::ALL.iter().map(|target| target.name).collect();
        return Err(format!("no target is called `{unknown}`; there are {}", known.join(", ")).into());
    }
    if asked("--write") && (asked("--check") || !names.is_empty()) {
        return Err("only a run of everything is written".into());
    }
    build::component()?;
    build::web()?;
    let chosen = |target: &&Target| match names.is_empty() {
        true => target.lean || !asked("--check"),
        false => names.iter().any(|name| fits(target, name)),
    };
    let rows = rows(targets::ALL.iter().filter(chosen), asked("--check"), asked("--times"))?;
    if asked("--write") { table::write(&rows) } else { Ok(()) }
}

/// What continuous integration asks, of what is built already.
pub(crate) fn check() -> Result {
    rows(targets::ALL.iter().filter(|target| target.lean), true, false).map(|_| ())
}

fn rows<'a>(targets: impl Iterator<Item = &'a Target>, check: bool, times: bool) -> Result<Vec<Row>> {
    let questions = cases::questions(if check { FEWER } else { 1 })?;
    let folder = build::target().join("slaclock/conform");
    fs::create_dir_all(&folder)?;
    let (native, wanted) = native(&questions);
    let mut rows = vec![native];
    for target in targets {
        rows.push(ask(target, &questions, &wanted, &folder, times)?);
    }
    print!("{}", table::markdown(&rows));
    let skipped: Vec<String> = rows.iter().filter_map(Row::skipped).collect();
    if !skipped.is_empty() {
        eprintln!("\nSKIPPED:\n  {}\n", skipped.join("\n  "));
    }
    match rows.iter().filter(|row| row.different > 0).count() {
        0 => Ok(rows),
        count => Err(format!("{count} targets answer differently: see {}", folder.display()).into()),
    }
}

/// The engine in this process: what all others are held to.
fn native(questions: &[String]) -> (Row, Vec<String>) {
    let mut desk = Desk::default();
    let answers: Vec<String> = questions
        .iter()
        .map(|question| {
            let answer = Question::read(question.as_bytes(), |question| desk.answer(&question));
            let answer = answer.unwrap_or_else(|problems| problems_line(&problems));
            String::from_utf8_lossy(&answer).into_owned()
        })
        .collect();
    let row = Row {
        target: "native".to_owned(),
        what: "core, Rust".to_owned(),
        version: concat!("rustc ", env!("CARGO_PKG_RUST_VERSION")).to_owned(),
        cases: questions.len(),
        equal: questions.len(),
        ..Row::default()
    };
    (row, answers)
}

/// Asks one target everything and compares.
fn ask(target: &Target, questions: &[String], wanted: &[String], folder: &Path, times: bool) -> Result<Row> {
    let mut row = Row {
        target: target.name.to_owned(),
        what: target.what.to_owned(),
        size: (target.file)().metadata().ok().map(|file| file.len()),
        ..Row::default()
    };
    eprintln!("\n== {}: {}", target.name, target.what);
    let mut program = match (target.program)(times)? {
        Ok(program) => program,
        Err(why) => {
            row.missing = Some(why);
            return Ok(row);
        }
    };
    let name = format!("{} {}", target.name, target.what);
    let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let file = |kind: &str| folder.join(format!("{}.{kind}", name.to_lowercase()));
    let lines = questions.iter().map(serde_json::to_string).collect::<std::result::Result<Vec<_>, _>>()?;
    fs::write(file("questions"), lines.join("\n") + "\n")?;
    fs::remove_file(file("answers")).ok();
    program.args([file("questions"), file("answers")]).stderr(std::process::Stdio::inherit());
    // Alone, they look where cargo builds unless it is told another place.
    program.env("SLACLOCK_COMPONENT", build::component_path());
    program.env("SLACLOCK_ABI", build::target().join("slaclock/slaclock_abi.wasm"));
    let output = program.output().map_err(|error| format!("{}: cannot start: {error}", target.name))?;
    if !output.status.success() {
        return Err(format!("{} ({}) failed: {}", target.name, target.what, output.status).into());
    }
    let last = output.stdout.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
    let figures: Value = serde_json::from_slice(last)?;
    row.version = figures["version"].as_str().unwrap_or_default().to_owned();
    if times {
        row.cold_us = figures["cold_us"].as_u64();
        row.each_us = figures["each_us"].as_u64();
    }

    let answers = fs::read_to_string(file("answers"))?;
    let mut answers = answers.lines();
    let mut differences = String::new();
    for (question, wanted) in questions.iter().zip(wanted) {
        let found = answers.next().map(serde_json::from_str::<String>).transpose()?;
        row.cases += 1;
        if found.as_ref() == Some(wanted) {
            row.equal += 1;
        } else {
            row.different += 1;
            let found = found.as_deref().unwrap_or("nothing");
            differences.push_str(&format!("asked  {question}\nwanted {wanted}\nfound  {found}\n\n"));
        }
    }
    fs::write(file("differences"), differences)?;
    eprintln!("{} cases, {} equal, {} different", row.cases, row.equal, row.different);
    Ok(row)
}
