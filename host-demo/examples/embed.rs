//! The component in a Rust program, with nothing but Wasmtime: `embed slaclock.wasm QUESTIONS ANSWERS`.
//!
//! It answers a file of questions, as `cargo xtask conform` asks them of every target, and says how long it took.

use std::error::Error;
use std::time::Instant;
use std::{env, fs};

use serde_json::{Value, json};
use slaclock_core::Instant as At;
use wasmtime::component::{Component, Linker, ResourceAny};
use wasmtime::{Engine, Store};

#[allow(missing_docs, reason = "generated; the contract itself is documented")]
mod contract {
    wasmtime::component::bindgen!({ path: "../wasm-component/wit", world: "plugin" });
}

use contract::exports::slaclock::sla::engine::{Options, Problem, Severity};

/// An instance of the component, and the last agreement compiled in it.
struct Sla {
    store: Store<()>,
    plugin: contract::Plugin,
    last: Option<(String, ResourceAny)>,
}

impl Sla {
    fn start(path: &str) -> wasmtime::Result<Self> {
        let engine = Engine::default();
        let component = Component::from_file(&engine, path)?;
        let mut store = Store::new(&engine, ());
        // An empty linker: the component imports nothing.
        let plugin = contract::Plugin::instantiate(&mut store, &component, &Linker::new(&engine))?;
        Ok(Self { store, plugin, last: None })
    }

    /// The agreement, compiled; the last one stays so.
    fn agreement(&mut self, document: &str) -> wasmtime::Result<Result<ResourceAny, Vec<Problem>>> {
        if let Some((last, agreement)) = &self.last
            && last == document
        {
            return Ok(Ok(*agreement));
        }
        if let Some((_, old)) = self.last.take() {
            old.resource_drop(&mut self.store)?;
        }
        let engine = self.plugin.slaclock_sla_engine().agreement();
        let parsed = engine.call_parse(&mut self.store, document, false)?;
        if let Ok(agreement) = parsed {
            self.last = Some((document.to_owned(), agreement));
        }
        Ok(parsed)
    }

    /// The answer to a question: its first line says what is asked, the next may be the agreement.
    fn ask(&mut self, question: &str) -> Result<String, Box<dyn Error>> {
        let (first, body) = question.split_once('\n').unwrap_or((question, ""));
        let head: Value = serde_json::from_str(first)?;
        let ms = |key: &str| head[key].as_str().map(At::parse).transpose().map(|at| at.map(At::ms));
        let what = head["do"].as_str().unwrap_or_default();
        let engine = self.plugin.slaclock_sla_engine();
        match what {
            "about" => {
                let about = engine.call_describe(&mut self.store)?;
                let [version, zones, sets] = [about.version, about.tz_version, about.holiday_sets_version];
                // Spelt out, as the keys have an order.
                return Ok(format!(
                    "{{\"version\":{},\"tz_version\":{},\"holiday_sets_version\":{}}}\n",
                    json!(version),
                    json!(zones),
                    json!(sets)
                ));
            }
            "hours" => {
                return Ok(String::from_utf8(engine.call_hours_lines(&mut self.store, body.as_bytes())?)?);
            }
            "lint" => {
                let today = head["today"].as_str().unwrap_or_default();
                return Ok(match engine.call_lint(&mut self.store, body, today)? {
                    Ok(findings) => findings.iter().map(finding_line).collect(),
                    Err(problems) => problems_line(&problems),
                });
            }
            _ => {}
        }
        let (document, body) = body.split_once('\n').unwrap_or((body, ""));
        let agreement = match self.agreement(document)? {
            Ok(agreement) => agreement,
            Err(problems) => return Ok(problems_line(&problems)),
        };
        let now = ms("now")?.ok_or("a question without `now`")?;
        let options = Options { now, known_at: ms("known_at")? };
        let engine = self.plugin.slaclock_sla_engine().agreement();
        let store = &mut self.store;
        let answer = match what {
            "clocks" => engine.call_evaluate_lines(store, agreement, body.as_bytes(), options)?,
            "explain" => engine.call_explain_lines(store, agreement, body.as_bytes(), options)?,
            _ => {
                let preview = engine.call_preview(store, agreement, body, now)?;
                return Ok(preview.map_or_else(|problems| problems_line(&problems), |line| line + "\n"));
            }
        };
        Ok(match answer {
            Ok(lines) => String::from_utf8(lines)?,
            Err(problem) => problems_line(&[problem]),
        })
    }
}

fn problems_line(problems: &[Problem]) -> String {
    let problems: Vec<String> = problems
        .iter()
        .map(|Problem { code, message, pointer, mend }| {
            let mend = mend.as_ref().map(|mend| format!(",\"mend\":{}", json!(mend))).unwrap_or_default();
            let [code, message, pointer] = [code, message, pointer].map(|text| json!(text));
            format!("{{\"code\":{code},\"message\":{message},\"pointer\":{pointer}{mend}}}")
        })
        .collect();
    format!("{{\"problems\":[{}]}}\n", problems.join(","))
}

fn finding_line(finding: &contract::exports::slaclock::sla::engine::Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let pairs = [
        ("rule", finding.rule.as_str()),
        ("severity", severity),
        ("pointer", &finding.pointer),
        ("message", &finding.message),
        ("mend", &finding.mend),
    ];
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("\"{key}\":{}", json!(value))).collect();
    format!("{{{}}}\n", pairs.join(","))
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [component, questions, answers] = paths.as_slice() else {
        return Err("usage: embed slaclock.wasm QUESTIONS ANSWERS".into());
    };
    let text = fs::read_to_string(questions)?;
    let questions: Vec<String> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let cold = Instant::now();
    let mut sla = Sla::start(component)?;
    sla.ask(questions.first().ok_or("no questions")?)?;
    let (cold, begun) = (cold.elapsed(), Instant::now());
    let mut answered = String::new();
    for question in &questions {
        answered += &serde_json::to_string(&sla.ask(question)?)?;
        answered.push('\n');
    }
    let each = begun.elapsed().as_micros() / questions.len().max(1) as u128;
    fs::write(answers, answered)?;
    let version = "Wasmtime 48";
    println!("{}", json!({ "version": version, "cold_us": cold.as_micros() as u64, "each_us": each as u64 }));
    Ok(())
}
