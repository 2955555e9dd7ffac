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
function changesOf(event) {
  const changes = event.field && typeof event.field === "object" ? { ...event.field } : {};
  if (event.status !== undefined) changes.status = event.status;
  return changes;
}

/** What has happened to a ticket by `now`, in words: instant, icon, text, and more about it. */
export function history(entry, now, { words }) {
  const { ticket, events } = entry;
  const fields = { ...ticket.fields };
  const list = [];
  const add = (ms, icon, key, values, detail = "") => list.push({ ms, icon, text: words.say(key, values), detail: detail ?? "" });
  add(entry.created, "created", "event.created", {}, [fields.channel, fields.status].filter(Boolean).join(", "));
  for (const event of events) {
    const { ms, reply, pause, exclude, extend, excuse, merge, note } = event;
    if (ms > now) break;
    if (reply) {
      const by = reply.by === "requester" || reply.by === "system" ? reply.by : "agent";
      add(ms, reply.public === false ? "note" : by === "requester" ? by : "agent", reply.public === false ? "event.internal" : `event.${by}`, {}, reply.channel);
    }
    const changes = changesOf(event);
    for (const name in changes) {
      const value = [changes[name] ?? "–"].flat().join(", ");
      const before = fields[name] === undefined ? "" : `${[fields[name] ?? "–"].flat().join(", ")} → `;
      list.push({ ms, icon: name === "status" ? name : "field", text: `${words.field(name)}: ${before}${value}`, detail: "" });
      fields[name] = changes[name];
    }
    if (pause) add(ms, "paused", "event.pause", {}, [words.party(pause.party), pause.reason].filter(Boolean).join(", "));
    if (event.resume) add(ms, "running", "event.resume", {}, words.party(event.resume.party));
    if (exclude) add(ms, "cancelled", "event.exclude", {}, exclude.reason);
    if (extend) add(ms, "flag", "event.extend", { x: words.clock(extend.clock) }, [extend.by, extend.reason].filter(Boolean).join(", "));
    if (excuse) add(ms, "flag", "event.excuse", { x: words.clock(excuse.clock) }, excuse.reason);
    if (merge) add(ms, "flag", "event.merge", { x: merge.into });
    if (note !== undefined) add(ms, "note", "event.note", {}, typeof note === "string" ? note : "");
  }
  return list;
}
