/** What was refused or went wrong: `problems` holds all mistakes; `code`, `pointer` and `mend` are the first one's. */
export class SlaError extends Error {
  constructor(problems, options) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    const place = first?.pointer ? ` at ${first.pointer}` : "";
    const mend = first?.mend ? `; ${first.mend}` : "";
    super(`${first?.code}: ${first?.message}${place}${mend}${more}`, options);
    this.name = "SlaError";
    this.code = first?.code;
    this.pointer = first?.pointer;
    this.mend = first?.mend;
    this.problems = problems;
  }
}

/** An error with one problem. */
export function refusal(code, message, { pointer = "", mend, cause } = {}) {
  const problem = mend === undefined ? { code, message, pointer } : { code, message, pointer, mend };
  return new SlaError([problem], cause === undefined ? undefined : { cause });
}
