// Tickets as the board shows them: nothing of this decides about time.

const toMs = (at) => (typeof at === "number" ? at : at instanceof Date ? Number(at) : Date.parse(at));

/** A ticket on the board. What needs its text is made when it is first asked for. */
export class Entry {
  #ticket;
  #events;
  #fields;
  #fieldsAt = NaN;
  #text;
  clocks = [];
  group = 6;
  key = 0;
  marks = 0;

  /** `given` is a ticket, or its JSON text. */
  constructor(id, given, index) {
    Object.assign(this, { id, given, index });
  }

  /** Takes another form of the ticket. */
  replace(given) {
    this.given = given;
    this.#ticket = this.#events = undefined;
    this.#fieldsAt = NaN;
  }

  get ticket() {
    if (this.#ticket === undefined) this.#ticket = typeof this.given === "string" ? parsed(this.given) : (this.given ?? {});
    return this.#ticket;
  }

  /** Its events, oldest first, with `ms` for their instant. */
  get events() {
    const events = Array.isArray(this.ticket.events) ? this.ticket.events : [];
    this.#events ??= events
      .map((event) => ({ ...event, ms: toMs(event?.at) }))
      .filter((event) => Number.isFinite(event.ms))
      .sort((a, b) => a.ms - b.ms);
    return this.#events;
  }

  get created() {
    return toMs(this.ticket.created_at);
  }

  /** Its fields as they stand at `now`, as texts. */
  fieldsAt(now) {
    if (this.#fieldsAt !== now) {
      this.#fields = { ...this.ticket.fields };
      for (const event of this.events) if (event.ms <= now) Object.assign(this.#fields, changesOf(event));
      for (const name in this.#fields) this.#fields[name] = [this.#fields[name] ?? ""].flat().join(", ");
      this.#fieldsAt = now;
      this.#text = undefined;
    }
    return this.#fields;
  }

  /** All words by which it can be found. */
  textAt(now) {
    const fields = this.fieldsAt(now);
    this.#text ??= [this.id, ...Object.values(fields)].join("\n").toLocaleLowerCase();
    return this.#text;
  }
}

function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    // The engine says what is wrong with it.
    return {};
  }
}

/** The fields that an event changes, its status being one of them. */
export function changesOf(event) {
  const changes = event.field && typeof event.field === "object" ? { ...event.field } : {};
  if (event.status !== undefined) changes.status = event.status;
  return changes;
}
