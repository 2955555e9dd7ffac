import init from "../pkg/slaclock_lint.js";

await init({ module_or_path: new URL("../pkg/slaclock_lint_bg.wasm", import.meta.url) });

export { lint } from "../pkg/slaclock_lint.js";
export { SlaError } from "./error.js";
