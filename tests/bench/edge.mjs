// What a request costs at the edge, beside a server of the same kind that does nothing: `cargo xtask bench edge` makes all
// ready and runs it. Processor time is read from /proc, so that what else runs on the machine matters less; the times of
// day (requests a second, p99, cold starts) mean something on a quiet one only. Linux only.
//
// FOLDER (the argument) holds function.wasm and empty.wasm; SLACLOCK_BIN and, if there is one, WASMTIME name programs.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createRequire } from "node:module";
import process from "node:process";

import { bundle } from "../../edge/test/bundle.mjs";
import { Server, ask, many, quantile, used } from "./edge_server.mjs";

const folder = process.argv[2];
const { SLACLOCK_BIN, WASMTIME } = process.env;
const ROUNDS = Number(process.env.ROUNDS ?? 10_000);
const BLOCKS = 20;
const AT_A_TIME = 16;
const COLD = 9;

/** A Worker in workerd as it is, without the tools around it, and a namespace with one agreement. */
function worker(out, name, modules) {
  const kinds = { ESModule: "esModule", CompiledWasm: "wasm", Data: "data" };
  const list = modules.map(({ type, path }) => `(name = "${basename(path)}", ${kinds[type]} = embed "${basename(path)}")`);
  const path = join(out, `${name}.capnp`);
  const config = (port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "agreements", worker = .agreements)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);
const main :Workerd.Worker = (compatibilityDate = "2026-04-01", modules = [${list.join(", ")}],
  bindings = [(name = "AGREEMENTS", kvNamespace = "agreements")]);
const agreements :Workerd.Worker = (compatibilityDate = "2026-04-01", modules = [(name = "agreements", esModule = embed "agreements.mjs")]);
`;
  const require = createRequire(new URL("../../edge/worker/package.json", import.meta.url));
  const { default: program } = require("workerd");
  return new Server((port) => {
    writeFileSync(path, config(port));
    return [program, "serve", path];
  });
}

const { modules, remove, version } = bundle();
const out = dirname(modules[0].path);
const agreement = readFileSync(join(folder, "agreement.json"), "utf8");
writeFileSync(join(out, "agreements.mjs"), `export default { fetch: () => new Response(${JSON.stringify(agreement)}) };`);
// It is as large, and reads the agreement once: both are the runtime's to do.
writeFileSync(join(out, "empty.mjs"), `let agreement;
export default {
  async fetch({ method }, { AGREEMENTS }) {
    if (method === "POST") await (agreement ??= AGREEMENTS.get("acme"));
    return new Response();
  },
};`);
const empty = [{ type: "ESModule", path: "empty.mjs" }, ...modules.map(({ path }) => ({ type: "Data", path }))];

const sides = { [`Worker, workerd ${version}`]: { empty: worker(out, "empty", empty), ours: worker(out, "ours", modules) } };
const edge = (file) => new Server((port) => [SLACLOCK_BIN, "edge", "--function", join(folder, file), "--listen", `127.0.0.1:${port}`]);
sides["component, `slaclock edge`"] = { empty: edge("empty.wasm"), ours: edge("function.wasm") };
if (WASMTIME) {
  const wasmtime = execFileSync(WASMTIME, ["--version"], { encoding: "utf8" }).split(" ")[1];
  // Platforms compile what is deployed; here it is done before, too.
  for (const name of ["empty", "function"]) execFileSync(WASMTIME, ["compile", join(folder, `${name}.wasm`), "-o", join(folder, `${name}.cwasm`)]);
  const serve = (...options) => (file) => new Server((port) => [WASMTIME, "serve", "-O", "pooling-allocator=y", "--allow-precompiled", ...options, "--addr", `127.0.0.1:${port}`, join(folder, file)]);
  for (const [name, served] of [["an instance for each request", serve()], ["instances kept", serve("--max-instance-reuse-count", "1000")]]) {
    sides[`component, Wasmtime ${wasmtime}, ${name}`] = { empty: served("empty.cwasm"), ours: served("function.cwasm") };
  }
} else {
  console.error("WASMTIME names no program, and none was found: `wasmtime serve` is left out");
}

const servers = Object.values(sides).flatMap(({ empty, ours }) => [empty, ours]);
try {
  for (const { empty, ours } of Object.values(sides)) {
    // In turn, so that both find the same machine.
    for (let round = 0; round < COLD; round += 1) for (const server of [empty, ours]) await server.coldStart();
  }
  for (const server of servers) await server.start();
  for (const { ours } of Object.values(sides)) {
    const { status, text } = await ask(ours.port);
    if (status !== 200 || !text.includes('"resolution"')) throw new Error(`${status} ${text}`);
  }
  for (const server of servers) await many(server.port, ROUNDS / BLOCKS, AT_A_TIME);
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const server of servers) {
      const [processor, begun] = [used(server.pid), performance.now()];
      await many(server.port, ROUNDS / BLOCKS, AT_A_TIME);
      server.rates.push((ROUNDS / BLOCKS / (performance.now() - begun)) * 1000);
      server.costs.push((used(server.pid) - processor) / (ROUNDS / BLOCKS));
      server.times.push(...(await many(server.port, ROUNDS / BLOCKS / 5, 1)));
    }
  }
} finally {
  for (const server of servers) server.stop();
  remove();
}

const row = (cells) => console.log(`| ${cells.join(" | ")} |`);
/** A table of what is of both servers, and of ours more, where that can be said. */
function table(columns) {
  const names = columns.flatMap(([name, , , more]) => [`${name}: empty`, "ours", ...(more ? ["more"] : [])]);
  row(["", ...names]);
  row(["---", ...names.map(() => "--:")]);
  for (const [name, { empty, ours }] of Object.entries(sides)) {
    row([name, ...columns.flatMap(([, of, shown, more]) => [shown(of(empty)), shown(of(ours)), ...(more ? [shown(of(ours) - of(empty))] : [])])]);
  }
  console.log();
}
const whole = (number) => Math.round(number).toLocaleString("en");
const ms = (us) => `${(us / 1000).toFixed(1)} ms`;
// Other work on the machine only adds: the better quarter says more than the middle.
const better = (key) => (server) => quantile(server[key], 0.25);
table([
  ["µs of processor a request", better("costs"), whole, true],
  ["requests a second", (server) => quantile(server.rates, 0.75), whole],
  ["p99", (server) => quantile(server.times, 0.99), ms],
]);
table([
  ["ready after", better("ready"), ms, true],
  ["of processor", better("readyWork"), ms, true],
  ["first answer", better("first"), ms, true],
  ["of processor", better("firstWork"), ms, true],
]);
