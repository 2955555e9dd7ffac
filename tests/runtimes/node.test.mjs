// The npm package in Node: installed from its tarball, every shared case, byte for byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { clockFailures, differences, errorFailures, hoursFailures, parseLines } from "./cases.mjs";
import { importPackage, installPacked, ownText, sharedText } from "./install.mjs";

let installed;
let slaclock;
before(async () => {
  installed = installPacked();
  slaclock = await importPackage(installed.project);
});
after(() => installed?.remove());

const sum = (slices) => slices.reduce((total, { duration_ms: ms }) => total + ms, 0);

/** All failures at once, and never fewer cases than there should be. */
async function none(asked, least) {
  const { cases, failures } = await asked;
  assert.ok(cases >= least, `only ${cases} cases, expected ${least}`);
  assert.equal(failures.length, 0, `${failures.length} of ${cases} cases fail:\n${failures.slice(0, 20).join("\n")}`);
}

const OFFICE = { time_zone: "Europe/Rome", hours: { "mon-fri": ["09:00-17:00"] } };

describe("shared cases", () => {
  test("hours of business calendars", () => none(hoursFailures(slaclock, ownText("hours.jsonl.gz")), 3000));
  test("hours that only the wall-clock reading gets right", () => none(hoursFailures(slaclock, ownText("hours_wall_clock.jsonl.gz")), 456));
  test("hours worked out by hand", () => none(hoursFailures(slaclock, ownText("hours_by_hand.jsonl")), 60));
  test("clocks of tickets, typed and canonical", () => none(clockFailures(slaclock, ownText("clocks.jsonl")), 130));
  test("clocks of the whole format", () => none(clockFailures(slaclock, ownText("clocks_complete.jsonl")), 360));
  test("clocks in the ways of known systems", () => none(clockFailures(slaclock, ownText("clocks_like.jsonl")), 30));
  test("mistakes of the whole format", () => none(errorFailures(slaclock, ownText("errors_complete.jsonl")), 130));
  test("mistakes, as SlaErrors", () => none(errorFailures(slaclock, ownText("errors.jsonl")), 60));
  for (const [name, least] of [["hours.jsonl.gz", 21_977], ["hours_wall_clock.jsonl.gz", 456]]) {
    test(`all of the shared ${name}`, async (context) => {
      const text = sharedText(name);
      if (text === null) context.skip("the shared vectors are not here: only the part in tests/vectors was run");
      else await none(hoursFailures(slaclock, text), least);
    });
  }
  test("a comparison that should fail does", async () => {
    assert.equal(differences({ a: 1 }, { a: 1, b: 2 }).length, 0);
    assert.equal(differences({ a: 1, list: [1] }, { a: 2, list: [] }).length, 2);
    assert.equal(differences({ absent: ["a"], b: null }, { a: 1 }).length, 2);
    assert.equal(differences({ clocks: [{ metric: "resolution" }] }, { clocks: [] }).length, 1);
  });
});

