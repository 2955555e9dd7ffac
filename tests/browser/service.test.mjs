// The board of the service in real Chromium: a token for the session, tickets of the store, changes as they happen.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./chromium.mjs";

const AGREEMENT = {
  slaclock: "1", id: "acme", title: "Acme desk", time_zone: "UTC", statuses: { Done: "resolved" },
  policies: [{ id: "all", when: {}, clocks: { first_response: { within: "1h", calendar: "always" } } }],
};

let folder, service, browser, page, origin, token;
const said = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "slaclock-service-"));
  const store = ["--data", join(folder, "slaclock.db")];
  const made = execFileSync(process.env.SLACLOCK_BIN, ["token", "create", ...store, "--tenant", "acme", "--role", "admin", "--name", "test"], { encoding: "utf8" });
  token = made.match(/slaclock_[\w-]+/)[0];
  service = spawn(process.env.SLACLOCK_BIN, ["serve", ...store, "--listen", "127.0.0.1:0", "--log", "warn"], { stdio: ["ignore", "pipe", "inherit"] });
  origin = await new Promise((resolve) => {
    let text = "";
    service.stdout.on("data", (data) => {
      const found = (text += data).match(/http:\/\/[\d.:]+/);
      if (found) resolve(found[0]);
    });
  });
  await send("PUT", "/v1/agreements/acme", AGREEMENT);
  browser = await launch();
  page = await browser.newPage();
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
});
after(async () => {
  await browser?.close();
  service?.kill();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function send(method, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
  assert.ok(response.ok, `${path}: ${response.status}`);
}

const ticket = (id) => send("POST", "/v1/tickets", { id, created_at: new Date().toISOString() });
const shows = (id) => page.waitForFunction((id) => document.querySelector("#board").shadowRoot?.textContent.includes(id), { timeout: 60_000 }, id);
const isVisible = (selector) => page.$eval(selector, (element) => element.checkVisibility());

test("a token opens the board, which follows the store, and is forgotten", async () => {
  await ticket("T-before");
  await page.goto(`${origin}/board`);
  await page.waitForSelector("#token", { visible: true });
  await page.type("#token", token);
  await page.click("#enter button");
  await shows("T-before");
  assert.equal(await isVisible("#enter"), false);
  await ticket("T-after");
  await shows("T-after");
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, Object.keys(localStorage).filter((key) => key.includes("token")).length]), [1, 0]);
  assert.deepEqual(said, []);

  await page.click("#leave");
  assert.deepEqual([await isVisible("#enter"), await isVisible("#board"), await page.evaluate(() => sessionStorage.length)], [true, false, 0]);
  await page.type("#token", "a guess");
  await page.click("#enter button");
  await page.waitForFunction(() => document.querySelector("#banner").textContent.includes("does not know this token"));
});
