// The npm package, the yardstick and the npm peers on the work of `cargo xtask bench`, in Node.
// Answers are checked first; then all cases take turns, and each gets the median of its turns.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Agreement, Board, Calendar, SlaError } from "../../wasm-web/js/node.js";
import { luxonWalk, momentBusinessTime } from "./peers.mjs";
import { Yardstick } from "./yardstick.mjs";

const TURNS = 60;
/** Batches and peers take long and are measured in one turn of so many only. */
const LONG_EVERY = 10;
/** A turn asks about so many pairs: short, so that the median is of turns that no other program broke. */
const PAIRS = 1000;
const BATCH = 100;
/** A peer gets as many pairs as it answers in this time; it may need a second for one. */
const PEER_MS = 30;
const PEER_SPANS = ["1 h", "3 d", "30 d", "90 d", "3 y"];

const folder = process.argv[2];
const work = JSON.parse(readFileSync(join(folder, "work.json"), "utf8"));
const lines = readFileSync(join(folder, "tickets.jsonl"), "utf8");
const tickets = lines.trimEnd().split("\n").map((line) => JSON.parse(line));

const calendar = await Calendar.parse(work.calendar);
const agreement = await Agreement.parse(work.agreement);
const intervals = calendar.segments(work.begin, work.end).map(({ from, until }) => [Date.parse(from), Date.parse(until)]);
const yardstick = new Yardstick(intervals);
const peers = { "luxon day walk": luxonWalk(work.calendar), "moment-business-time": momentBusinessTime(work.calendar) };

/** Cases `{ side, work, count, every, run }`: each `every` turns, `run(turn)` does the work `count` times. */
const cases = [];
const notes = [];
/** What this side answers, for comparison with the native side. */
const answers = [];
/** Keeps results alive, so that no work is optimised away. */
let sink = 0;

