import { readFileSync } from "node:fs";
import { initSync } from "../pkg/slaclock_lint.js";

initSync({ module: readFileSync(new URL("../pkg/slaclock_lint_bg.wasm", import.meta.url)) });

export { lint } from "../pkg/slaclock_lint.js";
export { SlaError } from "./error.js";
