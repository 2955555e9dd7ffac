// The Worker as wrangler bundles it, to be started in workerd.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../worker", import.meta.url));
const require = createRequire(join(folder, "package.json"));
const { Miniflare } = require("miniflare");

/** The modules that would be deployed, and how to start them with bindings. */
export function bundle() {
  const out = mkdtempSync(join(tmpdir(), "slaclock-worker-"));
  const env = { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
  execFileSync(join(folder, "node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--outdir", out], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const files = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  // The first module is the worker.
  files.sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"));
  const type = (name) => (name.endsWith(".wasm") ? "CompiledWasm" : "ESModule");
  const modules = files.map((name) => ({ type: type(name), path: join(out, name), contents: readFileSync(join(out, name)) }));
  const start = (chosen, bindings = {}, options = {}) =>
    new Miniflare({ modules: chosen, modulesRoot: out, compatibilityDate: "2026-04-01", kvNamespaces: ["AGREEMENTS"], bindings, port: 0, host: "127.0.0.1", ...options });
  return { modules, start, version: require("workerd/package.json").version, remove: () => rmSync(out, { recursive: true }) };
}
