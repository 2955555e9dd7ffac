import type { ClockResult, Evaluation, Ticket } from "../types.js";

/** A compiled agreement, or anything else that answers as one. */
export interface ClockSource {
  evaluate(ticket: Ticket | string, now: number): Evaluation;
}

/** An instant: milliseconds since 1970, a `Date`, or RFC 3339 text. */
export type InstantLike = number | Date | string;

/** The word for what a clock looks like: its state, with risk, lateness and doubt told apart. */
export type Face =
  | "running"
  | "risk"
  | "overdue"
  | "paused"
  | "closed"
  | "met"
  | "breached"
  | "cancelled"
  | "pending"
  | "none"
  | "stale"
  | "failed";

/** Words by their key, as in the files under `slaclock/elements/words/`; of a number, forms by plural category. */
export type WordTable = Record<string, string | Record<string, string>>;

/** What the elements have in common. */
declare abstract class SlaElement extends HTMLElement {
  /** Words of this element alone, over those of its language. */
  words: WordTable | null;
}

/**
 * `<sla-clock>`: one clock. Give it a `clock` or an `evaluation` as data, or an `agreement` and a `ticket`, with which it
 * computes its clock anew whenever something changes. Data is shown as far as its `next_change_at`; then the clock says
 * that it is out of date, and `sla-stale` asks for a new answer.
 *
 * Attributes: `clock`, `evaluation`, `ticket` (JSON), `agreement` (the address of a document), `as-of`, `metric` (which
 * clock of several, by name; the most urgent one without), `shape` (`bar` or `ring`), `time-zone`, `theme` (`light`,
 * `dark`, `auto`; as the page without), `lang`.
 * Events: `sla-change` (`{ face, before, clock }`), `sla-stale` (`{ clock }`), `sla-problem` (`{ error }`).
 * Parts: `clock`, `icon`, `main`, `bar`, `ring`, `fill`, `note`, `tip`.
 */
export class SlaClock extends SlaElement {
  clock: ClockResult | null;
  evaluation: Evaluation | null;
  /** When `clock` or `evaluation` were computed; without it, when they were given. */
  asOf: InstantLike | null;
  /** A compiled agreement, a document, JSON text, or the address of a document. */
  agreement: ClockSource | object | string | null;
  ticket: Ticket | string | null;
  /** What it shows, for one moment. */
  readonly figures: { readonly face: Face; readonly [name: string]: string | undefined };
}

/**
 * Tells all elements of the page the server's time, so that a wrong clock of this machine does not matter. With readings
 * of this machine's clock from before and after asking, the way there and back is taken off.
 */
export function setServerTime(now: InstantLike, readings?: { sentAt?: number; receivedAt?: number }): void;

/** Follows a server's time: an address or a function that answers it. It is asked again when this machine's clock jumps. */
export function followServer(source: string | URL | (() => unknown)): Promise<void>;

/** The time by which the elements count, in milliseconds since 1970. */
export function serverNow(): number;

/** Replaces words of a language, or gives those of a new one. */
export function setWords(lang: string, words: WordTable): void;

/** The languages that the package speaks. */
export const languages: readonly string[];

declare global {
  interface HTMLElementTagNameMap {
    "sla-clock": SlaClock;
  }
}

export {};
