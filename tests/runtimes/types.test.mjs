// The package's types, as a consumer's compiler sees them.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { installPacked, npm } from "./install.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const compiler = join(here, "node_modules/typescript/bin/tsc");

let installed;
before(() => {
  if (!existsSync(compiler)) npm(["ci"], here);
  installed = installPacked();
  copyFileSync(join(here, "consumer.ts"), join(installed.project, "consumer.ts"));
});
after(() => installed?.remove());

function compile(file, module, moduleResolution) {
  const options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "esnext,dom", "--types", ""];
  const args = [compiler, ...options, "--module", module, "--moduleResolution", moduleResolution, file];
  return spawnSync(process.execPath, args, { cwd: installed.project, encoding: "utf8" });
}

describe("a consumer compiles under --strict, and misspelt fields do not", () => {
  for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    test(`module resolution ${resolution}`, () => {
      const { status, stdout } = compile("consumer.ts", module, resolution);
      assert.equal(status, 0, stdout);
    });
  }

  test("the types of the elements", () => {
    const text = `import { SlaBoard, SlaClock, SlaTimeline, type SlaSummary } from "slaclock/elements";
const board: SlaBoard = document.createElement("sla-board");
board.evaluations = [{ ticket: "T-1", error: { code: "SLA-E0101", message: "", pointer: "" } }];
board.update({ ticket: "T-1", policy: null, clocks: [], next_event_at: null, notices: [] }, { asOf: new Date() });
const summary: SlaSummary | null = board.summary;
void [SlaClock, SlaTimeline, summary];
`;
    writeFileSync(join(installed.project, "elements.ts"), text);
    const { status, stdout } = compile("elements.ts", "nodenext", "nodenext");
    assert.equal(status, 0, stdout);
  });

  test("the types of the bundled files", () => {
    const text = `import { SlaBoard, setServerTime } from "slaclock/dist/elements.js";
import { SlaClock, serverNow } from "slaclock/dist/clock.js";
import { Agreement, lint } from "slaclock/dist/slaclock.js";
import { WorkerBoard } from "slaclock/dist/worker.js";
import { Adapter } from "slaclock/dist/adapters.js";
void [SlaBoard, SlaClock, setServerTime(serverNow()), Agreement.parse, lint, WorkerBoard.open, Adapter.open];
`;
    writeFileSync(join(installed.project, "bundled.ts"), text);
    for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
      const { status, stdout } = compile("bundled.ts", module, resolution);
      assert.equal(status, 0, stdout);
    }
  });

  test("a project without the types of pages", () => {
    writeFileSync(join(installed.project, "plain.ts"), 'import { Agreement, Board, init } from "slaclock";\nimport { WorkerBoard } from "slaclock/worker";\nvoid [Agreement, Board, init, WorkerBoard];\n');
    const args = [compiler, "--strict", "--noEmit", "--target", "es2022", "--lib", "es2022", "--types", "", "--module", "nodenext", "plain.ts"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: installed.project, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });

  test("a mistake that is not expected stops the compiler", () => {
    writeFileSync(join(installed.project, "wrong.ts"), 'import { version } from "slaclock";\n(await version()).no_such_key;\n');
    const { status, stdout } = compile("wrong.ts", "nodenext", "nodenext");
    assert.notEqual(status, 0);
    assert.match(stdout, /no_such_key/);
  });
});

test("the consumer runs as well", () => {
  // Types aside, the file is plain JavaScript: Node only needs them taken away.
  execFileSync(process.execPath, [compiler, "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "esnext,dom", "--types", "", "consumer.ts"], { cwd: installed.project });
  const out = execFileSync(process.execPath, ["consumer.js"], { cwd: installed.project, encoding: "utf8" });
  assert.match(out, /resolution running \d+/);
});
