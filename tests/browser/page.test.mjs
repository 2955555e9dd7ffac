// The board in real Chromium: what it shows is what the program prints for the same instant.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch, serveBoard } from "./chromium.mjs";
import { collectRows, openAt } from "./board.mjs";
import { filesIn } from "./tickets.mjs";

const HOUR = 3_600_000;
const LEAST_TICKETS = 100;

let folder, files, board, browser, page, now;
const said = [];
const printedAt = new Map();
before(async () => {
  const binary = process.env.SLACLOCK_BIN;
  assert.ok(binary && existsSync(binary), "SLACLOCK_BIN must name the built program");
  folder = mkdtempSync(join(tmpdir(), "slaclock-board-"));
  files = filesIn(folder);
  now = firstRunning(files.now);
  board = await serveBoard(binary, ["-a", files.agreement, files.tickets]);
  browser = await launch();
  page = await browser.newPage();
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  await openAt(page, board.origin, now).catch((error) => {
    throw new Error(`the board does not come up: ${said.join("; ") || "the page reports no error"}`, { cause: error });
  });
});
after(async () => {
  await browser?.close();
  board?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** What `slaclock clocks` prints, by ticket. */
function printed(at) {
  if (!printedAt.has(at)) printedAt.set(at, ask(at));
  return printedAt.get(at);
}

function ask(at) {
  const args = ["clocks", "-a", files.agreement, "--now", new Date(at).toISOString(), files.tickets];
  const lines = execFileSync(process.env.SLACLOCK_BIN, args, { encoding: "utf8", maxBuffer: 1 << 28 }).split("\n");
  const results = lines.filter(Boolean).map((line) => JSON.parse(line));
  return new Map(results.filter((result) => !result.error).map((result) => [result.ticket, result]));
}

/** Clocks that run and will close, as `ticket metric`. */
function closing(results) {
  const names = [...results.values()].flatMap((result) =>
    result.clocks.filter((clock) => clock.state === "running" && clock.calendar !== "always").map((clock) => `${result.ticket} ${clock.metric}`));
  return new Set(names);
}

/** The first full hour from `at` on at which something runs that will close. */
function firstRunning(at) {
  for (let hour = 0; hour < 120; hour += 1) if (closing(printed(at + hour * HOUR)).size > 0) return at + hour * HOUR;
  throw new Error("no clock runs on any calendar that closes");
}

const clockOf = (results, name) => {
  const [ticket, metric] = name.split(" ");
  return results.get(ticket).clocks.find((clock) => clock.metric === metric);
};

/** What the page's machine-readable figures should be for a printed clock. */
function shown(clock, at) {
  const due = "due_at" in clock ? (clock.due_at ?? "never") : null;
  return { metric: clock.metric, state: clock.state, overdue: String(clock.overdue), elapsed: String(clock.elapsed_ms), remaining: String(clock.remaining_ms), due, asOf: String(at) };
}

async function comparePage(at) {
  const results = printed(at);
  const rows = await collectRows(page);
  assert.ok(results.size >= LEAST_TICKETS, `only ${results.size} tickets`);
  assert.deepEqual([...rows.keys()].sort(), [...results.keys()].sort(), "every ticket has its row");
  let clocks = 0;
  for (const [id, result] of results) {
    assert.deepEqual(rows.get(id), result.clocks.map((clock) => shown(clock, at)), `${id} at ${new Date(at).toISOString()}`);
    clocks += result.clocks.length;
  }
  assert.ok(clocks >= LEAST_TICKETS, `only ${clocks} clocks`);
  return { results, rows };
}

describe("the board", () => {
  test("shows for every ticket what the program prints for the same instant", async () => {
    await comparePage(now);
  });

  test("counts on by itself, to the second that the page lives in", async () => {
    const soon = now + 7_000;
    await page.evaluate((at) => window.__moveTo(at), soon);
    await comparePage(soon);
  });

  test("shows a clicked ticket's events and clocks", async () => {
    const tickets = readFileSync(files.tickets, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const id = await page.evaluate(() => window.__rows()[0].dataset.ticket);
    await page.evaluate(() => window.__rows()[0].click());
    await page.waitForFunction(() => window.__inside(".detail:not([hidden]) .clock[data-state]"));
    const detail = await page.evaluate(() => ({
      clocks: [...window.__inside(".detail").querySelectorAll("[data-metric][data-state]")].map(({ dataset }) => [dataset.metric, dataset.state, dataset.elapsedMs]),
      moments: [...window.__inside(".detail").querySelectorAll(".event[data-ms]")].map((event) => Number(event.dataset.ms)),
    }));
    const at = now + 7_000;
    const result = printed(at).get(id);
    assert.deepEqual(detail.clocks.sort(), result.clocks.map((clock) => [clock.metric, clock.state, String(clock.elapsed_ms)]).sort());
    const { events = [], created_at: created } = tickets.find((ticket) => ticket.id === id);
    for (const moment of [created, ...events.map((event) => event.at)].map((text) => Date.parse(text)).filter((ms) => ms <= at)) {
      assert.ok(detail.moments.includes(moment), `${id}: nothing is shown at ${new Date(moment).toISOString()}`);
    }
    await page.keyboard.press("Escape");
  });

  test("after closing, the clocks stand still", async () => {
    const running = closing(printed(now + 7_000));
    let closed = now;
    const standing = (at) => [...running].filter((name) => clockOf(printed(at), name)?.state === "outside_hours");
    do closed += HOUR;
    while (closed < now + 96 * HOUR && standing(closed).length === 0);
    const later20 = standing(closed + 20 * 60_000);
    const names = standing(closed).filter((name) => later20.includes(name));
    assert.ok(names.length > 0, "no running clock reaches its closing");
    await page.evaluate((at) => window.__moveTo(at), closed);
    const first = await comparePage(closed);
    await page.evaluate((at) => window.__moveTo(at), closed + 20 * 60_000);
    const later = await comparePage(closed + 20 * 60_000);
    for (const name of names) {
      const [ticket, metric] = name.split(" ");
      const [before, after] = [first, later].map(({ rows }) => rows.get(ticket).find((clock) => clock.metric === metric));
      assert.equal(before.state, "outside_hours", name);
      assert.deepEqual({ ...after, asOf: "" }, { ...before, asOf: "" }, name);
    }
  });

  test("leads to the playground, which begins with the agreement that is served", async () => {
    const href = await page.evaluate(() => document.getElementById("playground").href);
    const playground = await browser.newPage();
    playground.on("pageerror", (error) => said.push(String(error)));
    playground.on("console", (message) => message.type() === "error" && said.push(message.text()));
    await playground.goto(href);
    await playground.waitForFunction(() => document.querySelector("sla-clock")?.shadowRoot.querySelector("[data-state]"));
    const [text, verdict] = await playground.evaluate(() => [document.getElementById("agreement").value, document.getElementById("verdict").textContent]);
    assert.deepEqual(JSON.parse(text), await (await fetch(`${board.origin}/v1/agreement`)).json());
    assert.equal(verdict, "no problems");
    await playground.close();
  });

  test("nothing went wrong on the way", () => assert.deepEqual(said, []));
});
