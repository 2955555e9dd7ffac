// The same handler under Deno, Bun or Node: `node serve.mjs FOLDER`, with
// agreements in FOLDER as ID.json; `PORT`, `TOKENS_SHA256` and `ORIGINS` in the environment.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";

import * as slaclock from "../../wasm-web/js/node.js";
import { createHandler } from "./handler.js";

const [folder = "."] = process.argv.slice(2);
const { PORT = "8787", TOKENS_SHA256 = "", ORIGINS = "", INLINE, MAX_BODY, BODY_TIME_MS } = process.env;
const list = (text) => text.split(/[\s,]+/).filter(Boolean);
const description = JSON.parse(await readFile(new URL("../openapi.json", import.meta.url), "utf8"));
const handler = createHandler({
  slaclock,
  description,
  find: async (id) => readFile(join(folder, `${id}.json`), "utf8").catch(() => null),
  tokens: list(TOKENS_SHA256).map((hash) => hash.toLowerCase()),
  origins: list(ORIGINS),
  inline: INLINE !== "no",
  ...(MAX_BODY ? { maxBody: Number(MAX_BODY) } : {}),
  ...(BODY_TIME_MS ? { bodyTime: Number(BODY_TIME_MS) } : {}),
});

const said = (port) => console.log(`slaclock at the edge: http://127.0.0.1:${port}`);
const options = { port: Number(PORT), hostname: "127.0.0.1" };
if (globalThis.Deno) {
  globalThis.Deno.serve({ ...options, onListen: ({ port }) => said(port) }, handler);
} else if (globalThis.Bun) {
  said(globalThis.Bun.serve({ ...options, fetch: handler }).port);
} else {
  const answer = async (incoming, outgoing) => {
    const body = ["GET", "HEAD"].includes(incoming.method) ? undefined : Readable.toWeb(incoming);
    const request = new Request(new URL(incoming.url, "http://localhost"), { method: incoming.method, headers: incoming.headers, body, duplex: "half" });
    const response = await handler(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  };
  const server = createServer((incoming, outgoing) =>
    answer(incoming, outgoing).catch((error) => {
      console.error(error);
      outgoing.destroy();
    }),
  );
  server.listen(options.port, options.hostname, () => said(server.address().port));
}
