// What a request costs at the edge: `node edge.mjs WASMTIME FUNCTION EMPTY`. The Worker in workerd and a function under
// `wasmtime serve` (with the words of `OPTIONS`) are asked in turn, each beside one that does nothing. The processor time
// of each server is read from /proc, so that what else runs on the machine matters less.
//
// FUNCTION is written by `slaclock edge -a agreement.json --write FILE`, from the agreement below. EMPTY is
// `cargo build --release --target wasm32-unknown-unknown --package slaclock-edge --example empty`, made a component by
// `npx jco new`. Linux only.

import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { bundle } from "../../edge/test/bundle.mjs";

const [wasmtime, functionPath, emptyPath] = process.argv.slice(2);
const ROUNDS = Number(process.env.ROUNDS ?? 2000);
const AGREEMENT = { slaclock: "1", id: "acme", time_zone: "America/New_York", calendars: { office: { hours: { "mon-fri": ["09:00-17:00"] }, holidays: [{ use: "us-federal" }] } }, policies: [{ id: "all", clocks: { first_response: { within: "1h", calendar: "office" }, resolution: { within: "8h", calendar: "office" } } }] };
const TICKET = { id: "T-1", created_at: "2026-11-20T16:00:00Z", events: [{ at: "2026-11-20T16:20:00Z", reply: { by: "agent", public: true } }] };
const ask = { method: "POST", body: `${JSON.stringify(TICKET)}\n` };
const PATH = "/v1/evaluate?agreement=acme&now=2026-11-23T16:30:00Z";

/** Seconds of processor time of a process and all below it. */
function used(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const children = (pid) => readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((name) => {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
  } catch {
    return false;
  }
}).map(Number);

async function serve(file, port) {
  const child = spawn(wasmtime, ["serve", ...(process.env.OPTIONS?.split(" ") ?? []), "--addr", `127.0.0.1:${port}`, file], { stdio: "ignore" });
  const origin = `http://127.0.0.1:${port}`;
  for (;;) {
    await sleep(100);
    if (await fetch(origin).catch(() => null)) return { origin, pid: child.pid, close: () => child.kill() };
  }
}

async function worker(modules, start) {
  const before = new Set(children(process.pid));
  const server = start(modules);
  const { origin } = await server.ready;
  const pid = children(process.pid).find((child) => !before.has(child));
  return { server, origin, pid, close: () => server.dispose() };
}

const { modules, start, remove } = bundle();
const servers = {
  "empty Worker": await worker([{ type: "ESModule", path: "empty.js", contents: "export default { fetch: () => new Response() };" }], (chosen) => start(chosen, {}, { modulesRoot: "." })),
  Worker: await worker(modules, start),
  "empty component": await serve(emptyPath, 8961),
  component: await serve(functionPath, 8962),
};
try {
  await (await servers.Worker.server.getKVNamespace("AGREEMENTS")).put("acme", JSON.stringify(AGREEMENT));
  const took = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  const once = async (name) => {
    const begun = performance.now();
    const response = await fetch(servers[name].origin + PATH, ask);
    const text = await response.text();
    took[name].push((performance.now() - begun) * 1000);
    if (response.status !== 200 || (!name.startsWith("empty") && !text.includes('"resolution"'))) throw new Error(`${name}: ${response.status} ${text}`);
  };
  for (let round = 0; round < 200; round += 1) for (const name in servers) await once(name);
  const begun = Object.fromEntries(Object.entries(servers).map(([name, { pid }]) => [name, used(pid)]));
  for (const name in took) took[name].length = 0;
  for (let round = 0; round < ROUNDS; round += 1) for (const name in servers) await once(name);
  for (const [name, { pid }] of Object.entries(servers)) {
    const times = took[name].sort((a, b) => a - b);
    const at = (share) => Math.round(times[Math.floor(times.length * share)]);
    const cpu = Math.round(((used(pid) - begun[name]) / ROUNDS) * 1e6);
    console.log(JSON.stringify({ name, requests: ROUNDS, cpu_us: cpu, p50_us: at(0.5), p99_us: at(0.99) }));
  }
} finally {
  for (const { close } of Object.values(servers)) await close();
  remove();
}
