// The component of `wasi:http` in Wasmtime, as `slaclock edge` serves it: the same answers as the handler, to the byte.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import * as slaclock from "../../wasm-web/js/node.js";
import { createHandler } from "../handler/handler.js";
import { bodyOf, cases, faults, settings, stalled } from "./contract.mjs";

const description = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));
const documents = Object.fromEntries(Object.entries(settings.agreements).map(([id, document]) => [id, JSON.stringify(document)]));
const handler = createHandler({
  slaclock, description, find: async (id) => (Object.hasOwn(documents, id) ? documents[id] : null),
  tokens: settings.tokens, origins: settings.origins, maxBody: settings.max_body,
});

const folder = mkdtempSync(join(tmpdir(), "slaclock-edge-"));
const cache = join(folder, "cache");
let server, origin;

/** A server of the contract's settings, and where it listens. */
async function start() {
  const options = ["edge", "--listen", "127.0.0.1:0", "--max-body", settings.max_body, "--body-time", "500ms"];
  for (const [id, document] of Object.entries(documents)) {
    writeFileSync(join(folder, `${id}.json`), document);
    options.push("-a", join(folder, `${id}.json`));
  }
  for (const token of settings.tokens) options.push("--token-sha256", token);
  for (const page of settings.origins) options.push("--origin", page);
  const env = { ...process.env, SLACLOCK_CACHE: cache };
  const server = spawn(process.env.SLACLOCK_BIN, options.map(String), { env, stdio: ["ignore", "pipe", "inherit"] });
  const origin = await new Promise((resolve, reject) => {
    server.stdout.on("data", (said) => resolve(/http:\/\/\S+/.exec(String(said))[0]));
    server.on("exit", (code) => reject(new Error(`slaclock edge ended with ${code}`)));
  });
  return { server, origin };
}

before(async () => {
  ({ server, origin } = await start());
});
after(() => {
  server?.kill();
  rmSync(folder, { recursive: true });
});

/** What of an answer must be the same everywhere. */
async function answer(response) {
  const told = (name) => response.headers.get(name)?.replace("; charset=utf-8", "") ?? null;
  const names = ["content-type", "cache-control", "slaclock-next-event-at", "vary", "allow", "www-authenticate", "access-control-allow-origin"];
  return { status: response.status, headers: Object.fromEntries(names.map((name) => [name, told(name)])), body: await response.text() };
}

/** Sends bytes as they are and answers all that comes back. */
const raw = (text) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    let answered = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on("data", (data) => (answered += data));
    socket.on("end", () => resolve(answered));
    socket.on("error", reject);
  });

describe("the component, in Wasmtime", () => {
  for (const one of cases) {
    test(one.name, async () => {
      assert.deepEqual(await faults(origin, one, fetch), []);
      const { method, path, headers } = one.request;
      const init = () => ({ method, headers, body: bodyOf(one.request), duplex: "half" });
      // The description is written on several lines in one of them.
      const plain = ({ body, ...rest }) => ({ ...rest, body: path === "/v1/openapi.json" ? JSON.parse(body) : body });
      const [wanted, found] = [await handler(new Request(`http://edge.test${path}`, init())), await fetch(origin + path, init())];
      assert.deepEqual(plain(await answer(found)), plain(await answer(wanted)));
    });
  }

  test("many requests at once", async () => {
    const found = await Promise.all(Array.from({ length: 200 }, () => faults(origin, cases[0], fetch)));
    assert.deepEqual(found.flat(), []);
  });

  test("a body that does not end is not waited for", async () => {
    const { path } = cases[0].request;
    const head = `POST ${path} HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer secret\r\n`;
    assert.match(await raw(`${head}content-length: 10\r\nconnection: close\r\n\r\n{`), /^HTTP\/1.1 408 [^]*"code":"SLA-H0713"/);
    assert.match(await raw(`${head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n1\r\n{\r\n`), /^HTTP\/1.1 408 /);
  });

  test("a body that says its length and does not come is not waited for", async () => {
    const answered = await stalled(origin, cases[0].request);
    assert.match(answered, /^HTTP\/1.1 408 /);
    assert.match(answered, /"SLA-H0713"/);
    assert.deepEqual(await faults(origin, cases[0], fetch), []);
  });

  test("a sender that goes away harms nobody", async () => {
    const { request: { path, headers } } = cases[0];
    for (let round = 0; round < 20; round += 1) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
      await assert.rejects(fetch(origin + path, { method: "POST", headers, body, duplex: "half", signal: AbortSignal.timeout(20) }));
    }
    assert.deepEqual(await faults(origin, cases[0], fetch), []);
  });

  test("it is compiled once", async () => {
    const kept = () => readdirSync(join(cache, "plugins")).map((name) => [name, statSync(join(cache, "plugins", name)).mtimeMs]);
    const before = kept();
    assert.equal(before.filter(([name]) => name.endsWith(".cwasm")).length, 1);
    const again = await start();
    try {
      assert.deepEqual(await faults(again.origin, cases[0], fetch), []);
      assert.deepEqual(kept(), before);
    } finally {
      again.server.kill();
    }
  });

  test("what is no HTTP is refused", async () => {
    assert.match(await raw("no request\r\n\r\n"), /^HTTP\/1.1 400 /);
    assert.match(await raw("GET /v1/health HTTP/1.0\r\n\r\n"), /^HTTP\/1.0 200 /);
  });
});
