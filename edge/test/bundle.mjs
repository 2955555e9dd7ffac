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

/** The modules that would be deployed, and how to start them with bindings; of the example `helpdesk` by its name. */
export function bundle(name) {
  const out = mkdtempSync(join(tmpdir(), "slaclock-worker-"));
  const env = { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
  const config = name === undefined ? [] : ["--config", `${name}.jsonc`];
  execFileSync(join(folder, "node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--outdir", out, ...config], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const files = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  // The first module is the worker.
  const first = `${name ?? "worker"}.js`;
  files.sort((a, b) => Number(b === first) - Number(a === first));
  const type = (file) => (file.endsWith(".wasm") ? "CompiledWasm" : "ESModule");
  const modules = files.map((file) => ({ type: type(file), path: join(out, file), contents: readFileSync(join(out, file)) }));
  const start = (chosen, bindings = {}, options = {}) =>
    new Miniflare({ modules: chosen, modulesRoot: out, compatibilityDate: "2026-04-01", kvNamespaces: ["AGREEMENTS"], bindings, port: 0, host: "127.0.0.1", ...options });
  return { modules, start, version: require("workerd/package.json").version, remove: () => rmSync(out, { recursive: true }) };
}
