import { readFile } from "node:fs/promises";
import { lintEngine } from "./lint_core.js";

lintEngine.useSource(() => readFile(new URL("../dist/lint.wasm", import.meta.url)));

export { SlaError } from "./error.js";
export { init, lint } from "./lint_core.js";
