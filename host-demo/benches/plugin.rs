//! `cargo xtask soak plugin`: hours of hostile plugins beside a good one. It prints latencies of the good one alone
//! and beside them, and the memory of the process as it goes; nothing here passes or fails by time.

#[path = "../tests/guest/mod.rs"]
mod guest;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant as Stopwatch};
use std::{env, fs};

use serde_json::Value;
use slaclock_core::{Instant, Options};
use slaclock_host::plugin::{Cache, Limits, Live, Plugin, Runtime, Share, Tenant, Terms};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// What the guest does with these is told at the head of `tests/guest/guest.wat`.
const HOSTILE: [&str; 13] = ["!", "~", ";", "^", "#", "&", "%", "@", "$", "<", "*", "?", "|"];

const AGREEMENT: &str = r#"{"slaclock":"1","id":"soak","time_zone":"Europe/Rome",
    "calendars":{"office":{"hours":{"mon-fri":["09:00-17:00"]}}},
    "policies":[{"id":"all","clocks":{"resolution":{"within":"8h","calendar":"office"}}}]}"#;

fn main() -> Result {
    let Some(minutes) =
        env::var("SLACLOCK_SOAK_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok())
    else {
        eprintln!("nothing is run: this is a part of `cargo xtask soak plugin`");
        return Ok(());
    };
    let bench = Bench::new()?;
    println!("at rest: {} MB", resident()? / 1_000_000);
    let phase = Duration::from_secs(minutes * 60);
    bench.run("alone", &[], phase / 10)?;
    // A gigabyte each: what the machine has decides how many at a time.
    bench.run("beside hostile plugins", &HOSTILE, phase * 8 / 10)?;
    bench.run("alone again", &[], phase / 10)?;
    Ok(())
}

struct Bench {
    good: Live,
    hostile: Live,
    plugins: (Plugin, Plugin),
    /// Answers of the hostile plugins by code.
    codes: Mutex<BTreeMap<String, u64>>,
    swaps: AtomicU64,
}

impl Bench {
    fn new() -> Result<Self> {
        let limits = Limits { memory: 1 << 30, time: Duration::from_millis(100) };
        let runtime = Runtime::new(limits, 8, Cache::of_user()).map_err(|problem| problem.message)?;
        let load = |bytes: &[u8], name| runtime.load(bytes, name).map_err(|problem| problem.message);
        let (bytes, name) = Plugin::embedded_bytes().map_err(|problem| problem.message)?;
        let good = load(bytes, name)?;
        let plugins = (load(&guest::guest('A'), "guest A")?, load(&guest::guest('B'), "guest B")?);
        let share = Share { calls: 2, wait: Duration::from_secs(60), limits };
        let live = |plugin: &Plugin, agreement: &str| {
            let terms = Terms { agreement: agreement.to_owned(), allow_later: false };
            Live::new(Arc::new(Tenant::new(plugin.name(), share)), plugin, terms)
                .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<String>())
        };
        Ok(Self {
            good: live(&good, AGREEMENT)?,
            hostile: live(&plugins.0, "{ }")?,
            plugins,
            codes: Mutex::default(),
            swaps: AtomicU64::new(0),
        })
    }

    /// One caller of the good plugin, a hundred tickets a second; two of the hostile one, one after the other.
    fn run(&self, name: &str, hostile: &[&str], time: Duration) -> Result {
        let until = Stopwatch::now() + time;
        let done = AtomicBool::new(false);
        let (mut latencies, mut most, mut lost) = (Vec::new(), 0, 0_u64);
        thread::scope(|scope| -> Result {
            for caller in 0..2 {
                let done = &done;
                scope.spawn(move || self.misbehave(hostile, caller, done));
            }
            let ticket = b"{\"id\":\"a\",\"created_at\":\"2026-11-20T09:00:00Z\"}\n";
            let options = Options::at(Instant::parse("2026-11-21T11:00:00Z")?);
            let mut wanted = None;
            while Stopwatch::now() < until {
                let begun = Stopwatch::now();
                let answer = self.good.answer(ticket, options, false);
                latencies.push(begun.elapsed());
                let lines = answer.map(|answer| answer.lines).unwrap_or_default();
                lost += u64::from(*wanted.get_or_insert_with(|| lines.clone()) != lines || lines.is_empty());
                most = most.max(resident()?);
                thread::sleep(Duration::from_millis(10));
            }
            done.store(true, Relaxed);
            Ok(())
        })?;
        latencies.sort_unstable();
        let at = |share: usize| latencies.get(latencies.len() * share / 1000).copied().unwrap_or_default();
        println!(
            "{name}: {} calls of the good plugin, {lost} lost or otherwise; median {:.0?}, p99 {:.0?}, longest {:.0?}",
            latencies.len(),
            at(500),
            at(990),
            latencies.last().copied().unwrap_or_default(),
        );
        println!("  memory {} MB, at most {} MB", resident()? / 1_000_000, most / 1_000_000);
        if !hostile.is_empty() {
            let codes = self.codes.lock().map_err(|error| error.to_string())?;
            println!("  answers of the hostile ones {codes:?}; {} swaps", self.swaps.load(Relaxed));
        }
        if lost > 0 { Err("answers of the good plugin were lost or changed".into()) } else { Ok(()) }
    }

    fn misbehave(&self, hostile: &[&str], caller: usize, done: &AtomicBool) {
        for (round, own) in hostile.iter().cycle().enumerate().skip(caller) {
            if done.load(Relaxed) {
                return;
            }
            let line = format!(
                r#"{{"id":"b","ticket":"b","own":"{own}","clocks":[],"next_event_at":null}}{}"#,
                "\n"
            );
            let options = Options::at(Instant::MIN);
            let codes = match self.hostile.answer(line.as_bytes(), options, false) {
                Ok(answer) => {
                    let answer: Value = serde_json::from_slice(&answer.lines).unwrap_or_default();
                    answer["error"]["code"].as_str().unwrap_or("answered").to_owned()
                }
                Err(problems) => {
                    problems.first().map_or_else(String::new, |problem| problem.code.to_string())
                }
            };
            if let Ok(mut all) = self.codes.lock() {
                *all.entry(codes).or_default() += 1;
            }
            if round % 100 == 99 {
                let next = if round % 200 == 99 { &self.plugins.1 } else { &self.plugins.0 };
                let terms = Terms { agreement: "{ }".to_owned(), allow_later: false };
                self.swaps.fetch_add(u64::from(self.hostile.swap(next, terms).is_ok()), Relaxed);
            }
        }
    }
}

/// Bytes of this process in memory, where the system tells them as Linux does.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}
