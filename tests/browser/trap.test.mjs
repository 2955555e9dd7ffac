// An engine that breaks, in real Chromium and Firefox: in the page, under its elements, and in a worker. The build of this
// test traps when it is asked to.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { here, launch, serveFiles } from "./chromium.mjs";
import { KINDS, until } from "./elements.mjs";

const folder = process.env.SLACLOCK_TRAP;
const PAGE = '<!doctype html><meta charset="utf-8"><title>Traps</title><link rel="icon" href="data:,"><script type="module" src="/test.js"></script><main></main>';
const SCRIPT = `import * as elements from "/element/index.js";
import { Agreement, Board } from "/js/web.js";
import { WorkerBoard } from "/js/worker.js";
import { engine } from "/js/core.js";
import { agreement as document_, tickets } from "/gallery/tickets.js";
import { NOW } from "/gallery/clocks.js";
elements.setServerTime(NOW);
const breakEngine = (way) => { try { engine.enter((glue) => glue.trap(way)); } catch (error) { return error.code; } };
Object.assign(window, { elements, Agreement, Board, WorkerBoard, engine, document_, tickets, NOW, breakEngine, heard: [] });
addEventListener("sla-problem", ({ detail }) => heard.push(detail.error.code));`;
// The package's own worker, with an ear for traps.
const WORKER = `import "/js/thread.js";
import { engine } from "/js/core.js";
addEventListener("message", ({ data }) => {
  if (!data.trap) return;
  try { engine.enter((glue) => glue.trap(data.trap)); } catch (error) { postMessage({ trapped: error.code }); }
});`;

describe("an engine that breaks", { skip: folder ? false : "SLACLOCK_TRAP is not set" }, () => {
  let server;
  before(async () => (server = await serveFiles([folder, join(here, "../../wasm-web")], { "/index.html": PAGE, "/test.js": SCRIPT, "/worker.js": WORKER })));
  after(() => server?.close());

  for (const kind of KINDS) {
    describe(kind, () => {
      let browser, page;
      before(async () => {
        browser = await launch(kind);
        page = await browser.newPage();
        await page.goto(`${server.origin}/index.html`);
        await until(page, () => globalThis.breakEngine);
      });
      after(() => browser?.close());

      for (const way of ["unreachable", "stack", "memory"]) {
        test(`${way}: in the page and in a worker, all goes on as it was`, async () => {
          const found = await page.evaluate(async (way) => {
            const agreement = await Agreement.parse(document_);
            const list = tickets(200);
            const worker = new Worker("/worker.js", { type: "module" });
            const boards = [new Board(agreement, NOW), await WorkerBoard.open(document_, NOW, { worker })];
            const breaks = [
              () => breakEngine(way),
              () => new Promise((done) => {
                worker.addEventListener("message", ({ data }) => data.trapped && done(data.trapped));
                worker.postMessage({ trap: way });
              }),
            ];
            const told = [];
            for (const [index, board] of boards.entries()) {
              await board.addAll(list);
              await board.tick(NOW);
              const before = [await board.row("T-1007"), [...board.columns.due_at.subarray(0, 400)]];
              const code = await breaks[index]();
              const rows = (await board.tick(NOW)).length;
              const after = [await board.row("T-1007"), [...board.columns.due_at.subarray(0, 400)]];
              told.push([code, rows, JSON.stringify(after) === JSON.stringify(before), (await board.tick(NOW)).length]);
              board.free();
            }
            return told;
          }, way);
          assert.deepEqual(found, [["engine-trap", 200, true, 0], ["engine-trap", 200, true, 0]]);
        });
      }

      test("elements go on, and a board whose tick breaks says so and takes the next", async () => {
        await page.evaluate(async () => {
          const agreement = await Agreement.parse(document_);
          const make = (tag, given) => document.querySelector("main").appendChild(Object.assign(document.createElement(tag), given));
          window.board = make("sla-board", { agreement, tickets: tickets(50) });
          window.clock = make("sla-clock", { agreement, ticket: tickets(1)[0] });
        });
        await until(page, () => board.summary?.tickets === 50 && clock.figures.face);
        const before = await page.evaluate(() => [board.summary.overdue, clock.figures.state]);
        await page.evaluate(() => {
          breakEngine("unreachable");
          const { tick } = Board.prototype;
          Board.prototype.tick = function () {
            Board.prototype.tick = tick;
            return engine.enter((glue) => glue.trap("unreachable"));
          };
          elements.setServerTime(NOW + 5_000);
          clock.ticket = { ...tickets(1)[0] };
        });
        await until(page, () => heard.length > 0);
        await page.evaluate(() => board.update({ id: "new", created_at: new Date(NOW).toISOString() }));
        await until(page, () => board.summary.tickets === 51);
        assert.deepEqual(await page.evaluate(() => [board.summary.overdue, clock.figures.state]), before);
        assert.deepEqual(await page.evaluate(() => heard), ["engine-trap"]);
      });

      test("a board under which the engine breaks every time says that it has failed, and may be tried again", async () => {
        await page.evaluate(() => {
          window.tick = Board.prototype.tick;
          Board.prototype.tick = () => engine.enter((glue) => glue.trap("unreachable"));
        });
        await until(page, () => board.shadowRoot.querySelector(".state[data-kind=failed]"));
        await page.evaluate(() => {
          Board.prototype.tick = window.tick;
          board.shadowRoot.querySelector(".state button").click();
        });
        await until(page, () => board.shadowRoot.querySelector(".state").hidden && board.summary?.tickets === 50);
      });
    });
  }
});
