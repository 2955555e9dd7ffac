// The npm package, the yardstick and the npm peers on the work of `cargo xtask bench`, in Node.
// Answers are checked first; then all cases take turns, and each gets the median of its turns.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Agreement, Calendar, SlaError } from "../../wasm-web/js/node.js";
import { luxonWalk, momentBusinessTime } from "./peers.mjs";
import { Yardstick } from "./yardstick.mjs";

const TURNS = 15;
/** A peer gets as many pairs as it answers in this time; it may need a second for one. */
const PEER_MS = 60;
const PEER_SPANS = ["1 h", "3 d", "30 d", "90 d", "3 y"];

const folder = process.argv[2];
const work = JSON.parse(readFileSync(join(folder, "work.json"), "utf8"));
const lines = readFileSync(join(folder, "tickets.jsonl"), "utf8");
const tickets = lines.trimEnd().split("\n").map((line) => JSON.parse(line));

const calendar = Calendar.parse(work.calendar);
const agreement = Agreement.parse(work.agreement);
const intervals = calendar.segments(work.begin, work.end).map(({ from, until }) => [Date.parse(from), Date.parse(until)]);
const yardstick = new Yardstick(intervals);
const peers = { "luxon day walk": luxonWalk(work.calendar), "moment-business-time": momentBusinessTime(work.calendar) };

/** Cases `{ side, work, count, run }`: `run` does the work `count` times. */
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

  const count = starts.length;
  const each = (side, pairs, elapsed) => {
    const run = () => {
      for (let i = 0; i < pairs.length; i += 1) sink += elapsed(starts[pairs[i]], ends[pairs[i]]);
    };
    cases.push({ side, work: `elapsed ${name}`, count: pairs.length, run });
  };
  const all = starts.map((_, i) => i);
  each("yardstick", all, (start, end) => yardstick.elapsed(start, end));
  each("npm, one by one", all.slice(0, 2000), (start, end) => calendar.elapsed(start, end));
  const run = () => {
    sink += calendar.elapsedColumns(columns.starts, columns.ends)[0];
  };
  cases.push({ side: "npm, columns", work: `elapsed ${name}`, count, run });

  if (!PEER_SPANS.includes(name)) continue;
  for (const [side, elapsed] of Object.entries(peers)) {
    const right = [];
    let asked = 0;
    for (const begun = performance.now(); performance.now() - begun < PEER_MS && asked < count; asked += 1) {
      if (elapsed(starts[asked], ends[asked]) === expected[asked]) right.push(asked);
    }
    if (right.length < asked) notes.push(`${side}, ${name}: ${asked - right.length} of ${asked} answers are wrong; the others are timed`);
    if (right.length > 0) each(side, right, elapsed);
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

  const several = (count, run) => ({ count, run: () => { for (let i = 0; i < count; i += 1) run(); } });
  const ticket = "ticket of 10 events";
  cases.push({ side: "npm, object", work: ticket, ...several(300, () => agreement.evaluate(tickets[0], work.now)) });
  cases.push({ side: "npm, text", work: ticket, ...several(300, () => agreement.evaluate(one, work.now)) });
  const batch = "batch of 10,000, each";
  const count = tickets.length;
  cases.push({ side: "npm, evaluateAll", work: batch, count, run: () => agreement.evaluateAll(tickets, work.now) });
  cases.push({ side: "npm, evaluateLines", work: batch, count, run: () => agreement.evaluateLines(lines, work.now) });
}

const times = cases.map(() => []);
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const [index, { side, count, run }] of cases.entries()) {
    // The peers are a thousand times slower: three turns say enough.
    if (side in peers && turn >= 3) continue;
    const begun = process.hrtime.bigint();
    run();
    times[index].push(Number(process.hrtime.bigint() - begun) / count);
  }
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const figures = cases.map(({ side, work }, index) => ({ side, work, ps: Math.round(1000 * median(times[index])) }));
assert.ok(Number.isFinite(sink));
process.stdout.write(`${JSON.stringify({ figures, notes })}\n`);
