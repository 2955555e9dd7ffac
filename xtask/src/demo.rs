//! `cargo xtask demo`: builds everything, makes a month of tickets up to now, and serves the board.

use std::time::SystemTime;

use crate::run::{Result, command, root, run};
use crate::{build, demo_data};

pub(crate) fn run_demo(args: impl Iterator<Item = String>) -> Result {
    let args: Vec<String> = args.collect();
    build::component()?;
    build::web()?;
    let slaclock = build::binary(false)?;
    let folder = root().join("demo");
    let now = i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?;
    let summary = demo_data::write(&folder, now)?;
    eprintln!(
        "{} tickets, {} of them open, with {} events, in demo/",
        summary.tickets, summary.open, summary.events
    );
    if args.iter().any(|arg| arg == "--no-serve") {
        return Ok(());
    }
    let mut serve = command(&slaclock.to_string_lossy());
    serve.arg("serve").arg("-a").arg(folder.join("agreement.yaml")).arg(folder.join("tickets.jsonl"));
    run(serve.args(args))
}
