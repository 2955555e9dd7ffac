// The only module of the elements that knows the engine's API.

const compiled = new Map();

/**
 * The compiled agreement for what a page gives: one that is compiled, a document, JSON text, or the address of one (which
 * several elements share). The engine itself is loaded only where there is something to compile.
 * @param {unknown} given
 * @returns {Promise<any> | any} The agreement, or a promise of it.
 */
export function agreementOf(given) {
  if (!given || typeof given.evaluate === "function") return given;
  if (typeof given === "string" && !given.trimStart().startsWith("{")) {
    const address = new URL(given, document.baseURI).href;
    if (!compiled.has(address)) {
      const made = fetchText(address).then(parse);
      compiled.set(address, made);
      made.catch(() => compiled.delete(address));
    }
    return compiled.get(address);
  }
  return parse(given);
}

async function parse(given) {
  const { Agreement } = await import("../js/web.js");
  return Agreement.parse(given);
}

/** The zone that an agreement names, where it does. */
export const zoneOf = (agreement) => agreement?.timeZone ?? null;

/** A board of the engine for an agreement. All entries of the package share what this one has, and so the same engine. */
export async function boardOf(agreement, now) {
  const { Board } = await import("../js/api.js");
  return new Board(agreement, now);
}

/** Tickets as a list or JSON Lines, for a list, text, or the address of either. */
export async function ticketsOf(given) {
  if (typeof given !== "string") return given;
  const text = /^\s*[[{]/.test(given) || given.trim() === "" ? given : await fetchText(given);
  return text.trimStart().startsWith("[") ? JSON.parse(text) : text;
}

/** Every minute of a ticket's clocks. */
export const explain = (agreement, ticket, now) => agreement.explain(ticket, now);

const MONTHS = 90 * 86_400_000;

/** The explanation as it will be when the last open clock is due, if nothing happens until then; null where none is open. */
export function explainAhead(agreement, ticket, { now, evaluation }) {
  const present = Date.parse(now);
  const dues = evaluation.clocks.filter((clock) => clock.state === "running" || clock.state === "outside_hours").map((clock) => Date.parse(clock.due_at));
  const until = Math.min(present + MONTHS, Math.max(...dues.filter((ms) => ms > present), -Infinity));
  if (!(until > present)) return null;
  const known = (ticket.events ?? []).filter((event) => !(Number(new Date(event?.at)) > present));
  return agreement.explain({ ...ticket, events: known }, until);
}

/** The text at an address; what the server refuses is an error that says so. */
export async function fetchText(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.text();
}

/** All clocks of a ticket at an instant. */
export const evaluate = (agreement, ticket, now) => agreement.evaluate(ticket, now);

/** The first later instant of a ticket's own events: until then what the engine announced is all that comes. */
export function nextEvent(ticket, now) {
  let next = Infinity;
  for (const at of [ticket?.created_at, ...(ticket?.events ?? []).map((event) => event?.at)]) {
    const ms = typeof at === "string" ? Date.parse(at) : Number(at);
    if (ms > now && ms < next) next = ms;
  }
  return next;
}
