// Pages without a bundler, in Chromium and Firefox: the README's first page, integrity, workers, service workers, frames.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch, serveFiles } from "../browser/chromium.mjs";
import { workspace } from "../runtimes/install.mjs";
import { makeProject } from "./project.mjs";

const HEAD = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';
const AGREEMENT = { slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] };
const NOW = Date.parse("2026-11-23T10:00:00Z");

let installed;
before(() => (installed = makeProject()));
after(() => installed?.remove());

/** The package under /slaclock/, and what else a test makes. */
function served(made, headers) {
  const folder = join(installed.project, "node_modules/slaclock");
  const files = Object.fromEntries(installed.files.map((file) => [`/slaclock/${file}`, readFileSync(join(folder, file))]));
  return serveFiles(folder, { ...files, ...made }, headers);
}

/** The first page of a README, as it stands there. */
function firstPage(readme) {
  const lines = readFileSync(readme, "utf8").split("\n");
  const from = lines.indexOf("```html");
  const until = lines.indexOf("```", from);
  assert.ok(from > 0 && until < 20, "the page is within the first 20 lines");
  return HEAD + lines.slice(from + 1, until).join("\n");
}

for (const kind of ["chrome", "firefox"]) {
  describe(kind, () => {
    let browser;
    before(async () => (browser = await launch(kind)));
    after(() => browser?.close());

    /** Opens a page and answers what `ask` finds there. */
    async function open(made, ask, { headers, args = [] } = {}) {
      const server = await served(made, headers);
      const page = await browser.newPage();
      try {
        await page.goto(`${server.origin}/index.html`);
        return await page.evaluate(ask, ...args);
      } finally {
        await page.close();
        server.close();
      }
    }

    test("the first page of the package's README shows a live clock", async () => {
      const page = firstPage(join(installed.project, "node_modules/slaclock/README.md"));
      const shown = await open({ "/index.html": page }, async () => {
        const clock = document.querySelector("sla-clock");
        for (let wait = 0; wait < 400 && !["running", "closed"].includes(clock.figures?.face); wait += 1) await new Promise((done) => setTimeout(done, 25));
        return [clock.figures?.face, clock.shadowRoot?.querySelector(".clock")?.textContent ?? ""];
      });
      assert.ok(["running", "closed"].includes(shown[0]), shown.join(": "));
      assert.match(shown[1], /\d+ hr/);
    });

    test("the first page of the project's README, beside a copy of dist, counts seconds", async () => {
      const files = Object.fromEntries(installed.files.filter((file) => file.startsWith("dist/")).map((file) => [file.replace("dist", "/slaclock"), readFileSync(join(installed.project, "node_modules/slaclock", file))]));
      const shown = await open({ ...files, "/index.html": firstPage(join(workspace, "README.md")) }, async () => {
        const texts = () => [...document.querySelectorAll("sla-clock")].map((clock) => clock.shadowRoot?.querySelector(".clock-main")?.textContent ?? "");
        const seen = [];
        for (let wait = 0; wait < 400 && seen.length < 3; wait += 1) {
          const [first] = texts();
          if (first.includes("left") && !seen.includes(first)) seen.push(first);
          await new Promise((done) => setTimeout(done, 25));
        }
        return [...seen, texts()[1]];
      });
      assert.equal(shown.length, 4, shown.join());
      for (const text of shown.slice(0, 3)) assert.match(text, /^(5 min|4 min \d\d sec) left$/);
      assert.match(shown[3], /^(8|7) hr/);
    });

    test("Subresource Integrity, of scripts by an import map and of the module by init, under a strict policy", async () => {
      const hashes = JSON.parse(readFileSync(join(installed.project, "node_modules/slaclock/pkg/integrity.json"), "utf8"));
      const integrity = Object.fromEntries(Object.entries(hashes).filter(([name]) => name.endsWith(".js")).map(([name, hash]) => [`/slaclock/${name}`, hash]));
      const map = JSON.stringify({ imports: { slaclock: "/slaclock/js/web.js" }, integrity });
      const own = createHash("sha256").update(map).digest("base64");
      const headers = { "content-security-policy": `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${own}'; connect-src 'self'; img-src data:` };
      const page = `${HEAD}<script type="importmap">${map}</script>`;
      const load = async (good) => {
        try {
          const { init, Agreement } = await import("slaclock");
          const wasm = "/slaclock/dist/slaclock.wasm";
          const wrong = await init({ wasm, integrity: `sha384-${"A".repeat(64)}` }).catch((error) => error.code);
          await init({ wasm, integrity: good });
          const agreement = await Agreement.parse({ slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] });
          return [wrong, agreement.id];
        } catch (error) {
          return error.name;
        }
      };
      const args = [hashes["dist/slaclock.wasm"]];
      assert.deepEqual(await open({ "/index.html": page }, load, { headers, args }), ["engine-load", "x"]);
      const tampered = { "/slaclock/js/dates.js": "export const withDates = (value) => value;" };
      assert.equal(await open({ "/index.html": page, ...tampered }, load, { headers, args }), "TypeError");
    });

    test("a board in a worker ticks as one in the page", async () => {
      const [here, there, broken] = await open({ "/index.html": HEAD }, async (document, now) => {
        const { Agreement, Board } = await import("/slaclock/js/web.js");
        const { WorkerBoard } = await import("/slaclock/js/worker.js");
        const tickets = Array.from({ length: 2000 }, (_, index) => ({ id: `T-${index}`, created_at: now - index * 10_000 }));
        const boards = [new Board(await Agreement.parse(document), now), await WorkerBoard.open(document, now)];
        const told = [];
        for (const board of boards) {
          await board.addAll(tickets);
          const rows = [[...(await board.tick(now))].length, [...(await board.tick(now + 60_000))]];
          told.push([rows, [...board.columns.overdue.subarray(0, 2000)].filter(Boolean).length, board.nextEventAt, await board.row("T-1999")]);
          board.free();
        }
        const missing = new Worker("/nowhere.js", { type: "module" });
        told.push(await WorkerBoard.open(document, now, { worker: missing }).catch((error) => error.code));
        return told;
      }, { args: [AGREEMENT, NOW] });
      assert.deepEqual(there, here);
      assert.equal(here[0][0], 2000);
      assert.ok(here[1] > 500, `${here[1]} are overdue`);
      assert.equal(broken, "worker-failed");
    });

    test("frames have engines of their own, and take each other's dates", async () => {
      const page = `${HEAD}<iframe src="/frame.html"></iframe>`;
      const found = await open({ "/index.html": page, "/frame.html": HEAD }, async (document_, now) => {
        const frame = document.querySelector("iframe");
        const load = (scope) => scope.eval('import("/slaclock/js/web.js")');
        const [own, other] = [await load(window), await load(frame.contentWindow)];
        const [mine, theirs] = [await own.Agreement.parse(document_), await other.Agreement.parse(document_)];
        const ticket = { id: "T-1", created_at: new frame.contentWindow.Date(now - 1000) };
        const answers = [mine.evaluate(ticket, new frame.contentWindow.Date(now)), theirs.evaluate(ticket, new Date(now))];
        frame.remove();
        return [own.Agreement !== other.Agreement, JSON.stringify(answers[0]) === JSON.stringify(answers[1]), mine.evaluate(ticket, now).clocks[0].elapsed_ms];
      }, { args: [AGREEMENT, NOW] });
      assert.deepEqual(found, [true, true, 1000]);
    });

    // Firefox has no service workers of modules yet.
    test("a service worker answers clocks", { skip: kind === "firefox" }, async () => {
      const worker = `import { Agreement } from "/slaclock/js/web.js";
        addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        addEventListener("fetch", (event) => {
          if (!event.request.url.endsWith("/clocks")) return;
          const answer = async () => (await Agreement.parse(${JSON.stringify(AGREEMENT)})).evaluate({ id: "T-1", created_at: ${NOW} }, ${NOW + 5000});
          event.respondWith(answer().then((evaluation) => Response.json(evaluation), (error) => new Response(String(error), { status: 500 })));
        });`;
      const elapsed = await open({ "/index.html": HEAD, "/sw.js": worker }, async () => {
        await navigator.serviceWorker.register("/sw.js", { type: "module" });
        await navigator.serviceWorker.ready;
        while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
        const response = await fetch("/clocks");
        return response.ok ? (await response.json()).clocks[0].elapsed_ms : response.text();
      });
      assert.equal(elapsed, 5000);
    });
  });
}