for (const { name, starts, ends } of work.spans) {
  const columns = { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
  const expected = starts.map((start, i) => calendar.elapsed(start, ends[i]));
  assert.deepEqual([...calendar.elapsedColumns(columns.starts, columns.ends)], expected);
  assert.deepEqual(starts.map((start, i) => yardstick.elapsed(start, ends[i])), expected);
  answers.push(...expected);

  const asked = { work: `elapsed ${name}`, count: PAIRS, every: 1 };
  // Each side has a loop of its own, so that its calls are inlined as in a program that has only one.
  const ofYardstick = (turn) => {
    const first = (turn * PAIRS) % starts.length;
    let sum = 0;
    for (let i = first; i < first + PAIRS; i += 1) sum += yardstick.elapsed(starts[i], ends[i]);
    sink += sum;
  };
  const oneByOne = (turn) => {
    const first = (turn * PAIRS) % starts.length;
    let sum = 0;
    for (let i = first; i < first + PAIRS; i += 1) sum += calendar.elapsed(starts[i], ends[i]);
    sink += sum;
  };
  const inColumns = (turn) => {
    const first = (turn * PAIRS) % starts.length;
    const open = calendar.elapsedColumns(
      columns.starts.subarray(first, first + PAIRS),
      columns.ends.subarray(first, first + PAIRS),
    );
    sink += open[0];
  };
  cases.push({ ...asked, side: "yardstick", run: ofYardstick });
  cases.push({ ...asked, side: "npm, one by one", run: oneByOne });
  cases.push({ ...asked, side: "npm, columns", run: inColumns });

  if (!PEER_SPANS.includes(name)) continue;
  for (const [side, elapsed] of Object.entries(peers)) {
    const right = [];
    let tried = 0;
    for (const begun = performance.now(); performance.now() - begun < PEER_MS && tried < PAIRS; tried += 1) {
      if (elapsed(starts[tried], ends[tried]) === expected[tried]) right.push(tried);
    }
    if (right.length < tried) notes.push(`${side} answers some pairs of ${name} wrongly; it is timed on the others`);
    const run = () => {
      for (const i of right) sink += elapsed(starts[i], ends[i]);
    };
    if (right.length > 0) cases.push({ side, work: asked.work, count: right.length, every: LONG_EVERY, run });
  }
}
assert.throws(() => calendar.elapsedColumns(Float64Array.of(0, 1), Float64Array.of(1, NaN)), (error) => {
  return error instanceof SlaError && error.pointer === "/ends/1";
});

{
  const one = JSON.stringify(tickets[0]);
  const answered = agreement.evaluateLines(lines, work.now);
  const all = answered.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.ok(all.every((answer) => !answer.error));
  assert.deepEqual(agreement.evaluate(tickets[0], work.now), all[0]);
  assert.deepEqual(agreement.evaluateAll(tickets, work.now), all);
  writeFileSync(join(folder, "npm.txt"), `${answers.join("\n")}\n${answered}`);

  const several = (run, count = 20) => ({ count, every: 1, run: () => { for (let i = 0; i < count; i += 1) run(); } });
  const ticket = "ticket of 10 events";
  cases.push({ side: "npm, object", work: ticket, ...several(() => agreement.evaluate(tickets[0], work.now)) });
  cases.push({ side: "npm, text", work: ticket, ...several(() => agreement.evaluate(one, work.now)) });
  const batches = Array.from({ length: tickets.length / BATCH }, (_, i) => tickets.slice(i * BATCH, (i + 1) * BATCH));
  const texts = batches.map((batch) => batch.map((ticket) => `${JSON.stringify(ticket)}\n`).join(""));
  const batch = { work: "ticket of a batch of 100", count: BATCH, every: 1 };
  const of = (list, turn) => list[turn % list.length];
  cases.push({ ...batch, side: "npm, objects", run: (turn) => agreement.evaluateAll(of(batches, turn), work.now) });
  cases.push({ ...batch, side: "npm, lines", run: (turn) => agreement.evaluateLines(of(texts, turn), work.now) });
  const whole = { work: "ticket of a batch of 10,000", count: tickets.length, every: LONG_EVERY };
  cases.push({ ...whole, side: "npm, objects", run: () => agreement.evaluateAll(tickets, work.now) });
  cases.push({ ...whole, side: "npm, lines", run: () => agreement.evaluateLines(lines, work.now) });
}

{
  const { tickets: kept, now, step, agreement: document } = work.board;
  const name = "tick of a board: 1 % of 100,000 clocks";
  const created = kept.trimEnd().split("\n").map((line) => Date.parse(JSON.parse(line).created_at));
  const board = new Board(await Agreement.parse(document), now);
  assert.ok(board.addAll(kept).every(Number.isInteger));
  board.tick(now);
  notes.push(`in the npm package a board of ${board.size} tickets without events holds ${Math.round(board.bytes / 1e6)} MB`);
  const tick = () => assert.equal(board.tick(board.now + step).length, board.size / 100);
  cases.push({ side: "npm", work: name, count: 1, every: LONG_EVERY, run: tick });
  // Whoever keeps no board asks about every clock.
  let at = now;
  const target = 8 * 3_600_000;
  const all = () => {
    let late = 0;
    for (const start of created) late += yardstick.elapsed(start, at) > target ? 1 : 0;
    at += step;
    sink += late;
  };
  cases.push({ side: "yardstick", work: name, count: 1, every: LONG_EVERY, run: all });
}

const times = cases.map(() => []);
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const [index, { count, every, run }] of cases.entries()) {
    if (turn % every > 0) continue;
    // The case before has filled the processor's memory with its own things.
    if (every === 1) run(turn + 1);
    const begun = process.hrtime.bigint();
    run(turn);
    times[index].push(Number(process.hrtime.bigint() - begun) / count);
  }
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const figures = cases.map(({ side, work }, index) => ({ side, work, ps: Math.round(1000 * median(times[index])) }));
assert.ok(Number.isFinite(sink));
process.stdout.write(`${JSON.stringify({ figures, notes })}\n`);
