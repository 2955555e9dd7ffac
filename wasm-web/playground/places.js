// Where in a JSON text the value of a pointer stands.

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+)/gy;

/**
 * The stretches of all values of a text that is JSON, by their pointers: `{ start, end }`, with a key's own from its name
 * on. Of a text that is not, those before the mistake.
 * @returns {Map<string, { start: number, end: number }>}
 */
export function placesOf(text) {
  const places = new Map();
  const open = [];
  let key = null;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, token] = match;
    const end = TOKEN.lastIndex;
    const start = end - token.length;
    const top = open.at(-1);
    if (token === "," && top) {
      top.index += 1;
      top.wantsKey = top.isObject;
    } else if (token === "]" || token === "}") {
      const closed = open.pop();
      if (closed) places.set(closed.pointer, { start: closed.start, end });
    } else if (top?.wantsKey && token.startsWith('"')) {
      key = { name: unquoted(token), start };
      top.wantsKey = false;
    } else if (token !== ":") {
      const name = top && (top.isObject ? (key?.name ?? "") : String(top.index));
      const pointer = top ? `${top.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}` : "";
      const from = top?.isObject && key ? key.start : start;
      if (token === "{" || token === "[") open.push({ pointer, start: from, index: 0, isObject: token === "{", wantsKey: token === "{" });
      places.set(pointer, { start: from, end });
    }
  }
  return places;
}

/** The place of a pointer, or of the nearest value around it; for a syntax error, that which its message names. */
export function placeOf(text, { pointer, message }) {
  const said = /at line (\d+) column (\d+)/.exec(message);
  if (!pointer && said) {
    const before = text.split("\n").slice(0, Number(said[1]) - 1).join("\n").length + (Number(said[1]) > 1 ? 1 : 0);
    const start = Math.min(text.length, before + Math.max(0, Number(said[2]) - 1));
    return { start, end: Math.min(text.length, start + 1) };
  }
  const places = placesOf(text);
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = places.get(at);
    if (place || !at) return place ?? { start: 0, end: text.length };
  }
}

/** The number of the line that an offset is in, from 1. */
export const lineOf = (text, offset) => text.slice(0, offset).split("\n").length;

function unquoted(token) {
  try {
    return JSON.parse(token);
  } catch {
    return token.slice(1, -1);
  }
}
