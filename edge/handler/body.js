// Reads a body within limits of size and time, so that a slow or endless one holds nothing up.

import { Refusal } from "./refusal.js";

/** The body as text. */
export async function text(request, { maxBody, bodyTime }) {
  const large = () => Refusal.of("tooLarge", `the body is larger than ${maxBody} bytes`);
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > maxBody) throw large();
  if (request.body === null) return "";
  let timer;
  const slow = new Promise((_, reject) => {
    timer = setTimeout(() => reject(Refusal.of("tooSlow", `the body did not arrive within ${bodyTime} ms`)), bodyTime);
  });
  try {
    // One that says its length is read in one go, which costs runtimes a third of what its pieces do.
    return decode(await (announced === null ? pieces(request, slow, maxBody, large) : whole(request, slow)));
  } finally {
    clearTimeout(timer);
  }
}

const brokenOff = () => {
  throw Refusal.of("badRequest", "the body broke off");
};

function whole(request, slow) {
  return Promise.race([request.arrayBuffer().catch(brokenOff), slow]);
}

async function pieces(request, slow, maxBody, large) {
  const reader = request.body.getReader();
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read().catch(brokenOff), slow]);
      if (done) break;
      length += value.byteLength;
      if (length > maxBody) throw large();
      parts.push(value);
    }
  } catch (error) {
    // The rest is not wanted; whether the sender hears of it does not matter.
    reader.cancel().catch(() => {});
    throw error;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw Refusal.of("notUtf8", "the body is not UTF-8");
  }
}
