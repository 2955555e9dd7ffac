// The API of the package. In short:
//
//   await Agreement.parse(document)      loads the engine on first use; `init()` only to load it earlier or from elsewhere
//     .evaluate(ticket, now)  .evaluateAll(tickets, now)  .explain(ticket, now)  .preview(fields, now)  .hours(calendar, at)
//   new Board(agreement, now)            thousands of tickets kept compiled, whose instant moves on
//     .add(ticket)  .addAll(tickets)  .update(ticket)  .remove(id)
//     .tick(now) -> rows changed         .columns: typed arrays   .row(id) -> Evaluation   .onChange(listener)
//   await Calendar.parse(document)       open hours alone       await lint(document, today)
//
// Instants go in as `Date`, whole milliseconds since 1970 or RFC 3339 text (`InstantLike`), and come out as RFC 3339 text;
// in columns and in names without `_at` they are milliseconds. Lengths of time are whole milliseconds, in keys that end
// in `_ms`. Mistakes throw an `SlaError`. The types of documents and results are generated from the engine: types.d.ts.

/// <reference lib="esnext.disposable" />

import type {
  AgreementDocument, CalendarDocument, EngineVersion, Evaluation, Explanation, Finding, InstantLike, Interval, Metric, OpeningHours,
  Preview, Problem, State, Ticket, TicketError,
} from "../types.js";

export type * from "../types.js";

/** Options of questions about tickets. */
export interface AskOptions {
  /** Leaves out what was recorded later: events by `recorded_at`, versions of the agreement by theirs. */
  knownAt?: InstantLike | null;
}

/** Where the engine's module is, when it is not beside the package's JavaScript. */
export interface InitOptions {
  /** Its address, a request for it, a response, its bytes, or the module compiled; or a promise of one of these. */
  wasm?: WasmSource | Promise<WasmSource>;
  /** Subresource Integrity of what is fetched: `sha384-…`. */
  integrity?: string;
}

export type WasmSource = string | Global<"URL"> | Global<"Request"> | Global<"Response"> | ArrayBuffer | ArrayBufferView | CompiledModule;

/** What a global name stands for where the compiler knows it; not every project has the types of pages. */
type Global<Name extends string> = typeof globalThis extends { [Key in Name]: { prototype: infer Value } } ? Value : never;

/** A `WebAssembly.Module`. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Value } } } ? Value : never;

/**
 * Loads the engine. Not needed: the first `parse` does it. It is for loading earlier, or from elsewhere. Once loaded, the
 * engine stays; a failure (`engine-load`) may be tried again.
 */
export function init(options?: InitOptions): Promise<void>;

/** A service level agreement, compiled once and asked many times. */
export class Agreement {
  private constructor();

  /**
   * Reads and compiles an agreement: JSON text or a plain object, at most 1 MiB. Rejects with an `SlaError` that has every
   * problem of the document. With `allowLater`, keys of features that this version lacks are skipped instead of refused.
   */
  static parse(document: string | AgreementDocument, options?: { allowLater?: boolean }): Promise<Agreement>;

  /** Identity of the agreement. */
  readonly id: string;

  /** The IANA time zone that the agreement names; null where each of its calendars names its own. */
  readonly timeZone: string | null;

  /** All clocks of one ticket, an object or JSON text, at `now`. */
  evaluate(ticket: string | Ticket, now: InstantLike, options?: AskOptions): Evaluation;

  /**
   * All clocks of many tickets at `now`: a list, or text with a JSON list or JSON Lines. Answers one result, or one
   * `{ ticket, error }`, for each, in order.
   */
  evaluateAll(tickets: string | readonly Ticket[], now: InstantLike, options?: AskOptions): (Evaluation | TicketError)[];

  /** The same from JSON Lines to canonical JSON Lines, byte for byte what the command line and the plugin give. */
  evaluateLines(tickets: string, now: InstantLike, options?: AskOptions): string;

  /**
   * What `evaluate` answers, with everything behind it: every minute of every clock with the reason why it counts or not,
   * every policy with every test of its condition, the same in plain words, and a fingerprint.
   */
  explain(ticket: string | Ticket, now: InstantLike, options?: AskOptions): Explanation;

  /** The same from JSON Lines to canonical JSON Lines. */
  explainLines(tickets: string, now: InstantLike, options?: AskOptions): string;

  /** What a ticket with these fields would be promised if it were logged at `now`. */
  preview(fields: string | { readonly [name: string]: unknown }, now: InstantLike): Preview;

