import { define, properties, SlaElement } from "./element.js";
import { agreementOf, explain, explainAhead, nextEvent, zoneOf } from "./engine.js";
import { ownZone } from "./time/format.js";

export * from "./page.js";

const GIVEN = ["explanation", "agreement", "ticket"];

/** `<sla-timeline>`: an explanation, drawn. See `index.d.ts`. What draws it is fetched with the first one. */
export class SlaTimeline extends SlaElement {
  static observedAttributes = [...SlaElement.observedAttributes, ...GIVEN, "calendar-zone", "zoom"];

  static {
    properties(this, GIVEN, (element, name) => element.#given[name], (element, name, value) => element.#give(name, value));
  }

  #given = {};
  #engine = null;
  #shown = null;
  #good = -Infinity;
  #words = null;
  #picture = null;
  #resize = null;

  /** Whether times stand in the reader's own zone. */
  own = false;

  constructor() {
    super(":host { display: block; }");
  }

  #give(name, value) {
    this.#given[name] = value;
    this.#shown = null;
    if (name === "agreement") this.#compile(value);
    this.changed();
  }

  attributeChangedCallback(name, before, value) {
    if (GIVEN.includes(name)) this[name] = name === "agreement" || value === null ? value : JSON.parse(value);
    else this.#redraw();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#resize ??= new ResizeObserver(() => this.#picture && !this.#picture.fits && this.#redraw());
    this.#resize.observe(this);
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  /** The instant that is read out, in milliseconds, or null. */
  get moment() {
    return this.#picture?.moment ?? null;
  }

  set moment(ms) {
    this.#picture?.point(ms, false);
  }

  /** Times stand in the calendar's zone, unless the reader or the page wants another. */
  get zone() {
    return this.own ? ownZone() : this.hasAttribute("time-zone") ? super.zone : this.calendarZone;
  }

  get calendarZone() {
    return this.getAttribute("calendar-zone") || zoneOf(this.#engine) || ownZone();
  }

  useOwnZone(own) {
    this.own = own;
    this.#redraw();
  }

  /** The picture as an SVG document. */
  toSVG() {
    return this.#picture?.toSVG() ?? "";
  }

  /** Every slice as CSV, with the exact instants. */
  toCSV() {
    return this.#picture?.toCSV() ?? "";
  }

  tick(now) {
    const { say } = this;
    const fresh = !this.#shown || now >= this.#good;
    if (fresh) this.#explain(now);
    if (this.#picture && (fresh || this.#words !== say.words)) {
      this.#words = say.words;
      this.#picture.draw(this.#shown, say);
    }
    return this.#good;
  }

  #redraw() {
    this.#words = null;
    this.changed();
  }

  async #load() {
    if (this.#picture) return;
    const loaded = await this.fetched(() => import("./timeline/picture.js"));
    if (!loaded || this.#picture) return;
    this.wear(loaded.timelineStyle);
    this.#picture = new loaded.Picture(this);
    this.#redraw();
  }

  async #compile(agreement) {
    this.#engine = null;
    let problem = null;
    try {
      const engine = await agreementOf(agreement);
      if (agreement !== this.#given.agreement) return;
      this.#engine = engine;
    } catch (error) {
      if (agreement !== this.#given.agreement) return;
      problem = error;
    }
    this.#shown = null;
    if (problem) this.#fail(problem);
    this.changed();
  }

  #fail(problem) {
    this.#good = Infinity;
    this.#words = null;
    this.#shown = { explanation: null, ahead: null, ticket: null, problem };
    this.tell("sla-problem", { error: problem });
  }

  #explain(now) {
    const { explanation = null, ticket } = this.#given;
    const plain = typeof ticket === "string" ? parsed(ticket) : (ticket ?? null);
    this.#good = Infinity;
    this.#shown = { explanation, ahead: null, ticket: plain, problem: null };
    if (explanation || !this.#engine || !ticket) return;
    try {
      const fresh = explain(this.#engine, ticket, now);
      Object.assign(this.#shown, { explanation: fresh, ahead: explainAhead(this.#engine, plain, fresh) });
      const next = Date.parse(fresh.evaluation.next_event_at);
      const open = fresh.evaluation.clocks.some((clock) => clock.rate === 1);
      this.#good = Math.min(next > now ? next : Infinity, nextEvent(plain, now), open ? now + 60_000 : Infinity);
    } catch (error) {
      this.#fail(error);
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    // The engine says what is wrong with it.
    return null;
  }
}

define("sla-timeline", SlaTimeline);
