import type { Agreement, Board } from "../js/index.js";
import type { AgreementDocument, ClockResult, Evaluation, Explanation, Ticket, TicketError } from "../types.js";

/** A compiled agreement, or anything else that answers as one. */
export interface ClockSource {
  evaluate(ticket: Ticket | string, now: number): Evaluation;
  /** The zone in which timelines write their times, unless told. */
  readonly timeZone?: string | null;
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
  agreement: ClockSource | AgreementDocument | string | null;
  ticket: Ticket | string | null;
  /** What it shows, for one moment. */
  readonly figures: { readonly face: Face; readonly [name: string]: string | undefined };
}

/** A column of a board: of a field, or of clocks of which the most urgent is shown. */
export interface SlaColumn {
  /** Field of the ticket. */
  field?: string;
  /** Field in the second line. */
  second?: string;
  /** Names or metrics of clocks; the first is the column's own. */
  clocks?: string[];
  /** Heading; without it, the field's or the clock's name in the reader's language. */
  label?: string;
  /** Width as in `grid-template-columns`. */
  width?: string;
  /** Width of the board, in pixels, from which on the column is shown. */
  from?: number;
}

/** Names of the ticket's fields that the board shows; each stands for itself unless told. */
export type SlaFields = Partial<Record<"subject" | "customer" | "site" | "priority" | "assignee" | "group" | "status" | "service", string>>;

/** What a board may be told. */
export type SlaUpdate = Ticket | Evaluation | TicketError;

/** What a board's strip says. */
export interface SlaSummary {
  /** Tickets on the board. */
  tickets: number;
  /** Tickets with a clock that is overdue; that has passed a warning; that is due within the hour, or today. */
  overdue: number;
  risk: number;
  hour: number;
  today: number;
  /** Tickets all of whose open clocks are paused. */
  paused: number;
  /** Clocks due in each of the next 24 hours. */
  hours: number[];
  /** Clocks that ended in the last 7 days, and how many of them were met. */
  ended: number;
  met: number;
}

/**
 * `<sla-board>`: thousands of tickets by time left, in groups by state, with a summary, a search, and the timeline of the
 * ticket that is open. Only the rows in sight exist. Give it an `agreement` and `tickets`, or a `board` of the engine, or
 * `evaluations` that a server has computed: then no engine is loaded, a clock stands still at its `next_change_at` and says
 * so, and `sla-stale` asks for new answers.
 *
 * Attributes: `agreement`, `tickets`, `evaluations` (addresses), `as-of`, `density` (`compact`), `group` (`none`), `time-zone`,
 * `calendar-zone`, `theme`, `lang`. Keys: `/` searches, arrows walk, Enter opens, Escape closes. It is as high as its style says.
 * Events: `sla-open` (`{ id, ticket, evaluation }`, may be prevented), `sla-close` (`{ id }`), `sla-overdue` (`{ ids }`),
 * `sla-stale` (`{ ids }`), `sla-summary` (what the strip says, when it changes), `sla-problem` (`{ error }`), `sla-retry`.
 * Parts: `strip`, `tile`, `chart`, `search`, `tool`, `grid`, `head`, `list`, `group`, `row`, `subject`, `detail`, `state`, and a
 * clock's.
 */
export class SlaBoard extends SlaElement {
  /** A compiled agreement, a document, JSON text, or the address of a document. */
  agreement: Agreement | AgreementDocument | string | null;
  /** Tickets, JSON Lines, or the address of a file of either. */
  tickets: readonly Ticket[] | string | null;
  /** A board of the engine, in the place of an agreement and tickets; the element ticks it. */
  board: Board | null;
  /** What an engine elsewhere has answered, or the address of it as JSON or JSON Lines; `tickets` then give fields and events. */
  evaluations: readonly (Evaluation | TicketError)[] | string | null;
  /** When `evaluations` were computed; without it, when they were given. */
  asOf: InstantLike | null;
  columns: SlaColumn[] | null;
  fields: SlaFields | null;
  /** Priorities, the most urgent first. */
  priorities: string[] | null;
  /** What the strip says; null until all tickets are on the board. */
  readonly summary: SlaSummary | null;
  /** Id of the ticket that is open. */
  readonly opened: string | null;
  /**
   * Adds tickets, or puts them in the place of those with the same id. A board of `evaluations` takes evaluations as well,
   * computed at `asOf`, or now.
   */
  update(tickets: SlaUpdate | readonly SlaUpdate[] | string, options?: { asOf?: InstantLike }): void;
  /** Takes a ticket off; whether it was there. */
  removeTicket(id: string): boolean;
  /** Opens a ticket; whether it is there. */
  open(id: string): boolean;
  close(): void;
}

/**
 * `<sla-timeline>`: which minutes count, and why not the others. Give it an `explanation` as data, or an `agreement` and a
 * `ticket`, with which it goes on and shows what comes if nothing happens.
 *
 * Attributes: `explanation`, `ticket` (JSON), `agreement` (the address of a document), `calendar-zone`, `time-zone`, `zoom`
 * (`all` unfolds nights), `theme`, `lang`. Keys on a row: arrows step from change to change.
 * Events: `sla-moment` (`{ at, slice }`), `sla-problem` (`{ error }`). Parts: `picture`, `tool`.
 */
export class SlaTimeline extends SlaElement {
  explanation: Explanation | null;
  agreement: Agreement | AgreementDocument | string | null;
  ticket: Ticket | string | null;
  /** The instant that is read out, in milliseconds since 1970. */
  moment: number | null;
  /** The picture as an SVG document. */
  toSVG(): string;
  /** Every slice as CSV, with the exact instants and figures. */
  toCSV(): string;
}

/**
 * Tells all elements of the page the server's time, so that a wrong clock of this machine does not matter. With readings
 * of this machine's clock from before and after asking, the way there and back is taken off.
 */
export function setServerTime(now: InstantLike, readings?: { sentAt?: number; receivedAt?: number }): void;

/** Follows a server's time: an address or a function that answers it. It is asked again when this machine's clock jumps. */
export function followServer(source: string | URL | (() => unknown)): Promise<void>;

/** By how many milliseconds the server is ahead of this machine's clock. */
export function serverOffset(): number;

/** The time by which the elements count, in milliseconds since 1970. */
export function serverNow(): number;

/** Replaces words of a language, or gives those of a new one. */
export function setWords(lang: string, words: WordTable): void;

/** The languages that the package speaks. */
export const languages: readonly string[];

declare global {
  interface HTMLElementTagNameMap {
    "sla-clock": SlaClock;
    "sla-board": SlaBoard;
    "sla-timeline": SlaTimeline;
  }
}

export {};
