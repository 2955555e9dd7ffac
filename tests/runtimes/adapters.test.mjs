// The adapters through the npm package in Node: the shared cases, and what only JavaScript can do wrong.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { adapterFailures } from "./adapter_cases.mjs";
import { adapterCases, importPackage, installPacked } from "./install.mjs";

let installed;
let entry;
before(async () => {
  installed = installPacked();
  entry = await importPackage(installed.project, "slaclock/adapters");
});
after(() => installed?.remove());

const refusal = (code, pointer) => (error) => error instanceof entry.SlaError && error.code === code && error.pointer === pointer;

describe("adapters", () => {
  test("shared cases", async () => {
    const { cases, failures } = await adapterFailures(entry, adapterCases());
    assert.deepEqual(failures, []);
    assert.ok(cases >= 150, `only ${cases} cases`);
  });

  test("the entry with the module inside answers the same", async () => {
    const inline = await importPackage(installed.project, "slaclock/adapters/inline");
    assert.equal(inline.Adapter, entry.Adapter);
    assert.deepEqual((await inline.adapters()).map(({ id }) => id), ["connectwise", "generic", "servicenow", "zendesk"]);
  });

  test("what comes of a message is what the engine takes", async () => {
    const { Agreement, SlaError } = await importPackage(installed.project);
    assert.equal(SlaError, entry.SlaError);
    const zendesk = await entry.Adapter.open("zendesk");
    const message = { type: "zen:event-type:ticket.created", time: "2026-11-20T17:10:00Z",
      detail: { id: "7", created_at: "2026-11-20T16:55:00Z", updated_at: "2026-11-20T17:10:00Z", status: "PENDING", priority: "URGENT" }, event: {} };
    const { agreement, tickets: [ticket], losses } = zendesk.message(JSON.stringify(message));
    assert.deepEqual([agreement, losses], [null, []]);
    const desk = await Agreement.parse({ slaclock: "1", id: "acme", time_zone: "UTC", statuses: { pending: { pause: "customer" } },
      policies: [{ id: "urgent", when: { priority: "urgent" }, clocks: { resolution: { within: "4h", calendar: "always" } } }] });
    const [clock] = desk.evaluate(ticket, "2026-11-20T20:00:00Z").clocks;
    assert.deepEqual([clock.state, clock.elapsed_ms], ["paused", 15 * 60_000]);
  });

  test("mistakes are told by code and place", async () => {
    const { Adapter } = entry;
    await assert.rejects(Adapter.open("Zendesk"), (error) => refusal("SLA-E0008", "adapter")(error) && /zendesk/.test(error.mend));
    await assert.rejects(Adapter.open("zendesk", "{"), refusal("SLA-H0714", ""));
    await assert.rejects(Adapter.open("zendesk", null), refusal("SLA-H0714", ""));
    const zendesk = await Adapter.open("zendesk", { fields: { site: "/custom" } });
    for (const wrong of ["", "{", undefined, Uint8Array.of(0xff), "[".repeat(1000)]) {
      assert.throws(() => zendesk.message(wrong), refusal("SLA-E0001", ""), String(wrong));
    }
    assert.throws(() => zendesk.export({ "tickets.json": "{}", "broken.json": "{" }), (error) => refusal("SLA-E0001", "")(error) && /broken\.json/.test(error.message));
    const signed = { secret: "s", headers: {}, now: 0 };
    assert.throws(() => zendesk.verify({ read: "already" }, signed), refusal("SLA-E0007", "body"));
    assert.throws(() => zendesk.verify("", { ...signed, now: undefined }), refusal("SLA-E0101", "now"));
    assert.throws(() => zendesk.verify("", { ...signed, now: "soon" }), refusal("SLA-E0101", "now"));
    for (const secret of [undefined, null, ""]) assert.throws(() => zendesk.verify("", { ...signed, secret }), refusal("SLA-E0010", "secret"));
    const lost = zendesk.message({ any: "thing" }).losses;
    assert.ok(lost.length > 0 && lost.every(({ message }) => message));
  });
});
