//! `slaclock edge`: the function that answers the HTTP contract, served here or written for other hosts.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use serde_json::value::RawValue;
use slaclock_core::Options;

use super::clocks::placed;
use super::engines::Opened;
use super::{Outcome, Result, values};
use crate::document::Document;
use crate::edge::{Settings, embedded_bytes, ready, serve};
use crate::engine::Question;
use crate::error::{Code, Problem};
use crate::plugin::Limits;
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slaclock edge -a agreement.yaml
  slaclock edge -a agreement.yaml --token-sha256 $(printf %s \"$token\" | sha256sum | cut -c1-64) --write function.wasm
  wasmtime serve function.wasm")]
pub(super) struct Arguments {
    /// An agreement that the function knows by its id, in YAML or JSON
    #[arg(short, long, value_name = "FILE")]
    agreement: Vec<PathBuf>,
    /// SHA-256 of a bearer token, in hexadecimal; without any, nobody is asked for one
    #[arg(long, value_name = "HEX", value_parser = hash)]
    token_sha256: Vec<String>,
    /// A page that may read the answers, such as `https://desk.example`
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Refuse questions that bring their agreement
    #[arg(long)]
    no_inline: bool,
    /// Largest body of a request
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    max_body: usize,
    /// How long a body may take to arrive
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration)]
    body_time: Duration,
    /// Write the function with its settings for other hosts of wasi:http, instead of serving it
    #[arg(long, value_name = "FILE", conflicts_with = "listen")]
    write: Option<PathBuf>,
    /// Serve a function that was written before, with the settings in it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["agreement", "token_sha256", "origin", "no_inline", "max_body", "body_time", "write"])]
    function: Option<PathBuf>,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Most memory of one request
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = values::memory)]
    memory_limit: usize,
    /// Longest time that one request may compute
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration)]
    time_limit: Duration,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let one = |problem| vec![problem];
    let limits = Limits { memory: arguments.memory_limit, time: arguments.time_limit };
    if let Some(path) = arguments.function {
        let function = fs::read(&path).map_err(|error| {
            let name = path.display().to_string();
            vec![Problem::new(Code::Unreadable, format!("cannot read: {error}"), name)]
        })?;
        return serve(&function, limits, arguments.listen).map(|()| Outcome::Done).map_err(one);
    }
    let settings = Settings {
        agreements: agreements(&arguments.agreement)?,
        tokens: arguments.token_sha256,
        origins: arguments.origin,
        inline: !arguments.no_inline,
        max_body: arguments.max_body,
        body_time_ms: u64::try_from(arguments.body_time.as_millis()).unwrap_or(u64::MAX),
    };
    let function = ready(embedded_bytes().map_err(one)?, &settings).map_err(one)?;
    let Some(path) = arguments.write else {
        return serve(&function, limits, arguments.listen).map(|()| Outcome::Done).map_err(one);
    };
    let name = path.display().to_string();
    fs::write(path, function)
        .map_err(|error| vec![Problem::new(Code::Unwritable, format!("cannot write: {error}"), name)])?;
    Ok(Outcome::Done)
}

/// Agreements by the ids that stand in them.
fn agreements(files: &[PathBuf]) -> Result<BTreeMap<String, Box<RawValue>>> {
    let mut agreements = BTreeMap::new();
    for file in files {
        let document = Document::read(file).map_err(|problem| vec![problem])?;
        // The function would say the same, all in one message and without the lines of the file.
        let question = Question::Clocks {
            agreement: document.json.clone(),
            allow_later: false,
            options: Options::at(now()),
            explained: false,
        };
        Opened::Native.engines(&question, 1).map_err(|problems| placed(problems, &document))?;
        let bad = |message: String| vec![Problem::new(Code::Usage, message, document.name.clone())];
        let read: Value = serde_json::from_str(&document.json).map_err(|error| bad(error.to_string()))?;
        let id = read.get("id").and_then(Value::as_str).ok_or_else(|| bad("it has no `id`".to_owned()))?;
        let json = RawValue::from_string(document.json.clone()).map_err(|error| bad(error.to_string()))?;
        if agreements.insert(id.to_owned(), json).is_some() {
            return Err(bad(format!("another file has the id `{id}`")));
        }
    }
    Ok(agreements)
}

fn hash(text: &str) -> std::result::Result<String, String> {
    let fits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(text.to_ascii_lowercase()) } else { Err("not 64 hexadecimal digits".to_owned()) }
}
