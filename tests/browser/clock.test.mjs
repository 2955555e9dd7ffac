// `<sla-clock>` in real Chromium and Firefox.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { faults, IN_CHROMIUM, inBrowser, KINDS, until } from "./elements.mjs";

const HOUR = 3_600_000;
const AGREEMENT = {
  slaclock: "1",
  id: "clock-test",
  time_zone: "Europe/Rome",
  calendars: { office: { hours: { "mon-fri": ["09:00-17:00"] } }, nights: { hours: { "mon-sun": ["22:00-06:00"] } } },
  statuses: { New: "open", Waiting: { pause: "customer" }, Solved: "resolved" },
  policies: [
    { id: "night", when: { service: "night" }, clocks: { resolution: { within: "20h", calendar: "nights" } } },
    { id: "rest", clocks: { first_response: { within: "1h", calendar: "always" }, resolution: { within: "8h", calendar: "office" } } },
  ],
};
const TICKET = {
  id: "T-1",
  created_at: "2026-11-20T08:00:00Z",
  fields: { status: "New" },
  events: [{ at: "2026-11-20T10:00:00Z", status: "Waiting" }, { at: "2026-11-20T12:00:00Z", status: "New" }],
};
const NOW = Date.parse("2026-11-20T09:00:00Z");

for (const kind of KINDS) {
  describe(`sla-clock in ${kind}`, () => {
    const browser = inBrowser(kind);

    const open = async (now = NOW) => {
      const page = await browser.open(now);
      return page;
    };

    /** A page with one clock of a ticket under the engine. */
    async function withEngine(ticket, now, metric = "resolution") {
      const page = await open(now);
      await page.evaluate(async (agreement, ticket, metric) => {
        window.agreement = await Agreement.parse(agreement);
        window.calls = 0;
        const counting = { evaluate: (...given) => (window.calls++, agreement_.evaluate(...given)) };
        const agreement_ = window.agreement;
        window.clock = place("sla-clock", { agreement: counting, ticket });
        window.clock.setAttribute("metric", metric);
        await new Promise((done) => setTimeout(done, 50));
      }, AGREEMENT, ticket, metric);
      return page;
    }

    /** A page with one clock given as data, computed now. */
    async function withData(clock, now = NOW, more = {}) {
      const page = await open(now);
      await page.evaluate(async (clock, more) => {
        window.heard = [];
        for (const name of ["sla-change", "sla-stale", "sla-problem"]) addEventListener(name, (event) => heard.push(event.type));
        window.clock = place("sla-clock", { clock, asOf: Date.now(), ...more });
        await new Promise((done) => setTimeout(done, 20));
      }, clock, more);
      return page;
    }

    const running = { metric: "resolution", clock: "resolution", state: "running", overdue: false, calendar: "always", elapsed_ms: HOUR, target_ms: 4 * HOUR, remaining_ms: 3 * HOUR, rate: 1, due_at: new Date(NOW + 3 * HOUR).toISOString(), next_change_at: new Date(NOW + 3 * HOUR).toISOString() };
    const text = (page) => page.evaluate(() => clock.shadowRoot.querySelector(".clock").innerText.replaceAll("\u00a0", " "));
    const face = (page) => page.evaluate(() => clock.figures.face);

    test("shows what the engine says for the same instant, over nights, weekends and changes of daylight saving", async () => {
      const cases = [
        [TICKET, NOW, [0, 1, HOUR / 2, HOUR, HOUR + 1, 3 * HOUR, 4 * HOUR, 9 * HOUR, 71 * HOUR, 72 * HOUR, 80 * HOUR]],
        [{ id: "S", created_at: "2026-03-28T20:00:00Z", fields: { service: "night" } }, Date.parse("2026-03-28T21:30:00Z"), [0, HOUR, 3 * HOUR, 3.5 * HOUR, 4 * HOUR, 10 * HOUR, 30 * HOUR]],
        [{ id: "W", created_at: "2026-10-24T19:00:00Z", fields: { service: "night" } }, Date.parse("2026-10-24T20:30:00Z"), [0, HOUR, 3.5 * HOUR, 4.5 * HOUR, 5 * HOUR, 12 * HOUR]],
      ];
      for (const [ticket, now, steps] of cases) {
        const page = await withEngine(ticket, now);
        for (const step of steps) {
          const { shown, engine } = await page.evaluate(async (at, ticket) => {
            await moveTo(at, 0);
            const engine = agreement.evaluate(ticket, at).clocks.find((clock) => clock.clock === "resolution");
            return { shown: clock.figures, engine };
          }, now + step, ticket);
          const { state, overdue, elapsed_ms, remaining_ms } = engine;
          assert.deepEqual(
            [shown.state, shown.overdue, shown.elapsedMs, shown.remainingMs, shown.asOf],
            [state, String(overdue), String(elapsed_ms), String(remaining_ms), String(now + step)],
            `${ticket.id} after ${step / HOUR} h`,
          );
        }
      }
    });

    test("asks the engine only when something changes", async () => {
      const page = await withEngine(TICKET, NOW - HOUR / 2, "first_response");
      const before = await page.evaluate(() => calls);
      for (let second = 1; second <= 20; second += 1) await page.evaluate((at) => moveTo(at), NOW - HOUR / 2 + second * 1000);
      assert.equal(await page.evaluate(() => calls), before);
    });

    test("counts in words, with seconds only in the last five minutes", async () => {
      const page = await withData(running);
      assert.match(await text(page), /^3 hr left\n/);
      await page.evaluate((at) => moveTo(at), NOW + 61_000);
      assert.match(await text(page), /^2 hr 58 min left\n/);
      await page.evaluate((at) => moveTo(at), NOW + 3 * HOUR - 299_000);
      assert.match(await text(page), /^4 min 59 sec left\n/);
      await page.evaluate((at) => moveTo(at), NOW + 3 * HOUR - 5_000);
      assert.match(await text(page), /^5 sec left\n/);
    });

    test("never counts on after its answer has run out: it says so, and tells the page", async () => {
      const page = await withData(running);
      await page.evaluate((at) => moveTo(at), NOW + 5 * HOUR);
      assert.equal(await face(page), "stale");
      assert.match(await text(page), /^0 sec left\n.*as of .*may have changed since/);
      assert.deepEqual(await page.evaluate(() => heard), ["sla-change", "sla-stale"]);
      await page.evaluate((clock, at) => Object.assign(window.clock, { asOf: at, clock }), { ...running, rate: 0, next_change_at: null }, NOW);
      await page.evaluate(() => moveTo(Date.now()));
      assert.equal(await face(page), "running");
    });

    test("follows the server's clock, not this machine's", async () => {
      const page = await withData(running, NOW, { asOf: NOW });
      await page.evaluate((server) => elements.setServerTime(server, { sentAt: Date.now() - 400, receivedAt: Date.now() }), NOW + HOUR - 200);
      assert.match(await text(page), /^2 hr left\n/);
    });

    test("is not moved by somebody who sets this machine's clock back, and goes on at once", async () => {
      const page = await withData(running);
      await page.evaluate((at) => moveTo(at), NOW + 60_000);
      const seen = [];
      for (const [wall, passed] of [[NOW - HOUR, 1000], [NOW - HOUR + 30_000, 30_000], [NOW - HOUR + 60_000, 30_000]]) {
        await page.evaluate((wall, passed) => moveTo(wall, passed), wall, passed);
        seen.push(Number(await page.evaluate(() => clock.figures.asOf)) - NOW);
      }
      assert.deepEqual(seen, [61_000, 91_000, 121_000]);
    });

    test("a small correction never turns back what was shown", async () => {
      const page = await withData(running);
      await page.evaluate((at) => moveTo(at), NOW + 30_000);
      await page.evaluate((server) => elements.setServerTime(server), NOW + 20_000);
      assert.equal(await page.evaluate(() => Number(clock.figures.asOf)), NOW + 30_000);
      await page.evaluate((at) => moveTo(at), NOW + 45_000);
      assert.equal(await page.evaluate(() => Number(clock.figures.asOf)), NOW + 35_000);
    });

    test("of several answers of a server the quickest is believed", async () => {
      const page = await open();
      const offset = await page.evaluate((now) => {
        elements.setServerTime(now + 5_050, { sentAt: now, receivedAt: now + 100 });
        elements.setServerTime(now + 9_000, { sentAt: now, receivedAt: now + 9_000 });
        return elements.serverNow() - Date.now();
      }, NOW);
      assert.equal(offset, 5_000);
    });

    test("asks the server again after a jump, and says so until it knows", async () => {
      const page = await withData(running);
      await page.evaluate(() => {
        window.answer = Promise.withResolvers();
        let first = true;
        elements.followServer(() => (first ? ((first = false), Date.now()) : answer.promise));
      });
      await page.evaluate((at) => moveTo(at, 0), NOW + HOUR);
      assert.match(await text(page), /this computer’s clock has jumped/);
      await page.evaluate(async (server) => (answer.resolve(server), await new Promise((done) => setTimeout(done, 20))), NOW + 10 * 60_000);
      assert.match(await text(page), /^2 hr 50 min left\n(?!.*jumped)/);
    });

    test("a thousand clocks have one timer, and none in a hidden tab", async () => {
      const page = await open();
      const waiting = await page.evaluate(async (clock) => {
        const real = setTimeout;
        const open = new Set();
        window.setTimeout = (call, ms, ...rest) => {
          const id = real(() => (open.delete(id), call(...rest)), ms);
          return open.add(id), id;
        };
        const clear = clearTimeout;
        window.clearTimeout = (id) => (open.delete(id), clear(id));
        for (let index = 0; index < 1000; index += 1) place("sla-clock", { clock });
        await new Promise((done) => real(done, 100));
        const shown = open.size;
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        await new Promise((done) => real(done, 1500));
        return [shown, open.size];
      }, running);
      assert.deepEqual(waiting, [1, 0]);
    });

    test("a text of a ticket is never markup", async () => {
      const hostile = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>";
      const page = await withData({ ...running, clock: hostile, state: "paused", rate: 0, due_at: undefined, paused_by: { reason: hostile, since: running.due_at } });
      const found = await page.evaluate(() => [clock.shadowRoot.querySelector("img, script"), document.title, clock.shadowRoot.textContent]);
      assert.deepEqual(found.slice(0, 2), [null, "Elements"]);
      assert.ok(found[2].includes(hostile));
    });

    test("takes attributes, and properties set before it was defined", async () => {
      const page = await open();
      const shown = await page.evaluate(async (clock, now) => {
        const main = document.querySelector("main");
        const given = document.createElement("sla-clock");
        given.setAttribute("clock", JSON.stringify(clock));
        given.setAttribute("as-of", new Date(now).toISOString());
        given.setAttribute("time-zone", "Asia/Tokyo");
        main.append(given);
        await new Promise((done) => setTimeout(done, 20));
        return given.shadowRoot.querySelector(".clock").ariaLabel;
      }, running, NOW);
      assert.match(shown, /Resolution · 3 hr left · Running · due 9:00 PM · of 4 hr · Friday, November 20, 2026 at 9:00:00 PM GMT\+9/);
    });

    test("an agreement with mistakes is told, not swallowed", async () => {
      const page = await withData(null, NOW, { agreement: { slaclock: "1" }, ticket: TICKET });
      await until(page, () => heard.includes("sla-problem"));
      assert.equal(await face(page), "failed");
    });

    test("says changes that matter to a screen reader, together and once", async () => {
      const page = await open();
      await page.evaluate(async (clock) => {
        const soon = { ...clock, alerts: [{ threshold: "80%" }] };
        window.all = [1, 2, 3].map((index) => place("sla-clock", { clock: { ...soon, clock: `clock_${index}` } }));
        await new Promise((done) => setTimeout(done, 20));
        all.forEach((each, index) => (each.clock = { ...soon, at_risk: "80%", clock: `clock_${index}` }));
      }, running);
      await until(page, () => all.some((each) => each.shadowRoot.querySelector("[aria-live]")?.textContent));
      const said = await page.evaluate(() => all.map((each) => each.shadowRoot.querySelector("[aria-live]")?.textContent).filter(Boolean));
      assert.deepEqual(said, ["Clock 0: At risk. Clock 1: At risk. Clock 2: At risk"]);
    });

    test("axe finds nothing, in light and dark, and no policy is violated", IN_CHROMIUM(kind), async () => {
      const page = await open(Date.parse("2026-11-20T14:30:00Z"));
      await page.evaluate(async () => {
        const { clocks } = await import("/gallery/clocks.js");
        for (const shape of ["bar", "ring"]) for (const name in clocks) place("sla-clock", { clock: clocks[name], asOf: Date.now() }).setAttribute("shape", shape);
        await new Promise((done) => setTimeout(done, 50));
      });
      for (const theme of ["light", "dark"]) {
        await page.evaluate((theme) => {
          document.documentElement.style.setProperty("color-scheme", theme);
          document.documentElement.style.setProperty("background", theme === "dark" ? "#0e1116" : "#ffffff");
        }, theme);
        // The page of this test has no headings and landmarks of a whole page.
        const found = (await faults(page)).filter((fault) => !/^(page-has-heading-one|region)/.test(fault));
        assert.deepEqual(found, [], theme);
      }
      assert.deepEqual(await page.evaluate(() => violations), []);
    });
  });
}
