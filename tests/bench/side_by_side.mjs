// Side by side: a board's clocks, and the shared vectors, by the package and by what people use today, in one run. Prints a
// table: tickets a second, and how many answers are right, wrong, cannot be given, or take too long.

import { spawnSync } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import { Agreement, Board, Calendar, STATES } from "../../wasm-web/js/node.js";
import { SIDES } from "./sides.mjs";

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.parse("2026-11-24T15:00:00Z");
const TICKETS = 1000;
/** A side gets so long for the vectors and for the board; what it does not reach is too slow. */
const BUDGET_MS = 10_000;
const TARGETS = { P1: 4, P2: 8, P3: 24, P4: 40 };
const CALENDAR = { time_zone: "America/New_York", hours: { "mon-fri": ["09:00-17:00"] }, holidays: [{ date: "2026-11-26" }, { date: "2026-12-25" }] };

/** Tickets of the last six weeks; waiting is from a status to the next. */
const tickets = Array.from({ length: TICKETS }, (_, index) => {
  const created = NOW - ((index * 7919) % (42 * 1440)) * MINUTE;
  const moments = Array.from({ length: index % 5 }, (_, step) => created + (step + 1) * (60 + ((index * 31) % 600)) * MINUTE).filter((at) => at < NOW);
  return { id: `T-${index}`, created, priority: `P${1 + (index % 4)}`, moments };
});

function packageBoard(agreement) {
  const board = new Board(agreement, NOW);
  board.addAll(tickets.map(({ id, created, priority, moments }) => ({
    id, created_at: created, fields: { status: "Open", priority },
    events: moments.map((at, step) => ({ at, status: step % 2 === 0 ? "Waiting" : "Open" })),
  })));
  return board;
}

/** Counted time and due instant of each ticket, put together from a side's answers. */
function boardBy({ elapsed, due }, ticket) {
  const { created, priority, moments } = ticket;
  const target = TARGETS[priority] * 3_600_000;
  const marks = [created, ...moments, NOW];
  let used = 0;
  for (let step = 0; step + 1 < marks.length; step += 2) used += elapsed(marks[step], marks[step + 1]);
  const running = moments.length % 2 === 0;
  return [used, running && used < target ? due(NOW, target - used) : undefined];
}

