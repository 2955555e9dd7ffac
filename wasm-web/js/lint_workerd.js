import module from "../dist/lint.wasm";
import { lintEngine } from "./lint_core.js";

lintEngine.useSource(() => module);

export { SlaError } from "./error.js";
export { init, lint } from "./lint_core.js";
