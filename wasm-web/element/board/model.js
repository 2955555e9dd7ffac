import { atRisk, isFinished, reading, remainingAt } from "../clock/figures.js";
import { Entry } from "./ticket.js";

/** The states in the order of their numbers in the columns of the engine's boards. */
export const STATES = ["pending", "running", "paused", "outside_hours", "met", "breached", "cancelled"];

/** Marks of an entry, one bit each; the strip counts them and the list is filtered by them. */
export const MARKS = ["overdue", "risk", "hour", "today", "paused"];
const [OVERDUE, RISK, WITHIN_HOUR, TODAY, PAUSED] = MARKS.map((_, bit) => 1 << bit);

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const NEVER = Number.MAX_SAFE_INTEGER;
const GROUP_OF = { running: 1, outside_hours: 2, paused: 3 };

/**
 * All tickets with their clocks, on a board of the engine: a clock is computed again only when its own next change has
 * passed; in between, its figures follow by arithmetic.
 */
export class Model {
  #board;
  #byRow = [];
  #byId = new Map();
  #fresh = true;
  #nextLook = 0;
  #stop;
  #own;
  entries = [];

  /** `isNew` where the board is made for this, and has no tickets that the page has put there. */
  constructor(board, isNew) {
    this.#board = board;
    this.#own = isNew;
    // The page may move the board as well: what any tick changes is heard here.
    this.#stop = board.onChange(({ rows, removed }) => {
      for (const id of removed) this.#forget(id);
      for (const row of rows) this.#take(row);
      this.#fresh = true;
    });
    for (let row = 0; row < board.rows && !isNew; row += 1) this.#see(row, null);
    this.#changed();
  }

  get size() {
    return this.entries.length;
  }

  /** The clocks of the agreement. */
  get clocks() {
    return this.#board.clocks;
  }

  byId(id) {
    return this.#byId.get(id);
  }

  /** Puts tickets on the board, a list or JSON Lines; those with a known id take its place. */
  put(tickets) {
    for (const part of this.parts(tickets)) part(Infinity);
  }

  /**
   * The same in parts, each a function that puts so many more, so that who has thousands can paint and listen between them.
   * Gives how many are left.
   */
  *parts(tickets) {
    const isText = typeof tickets === "string";
    const list = isText ? tickets.split("\n").filter((line) => line.trim()) : tickets;
    // What is no list, the engine says.
    if (!Array.isArray(list)) this.#board.addAll(list);
    for (let from = 0; from < list.length; ) {
      yield (count) => {
        const part = list.slice(from, from + count);
        const answers = this.#board.addAll(isText ? part.join("\n") : part);
        answers.forEach((answer, index) => {
          if (typeof answer === "number") this.#see(answer, part[index]);
          else this.#fail(answer, part[index], from + index);
        });
        from += part.length;
        this.#changed();
      };
    }
  }

  remove(id) {
    const entry = this.#byId.get(id);
    if (!entry) return false;
    if (!entry.error) this.#board.remove(id);
    this.#forget(id);
    return true;
  }

  free() {
    this.#stop();
    if (this.#own) this.#board.free();
  }

  /** Moves to `now`; gives whether anything but counted time has changed. */
  tick(now) {
    this.#board.tick(now);
    const changed = this.#fresh;
    this.#fresh = false;
    if (changed || now >= this.#nextLook || now < this.#nextLook - 60_000) {
      this.#nextLook = now + 5_000;
      for (const entry of this.entries) rank(entry, now);
      return true;
    }
    return false;
  }

  get nextWake() {
    return this.#board.nextEventAt ?? Infinity;
  }

  /** The clocks of an entry in full; those of a column are only its figures. */
  clocksOf(entry) {
    if (!entry.full && !entry.error) entry.evaluation = this.#board.row(entry.id);
    entry.full ??= (entry.evaluation?.clocks ?? []).map((clock) => reading(clock, this.#board.now));
    return entry.full;
  }

  textOf(entry) {
    return this.#board.ticket(entry.id);
  }

  #see(row, given) {
    const id = this.#board.idOf(row);
    if (id === undefined) return;
    const index = this.#byId.get(id)?.index ?? this.#byId.size;
    const entry = new Entry(id, given ?? this.#board.ticket(id), index);
    entry.row = row;
    this.#byRow[row] = entry;
    this.#byId.set(id, entry);
  }

  #fail({ ticket, error }, given, index) {
    const id = ticket ?? `#${index + 1}`;
    // A mistake in a newer form of a ticket leaves the older one where it is.
    if (this.#byId.has(id)) return;
    const entry = Object.assign(new Entry(id, given, this.#byId.size), { error, group: 5 });
    this.#byId.set(id, entry);
  }

  #forget(id) {
    const entry = this.#byId.get(id);
    if (!entry) return;
    if (this.#byRow[entry.row] === entry) delete this.#byRow[entry.row];
    this.#byId.delete(id);
    this.#changed();
  }

  #changed() {
    this.entries = [...this.#byId.values()];
    this.#fresh = true;
  }

  #take(row) {
    const entry = this.#byRow[row] ?? this.#late(row);
    if (!entry) return;
    const { columns, clocks } = this.#board;
    entry.full = null;
    entry.evaluation = null;
    entry.clocks = [];
    clocks.forEach((clock, index) => {
      const cell = row * columns.width + index;
      if (columns.state[cell] < STATES.length) entry.clocks.push(cellReading(columns, cell, clock));
    });
  }

  #late(row) {
    this.#see(row, null);
    this.#changed();
    return this.#byRow[row];
  }
}

const orNull = (value) => (Number.isNaN(value) ? null : value);

/** A clock as far as its columns tell it: enough to put it in order and to count it. */
function cellReading(columns, cell, { set, clock, metric }) {
  const state = STATES[columns.state[cell]];
  const next = orNull(columns.next_change_at[cell]);
  return {
    key: set ? `${set} / ${clock}` : clock,
    metric,
    state,
    at: columns.measured_at[cell],
    finished: isFinished(state),
    overdue: columns.overdue[cell] === 1,
    risk: columns.at_risk[cell] === 1 || undefined,
    rate: columns.rate[cell],
    elapsed: columns.elapsed_ms[cell],
    target: columns.target_ms[cell],
    wallLeft: null,
    due: orNull(columns.due_at[cell]),
    stopped: orNull(columns.stopped_at[cell]),
    starts: state === "pending" ? next : null,
    next: next ?? Infinity,
  };
}

/** Puts an entry where its most urgent clock belongs: the group's place, and a key that is smaller for the more urgent. */
export function rank(entry, now) {
  if (entry.error) return;
  let first = 8;
  let least = Infinity;
  for (const clock of entry.clocks) {
    const group = groupOf(clock);
    const key = group > 4 ? (group === 6 ? -(clock.stopped ?? clock.at) : NEVER) : group === 4 ? clock.starts : (remainingAt(clock, now) ?? NEVER);
    if (group < first || (group === first && key < least)) [first, least] = [group, key];
  }
  entry.group = Math.min(first, 6);
  entry.key = least;
}

function groupOf(clock) {
  if (clock.finished) return 6;
  // A clock that has not started and may never do so says less about a ticket than one that is over.
  if (clock.state === "pending") return clock.starts === null ? 7 : 4;
  return clock.overdue ? 0 : GROUP_OF[clock.state];
}

/** Marks every entry for the strip's filters, counts the marks, and what is due in each of the next 24 hours. */
export function summarise(entries, now, endOfDay) {
  const counts = MARKS.map(() => 0);
  const hours = new Array(24).fill(0);
  let met = 0;
  let ended = 0;
  for (const entry of entries) {
    let marks = 0;
    let open = 0;
    let waiting = 0;
    for (const clock of entry.clocks) {
      if (clock.finished) {
        if (clock.state === "cancelled" || !(clock.stopped > now - WEEK)) continue;
        ended += 1;
        if (clock.state === "met") met += 1;
      }
      if (clock.finished || clock.state === "pending") continue;
      open += 1;
      if (clock.state === "paused") waiting += 1;
      if (clock.overdue) marks |= OVERDUE;
      else {
        if (atRisk(clock, now)) marks |= RISK;
        const ahead = clock.due === null ? Infinity : clock.due - now;
        if (ahead <= HOUR) marks |= WITHIN_HOUR;
        if (clock.due !== null && clock.due <= endOfDay) marks |= TODAY;
        if (ahead >= 0 && ahead < 24 * HOUR) hours[Math.floor(ahead / HOUR)] += 1;
      }
    }
    if (marks & OVERDUE) marks &= ~RISK;
    else if (open > 0 && waiting === open) marks |= PAUSED;
    entry.marks = marks;
    for (let bit = 0; bit < MARKS.length; bit += 1) if (marks & (1 << bit)) counts[bit] += 1;
  }
  return { counts, hours, met, ended };
}
