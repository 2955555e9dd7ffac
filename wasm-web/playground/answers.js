import { make, setAttr, setAttrs, setText } from "../element/dom.js";
import { SlaError } from "../js/web.js";

/** What the engine makes of a ticket: its clocks, every minute as a picture, and the same in plain words. */
export class Answers {
  #clocks = [];
  #names = "";

  /** `places` are the elements `clocks`, `timeline`, `words` and `fingerprint`. */
  constructor(places) {
    Object.assign(this, { places });
  }

  /** Shows what an agreement says about a ticket, given as its text; throws what the engine refuses. */
  show(agreement, ticket, now, zone) {
    const { evaluation, words, fingerprint } = agreement.explain(ticket, now);
    const { clocks, timeline } = this.places;
    this.#clocks = evaluation.clocks;
    this.#fill(this.#clocks.map(({ set, clock }) => (set === undefined ? clock : `${set} / ${clock}`)));
    for (const clock of clocks.querySelectorAll("sla-clock")) {
      setAttr(clock, "time-zone", zone);
      Object.assign(clock, { agreement, ticket });
    }
    setAttr(timeline, "calendar-zone", zone);
    Object.assign(timeline, { agreement, ticket });
    this.places.words.replaceChildren(...words.map((line) => setAttrs(make("li", line.startsWith("  ") ? "minute" : "", line.trim()), { dir: "auto" })));
    setText(this.places.fingerprint, fingerprint);
  }

  #fill(names) {
    if (names.join("\n") === this.#names && names.length > 0) return;
    this.#names = names.join("\n");
    const cards = names.map((name) => {
      const clock = document.createElement("sla-clock");
      clock.setAttribute("metric", name);
      return make("div", "card", clock);
    });
    this.places.clocks.replaceChildren(...(cards.length > 0 ? cards : [make("p", "verdict", "No policy promises this ticket a clock.")]));
  }

  /** The open stretches of the first clock's calendar, at most so many. */
  openHours(agreement, from, until, most) {
    const calendar = this.#clocks[0]?.calendar;
    const stretches = [];
    if (!calendar || calendar === "never") return stretches;
    if (calendar === "always") return [[from, until]];
    try {
      for (let at = from; at < until && stretches.length < most; ) {
        const { open, opens_at: opens, closes_at: closes } = agreement.hours(calendar, at);
        const start = open ? at : Date.parse(opens);
        const end = closes ? Date.parse(closes) : until;
        if (!(start < until)) break;
        stretches.push([start, Math.min(end, until)]);
        at = end;
      }
    } catch (error) {
      // A version of the agreement may have calendars of its own; then nothing is shaded.
      if (!(error instanceof SlaError)) throw error;
    }
    return stretches;
  }
}
