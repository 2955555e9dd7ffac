// The guides of the package, run: in a real browser, in the frameworks that they are about, and on a server.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch, serveFiles } from "../browser/chromium.mjs";
import { until } from "../browser/elements.mjs";
import { installPacked } from "../runtimes/install.mjs";
import { here } from "./project.mjs";

let installed, browser;
const said = [];
before(async () => {
  installed = installPacked();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  installed?.remove();
});

const guide = (name) => join(installed.project, "node_modules/slaclock/guides", name);

/** Opens a page of a folder, asks it, and hands back what it answers. */
async function at(folder, path, ask, { made = {}, headers = {}, prepare } = {}) {
  const server = await serveFiles(folder, made, headers);
  const page = await browser.newPage();
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  try {
    await prepare?.(page);
    await page.goto(`${server.origin}${path}`);
    return await ask(page, server.origin);
  } finally {
    await page.close();
    server.close();
  }
}

const text = (clock) => clock.shadowRoot?.querySelector(".clock-main")?.textContent ?? "";

describe("guides", () => {
  const packed = () => join(installed.project, "node_modules/slaclock");

  test("a sidebar in an iframe follows the ticket of the page around, and takes nothing from others", async () => {
    // A page of another origin that sends a ticket to the first frame of the page around it.
    const script = 'parent.frames[0].postMessage({ type: "ticket", ticket: { id: "X", created_at: new Date().toISOString() } }, "*"); parent.postMessage("sent", "*");';
    const foreign = await serveFiles(packed(), { "/foreign.html": `<!doctype html><link rel="icon" href="data:,"><script>${script}</script>` });
    await at(packed(), "/guides/sidebar/index.html", async (page) => {
      const frame = await (await page.waitForSelector("#sidebar")).contentFrame();
      const shows = (expected) => until(frame, (expected) => [...document.querySelectorAll("sla-clock")].map((clock) => clock.figures?.face).join() === expected, expected);
      await shows("running,running");
      await until(page, () => document.querySelector("#sidebar").height > 100);
      // A first response is owed while somebody else is waited for, too.
      await page.select("#status", "Waiting");
      await shows("running,paused");
      await page.select("#status", "Solved");
      await shows("met,met");
      await page.evaluate(async (origin) => {
        const frame = Object.assign(document.createElement("iframe"), { src: `${origin}/foreign.html` });
        const sent = new Promise((done) => addEventListener("message", ({ data }) => data === "sent" && done()));
        document.body.append(frame);
        await sent;
        await new Promise((done) => setTimeout(done, 200));
      }, foreign.origin);
      await shows("met,met");
    });
    foreign.close();
  });

  test("a queue board takes changes, and lets the page open tickets", async () => {
    await at(packed(), "/guides/board/index.html", async (page) => {
      await until(page, () => document.querySelector("sla-board").summary?.tickets === 200);
      assert.match(await page.title(), /^\(\d+\) Queue$/);
      const opened = await page.evaluate(async () => {
        const channel = new BroadcastChannel("tickets");
        channel.postMessage({ removed: "T-1000" });
        channel.postMessage([{ id: "new", created_at: new Date().toISOString(), fields: { priority: "P1" } }, { id: "newer", created_at: new Date().toISOString() }]);
        const board = document.querySelector("sla-board");
        while (board.summary.tickets !== 201) await new Promise((done) => setTimeout(done, 20));
        location.hash = "own";
        return [board.open("new"), board.open("T-1000"), board.opened, document.title];
      });
      assert.deepEqual(opened, [true, false, null, "new"]);
    });
  });

  for (const name of ["react", "vue"]) {
    test(`the elements in ${name}, built by vite`, async () => {
      const root = join(installed.project, name);
      cpSync(guide(name), root, { recursive: true });
      const modules = join(here, "node_modules");
      const needed = { react: ["react", "react-dom"], vue: ["vue", "@vitejs/plugin-vue"] }[name];
      mkdirSync(join(installed.project, "node_modules/@vitejs"), { recursive: true });
      for (const each of needed) symlinkSync(join(modules, each), join(installed.project, "node_modules", each));
      const { build } = await import("vite");
      const outDir = join(root, "dist");
      await build({ root, logLevel: "error", build: { outDir, modulePreload: { polyfill: false }, target: "es2022" } });
      await at(outDir, "/index.html", async (page) => {
        const texts = `() => [...document.querySelectorAll("sla-clock")].map(${text})`;
        await until(page, () => [...document.querySelectorAll("sla-clock")].every(({ figures }) => figures?.face === "running"));
        const [first, second] = await page.evaluate(`(${texts})()`);
        assert.match(first, /^(19|20) min left$/);
        assert.match(second, /^3 hr (49|50) min left$/);
        await page.click("button");
        await until(page, () => document.querySelector("output").textContent.endsWith("met"));
        assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("sla-clock")].map(({ figures }) => figures.face)), ["met", "running"]);
        await until(page, () => document.querySelector("sla-timeline").shadowRoot.querySelector(".slice"));
      }, { headers: { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:" } });
    });
  }

  test("a page rendered on a server shows its clock before scripts, counts on, and says when it is out of date", async () => {
    cpSync(guide("ssr/render.mjs"), join(installed.project, "render.mjs"));
    const html = execFileSync("node", ["render.mjs"], { cwd: installed.project, encoding: "utf8" });
    const made = { "/page.html": html };
    const bare = await at(installed.project, "/page.html", (page) => page.evaluate(() => document.body.innerText), { made, prepare: (page) => page.setJavaScriptEnabled(false) });
    assert.match(bare, /^resolution: running, due \d{4}-\d\d-\d\dT/);
    await at(installed.project, "/page.html", async (page) => {
      await until(page, () => document.querySelector("sla-clock").figures?.face === "running");
      assert.match(await page.evaluate(`(${text})(document.querySelector("sla-clock"))`), /^3 hr (49|50) min left$/);
      await page.evaluate(async () => {
        const { setServerTime } = await import("/node_modules/slaclock/element/index.js");
        setServerTime(Date.now() + 5 * 3_600_000);
      });
      await until(page, () => document.querySelector("sla-clock").figures.face === "stale");
    }, { made });
    assert.match(readFileSync(guide("README.md"), "utf8"), /ssr\/render\.mjs/);
  });

  test("nothing went wrong on the way", () => assert.deepEqual(said.filter((line) => !line.includes("favicon") && !line.includes("404")), []));
});
