// The Worker as wrangler bundles it, in workerd, with its agreements in a KV namespace.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { cases, faults, settings } from "./contract.mjs";

const folder = fileURLToPath(new URL("../worker", import.meta.url));
const { Miniflare } = createRequire(join(folder, "package.json"))("miniflare");

const out = mkdtempSync(join(tmpdir(), "slaclock-worker-"));
let worker, origin;

/** The modules that would be deployed. */
function bundled() {
  const env = { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
  execFileSync(join(folder, "node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--outdir", out], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const files = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  // The first module is the worker.
  files.sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"));
  const type = (name) => (name.endsWith(".wasm") ? "CompiledWasm" : "ESModule");
  return files.map((name) => ({ type: type(name), path: join(out, name), contents: readFileSync(join(out, name)) }));
}

const started = (modules, bindings) =>
  new Miniflare({ modules, modulesRoot: out, compatibilityDate: "2026-04-01", kvNamespaces: ["AGREEMENTS"], bindings, port: 0, host: "127.0.0.1" });

before(async () => {
  const bindings = { TOKENS_SHA256: settings.tokens.join(" ").toUpperCase(), ORIGINS: settings.origins.join(" "), MAX_BODY: String(settings.max_body), BODY_TIME_MS: "500" };
  worker = started(bundled(), bindings);
  origin = (await worker.ready).origin;
  const kept = await worker.getKVNamespace("AGREEMENTS");
  for (const [id, document] of Object.entries(settings.agreements)) await kept.put(id, JSON.stringify(document));
});
after(async () => {
  await worker?.dispose();
  rmSync(out, { recursive: true });
});

describe("the Worker, in workerd", () => {
  for (const one of cases) {
    test(one.name, async () => assert.deepEqual(await faults(origin, one, fetch), []));
  }

  test("many requests at once", async () => {
    const [one] = cases;
    const found = await Promise.all(Array.from({ length: 200 }, () => faults(origin, one, fetch)));
    assert.deepEqual(found.flat(), []);
  });

  test("a body that does not end is not waited for", async () => {
    const { request: { path, headers } } = cases[0];
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
    const response = await fetch(origin + path, { method: "POST", headers, body, duplex: "half" });
    assert.equal(response.status, 408);
    assert.equal((await response.json()).error.code, "SLA-H0713");
  });

  test("a sender that goes away harms nobody", async () => {
    const { request: { path, headers } } = cases[0];
    for (let round = 0; round < 20; round += 1) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
      const gone = fetch(origin + path, { method: "POST", headers, body, duplex: "half", signal: AbortSignal.timeout(20) });
      await assert.rejects(gone);
    }
    assert.deepEqual(await faults(origin, cases[0], fetch), []);
  });
});
