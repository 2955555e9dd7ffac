// A server that is measured: started, asked, and what it used, from /proc.

import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const TICKET = { id: "T-1", created_at: "2026-11-20T16:00:00Z", events: [{ at: "2026-11-20T16:20:00Z", reply: { by: "agent", public: true } }] };
const BODY = Buffer.from(`${JSON.stringify(TICKET)}\n`);
const PATH = "/v1/evaluate?agreement=acme&now=2026-11-23T16:30:00Z";
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

const sent = (options, body) =>
  new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", agent, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    request.on("error", reject);
    request.end(body);
  });

/** The one question that is asked of all. */
export const ask = (port) => sent({ port, path: PATH, method: "POST", headers: { "content-length": BODY.length } }, BODY);

/** Asks so often, so many at a time; answers how long each took, in microseconds. */
export async function many(port, count, atATime) {
  const times = [];
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      const { status } = await ask(port);
      if (status !== 200) throw new Error(`status ${status}`);
      times.push((performance.now() - begun) * 1000);
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  return times;
}

/** Microseconds of processor time that the threads of a process have had. */
export function used(pid) {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // It has ended since.
    }
  }
  return sum / 1000;
}

export const quantile = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)];

let lastPort = 21_000 + (process.pid % 20_000);

export class Server {
  /** Of each cold start: until it is ready, until its first answer, and the processor time of both; in microseconds. */
  ready = [];
  first = [];
  readyWork = [];
  firstWork = [];
  rates = [];
  costs = [];
  times = [];

  /** `command`: the words that start it at a port. */
  constructor(command) {
    this.command = command;
  }

  get pid() {
    return this.child.pid;
  }

  /** Starts it and waits until it answers that it is well, which needs the engine and no agreement. */
  async start() {
    this.port = lastPort += 1;
    const [program, ...words] = this.command(this.port);
    const begun = performance.now();
    this.child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
    this.child.on("error", (error) => (this.failed = error));
    for (;;) {
      if (this.failed || this.child.exitCode !== null) throw this.failed ?? new Error(`${program} has ended`);
      try {
        await sent({ port: this.port, path: "/v1/health" });
        return (performance.now() - begun) * 1000;
      } catch (error) {
        if (error.code !== "ECONNREFUSED" || performance.now() - begun > 60_000) throw error;
        await sleep(1);
      }
    }
  }

  /** Starts it for this alone. */
  async coldStart() {
    const ready = await this.start();
    const readyWork = used(this.pid);
    const begun = performance.now();
    await ask(this.port);
    this.ready.push(ready);
    this.readyWork.push(readyWork);
    this.first.push((performance.now() - begun) * 1000);
    this.firstWork.push(used(this.pid) - readyWork);
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.stop();
    await ended;
  }

  stop() {
    this.child?.kill();
  }
}
