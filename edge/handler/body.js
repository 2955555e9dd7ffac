// Reads a body within limits of size and time, so that a slow or endless one holds nothing up.

import { Refusal } from "./refusal.js";

/** The body as text. */
export async function text(request, { maxBody, bodyTime }) {
  const large = () => Refusal.of("tooLarge", `the body is larger than ${maxBody} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBody) throw large();
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const read = () =>
    reader.read().catch(() => {
      throw Refusal.of("badRequest", "the body broke off");
    });
  let timer;
  const slow = new Promise((_, reject) => {
    timer = setTimeout(() => reject(Refusal.of("tooSlow", `the body did not arrive within ${bodyTime} ms`)), bodyTime);
  });
  try {
    const parts = [];
    let length = 0;
    for (;;) {
      const { done, value } = await Promise.race([read(), slow]);
      if (done) break;
      length += value.byteLength;
      if (length > maxBody) throw large();
      parts.push(value);
    }
    return decode(parts, length);
  } catch (error) {
    // The rest is not wanted; whether the sender hears of it does not matter.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function decode(parts, length) {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(whole);
  } catch {
    throw Refusal.of("notUtf8", "the body is not UTF-8");
  }
}
