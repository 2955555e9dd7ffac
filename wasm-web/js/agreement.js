import { engine } from "./core.js";
import { Kept } from "./engine.js";
import { MAX_AGREEMENT, MAX_LINE, instant, instantOrNone, isJsonList, linesOf, textOf } from "./input.js";

/** Tickets go to the engine in portions of about so many characters, so that its memory stays small. */
const PORTION = 1 << 20;

/** What a board has its agreement from: the compiled one, and what that was made of. */
export let sourceOf;

export class Agreement {
  #kept;
  #source;
  #zone;

  static {
    sourceOf = (agreement) => ({ ...agreement.#source, kept: agreement.#kept });
    // Vue would wrap what it finds in reactive state, and private fields cannot be read through a wrapper.
    Object.defineProperty(this.prototype, "__v_skip", { value: true });
  }

  constructor(text, allowLater) {
    this.#source = { text, allowLater };
    this.#kept = new Kept(engine, () => engine.enter((glue) => glue.Agreement.parse(text, allowLater)));
  }

  static async parse(document, { allowLater = false } = {}) {
    const text = textOf(document, MAX_AGREEMENT);
    await engine.init();
    return new Agreement(text, allowLater === true);
  }

  get id() {
    return this.#kept.call((low) => low.id());
  }

  get timeZone() {
    return (this.#zone ??= { name: JSON.parse(this.#source.text).time_zone ?? null }).name;
  }

  evaluate(ticket, now, options) {
    return this.#ask("evaluate", ticket, now, options);
  }

  explain(ticket, now, options) {
    return this.#ask("explain", ticket, now, options);
  }

  #ask(what, ticket, now, options) {
    const [text, at, known] = [textOf(ticket, MAX_LINE), ...instants(now, options)];
    return JSON.parse(this.#kept.call((low) => low[what](text, at, known)));
  }

  evaluateAll(tickets, now, options) {
    const [at, known] = instants(now, options);
    if (typeof tickets === "string") {
      if (isJsonList(tickets)) return JSON.parse(this.#kept.call((low) => low.evaluate_list(tickets, at, known)));
      const lines = this.#lines("evaluate_lines", tickets, at, known).split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
    }
    const answers = [];
    let portion = [];
    let length = 0;
    const ask = () => {
      if (portion.length === 0) return;
      const list = `[${portion.join(",")}]`;
      const found = JSON.parse(this.#kept.call((low) => low.evaluate_list(list, at, known)));
      for (const answer of found) answers.push(answer);
      portion = [];
      length = 0;
    };
    for (const line of linesOf(tickets)) {
      if (typeof line !== "string") {
        ask();
        answers.push(line);
      } else {
        portion.push(line);
        length += line.length;
        if (length >= PORTION) ask();
      }
    }
    ask();
    return answers;
  }

  evaluateLines(tickets, now, options) {
    return this.#lines("evaluate_lines", String(tickets), ...instants(now, options));
  }

  explainLines(tickets, now, options) {
    return this.#lines("explain_lines", String(tickets), ...instants(now, options));
  }

  #lines(what, text, at, known) {
    const answers = [];
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf("\n", from + PORTION);
      const until = end < 0 ? text.length : end + 1;
      const portion = text.slice(from, until);
      answers.push(this.#kept.call((low) => low[what](portion, at, known)));
      from = until;
    }
    return answers.join("");
  }

  preview(fields, now) {
    const [text, at] = [textOf(fields, MAX_LINE), instant(engine, now, "now")];
    return JSON.parse(this.#kept.call((low) => low.preview(text, at)));
  }

  hours(calendar, at) {
    const ms = instant(engine, at, "at");
    return JSON.parse(this.#kept.call((low) => low.hours(String(calendar), ms)));
  }

  free() {
    this.#kept.free();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }
}

const instants = (now, options) => [instant(engine, now, "now"), instantOrNone(engine, options?.knownAt, "knownAt")];
