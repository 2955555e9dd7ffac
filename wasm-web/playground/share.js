// The state of the playground in the fragment of its address: JSON, deflated, in base64 for addresses. No server sees it.

/** More than any page has written; a link that unpacks to more is refused. */
const MOST = 2 * 1024 * 1024;

/** @returns {Promise<string>} */
export async function pack(state) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(JSON.stringify(state)));
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The state of a fragment; rejects where it is none. */
export async function unpack(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = await through(new DecompressionStream("deflate-raw"), Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  const { agreement, ticket, now } = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof agreement !== "string" || typeof ticket !== "string" || !Number.isSafeInteger(now)) throw new Error("not a state of the playground");
  return { agreement, ticket, now };
}

async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MOST) throw new Error("too large");
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