  /** Whether a calendar of the agreement is open `at` an instant, when it opens next and when it closes next. */
  hours(calendar: string, at: InstantLike): OpeningHours;

  /** Frees its memory in the engine; boards made of it go on. Left alone, the garbage collector does it. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A business calendar, compiled once and asked many times. */
export class Calendar {
  private constructor();

  /** Reads and compiles a calendar: JSON text or a plain object. It must name its time zone. */
  static parse(document: string | CalendarDocument): Promise<Calendar>;

  /** Whether it is open at an instant. */
  isOpen(at: InstantLike): boolean;

  /** Whether it is open `at` an instant, when it opens next and when it closes next. */
  hours(at: InstantLike): OpeningHours;

  /** Open milliseconds in `[start, end)`; negative when `end` is earlier. */
  elapsed(start: InstantLike, end: InstantLike): number;

  /**
   * What `elapsed` gives for each pair, in columns of whole milliseconds since 1970. Throws an `SlaError` whose `pointer`
   * names the first value that is no instant, such as `/starts/3`.
   */
  elapsedColumns(starts: ArrayLike<number>, ends: ArrayLike<number>): Float64Array;

  /** The earliest instant by which so many open milliseconds have passed since `start`; `null` for never. */
  due(start: InstantLike, openMs: number): string | null;

  /** The earliest open instant at or after `at`; `null` for none. */
  nextOpen(at: InstantLike): string | null;

  /** The earliest closed instant at or after `at`; `null` for none. */
  nextClose(at: InstantLike): string | null;

  /** The open stretches, each as long as it can be, cut to `[start, end)`; at most 100,000. */
  segments(start: InstantLike, end: InstantLike): Interval[];

  /** Frees its memory in the engine. Left alone, the garbage collector does it. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * Many tickets under one agreement, looked at together at an instant that moves on. Every ticket has a row, a small number:
 * its own as long as it is on the board, and given to another afterwards.
 */
export class Board {
  /**
   * A board without tickets. It keeps the text of its tickets in the page, to put them back should the engine break. With
   * `ticket` it keeps none and asks the page for each by its id instead; then a ticket that is no longer there leaves.
   */
  constructor(agreement: Agreement, now: InstantLike, options?: { ticket?: (id: string) => string | Ticket });

  /** The clocks of the agreement, in the order of a row's cells. */
  readonly clocks: readonly BoardClock[];
  /** The figures of all clocks. */
  readonly columns: Columns;
  /** How many tickets there are. */
  readonly size: number;
  /** How many rows there are, those without a ticket included. */
  readonly rows: number;
  /** How many cells a row has: one for each clock, at least one. */
  readonly width: number;
  /** The instant of the last tick, in milliseconds; before the first, that given to the constructor. */
  readonly now: number;
  /** When a tick will next report a row, in milliseconds, if no ticket is added: sleep until then. `null` for never. */
  readonly nextEventAt: number | null;
  /** Memory that its tickets take in the engine. */
  readonly bytes: number;

  /** Adds a ticket, or puts it in the place of the one with the same id. Answers its row; the next tick reports it. */
  add(ticket: string | Ticket): number;

  /** Adds many: a list, or text with a JSON list or JSON Lines. Answers a row, or `{ ticket, error }`, for each, in order. */
  addAll(tickets: string | readonly Ticket[]): (number | TicketError)[];

  /** Puts a ticket in the place of the one with the same id; throws `no-ticket` where there is none. Answers its row. */
  update(ticket: string | Ticket): number;

  /** Takes a ticket off; whether it was there. Its row is without clocks at once. */
  remove(id: string): boolean;

  /**
   * Moves to `now` and answers the rows, in ascending order, of which anything has changed by then; their columns are new.
   * Costs what has changed. When `now` is earlier than the last, all rows are looked at again.
   */
  tick(now: InstantLike): Uint32Array;

  /** Calls `listener` at the end of each tick that has changed anything; answers how to stop that. */
  onChange(listener: (change: BoardChange) => void): () => void;

  /** Everything about a ticket at `now`, exactly as `Agreement.evaluate` tells it. */
  row(id: string): Evaluation | undefined;
  /** The row of a ticket. */
  rowOf(id: string): number | undefined;
  /** The ticket of a row. */
  idOf(row: number): string | undefined;
  /** What `Agreement.explain` tells of a ticket at `now`. */
  explain(id: string): Explanation | undefined;
  /** A ticket's text, as it was given. */
  ticket(id: string): string | undefined;

