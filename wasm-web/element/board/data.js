import { keyOf, reading } from "../clock/figures.js";
import { instantOf, pageTime } from "../time/page_time.js";
import { rank } from "./model.js";
import { Entry } from "./ticket.js";

/**
 * Tickets with evaluations that a server has computed, in the place of a board of the engine (`Model`): a clock stands still
 * at its `next_change_at`, and `stale` is told whose.
 */
export class DataModel {
  #byId = new Map();
  #clocks = new Map();
  #fresh = true;
  #nextLook = 0;
  #stale;
  entries = [];

  constructor(stale) {
    this.#stale = stale;
  }

  get size() {
    return this.entries.length;
  }

  get clocks() {
    return [...this.#clocks.values()];
  }

  byId(id) {
    return this.#byId.get(id);
  }

  /** Takes evaluations, `{ ticket, error }`, and tickets, which give fields and events; each in the place of one before. */
  put(given, asOf) {
    const list = typeof given === "string" ? given.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line)) : given;
    const at = instantOf(asOf);
    for (const item of list) {
      if (item.clocks || item.error) this.#evaluation(item, Number.isFinite(at) ? at : pageTime.now());
      else this.#entry(item.id).replace(item);
    }
    this.#changed();
  }

  remove(id) {
    const found = this.#byId.delete(id);
    this.#changed();
    return found;
  }

  free() {}

  tick(now) {
    const changed = this.#fresh || now >= this.#nextLook || now < this.#nextLook - 60_000;
    this.#fresh = false;
    const late = this.entries.filter((entry) => !entry.told && entry.next <= now);
    for (const entry of late) entry.told = true;
    if (late.length > 0) this.#stale(late.map(({ id }) => id));
    if (!changed) return false;
    this.#nextLook = now + 5_000;
    for (const entry of this.entries) rank(entry, Math.min(now, entry.next));
    return true;
  }

  get nextWake() {
    return this.entries.reduce((next, entry) => (entry.told ? next : Math.min(next, entry.next)), Infinity);
  }

  clocksOf(entry) {
    return entry.clocks;
  }

  textOf(entry) {
    return JSON.stringify(entry.ticket);
  }

  #entry(id) {
    if (!this.#byId.has(id)) this.#byId.set(id, Object.assign(new Entry(id, {}, this.#byId.size), { next: Infinity, told: false }));
    return this.#byId.get(id);
  }

  #evaluation(evaluation, at) {
    const { ticket, clocks = [], error = null } = evaluation;
    const readings = clocks.map((clock) => reading(clock, at));
    for (const { set = null, clock, metric } of clocks) this.#clocks.set(keyOf({ set: set ?? undefined, clock }), { set, clock, metric });
    const next = Math.min(...readings.map((clock) => clock.next));
    Object.assign(this.#entry(ticket ?? `#${this.#byId.size + 1}`), { evaluation, clocks: readings, error, next, told: false, ...(error && { group: 5 }) });
  }

  #changed() {
    this.entries = [...this.#byId.values()];
    this.#fresh = true;
  }
}
