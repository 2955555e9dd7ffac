// Boards in the page and at the other end of a port.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { importPackage, installPacked } from "./install.mjs";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const MINUTE = 60_000;
const DOCUMENT = {
  slaclock: "1", id: "boards", time_zone: "Europe/Rome", calendars: { office: { hours: { "mon-fri": ["09:00-17:00"] } } },
  statuses: { Waiting: { pause: "customer" }, Solved: "resolved" },
  policies: [{ id: "all", clocks: { first_response: { within: "1h", calendar: "office" }, resolution: { within: "4h", calendar: "office" } } }],
};
const ticket = (number, events = []) => ({ id: `T-${number}`, created_at: new Date(NOW - number * 10 * MINUTE), events });

let installed, slaclock, WorkerBoard, serve;
before(async () => {
  installed = installPacked();
  slaclock = await importPackage(installed.project);
  ({ WorkerBoard } = await importPackage(installed.project, "slaclock/worker"));
  ({ serve } = await importPackage(installed.project, "slaclock/worker/serve"));
});
after(() => installed?.remove());

const inPage = async () => new slaclock.Board(await slaclock.Agreement.parse(DOCUMENT), NOW);
const elsewhere = async (document = DOCUMENT, now = NOW) => {
  const { port1, port2 } = new MessageChannel();
  serve(port1);
  return WorkerBoard.open(document, now, { worker: port2 });
};

for (const [name, open] of [["in the page", inPage], ["at the other end of a port", () => elsewhere()]]) {
  describe(`a board ${name}`, () => {
    test("has rows, columns and clocks, and tells what each tick changes", async () => {
      const board = await open();
      const changes = [];
      const stop = board.onChange((change) => changes.push(change));
      assert.deepEqual(board.clocks.map(({ set, clock, metric }) => [set, clock, metric]), [[null, "first_response", "first_response"], [null, "resolution", "resolution"]]);
      assert.deepEqual(await board.addAll([ticket(0), { id: "bad" }, ticket(1), 7]), [0, { ticket: "bad", error: { code: "SLA-E0006", message: "the key `created_at` is missing", pointer: "" } }, 1, { ticket: null, error: { code: "SLA-E0007", message: "expected a ticket, found a number", pointer: "" } }]);
      assert.equal(await board.add(JSON.stringify(ticket(2), null, 2)), 2);
      assert.deepEqual([board.size, board.rows, board.width], [3, 3, 2]);
      assert.deepEqual([...(await board.tick(NOW))], [0, 1, 2]);
      const { columns } = board;
      assert.deepEqual([columns.elapsedAt(3, NOW), columns.remainingAt(3, NOW), slaclock.STATES[columns.state[3]]], [10 * MINUTE, 230 * MINUTE, "running"]);
      assert.equal(columns.elapsedAt(3, NOW + MINUTE), 11 * MINUTE);
      // T-2's hour is over in 40 minutes; the last instant in time is no change yet.
      assert.equal(board.nextEventAt, NOW + 40 * MINUTE);
      assert.deepEqual([...(await board.tick(new Date(NOW + 39 * MINUTE)))], []);
      assert.deepEqual([...(await board.tick(NOW + 40 * MINUTE + 1))], [2]);
      assert.equal(columns.overdue[4], 1);
      assert.deepEqual(changes.map(({ now, rows, removed }) => [now - NOW, [...rows], removed]), [[0, [0, 1, 2], []], [40 * MINUTE + 1, [2], []]]);
      stop();
      await board.tick(NOW);
      assert.equal(changes.length, 2);
      board.free();
    });

    test("updates, removes and gives rows anew", async () => {
      const board = await open();
      const changes = [];
      board.onChange(({ removed, cleared }) => changes.push([removed, cleared]));
      await board.addAll([0, 1, 2].map((number) => ticket(number)));
      await board.tick(NOW);
      const waiting = ticket(1, [{ at: NOW - 5 * MINUTE, status: "Waiting" }]);
      assert.equal(await board.update(waiting), 1);
      await board.tick(NOW);
      assert.equal(slaclock.STATES[board.columns.state[3]], "paused");
      assert.equal((await board.row("T-1")).clocks[1].paused_by.party, "customer");
      assert.equal((await board.explain("T-1")).evaluation.clocks[1].elapsed_ms, 5 * MINUTE);
      await assert.rejects(async () => board.update(ticket(9)), (error) => error instanceof slaclock.SlaError && error.code === "no-ticket" && error.pointer === "/id");
      assert.deepEqual([await board.remove("T-0"), await board.remove("T-0")], [true, false]);
      await board.tick(NOW);
      assert.deepEqual([board.columns.state[0], board.columns.due_at[0]], [255, NaN]);
      assert.deepEqual(changes.at(-1), [["T-0"], [0]]);
      assert.deepEqual([await board.add(ticket(5)), await board.idOf(0), await board.rowOf("T-5"), await board.rowOf("T-0")], [0, "T-5", 0, undefined]);
      assert.deepEqual([await board.row("T-0"), await board.explain("T-0"), await board.ticket("T-0")], [undefined, undefined, undefined]);
      assert.deepEqual(JSON.parse(await board.ticket("T-1")), JSON.parse(JSON.stringify(waiting)));
      board.free();
    });

    test("refuses what the engine refuses, and goes on", async () => {
      const board = await open();
      for (const [ask, code] of [
        [() => board.add({ id: "x" }), "SLA-E0006"],
        [() => board.add("{"), "SLA-E0001"],
        [() => board.addAll("[1,"), "SLA-E0001"],
        [() => board.addAll(7), "SLA-E0007"],
        [() => board.tick("soon"), "SLA-E0101"],
        [() => board.tick({}), "SLA-E0101"],
      ]) {
        await assert.rejects(async () => ask(), (error) => error instanceof slaclock.SlaError && error.code === code, code);
      }
      assert.deepEqual([await board.add(ticket(0)), [...(await board.tick(NOW))]], [0, [0]]);
      board.free();
      await assert.rejects(async () => board.tick(NOW), (error) => error.code === "disposed");
    });
  });
}

