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

async function parse(document) {
  const { Agreement } = await import("../js/web.js");
  return Agreement.parse(document);
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
