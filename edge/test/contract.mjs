// The cases of the HTTP contract, asked of anything that answers a `Request`.

import { readFileSync } from "node:fs";
import { connect } from "node:net";

export const { settings, cases } = JSON.parse(readFileSync(new URL("../cases.json", import.meta.url), "utf8"));

export function bodyOf({ body, base64, repeat }) {
  if (base64) return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (repeat) return repeat[0].repeat(repeat[1]);
  return body;
}

/**
 * What is wrong with an answer; nothing when all is as expected.
 * @param {(url: string, init: RequestInit) => Promise<Response>} ask
 */
export async function faults(origin, { request, expect }, ask) {
  const response = await ask(origin + request.path, { method: request.method, headers: request.headers, body: bodyOf(request) });
  const text = await response.text();
  const found = [];
  const wanted = (what, value, is) => value === is || found.push(`${what}: wanted ${JSON.stringify(value)}, found ${JSON.stringify(is)}`);
  wanted("status", expect.status, response.status);
  for (const [name, value] of Object.entries(expect.headers ?? {})) {
    const is = response.headers.get(name);
    wanted(name, value, name === "content-type" ? is?.split(";")[0] : is);
  }
  for (const name of expect.absent ?? []) wanted(name, null, response.headers.get(name));
  if (expect.text !== undefined) wanted("body", expect.text, text);
  if (expect.lines !== undefined) wanted("lines", expect.lines, text.split("\n").length - 1);
  for (const part of expect.includes ?? []) if (!text.includes(part)) found.push(`the body lacks ${part}: ${text.slice(0, 400)}`);
  if (expect.code !== undefined) {
    const refused = JSON.parse(text);
    wanted("content-type", "application/json", response.headers.get("content-type")?.split(";")[0]);
    wanted("code", expect.code, refused.error?.code);
    wanted("pointer", expect.pointer, refused.error?.pointer);
    wanted("first problem", JSON.stringify(refused.error), JSON.stringify(refused.problems?.[0]));
    if (!refused.error?.message) found.push("no message");
  }
  return found;
}

/** All that comes back for a request whose body is announced and begun, and nothing more of it sent. */
export const stalled = (origin, { path, headers }) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const fields = Object.entries({ ...headers, host: "edge.test", "content-length": "100", connection: "close" });
    let answered = "";
    const socket = connect(Number(port), hostname, () => socket.write(`POST ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n{`));
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no end came after ${answered || "nothing"}`)));
    socket.on("data", (data) => {
      answered += data;
      // The whole refusal is there; a server may wait for the rest of the body before it closes.
      if (answered.includes("SLA-")) socket.destroy();
    });
    socket.on("close", () => resolve(answered));
    socket.on("error", reject);
  });
