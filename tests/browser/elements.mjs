// Pages that hold the elements, with a clock of the test's choice.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";

import { here, launch, serveFiles } from "./chromium.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Nothing but what the package needs: no inline script or style, no `eval`. */
export const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Elements</title><link rel="icon" href="/icon.svg">
<meta http-equiv="Content-Security-Policy" content="${STRICT}"><script type="module" src="/test.js"></script></head>
<body><main></main></body></html>`;

const SCRIPT = `import * as elements from "/element/index.js";
import { Agreement } from "/js/web.js";
Object.assign(window, { elements, Agreement, place: (tag, props = {}) => {
  const element = Object.assign(document.createElement(tag), props);
  document.querySelector("main").append(element);
  return element;
} });
window.ready = true;`;

export const KINDS = ["chrome", "firefox"];

/** What no browser does otherwise, or only Chromium's debugger can ask, is tested there alone. */
export const IN_CHROMIUM = (kind) => ({ skip: kind !== "chrome" });

/** Waits until `ask` answers something in the page. Puppeteer's own waiting wants `eval`, which the policy forbids to Firefox. */
export async function until(page, ask, ...given) {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
    if (await page.evaluate(`(async () => Boolean(await (${ask})(...${JSON.stringify(given)})))()`)) return;
  }
  throw new Error(`waited in vain for ${ask}`);
}

/** A server of the package, a browser, and a way to open pages in it. */
export async function start(kind = "chrome") {
  const server = await serveFiles(join(here, "../../wasm-web"), { "/test.html": PAGE, "/test.js": SCRIPT, "/icon.svg": "" });
  const browser = await launch(kind);
  return {
    open: (now) => open(browser, server.origin, now),
    /** A page that lives by this machine's clock. */
    openLive: () => open(browser, server.origin, null),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** A browser for the tests of a group: started before them, and no page of theirs may report an error. */
export function inBrowser(kind) {
  let browser;
  const pages = [];
  before(async () => (browser = await start(kind)));
  // Pages that go on living slow down those that follow.
  afterEach(() => Promise.all(pages.filter((page) => !page.isClosed()).map((page) => page.close())));
  after(async () => {
    const said = pages.flatMap((page) => page.said);
    await browser.close();
    assert.deepEqual(said, [], "no page reports an error");
  });
  return {
    open: async (now) => {
      const page = await browser.open(now);
      pages.push(page);
      return page;
    },
    /** A page that is to report errors, and that its test closes. */
    openToFail: (now) => browser.open(now),
  };
}

/**
 * A page whose machine's clock stands at `now` until \`moveTo\` moves it. Its monotonic clock goes along unless told that
 * the machine sleeps or that somebody sets the clock. With `null` it is the machine's own.
 */
async function open(browser, origin, now) {
  const page = await browser.newPage();
  page.said = [];
  page.on("pageerror", (error) => page.said.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.said.push(message.text()));
  if (now !== null) await page.evaluateOnNewDocument((start) => {
    let wall = start;
    let mono = 1000;
    Date.now = () => wall;
    performance.now = () => mono;
    window.moveTo = async (next, monotonic = next - wall) => {
      mono += Math.max(0, monotonic);
      wall = next;
      // As a browser does after a sleep of the machine, and as the page's timer would do within a second.
      window.dispatchEvent(new Event("focus"));
      await null;
    };
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  }, now);
  await page.goto(`${origin}/test.html`);
  await until(page, () => window.ready);
  return page;
}

/** What axe finds wrong with a page. */
export async function faults(page) {
  // A strict policy lets no test put scripts into the page but through the debugger.
  await page.evaluate((await import("node:fs")).readFileSync(axe, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.flat().join(" ")} ${node.failureSummary}`));
}
