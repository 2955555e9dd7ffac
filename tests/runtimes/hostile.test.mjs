// What no honest page gives: an `SlaError` or an answer that says so, and everything goes on as before.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { importPackage, installPacked } from "./install.mjs";

const NOW = "2026-11-23T10:00:00Z";
const DOCUMENT = { slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] };
const TICKET = { id: "T-1", created_at: NOW };

const cycle = () => Object.assign(TICKET_LIKE(), { get self() { return this; } });
const TICKET_LIKE = () => ({ ...TICKET });
const deep = (levels) => "[".repeat(levels) + "]".repeat(levels);
const endless = () => ({ get a() { return endless(); } });
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const thrower = (thrown) => new Proxy({}, { get() { throw thrown; }, ownKeys() { throw thrown; }, getPrototypeOf() { throw thrown; } });

/** By name: how to make the value, and the code that refuses it wherever it is given. */
const VALUES = {
  "a value that holds itself": [cycle, "SLA-E0001"],
  "a bigint": [() => ({ ...TICKET, id: 1n }), "SLA-E0001"],
  "a getter that throws": [() => ({ ...TICKET, get fields() { throw new Error("mine"); } }), "SLA-E0001"],
  "a getter that throws nothing": [() => ({ ...TICKET, get fields() { throw null; } }), "SLA-E0001"],
  "a getter that throws what cannot be told": [() => ({ ...TICKET, get fields() { throw thrower(1); } }), "SLA-E0001"],
  "a toJSON that throws": [() => ({ toJSON() { throw new TypeError("no"); } }), "SLA-E0001"],
  "a toJSON that gives something else": [() => ({ ...TICKET, toJSON: () => "x" }), "SLA-E0007"],
  "a proxy that throws": [() => thrower(new Error("mine")), "SLA-E0001"],
  "a proxy that is gone": [revoked, "SLA-E0001"],
  "a proxy without end": [() => new Proxy([], { get: (list, key) => (key === "length" ? 100_000_000 : list[key]) }), "SLA-E0002"],
  "a list of a hundred million": [() => ({ ...TICKET, fields: { tags: new Array(100_000_000) } }), "SLA-E0002"],
  "an endless nesting": [endless, "SLA-E0001"],
  "a text of 17 million characters": [() => `{"id":"${"x".repeat(17 << 20)}"}`, "SLA-E0002"],
  "a text nested ten thousand deep": [() => deep(10_000), "SLA-E0003"],
  "a text with a key twice": [() => '{"id":"a","id":"b"}', "SLA-E0004"],
  "a list": [() => [TICKET], "SLA-E0007"],
  "a number": [() => 7, "SLA-E0007"],
  "true": [() => true, "SLA-E0007"],
  "null": [() => null, "SLA-E0007"],
  "a function": [() => () => TICKET, "SLA-E0001"],
  "a symbol": [() => Symbol("x"), "SLA-E0001"],
  "undefined": [() => undefined, "SLA-E0001"],
  "an empty text": [() => "", "SLA-E0001"],
  "half of a character": [() => '{"id":"\\ud800"}', "SLA-E0001"],
  "something else than JSON": [() => "{id:1}", "SLA-E0001"],
};

/** Doors that take a document. */
const DOORS = {
  "Agreement.parse": ({ Agreement }, value) => Agreement.parse(value),
  "Calendar.parse": ({ Calendar }, value) => Calendar.parse(value),
  lint: ({ lint }, value) => lint(value, "2026-11-23"),
  evaluate: ({ agreement }, value) => agreement.evaluate(value, NOW),
  explain: ({ agreement }, value) => agreement.explain(value, NOW),
  preview: ({ agreement }, value) => agreement.preview(value, NOW),
  "Board.add": ({ board }, value) => board.add(value),
  "Board.update": ({ board }, value) => board.update(value),
};

/** Doors that take lists and answer for each item. A text in a list is no ticket, whatever it says. */
const LISTS = {
  evaluateAll: ({ agreement }, value) => agreement.evaluateAll([TICKET, value, TICKET], NOW),
  "Board.addAll": ({ board }, value) => board.addAll([TICKET, value, TICKET]),
};

let installed, engine, glue, usual;
before(async () => {
  installed = installPacked();
  const slaclock = await importPackage(installed.project);
  const agreement = await slaclock.Agreement.parse(DOCUMENT);
  engine = { ...slaclock, agreement, board: new slaclock.Board(agreement, NOW) };
  glue = await import(pathToFileURL(join(installed.project, "node_modules/slaclock/pkg/slaclock_web.js")));
  usual = { ...surroundings(), answer: agreement.evaluate(TICKET, NOW) };
});
after(() => installed?.remove());

const surroundings = () => ({
  globals: Object.getOwnPropertyNames(globalThis).sort(),
  prototypes: [Object, Array, Function, String, Error].map(({ prototype }) => Reflect.ownKeys(prototype).map(String)),
});

/** The page and the engine are as they were. */
function unharmed() {
  assert.deepEqual(surroundings(), { globals: usual.globals, prototypes: usual.prototypes });
  assert.deepEqual(engine.agreement.evaluate(TICKET, NOW), usual.answer);
}

