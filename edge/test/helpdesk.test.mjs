// The example Worker that takes a helpdesk's webhooks, as wrangler bundles it, in workerd: signatures, clocks, alarms.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import http, { createServer } from "node:http";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";

import { bundle } from "./bundle.mjs";

const SECRET = "dGhlIHNlY3JldA==";
// Not what the Worker has by itself. Of a refused body workerd reads 64 KiB on, so that the answer arrives.
const MAX_BODY = 1 << 15;

/** Posts on a connection of its own: one on which a body was refused half read is closed, and may be so under the next request. */
const alone = (url, headers, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", agent: false, headers }, async (response) => {
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      resolve({ status: response.statusCode, text });
    });
    request.on("error", reject);
    request.end(body);
  });
const AGREEMENT = {
  slaclock: "1", id: "acme", time_zone: "UTC", statuses: { new: "open", pending: { pause: "customer" }, solved: "resolved" },
  policies: [{ id: "urgent", when: { priority: "urgent" }, clocks: { resolution: { within: "1h", calendar: "always", alerts: ["50%", "breach"] } } }],
};

let worker, origin, receiver, remove;
const alarms = [];
before(async () => {
  receiver = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    alarms.push({ key: request.headers["idempotency-key"], ...JSON.parse(text) });
    // The first is refused, and must come again.
    response.writeHead(alarms.length === 1 ? 503 : 204).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const built = bundle("helpdesk");
  remove = built.remove;
  const bindings = { SYSTEM: "zendesk", SETTINGS: '{"prefix":"ZD-"}', AGREEMENT: JSON.stringify(AGREEMENT), SECRET, MAX_BODY: String(MAX_BODY),
    TOKEN_SHA256: createHash("sha256").update("token").digest("hex"), ALARMS: `http://127.0.0.1:${receiver.address().port}` };
  worker = built.start(built.modules, bindings, { durableObjects: { TICKETS: { className: "Ticket", useSQLite: true } } });
  origin = (await worker.ready).origin;
});
after(async () => {
  await worker?.dispose();
  receiver?.close();
  remove?.();
});

const ago = (minutes) => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000).toISOString().replace(".000", "");

/** A message of Zendesk, signed now or then, with this secret. */
function hook(message, { secret = SECRET, at = new Date().toISOString(), body = JSON.stringify(message) } = {}) {
  const signature = createHmac("sha256", secret).update(at + JSON.stringify(message)).digest("base64");
  const headers = { "content-type": "application/json", "x-zendesk-webhook-signature": signature, "x-zendesk-webhook-signature-timestamp": at };
  return fetch(`${origin}/hook`, { method: "POST", headers, body, duplex: "half" });
}

const message = (id, created, time, type, status) => ({
  type: `zen:event-type:ticket.${type}`, time, event: type === "created" ? {} : { current: status },
  detail: { id, created_at: created, updated_at: time, status, priority: "URGENT" },
});

async function clocks(id, token = "token") {
  const response = await fetch(`${origin}/tickets/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, ...(await response.json()) };
}

describe("a helpdesk's webhooks in a Worker", () => {
  test("forged, old and unsigned messages are refused and keep nothing", async () => {
    const one = message("1", ago(10), ago(10), "created", "NEW");
    const refused = [hook(one, { secret: "other" }), hook(one, { at: ago(6) }), hook(one, { body: JSON.stringify({ ...one, event: { more: 1 } }) }), fetch(`${origin}/hook`, { method: "POST", body: "{}" })];
    for (const response of await Promise.all(refused)) {
      assert.deepEqual([response.status, (await response.json()).error.code], [401, "SLA-H0715"]);
    }
    assert.equal((await clocks("ZD-1")).status, 404);
  });

  test("a body larger than the settings allow is refused, whether it says its length or not", async () => {
    const pieces = (text) => new Blob([text]).stream();
    const large = "x".repeat(MAX_BODY + 1);
    for (const headers of [{ "content-length": large.length }, { "transfer-encoding": "chunked" }]) {
      const { status, text } = await alone(`${origin}/hook`, headers, large);
      assert.deepEqual([status, JSON.parse(text).error.code], [413, "SLA-H0710"]);
    }
    const one = message("4", ago(10), ago(10), "created", "NEW");
    assert.equal((await hook(one, { body: pieces(JSON.stringify(one)) })).status, 200);
    const long = { ...one, detail: { ...one.detail, subject: "x".repeat(MAX_BODY - 2_000) } };
    assert.equal((await hook(long)).status, 200);
  });

  test("messages that come twice and out of order are the ticket, whose clocks only the token reads", async () => {
    const created = ago(20);
    const all = [message("2", created, ago(5), "status_changed", "NEW"), message("2", created, ago(15), "status_changed", "PENDING"), message("2", created, created, "created", "NEW")];
    for (const one of [...all, ...all]) {
      const response = await hook(one);
      assert.deepEqual([response.status, await response.json()], [200, { tickets: ["ZD-2"], losses: [] }]);
    }
    const { status, clocks: [clock] } = await clocks("ZD-2");
    // Twenty minutes, of which ten were the customer's.
    assert.deepEqual([status, clock.state, Math.round(clock.elapsed_ms / 60_000)], [200, "running", 10]);
    assert.equal((await clocks("ZD-2", "other")).status, 401);
  });

  test("an alarm comes when it is due, again until it is taken, and once", async () => {
    const created = ago(40);
    assert.equal((await hook(message("3", created, created, "created", "NEW"))).status, 200);
    const of = () => alarms.filter(({ ticket }) => ticket === "ZD-3");
    for (let tries = 0; of().length < 2 && tries < 200; tries += 1) await new Promise((done) => setTimeout(done, 100));
    await new Promise((done) => setTimeout(done, 500));
    const [first, ...others] = of();
    assert.deepEqual([first.clock, first.threshold, first.key], ["resolution", "50%", first.id]);
    assert.deepEqual(others, [first]);
  });
});
