import { rankAt, groupOrder, reading } from "./figures.js";
import { WakeQueue } from "./wake.js";
import { fieldsAt, orderedEvents, toMs } from "./tickets.js";
import { words } from "./words.js";

/**
 * All tickets with their clocks. A ticket is computed again only when its own next change has passed;
 * in between, its figures follow from the last evaluation by arithmetic.
 */
export class Store {
  #wakes = new WakeQueue();
  #agreement;

  constructor(agreement, rows) {
    this.#agreement = agreement;
    this.entries = rows.map((row, index) => newEntry(row, index));
    this.byId = new Map(this.entries.map((entry) => [entry.id, entry]));
    this.order = [];
  }

  /** Computes every ticket. */
  evaluateAll(now) {
    this.#evaluate(this.entries, now);
  }

  /** Computes the tickets whose figures are no longer good at `now`; gives those. */
  evaluateDue(now) {
    const due = this.#wakes.takeUntil(now);
    if (due.length > 0) this.#evaluate(due, now);
    return due;
  }

  /** The earliest instant at which some figure stops being good. */
  get nextWake() {
    return this.#wakes.earliest;
  }

  /** One ticket at any instant, for looking back. */
  evaluateOne(entry, at) {
    return this.#agreement.evaluate(entry.line, at);
  }

  /** Puts the entries in order for `now`; gives whether the order changed. */
  rank(now) {
    for (const entry of this.entries) {
      const { group, key } = rankAt(entry, now);
      entry.group = group;
      entry.key = key;
    }
    if (this.order.length === this.entries.length && inOrder(this.order)) return false;
    this.order = [...this.entries].sort(compare);
    return true;
  }

  #evaluate(entries, now) {
    if (entries.length === 0) return;
    const results = this.#agreement.evaluateAll(entries.map((entry) => entry.line).join("\n"), now);
    entries.forEach((entry, index) => {
      take(entry, results[index], now);
      if (entry.wake < Infinity) this.#wakes.put(entry, entry.wake);
    });
  }
}

function newEntry(row, index) {
  const ticket = row.ticket;
  const id = typeof ticket?.id === "string" ? ticket.id : words.failure.line(row.number);
  return { index, id, line: row.line, ticket, events: orderedEvents(ticket), created: toMs(ticket?.created_at), clocks: [], group: "finished", key: 0 };
}

function take(entry, result, now) {
  entry.error = !result || result.error ? (result?.error ?? { code: "", message: "" }) : null;
  entry.evaluation = entry.error ? null : result;
  entry.clocks = entry.error ? [] : result.clocks.map((clock) => reading(clock, now));
  entry.fields = fieldsAt(entry.ticket, entry.events, now);
  entry.text = haystack(entry);
  entry.wake = nextWake(entry, now);
}

/** The engine names the next change that comes by itself; an event already in the file may come first. */
function nextWake(entry, now) {
  let wake = Infinity;
  for (const clock of entry.clocks) wake = Math.min(wake, clock.next);
  for (const event of entry.events) {
    if (event.ms > now) {
      wake = Math.min(wake, event.ms);
      break;
    }
  }
  if (entry.created > now) wake = Math.min(wake, entry.created);
  return wake <= now ? now + 1000 : wake;
}

function haystack(entry) {
  const states = entry.clocks.map((clock) => (clock.overdue && !clock.finished ? words.face.overdue : words.face[clock.state === "outside_hours" ? "closed" : clock.state]));
  return [entry.id, ...Object.values(entry.fields).flat(), ...states].join("\n").toLowerCase();
}

const compare = (a, b) => groupOrder(a.group) - groupOrder(b.group) || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index);

function inOrder(list) {
  for (let i = 1; i < list.length; i += 1) {
    if (compare(list[i - 1], list[i]) > 0) return false;
  }
  return true;
}
