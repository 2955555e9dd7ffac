// `<sla-timeline>` in real Chromium and Firefox.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { faults, IN_CHROMIUM, inBrowser, KINDS, until } from "./elements.mjs";

const NOW = Date.parse("2026-11-20T14:30:00Z");
const HOUR = 3_600_000;

for (const kind of KINDS) {
  describe(`sla-timeline in ${kind}`, () => {
    const browser = inBrowser(kind);

    /** A page with the timeline of the gallery's dispute, or of another ticket. */
    async function withTimeline(ticket = null, more = {}) {
      const page = await browser.open(NOW);
      await page.evaluate(async (ticket, more) => {
        const gallery = await import("/gallery/tickets.js");
        window.agreement = await Agreement.parse(gallery.agreement);
        window.ticket = ticket ?? gallery.dispute;
        window.heard = [];
        window.timeline = document.createElement("sla-timeline");
        timeline.setAttribute("calendar-zone", "Europe/Rome");
        for (const name in more) timeline.setAttribute(name, more[name]);
        timeline.addEventListener("sla-moment", (event) => heard.push(event.detail.at));
        Object.assign(timeline, { agreement: window.agreement, ticket: window.ticket });
        document.querySelector("main").append(timeline);
        window.inside = (selector) => timeline.shadowRoot.querySelector(selector);
        window.settle = () => new Promise((done) => setTimeout(done, 60));
      }, ticket, more);
      await until(page, () => inside(".slice, .none"));
      return page;
    }

    test("draws and tells every minute: what is counted adds up to the engine's figure", async () => {
      const page = await withTimeline();
      const { csv, engine } = await page.evaluate((now) => ({ csv: timeline.toCSV(), engine: agreement.explain(ticket, now) }), NOW);
      const [head, ...lines] = csv.trim().split("\r\n").map((line) => line.split(","));
      const at = (name) => head.indexOf(name);
      for (const { clock, elapsed_ms: elapsed } of engine.evaluation.clocks) {
        const counted = lines.filter((line) => line[at("clock")] === clock && line[at("counted")] === "true");
        assert.equal(counted.reduce((sum, line) => sum + Number(line[at("duration_ms")]), 0), elapsed, clock);
      }
      assert.equal(lines.at(-1)[1], engine.fingerprint);
      const kinds = await page.evaluate(() => [...new Set([...timeline.shadowRoot.querySelectorAll(".slice")].map((slice) => slice.classList[1]))].sort());
      assert.deepEqual(kinds, ["s-closed", "s-counted", "s-excluded", "s-over", "s-paused", "s-resolved"]);
    });

    test("keys step from change to change and read each out", async () => {
      const page = await withTimeline();
      await page.evaluate(() => inside("[data-row='1']").focus());
      await page.keyboard.press("Home");
      const read = () => page.evaluate(() => [inside(".readout").textContent, inside("[data-row='1']").getAttribute("aria-valuetext")]);
      const seen = [];
      for (let step = 0; step < 5; step += 1) {
        const [shown, spoken] = await read();
        assert.equal(shown, spoken);
        seen.push(shown.replaceAll("\u202f", " "));
        await page.keyboard.press("ArrowRight");
      }
      assert.match(seen[0], /^Fri, Nov 13, 4:10 PM – 6:00 PM, counted, 1 hr 50 min, total 1 hr 50 min · .*Created/);
      assert.ok(seen.some((text) => /closed, 24 hr/.test(text)), seen.join("\n"));
      await page.keyboard.press("End");
      assert.equal(new Set(await page.evaluate(() => heard)).size > 5, true);
    });

    test("a pointer reads out what it is on, and the legend comes back when it leaves", async () => {
      const page = await withTimeline();
      const box = await page.evaluate(() => {
        const { left, top, width, height } = [...timeline.shadowRoot.querySelectorAll(".s-paused")][0].getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      });
      await page.mouse.move(box.x, box.y);
      assert.match(await page.evaluate(() => inside(".readout").textContent), /paused: waiting on customer, Waiting on customer/);
      assert.equal(await page.evaluate(() => timeline.shadowRoot.querySelectorAll(".slice.on").length), 1);
      await page.mouse.move(0, 0);
      assert.equal(await page.evaluate(() => inside(".readout").querySelectorAll(".legend").length), 6);
    });

    test("folds the nights away, and unfolds them", async () => {
      const page = await withTimeline();
      const widths = () => page.evaluate(() => {
        const sum = (kind) => [...timeline.shadowRoot.querySelectorAll(`[data-row='1'] .${kind}`)].reduce((all, slice) => all + slice.getBoundingClientRect().width, 0);
        return [sum("s-closed"), sum("s-counted")];
      });
      const [closed, counted] = await widths();
      await page.evaluate(async () => (inside(".bar-tools button").click(), await settle()));
      const [closedWide, countedWide] = await widths();
      assert.ok(closed < counted && closedWide > 2 * countedWide, `${closed} ${counted} ${closedWide} ${countedWide}`);
    });

    test("instants and places on the axis belong together, folded or not, in both directions", IN_CHROMIUM(kind), async () => {
      const page = await withTimeline();
      const worst = await page.evaluate(async (hour) => {
        const { Scale } = await import("/element/timeline/scale.js");
        let worst = 0;
        for (const folds of [[], [[8 * hour, 20 * hour], [30 * hour, 80 * hour]]]) {
          for (const mirrored of [false, true]) {
            const scale = new Scale(0, 100 * hour, 1000, folds, mirrored);
            for (let ms = 0; ms <= 100 * hour; ms += hour / 2) worst = Math.max(worst, Math.abs(scale.ms(scale.x(ms)) - ms));
          }
        }
        return worst;
      }, HOUR);
      // A fold puts two days on fourteen pixels, of which a tenth is the finest step.
      assert.ok(worst < HOUR / 2, `${worst / HOUR} h`);
    });

    test("shows what comes if nothing happens, apart from what was", async () => {
      const page = await withTimeline({ id: "A", created_at: "2026-11-20T13:30:00Z", fields: { priority: "P2", status: "New" }, events: [{ at: "2026-11-20T18:00:00Z", status: "Resolved" }] });
      const ahead = await page.evaluate(() => [...timeline.shadowRoot.querySelectorAll("[data-row='1'] .ahead")].map((slice) => slice.classList[1]));
      assert.ok(ahead.includes("s-counted") && ahead.includes("s-closed"), ahead.join());
      assert.ok(!/true/.test(await page.evaluate(() => timeline.toCSV().split("\r\n").filter((line) => Date.parse(line.split(",")[4]) > Date.now()).join())));
    });

    test("moves on with the time", async () => {
      const page = await withTimeline({ id: "A", created_at: "2026-11-20T13:30:00Z", fields: { priority: "P1", status: "New" } });
      const counted = () => page.evaluate(() => timeline.toCSV().split("\r\n").filter((line) => /,true,/.test(line) && line.includes("resolution")).reduce((sum, line) => sum + Number(line.split(",")[5]), 0));
      assert.equal(await counted(), HOUR);
      await page.evaluate(async (at) => (await moveTo(at), await settle()), NOW + HOUR);
      assert.equal(await counted(), 2 * HOUR);
    });

    test("switches between the calendar's zone and the reader's", async () => {
      const page = await withTimeline(null, { "calendar-zone": "Asia/Tokyo" });
      const zone = () => page.evaluate(() => inside(".zone-name").textContent);
      assert.equal(await zone(), "Times in Asia/Tokyo");
      await page.evaluate(async () => (timeline.removeAttribute("calendar-zone"), await settle()));
      assert.equal(await zone(), "Times in Europe/Rome", "the agreement's, where the page names none");
      await page.evaluate(async () => (timeline.setAttribute("calendar-zone", "Asia/Tokyo"), await settle()));
      await page.evaluate(async () => ([...timeline.shadowRoot.querySelectorAll("button")].find((button) => button.textContent === "My time zone").click(), await settle()));
      assert.notEqual(await zone(), "Times in Asia/Tokyo");
    });

    test("exports a picture that stands alone, and CSV that no spreadsheet runs", async () => {
      const formula = '=HYPERLINK("http://example.com","x")';
      const page = await withTimeline({ id: formula, created_at: "2026-11-20T08:30:00Z", fields: { priority: "P2", status: "New" }, events: [{ at: "2026-11-20T09:00:00Z", pause: { party: "customer", reason: formula } }] });
      const { svg, csv } = await page.evaluate(() => ({ svg: timeline.toSVG(), csv: timeline.toCSV() }));
      assert.ok(csv.includes(`"'=HYPERLINK(""http://example.com"",""x"")"`), csv.slice(0, 300));
      const found = await page.evaluate((svg) => {
        const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
        const unpainted = [...parsed.querySelectorAll("rect")].filter((rect) => !rect.getAttribute("fill") || rect.getAttribute("fill").includes("var("));
        return [parsed.querySelector("parsererror, script, style, foreignObject"), parsed.documentElement.localName, unpainted.length, parsed.querySelectorAll("[tabindex], [class]").length];
      }, svg);
      assert.deepEqual(found, [null, "svg", 0, 0]);
    });

    test("tells the same as a table", async () => {
      const page = await withTimeline();
      const cells = await page.evaluate(async () => {
        inside("details").open = true;
        await settle();
        return [...timeline.shadowRoot.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
      });
      assert.ok(cells.length > 10);
      assert.deepEqual([...new Set(cells.map(([clock]) => clock))], ["First response", "Resolution"]);
      assert.ok(cells.some((row) => row[3] === "excluded: Power cut at the site"), JSON.stringify(cells));
    });

    test("says when nothing is drawn, and why", async () => {
      const page = await withTimeline({ id: "A", created_at: "2026-11-21T13:30:00Z" });
      assert.equal(await page.evaluate(() => inside(".none").textContent), "No clock has started");
      await page.evaluate(async () => ((timeline.ticket = { id: "A" }), await settle()));
      assert.match(await page.evaluate(() => inside(".none").textContent), /SLA-E/);
    });

    test("axe finds nothing, in light and dark, and no policy is violated", IN_CHROMIUM(kind), async () => {
      const page = await withTimeline();
      await page.evaluate(async () => ((inside("details").open = true), await settle()));
      for (const theme of ["light", "dark"]) {
        await page.evaluate((theme) => document.documentElement.style.setProperty("color-scheme", theme), theme);
        assert.deepEqual((await faults(page)).filter((fault) => !/^(page-has-heading-one|region)/.test(fault)), [], theme);
      }
      assert.deepEqual(await page.evaluate(() => violations), []);
    });
  });
}