describe("the typed interface", () => {
  test("a calendar answers typed questions as it answers lines", async () => {
    const text = ownText("hours_by_hand.jsonl");
    let asked = 0;
    for (const vector of parseLines(text).filter(({ agreement }) => !agreement)) {
      const calendar = await slaclock.Calendar.parse(vector.calendar);
      const { op, expect, start, end, at, ms } = vector;
      const answer = {
        elapsed: () => ({ elapsed_ms: calendar.elapsed(start, end) }),
        due: () => ({ due: calendar.due(start, ms) }),
        is_open: () => ({ open: calendar.isOpen(at) }),
        next_open: () => ({ at: calendar.nextOpen(at) }),
        next_close: () => ({ at: calendar.nextClose(at) }),
        segments: () => ({ segments: calendar.segments(start, end).map(({ from, until }) => [from, until]) }),
      }[op]();
      assert.deepEqual(answer, expect, vector.id);
      asked += 1;
    }
    assert.ok(asked >= 60);
  });

  test("an instant may be a Date, milliseconds or text", async () => {
    const calendar = await slaclock.Calendar.parse(OFFICE);
    const text = "2026-11-23T10:00:00Z";
    for (const at of [text, Date.parse(text), new Date(text)]) assert.equal(calendar.isOpen(at), true);
    for (const at of [1.5, NaN, new Date(NaN), 2 ** 53, -1, "yesterday", null, undefined, {}]) {
      assert.throws(() => calendar.isOpen(at), slaclock.SlaError, String(at));
    }
  });

  test("an agreement may be text or an object, and a misspelt key is refused in both", async () => {
    const document = { slaclock: "1", id: "x", polices: [], policies: [{ id: "all", clocks: {} }] };
    for (const form of [document, JSON.stringify(document)]) {
      await assert.rejects(() => slaclock.Agreement.parse(form), (error) => {
        assert.ok(error instanceof slaclock.SlaError && error instanceof Error);
        assert.deepEqual([error.code, error.pointer, error.name], ["SLA-E0005", "/polices", "SlaError"]);
        assert.match(error.mend, /policies/);
        return true;
      });
    }
  });

  test("a batch answers every ticket in order, the bad ones with their error", async () => {
    const agreement = await slaclock.Agreement.parse({ slaclock: "1", id: "x", calendars: { office: OFFICE },
      policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "office" } } }] });
    const good = (id) => ({ id, created_at: "2026-11-23T09:00:00Z" });
    const results = agreement.evaluateAll([good("a"), { id: "b" }, good("c")], "2026-11-23T10:00:00Z");
    assert.deepEqual(results.map((result) => result.ticket), ["a", "b", "c"]);
    assert.equal(results[1].error.code, "SLA-E0006");
    assert.deepEqual(results[0].clocks, results[2].clocks);
  });

  test("the same question gives the same bytes again", async () => {
    const text = ownText("hours_wall_clock.jsonl.gz");
    assert.equal(await slaclock.hoursLines(text), await slaclock.hoursLines(text));
  });

  test("lint finds what should be looked at, in text and in objects, from both entries", async () => {
    const { SlaError, lint } = await importPackage(installed.project, "slaclock/lint");
    assert.equal(SlaError, slaclock.SlaError);
    const text = ownText("lint_bad.json");
    const found = await lint(text, "2026-11-23");
    assert.ok(found.length >= 20, `only ${found.length} findings`);
    assert.deepEqual(await slaclock.lint(JSON.parse(text), "2026-11-23"), found);
    assert.deepEqual(Object.keys(found[0]), ["rule", "severity", "pointer", "message", "mend"]);
    assert.deepEqual(await slaclock.lint(ownText("lint_good.json"), "2026-11-23"), []);
    await assert.rejects(slaclock.lint(text, "2026-02-30"), (error) => error instanceof SlaError && error.code === "SLA-E0103");
    await assert.rejects(lint({ slaclock: "1" }, "2026-11-23"), SlaError);
  });

  test("an explanation accounts for every minute of every case", async () => {
    let explained = 0;
    for (const { name, agreement, ticket, now, known_at: known } of ["clocks.jsonl", "clocks_complete.jsonl"].flatMap((file) => parseLines(ownText(file)))) {
      const compiled = await slaclock.Agreement.parse(agreement);
      const { evaluation, clocks, words, fingerprint } = compiled.explain(ticket, now, { knownAt: known });
      assert.deepEqual(evaluation, compiled.evaluate(ticket, now, { knownAt: known }), name);
      assert.match(fingerprint, /^sha256:[0-9a-f]{64}$/);
      assert.ok(words.length > clocks.length, name);
      for (const clock of evaluation.clocks) {
        const found = clocks.find((one) => one.clock === clock.clock && one.set === clock.set);
        for (const run of [...(clock.earlier ?? []), clock].filter(({ state }) => state !== "pending")) {
          // A run that ended as it began has no slices.
          const { elapsed_ms: elapsed, slices } = found?.cycles.find(({ cycle }) => cycle === run.cycle) ?? { elapsed_ms: 0, slices: [] };
          assert.equal(elapsed, run.elapsed_ms, name);
          assert.equal(sum(slices.filter(({ counted }) => counted)), elapsed, name);
          assert.equal(sum(slices), run.wall_elapsed_ms, name);
          let end = run.started_at;
          for (const { from, until, duration_ms: ms } of slices) {
            assert.deepEqual([from, Date.parse(until) - Date.parse(from)], [end, ms], name);
            end = until;
          }
          explained += slices.length;
        }
      }
    }
    assert.ok(explained >= 1000, `only ${explained} slices`);
  });

  test("an explanation is the same for every form of a ticket, and refuses what an evaluation refuses", async () => {
    const agreement = await slaclock.Agreement.parse({ slaclock: "1", id: "x", calendars: { office: OFFICE },
      policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "office" } } }] });
    const ticket = { id: "T-1", created_at: "2026-11-20T15:55:00Z" };
    const now = "2026-11-23T08:10:00Z";
    const explanation = agreement.explain(ticket, now);
    assert.deepEqual(Object.keys(explanation), ["evaluation", "clocks", "matching", "words", "engine", "now", "fingerprint"]);
    assert.deepEqual(agreement.explain(JSON.stringify(ticket), new Date(now)), explanation);
    assert.deepEqual(agreement.explain({ ...ticket, created_at: Date.parse(ticket.created_at) }, Date.parse(now), { knownAt: null }), explanation);
    assert.equal(agreement.explain(ticket, now, { knownAt: now }).known_at, now);
    const [{ slices }] = explanation.clocks[0].cycles;
    assert.deepEqual([slices[0].why, slices.at(-1).why, sum(slices.filter(({ counted }) => counted))], ["counted", "counted", 15 * 60_000]);
    assert.ok(slices.slice(1, -1).every(({ why, weekday }) => why === "weekday" && ["fri", "sat", "sun", "mon"].includes(weekday)));
    for (const wrong of [{ id: "T-1" }, "{", { ...ticket, events: [{ at: 0, note: {} }] }]) {
      assert.throws(() => agreement.explain(wrong, now), slaclock.SlaError);
    }
    assert.throws(() => agreement.explain(ticket), slaclock.SlaError);
  });

  test("a preview tells what a ticket would be promised", async () => {
    const agreement = await slaclock.Agreement.parse({ slaclock: "1", id: "x", calendars: { office: OFFICE },
      policies: [{ id: "p2", when: { priority: "P2" }, clocks: { resolution: { within: "4h", calendar: "office" } } }] });
    const now = "2026-11-20T15:00:00Z";
    const preview = agreement.preview({ priority: "P2" }, now);
    assert.deepEqual(Object.keys(preview), ["now", "evaluation", "words"]);
    assert.equal(preview.evaluation.clocks[0].due_at, "2026-11-23T11:00:00Z");
    assert.match(preview.words[0], /^resolution is running, 0m of 4h used on office, by policy p2; due Mon 2026-11-23 12:00/);
    assert.deepEqual(agreement.preview('{"priority":"P2"}', new Date(now)), preview);
    assert.deepEqual(agreement.preview({}, now).evaluation.clocks, []);
    const refusal = (code, pointer) => (error) => error instanceof slaclock.SlaError && error.code === code && error.pointer === pointer;
    assert.throws(() => agreement.preview(["P2"], now), refusal("SLA-E0007", ""));
    assert.throws(() => agreement.preview('{"a":1,"a":2}', now), refusal("SLA-E0004", "/a"));
    assert.throws(() => agreement.preview({}, "soon"), slaclock.SlaError);
  });

  test("opening hours of an agreement's calendar and of a calendar alone", async () => {
    const agreement = await slaclock.Agreement.parse({ slaclock: "1", id: "x", calendars: { office: OFFICE },
      policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "office" } } }] });
    const office = await slaclock.Calendar.parse(OFFICE);
    const cases = [
      ["2026-11-20T15:30:00Z", { open: true, opens_at: "2026-11-23T08:00:00Z", closes_at: "2026-11-20T16:00:00Z" }],
      ["2026-11-20T16:00:00Z", { open: false, opens_at: "2026-11-23T08:00:00Z", closes_at: "2026-11-23T16:00:00Z" }],
    ];
    for (const [at, wanted] of cases) {
      assert.deepEqual(agreement.hours("office", at), wanted);
      assert.deepEqual(office.hours(new Date(at)), wanted);
    }
    assert.deepEqual(agreement.hours("always", 0), { open: true, opens_at: null, closes_at: null });
    assert.throws(() => agreement.hours("ofice", 0), (error) => error.code === "SLA-E0202" && /office/.test(error.mend));
  });

  test("a result with dates in the place of instants", async () => {
    const agreement = await slaclock.Agreement.parse({ slaclock: "1", id: "x", calendars: { office: OFFICE },
      policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "office" } } }] });
    const evaluation = agreement.evaluate({ id: "T-1", created_at: 0 }, 1000);
    const [clock] = slaclock.withDates(evaluation).clocks;
    assert.deepEqual([clock.started_at, clock.due_at], [new Date(0), new Date(evaluation.clocks[0].due_at)]);
    assert.deepEqual([clock.breached_at, clock.state, clock.policy], [null, "outside_hours", "all"]);
  });

  test("the version tells the engine's and the time zone data's", async () => {
    const { version, tz_version: zones } = await slaclock.version();
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.match(zones, /^20\d\d[a-z]$/);
  });
});

