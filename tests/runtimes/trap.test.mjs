// An engine that breaks: the build of this test traps when it is asked to, in each of the ways in which an engine can.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = process.env.SLACLOCK_TRAP;
const NOW = Date.parse("2026-11-23T10:00:00Z");
const DOCUMENT = {
  slaclock: "1", id: "traps", time_zone: "Europe/Rome", calendars: { office: { hours: { "mon-fri": ["09:00-17:00"] } } },
  policies: [{ id: "all", clocks: { first_response: { within: "1h", calendar: "office" }, resolution: { within: "4h", calendar: "office" } } }],
};
const ticket = (number) => ({ id: `T-${number}`, created_at: NOW - number * 60_000 });
const broken = (error) => error.code === "engine-trap" && error.name === "SlaError" && error.cause !== undefined;

describe("an engine that breaks", { skip: folder ? false : "SLACLOCK_TRAP is not set" }, () => {
  let slaclock, breakEngine;
  before(async () => {
    slaclock = await import(pathToFileURL(`${folder}/js/node.js`));
    const { engine } = await import(pathToFileURL(`${folder}/js/core.js`));
    breakEngine = (way) => assert.throws(() => engine.enter((glue) => glue.trap(way)), broken, way);
  });

  for (const way of ["unreachable", "stack", "memory"]) {
    test(`${way}: agreements, calendars and boards go on as they were`, async () => {
      const agreement = await slaclock.Agreement.parse(DOCUMENT);
      const calendar = await slaclock.Calendar.parse({ ...DOCUMENT.calendars.office, time_zone: "Europe/Rome" });
      const board = new slaclock.Board(agreement, NOW);
      board.addAll(Array.from({ length: 20 }, (_, number) => ticket(number)));
      board.tick(NOW);
      // A gap in the rows, so that they are not simply counted again.
      for (const id of ["T-0", "T-7", "T-19"]) assert.ok(board.remove(id));
      board.tick(NOW);
      const told = () => ({
        evaluation: agreement.evaluate(ticket(3), NOW),
        hours: [agreement.hours("office", NOW), calendar.hours(NOW)],
        rows: Array.from({ length: 20 }, (_, row) => [board.idOf(row), board.rowOf(`T-${row}`)]),
        row: board.row("T-5"),
        columns: ["state", "elapsed_ms", "due_at", "next_change_at"].map((name) => [...board.columns[name]]),
        next: board.nextEventAt,
      });
      const before = told();
      breakEngine(way);
      assert.deepEqual(board.row("T-5"), before.row);
      assert.deepEqual([...board.tick(NOW)], before.rows.flatMap(([id], row) => (id === undefined ? [] : [row])), "all rows are told again");
      assert.deepEqual(told(), before);
      assert.deepEqual([...board.tick(NOW)], []);
      assert.equal(board.add(ticket(100)) < 20, true, "freed rows are used again");
      for (const thing of [agreement, calendar, board]) thing.free();
    });
  }

  test("a board that keeps no tickets asks the page for them, and lets go of those that are no longer there", async () => {
    const agreement = await slaclock.Agreement.parse(DOCUMENT);
    const asked = [];
    const board = new slaclock.Board(agreement, NOW, { ticket: (id) => (asked.push(id), id === "T-2" ? undefined : ticket(Number(id.slice(2)))) });
    agreement.free();
    board.addAll([1, 2, 3].map(ticket));
    board.tick(NOW);
    breakEngine("unreachable");
    const changes = [];
    board.onChange((change) => changes.push(change));
    assert.deepEqual([...board.tick(NOW)], [0, 2]);
    assert.deepEqual(asked, ["T-1", "T-2", "T-3"]);
    assert.deepEqual([changes[0].removed, changes[0].cleared, board.size, board.row("T-2")], [["T-2"], [1], 2, undefined]);
  });

  test("a ticket that breaks the engine when it is put back does not come back", async () => {
    const agreement = await slaclock.Agreement.parse(DOCUMENT);
    const { engine } = await import(pathToFileURL(`${folder}/js/core.js`));
    let evil = false;
    const give = (id) => (evil && id === "T-2" ? engine.enter((glue) => glue.trap("unreachable")) : ticket(Number(id.slice(2))));
    const board = new slaclock.Board(agreement, NOW, { ticket: give });
    board.addAll([1, 2, 3].map(ticket));
    board.tick(NOW);
    evil = true;
    breakEngine("unreachable");
    assert.throws(() => board.tick(NOW), broken);
    assert.deepEqual([[...board.tick(NOW)], board.size], [[0, 2], 2]);
  });

  test("objects of an instance that is gone are freed without harm", async () => {
    const agreement = await slaclock.Agreement.parse(DOCUMENT);
    breakEngine("unreachable");
    agreement.free();
    agreement.free();
    assert.throws(() => agreement.id, (error) => error.code === "disposed");
  });
});
