//! The edge beside servers of the same kind that do nothing: `tests/bench/edge.mjs`, made ready.

use std::fs;

use crate::run::{Result, cargo, command, first_found, root, run};
use crate::{build, setup};

/// One zone, its federal holidays, two clocks.
const AGREEMENT: &str = r#"{"slaclock":"1","id":"acme","time_zone":"America/New_York","calendars":{"office":{"hours":{"mon-fri":["09:00-17:00"]},"holidays":[{"use":"us-federal"}]}},"policies":[{"id":"all","clocks":{"first_response":{"within":"1h","calendar":"office"},"resolution":{"within":"8h","calendar":"office"}}}]}"#;

pub(crate) fn measure() -> Result {
    setup::node()?;
    setup::npm_packages("edge/worker")?;
    build::component()?;
    build::web()?;
    let slaclock = build::binary(true)?;
    let folder = build::target().join("slaclock/edge");
    fs::create_dir_all(&folder)?;
    let agreement = folder.join("agreement.json");
    fs::write(&agreement, AGREEMENT)?;
    let mut write = command(&slaclock.to_string_lossy());
    run(write.args(["edge", "-a"]).arg(&agreement).arg("--write").arg(folder.join("function.wasm")))?;
    fs::write(folder.join("empty.wasm"), empty()?)?;

    let mut node = command("node");
    node.arg(root().join("tests/bench/edge.mjs")).arg(&folder).env("SLACLOCK_BIN", slaclock);
    if std::env::var_os("WASMTIME").is_none()
        && let Some(wasmtime) = first_found(&["wasmtime"])
    {
        node.env("WASMTIME", wasmtime);
    }
    run(&mut node)
}

/// The component that answers every request with nothing.
fn empty() -> Result<Vec<u8>> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let mut build = cargo();
    build.args(["build", "--profile", "plugin", "--target", TARGET, "--package", "slaclock-edge"]);
    run(build.args(["--example", "empty"]))?;
    let module = fs::read(build::target().join(TARGET).join("plugin/examples/empty.wasm"))?;
    Ok(wit_component::ComponentEncoder::default().validate(true).module(&module)?.encode()?)
}
