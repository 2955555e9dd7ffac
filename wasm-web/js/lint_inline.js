import packed from "../pkg/slaclock_lint_inline.js";
import { lintEngine } from "./lint_core.js";
import { unpack } from "./unpack.js";

lintEngine.useSource(() => unpack(packed));

export { SlaError } from "./error.js";
export { init, lint } from "./lint_core.js";
