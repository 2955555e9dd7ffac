import { Agreement, sourceOf } from "./agreement.js";
import { Columns } from "./columns.js";
import { engine } from "./core.js";
import { Kept } from "./engine.js";
import { refusal } from "./error.js";
import { MAX_LINE, instant, linesOf, textOf } from "./input.js";
import { Listeners } from "./listeners.js";

/** What the last tick gave, as the engine gave it: for a board that is shown elsewhere. */
export let lastTickOf;

export class Board {
  #kept;
  #source;
  #now;
  /** By row: the ticket's id, or nothing. */
  #ids = [];
  /** By row: the ticket's text, unless the page gives tickets again. */
  #texts = [];
  #count = 0;
  #again;
  #removed = [];
  #cleared = [];
  #lastTick;
  #listeners = new Listeners();

  static {
    lastTickOf = (board) => board.#lastTick;
    Object.defineProperty(this.prototype, "__v_skip", { value: true });
  }

  constructor(agreement, now, { ticket } = {}) {
    if (!(agreement instanceof Agreement)) {
      throw refusal("SLA-E0007", "a board needs an Agreement", { pointer: "agreement", mend: "await Agreement.parse(…) of the same copy of the package" });
    }
    this.#source = sourceOf(agreement);
    this.#now = instant(engine, now, "now");
    this.#again = ticket;
    this.#kept = new Kept(engine, () => this.#make());
    this.clocks = this.#kept.call((low) => JSON.parse(low.clocks())).map(([set, clock, metric]) => Object.freeze({ set, clock, metric }));
    Object.freeze(this.clocks);
    this.columns = new Columns(Math.max(this.clocks.length, 1));
  }

  get size() {
    return this.#count;
  }

  get rows() {
    return this.#ids.length;
  }

  get width() {
    return this.columns.width;
  }

  get now() {
    return this.#now;
  }

  get nextEventAt() {
    return this.#kept.call((low) => low.next_event_at()) ?? null;
  }

  get bytes() {
    return this.#kept.call((low) => low.size());
  }

  add(ticket) {
    const text = textOf(ticket, MAX_LINE);
    return this.#keep(this.#kept.call((low) => this.#placed(low, low.put(text))), text);
  }

  addAll(tickets) {
    const answers = [];
    for (const line of linesOf(tickets)) {
      if (typeof line !== "string") {
        answers.push(line);
        continue;
      }
      const found = this.#kept.call((low) => {
        const row = low.put_line(line);
        return typeof row === "number" ? this.#placed(low, row) : row;
      });
      answers.push(typeof found === "string" ? JSON.parse(found) : this.#keep(found, line));
    }
    return answers;
  }

  update(ticket) {
    const text = textOf(ticket, MAX_LINE);
    const { row, id } = this.#kept.call((low) => {
      const placed = this.#placed(low, low.put(text));
      if (this.#ids[placed.row] !== placed.id) low.remove(placed.id);
      return placed;
    });
    if (this.#ids[row] !== id) {
      throw refusal("no-ticket", `the board has no ticket ${JSON.stringify(id)}`, { pointer: "/id", mend: "add it" });
    }
    return this.#keep({ row, id }, text);
  }

  remove(id) {
    const row = this.#kept.call((low) => low.remove(String(id)));
    if (row === undefined) return false;
    this.#forget(row);
    return true;
  }

  tick(now) {
    const ms = instant(engine, now, "now");
    const packed = this.#kept.call((low) => low.tick(ms));
    this.#now = ms;
    const rows = this.columns.take(packed);
    const [removed, cleared] = [this.#removed, this.#cleared];
    [this.#removed, this.#cleared] = [[], []];
    this.#lastTick = { packed, removed, cleared };
    if (rows.length > 0 || removed.length > 0) this.#listeners.tell({ now: ms, rows, removed, cleared });
    return rows;
  }

  onChange(listener) {
    return this.#listeners.add(listener);
  }

  row(id) {
    const text = this.#kept.call((low) => {
      const row = low.row(String(id));
      return row === undefined ? undefined : low.evaluation(row);
    });
    return text === undefined ? undefined : JSON.parse(text);
  }

  rowOf(id) {
    return this.#kept.call((low) => low.row(String(id)));
  }

  idOf(row) {
    return this.#ids[row];
  }

  ticket(id) {
    const row = this.rowOf(id);
    return row === undefined ? undefined : this.#textOf(row);
  }

  explain(id) {
    const text = this.ticket(id);
    return text === undefined ? undefined : JSON.parse(this.#kept.call((low) => low.explain(text)));
  }

  free() {
    this.#kept.free();
    this.#listeners.clear();
    this.#ids = [];
    this.#texts = [];
    this.#count = 0;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  #placed(low, row) {
    return { row, id: low.id(row) };
  }

  #keep({ row, id }, text) {
    if (this.#ids[row] === undefined) this.#count += 1;
    this.#ids[row] = id;
    if (!this.#again) this.#texts[row] = text;
    this.columns.room(row + 1);
    return row;
  }

  #forget(row) {
    this.#removed.push(this.#ids[row]);
    this.#cleared.push(row);
    this.#ids[row] = undefined;
    this.#texts[row] = undefined;
    this.#count -= 1;
    this.columns.clear(row);
  }

  #textOf(row) {
    return this.#again ? textOf(this.#again(this.#ids[row]), MAX_LINE) : this.#texts[row];
  }

  /** The board inside the engine: a new one, or, after a trap, one with the same tickets in the same rows. */
  #make() {
    const board = this.#empty();
    // Rows without a ticket are filled while the others are given theirs.
    let name = "gap";
    while (this.#ids.some((id) => id?.startsWith(name))) name += "-";
    const gaps = [];
    for (let row = 0; row < this.#ids.length; row += 1) {
      if (this.#putAgain(board, row)) continue;
      const id = `${name}${row}`;
      gaps.push(id);
      engine.enter(() => board.put(JSON.stringify({ id, created_at: 0 })));
    }
    for (const id of gaps) engine.enter(() => board.remove(id));
    return board;
  }

  /** A board without tickets. It shares the page's agreement, and has one of its own where the page has freed that. */
  #empty() {
    const { text, allowLater, kept } = this.#source;
    if (!kept.freed) {
      const agreement = kept.get();
      return engine.enter((glue) => new glue.Board(agreement, this.#now));
    }
    return engine.enter((glue) => {
      const agreement = glue.Agreement.parse(text, allowLater);
      try {
        return new glue.Board(agreement, this.#now);
      } finally {
        agreement.free();
      }
    });
  }

  /** Whether the row has its ticket again. One that breaks the engine, or is no ticket any more, leaves the board. */
  #putAgain(board, row) {
    if (this.#ids[row] === undefined) return false;
    try {
      const text = this.#textOf(row);
      return engine.enter(() => board.put(text)) === row;
    } catch (error) {
      this.#forget(row);
      if (error?.code === "engine-trap") throw error;
      return false;
    }
  }
}
