// `<sla-board>` in real Chromium and Firefox.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { agreement as document_, tickets } from "../../wasm-web/gallery/tickets.js";
import { Agreement } from "../../wasm-web/js/node.js";
import { faults, IN_CHROMIUM, inBrowser, KINDS, until } from "./elements.mjs";

const NOW = Date.parse("2026-11-20T14:30:00Z");
const HOUR = 3_600_000;

for (const kind of KINDS) {
  describe(`sla-board in ${kind}`, () => {
    const browser = inBrowser(kind);

    /** A page with a board of so many tickets, or of those given. */
    async function withBoard(tickets, more = {}, viewport = { width: 1440, height: 900 }) {
      const page = await browser.open(NOW);
      await page.setViewport(viewport);
      await page.evaluate(async (tickets, more) => {
        const gallery = await import("/gallery/tickets.js");
        window.heard = [];
        for (const name of ["sla-open", "sla-close", "sla-overdue", "sla-problem", "sla-retry"]) addEventListener(name, (event) => heard.push([event.type, event.detail]));
        window.agreement = await Agreement.parse(gallery.agreement);
        window.tickets = typeof tickets === "number" ? gallery.tickets(tickets) : tickets;
        window.frames = async (count = 3) => {
          for (let frame = 0; frame < count; frame += 1) await new Promise((done) => requestAnimationFrame(done));
        };
        window.board = place("sla-board", { agreement: window.agreement, tickets: window.tickets, priorities: ["P1", "P2", "P3", "P4"], ...more });
        window.inside = (selector) => board.shadowRoot.querySelector(selector);
        window.rows = () => [...board.shadowRoot.querySelectorAll(".row")].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex);
      }, tickets, more);
      await until(page, () => board.summary || inside(".state[data-kind=failed]"));
      await page.evaluate(() => frames());
      return page;
    }

    const shownIds = (page) => page.evaluate(() => rows().map((row) => row.dataset.ticket));

    /** The rows of the list, scrolled through from top to end, with the figures of their clocks. */
    const allRows = (page) => page.evaluate(async () => {
      const found = {};
      const scroller = inside(".scroll");
      for (let top = 0; top <= scroller.scrollHeight; top += 400) {
        scroller.scrollTop = top;
        await frames(2);
        for (const row of rows()) found[row.dataset.ticket] = [...row.querySelectorAll(".clock[data-state]")].map(({ dataset }) => ({ ...dataset }));
      }
      scroller.scrollTop = 0;
      await frames(2);
      return found;
    });

    test("shows for every ticket what the engine says, before and after closing time", async () => {
      const page = await withBoard(120);
      for (const at of [NOW, NOW + 7_000, NOW + 3 * HOUR, NOW + 66 * HOUR]) {
        await page.evaluate((at) => moveTo(at), at);
        const shown = await allRows(page);
        const engine = await page.evaluate((at) => Object.fromEntries(agreement.evaluateAll(tickets, at).map((each) => [each.ticket, each.clocks])), at);
        assert.deepEqual(Object.keys(shown).sort(), Object.keys(engine).sort());
        for (const id in engine) {
          const expected = engine[id].map((clock) => [clock.clock, clock.state, String(clock.overdue), String(clock.elapsed_ms), String(clock.remaining_ms)]);
          const seen = shown[id].map((clock) => [clock.clock, clock.state, clock.overdue, clock.elapsedMs, clock.remainingMs]);
          assert.deepEqual(seen, expected, `${id} at ${new Date(at).toISOString()}`);
        }
      }
    });

    test("the most urgent come first, in their groups", async () => {
      const page = await withBoard(60);
      const order = await page.evaluate(async () => {
        const groups = [];
        const scroller = inside(".scroll");
        for (let top = 0; top <= scroller.scrollHeight; top += 400) {
          scroller.scrollTop = top;
          await frames(2);
          for (const row of rows()) groups[row.ariaRowIndex] = Number(row.dataset.group);
        }
        return groups.filter((group) => group !== null);
      });
      assert.deepEqual(order, order.toSorted((a, b) => a - b));
      assert.ok(new Set(order).size > 2, "several groups");
    });

    test("of ten thousand tickets only those in sight are in the document, wherever it is scrolled to", async (t) => {
      const page = await withBoard(10_000);
      const { counts, ms } = await page.evaluate(async () => {
        const counts = [];
        const scroller = inside(".scroll");
        for (const part of [0, 0.3, 0.7, 1, 0.01]) {
          scroller.scrollTop = part * scroller.scrollHeight;
          await frames();
          counts.push([rows().length, board.shadowRoot.querySelectorAll("*").length]);
        }
        return { counts, ms: performance.now() };
      });
      t.diagnostic(`rows and elements while scrolling: ${JSON.stringify(counts)} ${ms}`);
      for (const [shown, elements] of counts) {
        assert.ok(shown >= 8 && shown < 40, `${shown} rows`);
        assert.ok(elements < 1500, `${elements} elements`);
      }
      assert.equal(await page.evaluate(() => board.summary.tickets), 10_000);
    });

    test("ticking leaves no memory behind", IN_CHROMIUM(kind), async () => {
      const page = await withBoard(500);
      const session = await page.createCDPSession();
      const used = async () => {
        for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
        return (await session.send("Runtime.getHeapUsage")).usedSize;
      };
      const tick = (from, count) => page.evaluate(async (from, count) => {
        for (let second = 0; second < count; second += 1) await moveTo(from + second * 1000);
      }, from, count);
      await tick(NOW, 300);
      const before = await used();
      await tick(NOW + 300_000, 600);
      const grown = (await used()) - before;
      assert.ok(grown < 400_000, `${grown} bytes more after 600 ticks`);
    });

    test("keys: / searches, arrows walk, Enter opens, Escape closes and gives the focus back", async () => {
      const page = await withBoard(40);
      await page.keyboard.press("/");
      await page.keyboard.type("contoso");
      await until(page, () => rows().every((row) => /Contoso/.test(row.textContent)));
      const found = await shownIds(page);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const active = () => page.evaluate(() => board.shadowRoot.activeElement?.dataset.ticket ?? null);
      assert.equal(await active(), found[1]);
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => board.opened), found[1]);
      await until(page, () => inside(".detail") && inside(".detail").contains(board.shadowRoot.activeElement));
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => board.opened), null);
      assert.equal(await active(), found[1]);
      await page.keyboard.press("End");
      assert.equal(await active(), found.at(-1));
      await page.keyboard.press("Escape");
      await until(page, () => inside(".shown").textContent === "40 tickets");
      assert.deepEqual(await page.evaluate(() => heard.map(([name]) => name)), ["sla-open", "sla-close"]);
    });

    test("a page may keep a ticket from opening", async () => {
      const page = await withBoard(5);
      await page.evaluate(() => board.addEventListener("sla-open", (event) => event.preventDefault()));
      await page.evaluate(() => rows()[0].click());
      assert.equal(await page.evaluate(() => board.opened), null);
    });

    test("the strip's counts filter the list", async () => {
      const page = await withBoard(60);
      const { count, shown } = await page.evaluate(async () => {
        const tile = inside(".tile-overdue");
        tile.click();
        await frames();
        return { count: Number(tile.querySelector(".tile-count").textContent), shown: inside(".shown").textContent };
      });
      assert.equal(shown, `${count} of 60`);
      assert.equal(await page.evaluate(() => board.summary.overdue), count);
    });

    test("sorts by a column, up, down and not at all", async () => {
      const page = await withBoard(30);
      await page.evaluate(() => board.setAttribute("group", "none"));
      const sorted = async () => {
        await page.evaluate(async () => {
          [...board.shadowRoot.querySelectorAll(".sort")].find((button) => button.textContent === "Priority").click();
          await frames();
        });
        return page.evaluate(() => rows().map((row) => row.querySelector(".cell-priority").textContent));
      };
      const up = await sorted();
      assert.deepEqual(up, up.toSorted());
      assert.equal(await page.evaluate(() => inside("[aria-sort=ascending]").textContent), "Priority");
      const down = await sorted();
      assert.deepEqual(down, down.toSorted().reverse());
      await sorted();
      assert.equal(await page.evaluate(() => inside("[aria-sort=ascending], [aria-sort=descending]")), null);
    });

    test("takes changes of tickets while it runs, and says who is late", async () => {
      const page = await withBoard([{ id: "A", created_at: "2026-11-20T14:25:00Z", fields: { priority: "P1", status: "New", subject: "First" } }]);
      await page.evaluate(async (at) => {
        board.update({ id: "B", created_at: "2026-11-20T14:00:00Z", fields: { priority: "P2", status: "New", subject: "Second" } });
        await moveTo(at);
        await frames();
      }, NOW + 11 * 60_000);
      assert.deepEqual((await shownIds(page)).sort(), ["A", "B"]);
      assert.deepEqual(await page.evaluate(() => heard), [["sla-overdue", { ids: ["A"] }]]);
      await until(page, () => inside("[aria-live].vh")?.textContent === "A: Overdue");
      await page.evaluate(async () => {
        board.update([{ ...tickets[0], events: [{ at: "2026-11-20T14:30:30Z", status: "Resolved" }] }]);
        board.removeTicket("B");
        await frames();
      });
      assert.deepEqual(await page.evaluate(() => rows().map((row) => [row.dataset.ticket, row.dataset.group])), [["A", "6"]]);
    });

    test("keeps changes that come before it is there, and says when a part of it cannot be fetched", async () => {
      const page = await browser.open(NOW);
      const early = await page.evaluate(async () => {
        const { agreement, tickets } = await import("/gallery/tickets.js");
        window.board = place("sla-board", { agreement, tickets: tickets(3) });
        const told = [board.opened, board.summary, board.open("T-1000"), board.removeTicket("T-1001")];
        board.update({ ...tickets(1)[0], id: "late" });
        return told;
      });
      assert.deepEqual(early, [null, null, false, false]);
      await until(page, () => board.summary?.tickets === 3);
      assert.equal(await page.evaluate(() => board.removeTicket("T-1001")), false);
      assert.equal(await page.evaluate(() => board.removeTicket("late")), true);

      const broken = await browser.openToFail(NOW);
      await broken.setRequestInterception(true);
      broken.on("request", (request) => (request.url().endsWith("inside.js") ? request.abort() : request.continue()));
      await broken.evaluate(() => {
        window.heard = [];
        addEventListener("sla-problem", (event) => heard.push(event.detail.error.name));
        window.board = place("sla-board");
      });
      await until(broken, () => board.shadowRoot.querySelector("[role=alert]")?.textContent);
      assert.deepEqual(await broken.evaluate(() => heard), ["TypeError"]);
    });

    test("shows what an engine elsewhere has answered, without one here, and asks for more when that has run out", async () => {
      const agreement = await Agreement.parse(document_);
      const list = tickets(40);
      const answers = (at) => [...agreement.evaluateAll(list, at), { ticket: "bad", error: { code: "SLA-E0101", message: "not an instant", pointer: "/created_at" } }];
      const page = await browser.open(NOW);
      await page.evaluate(async (evaluations, tickets) => {
        window.heard = [];
        addEventListener("sla-stale", (event) => heard.push(...event.detail.ids));
        window.frames = async (count = 3) => {
          for (let frame = 0; frame < count; frame += 1) await new Promise((done) => requestAnimationFrame(done));
        };
        window.board = place("sla-board", { evaluations, tickets, asOf: Date.now() });
        window.inside = (selector) => board.shadowRoot.querySelector(selector);
        window.rows = () => [...board.shadowRoot.querySelectorAll(".row")];
      }, answers(NOW), list);
      await page.setViewport({ width: 1440, height: 5000 });
      await page.evaluate(() => board.style.setProperty("height", "4900px"));
      await until(page, () => board.summary?.tickets === 41 && rows().length === 41);
      const figures = () => page.evaluate(async () => {
        await frames();
        return Object.fromEntries(rows().map((row) => [row.dataset.ticket, [...row.querySelectorAll(".clock[data-state]")].map(({ dataset }) => [dataset.clock, dataset.state, dataset.elapsedMs, dataset.face])]));
      });
      const expected = (evaluations) => Object.fromEntries(evaluations.map(({ ticket, clocks = [] }) => [ticket, clocks.map((clock) => [clock.clock, clock.state, String(clock.elapsed_ms)])]));
      const plain = (shown) => Object.fromEntries(Object.entries(shown).map(([id, clocks]) => [id, clocks.map((clock) => clock.slice(0, 3))]));
      assert.deepEqual(plain(await figures()), expected(answers(NOW)));
      assert.deepEqual(await page.evaluate(() => [heard, performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm")).length]), [[], 0]);
      assert.match(await page.evaluate(() => rows().find((row) => row.dataset.ticket === "bad").textContent), /SLA-E0101 not an instant/);

      const later = NOW + 3 * HOUR;
      await page.evaluate((at) => moveTo(at), later);
      const over = answers(NOW).filter(({ clocks = [] }) => clocks.some((clock) => Date.parse(clock.next_change_at) <= later)).map(({ ticket }) => ticket);
      assert.deepEqual((await page.evaluate(() => heard)).toSorted(), over.toSorted());
      assert.ok(over.length > 3 && over.length < 40, `${over.length} of 40`);
      const aged = await figures();
      const stale = Object.keys(aged).filter((id) => aged[id].some(([, , , face]) => face === "stale"));
      assert.deepEqual(stale.toSorted(), over.toSorted());
      await page.evaluate((evaluations) => board.update(evaluations), answers(later));
      assert.deepEqual(plain(await figures()), expected(answers(later)));

      // A ticket of which no more is known opens too.
      await page.evaluate(() => board.update({ ticket: "alone", clocks: [], notices: [] }));
      assert.equal(await page.evaluate(() => board.open("alone")), true);
      await until(page, () => inside(".detail:not([hidden]) .detail-title")?.textContent === "alone");
      assert.equal(await page.evaluate(() => inside("sla-timeline").hidden), true);
    });

    test("tickets with mistakes stand among the others, with what is wrong", async () => {
      const page = await withBoard([{ id: "good", created_at: "2026-11-20T14:00:00Z" }, { id: "bad" }, { id: "good", created_at: "nonsense" }]);
      const text = await page.evaluate(() => rows().find((row) => row.dataset.ticket === "bad").textContent);
      assert.match(text, /SLA-E\d+ /);
      assert.deepEqual((await shownIds(page)).sort(), ["bad", "good"]);
    });

    test("loading, empty, nothing found and failed are states of their own", async () => {
      const page = await withBoard([]);
      const panel = () => page.evaluate(() => [inside(".state").dataset.kind, inside(".state").innerText]);
      assert.match((await panel()).join(" "), /^empty No tickets yet/);
      await page.evaluate(async () => (board.update({ id: "A", created_at: "2026-11-20T14:00:00Z" }), await frames()));
      await page.evaluate(() => inside(".tile-paused").click());
      await page.evaluate(() => frames());
      assert.match((await panel()).join(" "), /^nothing Nothing matches/);
      await page.evaluate(() => (inside(".state button").click(), frames()));
      assert.equal((await panel())[0] ?? null, null);
      await page.evaluate(() => (board.agreement = { slaclock: "1", policies: [{}], calendars: { a: {} } }));
      await until(page, () => heard.some(([name]) => name === "sla-problem"));
      await page.evaluate(() => frames());
      assert.match((await panel()).join(" "), /^failed .*SLA-E/s);
      const waiting = await page.evaluate(async () => {
        const other = place("sla-board");
        await frames();
        return other.shadowRoot.querySelector(".state").dataset.kind;
      });
      assert.equal(waiting, "loading");
    });

    test("a text of a ticket is never markup", async () => {
      const hostile = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>";
      const fields = { subject: hostile, customer: hostile, priority: hostile, assignee: hostile, group: hostile, site: hostile, status: hostile, service: hostile, "<b>": hostile };
      const events = [{ at: "2026-11-20T14:10:00Z", pause: { party: hostile, reason: hostile } }, { at: "2026-11-20T14:11:00Z", note: hostile }, { at: "2026-11-20T14:12:00Z", field: { "<i>": hostile } }];
      const page = await withBoard([{ id: hostile, created_at: "2026-11-20T14:00:00Z", fields, events }, { id: "<u>bad</u>" }]);
      await page.evaluate((id) => board.open(id), hostile);
      await until(page, () => inside("sla-timeline")?.shadowRoot.querySelector(".slice, .none"));
      const found = await page.evaluate(() => {
        const roots = [board.shadowRoot, inside("sla-timeline").shadowRoot];
        return [roots.flatMap((root) => [...root.querySelectorAll("img, script, b, i[onerror], u")]).length, document.title, inside(".detail").textContent];
      });
      assert.deepEqual(found.slice(0, 2), [0, "Elements"]);
      assert.ok(found[2].includes(hostile));
    });

    test("one moment is shown in the events and on the timeline", async () => {
      const page = await withBoard(40);
      const { on, moment } = await page.evaluate(async () => {
        const ticket = tickets.find(({ events }) => events.filter(({ at }) => Date.parse(at) < Date.now()).length > 1);
        board.open(ticket.id);
        while (!inside(".event") || !inside("sla-timeline").shadowRoot.querySelector(".slice")) await frames();
        const events = [...board.shadowRoot.querySelectorAll(".event")];
        events[1].focus();
        await frames();
        return { on: events.map((event) => event.classList.contains("on")), moment: inside("sla-timeline").moment - Number(events[1].dataset.ms) };
      });
      assert.equal(moment, 0);
      assert.equal(on[1], true);
    });

    test("axe finds nothing, in light and dark, wide and narrow, with a ticket open, and no policy is violated", IN_CHROMIUM(kind), async () => {
      for (const width of [1440, 360]) {
        const page = await withBoard(60, {}, { width, height: 800 });
        for (const theme of ["light", "dark"]) {
          await page.evaluate((theme) => document.documentElement.style.setProperty("color-scheme", theme), theme);
          const ignored = /^(page-has-heading-one|region|landmark)/;
          assert.deepEqual((await faults(page)).filter((fault) => !ignored.test(fault)), [], `${width} ${theme}`);
          await page.evaluate(() => board.open("T-1001"));
          await until(page, () => inside("sla-timeline")?.shadowRoot.querySelector(".slice, .none"));
          await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
          assert.deepEqual((await faults(page)).filter((fault) => !ignored.test(fault)), [], `${width} ${theme} open`);
          await page.evaluate(() => board.close());
        }
        assert.deepEqual(await page.evaluate(() => violations), []);
      }
    });

    test("knows the states by the numbers of the engine's columns", IN_CHROMIUM(kind), async () => {
      const page = await withBoard(1);
      const [ours, theirs] = await page.evaluate(async () => [(await import("/element/board/model.js")).STATES, (await import("/js/api.js")).STATES]);
      assert.deepEqual(ours, [...theirs]);
    });
  });
}