test("an object that holds itself is refused like any other mistake", async () => {
  const circle = { slaclock: "1" };
  circle.self = circle;
  for (const value of [circle, { id: 1n }]) {
    await assert.rejects(() => slaclock.Agreement.parse(value), (error) => error instanceof slaclock.SlaError && error.code === "SLA-E0001");
  }
});

test("the package holds what its entries need and nothing of the workshop", async () => {
  const scripts = ["slaclock_web", "slaclock_lint", "slaclock_web_adapters"].map((name) => `pkg/${name}.js`);
  const bundles = ["elements", "clock", "slaclock", "worker", "thread", "adapters"].map((name) => `dist/${name}.js`);
  const modules = ["slaclock", "lint", "adapters"].map((name) => `dist/${name}.wasm`);
  for (const file of [...scripts, ...bundles, ...modules]) assert.ok(installed.files.includes(file), file);
  const stray = installed.files.filter((file) => !/^(dist|js|pkg)\/[a-z_-]+\.(js|d\.ts|wasm)$|^(element|gallery)\/[a-z_/-]+\.(js|d\.ts|css|html)$|^(guides|playground)\/[a-z_./-]+\.(m?js|jsx|vue|css|html|json|md)$|^(package|agreement\.schema)\.json$|^types\.d\.ts$|^pkg\/integrity\.json$|^README\.md$/i.test(file));
  assert.deepEqual(stray, []);
});

