// The package's bundled files in plain pages, in Chromium and Firefox: few requests, the shared cases, other origins, workers.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch, serveFiles } from "../browser/chromium.mjs";
import { until } from "../browser/elements.mjs";
import { adapterCases } from "../runtimes/install.mjs";
import { LEAST, here, makeProject } from "./project.mjs";

const HEAD = '<!doctype html><meta charset="utf-8"><title>Bundles</title><link rel="icon" href="data:,">';
const AGREEMENT = { slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] };
const NOW = Date.parse("2026-11-23T10:00:00Z");
const DIST = "/node_modules/slaclock/dist/";
const script = (name, more = "") => `<script type="module" src="${DIST}${name}"${more}></script>`;
const strict = (origin, scripts = "") => ({ "content-security-policy": `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval' ${scripts}; connect-src ${origin}; worker-src 'self'; img-src data:` });

let installed;
before(() => {
  installed = makeProject();
  copyFileSync(join(here, "../runtimes/adapter_cases.mjs"), join(installed.project, "adapter_cases.mjs"));
});
after(() => installed?.remove());

/** Gives every element of the page an agreement and tickets. */
function fill(document_, now) {
  const ticket = { id: "T-1", created_at: now - 60_000 };
  for (const element of document.querySelectorAll("sla-clock, sla-timeline")) Object.assign(element, { agreement: document_, ticket });
  for (const element of document.querySelectorAll("sla-board")) Object.assign(element, { agreement: document_, tickets: [ticket] });
}
const clockRuns = () => document.querySelector("sla-clock").figures?.face === "running";