test("a board tells what evaluations tell, at every step through two days", async () => {
  const agreement = await slaclock.Agreement.parse(DOCUMENT);
  const board = new slaclock.Board(agreement, NOW);
  const tickets = Array.from({ length: 50 }, (_, number) => ticket(number, number % 3 ? [{ at: NOW + number * 7 * MINUTE, status: number % 2 ? "Waiting" : "Solved" }] : []));
  board.addAll(tickets);
  for (let at = NOW; at < NOW + 48 * 60 * MINUTE; at = Math.max(at + 17 * MINUTE, Math.min(board.nextEventAt ?? Infinity, at + 120 * MINUTE))) {
    board.tick(at);
    for (const one of tickets) {
      const evaluation = agreement.evaluate(one, at);
      assert.deepEqual(board.row(one.id), evaluation);
      evaluation.clocks.forEach((clock, index) => {
        const cell = board.rowOf(one.id) * board.width + index;
        assert.equal(board.columns.elapsedAt(cell, at), clock.elapsed_ms);
        assert.equal(slaclock.STATES[board.columns.state[cell]], clock.state);
      });
    }
  }
});

test("a port takes an agreement with mistakes, an unknown request, and a port that is gone", async () => {
  await assert.rejects(elsewhere({ slaclock: "1" }), (error) => error instanceof slaclock.SlaError && error.problems.length > 0);
  await assert.rejects(elsewhere(DOCUMENT, "soon"), (error) => error.code === "SLA-E0101");
  const { port1, port2 } = new MessageChannel();
  serve(port1);
  const answer = new Promise((resolve) => port2.addEventListener("message", ({ data }) => resolve(data)));
  port2.start();
  port2.postMessage({ id: 1, ask: "constructor" });
  assert.deepEqual((await answer).problems[0].code, "SLA-E0008");
  port2.close();
  const board = await elsewhere();
  const asked = board.tick(NOW);
  board.free();
  await assert.rejects(asked, (error) => error.code === "disposed");
});

test("memory is given back", async () => {
  const board = await inPage();
  const empty = board.bytes;
  const tickets = Array.from({ length: 500 }, (_, number) => ticket(number % 40)).map((one, index) => ({ ...one, id: `M-${index}` }));
  const sizes = [];
  for (let round = 0; round < 6; round += 1) {
    board.addAll(tickets);
    for (const { id } of tickets) board.remove(id);
    sizes.push(board.bytes);
  }
  assert.equal(board.size, 0);
  assert.equal(sizes.at(-1), sizes.at(-3), `${empty}: ${sizes}`);
  {
    const { free } = board;
    free.call(board);
    board.free();
  }
});
