// A board on the other side of a port: requests come in, answers and what they changed go out.
//
//   { id, ask: "open", document, allowLater, now, engine }   once, first
//   { id, ask: "add" | "addAll" | "update" | "remove" | "tick" | "row" | "rowOf" | "idOf" | "ticket" | "explain" | "bytes", given }
//   <- { id, answer, status, packed?, removed?, cleared? }   or { id, problems }

import { Agreement } from "./agreement.js";
import { Board, lastTickOf } from "./board.js";
import { engine } from "./core.js";
import { SlaError, refusal } from "./error.js";

const ASKS = new Set(["add", "addAll", "update", "remove", "tick", "row", "rowOf", "idOf", "ticket", "explain", "bytes"]);

/** Answers the requests of one page for one board. */
export function serve(port) {
  let board;
  let latest = Promise.resolve();
  const answer = async ({ id, ask, ...request }) => {
    try {
      if (ask === "open") board = await open(request);
      else if (!board || !ASKS.has(ask)) throw refusal("SLA-E0008", `the board's worker knows no ${String(ask)}`, { pointer: "ask" });
      const value = ask === "open" ? { clocks: board.clocks, width: board.width } : ask === "bytes" ? board.bytes : board[ask](request.given);
      const { size, rows, now, nextEventAt } = board;
      const message = { id, status: { size, rows, now, nextEventAt } };
      if (ask !== "tick") return port.postMessage({ ...message, answer: value });
      const { packed, removed, cleared } = lastTickOf(board);
      return port.postMessage({ ...message, packed, removed, cleared }, [packed.buffer]);
    } catch (error) {
      return port.postMessage({ id, problems: problemsOf(error) });
    }
  };
  // One after the other, as they came: what follows `open` waits for the engine.
  port.addEventListener("message", ({ data }) => {
    latest = latest.then(() => answer(data));
  });
  port.start?.();
}

async function open({ document, allowLater, now, engine: options }) {
  if (options) await engine.init(options);
  const agreement = await Agreement.parse(document, { allowLater });
  try {
    return new Board(agreement, now);
  } finally {
    agreement.free();
  }
}

const problemsOf = (error) =>
  error instanceof SlaError ? error.problems : [{ code: "worker-failed", message: String(error?.message ?? error), pointer: "" }];
