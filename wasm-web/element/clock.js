import { faceAt, keyOf, mostUrgent, nextPicture, reading } from "./clock/figures.js";
import { ClockView } from "./clock/view.js";
import { make, setAttr, setText } from "./dom.js";
import { define, properties, SlaElement } from "./element.js";
import { agreementOf, evaluate, nextEvent } from "./engine.js";
import { clockStyle } from "./style/clock.js";
import { instantOf, pageTime } from "./time/page_time.js";

export * from "./page.js";

// Other changes are there to be read, and need nobody at once.
const SPOKEN = new Set(["risk", "overdue", "met", "breached"]);
const GIVEN = ["clock", "evaluation", "agreement", "ticket"];

/** `<sla-clock>`: one clock. See `index.d.ts`. */
export class SlaClock extends SlaElement {
  static observedAttributes = [...SlaElement.observedAttributes, ...GIVEN, "metric", "as-of", "shape"];

  static {
    properties(this, GIVEN, (element, name) => element.#given[name], (element, name, value) => element.#give(name, value));
  }

  #given = {};
  #asOf = null;
  #receivedAt = null;
  #engine = null;
  #problem = null;
  #fresh = false;
  #clock = null;
  #good = -Infinity;
  #view = null;
  #tip = make("div", "tip#tip");
  #face = "";

  constructor() {
    super(clockStyle);
    this.#tip.role = "tooltip";
    this.addEventListener("pointerenter", () => this.#placeTip());
    this.addEventListener("focusin", () => this.#placeTip());
  }

  /** When `clock` or `evaluation` were computed; without it, when they were given. */
  get asOf() {
    return this.#asOf;
  }

  set asOf(at) {
    this.#asOf = at;
    this.#fresh = false;
    this.changed();
  }

  /** What it shows, for one moment: the same figures as an evaluation's, and the word for its look. */
  get figures() {
    return { ...(this.#clock && this.#view.element.dataset), face: this.#face };
  }

  attributeChangedCallback(name, before, value) {
    if (GIVEN.includes(name)) this[name] = name === "agreement" || value === null ? value : JSON.parse(value);
    else if (name === "as-of") this.asOf = value;
    else {
      if (name === "shape") this.#view = null;
      this.#fresh = false;
      this.changed();
    }
  }

  #give(name, value) {
    this.#given[name] = value;
    this.#fresh = false;
    if (name === "agreement") this.#compile(value);
    if (name === "clock" || name === "evaluation") this.#receivedAt = pageTime.now();
    this.changed();
  }

  /** Draws; gives the instant of the next picture. */
  tick(now) {
    const { say } = this;
    if (!this.#fresh || now >= this.#good) this.#compute(now);
    this.#draw();
    const stale = this.#clock !== null && now >= this.#good;
    const at = stale ? this.#clock.next : now;
    const face = this.#problem ? "failed" : stale ? "stale" : this.#clock ? faceAt(this.#clock, at) : "none";
    const doubt = stale ? say.words.say("asOf", { t: say.format.when(at, now, true) }) : pageTime.trusted ? "" : say.words.say("unsure");
    const full = this.#view.paint(this.#clock, at, say, doubt);
    this.#say(this.#problem ? String(this.#problem.message) : full, say);
    this.#tellChange(face);
    return this.#clock ? (stale ? now + 60_000 : nextPicture(this.#clock, now)) : Infinity;
  }

  async #compile(agreement) {
    this.#engine = null;
    this.#problem = null;
    try {
      const engine = await agreementOf(agreement);
      if (agreement !== this.#given.agreement) return;
      this.#engine = engine;
    } catch (error) {
      if (agreement === this.#given.agreement) this.#fail(error);
    }
    this.#fresh = false;
    this.changed();
  }

  #compute(now) {
    this.#fresh = true;
    const { clock, evaluation, ticket } = this.#given;
    if (this.#engine && ticket) {
      try {
        const fresh = evaluate(this.#engine, ticket, now);
        this.#problem = null;
        return this.#take(this.#pick(fresh.clocks, now), now, nextEvent(typeof ticket === "string" ? JSON.parse(ticket) : ticket, now));
      } catch (error) {
        this.#fail(error);
      }
    }
    const at = instantOf(this.#asOf ?? this.#receivedAt);
    const found = clock ?? (evaluation ? this.#pick(evaluation.clocks ?? [], at) : null);
    this.#take(found, Number.isFinite(at) ? at : now, Infinity);
  }

  #take(clock, at, event) {
    this.#clock = clock ? reading(clock, at) : null;
    this.#good = this.#clock ? Math.min(this.#clock.next, event) : Infinity;
  }

  #pick(clocks, now) {
    const name = this.getAttribute("metric");
    if (name) return clocks.find((clock) => keyOf(clock) === name || clock.clock === name || clock.metric === name) ?? null;
    return mostUrgent(clocks.map((clock) => reading(clock, now)), now)?.clock.raw ?? null;
  }

  #fail(error) {
    this.#problem = error;
    this.tell("sla-problem", { error });
  }

  #draw() {
    if (this.#view) return;
    this.#view = new ClockView();
    const { element } = this.#view;
    if (this.getAttribute("shape") === "ring") this.#view.useRing();
    element.tabIndex = 0;
    element.role = "timer";
    this.shadowRoot.replaceChildren(element, this.#tip);
  }

  #say(full, { words }) {
    const { element } = this.#view;
    element.dir = words.rtl ? "rtl" : "ltr";
    this.#tip.dir = element.dir;
    element.classList.toggle("rtl", words.rtl);
    setAttr(element, "aria-label", full);
    setText(this.#tip, full);
  }

  #tellChange(face) {
    if (face === this.#face) return;
    const before = this.#face;
    this.#face = face;
    if (before) {
      this.tell("sla-change", { face, before, clock: this.#clock?.raw ?? null });
      if (SPOKEN.has(face)) this.announce(`${this.say.words.clock(this.#clock.key)}: ${this.say.words.say(`state.${face}`)}`);
    }
    if (face === "stale") this.tell("sla-stale", { clock: this.#clock.raw });
  }

  #placeTip() {
    const box = this.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#tip;
    const rtl = this.#tip.dir === "rtl";
    setAttr(this.#tip, "data-end", (rtl ? box.right < offsetWidth : box.left + offsetWidth > innerWidth - 8) ? "" : null);
    setAttr(this.#tip, "data-above", box.bottom + offsetHeight + 8 > innerHeight && box.top > offsetHeight + 8 ? "" : null);
  }
}

define("sla-clock", SlaClock);
