import { lintEngine } from "./lint_core.js";

// Not imported above: a bundle has all such imports at its top, and each isolate would compile this before it answers.
lintEngine.useSource(async () => (await import("../dist/lint.wasm")).default);

export { SlaError } from "./error.js";
export { init, lint } from "./lint_core.js";
