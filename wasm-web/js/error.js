/** What the engine refused: `problems` holds all mistakes, `code`, `pointer` and `mend` are the first one's. */
export class SlaError extends Error {
  constructor(problems) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    const place = first?.pointer ? ` at ${first.pointer}` : "";
    const mend = first?.mend ? `; ${first.mend}` : "";
    super(`${first?.code}: ${first?.message}${place}${mend}${more}`);
    this.name = "SlaError";
    this.code = first?.code;
    this.pointer = first?.pointer;
    this.mend = first?.mend;
    this.problems = problems;
  }
}