  /** Frees its memory in the engine. Left alone, the garbage collector does it. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A clock of the agreement. */
export interface BoardClock {
  /** The set of policies that it belongs to, where the agreement has several. */
  readonly set: string | null;
  /** Its name. */
  readonly clock: string;
  /** What it measures. */
  readonly metric: Metric;
}

/** What a tick has changed. */
export interface BoardChange {
  /** The instant of the tick, in milliseconds. */
  now: number;
  /** The rows whose columns are new. */
  rows: Uint32Array;
  /** Ids of tickets taken off since the last change. */
  removed: string[];
  /** The rows that these had, in the same order; some may have other tickets by now. */
  cleared: number[];
}

/**
 * The figures of a board's clocks. Clock `c` of row `r` has the cell `r * width + c` in every column. They are copies in the
 * page's memory, written by `tick` and `remove` alone. When the board grows, longer arrays take their places: read
 * `board.columns.due_at` anew after a tick rather than keep it. Cells beyond the last row are without a clock. An instant
 * is in milliseconds since 1970, `NaN` where there is none.
 */
export interface Columns {
  /** How many cells a row has. */
  readonly width: number;
  /** Position of the state in `STATES`; 255 where the ticket has no such clock. */
  readonly state: Uint8Array;
  /** Milliseconds counted per millisecond of real time: 0 or 1. */
  readonly rate: Uint8Array;
  /** 1 where the target is passed. */
  readonly overdue: Uint8Array;
  /** 1 where a warning has passed, while the clock is open and not overdue. */
  readonly at_risk: Uint8Array;
  /** Counted time used at `measured_at`, in milliseconds. */
  readonly elapsed_ms: Float64Array;
  /** Target, in milliseconds of counted time. */
  readonly target_ms: Float64Array;
  /** When it reaches, or reached, its target; none for never, and while it is paused and not yet due. */
  readonly due_at: Float64Array;
  /** When it stopped. */
  readonly stopped_at: Float64Array;
  /** Earliest later instant at which rate, state, risk, overdue, target or due changes by itself. */
  readonly next_change_at: Float64Array;
  /** The instant for which the cell's figures were found. */
  readonly measured_at: Float64Array;
  /** Counted time of a cell at `now` (milliseconds since 1970), exact from its `measured_at` to its `next_change_at`. */
  elapsedAt(cell: number, now: number): number;
  /** Time left of a cell at `now`, in milliseconds of counted time; negative when over. */
  remainingAt(cell: number, now: number): number;
}

/** The states in the order of their numbers in `Columns.state`. */
export const STATES: readonly State[];

/** What was refused or went wrong: `problems` holds all mistakes; `code`, `pointer` and `mend` are the first one's. */
export class SlaError extends Error {
  constructor(problems: Problem[], options?: { cause?: unknown });
  readonly name: "SlaError";
  /**
   * A code of the engine (`SLA-E0105`, see docs/errors.md), or `engine-load` (the module cannot be loaded), `engine-trap`
   * (the engine broke and was started afresh; agreements and boards go on), `disposed` (used after `free`), `no-ticket`.
   */
  readonly code: string;
  /** JSON pointer into the document, or the name of the argument. */
  readonly pointer: string;
  /** How to mend it, where that can be said. */
  readonly mend?: string;
  readonly problems: Problem[];
}

/**
 * Looks through an agreement, JSON text or a plain object, for what contradicts itself, cannot be measured or has no effect,
 * as of a day such as `2026-11-23`. Its module is loaded when it is first called.
 */
export function lint(document: string | AgreementDocument, today: string): Promise<Finding[]>;

/**
 * Answers calendar questions in bulk: JSON Lines in, JSON Lines out, a line for a line. A question holds its `calendar`, or an
 * `agreement` and the name of one of its calendars.
 */
export function hoursLines(questions: string): Promise<string>;

/** What this engine is made of. */
export function version(): Promise<EngineVersion>;

/** A copy of a result with a `Date` in the place of each instant. */
export function withDates<T>(result: T): WithDates<T>;

/** A result with a `Date` in the place of each instant. */
export type WithDates<T> = T extends readonly (infer Item)[]
  ? WithDates<Item>[]
  : T extends object
    ? { [Key in keyof T]: Key extends InstantKey ? (T[Key] extends string ? Date : Exclude<T[Key], string> | Date) : WithDates<T[Key]> }
    : T;

type InstantKey = `${string}_at` | "due_if_resumed_now" | "at" | "from" | "until" | "since" | "now";
