import { Columns } from "./columns.js";
import { SlaError, refusal } from "./error.js";
import { MAX_AGREEMENT, MAX_LINE, MAX_TICKETS, linesOf, textOf } from "./input.js";
import { Listeners } from "./listeners.js";

export { SlaError } from "./error.js";
export { STATES } from "./states.js";

export class WorkerBoard {
  #port;
  #own;
  #waiting = new Map();
  #count = 0;
  #status = { size: 0, rows: 0, now: NaN, nextEventAt: null };
  #listeners = new Listeners();
  #broken;

  static {
    Object.defineProperty(this.prototype, "__v_skip", { value: true });
  }

  static async open(document, now, { worker, allowLater = false, engine } = {}) {
    const text = textOf(document, MAX_AGREEMENT);
    const board = new WorkerBoard(worker);
    try {
      const { clocks, width } = await board.#ask("open", { document: text, now: plainInstant(now), allowLater, engine });
      board.clocks = Object.freeze(clocks.map(Object.freeze));
      board.columns = new Columns(width);
      return board;
    } catch (error) {
      board.free();
      throw error;
    }
  }

  constructor(worker) {
    this.#own = worker === undefined;
    this.#port = worker ?? new Worker(new URL("./thread.js", import.meta.url), { type: "module", name: "slaclock" });
    this.#port.addEventListener("message", ({ data }) => this.#take(data));
    this.#port.addEventListener("error", (event) => this.#fail(event.message));
    this.#port.start?.();
  }

  get size() {
    return this.#status.size;
  }

  get rows() {
    return this.#status.rows;
  }

  get width() {
    return this.columns.width;
  }

  get now() {
    return this.#status.now;
  }

  get nextEventAt() {
    return this.#status.nextEventAt;
  }

  async add(ticket) {
    return this.#ask("add", { given: textOf(ticket, MAX_LINE) });
  }

  /** A list is sent as JSON Lines, with answers of its own for what has no JSON. */
  async addAll(tickets) {
    const answers = [];
    const lines = [];
    for (const line of linesOf(tickets)) {
      if (typeof line === "string") lines.push(line);
      answers.push(line);
    }
    if (lines.length > MAX_TICKETS) throw refusal("SLA-E0002", `there are ${lines.length} tickets; the limit is ${MAX_TICKETS}`);
    const found = (await this.#ask("addAll", { given: lines.join("\n") }))[Symbol.iterator]();
    return answers.map((answer) => (typeof answer === "string" ? found.next().value : answer));
  }

  async update(ticket) {
    return this.#ask("update", { given: textOf(ticket, MAX_LINE) });
  }

  async remove(id) {
    return this.#ask("remove", { given: String(id) });
  }

  async tick(now) {
    return this.#ask("tick", { given: plainInstant(now) });
  }

  onChange(listener) {
    return this.#listeners.add(listener);
  }

  async row(id) {
    return this.#ask("row", { given: String(id) });
  }

  async rowOf(id) {
    return this.#ask("rowOf", { given: String(id) });
  }

  async idOf(row) {
    return this.#ask("idOf", { given: row });
  }

  async ticket(id) {
    return this.#ask("ticket", { given: String(id) });
  }

  async explain(id) {
    return this.#ask("explain", { given: String(id) });
  }

  async bytes() {
    return this.#ask("bytes");
  }

  free() {
    this.#fail("the board was freed", "disposed");
    this.#listeners.clear();
    if (this.#own) this.#port.terminate();
    else this.#port.close?.();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  #ask(ask, request) {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, ask, ...request });
    });
  }

  #take({ id, problems, answer, status, packed, removed, cleared }) {
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (!resolve) return;
    if (problems) return reject(new SlaError(problems));
    this.#status = status;
    this.columns?.room(status.rows);
    if (!packed) return resolve(answer);
    for (const row of cleared) this.columns.clear(row);
    const rows = this.columns.take(packed);
    if (rows.length > 0 || removed.length > 0) this.#listeners.tell({ now: status.now, rows, removed, cleared });
    return resolve(rows);
  }

  /** The worker is gone: everything asked of it, now and later, is refused. */
  #fail(message, code = "worker-failed") {
    this.#broken ??= refusal(code, message || "the board's worker cannot be started");
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}

/** A `Date` as milliseconds; what is no instant is told by the board. */
function plainInstant(now) {
  if (typeof now === "string" || typeof now === "number") return now;
  try {
    return Date.prototype.getTime.call(now);
  } catch {
    return NaN;
  }
}
