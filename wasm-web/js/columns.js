// The figures of a board's clocks, in arrays of the page's own memory: they stay what they are while the engine's
// memory grows, and outlive an instance that traps.

/** The column of each figure of a clock, in the order in which the engine gives them. */
const BYTES = ["state", "rate", "overdue", "at_risk"];
const TIMES = ["elapsed_ms", "target_ms", "due_at", "stopped_at", "next_change_at", "measured_at"];
const COUNT = BYTES.length + TIMES.length;

/** The state of a cell without a clock. */
export const ABSENT = 255;

export class Columns {
  /** `width`: cells of a row, one for each clock of the agreement. */
  constructor(width) {
    this.width = width;
    this.#grow(0);
  }

  /** Counted time of a cell at `now` in milliseconds, exact from its `measured_at` to its `next_change_at`. */
  elapsedAt(cell, now) {
    return this.elapsed_ms[cell] + this.rate[cell] * (now - this.measured_at[cell]);
  }

  /** Time left of a cell at `now`, in milliseconds of counted time; negative when over. */
  remainingAt(cell, now) {
    return this.target_ms[cell] - this.elapsedAt(cell, now);
  }

  /** Takes changed rows as the engine gives them: for each its number and the figures of its clocks. Answers the rows. */
  take(packed) {
    const each = 1 + this.width * COUNT;
    const rows = new Uint32Array(packed.length / each);
    for (let index = 0, at = 0; index < rows.length; index += 1) {
      const row = packed[at++];
      rows[index] = row;
      this.room(row + 1);
      for (let cell = row * this.width; cell < (row + 1) * this.width; cell += 1) {
        for (const name of BYTES) this[name][cell] = packed[at++];
        for (const name of TIMES) this[name][cell] = packed[at++];
      }
    }
    return rows;
  }

  /** Leaves a row without clocks. */
  clear(row) {
    for (let cell = row * this.width; cell < (row + 1) * this.width; cell += 1) this.#empty(cell, cell + 1);
  }

  /** Makes room for so many rows. */
  room(rows) {
    const cells = rows * this.width;
    if (cells > this.state.length) this.#grow(Math.max(cells, 2 * this.state.length));
  }

  #grow(cells) {
    const before = this.state?.length ?? 0;
    const grown = (Kind, old) => {
      const column = new Kind(cells);
      if (old) column.set(old);
      return column;
    };
    for (const name of BYTES) this[name] = grown(Uint8Array, this[name]);
    for (const name of TIMES) this[name] = grown(Float64Array, this[name]);
    this.#empty(before, cells);
  }

  #empty(from, until) {
    this.state.fill(ABSENT, from, until);
    for (const name of BYTES.slice(1)) this[name].fill(0, from, until);
    for (const name of TIMES) this[name].fill(name.endsWith("_ms") ? 0 : NaN, from, until);
  }
}
