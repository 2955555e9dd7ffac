// Adapters are a module of their own, so that only who talks to helpdesks loads it.

import * as glue from "../pkg/slaclock_web_adapters.js";
import { Engine } from "./engine.js";
import { refusal } from "./error.js";
import { MAX_AGREEMENT, MAX_LINE, instant, textOf } from "./input.js";

/** Largest file of an export, in characters. */
const MAX_EXPORT = 1 << 28;

export const adaptersEngine = new Engine(glue);

export const init = async (options) => adaptersEngine.init(options);

export async function adapters() {
  await adaptersEngine.init();
  return JSON.parse(adaptersEngine.enter((low) => low.list()));
}

export class Adapter {
  #id;
  #settings;

  static {
    // Vue would wrap what it finds in reactive state, and private fields cannot be read through a wrapper.
    Object.defineProperty(this.prototype, "__v_skip", { value: true });
  }

  constructor(id, settings) {
    adaptersEngine.enter((low) => low.check(id, settings));
    this.#id = id;
    this.#settings = settings;
  }

  static async open(id, settings = {}) {
    const [name, text] = [String(id), textOf(settings, MAX_AGREEMENT)];
    await adaptersEngine.init();
    return new Adapter(name, text);
  }

  get id() {
    return this.#id;
  }

  verify(body, { secret, headers, now }) {
    const [bytes, key] = [bytesOf(body), String(secret ?? "")];
    const [told, at] = [JSON.stringify(namesInLowerCase(headers)), instant(adaptersEngine, now, "now")];
    adaptersEngine.enter((low) => low.verify(this.#id, key, told, bytes, at));
  }

  message(message) {
    const text = jsonOf(message, MAX_LINE);
    return JSON.parse(adaptersEngine.enter((low) => low.message(this.#id, this.#settings, text)));
  }

  export(documents) {
    const files = Object.entries(documents).map(([name, document]) => [name, jsonOf(document, MAX_EXPORT)]);
    return JSON.parse(adaptersEngine.enter((low) => {
      const all = new low.Export(this.#id, this.#settings);
      try {
        for (const [name, text] of files) all.add(name, text);
        return all.translation();
      } finally {
        all.free();
      }
    }));
  }
}

const isBytes = (value) => ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";

function bytesOf(body) {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (isBytes(body)) return new Uint8Array(body);
  throw refusal("SLA-E0007", "expected the body as it came: text or bytes", { pointer: "body", mend: "a signature is of the bytes, which JSON that was read has no more" });
}

/** JSON text of a message or document: text, bytes of one, or an object. */
function jsonOf(value, limit) {
  if (!isBytes(value)) return textOf(value, limit);
  try {
    return textOf(new TextDecoder("utf-8", { fatal: true }).decode(value), limit);
  } catch (cause) {
    if (cause.problems) throw cause;
    throw refusal("SLA-E0001", "the bytes are not UTF-8", { cause });
  }
}

/** Headers as `Headers`, pairs, or an object, as Node has them. */
function namesInLowerCase(headers) {
  const pairs = typeof headers?.[Symbol.iterator] === "function" ? [...headers] : Object.entries(headers ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [String(name).toLowerCase(), String(value)]));
}
