// Refusals: coded problems with the status that goes with them, as the host has them.

/** What can be wrong with a request, beside what the engine finds in its content. */
export const CODES = {
  noToken: ["SLA-H0701", 401, "send `Authorization: Bearer` with a token of this function"],
  notFound: ["SLA-H0706", 404, "check the path and the ids in it"],
  badRequest: ["SLA-H0712", 400, "the description at /v1/openapi.json shows how"],
  badMethod: ["SLA-H0712", 405, "the description at /v1/openapi.json shows how"],
  tooLarge: ["SLA-H0710", 413, "send it in parts"],
  tooSlow: ["SLA-H0713", 408, "send the request in one go"],
  notUtf8: ["SLA-H0003", 400, "send UTF-8"],
  broken: ["SLA-H0105", 502, "report the input; the next request gets a fresh engine"],
};

/** Where the package names an argument of a function, a request has a parameter. */
const PARAMETERS = { now: "/now", knownAt: "/known_at", at: "/at", today: "/today" };

/** Thrown by whatever reads a request; becomes the answer. */
export class Refusal extends Error {
  /** @param {number} status @param {object[]} problems @param {Record<string, string>} [headers] */
  constructor(status, problems, headers = {}) {
    super(problems[0]?.message);
    this.status = status;
    this.problems = problems;
    this.headers = headers;
  }

  /** @param {keyof typeof CODES} what @param {string} message @param {string} [pointer] */
  static of(what, message, pointer = "", headers = {}) {
    const [code, status, mend] = CODES[what];
    return new Refusal(status, [{ code, message, pointer, mend }], headers);
  }

  /** What the engine said: the caller's mistake, unless the engine itself broke. */
  static from(error) {
    if (error instanceof Refusal) return error;
    if (error?.name !== "SlaError" || !Array.isArray(error.problems)) throw error;
    if (!error.code?.startsWith("SLA-")) return Refusal.of("broken", error.message);
    const status = error.code === "SLA-E0002" ? 413 : 422;
    return new Refusal(status, error.problems.map((problem) => ({ ...problem, pointer: PARAMETERS[problem.pointer] ?? problem.pointer })));
  }

  /** What stands for the answer. */
  reply() {
    const body = JSON.stringify({ error: this.problems[0], problems: this.problems });
    const headers = { "content-type": "application/json", "cache-control": "no-store", ...this.headers };
    return { body, status: this.status, headers };
  }
}
