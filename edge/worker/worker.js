// The entry on Cloudflare Workers: settings come from its bindings.

import * as slaclock from "slaclock";
import { createHandler } from "../handler/handler.js";
import { bundled } from "./bundled.js";

// The isolate starts with the engine ready, so that no request waits for it.
await slaclock.init();

const list = (text) => (text ?? "").split(/[\s,]+/).filter(Boolean);
let handler;

export default {
  /**
   * @param {Request} request
   * @param {{ AGREEMENTS?: KVNamespace, TOKENS_SHA256?: string, ORIGINS?: string, INLINE?: string, MAX_BODY?: string, BODY_TIME_MS?: string }} env
   */
  fetch(request, env) {
    // Bindings do not change while an isolate lives.
    handler ??= createHandler({
      slaclock,
      // Few ask for it: no isolate has to read it before it answers.
      description: async () => (await import("../openapi.json")).default,
      find: async (id) => (Object.hasOwn(bundled, id) ? JSON.stringify(bundled[id]) : env.AGREEMENTS?.get(id)),
      tokens: list(env.TOKENS_SHA256).map((hash) => hash.toLowerCase()),
      origins: list(env.ORIGINS),
      inline: env.INLINE !== "no",
      ...(env.MAX_BODY ? { maxBody: Number(env.MAX_BODY) } : {}),
      ...(env.BODY_TIME_MS ? { bodyTime: Number(env.BODY_TIME_MS) } : {}),
    });
    return handler(request);
  },
};
