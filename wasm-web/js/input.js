// Values of the page, taken apart before the engine is called: nothing of the page runs while it is entered.

import { refusal } from "./error.js";

/** Largest agreement and largest ticket, in bytes; a text of more characters has more bytes in any case. */
export const MAX_AGREEMENT = 1 << 20;
export const MAX_LINE = 1 << 24;
/** Most values in one object. */
const MAX_VALUES = 1 << 18;
/** Most tickets in one list. */
export const MAX_TICKETS = 1_000_000;

const { stringify } = JSON;
const { getTime } = Date.prototype;

/**
 * JSON text of a document, which may be text already. Going through text refuses misspelt keys and leaves getters,
 * prototypes and proxies behind.
 */
export function textOf(value, limit) {
  return sized(typeof value === "string" ? value : written(value), limit);
}

function sized(text, limit) {
  if (text.length > limit) throw refusal("SLA-E0002", `the text has ${text.length} characters; the limit is ${limit}`);
  return text;
}

function written(value) {
  // A sparse list of billions, or a proxy that never ends, would else be written for minutes.
  let room = MAX_VALUES;
  let tooMany;
  const counted = (_, inner) => {
    room -= 1;
    if (room < 0) throw (tooMany = refusal("SLA-E0002", `there are more than ${MAX_VALUES} values in it`));
    return inner;
  };
  try {
    // `undefined` and functions have no JSON; the engine then says what it expected.
    return stringify(value, counted) ?? "";
  } catch (cause) {
    if (cause === tooMany) throw cause;
    throw refusal("SLA-E0001", `the value has no JSON form: ${messageOf(cause)}`, { cause });
  }
}

/** What was thrown may be anything, and telling it may throw again. */
function messageOf(thrown) {
  try {
    return String(thrown?.message ?? thrown);
  } catch {
    return "it throws";
  }
}

/** Milliseconds of a `Date`, of this frame or another, of a number, or of RFC 3339 text, which the engine reads. */
export function instant(engine, value, place) {
  if (typeof value === "number") return value;
  if (typeof value === "string") return engine.enter((glue) => glue.instant_ms(value, place));
  try {
    return getTime.call(value);
  } catch {
    return NaN;
  }
}

/** The same, where there may be none. */
export function instantOrNone(engine, value, place) {
  return value === undefined || value === null ? undefined : instant(engine, value, place);
}

/** Tickets of a list or of JSON Lines, one by one: each a line of JSON, or the answer for what has none. */
export function* linesOf(tickets) {
  const lines = typeof tickets === "string" && !isJsonList(tickets);
  for (const ticket of lines ? tickets.split("\n") : listOf(tickets)) {
    if (lines && ticket.trim() === "") continue;
    try {
      // A text in a list is no ticket; as JSON it stays one value.
      yield lines ? textOf(ticket, MAX_LINE) : sized(written(ticket), MAX_LINE) || "null";
    } catch (error) {
      yield { ticket: null, error: error.problems[0] };
    }
  }
}

function listOf(tickets) {
  if (typeof tickets === "string") {
    try {
      return JSON.parse(tickets);
    } catch (cause) {
      throw refusal("SLA-E0001", `the list is not JSON: ${cause.message}`, { cause });
    }
  }
  if (!Array.isArray(tickets)) {
    throw refusal("SLA-E0007", "expected a list of tickets or JSON Lines", { mend: "put a single ticket into a list" });
  }
  if (tickets.length > MAX_TICKETS) {
    throw refusal("SLA-E0002", `the list has ${tickets.length} items; the limit is ${MAX_TICKETS}`);
  }
  return tickets;
}

export const isJsonList = (text) => text.trimStart().startsWith("[");
