import type { Problem } from "../pkg/slaclock_web.js";

/** What the engine refused: `problems` holds all mistakes, `code`, `pointer` and `mend` are the first one's. */
export class SlaError extends Error {
  constructor(problems: Problem[]);
  readonly name: "SlaError";
  readonly code: string;
  readonly pointer: string;
  readonly mend?: string;
  readonly problems: Problem[];
}
