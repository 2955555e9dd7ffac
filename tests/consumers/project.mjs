// A throw-away project that holds the package as it is packed, the shared cases, and a program for each way to load it.

import { copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installPacked, ownText } from "../runtimes/install.mjs";

export const here = dirname(fileURLToPath(import.meta.url));

/** So many cases run at least, everywhere. */
export const LEAST = 250;

/** Every so many lines of a file. */
const spread = (name, every) => ownText(name).split("\n").filter((line, index) => line !== "" && index % every === 0).join("\n");

export function makeProject() {
  const installed = installPacked();
  const { project } = installed;
  const cases = {
    hours: [ownText("hours_by_hand.jsonl").trimEnd(), spread("hours_wall_clock.jsonl.gz", 12)].join("\n"),
    clocks: [spread("clocks.jsonl", 4), spread("clocks_complete.jsonl", 8), spread("clocks_like.jsonl", 4)].join("\n"),
    errors: [spread("errors.jsonl", 4), spread("errors_complete.jsonl", 8)].join("\n"),
    lint: ownText("lint_bad.json"),
  };
  writeFileSync(join(project, "data.mjs"), `export default ${JSON.stringify(cases)};\n`);
  copyFileSync(join(here, "../runtimes/cases.mjs"), join(project, "cases.mjs"));
  copyFileSync(join(here, "check.mjs"), join(project, "check.mjs"));
  const write = (name, text) => writeFileSync(join(project, name), text);
  const run = 'import { check } from "./check.mjs";\nimport cases from "./data.mjs";\n';
  // Programs end with the outcome on their output.
  write("print.mjs", `import * as slaclock from "slaclock";\n${run}console.log(JSON.stringify(await check(slaclock, cases)));\n`);
  write("print_inline.mjs", `import * as slaclock from "slaclock/inline";\n${run}check(slaclock, cases).then((outcome) => console.log(JSON.stringify(outcome)));\n`);
  write("print.cjs", 'const slaclock = require("slaclock");\nconst { check } = require("./check.mjs");\nconst { default: cases } = require("./data.mjs");\n'
    + "check(slaclock, cases).then((outcome) => console.log(JSON.stringify(outcome)));\n");
  write("print_import.cjs", 'Promise.all([import("slaclock"), import("./check.mjs"), import("./data.mjs")])\n'
    + "  .then(([slaclock, { check }, { default: cases }]) => check(slaclock, cases))\n  .then((outcome) => console.log(JSON.stringify(outcome)));\n");
  // Pages say the outcome in their title's place; the worker's board must agree with the page's.
  const page = (entry, more = "") => `import * as slaclock from "${entry}";\n${run}${more}`
    + 'check(slaclock, cases).catch((error) => ({ failures: [String(error)] })).then((outcome) => (globalThis.outcome = outcome));\n';
  write("page.mjs", page("slaclock", 'import { WorkerBoard } from "slaclock/worker";\nglobalThis.boards = { slaclock, WorkerBoard };\n'));
  write("page_inline.mjs", page("slaclock/inline"));
  write("page_file.mjs", page("slaclock", 'import { init as initLint } from "slaclock/lint";\nimport wasm from "slaclock/slaclock.wasm";\nimport lint from "slaclock/lint.wasm";\n'
    + "slaclock.init({ wasm });\ninitLint({ wasm: lint });\n"));
  write("workerd.mjs", `import * as slaclock from "slaclock";\n${run}`
    + "export default { async test() { console.log(JSON.stringify(await check(slaclock, cases))); } };\n");
  return installed;
}
