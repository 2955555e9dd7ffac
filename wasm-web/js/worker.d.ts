// A board off the main thread: the same methods as `Board`, answered by promises; columns, figures and changes are here.

/// <reference lib="esnext.disposable" />

import type {
  AgreementDocument, BoardChange, BoardClock, Columns, CompiledModule, Evaluation, Explanation, InstantLike, Ticket, TicketError,
} from "./index.js";

export { STATES, SlaError } from "./index.js";

/** A worker that runs `slaclock/worker/thread`, or a port at whose other end somebody called `serve`. */
export type WorkerLike = Global<"Worker"> | Global<"MessagePort">;

type Global<Name extends string> = typeof globalThis extends { [Key in Name]: { prototype: infer Value } } ? Value : never;

export interface WorkerBoardOptions {
  /** The worker; without it one is started from `thread.js` beside the package's JavaScript. */
  worker?: WorkerLike;
  /** As in `Agreement.parse`. */
  allowLater?: boolean;
  /** Where the worker finds the engine: an address from its point of view, bytes or a compiled module. */
  engine?: { wasm: string | ArrayBuffer | CompiledModule; integrity?: string };
}

/** `Board` in a worker. What goes wrong in the worker rejects with the same `SlaError`; `worker-failed` tells that it is gone. */
export class WorkerBoard {
  private constructor();

  /** Starts the worker, loads the engine there and compiles the agreement there. */
  static open(document: string | AgreementDocument, now: InstantLike, options?: WorkerBoardOptions): Promise<WorkerBoard>;

  readonly clocks: readonly BoardClock[];
  /** Written when the answer to `tick` arrives, and then alone. */
  readonly columns: Columns;
  readonly width: number;
  /** As of the last answer of the worker. */
  readonly size: number;
  /** As of the last answer of the worker. */
  readonly rows: number;
  /** As of the last answer of the worker. */
  readonly now: number;
  /** As of the last answer of the worker. */
  readonly nextEventAt: number | null;

  add(ticket: string | Ticket): Promise<number>;
  addAll(tickets: string | readonly Ticket[]): Promise<(number | TicketError)[]>;
  update(ticket: string | Ticket): Promise<number>;
  /** The row is without clocks from the next tick on. */
  remove(id: string): Promise<boolean>;
  tick(now: InstantLike): Promise<Uint32Array>;
  onChange(listener: (change: BoardChange) => void): () => void;
  row(id: string): Promise<Evaluation | undefined>;
  rowOf(id: string): Promise<number | undefined>;
  idOf(row: number): Promise<string | undefined>;
  ticket(id: string): Promise<string | undefined>;
  explain(id: string): Promise<Explanation | undefined>;
  /** Memory that its tickets take in the worker's engine. */
  bytes(): Promise<number>;

  /** Ends the worker, or closes the port. Nobody else does it. */
  free(): void;
  [Symbol.dispose](): void;
}
