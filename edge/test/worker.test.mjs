// The Worker as wrangler bundles it, in workerd, with its agreements in a KV namespace.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { bundle } from "./bundle.mjs";
import { cases, faults, settings, stalled } from "./contract.mjs";

const { modules, start, remove } = bundle();
let worker, origin;
before(async () => {
  const bindings = { TOKENS_SHA256: settings.tokens.join(" ").toUpperCase(), ORIGINS: settings.origins.join(" "), MAX_BODY: String(settings.max_body), BODY_TIME_MS: "500" };
  worker = start(modules, bindings);
  origin = (await worker.ready).origin;
  const kept = await worker.getKVNamespace("AGREEMENTS");
  for (const [id, document] of Object.entries(settings.agreements)) await kept.put(id, JSON.stringify(document));
});
after(async () => {
  await worker?.dispose();
  remove();
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
      const gone = fetch(origin + path, { method: "POST", headers, body, duplex: "half", signal: AbortSignal.timeout(20) });
      await assert.rejects(gone);
    }
    assert.deepEqual(await faults(origin, cases[0], fetch), []);
  });
});
