// The handler of edge functions, asked in this process and over HTTP.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as slaclock from "../../wasm-web/js/node.js";
import { createHandler } from "../handler/handler.js";
import { cases, faults, settings, stalled } from "./contract.mjs";

const description = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));

const documents = Object.fromEntries(Object.entries(settings.agreements).map(([id, document]) => [id, JSON.stringify(document)]));
const made = (options) =>
  createHandler({
    slaclock, description, find: async (id) => (Object.hasOwn(documents, id) ? documents[id] : null),
    tokens: settings.tokens, origins: settings.origins, maxBody: settings.max_body, ...options,
  });

describe("the contract", () => {
  const handler = made();
  for (const one of cases) {
    test(one.name, async () => {
      const found = await faults("http://edge.test", one, (url, init) => handler(new Request(url, { duplex: "half", ...init })));
      assert.deepEqual(found, []);
    });
  }
});

describe("limits", () => {
  test("a body that never ends is not waited for", async () => {
    let cancelled = false;
    const body = new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void (cancelled = true) });
    const request = new Request("http://edge.test/v1/evaluate?agreement=acme", { method: "POST", body, duplex: "half", headers: { authorization: "Bearer secret" } });
    const response = await made({ bodyTime: 50 })(request);
    assert.equal(response.status, 408);
    assert.equal((await response.json()).error.code, "SLA-H0713");
    assert.ok(cancelled);
  });

  test("a sender that goes away is refused, not thrown at the server", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const request = new Request("http://edge.test/v1/evaluate?agreement=acme", { method: "POST", body, duplex: "half", headers: { authorization: "Bearer secret" } });
    const response = await made()(request);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.code, "SLA-H0712");
  });

  test("an endless body is cut at the limit", async () => {
    let given = 0;
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill((given += 1) && 32)) });
    const request = new Request("http://edge.test/v1/evaluate?agreement=acme", { method: "POST", body, duplex: "half", headers: { authorization: "Bearer secret" } });
    assert.equal((await made()(request)).status, 413);
    assert.ok(given < 10, `${given} pieces were read`);
  });
});

describe("caching", () => {
  test("an agreement is looked up again after a while, and compiled again only when it has changed", async () => {
    let now = Date.parse("2026-11-20T16:30:00Z");
    let document = documents.acme;
    let looked = 0;
    let compiled = 0;
    const counting = { ...slaclock, Agreement: { parse: (text) => ((compiled += 1), slaclock.Agreement.parse(text)) } };
    const handler = made({ slaclock: counting, clock: () => now, tokens: [], find: async () => ((looked += 1), document) });
    const ask = async () => (await handler(new Request("http://edge.test/v1/hours?agreement=acme&calendar=office"))).headers.get("cache-control");
    assert.equal(await ask(), "public, max-age=1800");
    await ask();
    assert.deepEqual([looked, compiled], [1, 1]);
    now += 61_000;
    assert.equal(await ask(), "public, max-age=1739");
    assert.deepEqual([looked, compiled], [2, 1]);
    document = document.replace("09:00-17:00", "09:00-18:00");
    now += 61_000;
    assert.equal(await ask(), "public, max-age=5278");
    assert.deepEqual([looked, compiled], [3, 2]);
  });
});

const modules = new URL("../../tests/consumers/node_modules/", import.meta.url).pathname;
// The programs themselves: npm's scripts would start them as children, which outlive them.
const RUNTIMES = {
  Node: [process.execPath],
  Deno: [programOf("@deno", "deno"), "run", "--quiet", "--allow-all", "--no-lock", "--node-modules-dir=manual"],
  Bun: [programOf("@oven", "bin/bun")],
};

function programOf(scope, program) {
  const folder = join(modules, scope);
  const builds = existsSync(folder) ? readdirSync(folder) : [];
  return builds.map((build) => join(folder, build, program)).find((path) => existsSync(path)) ?? program;
}

for (const [name, [program, ...options]] of Object.entries(RUNTIMES)) {
  const skip = existsSync(program) ? false : `${name} is not there`;
  describe(`over HTTP, under ${name}`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "slaclock-edge-"));
    let server, origin;
    before(async () => {
      for (const [id, document] of Object.entries(documents)) writeFileSync(join(folder, `${id}.json`), document);
      const env = { ...process.env, PORT: "0", TOKENS_SHA256: settings.tokens.join(" "), ORIGINS: settings.origins.join(" "), MAX_BODY: String(settings.max_body), BODY_TIME_MS: "500" };
      server = spawn(program, [...options, new URL("../handler/serve.mjs", import.meta.url).pathname, folder], { env, stdio: ["ignore", "pipe", "inherit"] });
      origin = await new Promise((resolve, reject) => {
        server.stdout.on("data", (said) => resolve(/http:\/\/\S+/.exec(String(said))[0]));
        server.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      });
    });
    after(() => {
      server?.kill();
      rmSync(folder, { recursive: true });
    });

    test("the same answers, from a folder of agreements", async () => {
      const found = [];
      for (const one of cases) for (const fault of await faults(origin, one, fetch)) found.push(`${one.name}: ${fault}`);
      assert.deepEqual(found, []);
    });

    test("a body that says its length and does not come is not waited for", async () => {
      const answered = await stalled(origin, cases[0].request);
      assert.match(answered, /^HTTP\/1.1 408 /);
      assert.match(answered, /"SLA-H0713"/);
    });
  });
}