/** Questions of the vectors that all sides can be asked, a spread. */
function questions() {
  const read = (name, every) => gunzipSync(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../vectors", name)))
    .toString("utf8").split("\n").filter((line, index) => line !== "" && index % every === 0).map((line) => JSON.parse(line));
  return [...read("hours.jsonl.gz", 40), ...read("hours_wall_clock.jsonl.gz", 16)].filter(({ op }) => op !== "segments");
}

/** The answer of a side as the vectors write it. */
function answer(side, { op, start, end, at, ms }) {
  const iso = (found) => (found === null ? null : new Date(found).toISOString().replace(".000Z", "Z"));
  if (op === "elapsed") return { elapsed_ms: end < start ? -side.elapsed(Date.parse(end), Date.parse(start)) : side.elapsed(Date.parse(start), Date.parse(end)) };
  if (op === "is_open") return { open: side.isOpen(Date.parse(at)) };
  return { due: iso(side.due(Date.parse(start), ms)) };
}

/** The days that an answer may need. */
function spanOf({ start, end, at, ms = 0 }) {
  const marks = [start, end, at].filter(Boolean).map((text) => Date.parse(text));
  return [Math.min(...marks) - 2 * DAY, Math.max(...marks) + 30 * DAY + 10 * ms];
}

/** Writes a letter for each answer: right, wrong, or cannot. */
function judge(make, asked) {
  return asked.map((question) => {
    let letter = "c";
    try {
      const found = answer(make(question.calendar, spanOf(question)), question);
      letter = JSON.stringify(found) === JSON.stringify(question.expect) ? "r" : "w";
    } catch {
      // It has no way to say this calendar.
    }
    writeSync(1, letter);
    return letter;
  });
}

/** How a side does, in a process of its own: some walk for ever. */
function judged(name) {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--judge", name], { timeout: BUDGET_MS, encoding: "utf8" });
  const count = (letter) => stdout.split(letter).length - 1;
  return { right: count("r"), wrong: count("w"), cannot: count("c"), slow: asked.length - stdout.length };
}

/** Tickets a second, the best of several turns, and the answers that differ from the wanted ones. */
function time(compute, wanted) {
  let best = Infinity;
  let wrong = 0;
  let done = 0;
  for (let turn = 0, begun = performance.now(); turn < 5 && performance.now() - begun < BUDGET_MS; turn += 1) {
    const from = performance.now();
    for (done = 0, wrong = 0; done < TICKETS; done += 1) {
      if (done % 16 === 0 && performance.now() - from > BUDGET_MS) break;
      const [used, due] = compute(tickets[done]);
      const [expected, expectedDue] = wanted[done];
      if (used !== expected || (due !== undefined && due !== expectedDue)) wrong += 1;
    }
    best = Math.min(best, (performance.now() - from) / done);
  }
  return { rate: Math.round(1000 / best), wrong, done };
}

const asked = questions();

/** The package as a side. */
async function ownSide() {
  const calendars = new Map();
  for (const { calendar } of asked) calendars.set(calendar, await Calendar.parse(calendar));
  return (calendar) => {
    const compiled = calendars.get(calendar);
    return { isOpen: (ms) => compiled.isOpen(ms), elapsed: (a, b) => compiled.elapsed(a, b), due: (a, ms) => { const due = compiled.due(a, ms); return due === null ? null : Date.parse(due); } };
  };
}

if (process.argv[2] === "--judge") {
  judge(SIDES[process.argv[3]] ?? (await ownSide()), asked);
  process.exit(0);
}

const agreement = await Agreement.parse({
  slaclock: "1", id: "side-by-side", calendars: { office: CALENDAR }, statuses: { Open: "open", Waiting: { pause: "customer" } },
  policies: Object.entries(TARGETS).map(([priority, hours]) => ({ id: priority, when: { priority }, clocks: { resolution: { within: `${hours}h`, calendar: "office" } } })),
});
const board = packageBoard(agreement);
board.tick(NOW);
const wanted = tickets.map((_, row) => [board.columns.elapsedAt(row, NOW), board.columns.due_at[row]]);
const running = [...board.columns.state].filter((state) => STATES[state] === "running").length;

const rows = [];
{
  const texts = tickets.map((_, row) => board.ticket(board.idOf(row)));
  const from = performance.now();
  const evaluations = texts.map((text) => agreement.evaluate(text, NOW));
  const evaluated = Math.round((1000 * TICKETS) / (performance.now() - from));
  const differ = evaluations.filter(({ clocks: [clock] }, row) => {
    const due = clock.due_at ? Date.parse(clock.due_at) : NaN;
    return clock.elapsed_ms !== wanted[row][0] || !Object.is(due, wanted[row][1]);
  });
  // All rows are looked at: an instant earlier than the last.
  let best = Infinity;
  for (let turn = 0; turn < 20; turn += 1) {
    const begun = performance.now();
    board.tick(NOW - 1 - turn);
    best = Math.min(best, performance.now() - begun);
  }
  const own = judged("slaclock");
  rows.push(["slaclock `Board.tick`, all rows anew", Math.round((1000 * TICKETS) / best), "", own]);
  rows.push(["slaclock `evaluate`, one by one, from text", evaluated, `${differ.length} of ${TICKETS}`, own]);
}
for (const [name, make] of Object.entries(SIDES)) {
  const side = make(CALENDAR, [NOW - 60 * DAY, NOW + 60 * DAY]);
  const { rate, wrong, done } = time((ticket) => boardBy(side, ticket), wanted);
  rows.push([name, rate, `${wrong} of ${done}`, judged(name)]);
}
const digits = (number) => number.toLocaleString("en");
console.log(`${digits(TICKETS)} tickets, ${digits(running)} of them running; ${digits(asked.length)} questions of the shared vectors. A side has ${BUDGET_MS / 1000} s for each column.\n`);
console.log("| side | tickets a second | wrong on the board | vectors: right | wrong | cannot | too slow |\n|---|--:|--:|--:|--:|--:|--:|");
for (const [name, rate, wrong, { right, wrong: bad, cannot, slow }] of rows) {
  console.log(`| ${name} | ${digits(rate)} | ${wrong} | ${digits(right)} | ${digits(bad)} | ${digits(cannot)} | ${digits(slow)} |`);
}
