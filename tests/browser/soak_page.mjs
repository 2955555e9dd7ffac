// `cargo xtask soak page`: figures of a board of ten thousand tickets in real Chromium, and its memory while it ticks.

import assert from "node:assert/strict";

import { start, until } from "./elements.mjs";

const MINUTES = Number(process.env.SLACLOCK_SOAK_MINUTES ?? 10);
const TICKETS = 10_000;
const CLOCKS = 100_000;
/** Most growth of the heap over the whole time, in per cent. */
const GROWTH = 3;

const chromium = await start();
const say = (name, value) => console.log(`${name.padEnd(64)}${value}`);
const ms = (value) => `${value.toFixed(1)} ms`;
const half = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** A fresh page with the engine, the tickets and the board's files, and its debugger. */
async function fresh() {
  const page = await chromium.openLive();
  const session = await page.createCDPSession();
  await page.setViewport({ width: 1440, height: 900 });
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.evaluate(async (count) => {
    const gallery = await import("/gallery/tickets.js");
    const { NOW } = await import("/gallery/clocks.js");
    elements.setServerTime(NOW);
    window.agreement = await Agreement.parse(gallery.agreement);
    window.tickets = gallery.tickets(count);
    window.frame = () => new Promise(requestAnimationFrame);
    const channel = new MessageChannel();
    /** After the layout and the paint of the frame that has begun. */
    window.drawn = () => new Promise((done) => ((channel.port1.onmessage = done), channel.port2.postMessage(null)));
    window.middle = (list, share = 0.5) => list.toSorted((a, b) => a - b)[Math.floor(list.length * share)];
    // What is measured is the board, not the way of its files, nor what it does while a page waits for its tickets.
    await import("/element/board/inside.js");
    await new Promise(requestIdleCallback);
    /** From handing over to the first frame in which clocks stand, in milliseconds. */
    window.firstClocks = async () => {
      const from = performance.now();
      window.board = place("sla-board", { agreement, tickets, priorities: ["P1", "P2", "P3", "P4"] });
      while (!board.shadowRoot.querySelector(".row .clock[data-state]")) await frame();
      await drawn();
      return performance.now() - from;
    };
  }, TICKETS);
  return { page, session };
}

/** What `act` answers, and how long the page's thread was on a processor for it: the same whatever else the machine does. */
async function busy({ session }, act) {
  const read = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  const before = await read();
  const answer = await act();
  return { answer, cpu: (await read()) - before };
}

const first = [];
for (let round = 0; round < 5; round += 1) {
  const each = await fresh();
  const stopped = () => each.page.evaluate(async () => {
    const time = await firstClocks();
    board.tickets = [];
    return time;
  });
  first.push(await busy(each, stopped));
  await each.page.close();
}
say(`first clocks of ${TICKETS} tickets, the median of 5 fresh pages`, ms(half(first.map(({ answer }) => answer))));
say("… time of the page's thread on a processor", ms(half(first.map(({ cpu }) => cpu))));

const { page, session } = await fresh();
const whole = await busy({ session }, () => page.evaluate(async () => {
  const from = performance.now();
  await firstClocks();
  while (!board.summary) await frame();
  return performance.now() - from;
}));
say("all of them", ms(whole.answer));
say("… time of the page's thread on a processor", ms(whole.cpu));

const ticks = await page.evaluate(async (count) => {
  const { Board } = await import("/js/api.js");
  const always = await Agreement.parse({ slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] });
  // A hundredth of them is due in each of a hundred minutes.
  const from = Date.parse("2026-11-20T08:00:00Z");
  const many = new Board(always, from + 4 * 3_600_000);
  const begun = performance.now();
  many.addAll(Array.from({ length: count }, (_, index) => ({ id: `T-${index}`, created_at: from + 30_000 + (index % 100) * 60_000 })));
  const added = performance.now() - begun;
  many.tick(from + 4 * 3_600_000);
  const times = [];
  const changed = [];
  for (let minute = 1; minute <= 100; minute += 1) {
    const start = performance.now();
    changed.push(many.tick(from + 4 * 3_600_000 + minute * 60_000).length);
    times.push(performance.now() - start);
  }
  many.free();
  return { added, median: middle(times), high: middle(times, 0.95), changed: middle(changed) };
}, CLOCKS);
say(`${CLOCKS} clocks put on a board`, ms(ticks.added));
say(`a tick that changes ${ticks.changed} of them, the median of 100`, ms(ticks.median));
say("… of 95 in 100 at most", ms(ticks.high));

const { answer: scrolled, cpu } = await busy({ session }, () => page.evaluate(async () => {
  const scroller = board.shadowRoot.querySelector(".scroll");
  const work = [];
  const between = [];
  let last = await frame();
  for (let step = 0; step < 300; step += 1) {
    scroller.scrollTop += 90;
    const at = await frame();
    between.push(at - last);
    last = at;
    await drawn();
    work.push(performance.now() - at);
  }
  return { late: between.filter((each) => each > 25).length, work: middle(work), high: middle(work, 0.99), at: scroller.scrollTop };
}));
assert.ok(scrolled.at > 10_000, "it has scrolled");
say("scrolling, 300 frames of 90 pixels: frames later than 25 ms", String(scrolled.late));
say("… from the beginning of a frame to its end, median and 99 %", `${ms(scrolled.work)}, ${ms(scrolled.high)}`);
say("… time of the page's thread on a processor, a frame", ms(cpu / 300));

const used = async () => {
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
};
await page.evaluate(() => (board.shadowRoot.querySelector(".scroll").scrollTop = 0));
await until(page, () => board.summary?.tickets === 10_000);
await new Promise((done) => setTimeout(done, 20_000));
const before = await used();
say("heap after collecting, 20 seconds in", `${(before / 1e6).toFixed(2)} MB`);
const told = await page.evaluate(() => ((window.painted = 0), new MutationObserver(() => (painted += 1)).observe(board.shadowRoot, { subtree: true, attributes: true, childList: true, characterData: true }), board.summary));
await new Promise((done) => setTimeout(done, MINUTES * 60_000));
const after = await used();
const { painted, summary } = await page.evaluate(() => ({ painted, summary: board.summary }));
say(`heap after collecting, ${MINUTES} minutes later`, `${(after / 1e6).toFixed(2)} MB`);
say("… times that the board was painted meanwhile", String(painted));
say("… overdue then and now", `${told.overdue}, ${summary.overdue}`);
await chromium.close();
assert.ok(painted >= MINUTES * 50, "it has ticked all the time");
assert.deepEqual(page.said, []);
assert.ok(after < before * (1 + GROWTH / 100), `the heap has grown by more than ${GROWTH} %`);