for (const kind of ["chrome", "firefox"]) {
  describe(`bundles, ${kind}`, () => {
    let browser;
    before(async () => (browser = await launch(kind)));
    after(() => browser?.close());

    /** Opens a page, hands it to `use`, and answers the files of the package that were asked for; nothing may go wrong on the way. */
    async function open(html, use, { headers = {}, made = {}, wrong = [] } = {}) {
      const server = await serveFiles(installed.project, { "/index.html": HEAD + html, ...made }, headers);
      const page = await browser.newPage();
      const said = [];
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("console", (message) => ["error", "warn"].includes(message.type()) && said.push(message.text()));
      try {
        await page.goto(`${server.origin}/index.html`);
        await use(page);
        const unexpected = said.filter((text) => !wrong.some((known) => text.includes(known)));
        assert.deepEqual(unexpected, []);
        return server.asked.filter((path) => path.startsWith(DIST)).map((path) => path.slice(DIST.length));
      } finally {
        await page.close();
        server.close();
      }
    }

    for (const name of ["elements.js", "clock.js"]) {
      test(`${name}: a clock stands after three requests, under a strict policy`, async () => {
        const asked = await open(`${script(name)}<sla-clock></sla-clock>`, async (page) => {
          await page.evaluate(fill, AGREEMENT, Date.now());
          await until(page, clockRuns);
        }, { headers: strict("'self'") });
        assert.deepEqual(asked, [name, "slaclock.js", "slaclock.wasm"]);
      });
    }

    test("elements.js: a board, a timeline and another language cost one request more", async () => {
      const html = `<html lang="ar">${script("elements.js")}<sla-board style="height: 20rem"></sla-board><sla-timeline></sla-timeline>`;
      const asked = await open(html, async (page) => {
        await page.evaluate(fill, AGREEMENT, Date.now());
        await until(page, () => document.querySelector("sla-timeline").shadowRoot?.querySelector(".slice"));
        await until(page, () => document.querySelector("sla-board").summary?.tickets === 1);
        assert.equal(await page.evaluate(() => document.querySelector("sla-board").open("T-1")), true);
        await until(page, () => document.querySelector("sla-board").shadowRoot.querySelector("sla-timeline")?.shadowRoot.querySelector(".slice"));
      });
      assert.deepEqual(asked.toSorted(), ["elements.js", "slaclock.js", "slaclock.wasm", "words-ar.js"]);
    });

    test("a page without an engine asks for one file", async () => {
      const asked = await open(`${script("elements.js")}<sla-clock></sla-clock>`, async (page) => {
        await page.evaluate(async (now) => {
          await customElements.whenDefined("sla-clock");
          const at = (ms) => new Date(now + ms).toISOString();
          document.querySelector("sla-clock").clock = { clock: "resolution", metric: "resolution", state: "running", rate: 1, elapsed_ms: 60_000, remaining_ms: 3_540_000, target_ms: 3_600_000, due_at: at(3_540_000), next_change_at: at(3_540_000), alerts: [] };
        }, Date.now());
        await until(page, clockRuns);
      });
      assert.deepEqual(asked, ["elements.js"]);
    });

    test("slaclock.js: the shared cases, lint among them", async () => {
      const html = '<script type="module" src="/bundled.mjs"></script>';
      const program = `import * as slaclock from "${DIST}slaclock.js";\nimport { check } from "./check.mjs";\nimport cases from "./data.mjs";\n`
        + "check(slaclock, cases).catch((error) => ({ failures: [String(error)] })).then((outcome) => (globalThis.outcome = outcome));\n";
      const asked = await open(html, async (page) => {
        await until(page, () => globalThis.outcome);
        const { cases, failures } = await page.evaluate(() => globalThis.outcome);
        assert.deepEqual(failures, []);
        assert.ok(cases >= LEAST, `only ${cases} cases`);
      }, { headers: strict("'self'"), made: { "/bundled.mjs": program } });
      assert.deepEqual(asked, ["slaclock.js", "slaclock.wasm", "lint.wasm"]);
    });

    test("worker.js: a board in a worker answers as one in the page", async () => {
      const asked = await open("", async (page) => {
        const [here, there] = await page.evaluate(async (dist, document_, now) => {
          const { Agreement, Board } = await import(`${dist}slaclock.js`);
          const { WorkerBoard } = await import(`${dist}worker.js`);
          const told = [];
          for (const board of [new Board(await Agreement.parse(document_), now), await WorkerBoard.open(document_, now)]) {
            await board.addAll(Array.from({ length: 100 }, (_, index) => ({ id: `T-${index}`, created_at: now - index * 300_000 })));
            told.push([[...(await board.tick(now))].length, await board.row("T-60")]);
            board.free();
          }
          return told;
        }, DIST, AGREEMENT, NOW);
        assert.equal(here[0], 100);
        assert.deepEqual(there, here);
      }, { headers: strict("'self'") });
      assert.deepEqual(asked.toSorted(), ["slaclock.js", "slaclock.wasm", "slaclock.wasm", "thread.js", "worker.js"]);
    });

    test("adapters.js: the cases of the adapters", async () => {
      const asked = await open("", async (page) => {
        const { cases, failures } = await page.evaluate(async (dist, files) => {
          const { adapterFailures } = await import("/adapter_cases.mjs");
          return adapterFailures(await import(`${dist}adapters.js`), files);
        }, DIST, adapterCases());
        assert.deepEqual(failures, []);
        assert.ok(cases > 50, `only ${cases} cases`);
      });
      assert.deepEqual(asked, ["adapters.js", "adapters.wasm"]);
    });

    for (const [first, second] of [["dist/elements.js", "element/index.js"], ["element/index.js", "dist/elements.js"]]) {
      test(`${second} after ${first} leaves the elements as they are, and says so`, async () => {
        await open(`<script type="module" src="/node_modules/slaclock/${first}"></script><sla-clock></sla-clock><sla-board style="height: 20rem"></sla-board>`, async (page) => {
          const [same, problem] = await page.evaluate(async (first, second, document_, now) => {
            const [one, two] = [await import(`/node_modules/slaclock/${first}`), await import(`/node_modules/slaclock/${second}`)];
            const { Agreement } = await import(`/node_modules/slaclock/${second.startsWith("dist") ? "dist/slaclock.js" : "js/web.js"}`);
            const agreement = await Agreement.parse(document_);
            const [clock, board] = [document.querySelector("sla-clock"), document.querySelector("sla-board")];
            // A clock takes an agreement of either copy; a board takes one of its own, and says so.
            const problem = new Promise((done) => board.addEventListener("sla-problem", ({ detail }) => done(detail.error.mend)));
            Object.assign(clock, { agreement, ticket: { id: "T-1", created_at: now } });
            Object.assign(board, { agreement, tickets: [] });
            return [clock instanceof one.SlaClock && !(clock instanceof two.SlaClock), await problem];
          }, first, second, AGREEMENT, Date.now());
          assert.equal(same, true);
          assert.match(problem, /of the same copy of the package/);
          await until(page, clockRuns);
        }, { wrong: ["is there already, of another copy"] });
      });
    }

    test("from another origin, with integrity of each file and a strict policy", async () => {
      const cdn = await serveFiles(installed.project, {}, { "access-control-allow-origin": "*" });
      const hashes = JSON.parse(readFileSync(join(installed.project, "node_modules/slaclock/pkg/integrity.json"), "utf8"));
      const at = (name) => `${cdn.origin}${DIST}${name}`;
      const load = (sum) => open(`<script type="importmap">${map}</script><script type="module" src="${at("elements.js")}" integrity="${hashes["dist/elements.js"]}" crossorigin></script><sla-clock></sla-clock>`, async (page) => {
        const told = await page.evaluate(async (api, wasm, integrity, document_) => {
          const { init, Agreement } = await import(api);
          const refused = await init({ wasm, integrity }).then(() => null, ({ code }) => code);
          if (refused) return refused;
          Object.assign(document.querySelector("sla-clock"), { agreement: await Agreement.parse(document_), ticket: { id: "T-1", created_at: new Date() } });
          return null;
        }, at("slaclock.js"), at("slaclock.wasm"), sum, AGREEMENT);
        if (told) return assert.equal(told, "engine-load");
        await until(page, clockRuns);
      }, { headers: strict(cdn.origin, `'sha256-${createHash("sha256").update(map).digest("base64")}'`), wrong: ["integrity", "Integrity"] });
      const map = JSON.stringify({ integrity: { [at("slaclock.js")]: hashes["dist/slaclock.js"] } });
      try {
        await load(hashes["dist/slaclock.wasm"]);
        assert.deepEqual(cdn.asked.map((path) => path.slice(DIST.length)), ["elements.js", "slaclock.js", "slaclock.wasm"]);
        await load(`sha384-${"A".repeat(64)}`);
      } finally {
        cdn.close();
      }
    });
  });
}
