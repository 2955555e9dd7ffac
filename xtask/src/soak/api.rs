//! The service's API, asked at random from its own description by Schemathesis: no question may end in a 500, and every answer
//! is as the description says.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::json;

use super::Options;
use crate::build;
use crate::run::{Result, first_found, run as run_command};

/// The version whose options are used here.
const SCHEMATHESIS: &str = "4.32.5";

/// What Schemathesis does not know of by itself.
const HOOKS: &str = include_str!("api_hooks.py");

/// What of every answer is looked at.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

pub(super) fn run(options: &Options) -> Result {
    let schemathesis = installed()?;
    build::component()?;
    build::web()?;
    // Not optimised: arithmetic that overflows panics there.
    let slaclock = build::binary(false)?;
    let folder = env::temp_dir().join(format!("slaclock-api-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let found = asked(&schemathesis, &slaclock, &folder, options.minutes.unwrap_or(10));
    fs::remove_dir_all(&folder)?;
    found
}

fn asked(schemathesis: &Path, slaclock: &Path, folder: &Path, minutes: u64) -> Result {
    let store = folder.join("store.db");
    let mut token = Command::new(slaclock);
    token.args(["token", "create", "--tenant", "soak", "--role", "admin", "--name", "soak", "--data"]);
    let token = String::from_utf8(token.arg(&store).stderr(Stdio::inherit()).output()?.stdout)?;
    let token =
        token.split_whitespace().find(|word| word.starts_with("slaclock_")).ok_or("no token was made")?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut serve = Command::new(slaclock);
    serve.args([
        "serve",
        "--listen",
        &address.to_string(),
        "--rate-limit",
        "1000000",
        "--log",
        "error",
        "--data",
    ]);
    let service = Service(serve.arg(&store).stdin(Stdio::null()).spawn()?);
    let begun = Instant::now();
    while put(address, token).is_err() {
        if begun.elapsed() > Duration::from_secs(60) {
            return Err("the service does not answer".into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    let hooks = folder.join("hooks.py");
    fs::write(&hooks, HOOKS)?;
    let mut ask = Command::new(schemathesis);
    ask.env("SCHEMATHESIS_HOOKS", hooks);
    ask.arg("run").arg(format!("http://{address}/v1/openapi.json"));
    ask.args([
        "--header",
        &format!("Authorization: Bearer {token}"),
        "--phases",
        "fuzzing,stateful",
        "--checks",
        CHECKS,
    ]);
    ask.args(["--max-time", &(minutes * 60).to_string(), "--request-timeout", "30", "--continue-on-failure"]);
    // What revokes its own token sees nothing more, and changes end with the reader.
    ask.args(["--exclude-path", "/v1/tokens/{id}", "--exclude-path", "/v1/changes"]);
    ask.args(["--suppress-health-check", "all", "--warnings", "off"]).current_dir(folder);
    let found = run_command(&mut ask);
    drop(service);
    found
}

/// Gives the service an agreement, so that questions go deeper.
fn put(address: SocketAddr, token: &str) -> Result {
    let document = json!({
        "slaclock": "1", "id": "default", "time_zone": "Europe/Rome",
        "statuses": { "Waiting": { "pause": "customer" }, "Solved": "resolved" },
        "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
        "policies": [{ "id": "all", "clocks": {
            "first_response": { "within": "1h", "calendar": "always" },
            "resolution": { "within": "8h", "calendar": "office", "alerts": ["50%"] }
        } }]
    })
    .to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "PUT /v1/agreements/default HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{document}",
        document.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 2") { Ok(()) } else { Err(answer.into()) }
}

/// Ends the service.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Schemathesis in an environment of Python of its own.
fn installed() -> Result<PathBuf> {
    let folder = build::target().join("slaclock/tools/schemathesis");
    let program = folder.join("bin/schemathesis");
    let version = Command::new(&program).arg("--version").output();
    if version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(SCHEMATHESIS)) {
        return Ok(program);
    }
    let python = first_found(&["python3"]).ok_or("Python 3 with the module venv is needed")?;
    run_command(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    let pip = folder.join("bin/pip");
    run_command(Command::new(pip).args(["install", "--quiet", &format!("schemathesis=={SCHEMATHESIS}")]))?;
    Ok(program)
}