const refuses = (code) => (error) => {
  assert.ok(error instanceof engine.SlaError, `thrown ${error}`);
  assert.equal(error.code, code, error.message);
  return true;
};

describe("a document that no honest page gives", () => {
  for (const [name, [make, code]] of Object.entries(VALUES)) {
    test(name, async () => {
      for (const [door, give] of Object.entries(DOORS)) {
        await assert.rejects(async () => give(engine, make()), (error) => refuses(code)(error), door);
      }
      for (const [door, give] of Object.entries(LISTS)) {
        const answers = give(engine, make());
        assert.equal(answers.length, 3, door);
        assert.match(answers[1].error.code, /^SLA-E000[1-7]$/, door);
        assert.deepEqual(answers[0], answers[2], door);
      }
      unharmed();
    });
  }
});

test("keys that reach for prototypes are keys like others, and come back as such", () => {
  for (const key of ["__proto__", "constructor", "prototype", "toString"]) {
    const text = `{"id":"T-1","created_at":"${NOW}","fields":{"${key}":{"polluted":"yes"}},"events":[{"at":"${NOW}","${key}":{}}]}`;
    for (const ticket of [text, JSON.parse(text)]) {
      const { notices, clocks } = engine.agreement.evaluate(ticket, NOW);
      assert.deepEqual([clocks.length, notices[0].code], [1, "unknown_event"], key);
      engine.withDates(engine.agreement.explain(ticket, NOW));
    }
    assert.equal({}.polluted, undefined);
  }
  const dated = engine.withDates(JSON.parse('{"__proto__":{"polluted":"yes"},"at":"2026-11-23T10:00:00Z"}'));
  assert.deepEqual([dated.polluted, Object.keys(dated), Object.getPrototypeOf(dated)], [undefined, ["__proto__", "at"], Object.prototype]);
  unharmed();
});

test("instants that are none", () => {
  const wrong = [NaN, Infinity, 1.5, -1, 2 ** 60, "", "soon", null, undefined, true, {}, [], 1n, Symbol("x"), () => 0,
    Object.create(Date.prototype), new Date(NaN), thrower(new Error("mine")), revoked(), { valueOf() { throw new Error("mine"); } },
    "2026-11-23T10:00:00Z".repeat(1_000_000)];
  for (const [index, now] of wrong.entries()) {
    for (const ask of [(at) => engine.agreement.evaluate(TICKET, at), (at) => engine.board.tick(at), (at) => engine.agreement.hours("always", at), (at) => new engine.Board(engine.agreement, at)]) {
      assert.throws(() => ask(now), refuses("SLA-E0101"), String(index));
    }
  }
  unharmed();
});

test("code of the page that runs while a value is read finds everything in order", () => {
  const { Board, agreement } = engine;
  const board = new Board(agreement, NOW);
  board.add({ ...TICKET, id: "T-0" });
  const nested = { ...TICKET, get fields() { board.remove("T-0"); board.tick(NOW); return { rows: agreement.evaluateAll([TICKET], NOW).length }; } };
  board.add(nested);
  assert.deepEqual([board.size, board.row("T-0"), board.row("T-1").ticket], [1, undefined, "T-1"]);
  unharmed();
});

test("a listener that throws keeps nobody from hearing, and is reported", () => {
  const { Board, agreement } = engine;
  const board = new Board(agreement, NOW);
  const [heard, reported] = [[], []];
  board.onChange(() => { throw new Error("mine"); });
  board.onChange((change) => heard.push(change));
  board.add(TICKET);
  globalThis.reportError = (error) => reported.push(error.message);
  try {
    assert.equal(board.tick(NOW).length, 1);
  } finally {
    delete globalThis.reportError;
  }
  assert.deepEqual([heard.length, reported], [1, ["mine"]]);
});

test("what was refused leaves nothing in the engine's memory", async () => {
  const { memory } = await glue.default();
  const texts = Object.values(VALUES).map(([make]) => make).filter((make) => typeof make() === "string" && make().length < 1_000_000);
  const round = () => {
    for (const make of texts) for (const give of [DOORS.evaluate, DOORS["Board.add"], DOORS.preview]) assert.throws(() => give(engine, make()));
  };
  round();
  const size = memory.buffer.byteLength;
  for (let turn = 0; turn < 500; turn += 1) round();
  assert.equal(memory.buffer.byteLength, size);
});

test("parts that are not what they should be", async () => {
  for (const wrong of [undefined, null, {}, DOCUMENT, engine.Agreement]) assert.throws(() => new engine.Board(wrong, NOW), refuses("SLA-E0007"));
  for (const wrong of [7, {}, null, undefined]) assert.throws(() => engine.agreement.evaluateAll(wrong, NOW), refuses("SLA-E0007"));
  assert.throws(() => engine.agreement.evaluateAll(new Array(2 ** 32 - 1), NOW), refuses("SLA-E0002"));
  assert.throws(() => engine.agreement.evaluateAll("[1,", NOW), refuses("SLA-E0001"));
  assert.throws(() => engine.board.addAll("[1,"), refuses("SLA-E0001"));
  assert.equal(engine.board.row({}), undefined);
  assert.equal(engine.board.remove(7), false);
  unharmed();
});
