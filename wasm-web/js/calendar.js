import { engine } from "./core.js";
import { Kept } from "./engine.js";
import { MAX_AGREEMENT, instant, textOf } from "./input.js";

export class Calendar {
  #kept;

  static {
    Object.defineProperty(this.prototype, "__v_skip", { value: true });
  }

  constructor(text) {
    this.#kept = new Kept(engine, () => engine.enter((glue) => glue.Calendar.parse(text)));
  }

  static async parse(document) {
    const text = textOf(document, MAX_AGREEMENT);
    await engine.init();
    return new Calendar(text);
  }

  isOpen(at) {
    const ms = instant(engine, at, "at");
    return this.#kept.call((low) => low.is_open(ms));
  }

  hours(at) {
    const ms = instant(engine, at, "at");
    return JSON.parse(this.#kept.call((low) => low.hours(ms)));
  }

  elapsed(start, end) {
    const [from, until] = [instant(engine, start, "start"), instant(engine, end, "end")];
    return this.#kept.call((low) => low.elapsed(from, until));
  }

  elapsedColumns(starts, ends) {
    const [from, until] = [columnOf(starts), columnOf(ends)];
    return this.#kept.call((low) => low.elapsed_columns(from, until));
  }

  due(start, openMs) {
    const from = instant(engine, start, "start");
    return this.#kept.call((low) => low.due(from, typeof openMs === "number" ? openMs : NaN)) ?? null;
  }

  nextOpen(at) {
    const ms = instant(engine, at, "at");
    return this.#kept.call((low) => low.next_open(ms)) ?? null;
  }

  nextClose(at) {
    const ms = instant(engine, at, "at");
    return this.#kept.call((low) => low.next_close(ms)) ?? null;
  }

  segments(start, end) {
    const [from, until] = [instant(engine, start, "start"), instant(engine, end, "end")];
    return JSON.parse(this.#kept.call((low) => low.segments(from, until)));
  }

  free() {
    this.#kept.free();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }
}

const columnOf = (column) => (column instanceof Float64Array ? column : Float64Array.from(column));
