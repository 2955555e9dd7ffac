// The playground of the package in real Chromium and Firefox, under a strict policy.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { pack } from "../../wasm-web/playground/share.js";
import { here, launch, serveFiles } from "./chromium.mjs";
import { KINDS, STRICT, faults, until } from "./elements.mjs";

const MINUTE = 60_000;
const ASKED = { slaclock: "1", id: "a", statuses: { Closed: "closed", Open: "open" }, policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" }, first_response: { within: "2h", calendar: "always" } } }] };

let server;
before(async () => (server = await serveFiles(join(here, "../../wasm-web"), { "/agreement.json": JSON.stringify(ASKED) }, { "content-security-policy": `${STRICT} data:` })));
after(() => server?.close());

for (const kind of KINDS) {
  describe(`the playground in ${kind}`, () => {
    let browser, page;
    const said = [];
    before(async () => {
      browser = await launch(kind);
      page = await open("");
    });
    after(() => browser?.close());

    async function open(more) {
      const page = await browser.newPage();
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("console", (message) => message.type() === "error" && said.push(message.text()));
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(`${server.origin}/playground/index.html${more}`);
      await page.evaluate(() => {
        window.byId = (id) => document.getElementById(id);
        window.sliders = () => [...document.querySelectorAll(".slider")];
        window.write = (id, text) => {
          byId(id).value = text;
          byId(id).dispatchEvent(new Event("input"));
        };
      });
      await until(page, () => document.querySelectorAll("sla-clock").length > 1 && sliders().length > 1);
      return page;
    }

    test("an agreement by its address comes with a ticket that is open", async () => {
      const other = await open("?agreement=/agreement.json");
      const shown = await other.evaluate(() => [JSON.parse(byId("ticket").value).fields.status, ...[...document.querySelectorAll("sla-clock")].map(({ figures }) => figures.face)]);
      assert.deepEqual(shown, ["Open", "running", "running"]);
      await other.close();
    });

    const ticket = () => page.evaluate(() => JSON.parse(byId("ticket").value));

    /** The clocks on the page, and the engine's for the same texts and instant. */
    const compared = () => page.evaluate(async () => {
      const { Agreement } = await import("/js/web.js");
      const now = Number(sliders().at(-1).value);
      const { clocks } = (await Agreement.parse(byId("agreement").value)).evaluate(byId("ticket").value, now);
      await new Promise((done) => setTimeout(done, 50));
      const shown = [...document.querySelectorAll("sla-clock")].map(({ figures }) => [figures.clock, figures.state, figures.dueAt ?? null]);
      return [shown, clocks.map((clock) => [clock.clock, clock.state, clock.due_at ?? null])];
    });

    test("shows what the engine says of its first example, with lint, picture and words", async () => {
      const [shown, engine] = await compared();
      assert.deepEqual(shown, engine);
      assert.equal(shown.length, 2);
      await until(page, () => document.querySelectorAll("#findings [data-severity=error]").length > 0 && byId("timeline").shadowRoot.querySelector(".slice"));
      assert.match(await page.evaluate(() => byId("words").textContent), /resolution is running/);
      assert.match(await page.evaluate(() => byId("fingerprint").textContent), /^sha256:[0-9a-f]{64}$/);
    });

    test("lists problems while they are written, and leads to their places", async () => {
      const good = await page.evaluate(() => byId("agreement").value);
      await page.evaluate((text) => write("agreement", text), good.replace("09:00-13:00", "9-13").replace('"16h"', '"16q"'));
      await until(page, () => document.querySelectorAll("#problems .finding").length === 2);
      const found = await page.evaluate(() => [...document.querySelectorAll("#problems .finding")].map((each) => {
        each.click();
        const { value, selectionStart, selectionEnd } = byId("agreement");
        return [each.querySelector("code").textContent, each.querySelector(".where").textContent, value.slice(selectionStart, selectionEnd)];
      }));
      const line = good.slice(0, good.indexOf("09:00-13:00")).split("\n").length;
      assert.deepEqual(found[0], ["SLA-E0104", `line ${line} · /calendars/office/hours/mon-fri/0`, '"9-13"']);
      assert.deepEqual(found[1].slice(2), ['"within": "16q"']);
      assert.equal(await page.evaluate(() => byId("stale").hidden), false);
      await page.evaluate((text) => write("agreement", `${text}}`), good);
      await until(page, () => /not JSON/.test(byId("problems").textContent));
      await page.evaluate((text) => write("agreement", text), good);
      await until(page, () => byId("problems").hidden && byId("stale").hidden);
    });

    test("events are moved by keys and by a pointer, and the clocks follow", async () => {
      const before = await ticket();
      await page.evaluate(() => sliders()[1].focus());
      await page.keyboard.press("ArrowRight");
      const moved = await ticket();
      assert.equal(Date.parse(moved.events[0].at) - Date.parse(before.events[0].at), 5 * MINUTE);
      assert.deepEqual(...(await compared()));
      const box = await page.evaluate(() => {
        const slider = sliders().at(-1);
        const { left, width, top, height } = slider.getBoundingClientRect();
        const { min, max, value } = slider;
        return { x: left + 8 + ((width - 16) * (value - min)) / (max - min), y: top + height / 2, now: Number(value) };
      });
      await page.mouse.move(box.x, box.y);
      await page.mouse.down();
      await page.mouse.move(box.x - 60, box.y, { steps: 4 });
      await page.mouse.up();
      const now = await page.evaluate(() => Number(sliders().at(-1).value));
      assert.ok(now < box.now - 60 * MINUTE, `${(box.now - now) / MINUTE} minutes`);
      assert.deepEqual(...(await compared()));
    });

    test("events are added and removed, and the text has them", async () => {
      const { events } = await ticket();
      await page.evaluate(() => {
        byId("kind").value = JSON.stringify({ status: "Solved" });
        byId("add").click();
      });
      const added = (await ticket()).events;
      assert.equal(added.length, events.length + 1);
      assert.ok(added.some(({ status }) => status === "Solved"));
      assert.deepEqual(added.map(({ at }) => at), added.map(({ at }) => at).sort());
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Status: Solved");
      await page.keyboard.press("Delete");
      assert.deepEqual((await ticket()).events, events);
      await page.evaluate(() => write("ticket", byId("ticket").value.replace('"created_at"', '"created"')));
      await until(page, () => /SLA-E/.test(byId("mistakes").textContent));
      await page.evaluate(() => write("ticket", byId("ticket").value.replace('"created"', '"created_at"')));
      await until(page, () => byId("mistakes").hidden);
    });

    test("a link holds everything, and a damaged one is told", async () => {
      const state = () => [byId("agreement").value, byId("ticket").value, sliders().at(-1).value];
      const written = await page.evaluate(state);
      await new Promise((done) => setTimeout(done, 500));
      const hash = await page.evaluate(() => location.hash);
      const other = await open(`?lang=de${hash}`);
      assert.deepEqual(await other.evaluate(state), written);
      await other.close();
      const damaged = await open(`?lang=ar${hash.slice(0, 60)}`);
      assert.match(await damaged.evaluate(() => byId("banner").textContent), /^This link is damaged/);
      await damaged.close();
    });

    test("texts of a link are never markup, whatever stands in them", async () => {
      const hostile = "<img src=x onerror=\"document.title='broken'\">";
      const agreement = { slaclock: "1", id: "x", statuses: { [hostile]: { pause: "customer" } }, priorities: { order: [hostile] }, policies: [{ id: hostile, clocks: { resolution: { within: "4h", calendar: "always" } } }, { id: hostile }] };
      const made = { id: hostile, created_at: "2026-11-20T14:00:00Z", fields: { [hostile]: hostile }, events: [{ at: "2026-11-20T14:10:00Z", status: hostile }, { at: "2026-11-20T14:20:00Z", pause: { party: hostile, reason: hostile }, [hostile]: 1 }] };
      for (const [document_, ticket] of [[agreement, made], [{ ...agreement, policies: agreement.policies.slice(0, 1) }, made], [agreement, { ...made, events: [null, 7, {}] }]]) {
        const link = await pack({ agreement: JSON.stringify(document_), ticket: JSON.stringify(ticket), now: Date.parse("2026-11-20T15:00:00Z") });
        const other = await browser.newPage();
        other.on("pageerror", (error) => said.push(String(error)));
        await other.goto(`${server.origin}/playground/index.html#${link}`);
        await until(other, () => document.getElementById("verdict").textContent);
        await new Promise((done) => setTimeout(done, 300));
        const found = await other.evaluate(() => {
          const roots = [document, ...[...document.querySelectorAll("sla-clock, sla-timeline")].map((element) => element.shadowRoot)];
          return [roots.flatMap((root) => [...root.querySelectorAll("img")]).length, document.title];
        });
        assert.deepEqual(found, [0, "slaclock playground"]);
        await other.close();
      }
    });

    test("fits a phone, reads from right to left, and axe finds nothing", async () => {
      for (const more of ["?lang=ar", "?theme=dark"]) {
        const phone = await open(more);
        await phone.setViewport({ width: 360, height: 740 });
        await until(phone, () => document.querySelectorAll("#findings .finding").length > 0 && byId("timeline").shadowRoot.querySelector(".slice"));
        assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), more);
        if (kind === "chrome") assert.deepEqual(await faults(phone), [], more);
        await phone.close();
      }
      assert.deepEqual(said, []);
    });
  });
}