test("the plugin and the native program print the same bytes", { skip: process.env.SLACLOCK_BIN ? false : "SLACLOCK_BIN is not set" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "slaclock-native-"));
  try {
    const run = (args, input) => execFileSync(process.env.SLACLOCK_BIN, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
    for (const file of ["hours.jsonl.gz", "hours_wall_clock.jsonl.gz"]) {
      const questions = sharedText(file) ?? ownText(file);
      const answers = await slaclock.hoursLines(questions);
      assert.equal(answers, run(["hours"], questions), `${file} through the plugin`);
      assert.equal(answers, run(["hours", "--native"], questions), `${file} natively`);
    }
    const agreementFile = join(folder, "agreement.json");
    const cases = ["clocks.jsonl", "clocks_complete.jsonl"].flatMap((file) => parseLines(ownText(file)));
    for (const [index, { name, agreement, ticket, now, known_at: known }] of cases.entries()) {
      writeFileSync(agreementFile, JSON.stringify(agreement));
      const native = run(["clocks", "--native", "-a", agreementFile, "--now", now, ...(known ? ["--known-at", known] : [])], JSON.stringify(ticket));
      const compiled = await slaclock.Agreement.parse(agreement);
      assert.equal(compiled.evaluateLines(JSON.stringify(ticket), now, { knownAt: known }), native, name);
      // Each run is a process: a third of the cases is explained.
      if (index % 3 > 0) continue;
      const told = run(["clocks", "--native", "--explain", "-a", agreementFile, "--now", now, ...(known ? ["--known-at", known] : [])], JSON.stringify(ticket));
      assert.equal(`${JSON.stringify(compiled.explain(ticket, now, { knownAt: known }))}\n`, told, name);
      assert.equal(compiled.explainLines(JSON.stringify(ticket), now, { knownAt: known }), told, name);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
